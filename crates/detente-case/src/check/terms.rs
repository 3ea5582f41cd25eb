//! Words of the case's own.

use detente_core::TERMS;
use detente_diag::{Code, Diagnostic, Diagnostics, nearest};

use super::builder::Builder;
use crate::{Key, Tree};

/// Longest word, in characters: it stands in titles and in heads of columns.
const LONGEST: usize = 40;

/// Says of a key that is no term which was meant, and which there are.
pub(super) fn unknown(key: &Key, diagnostics: &mut Diagnostics) {
    let known = TERMS.map(|spec| spec.key);
    let meant = nearest(&key.text, known)
        .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let fault = Diagnostic::new(Code::UNKNOWN_KEY, format!("unknown term `{}`", key.text));
    diagnostics.push(
        fault
            .at(key.span, "not a term")
            .help(format!("{meant}the terms are: {}", known.join(", "))),
    );
}

impl Builder<'_> {
    /// The case's own words; the contest must be known.
    pub(super) fn build_terms(&mut self) {
        let entries = self.tree.get("terms").map_or(&[][..], Tree::entries);
        for (key, tree) in entries {
            let spec = TERMS.iter().find(|spec| spec.key == key.text);
            let (Some(spec), Some(word)) = (spec, tree.text()) else {
                continue;
            };
            let fault = |message: String| Diagnostic::new(Code::BAD_TERM, message);
            let spoken = spec.in_contest;
            if word.trim().is_empty() {
                self.fault(
                    fault(format!("the word for `{}` is empty", key.text))
                        .at(tree.span, "nothing stands here")
                        .help(format!("say a word ({}), or leave the key out", spec.doc)),
                );
            } else if word.trim() != word || word.chars().any(char::is_control) {
                self.fault(
                    fault(format!("the word for `{}` cannot stand in a sentence", key.text))
                        .at(tree.span, "it begins or ends with a space, or has a line break or another control character")
                        .help(format!("write it on one line as it would stand there ({})", spec.doc)),
                );
            } else if word.chars().count() > LONGEST {
                self.fault(
                    fault(format!("the word for `{}` is too long", key.text))
                        .at(tree.span, format!("{} characters", word.chars().count()))
                        .help(format!(
                            "at most {LONGEST} fit into titles and heads of columns"
                        )),
                );
            } else if spec.elsewhere.is_none() && self.setting.contest.is_none() {
                self.fault(
                    fault(format!(
                        "`{}` is a term of a contest, and this case has none",
                        key.text
                    ))
                    .at(key.span, "no sentence of this case would hold it")
                    .help(format!(
                        "it stands for “{spoken}”; without a contest the terms are: {}",
                        elsewhere().join(", ")
                    )),
                );
            } else {
                self.setting.terms.push((spec.term, word.to_owned()));
            }
        }
    }
}

/// Terms that cases without a contest have.
fn elsewhere() -> Vec<&'static str> {
    let known = TERMS.iter().filter(|spec| spec.elsewhere.is_some());
    known.map(|spec| spec.key).collect()
}
