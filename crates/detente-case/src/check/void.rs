//! What is set or stated and changes nothing, or less than it seems: warnings.

use detente_core::{LAST_CHANGE, Trigger};
use detente_diag::{Code, Diagnostic, Diagnostics, Span};

use super::planned::entries;
use crate::{Case, ClaimTest, Draw, InputId, Replacement, Tells, Tree, With};

pub(super) fn warn(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    let found = [
        stated_by_types(case, tree),
        levers_of_acts(case, tree),
        beyond_all_months(case),
    ];
    for warning in found.into_iter().flatten() {
        diagnostics.push(warning);
    }
}

/// Numbers that are set together, in one place.
struct Set {
    /// Who sets them, such as "the lever `x`".
    who: String,
    /// What, and where that is said.
    numbers: Vec<(InputId, Span)>,
    /// Is it a reading, a list of what somebody holds of parties and of types?
    lists: bool,
}

/// A number of a party that is set, and that some of its types state for themselves: those keep their own.
fn stated_by_types(case: &Case, tree: &Tree) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Set {
        who,
        numbers,
        lists,
    } in sets(case, tree)
    {
        for (id, at) in &numbers {
            let path = &case.inputs[id.0 as usize].path;
            // A reading says of whom it speaks, type by type; what a state is worth stands in one table for all.
            if lists && path.starts_with("party.") {
                continue;
            }
            let mut own = own_of_types(case, path);
            own.retain(|own| !numbers.iter().any(|(set, _)| set == own));
            if own.is_empty() {
                continue;
            }
            let paths: Vec<String> = own
                .iter()
                .map(|own| format!("`{}`", case.inputs[own.0 as usize].path))
                .collect();
            let message = format!(
                "{who} sets `{path}`, and not what types state for themselves: {}",
                paths.join(", ")
            );
            found.push(
                Diagnostic::new(Code::STATED_APART, message)
                    .at(*at, "sets it for the others alone")
                    .help("set those too, if they are meant"),
            );
        }
    }
    found
}

/// What levers set, and what is put over the case by readings, claims and anchors.
fn sets(case: &Case, tree: &Tree) -> Vec<Set> {
    let mut all = Vec::new();
    let levers = case.setting.levers.iter();
    for (lever, (_, table)) in levers.zip(entries(tree.get("lever"))) {
        let targets = entries(table.get("sets")).iter();
        let numbers = targets.filter_map(|(key, _)| {
            let place = case.inputs.iter().position(|i| i.path == key.text)?;
            Some((InputId::from_index(place), key.span))
        });
        all.push(Set {
            who: format!("the lever `{}`", lever.id),
            numbers: numbers.collect(),
            lists: false,
        });
    }
    let mut put = |(who, lists): (String, bool), set: Vec<&Replacement>| {
        let numbers = set.into_iter().map(|put| (put.input, put.span));
        all.push(Set {
            who,
            numbers: numbers.collect(),
            lists,
        });
    };
    for reading in &case.readings {
        let who = format!("the reading `{}`", reading.id);
        put((who, true), reading.set.iter().collect());
    }
    for claim in &case.claims {
        if let ClaimTest::Share(test) = &claim.test {
            let who = format!("the claim `{}`", claim.id);
            put((who, false), With::inputs(&test.with).collect());
        }
    }
    for anchor in &case.anchors {
        for with in [&anchor.with, &anchor.against] {
            let who = format!("the anchor `{}`", anchor.id);
            put((who, false), With::inputs(with).collect());
        }
    }
    all
}

/// The numbers of its types that a number of a party is not taken for, where others of its types take it.
fn own_of_types(case: &Case, path: &str) -> Vec<InputId> {
    let keys: Vec<&str> = path.split('.').collect();
    // The path of a type's own number lies around the type's name.
    let (party, before, after) = match keys[..] {
        ["party", _, "type", ..] => return Vec::new(),
        ["party", party, ..] => {
            let rest = keys[2..].join(".");
            (party, format!("party.{party}.type."), format!(".{rest}"))
        }
        ["process", kind, place, what @ ("worth" | "scar"), party] => (
            party,
            format!("process.{kind}.{place}.{what}_of_type.{party}."),
            String::new(),
        ),
        _ => return Vec::new(),
    };
    let Some(party) = case.setting.parties.iter().find(|p| p.id == party) else {
        return Vec::new();
    };
    let own = party.types.clone().filter_map(|t| {
        let path = format!("{before}{}{after}", case.setting.types[t].id);
        let place = case.inputs.iter().position(|i| i.path == path)?;
        let own = !matches!(case.inputs[place].draw, Draw::Inherited(_));
        own.then_some(InputId::from_index(place))
    });
    let own: Vec<InputId> = own.collect();
    // What all of them state for themselves is said of the number.
    if own.len() == party.types.len() {
        return Vec::new();
    }
    own
}

/// Acts that tell of a lever of which nobody has a choice.
fn levers_of_acts(case: &Case, tree: &Tree) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (act, (key, _)) in case.acts.iter().zip(entries(tree.get("act"))) {
        let (Tells::Pulled(l) | Tells::Withheld(l)) = act.tells else {
            continue;
        };
        let lever = &case.setting.levers[l];
        let on = &case.inputs[case.shape.levers[l].on.0 as usize].draw;
        let off = matches!(on, Draw::Own(on) if on.exact() == Some(0.0));
        let (why, help) = if lever.trigger == Trigger::Now {
            (
                "which runs whatever the talks bring",
                "only a lever that awaits an answer or a signature is a choice that the model knows: state a likelihood of every type instead",
            )
        } else if off {
            (
                "which is switched off in this case",
                "switch it on, or state a likelihood of every type instead",
            )
        } else {
            continue;
        };
        let message = format!(
            "act `{}` weighs nothing: it tells of the lever `{}`, {why}",
            act.id, lever.id
        );
        found.push(
            Diagnostic::new(Code::IDLE_ACT, message)
                .at(key.span, "")
                .help(help),
        );
    }
    found
}

/// Changes that begin, in the median world, after the last month that is followed.
fn beyond_all_months(case: &Case) -> Vec<Diagnostic> {
    let mut dates: Vec<(InputId, f64)> = Vec::new();
    for process in &case.shape.process {
        let later = process.moves.iter().flat_map(|own| &own.later);
        dates.extend(later.map(|later| (later.from_month, LAST_CHANGE)));
    }
    for (setting, contest) in case.setting.contest.iter().zip(&case.shape.contest) {
        let capacities = contest.capacities.iter();
        let falls = capacities.map(|own| (own.from_month, setting.horizon as f64));
        dates.extend(falls);
    }
    let stated = dates.into_iter().filter_map(|(id, last)| {
        let input = &case.inputs[id.0 as usize];
        let (Draw::Own(drawn), Some(at)) = (&input.draw, input.span) else {
            return None;
        };
        let median = drawn.quantile(0.5);
        (median > last).then(|| {
            let message = format!(
                "`{}` is month {median:.0} in the median world, and months are followed to {last:.0}",
                input.path
            );
            Diagnostic::new(Code::UNUSED_NUMBER, message)
                .at(at, "never comes")
                .help("leave it out, or is it in other units than months?")
        })
    });
    stated.collect()
}
