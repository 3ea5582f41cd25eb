//! What must hold of the numbers together: of the case as written, under each of its readings, and of what its claims set.

use detente_diag::Span;

use super::builder::Builder;
use crate::effective::{About, Broken};
use crate::{Anchor, Claim, Condition, Intervention, Key, Put, Reading, Rules};

impl Builder<'_> {
    /// Checks the case as written; what cannot be told, since something of it could not be read, is left out.
    pub(super) fn check_rules(&mut self) {
        let rules = Rules::new(&self.setting, &self.shape, &self.inputs);
        let mut faults = Vec::new();
        for broken in rules.broken(&Condition::default()) {
            if self.is_unsure(&broken) {
                continue;
            }
            let fault = broken.fault.clone();
            faults.push(match &broken.about {
                About::Levers(a, b) => {
                    let span = |l: &usize| {
                        let id = &self.setting.levers[*l].id;
                        self.key_span(&["lever"], id).unwrap_or(self.tree.span)
                    };
                    fault
                        .at(span(b), "this lever")
                        .at(span(a), "and this one are both on")
                }
                about => match self.place_of(about, &fault.message) {
                    Some((span, label)) => fault.at(span, label),
                    None => rules.placed(broken, &Condition::default()),
                },
            });
        }
        for fault in faults {
            self.fault(fault);
        }
    }

    /// Checks every reading of which all could be read.
    pub(super) fn check_readings(&mut self, readings: &[(&Key, &Reading)]) {
        let rules = Rules::new(&self.setting, &self.shape, &self.inputs);
        // What the case itself breaks is said once, not again under every reading.
        let own = rules.broken(&Condition::default());
        let mut faults = Vec::new();
        for (key, reading) in readings {
            let condition = under(reading);
            for broken in rules.broken(&condition) {
                let known = own.iter().any(|b| b.about == broken.about);
                if !known && !self.is_unsure(&broken) {
                    let fault = rules.placed(broken, &condition);
                    faults.push(if fault.labels.is_empty() {
                        fault.at(key.span, "this reading")
                    } else {
                        fault
                    });
                }
            }
        }
        for fault in faults {
            self.fault(fault);
        }
    }

    /// Checks what claims and anchors set, over the case as written and over every reading.
    pub(super) fn check_what_is_tried(
        &mut self,
        (claims, anchors): (&[Claim], &[Anchor]),
        readings: &[Reading],
    ) {
        // Something that could not be read may be what makes a claim possible.
        if self.diagnostics.has_errors() {
            return;
        }
        let rules = Rules::new(&self.setting, &self.shape, &self.inputs);
        let mut found = rules.faults_of_interventions(Intervention::all(claims, anchors));
        if found.is_empty() {
            let conditions: Vec<Condition> = readings.iter().map(under).collect();
            found = rules.untold(Intervention::all(claims, anchors), &conditions);
        }
        for fault in found {
            self.diagnostics.push(fault);
        }
    }

    /// Could something that a fault rests on not be read?
    fn is_unsure(&self, broken: &Broken) -> bool {
        let unread = broken.members.iter().any(|id| self.unread.contains(id));
        match &broken.about {
            // A preference that could not be read may be the one that matters.
            About::Preferences(party) => self.party_is_at_fault(*party),
            About::Levers(..) => unread,
            About::Rates(_) => unread || !self.paced,
            About::Positions => unread || self.setting.contest.is_none(),
            _ => {
                // A missing number has been reported, and is no zero.
                let missing = |id: &crate::InputId| self.inputs[id.0 as usize].span.is_none();
                unread || broken.members.iter().any(missing)
            }
        }
    }

    fn party_is_at_fault(&self, party: usize) -> bool {
        let parties = super::planned::entries(self.tree.get("party"));
        let Some((key, _)) = parties.get(party) else {
            return true;
        };
        let start = key.span;
        let next = parties.get(party + 1);
        let end = next.map_or(usize::MAX, |(next, _)| next.span.start);
        let mut places = self.diagnostics.as_slice().iter();
        places.any(|fault| {
            let first = fault.labels.first().map(|label| label.span);
            first.is_some_and(|at| at.file == start.file && (start.start..end).contains(&at.start))
        })
    }

    /// Where the text speaks of what a rule is about.
    fn place_of(&self, about: &About, message: &str) -> Option<(Span, &'static str)> {
        let party = |p: usize| self.key_span(&["party"], &self.setting.parties[p].id);
        let found = match about {
            About::Priors(p) => (party(*p)?, "here"),
            About::Preferences(p) => {
                let own = &self.setting.parties[*p];
                let types = own.types.clone().map(|t| &self.setting.types[t].id);
                let named = |id: &&String| message.contains(&format!(".type.{id}]"));
                let kind = types.into_iter().find(named);
                let of_type = kind.and_then(|id| self.key_span(&["party", &own.id, "type"], id));
                match of_type {
                    Some(span) => (span, "this type"),
                    None => (party(*p)?, "this party"),
                }
            }
            About::Contributions(nest) => {
                let id = &self.setting.contest.as_ref()?.nests[*nest].id;
                (self.key_span(&["contest", "nest"], id)?, "here")
            }
            About::Rates(s) => {
                let id = &self.setting.process.as_ref()?.states[*s].id;
                (self.key_span(&["process", "state"], id)?, "this state")
            }
            About::Positions => {
                let line = self.tree.at(&["contest", "line_issue"])?;
                (line.span, "this issue")
            }
            _ => return None,
        };
        Some(found)
    }
}

fn under(reading: &Reading) -> Condition<'_> {
    let puts = reading.set.iter().map(Put::from);
    Condition::new(puts, format!(" under the reading `{}`", reading.id))
}
