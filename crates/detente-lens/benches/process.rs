//! How fast a no-deal query of a process is solved, on one thread: states in a ring with an end each, five types of three patiences.

use detente_core::{
    MoveNumbers, NoDealSolution, PartyType, Payoffs, PlaceNumbers, ProcessMove, ProcessNumbers,
    ProcessPlace, ProcessSetting, ProcessState, Query, RateNumbers, Setting, TypeNumbers, World,
};
use detente_lens::{NO_DEAL_MODELS, Workspace};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// States, at rates that never change.
#[divan::bench(args = [2, 4, 8, 16])]
fn states(bencher: Bencher, states: usize) {
    time(bencher, states, None);
}

/// The month from which one rate of four states changes.
#[divan::bench(args = [6.0, 60.0, 600.0])]
fn dated(bencher: Bencher, month: f64) {
    time(bencher, 4, Some(month));
}

fn time(bencher: Bencher, states: usize, change: Option<f64>) {
    const TYPES: usize = 5;
    let mut setting = Setting::default();
    let mut world = World::default();
    for t in 0..TYPES {
        setting.types.push(PartyType {
            party: 0,
            id: String::new(),
            name: String::new(),
        });
        world.numbers.types.push(TypeNumbers {
            patience: 0.98 + 0.002 * (t / 2) as f64,
            ..TypeNumbers::default()
        });
    }
    let mut process = ProcessSetting {
        states: vec![ProcessState::default(); states],
        ends: vec![ProcessState::default(); states],
        ..ProcessSetting::default()
    };
    let place = PlaceNumbers {
        worth: vec![0.0; TYPES],
        scar: vec![0.1; TYPES],
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
                later: Vec::new(),
            });
            numbers.moves.push(MoveNumbers {
                rate: 0.1,
                later: Vec::new(),
            });
        }
    }
    numbers.moves[0].later = change
        .map(|from_month| RateNumbers {
            from_month,
            rate: 0.5,
        })
        .into_iter()
        .collect();
    setting.process = Some(process);
    world.numbers.process.push(numbers);
    let payoffs = Payoffs {
        flows: vec![40.0; TYPES * states],
        ends: vec![60.0; TYPES * states],
        ..Payoffs::default()
    };
    let models = NO_DEAL_MODELS.iter();
    let model = models
        .into_iter()
        .find(|model| model.applies(&setting))
        .expect("a process");
    let query = Query::analyst(&setting, &world);
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
