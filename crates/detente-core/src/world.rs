//! All numbers of a case, as one shape over any kind of number: `Numbers<f64>` is a drawn world, `Numbers<Id>` says which
//! input each of them comes from.

use crate::{Setting, Side};

/// One draw of all uncertain numbers of a case. Types are enumerated, not drawn: every type's numbers are here.
#[derive(Debug, Default, PartialEq)]
pub struct World {
    /// Index of the world in its stream.
    pub index: u64,
    /// The numbers, shares and priors normalised.
    pub numbers: Numbers<f64>,
    /// Answers that are given instead of computed: an intervention on a quantity replaces it here and downstream.
    pub fixed: Vec<Fixed>,
}

/// An entry of a quantity that is given instead of computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fixed {
    /// Identifier of the lens.
    pub lens: &'static str,
    /// Identifier of the quantity.
    pub quantity: &'static str,
    /// Which entry.
    pub index: Vec<usize>,
    /// Its value.
    pub value: f64,
}

impl Clone for World {
    fn clone(&self) -> Self {
        Self {
            index: self.index,
            numbers: self.numbers.clone(),
            fixed: self.fixed.clone(),
        }
    }

    /// Keeps the room that there is.
    fn clone_from(&mut self, other: &Self) {
        self.index = other.index;
        self.numbers.clone_from(&other.numbers);
        self.fixed.clone_from(&other.fixed);
    }
}

impl World {
    /// The world with the numbers at these places (in the order in which [`Numbers::map`] visits them) set to `to`.
    #[must_use]
    pub fn with_numbers_at(&self, places: &[usize], to: f64) -> Self {
        let mut place = 0;
        let numbers = self.numbers.map(&mut |x| {
            let here = places.contains(&place);
            place += 1;
            if here { to } else { *x }
        });
        Self {
            numbers,
            ..self.clone()
        }
    }

    /// p: what type `t` believes the chance of type `other` to be; the common prior where nothing else is said.
    pub fn believed(&self, t: usize, other: usize) -> f64 {
        let about = self.numbers.types[t].about.get(other);
        about.copied().unwrap_or(self.numbers.types[other].prior)
    }

    /// The value that is given for an entry of a quantity, if one is; of several the last.
    pub fn fixed(&self, lens: &str, quantity: &str, index: &[usize]) -> Option<f64> {
        let given = |f: &&Fixed| f.lens == lens && f.quantity == quantity && f.index == index;
        self.fixed.iter().rev().find(given).map(|f| f.value)
    }
}

/// Defines a shape of numbers with `map` (make another of the same shape) and `fill` (overwrite in place from one).
macro_rules! shapes {
    ($($(#[$doc:meta])* $Name:ident {
        $($(#[$sdoc:meta])* $scalar:ident,)*
        ; $($(#[$ldoc:meta])* $list:ident,)*
        ; $($(#[$ndoc:meta])* $nested:ident: $Nested:ident,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, PartialEq)]
        pub struct $Name<N> {
            $($(#[$sdoc])* pub $scalar: N,)*
            $($(#[$ldoc])* pub $list: Vec<N>,)*
            $($(#[$ndoc])* pub $nested: Vec<$Nested<N>>,)*
        }

        impl<N: Clone> Clone for $Name<N> {
            fn clone(&self) -> Self {
                self.map(&mut N::clone)
            }

            /// Keeps the room that there is.
            fn clone_from(&mut self, other: &Self) {
                $(self.$scalar.clone_from(&other.$scalar);)*
                $(self.$list.clone_from(&other.$list);)*
                $(self.$nested.clone_from(&other.$nested);)*
            }
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
        /// The process: one, or none.
        process: ProcessNumbers,
        /// By lever.
        levers: LeverNumbers,
        /// By `Setting::features`.
        features: FeatureNumbers,
        /// By gate.
        gates: GateNumbers,
        /// How choices are made: one.
        behaviour: BehaviourNumbers,
        /// By `Setting::refusals`.
        refusals: RefusalNumbers,
        /// What may follow a deal: one, or none.
        durability: DurabilityNumbers,
        /// By `Setting::turnovers`.
        turnovers: TurnoverNumbers,
        /// By observable.
        observables: ObservableNumbers,
        /// By messenger.
        messengers: MessengerNumbers,
        /// Of the talks: one, or none.
        talks: TalksNumbers,
    }

    /// Numbers of the talks.
    TalksNumbers {
        ;
        /// By type: points, as a flow, that waiting is worth while talks last; NaN where the account of no deal says.
        meanwhile,
        /// By type: chance that the news between two rounds comes; NaN where it tells nothing of the type.
        news,
        ;
    }

    /// How choices are made.
    BehaviourNumbers {
        /// s: points of incentive that choosing is blurred by.
        noise,
        /// λ: precision of play in the talks, per point.
        precision,
        ; ;
    }

    /// What follows if others settle and a party refuses.
    RefusalNumbers {
        /// Line units that it may lose within 24 months and still be said to hold; NaN where the case does not say.
        line_loss,
        /// Months without an opponent's decisive ending after which it is said to have endured.
        endures,
        /// v*: the [chance](crate::asks::COMPELLED_BAR_IS) above which it counts as an effective veto player.
        compelled_bar,
        ;
        /// Points, signed, from harm to an alliance, to each party of `Refusal::crack`.
        crack,
        ;
    }

    /// What may follow a deal.
    DurabilityNumbers {
        /// Rate a month at which deals of this kind break down into war.
        background,
        /// bg: what a full guarantee adds to the log of that rate.
        guarantee,
        /// bv: what full verification adds.
        verification,
        /// bz: what full separation of forces adds.
        separation,
        /// bp: what an imposed deal adds in the long run.
        imposed,
        /// bm: what mediation takes off at first.
        mediated,
        /// tm: months over which the two last take hold or fade.
        fades,
        /// Months without a breakdown after which a deal counts as kept.
        kept_months,
        /// Mean guarantee of the deals that the rate was counted on.
        mean_guarantee,
        /// Mean verification of those deals.
        mean_verification,
        /// Mean separation of those deals.
        mean_separation,
        ;
        /// By side: months in which it refills its forces.
        rebuild,
        /// By side: where its forces end up, today's full rate = 1.
        force,
        /// By definition of failure: rate a month.
        failures,
        /// By base rate: share of the reference class.
        base_shares,
        /// By base rate: within how many years.
        base_years,
        /// By target: points that attacking it is worth to its attacker above peace.
        targets,
        ;
    }

    /// A leader's succession.
    TurnoverNumbers {
        ;
        /// Probability of each type of the party's successor, type by type.
        prior,
        ;
    }

    /// What could be watched.
    ObservableNumbers {
        /// Standard deviation of what is seen, as a share of the number's own spread.
        noise,
        ; ;
    }

    /// A channel of reports.
    MessengerNumbers {
        /// How far reports are bent, in spreads of the number.
        distortion,
        ; ;
    }

    /// A feature of an option.
    FeatureNumbers {
        /// How much of it the option is; in the unit of what it is.
        size,
        ; ;
    }

    /// Numbers of a gate.
    GateNumbers {
        /// Switch: 1 stands, 0 not.
        on,
        /// α: support for the status quo, as log odds.
        base,
        /// What divides the log odds.
        scale,
        /// Probability below which the gate is counted as likely to block; what is in force takes the probability itself.
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
        /// κ: points that breaking a deal costs.
        renege_cost,
        /// η: how fully it updates on monthly news; 1 is by Bayes' rule.
        learning_rate,
        /// Line units a month by which news is bent before it arrives.
        news_bias,
        /// Standard deviation of its belief about the edge, as far as news can move it; its own doubt where not stated.
        open_to_news,
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
        /// What it believes the chance of every type of every party to be; those of a party sum to 1.
        about,
        /// Offset of the log of a rate of the process in its own belief, by `ProcessSetting::believed`.
        believes_rates,
        /// Standard deviation of its own doubt about the log of the same.
        rate_sds,
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

    /// Numbers of the process.
    ProcessNumbers {
        ; ;
        /// By state.
        states: PlaceNumbers,
        /// By end.
        ends: PlaceNumbers,
        /// By move.
        moves: MoveNumbers,
    }

    /// What a state or an end of the process is worth.
    PlaceNumbers {
        ;
        /// By type: points, of a state as a flow; NaN where it is worth what the package is that it is like.
        worth,
        /// By type: points lost for good with every month in the state; empty for an end.
        scar,
        ;
    }

    /// Numbers of a move.
    MoveNumbers {
        /// Rate a month.
        rate,
        ; ;
        /// Rates that take its place later.
        later: RateNumbers,
    }

    /// A rate from a month on.
    RateNumbers {
        /// The first month of it.
        from_month,
        /// Rate a month.
        rate,
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
        /// χ: points to the wielder if it was announced and is not pulled.
        audience_cost,
        /// c: chance that it is pulled, assumed by the analyst; NaN: derived from its wielder's incentive.
        credibility,
        /// Months for which a promise pays by the month; NaN: for good.
        lasts,
        ;
        /// What its targets are set to.
        sets,
        /// Chance that each type of `Lever::announcing` announces it.
        announces,
        /// Points a month, as a flow, to each of the parties that bear it while it runs.
        flow_costs,
        /// Points, once, to each party that a promise pays.
        pays,
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
        for t in &mut self.numbers.types {
            for party in &setting.parties {
                if let Some(about) = t.about.get_mut(party.types.clone()) {
                    normalise(about, |p| p, |_| true);
                }
            }
        }
        for (turnover, numbers) in setting.turnovers.iter().zip(&mut self.numbers.turnovers) {
            debug_assert_eq!(
                setting.parties[turnover.party].types.len(),
                numbers.prior.len()
            );
            normalise(&mut numbers.prior, |p| p, |_| true);
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
