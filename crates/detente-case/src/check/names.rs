//! Names: what the case defines, and references to it.

use detente_diag::{Code, Diagnostic, Diagnostics};

use crate::{Key, Tree};

/// Names of one kind, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What they name, in messages: "party", "option of `border`".
    pub(super) what: String,
    pub(super) list: Vec<String>,
}

impl Names {
    /// The keys of a table of definitions; bad ones are reported.
    pub(super) fn of(what: impl Into<String>, tree: Option<&Tree>, diagnostics: &mut Diagnostics) -> Self {
        let mut names = Self { what: what.into(), list: Vec::new() };
        for (key, _) in tree.map_or(&[][..], Tree::entries) {
            names.check(key, diagnostics);
            names.list.push(key.text.clone());
        }
        names
    }

    fn check(&self, key: &Key, diagnostics: &mut Diagnostics) {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if key.text.is_empty() || !key.text.chars().all(good) {
            diagnostics.push(
                Diagnostic::new(Code::BAD_NAME, format!("`{}` cannot be the name of a {}", key.text, self.what))
                    .at(key.span, "here")
                    .help("names use the letters a to z, digits, _ and -; put any other text under `name`"),
            );
        }
    }

    /// The place of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|known| known == name)
    }

    /// The place of the name that a text gives; an unknown one is reported.
    pub(super) fn resolve(&self, tree: &Tree, diagnostics: &mut Diagnostics) -> Option<usize> {
        let text = tree.text()?;
        let found = self.find(text);
        if found.is_none() {
            diagnostics.push(self.unknown(text).at(tree.span, "not defined").suggest(text, self.iter()));
        }
        found
    }

    /// The place of the name that a key gives; an unknown one is reported.
    pub(super) fn resolve_key(&self, key: &Key, diagnostics: &mut Diagnostics) -> Option<usize> {
        let found = self.find(&key.text);
        if found.is_none() {
            diagnostics.push(self.unknown(&key.text).at(key.span, "not defined").suggest(&key.text, self.iter()));
        }
        found
    }

    /// The places of the names in a list.
    pub(super) fn resolve_all(&self, tree: Option<&Tree>, diagnostics: &mut Diagnostics) -> Vec<usize> {
        let items = tree.map_or(&[][..], Tree::items);
        items.iter().filter_map(|item| self.resolve(item, diagnostics)).collect()
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        Diagnostic::new(Code::UNKNOWN_NAME, format!("there is no {} `{name}`", self.what))
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }
}
