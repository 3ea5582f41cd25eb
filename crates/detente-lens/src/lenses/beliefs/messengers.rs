//! Is a messenger believed? (Kydd 2003)
//!
//! An observable's number lies at its low or at its high end. Whoever is told replies with what serves it best if it believes
//! the report: to back one of the named packages, which comes about if everybody else whom it needs accepts it, or none, and the
//! fighting goes on. The messenger is believed iff in neither state it would rather have the reply to the other report. Worths are
//! means over a party's types. A messenger whose reports are bent by as much as half the distance between the ends cannot be told
//! apart from one that always says the same, and is not believed.

use detente_core::{INDIFFERENT, Row, Scene};

use super::{BELIEVED, room};

/// What replies are worth in a state: to whoever is told, to the messenger; no package first, then each named one.
struct State {
    told: Vec<f64>,
    messenger: Vec<f64>,
}

pub(super) fn examine(scene: &Scene, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    // A reply is the best of all packages: where only some are weighed, nothing is told.
    if !(0..setting.packages.len()).all(|p| scene.asks(p)) {
        return;
    }
    for (m, messenger) in setting.messengers.iter().enumerate() {
        let seen = &setting.observables[messenger.about];
        if seen.places.is_empty() || seen.ends.iter().any(|x| !x.is_finite()) {
            continue;
        }
        let bent = world.numbers.messengers[m].distortion.abs() >= 1.0;
        let states = seen.ends.map(|end| {
            let world = world.with_numbers_at(&seen.places, end);
            room::with(scene, Some(&world), |there| {
                state(there, messenger.by, messenger.to)
            })
        });
        let [Some(low), Some(high)] = states else {
            continue;
        };
        let believed = !bent && honest(&low, &high);
        row.set(BELIEVED, &[m], f64::from(u8::from(believed)));
    }
}

/// Would the messenger in neither state rather have the reply to the other report?
fn honest(low: &State, high: &State) -> bool {
    let (to_low, to_high) = (best(&low.told), best(&high.told));
    low.messenger[to_low] >= low.messenger[to_high] - INDIFFERENT
        && high.messenger[to_high] >= high.messenger[to_low] - INDIFFERENT
}

/// The first of the greatest.
fn best(worths: &[f64]) -> usize {
    let mut best = 0;
    for (k, worth) in worths.iter().enumerate() {
        if *worth > worths[best] + INDIFFERENT {
            best = k;
        }
    }
    best
}

fn state(scene: &Scene, by: usize, to: usize) -> Option<State> {
    let mut state = State {
        told: Vec::new(),
        messenger: Vec::new(),
    };
    for (party, worths) in [(to, &mut state.told), (by, &mut state.messenger)] {
        let fighting = mean(scene, party, &|t| scene.no_deal_value(t))?;
        worths.push(fighting);
        for package in &scene.setting.packages {
            // Whoever is told backs a package or not; only its hard red lines stand in its way.
            let mut agree = 1.0;
            for other in package.needed.iter() {
                agree *= mean(scene, other, &|t| {
                    let stand = scene.stand(t, &package.choice)?;
                    let accepts = stand.accepts() || other == to && !stand.crossed;
                    Some(f64::from(u8::from(accepts)))
                })?;
            }
            let deal = mean(scene, party, &|t| Some(scene.deal(t, &package.choice)))?;
            worths.push(agree * deal + (1.0 - agree) * fighting);
        }
    }
    Some(state)
}

/// The mean of something over a party's types.
fn mean(scene: &Scene, party: usize, of: &dyn Fn(usize) -> Option<f64>) -> Option<f64> {
    let mut sum = 0.0;
    for t in scene.setting.parties[party].types.clone() {
        sum += scene.world.numbers.types[t].prior * of(t)?;
    }
    Some(sum)
}
