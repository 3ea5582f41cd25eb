//! What the contest's states are worth to every type.

use detente_core::{Fate, Payoffs};

use crate::States;

/// Fills the payoffs: endings as deals that came about in their way; the unsettled state as nobody's deal, so that no red line
/// is crossed by living in it.
pub(super) fn value(states: &States, package: &mut Vec<u8>, payoffs: &mut Payoffs) {
    let States {
        setting,
        world,
        preferences,
        deal_value,
    } = *states;
    let Some(contest) = &setting.contest else {
        return;
    };
    let positions = &world.numbers.positions;
    payoffs.knots.clear();
    payoffs
        .knots
        .extend(positions.iter().filter(|p| !p.is_nan()));
    payoffs.knots.sort_by(f64::total_cmp);
    payoffs.knots.dedup();
    for list in [
        &mut payoffs.unsettled,
        &mut payoffs.armistice,
        &mut payoffs.a_decisive,
        &mut payoffs.b_decisive,
        &mut payoffs.escalation,
        &mut payoffs.burden,
    ] {
        list.clear();
    }
    for t in 0..setting.types.len() {
        for knot in &payoffs.knots {
            let line = positions
                .iter()
                .position(|p| p == knot)
                .expect("a knot is an option's position");
            let option = u8::try_from(line).expect("at most 64 options an issue");
            package.clone_from(&contest.unsettled);
            package[contest.line_issue] = option;
            let leader = deal_value.unsettled_term(setting, world, t, line);
            payoffs
                .unsettled
                .push(preferences.worth(setting, t, package) + leader);
            package.clone_from(&contest.armistice);
            package[contest.line_issue] = option;
            payoffs
                .armistice
                .push(states.deal(t, package, &[Fate::Armistice]));
        }
        let dictated = [Fate::ADecisive, Fate::BDecisive].map(|fate| [fate, Fate::Imposed]);
        let a = states.deal(t, &contest.a_decisive, &dictated[0]);
        let b = states.deal(t, &contest.b_decisive, &dictated[1]);
        payoffs.a_decisive.push(a);
        payoffs.b_decisive.push(b);
        payoffs.escalation.push(deal_value.escalation(world, t));
        payoffs.burden.push(world.numbers.types[t].burden);
    }
}
