//! Numbers that a lever sets while it runs, whatever the talks bring: whoever sets one of them otherwise sets it until the lever takes over.

use std::fmt;

use detente_core::{Target, Trigger};
use detente_math::Distribution;

use crate::{Case, Draw, InputId, Overrides};

/// A lever that runs now and sets a number that is set otherwise too.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenOver {
    /// The path of the number.
    pub path: String,
    /// Identifier of the lever.
    pub lever: String,
    /// Its name.
    pub name: String,
    /// The month from which it sets the number, in the median world; 0: from the start.
    pub from: f64,
    /// Does the number move there by stocks and ramp, instead of stepping?
    pub gradual: bool,
}

/// "`contest.edge` is also set by the lever `surge` (“A surge”), which runs now and takes over from month 4 on".
impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, lever, .. } = self;
        write!(f, "`{path}` is also set by the lever `{lever}`")?;
        if self.name != lever.replace('_', " ") {
            write!(f, " (“{}”)", self.name)?;
        }
        f.write_str(", which runs now and takes over ")?;
        if self.from > 0.0 {
            write!(f, "from month {:.0} on", self.from)?;
        } else {
            f.write_str("from the start")?;
        }
        if self.gradual {
            f.write_str(", as stocks and ramp let it")?;
        }
        Ok(())
    }
}

impl Case {
    /// The lever that takes a number over, if one that runs now and is on sets it, with `over` put over the case.
    pub fn taken_over(&self, input: InputId, over: &Overrides) -> Option<TakenOver> {
        let found = &self.inputs[input.0 as usize];
        let of_party = found.path.starts_with("party.");
        let levers = self.setting.levers.iter().zip(&self.shape.levers);
        for (lever, numbers) in levers {
            let on = self.median(numbers.on, over) > 0.0;
            if lever.trigger != Trigger::Now || !on {
                continue;
            }
            let own = format!("lever.{}.sets.", lever.id);
            let sets = numbers.sets.iter().any(|set| {
                let path = self.inputs[set.0 as usize].path.strip_prefix(&own);
                // What a type shares with its party is set with the party's.
                let shared = matches!(&found.draw, Draw::Inherited(from)
                    if of_party && path == Some(&*self.inputs[from.0 as usize].path));
                path == Some(&*found.path) || shared
            });
            if sets {
                let level = found.path.starts_with("contest.supply.");
                return Some(TakenOver {
                    path: found.path.clone(),
                    lever: lever.id.clone(),
                    name: lever.name.clone(),
                    from: self.median(numbers.delay, over),
                    gradual: level
                        && lever
                            .sets
                            .iter()
                            .any(|t| matches!(t, Target::SupplyLevel(_))),
                });
            }
        }
        None
    }

    fn median(&self, id: InputId, over: &Overrides) -> f64 {
        let mut put = over.replaced.iter().rev();
        if let Some((_, distribution)) = put.find(|(other, _)| *other == id) {
            return distribution.quantile(0.5);
        }
        match &self.inputs[id.0 as usize].draw {
            Draw::Own(own) => Distribution::quantile(own, 0.5),
            Draw::Inherited(same) => self.median(*same, over),
            Draw::Ranked { .. } => f64::NAN,
        }
    }
}
