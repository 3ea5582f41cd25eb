//! War as a costly lottery (Fearon 1995): side A wins with some chance, side B otherwise, and fighting it out costs each party
//! something whoever wins. V = p·D(A wins) + (1 − p)·D(B wins) − c, at the party's own p.

use detente_core::{Fate, NoDealSolution, Payoffs, Query, Setting, Target, World};

use crate::pulled;
use crate::{NoDeal, States, Workspace};

/// The `lottery` no-deal model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lottery;

impl NoDeal for Lottery {
    fn id(&self) -> &'static str {
        "lottery"
    }

    fn applies(&self, setting: &Setting) -> bool {
        setting.lottery.is_some()
    }

    fn value_states(&self, states: &States, _: &mut Vec<u8>, payoffs: &mut Payoffs) {
        let Some(lottery) = &states.setting.lottery else {
            return;
        };
        payoffs.a_decisive.clear();
        payoffs.b_decisive.clear();
        for t in 0..states.setting.types.len() {
            let won = |package: &[u8], fate| states.deal(t, package, &[fate, Fate::Imposed]);
            payoffs
                .a_decisive
                .push(won(&lottery.a_wins, Fate::ADecisive));
            payoffs
                .b_decisive
                .push(won(&lottery.b_wins, Fate::BDecisive));
        }
    }

    fn solve(
        &self,
        setting: &Setting,
        world: &World,
        query: &Query,
        payoffs: &Payoffs,
        _: &mut Workspace,
        solution: &mut NoDealSolution,
    ) {
        solution.empty(&NoDealSolution::default());
        let Some(numbers) = world.numbers.lottery.first() else {
            return;
        };
        let set = |target| pulled::set(setting, world, query.levers, target);
        let chance = set(Target::LotteryChance).unwrap_or(numbers.chance);
        let chance = believed(chance, query.beliefs.own().chance);
        let types = world.numbers.types.iter().enumerate();
        solution.values.extend(types.map(|(t, own)| {
            chance * payoffs.a_decisive[t] + (1.0 - chance) * payoffs.b_decisive[t]
                - set(Target::FightingCost(t)).unwrap_or(own.fighting_cost)
        }));
    }
}

/// A chance with its log odds moved.
pub(crate) fn believed(chance: f64, offset: f64) -> f64 {
    if offset == 0.0 || chance <= 0.0 || chance >= 1.0 {
        return chance;
    }
    let odds = libm::log(chance / (1.0 - chance)) + offset;
    1.0 / (1.0 + libm::exp(-odds))
}

#[cfg(test)]
mod tests {
    use super::{Lottery, believed};
    use crate::{NoDeal, Workspace};
    use detente_core::{
        Beliefs, LeverProfile, LotteryNumbers, NoDealSolution, Numbers, OwnBeliefs, Payoffs, Query,
        Setting, TypeNumbers, TypeSet, World,
    };

    /// Fearon (1995): p = .6 and costs .10 and .15 of a pie of 1 leave the range [.50, .75], with the Nash point at .625.
    #[test]
    fn fearons_bargaining_range() {
        let cost = |fighting_cost| TypeNumbers {
            fighting_cost,
            ..TypeNumbers::default()
        };
        let world = World {
            index: 0,
            numbers: Numbers {
                types: vec![cost(10.0), cost(15.0)],
                lottery: vec![LotteryNumbers { chance: 0.6 }],
                ..Numbers::default()
            },
            ..World::default()
        };
        let payoffs = Payoffs {
            a_decisive: vec![100.0, 0.0],
            b_decisive: vec![0.0, 100.0],
            ..Payoffs::default()
        };
        let values = |beliefs| {
            let query = Query {
                levers: LeverProfile::default(),
                beliefs,
                start_line: None,
                state: None,
                types: TypeSet::ALL,
                talks: None,
            };
            let mut solution = NoDealSolution::default();
            let mut room = Workspace::default();
            let setting = Setting::default();
            Lottery.solve(&setting, &world, &query, &payoffs, &mut room, &mut solution);
            solution.values
        };
        let common = values(Beliefs::Analyst);
        assert!((common[0] - 50.0).abs() < 1e-12 && (common[1] - 25.0).abs() < 1e-12);
        let range = (common[0] / 100.0, 1.0 - common[1] / 100.0);
        assert!((0.5 * (range.0 + range.1) - 0.625).abs() < 1e-12);
        // Mutual optimism: each with log odds a little better than they are closes the range.
        let own = |chance| {
            values(Beliefs::Own(OwnBeliefs {
                chance,
                ..OwnBeliefs::default()
            }))
        };
        let (a, b) = (own(0.8)[0], own(-0.8)[1]);
        assert!(a + b > 100.0, "{a} {b}");
    }

    #[test]
    fn beliefs_move_odds_and_never_leave_the_bounds() {
        assert_eq!(believed(0.3, 0.0), 0.3);
        assert!((believed(0.5, 1.0) - 1.0 / (1.0 + libm::exp(-1.0))).abs() < 1e-15);
        assert_eq!((believed(0.0, 9.0), believed(1.0, -9.0)), (0.0, 1.0));
        assert!(believed(0.9, 800.0) <= 1.0 && believed(0.1, -800.0) >= 0.0);
    }
}
