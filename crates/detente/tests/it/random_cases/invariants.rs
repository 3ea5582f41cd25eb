//! What quantities of one world say of one another, whatever the case, besides what every run checks.

use std::collections::BTreeMap;

use detente::{Case, Overrides, Stream, why};
use detente_core::{Dimension, Trigger};

/// Rounding of sums and products of chances, and of margins.
const ROUNDING: f64 = 1e-9;
/// What `why` prints is rounded to a tenth.
const TENTH: f64 = 0.05 + 1e-9;

/// The quantities of one world by name.
pub(super) struct World<'a> {
    pub(super) case: &'a Case,
    pub(super) stream: Stream,
    pub(super) drawn: &'a detente_core::World,
    pub(super) numbers: &'a BTreeMap<String, f64>,
}

impl World<'_> {
    fn get(&self, quantity: &str, entry: &str) -> f64 {
        let name = format!("{quantity}[{entry}]");
        self.numbers.get(&name).copied().unwrap_or(f64::NAN)
    }

    fn entries<'b>(&'b self, quantity: &str) -> impl Iterator<Item = (&'b str, f64)> {
        let head = format!("{quantity}[");
        self.numbers.iter().filter_map(move |(name, x)| {
            let entry = name.strip_prefix(&head)?.strip_suffix(']')?;
            (!x.is_nan()).then_some((entry, *x))
        })
    }

    /// All that does not fit: the rule's name, and the numbers.
    pub(super) fn contradictions(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        self.of_packages(&mut found);
        self.of_zones(&mut found);
        self.of_peace(&mut found);
        self.of_levers(&mut found);
        self.why(&mut found);
        found
    }

    fn of_packages(&self, found: &mut Vec<(&'static str, String)>) {
        let setting = &self.case.setting;
        for package in &setting.packages {
            let id = &package.id;
            let agreed = self.get("settlement.agreed", id);
            for party in &setting.parties {
                let both = format!("{}, {id}", party.id);
                let accepts = self.get("settlement.accepts", &both);
                let blocks = self.get("settlement.blocks", &both);
                let by_line = self.get("settlement.blocks_by_red_line", &both);
                if by_line > blocks + ROUNDING {
                    let said = format!("{both}: {by_line} {blocks}");
                    found.push(("a red line blocks no more than its party", said));
                }
                // The chance that a party accepts is that of its types which do.
                let mut sum = 0.0;
                for t in party.types.clone() {
                    let own = type_id(self.case, t);
                    let entry = format!("{own}, {id}");
                    let margin = self.get("settlement.margin", &entry);
                    let crossed = self.get("settlement.crossed", &entry);
                    if margin.is_nan() {
                        sum = f64::NAN;
                    } else if margin >= -ROUNDING && crossed == 0.0 {
                        sum += self.drawn.numbers.types[t].prior;
                    }
                }
                let known = !sum.is_nan() && !accepts.is_nan();
                if known && (sum - accepts).abs() > 1e-6 {
                    let said = format!("{both}: {accepts}, but types that gain are {sum}");
                    found.push(("a party accepts if its types gain", said));
                }
            }
            let common = self.get("beliefs.agreed_common", id);
            let optimism = self.get("beliefs.optimism_blocks_package", id);
            if optimism > common + ROUNDING || optimism < common - agreed - ROUNDING {
                let said = format!("{id}: {common} under common beliefs, {agreed}, {optimism}");
                found.push(("optimism blocks what common beliefs would sign", said));
            }
        }
    }

    fn of_zones(&self, found: &mut Vec<(&'static str, String)>) {
        let zone = self.get("settlement.zone", "");
        if zone.is_nan() {
            return;
        }
        let free = self.get("settlement.zone_without_red_lines", "");
        for (party, opens) in self.entries("settlement.opens_without") {
            if opens > free - zone + ROUNDING {
                let said = format!("{party}: {opens} {zone} {free}");
                found.push(("one party's red lines open no more than all", said));
            }
        }
        let common = self.get("beliefs.zone_common", "");
        let blocks = self.get("beliefs.optimism_blocks", "");
        if blocks < common - zone - ROUNDING {
            let said = format!("{common} {zone} {blocks}");
            found.push(("optimism blocks the zone", said));
        }
    }

    fn of_peace(&self, found: &mut Vec<(&'static str, String)>) {
        for (entry, attack) in self.entries("durability.attack") {
            let (party, package) = entry.split_once(", ").unwrap_or((entry, ""));
            let tempted = self.entries("durability.temptation").any(|(entry, x)| {
                let (t, p) = entry.split_once(", ").unwrap_or((entry, ""));
                p == package && t.split('.').next() == Some(party) && x > 0.0
            });
            if attack > ROUNDING && !tempted {
                found.push(("who attacks is tempted", format!("{entry}: {attack}")));
            }
        }
    }

    fn of_levers(&self, found: &mut Vec<(&'static str, String)>) {
        for t in 0..self.case.setting.types.len() {
            let own = type_id(self.case, t);
            let value = self.get("alternative.value", &own);
            let party = &self.case.setting.parties[self.case.setting.types[t].party];
            let refusal = self.get("leverage.refusal", &own);
            let triggers = self.case.setting.levers.iter();
            let triggers = triggers.filter(|lever| {
                let of = self
                    .case
                    .setting
                    .parties
                    .iter()
                    .position(|p| p.id == party.id);
                of.is_some_and(|i| lever.trigger == Trigger::Refuse(i))
            });
            if triggers.count() == 0 && (value - refusal).abs() > ROUNDING {
                let said = format!("{own}: {value} {refusal}");
                found.push(("a refusal that triggers nothing is no deal", said));
            }
        }
        // What a lever certain to be pulled and one certain not to be are worth holds what it is worth at its chance between them.
        for (entry, refusal) in self.entries("leverage.refusal_with") {
            let (lever, own) = entry.split_once(", ").unwrap_or((entry, ""));
            let without = self.get("leverage.refusal_without", entry);
            let known = self.case.setting.levers.iter().find(|l| l.id == lever);
            let Some(known) = known else { continue };
            let Trigger::Refuse(refuser) = known.trigger else {
                continue;
            };
            let is_refuser = |own: &str| {
                let types = self.case.setting.parties[refuser].types.clone();
                types.into_iter().any(|t| type_id(self.case, t) == own)
            };
            let alone = self.case.setting.levers.iter();
            let alone = alone.filter(|l| l.trigger == known.trigger).count() == 1;
            let n = self.get("leverage.refusal", own);
            let (low, high) = (refusal.min(without), refusal.max(without));
            if alone && is_refuser(own) && (n < low - 1e-6 || n > high + 1e-6) {
                let said = format!("{entry}: {n} not within {low} to {high}");
                found.push((
                    "a threat is worth between certainly and certainly not",
                    said,
                ));
            }
        }
    }

    /// Whether `why` and the row say the same.
    fn why(&self, found: &mut Vec<(&'static str, String)>) {
        let setting = &self.case.setting;
        if !setting.has_no_deal() {
            return;
        }
        for party in &setting.parties {
            for package in &setting.packages {
                let none = Overrides::default();
                let world = Some((self.stream, self.drawn.index));
                let said = match why(self.case, &none, &party.id, &package.id, world) {
                    Ok(said) => said,
                    Err(fault) => {
                        found.push(("why answers", format!("{fault:?}")));
                        continue;
                    }
                };
                let margins = said.lines().filter_map(|line| {
                    let rest = line.trim_start().strip_prefix("Margin ")?;
                    // A refusal by less than is printed is "just below 0.0".
                    let number = rest.trim_start_matches("just below ");
                    let number = number.split(':').next()?.replace('−', "-");
                    Some((number.parse::<f64>().ok()?, rest.contains("accept")))
                });
                let margins: Vec<(f64, bool)> = margins.collect();
                if margins.len() != party.types.len() {
                    found.push(("why tells every type", said.clone()));
                    continue;
                }
                for (t, (margin, _)) in party.types.clone().zip(&margins) {
                    let own = type_id(self.case, t);
                    let row = self.get("settlement.margin", &format!("{own}, {}", package.id));
                    if !row.is_nan() && (row - margin).abs() > TENTH {
                        let what = format!("{own}, {}: {margin}, row {row}", package.id);
                        found.push(("why says the row's margin", what));
                    }
                }
            }
        }
    }
}

/// What a type is called in quantities: its party's id, and its own if the party has several.
fn type_id(case: &Case, t: usize) -> String {
    Dimension::Type.entry(&case.setting, t)
}
