//! Names: what the case defines, and references to it.

use detente_diag::{Code, Diagnostic, Diagnostics, Span};

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
    pub(super) fn of(
        what: impl Into<String>,
        tree: Option<&Tree>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut names = Self {
            what: what.into(),
            list: Vec::new(),
        };
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
                Diagnostic::new(Code::BAD_NAME, format!("`{}` cannot be the name of {}", key.text, self.one()))
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
            self.unknown(text, tree.span, diagnostics);
        }
        found
    }

    /// The place of the name that a key gives; an unknown one is reported.
    pub(super) fn resolve_key(&self, key: &Key, diagnostics: &mut Diagnostics) -> Option<usize> {
        let found = self.find(&key.text);
        if found.is_none() {
            self.unknown(&key.text, key.span, diagnostics);
        }
        found
    }

    /// The places of the names in a list, each once; a name that stands there again is reported.
    pub(super) fn resolve_all(
        &self,
        tree: Option<&Tree>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for item in tree.map_or(&[][..], Tree::items) {
            let Some(place) = self.resolve(item, diagnostics) else {
                continue;
            };
            if found.contains(&place) {
                let message = format!("`{}` is named twice in this list", self.list[place]);
                let fault = Diagnostic::new(Code::NAMED_TWICE, message);
                diagnostics.push(fault.at(item.span, "again").help("name it once"));
                continue;
            }
            found.push(place);
        }
        found
    }

    /// The places of the names in a list as they stand there, repetitions too.
    pub(super) fn resolve_each(&self, tree: &Tree, diagnostics: &mut Diagnostics) -> Vec<usize> {
        let items = tree.items().iter();
        items
            .filter_map(|item| self.resolve(item, diagnostics))
            .collect()
    }

    fn unknown(&self, name: &str, at: Span, diagnostics: &mut Diagnostics) {
        let message = match self.what.split_once(" of ") {
            Some((what, owner)) => format!("{owner} has no {what} `{name}`"),
            None => format!("there is no {} `{name}`", self.what),
        };
        let fault = Diagnostic::new(Code::UNKNOWN_NAME, message).at(at, "not defined");
        match (self.list.is_empty(), self.what.as_str()) {
            (false, _) => {
                diagnostics.push(fault.suggest(name, self.list.iter().map(String::as_str)));
            }
            (true, "source") => diagnostics.push(fault.help(format!(
                "the case has no sources yet: add a table [source.{name}]"
            ))),
            (true, "nest") => diagnostics.push(fault.help(format!(
                "the contest has no nests yet: add a table [contest.nest.{name}]"
            ))),
            // That the case lacks parties or issues, or an issue its options, is reported where it lacks them.
            (true, _) => {}
        }
    }

    /// "a party", "an issue".
    fn one(&self) -> String {
        let article = if self.what.starts_with(['e', 'i', 'o']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {}", self.what)
    }
}
