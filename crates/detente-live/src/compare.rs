//! Two states side by side, on the same worlds: what differs in them, and what each change does by itself.

use detente::handles::{durability, settlement};
use detente::workbench::share;
use detente::{Handle, Mean, Moved, Numbers, Plan, Progress, RunOptions, Table, ask_worlds, moved};
use serde_json::{Value, json};

use crate::Refused;
use crate::request::{Request, State};
use crate::state::{self, Put};

/// Worlds, unless more are asked for.
const WORLDS: usize = 64;
/// Changes that are told apart at most; beyond that what they do together is told alone.
const APART: usize = 6;

/// The headline terms of both states, with their difference on common draws, and what of that of the leading package each change explains.
pub(crate) fn compare(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let before = state::put(&request.pinned_named(), &request.pinned, &[])?;
    let after = state::put(&request.named(), &request.state, &[])?;
    let same_text = request.pinned_files.is_none();
    let worlds = request.worlds.unwrap_or(WORLDS);
    let run = |put: &Put, state: &State| all_terms(put, state, request, worlds, progress);
    let (first, second) = (run(&before, &request.pinned), run(&after, &request.state));
    let terms = terms(&before);
    let mut rows = Vec::new();
    let mut lead: Option<(f64, usize)> = None;
    let names = &before.case.setting.packages;
    for (p, package) in names.iter().enumerate() {
        // A package that is in hand on one side alone has nothing to stand beside.
        let also = after
            .case
            .setting
            .packages
            .iter()
            .position(|other| other.id == package.id);
        let Some(q) = also else { continue };
        let told = terms.iter().map(|(what, quantity)| {
            let moved = between((&first, p), (&second, q), *quantity);
            json!({ "what": what, "before": share(&moved.before), "after": share(&moved.after), "difference": mean(&moved.difference) })
        });
        rows.push(
            json!({ "id": package.id, "name": package.name, "terms": told.collect::<Value>() }),
        );
        let (_, quantity) = terms[terms.len() - 1];
        let value = first.mean(quantity, &[p]).value;
        if value.is_finite() && lead.is_none_or(|(most, _)| value > most) {
            lead = Some((value, p));
        }
    }
    let changes = state::changes(&request.pinned, &request.state);
    let causes = match lead {
        // What a text changes is not told apart.
        Some((_, p)) if same_text && changes.len() > 1 && changes.len() <= APART => Some(causes(
            request,
            &first,
            &second,
            (p, &changes),
            (worlds, terms[terms.len() - 1].1),
            progress,
        )),
        _ => None,
    };
    let text = if same_text {
        &[][..]
    } else {
        &["the text"][..]
    };
    Ok(json!({
        "worlds": worlds,
        "changes": text.iter().copied().chain(changes.iter().map(|(what, _)| what.as_str())).collect::<Value>(),
        "packages": rows,
        "lead": lead.map(|(_, p)| names[p].id.clone()),
        "causes": causes,
    }))
}

/// What a package comes to: signed, in force where a gate stands, kept where the case says what may follow a deal. The last leads.
fn terms(put: &Put) -> Vec<(&'static str, Handle)> {
    let case = &put.case;
    let mut terms = vec![("signed", settlement::AGREED)];
    if !case.setting.gates.is_empty() {
        terms.push(("in force", settlement::IN_FORCE));
    }
    if !case.shape.durability.is_empty() {
        terms.push(("kept", durability::KEPT));
    }
    terms
}

/// The terms of every package under a state.
fn all_terms(
    put: &Put,
    state: &State,
    request: &Request,
    worlds: usize,
    progress: &dyn Progress,
) -> Table {
    let packages = 0..put.case.setting.packages.len();
    let terms = terms(put);
    let of: Vec<(Handle, Vec<usize>)> = packages
        .flat_map(|p| terms.iter().map(move |(_, quantity)| (*quantity, vec![p])))
        .collect();
    ask(put, state, request, (&of, worlds), progress)
}

/// Entries of quantities under a state, and nothing else, of so many worlds.
pub(crate) fn ask(
    put: &Put,
    state: &State,
    request: &Request,
    (of, worlds): (&[(Handle, Vec<usize>)], usize),
    progress: &dyn Progress,
) -> Table {
    let options = options(state, request, worlds);
    let plan = Plan::new(&put.case);
    let run = (&plan, &put.overrides);
    ask_worlds(&put.case, run, options, (of, 0..worlds), progress)
}

pub(crate) fn options(state: &State, request: &Request, worlds: usize) -> RunOptions {
    RunOptions {
        stream: request.stream,
        worlds,
        searches: 0,
        solutions: 0,
        talks: 0,
        record: !state.prior,
        ..RunOptions::default()
    }
}

/// An entry by package in two tables of the same worlds.
fn between(before: (&Table, usize), after: (&Table, usize), quantity: Handle) -> Moved {
    let told = |(table, p): (&Table, usize)| -> [Vec<f64>; 2] {
        [
            table.column(quantity, &[p]).collect(),
            table.weights().collect(),
        ]
    };
    let (first, second) = (told(before), told(after));
    let weighed = [&first, &second]
        .iter()
        .any(|[_, w]| w.iter().any(|w| *w != 1.0));
    let sampler = RunOptions::default().stream.sampler;
    let ([a, wa], [b, wb]) = (&first, &second);
    moved(
        Numbers {
            sampler,
            values: a,
            weights: weighed.then_some(&wa[..]),
        },
        Numbers {
            sampler,
            values: b,
            weights: weighed.then_some(&wb[..]),
        },
        true,
    )
}

/// What each change does alone to the leading package, and what they do only together.
fn causes(
    request: &Request,
    first: &Table,
    second: &Table,
    (package, changes): (usize, &[(String, State)]),
    (worlds, quantity): (usize, Handle),
    progress: &dyn Progress,
) -> Value {
    let whole = between((first, package), (second, package), quantity);
    let mut joint = whole.difference.value;
    let mut told = Vec::new();
    for (what, state) in changes {
        // What cannot stand without the other changes is left to what they do together.
        let Ok(put) = state::put(&request.named(), state, &[]) else {
            continue;
        };
        let alone = all_terms(&put, state, request, worlds, progress);
        let moved = between((first, package), (&alone, package), quantity);
        joint -= moved.difference.value;
        told.push(json!({ "what": what, "moved": mean(&moved.difference) }));
    }
    told.push(json!({ "what": "what they do only together", "moved": { "value": joint, "error": null, "n": whole.difference.n } }));
    Value::Array(told)
}

fn mean(mean: &Mean) -> Value {
    let number = |x: f64| if x.is_finite() { json!(x) } else { Value::Null };
    json!({ "value": number(mean.value), "error": number(mean.error), "n": mean.n })
}
