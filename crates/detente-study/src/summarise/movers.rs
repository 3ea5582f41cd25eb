//! What decides the answer that a report leads with.

use detente_core::catalogue;
use detente_evidence::{Answer, Headline, Movers, Settlement};

use crate::run::Table;
use crate::sensitivity::{Draws, is_constant};

pub(super) fn headline_movers(
    (draws, headline): (&Draws, Headline),
    table: &Table,
    settlement: &Settlement,
) -> Movers {
    let decide = |of: Answer, answer: &[f64]| Movers {
        of,
        types: within_worlds(answer),
        of_peace: false,
        moving: draws.movers(answer),
    };
    // The package that the report leads with if it is in doubt, since every world tells of it; else the zone if that is, of which
    // searched worlds alone tell.
    let in_doubt = |share: f64| (0.05..=0.95).contains(&share);
    let package = settlement.leading();
    let settled = package.is_none_or(|p| !in_doubt(settlement.packages[p].headline().value));
    if settled
        && settlement
            .zone
            .as_ref()
            .is_some_and(|zone| in_doubt(zone.open.value))
    {
        let answer: Vec<f64> = table.column(catalogue::settlement::ZONE, &[]).collect();
        return decide(Answer::AnyPackage, &answer);
    }
    let Some(p) = package else {
        return Movers::default();
    };
    let answer: Vec<f64> = table.column(headline.quantity(), &[p]).collect();
    Movers {
        of_peace: headline.kept_months.is_some(),
        ..decide(Answer::Leading, &answer)
    }
}

/// For chances of a yes or no, one a world: the share of its variance that lies within worlds, in the types.
fn within_worlds(chances: &[f64]) -> f64 {
    let known = || chances.iter().filter(|p| !p.is_nan());
    let n = known().count() as f64;
    let mean = known().sum::<f64>() / n;
    let all = mean * (1.0 - mean);
    // What is certain up to rounding is not uncertain in any way.
    if n < 1.0 || all <= 1e-12 {
        return 0.0;
    }
    if is_constant(&known().copied().collect::<Vec<_>>()) {
        return 1.0;
    }
    let between = known().map(|p| (p - mean) * (p - mean)).sum::<f64>() / n;
    (1.0 - between / all).clamp(0.0, 1.0)
}
