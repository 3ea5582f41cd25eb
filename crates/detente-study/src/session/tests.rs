use detente_case::{Case, Draw, InputId, Overrides};
use detente_core::catalogue::{self, settlement};
use detente_evidence::RunOptions;
use detente_math::{Distribution, Sampler, Stream};

use super::{Ask, Session, reaches};
use crate::run::{Ignored, run};

const STREAM: Stream = Stream {
    sampler: Sampler::Quasi,
    seed: 1,
};

/// Its named packages.
const ALL: [usize; 4] = [0, 1, 2, 3];

fn first_case() -> Case {
    let text = include_str!("../../../../cases/first-case/case.toml").to_owned()
        + "\n[durability]\nbackground = \"0.002 to 0.006\"\n\
           [party.south.refusal]\nsays = \"It fights on.\"\nline_loss = \"5 to 20\"\ncrack = { mediator = \"-3 to -1\" }\n\
           [observable.losses]\nsays = \"A count of losses.\"\nabout = \"contest.edge\"\nnoise = \"0.2 to 0.4\"\n\
           [messenger.envoy]\nby = \"mediator\"\nto = \"north\"\nabout = \"losses\"\nsays = \"An envoy tells.\"\ndistortion = \"-0.2 to 0.2\"\n";
    let checked = crate::check("case.toml", &text);
    checked.case.expect("a case without faults")
}

fn place(case: &Case, path: &str) -> InputId {
    let mut inputs = case.inputs.iter();
    let place = inputs.position(|input| input.path == path);
    InputId::from_index(place.expect("an input"))
}

fn exactly(input: InputId, to: f64) -> Overrides {
    Overrides {
        replaced: vec![(input, Distribution::Exact(to))],
        ..Overrides::default()
    }
}

/// Whatever moves a cell is said to reach it, input by input, in a case that has all kinds of which it is said that they do not.
#[test]
fn what_is_said_to_reach_nothing_moves_nothing() {
    let case = first_case();
    let plan = detente_case::Plan::new(&case);
    let options = RunOptions {
        stream: STREAM,
        worlds: 4,
        searches: 2,
        solutions: 1,
        ..RunOptions::default()
    };
    let before = run(&plan, &Overrides::default(), options, &Ignored);
    let (mut tried, mut moved) = (0, 0);
    for (i, input) in case.inputs.iter().enumerate() {
        let all = || catalogue::LENSES.iter().flat_map(|spec| spec.handles());
        let Draw::Own(draw) = &input.draw else {
            continue;
        };
        if all().all(|of| reaches(&input.path, of)) {
            continue;
        }
        tried += 1;
        let to = match draw.exact() {
            Some(1.0) if input.unit == "switch" => 0.0,
            Some(x) => x * 1.1,
            None => draw.quantile(0.97),
        };
        let after = run(
            &plan,
            &exactly(InputId::from_index(i), to),
            options,
            &Ignored,
        );
        for of in all() {
            let told = |table: &crate::run::Table| -> Vec<u64> {
                let specs = catalogue::LENSES.iter();
                let spec = specs.clone().find(|spec| spec.id == of.lens);
                let dimensions = spec.expect("a lens").quantities[of.place].dimensions;
                let sizes: Vec<usize> = dimensions.iter().map(|d| d.size(&case.setting)).collect();
                if sizes.contains(&0) {
                    return Vec::new();
                }
                let first = table.layout.column(of, &vec![0; sizes.len()]);
                let columns = first..first + sizes.iter().product::<usize>();
                let rows = table.rows();
                rows.flat_map(|row| row[columns.clone()].to_vec())
                    .map(f64::to_bits)
                    .collect()
            };
            let same = told(&before) == told(&after);
            moved += usize::from(!same);
            assert!(
                same || reaches(&input.path, of),
                "{} moves a quantity of {}",
                input.path,
                of.lens
            );
        }
    }
    assert!(tried >= 8 && moved > 0, "{tried} tried, {moved} moved");
}

/// An answer is that of any other run, and what was asked before, or cannot have changed, is not run again.
#[test]
fn what_is_known_is_not_run_again() {
    let case = first_case();
    let plan = detente_case::Plan::new(&case);
    let mut session = Session::new(&case, STREAM, Some(2));
    let first = session.headline(&ALL, 32, &Ignored);
    assert_eq!(session.worlds_run(), 32);
    let options = RunOptions {
        stream: STREAM,
        worlds: 32,
        searches: 0,
        solutions: 0,
        ..RunOptions::default()
    };
    let table = run(&plan, &Overrides::default(), options, &Ignored);
    for (p, mean) in first.iter().enumerate() {
        assert_eq!(*mean, table.mean(catalogue::durability::KEPT, &[p]));
    }
    // The same again; fewer worlds; a gate, which counts for what is in force alone.
    assert_eq!(session.headline(&ALL, 32, &Ignored), first);
    session.headline(&ALL, 16, &Ignored);
    let bar = place(&case, "party.south.gate.parliament.bar");
    session.set(exactly(bar, 0.9));
    assert_eq!(session.headline(&ALL, 32, &Ignored), first);
    assert_eq!(session.worlds_run(), 32);
    // More worlds: those that are new. Another number: all; and back again: none.
    session.headline(&ALL, 48, &Ignored);
    assert_eq!(session.worlds_run(), 48);
    let edge = place(&case, "contest.edge");
    session.set(exactly(edge, -0.6));
    let other = session.headline(&ALL, 32, &Ignored);
    assert_ne!(other, first);
    assert_eq!(session.worlds_run(), 80);
    session.set(Overrides::default());
    assert_eq!(session.headline(&ALL, 32, &Ignored), first);
    assert_eq!(session.worlds_run(), 80);
    // What the gate does move is asked anew, and is what a run says.
    session.set(exactly(bar, 0.9));
    let ask = Ask {
        of: vec![(settlement::IN_FORCE, vec![0]), (settlement::ZONE, vec![])],
        worlds: 32,
        searches: 4,
    };
    let told = session.ask(&ask, &Ignored);
    let options = RunOptions {
        searches: 4,
        ..options
    };
    let table = run(&plan, &exactly(bar, 0.9), options, &Ignored);
    assert_eq!(told[0], table.mean(settlement::IN_FORCE, &[0]));
    assert_eq!(told[1], table.mean(settlement::ZONE, &[]));
    assert_eq!((told[1].n, session.worlds_run()), (4, 112));
}

/// Somebody who stops what was asked at once.
struct Stops;

impl crate::run::Progress for Stops {
    fn advance(&self, _: usize) {}

    fn stopped(&self) -> bool {
        true
    }
}

/// What was cut short tells nothing, and is asked anew.
#[test]
fn what_was_stopped_is_not_known() {
    let case = first_case();
    let mut session = Session::new(&case, STREAM, Some(2));
    let stopped = session.headline(&ALL, 32, &Stops);
    assert!(stopped.iter().all(|mean| mean.n == 0), "{stopped:?}");
    let whole = session.headline(&ALL, 32, &Ignored);
    let fresh = Session::new(&case, STREAM, Some(2)).headline(&ALL, 32, &Ignored);
    assert_eq!(whole, fresh);
    assert_eq!(whole[0].n, 32);
}
