//! What parties believe about the rates of a process.

use detente_core::ProcessSetting;
use detente_diag::{Code, Diagnostic};

use super::builder::Builder;
use super::names::Names;
use super::planned::entries;
use crate::grammar::numbers as n;
use crate::{InputId, NumberField, Tree};

/// Keys of beliefs about rates: an offset of the log, and doubt about it.
const KEYS: [(&str, NumberField); 2] = [("rate", n::BELIEVES_RATE), ("rate_sd", n::RATE_SD)];

impl Builder<'_> {
    /// Reads what every party and type believes about rates. Without a process there is nothing to believe.
    pub(super) fn build_rates(&mut self, process: Option<&mut ProcessSetting>) {
        let Some(process) = process else {
            self.refuse_rates();
            return;
        };
        let moves = process.moves.iter().map(|own| own.id.clone());
        let names = Names {
            what: "move of the process".to_owned(),
            list: moves.collect(),
        };
        let whole = self.tree;
        let mut held = vec![false; names.list.len()];
        for tree in holders(whole) {
            for (key, _) in KEYS {
                for (name, _) in entries(tree.at(&["believes", key])) {
                    if let Some(own) = names.resolve_key(name, self.diagnostics) {
                        held[own] = true;
                    }
                }
            }
        }
        process.believed = (0..held.len()).filter(|own| held[*own]).collect();
        let believed: Vec<String> = process
            .believed
            .iter()
            .map(|own| names.list[*own].clone())
            .collect();
        let parties = entries(whole.get("party"));
        let mut t = 0;
        for (party, tree) in parties {
            let path = format!("party.{}", party.text);
            let shared = self.rates_of(&path, tree, &believed, None);
            let types = entries(tree.get("type"));
            for (kind, tree) in types {
                let path = format!("{path}.type.{}", kind.text);
                let own = self.rates_of(&path, tree, &believed, Some(&shared));
                self.take_rates(t, own);
                t += 1;
            }
            if types.is_empty() {
                self.take_rates(t, shared);
                t += 1;
            }
        }
    }

    fn take_rates(&mut self, t: usize, [offsets, doubts]: [Vec<InputId>; 2]) {
        if let Some(numbers) = self.shape.types.get_mut(t) {
            numbers.believes_rates = offsets;
            numbers.rate_sds = doubts;
        }
    }

    /// Offsets and doubts of a party, or of a type, which shares its party's where it states none.
    fn rates_of(
        &mut self,
        path: &str,
        tree: &Tree,
        believed: &[String],
        shared: Option<&[Vec<InputId>; 2]>,
    ) -> [Vec<InputId>; 2] {
        let mut both = [Vec::new(), Vec::new()];
        for (k, (key, field)) in KEYS.into_iter().enumerate() {
            for (place, name) in believed.iter().enumerate() {
                let value = tree.at(&["believes", key, name]);
                let parent = shared.map(|shared| shared[k][place]);
                let path = format!("{path}.believes.{key}.{name}");
                both[k].push(self.input(path, value, field, parent));
            }
        }
        both
    }

    fn refuse_rates(&mut self) {
        let whole = self.tree;
        // A process that cannot be read is reported where it stands.
        if whole.get("process").is_some() {
            return;
        }
        for tree in holders(whole) {
            for (key, _) in KEYS {
                for (name, _) in entries(tree.at(&["believes", key])) {
                    let what = format!(
                        "`{}` is believed of, and the case has no process whose move it could be",
                        name.text
                    );
                    let fault = Diagnostic::new(Code::BAD_PROCESS, what).at(name.span, "this move");
                    self.fault(fault.help(
                        "say what no deal is by [process] with this move, or leave the belief out",
                    ));
                }
            }
        }
    }
}

/// Tables of every party and every type.
fn holders(whole: &Tree) -> Vec<&Tree> {
    let mut all = Vec::new();
    for (_, tree) in entries(whole.get("party")) {
        all.push(tree);
        all.extend(entries(tree.get("type")).iter().map(|(_, tree)| tree));
    }
    all
}
