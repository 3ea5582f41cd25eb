//! What readings put over the case's numbers.

use detente_case::{Case, Condition, Draw, Input, Intervention, Overrides, Put, Reading, Rules};
use detente_diag::Diagnostic;

/// A reading that the case does not have, or readings that cannot stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadReading {
    /// No reading of that name; the nearest one, if any, and all there are.
    Unknown {
        /// As typed.
        id: String,
        /// The nearest.
        nearest: Option<String>,
        /// All.
        known: Vec<String>,
    },
    /// Together, over what the case and the run set, they make numbers that no world can have.
    Impossible(Vec<Diagnostic>),
}

impl std::fmt::Display for BadReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadReading::Unknown {
                id,
                nearest: Some(nearest),
                ..
            } => {
                write!(
                    f,
                    "the case has no reading `{id}`; did you mean `{nearest}`?"
                )
            }
            BadReading::Unknown { id, known, .. } if known.is_empty() => {
                write!(f, "the case has no reading `{id}`; it has none at all")
            }
            BadReading::Unknown { id, known, .. } => {
                write!(
                    f,
                    "the case has no reading `{id}`; it has: {}",
                    known.join(", ")
                )
            }
            BadReading::Impossible(faults) => {
                let messages: Vec<&str> = faults.iter().map(|f| f.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
        }
    }
}

impl std::error::Error for BadReading {}

/// What readings put over the case's numbers, later ones over earlier ones.
///
/// # Errors
///
/// A reading is unknown, or what is drawn under them is impossible: shares that are all zero, a party that wants nothing, options of
/// the line at one place, levers that clash.
pub fn overrides_of(case: &Case, ids: &[String]) -> Result<Overrides, BadReading> {
    let condition = condition(case, ids)?;
    let faults = Rules::of(case).faults(&condition);
    if !faults.is_empty() {
        return Err(BadReading::Impossible(faults));
    }
    let mut overrides = Overrides::default();
    for reading in readings(case, ids)? {
        let set = reading.set.iter();
        overrides
            .replaced
            .extend(set.map(|r| (r.input, r.distribution.clone())));
    }
    Ok(overrides)
}

/// Claims and anchors that a report under readings leaves untold, there or under one of the case's readings beside it: warnings, with the
/// places of what no world can have together.
///
/// # Errors
///
/// A reading is unknown.
pub fn untold_claims(case: &Case, ids: &[String]) -> Result<Vec<Diagnostic>, BadReading> {
    let beside = case.readings.iter().map(|reading| vec![reading.id.clone()]);
    let all = [ids.to_vec(), Vec::new()].into_iter().chain(beside);
    let conditions: Vec<Condition> = all
        .map(|ids| condition(case, &ids))
        .collect::<Result<_, _>>()?;
    let tried = Intervention::all(&case.claims, &case.anchors);
    Ok(Rules::of(case).untold(tried, &conditions))
}

fn condition<'a>(case: &'a Case, ids: &[String]) -> Result<Condition<'a>, BadReading> {
    let readings = readings(case, ids)?;
    let named: Vec<String> = readings.iter().map(|r| format!("`{}`", r.id)).collect();
    let under = match named.as_slice() {
        [] => String::new(),
        [one] => format!(" under the reading {one}"),
        [head @ .., last] => format!(" under the readings {} and {last}", head.join(", ")),
    };
    let set = readings.into_iter().flat_map(|reading| &reading.set);
    Ok(Condition::new(set.map(Put::from), under))
}

/// The readings of these names.
fn readings<'a>(case: &'a Case, ids: &[String]) -> Result<Vec<&'a Reading>, BadReading> {
    let found = ids.iter().map(|id| {
        let found = case.readings.iter().find(|reading| reading.id == *id);
        found.ok_or_else(|| {
            let known: Vec<String> = case.readings.iter().map(|r| r.id.clone()).collect();
            let nearest = detente_diag::nearest(id, known.iter().map(String::as_str));
            BadReading::Unknown {
                id: id.clone(),
                nearest: nearest.map(str::to_owned),
                known,
            }
        })
    });
    found.collect()
}

/// Every number of a case as it is drawn under readings.
///
/// # Errors
///
/// As [`overrides_of`].
pub fn inputs_under(case: &Case, readings: &[String]) -> Result<Vec<Input>, BadReading> {
    overrides_of(case, readings)?;
    Ok(under(case, readings).inputs)
}

/// The case with its readings' numbers in the place of its own.
pub(crate) fn under(case: &Case, readings: &[String]) -> Case {
    let mut put = case.clone();
    for id in readings {
        let found = case.readings.iter().filter(|reading| reading.id == *id);
        for replacement in found.flat_map(|reading| &reading.set) {
            let input = &mut put.inputs[replacement.input.0 as usize];
            input.draw = Draw::Own(replacement.distribution.clone());
            input.text.clone_from(&replacement.text);
            input.status = replacement.status;
            input.sources.clone_from(&replacement.sources);
            input.said.clone_from(&replacement.said);
            input.experts.clone_from(&replacement.experts);
            input.span = Some(replacement.span);
        }
    }
    put
}
