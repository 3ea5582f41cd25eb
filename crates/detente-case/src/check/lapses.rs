//! What follows a deal that ends: nothing without a durability table, and one thing where two options end it at once.

use detente_core::{Constraint, FeatureKind, Pattern};
use detente_diag::{Code, Diagnostic};

use super::builder::Builder;
use super::packages::satisfiable;
use super::planned::entries;
use crate::{Draw, InputId, Tree};

/// An option that lapses and says where it leads.
#[derive(Clone, Copy)]
struct Leads<'a> {
    issue: usize,
    option: usize,
    lasts: InputId,
    state: usize,
    then: &'a Tree,
}

impl Builder<'_> {
    /// After the options' features and the durability table.
    pub(super) fn check_lapses(&mut self) {
        if self.tree.get("durability").is_none() {
            self.refuse_lapses();
        } else {
            self.check_ties();
        }
    }

    /// Without a durability table no deal ends.
    fn refuse_lapses(&mut self) {
        let whole = self.tree;
        let mut void = Vec::new();
        for (_, issue) in entries(whole.get("issue")) {
            for (id, option) in entries(issue.get("option")) {
                for key in ["lasts", "then"] {
                    let said = option.get(key).map(|said| said.span);
                    let whose = format!("`{key}` of the option `{}`", id.text);
                    void.extend(said.map(|at| (whose, at)));
                }
            }
        }
        let resumes = whole.at(&["process", "resumes"]);
        void.extend(resumes.map(|said| ("`resumes` of the process".to_owned(), said.span)));
        for (whose, at) in void {
            let what = format!("no answer depends on {whose}");
            let fault = Diagnostic::new(Code::IDLE_LAPSE, what).at(at, "changes nothing");
            self.fault(fault.help(
                "a deal ends, by a lapse or a breakdown, where a [durability] table says what follows a deal: add it, or leave this out",
            ));
        }
    }

    /// Two options that end a package at once lead to the same state.
    fn check_ties(&mut self) {
        let leads = self.leads();
        let mut faults = Vec::new();
        for (k, second) in leads.iter().enumerate() {
            let together = |first: &&Leads| {
                first.issue != second.issue
                    && first.state != second.state
                    && self.surely_equal(first.lasts, second.lasts)
                    && self.may_hold(first, second)
            };
            let Some(first) = leads[..k].iter().find(together) else {
                continue;
            };
            let [a, b] = [first, second].map(|own| &self.options[own.issue].list[own.option]);
            let what = format!("the options `{a}` and `{b}` lapse at once and lead to two states");
            let fault = Diagnostic::new(Code::BAD_PROCESS, what);
            faults.push(
                fault
                    .at(second.then.span, "leads here")
                    .at(first.then.span, "and this one there")
                    .help("name one state in both, or let one of them last longer; a package that holds both ends with the first"),
            );
        }
        for fault in faults {
            self.fault(fault);
        }
    }

    fn leads(&self) -> Vec<Leads<'_>> {
        let issues = entries(self.tree.get("issue"));
        let features = self.setting.features.iter().zip(&self.shape.features);
        let lapses = features.filter(|(feature, _)| feature.kind == FeatureKind::Lasts);
        let leads = lapses.filter_map(|(feature, numbers)| {
            let issue = self.setting.issues.iter().position(|issue| {
                let own = issue.first_option..issue.first_option + issue.options.len();
                own.contains(&feature.option)
            })?;
            let option = feature.option - self.setting.issues[issue].first_option;
            let state = self.setting.issues[issue].options[option].then?;
            let (_, tree) = entries(issues.get(issue)?.1.get("option")).get(option)?;
            Some(Leads {
                issue,
                option,
                lasts: numbers.size,
                state,
                then: tree.get("then")?,
            })
        });
        leads.collect()
    }

    /// Are two numbers one and the same, as the case is written?
    fn surely_equal(&self, a: InputId, b: InputId) -> bool {
        let root = |mut id: InputId| {
            while let Draw::Inherited(same) = &self.inputs[id.0 as usize].draw {
                id = *same;
            }
            id
        };
        let [a, b] = [a, b].map(root);
        let exact = |id: InputId| match &self.inputs[id.0 as usize].draw {
            Draw::Own(drawn) => drawn.exact(),
            Draw::Inherited(_) | Draw::Ranked { .. } => None,
        };
        a == b || exact(a).is_some_and(|value| exact(b) == Some(value))
    }

    /// Do the constraints let a package hold both?
    fn may_hold(&self, first: &Leads, second: &Leads) -> bool {
        let both = Constraint {
            id: String::new(),
            when: Pattern::default(),
            then: Some(Pattern {
                terms: [first, second]
                    .map(|own| (own.issue, 1 << own.option))
                    .to_vec(),
            }),
        };
        let mut rules = self.setting.constraints.clone();
        rules.push(both);
        satisfiable(&self.setting, &rules)
    }
}
