//! What readings put over the case's numbers.

use detente_case::{Case, Draw, Input, Overrides, Plan};
use detente_core::Trigger;

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
    /// Together they switch on two levers that set the same number.
    Clash(String, String),
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
            BadReading::Clash(a, b) => {
                write!(
                    f,
                    "these readings together switch on `{a}` and `{b}`, which set the same number"
                )
            }
        }
    }
}

/// What readings put over the case's numbers, later ones over earlier ones.
///
/// # Errors
///
/// A reading is unknown, or together they switch on levers that clash.
pub fn overrides_of(case: &Case, ids: &[String]) -> Result<Overrides, BadReading> {
    let mut overrides = Overrides::default();
    for id in ids {
        let Some(reading) = case.readings.iter().find(|reading| reading.id == *id) else {
            let known: Vec<String> = case
                .readings
                .iter()
                .map(|reading| reading.id.clone())
                .collect();
            let nearest =
                detente_diag::nearest(id, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(BadReading::Unknown {
                id: id.clone(),
                nearest,
                known,
            });
        };
        overrides.replaced.extend(
            reading
                .set
                .iter()
                .map(|r| (r.input, r.distribution.clone())),
        );
    }
    let world = {
        let plan = Plan::new(case);
        plan.world(&plan.medians(), &overrides)
    };
    let on: Vec<_> = case
        .setting
        .levers
        .iter()
        .zip(&world.numbers.levers)
        .filter(|(lever, n)| lever.trigger == Trigger::Now && n.on > 0.0)
        .collect();
    for (i, (second, _)) in on.iter().enumerate() {
        for (first, _) in &on[..i] {
            if first.sets.iter().any(|target| second.sets.contains(target)) {
                return Err(BadReading::Clash(first.id.clone(), second.id.clone()));
            }
        }
    }
    Ok(overrides)
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
            input.span = Some(replacement.span);
        }
    }
    put
}
