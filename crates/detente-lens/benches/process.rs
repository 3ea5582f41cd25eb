//! How fast a no-deal query of a process is solved, on one thread: states in a ring with an end each, types of a few patiences.

use detente_core::{
    MoveNumbers, NoDealSolution, PartySet, PartyType, Payoffs, PlaceNumbers, ProcessMove,
    ProcessNumbers, ProcessPlace, ProcessSetting, ProcessState, Query, RateNumbers, Setting,
    TypeNumbers, World,
};
use detente_lens::{NO_DEAL_MODELS, Workspace};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// States, at rates that never change.
#[divan::bench(args = [2, 4, 8, 16])]
fn states(bencher: Bencher, states: usize) {
    time(bencher, states, [5, 2], &[], 0.0);
}

/// The month from which one rate of four states changes.
#[divan::bench(args = [6.0, 60.0, 600.0])]
fn dated(bencher: Bencher, month: f64) {
    time(bencher, 4, [5, 2], &[month], 0.0);
}

/// Eight states, fifteen types that share a patience by so many, three dated changes up to month 120.
#[divan::bench(args = [15, 5])]
fn large(bencher: Bencher, alike: usize) {
    time(bencher, 8, [15, alike], &[30.0, 75.0, 120.0], 0.0);
}

/// The same as somebody sees it who over-rates a rate and doubts it.
#[divan::bench(args = [0.0, 0.3])]
fn believed(bencher: Bencher, doubt: f64) {
    time(bencher, 8, [15, 15], &[30.0, 75.0, 120.0], doubt);
}

fn time(bencher: Bencher, states: usize, [types, alike]: [usize; 2], changes: &[f64], doubt: f64) {
    let mut setting = Setting::default();
    let mut world = World::default();
    for t in 0..types {
        setting.types.push(PartyType {
            party: 0,
            id: String::new(),
            name: String::new(),
        });
        world.numbers.types.push(TypeNumbers {
            patience: 0.98 + 0.002 * (t / alike) as f64,
            ..TypeNumbers::default()
        });
    }
    let mut process = ProcessSetting {
        states: vec![ProcessState::default(); states],
        ends: vec![ProcessState::default(); states],
        ..ProcessSetting::default()
    };
    let place = PlaceNumbers {
        worth: vec![0.0; types],
        scar: vec![0.1; types],
    };
    let mut numbers = ProcessNumbers {
        states: vec![place.clone(); states],
        ends: vec![place; states],
        moves: Vec::new(),
    };
    for from in 0..states {
        for to in [
            ProcessPlace::State((from + 1) % states),
            ProcessPlace::End(from),
        ] {
            process.moves.push(ProcessMove {
                id: String::new(),
                name: String::new(),
                from,
                to,
                by: PartySet::default(),
                later: Vec::new(),
            });
            numbers.moves.push(MoveNumbers {
                rate: 0.1,
                later: Vec::new(),
            });
        }
    }
    for (own, month) in numbers.moves.iter_mut().zip(changes) {
        own.later.push(RateNumbers {
            from_month: *month,
            rate: 0.5,
        });
    }
    process.believed = vec![0];
    for own in &mut world.numbers.types {
        own.believes_rates = vec![if doubt > 0.0 { 0.4 } else { 0.0 }];
        own.rate_sds = vec![doubt];
    }
    setting.process = Some(process);
    world.numbers.process.push(numbers);
    let payoffs = Payoffs {
        flows: vec![40.0; types * states],
        ends: vec![60.0; types * states],
        ..Payoffs::default()
    };
    let models = NO_DEAL_MODELS.iter();
    let model = models
        .into_iter()
        .find(|model| model.applies(&setting))
        .expect("a process");
    let query = Query::own(&setting, &world, 0);
    let (mut room, mut solution) = (Workspace::default(), NoDealSolution::default());
    bencher.bench_local(|| {
        model.solve(
            black_box(&setting),
            black_box(&world),
            &query,
            &payoffs,
            &mut room,
            &mut solution,
        );
        solution.values[0]
    });
}
