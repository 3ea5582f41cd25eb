//! All numbers of a case, as one shape over any kind of number: `Numbers<f64>` is a drawn world, `Numbers<Id>` says which
//! input each of them comes from.

use crate::{Setting, Side};

/// One draw of all uncertain numbers of a case. Types are enumerated, not drawn: every type's numbers are here.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Index of the world in its stream.
    pub index: u64,
    /// The numbers, shares and priors normalised.
    pub numbers: Numbers<f64>,
}

/// Defines a shape of numbers with `map` (make another of the same shape) and `fill` (overwrite in place from one).
macro_rules! shapes {
    ($($(#[$doc:meta])* $Name:ident {
        $($(#[$sdoc:meta])* $scalar:ident,)*
        ; $($(#[$ldoc:meta])* $list:ident,)*
        ; $($(#[$ndoc:meta])* $nested:ident: $Nested:ident,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $Name<N> {
            $($(#[$sdoc])* pub $scalar: N,)*
            $($(#[$ldoc])* pub $list: Vec<N>,)*
            $($(#[$ndoc])* pub $nested: Vec<$Nested<N>>,)*
        }

        impl<N> $Name<N> {
            /// The same shape with `f` applied to every number.
            pub fn map<M>(&self, f: &mut impl FnMut(&N) -> M) -> $Name<M> {
                $Name {
                    $($scalar: f(&self.$scalar),)*
                    $($list: self.$list.iter().map(&mut *f).collect(),)*
                    $($nested: self.$nested.iter().map(|x| x.map(f)).collect(),)*
                }
            }

            /// Overwrites every number with `f` of its counterpart in `other`, which has the same shape. Allocates nothing.
            pub fn fill<M>(&mut self, other: &$Name<M>, f: &mut impl FnMut(&M) -> N) {
                $(self.$scalar = f(&other.$scalar);)*
                $(for (to, from) in self.$list.iter_mut().zip(&other.$list) { *to = f(from); })*
                $(for (to, from) in self.$nested.iter_mut().zip(&other.$nested) { to.fill(from, f); })*
            }
        }
    )*};
}

shapes! {
    /// Every number of a case.
    Numbers {
        ;
        /// Position of each option of the line issue, in line units; NaN for an option without one.
        positions,
        ;
        /// By type, party by party.
        types: TypeNumbers,
        /// By red line.
        red_lines: RedLineNumbers,
        /// The contest: one, or none.
        contest: ContestNumbers,
        /// The lottery: one, or none.
        lottery: LotteryNumbers,
        /// By lever.
        levers: LeverNumbers,
        /// By gate.
        gates: GateNumbers,
    }

    /// Numbers of a gate.
    GateNumbers {
        /// Switch: 1 stands, 0 not.
        on,
        /// α: support for the status quo, as log odds.
        base,
        /// What divides the log odds.
        scale,
        /// Probability below which the gate blocks.
        bar,
        ;
        /// β of each of its options.
        effects,
        ;
    }

    /// Numbers of one type of a party.
    TypeNumbers {
        /// Prior probability of the type; those of a party sum to 1.
        prior,
        /// Discount factor a month.
        patience,
        /// Points a month while the contest lasts, as a flow.
        burden,
        /// Points lost for good with every month fought.
        scar,
        /// Points below zero that an escalation is worth.
        escalation_cost,
        /// Offset of its own belief about the edge.
        believes_edge,
        /// Offset of the log of the escalation hazard in its own belief.
        believes_escalation,
        /// Offset of the log odds of the lottery's chance in its own belief.
        believes_chance,
        /// Standard deviation of its own doubt about the edge.
        own_sd,
        /// Points that no deal is worth, where the analyst states it outright.
        reservation,
        /// Points that fighting a lottery out costs.
        fighting_cost,
        /// Points above no deal that a package must be worth.
        aspiration,
        /// O: points that losing office costs the leader.
        office,
        /// Points that the best legacy is worth to the leader.
        legacy,
        ;
        /// Weight by issue, any scale.
        weights,
        /// Value in [0, 1] by option, issue by issue.
        values,
        /// Worth of each of the party's interactions, on the scale of the weights.
        interactions,
        /// By [`Fate`](crate::Fate): share of the legacy term in [-1, 1], then chance of losing office; empty without a leader.
        fates,
        ;
    }

    /// Numbers of the lottery.
    LotteryNumbers {
        /// Chance that side A wins.
        chance,
        ; ;
    }

    /// Numbers of a red line.
    RedLineNumbers {
        /// Switch: 1 drawn, 0 not.
        on,
        /// Points that crossing a soft one costs.
        penalty,
        ; ;
    }

    /// Numbers of the contest.
    ContestNumbers {
        /// m0: log ratio of A's effort over B's at today's rates.
        edge,
        /// γ: line units a month per unit of edge.
        pace,
        /// σ: line units, one month's standard deviation.
        volatility,
        /// x0: the line today.
        start,
        /// h0: hazard a month of a decisive ending, each side, at an even edge.
        decisive,
        /// h1: how fast it rises with the edge.
        decisive_slope,
        /// hn: hazard a month of an armistice that is not from these talks.
        other_end,
        /// esc0: hazard a month of escalation.
        escalation,
        /// esc1: how fast it rises as the weapon's holder falls behind.
        escalation_slope,
        ; ;
        /// By nest.
        nests: NestNumbers,
        /// By contribution.
        supplies: SupplyNumbers,
        /// Of side A, then of side B.
        capacities: CapacityNumbers,
    }

    /// Numbers of a nest.
    NestNumbers {
        /// ω: exponent; those of a side sum to 1.
        weight,
        /// ρ: CES exponent.
        substitution,
        ; ;
    }

    /// Numbers of a contribution.
    SupplyNumbers {
        /// s: share of the nest; they sum to 1.
        share,
        /// f: rate, 1 = today's.
        level,
        /// B: months that stocks delay a cut.
        buffer,
        /// R: months over which a change takes hold.
        ramp,
        ; ;
    }

    /// A side's depletion.
    CapacityNumbers {
        /// τ: month at which capacity starts to fall.
        from_month,
        /// Where it ends, six months later.
        low,
        ; ;
    }

    /// Numbers of a lever.
    LeverNumbers {
        /// Switch: 1 on, 0 off.
        on,
        /// Months before its effects.
        delay,
        /// κ: points to the wielder.
        cost,
        /// esc: added to the log of the escalation hazard while it runs.
        escalation,
        ;
        /// What its targets are set to.
        sets,
        /// Points a month, as a flow, to each of the parties that bear it while it runs.
        flow_costs,
        ;
    }
}

impl World {
    /// Makes priors, shares and nest weights sum to one, each in its group.
    pub fn normalise(&mut self, setting: &Setting) {
        for party in &setting.parties {
            let types = &mut self.numbers.types[party.types.clone()];
            normalise(types, |t| &mut t.prior, |_| true);
        }
        let (Some(contest), Some(numbers)) = (&setting.contest, self.numbers.contest.first_mut())
        else {
            return;
        };
        for side in [Side::A, Side::B] {
            normalise(
                &mut numbers.nests,
                |n| &mut n.weight,
                |i| contest.nests[i].side == side,
            );
        }
        for nest in 0..contest.nests.len() {
            normalise(
                &mut numbers.supplies,
                |s| &mut s.share,
                |i| contest.supplies[i].nest == nest,
            );
        }
    }
}

fn normalise<T>(
    items: &mut [T],
    number: impl Fn(&mut T) -> &mut f64,
    belongs: impl Fn(usize) -> bool,
) {
    let mut sum = 0.0;
    for (i, item) in items.iter_mut().enumerate() {
        if belongs(i) {
            sum += *number(item);
        }
    }
    if sum > 0.0 {
        for (i, item) in items.iter_mut().enumerate() {
            if belongs(i) {
                *number(item) /= sum;
            }
        }
    }
}
