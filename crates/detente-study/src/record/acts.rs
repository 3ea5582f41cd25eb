//! How likely each type of a party was to do what is on record.

use detente_case::{Act, Tells};
use detente_core::catalogue::{leverage, settlement};
use detente_core::{Setting, World};
use detente_math::logit_choice;

use crate::run::{Scope, Table};

/// Chance that a choice was not what it seems: a slip, a misreport. It keeps an act that the model holds to be impossible from ruling out
/// every world.
pub(crate) const LAPSE: f64 = 0.01;
/// What choosing is blurred by in a world without any behaviour: none that a checked case draws.
const NOISE: f64 = 0.5;

/// Adds what must be worked out to weigh an act.
pub(super) fn asks(act: &Act, setting: &Setting, scope: &mut Scope) {
    let types = || setting.parties[act.by].types.clone();
    let mut judged = |package: usize| {
        for t in types() {
            scope.add_handle(settlement::MARGIN, &[t, package]);
            scope.add_handle(settlement::CROSSED, &[t, package]);
        }
    };
    match &act.tells {
        Tells::Accepted(package) => judged(*package),
        Tells::Refused(package, countered) => {
            judged(*package);
            if let Some(other) = countered {
                judged(*other);
            }
        }
        Tells::Pulled(lever) | Tells::Withheld(lever) => {
            types().for_each(|t| scope.add_handle(leverage::INCENTIVE, &[*lever, t]));
        }
        Tells::Announced(_) | Tells::Stated(_) | Tells::Nothing => {}
    }
}

/// A world before its acts are weighed: what was drawn, and what the lenses told of it, by table and row, if anything had to be told.
pub(super) struct Seen<'a> {
    pub(super) setting: &'a Setting,
    pub(super) world: &'a World,
    /// Every input as drawn.
    pub(super) values: &'a [f64],
    pub(super) told: Option<(&'a Table, usize)>,
}

/// How likely each type of the act's party was to do it, in the order of its types; 1 where the lenses were silent. Stated likelihoods are
/// relative to the mean of the party's types, since only their ratios mean anything.
pub(super) fn likelihoods(act: &Act, seen: &Seen) -> Vec<f64> {
    let types = seen.setting.parties[act.by].types.clone();
    let noise = act.noise.map_or_else(
        || {
            let behaviour = seen.world.numbers.behaviour.first();
            behaviour.map_or(NOISE, |b| b.noise)
        },
        |id| seen.values[id.0 as usize],
    );
    let chooses = |lead: f64| logit_choice(lead, noise);
    // A choice of one of two, as it is seen.
    let as_seen = |chance: f64| LAPSE + (1.0 - 2.0 * LAPSE) * chance;
    let told = |of, index: &[usize]| {
        seen.told.map_or(f64::NAN, |(table, row)| {
            table.at(row, table.layout.column(of, index))
        })
    };
    let margin = |t: usize, package: usize| {
        let crossed = told(settlement::CROSSED, &[t, package]);
        if crossed > 0.0 {
            f64::NEG_INFINITY
        } else {
            told(settlement::MARGIN, &[t, package])
        }
    };
    let of_type = |t: usize| -> f64 {
        match &act.tells {
            Tells::Nothing => 1.0,
            Tells::Stated(likelihood) => {
                let own = likelihood.iter().find(|(of, _)| *of == t);
                own.map_or(f64::NAN, |(_, id)| seen.values[id.0 as usize])
            }
            Tells::Accepted(package) => as_seen(chooses(margin(t, *package))),
            Tells::Refused(package, None) => as_seen(chooses(-margin(t, *package))),
            Tells::Refused(package, Some(other)) => {
                let (offered, asked) = (margin(t, *package), margin(t, *other));
                // The other is asked for instead of the better of the first and no deal.
                let instead = if asked == f64::NEG_INFINITY {
                    asked
                } else {
                    asked - offered.max(0.0)
                };
                as_seen(chooses(-offered)) * as_seen(chooses(instead))
            }
            Tells::Pulled(lever) => as_seen(chooses(told(leverage::INCENTIVE, &[*lever, t]))),
            Tells::Withheld(lever) => as_seen(chooses(-told(leverage::INCENTIVE, &[*lever, t]))),
            Tells::Announced(lever) => {
                let announcing = seen.setting.levers[*lever].announcing.iter();
                let place = announcing.clone().position(|of| *of == t);
                let chances = &seen.world.numbers.levers[*lever].announces;
                as_seen(place.map_or(0.0, |place| chances[place]))
            }
        }
    };
    let mut all: Vec<f64> = types.map(of_type).collect();
    if all.iter().any(|x| x.is_nan()) {
        all.fill(1.0);
    } else if let Tells::Stated(_) = act.tells {
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        for x in &mut all {
            *x /= mean;
        }
    }
    all
}
