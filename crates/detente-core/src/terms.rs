//! What a case calls things: words that follow from what happens without a deal, or the case's own.
//!
//! Only a contest speaks of war, fighting and attacks. Every word that a report chooses by what no deal is stands in [`TERMS`].

use crate::Setting;

/// A thing that a case may have its own word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// That there is no deal.
    NoDeal,
    /// What whoever takes no deal does.
    GoingOn,
    /// What lasts once it is signed.
    Deal,
    /// That it is broken on purpose.
    Breach,
    /// Several of these.
    Breaches,
    /// What whoever breaks it does.
    Breaks,
    /// Doing so.
    Breaking,
    /// What a side brings to bear.
    Forces,
    /// What goes on without a deal, and resumes after one.
    Contest,
    /// What is done in it.
    Fighting,
    /// Its end without a winner, and not by these talks.
    Armistice,
}

/// A term of the language.
#[derive(Clone, Copy, Debug)]
pub struct TermSpec {
    /// The thing.
    pub term: Term,
    /// Its key under `[terms]`.
    pub key: &'static str,
    /// The word where no deal is a contest.
    pub in_contest: &'static str,
    /// The word elsewhere; `None`: the thing is there in a contest alone.
    pub elsewhere: Option<&'static str>,
    /// What it is, and how it stands in sentences.
    pub doc: &'static str,
}

const fn term(
    term: Term,
    key: &'static str,
    in_contest: &'static str,
    elsewhere: Option<&'static str>,
    doc: &'static str,
) -> TermSpec {
    TermSpec {
        term,
        key,
        in_contest,
        elsewhere,
        doc,
    }
}

/// Every term, in the order of [`Term`].
pub const TERMS: [TermSpec; 11] = [
    term(
        Term::NoDeal,
        "no_deal",
        "no deal",
        Some("no deal"),
        "that there is no deal, as in “what … is worth”",
    ),
    term(
        Term::GoingOn,
        "going_on",
        "fighting on",
        Some("no deal"),
        "what whoever takes no deal does, as in “prefers … to any package”; without a contest it is what no_deal says",
    ),
    term(
        Term::Deal,
        "deal",
        "peace",
        Some("deal"),
        "what may last, as in “Would the … last?”",
    ),
    term(
        Term::Breach,
        "breach",
        "attack",
        Some("breach"),
        "that it is broken on purpose, as in “a later …”",
    ),
    term(
        Term::Breaches,
        "breaches",
        "attacks",
        Some("breaches on purpose"),
        "several of these, as in “shares of …”",
    ),
    term(
        Term::Breaks,
        "breaks",
        "attacks",
        Some("breaks it"),
        "what whoever breaks it does, as in “North … on purpose”",
    ),
    term(
        Term::Breaking,
        "breaking",
        "attacking",
        Some("breaking it"),
        "doing so, as in “what … is worth”",
    ),
    term(
        Term::Forces,
        "forces",
        "forces",
        Some("means"),
        "what a side brings to bear, as in “the … of a side”",
    ),
    term(
        Term::Contest,
        "contest",
        "war",
        None,
        "what goes on without a deal and resumes after one, as in “the … resumes”",
    ),
    term(
        Term::Fighting,
        "fighting",
        "fighting",
        None,
        "what is done in it, as in “the … goes on”",
    ),
    term(
        Term::Armistice,
        "armistice",
        "an armistice",
        None,
        "its end without a winner, as in “… that is not from these talks”",
    ),
];

impl Setting {
    /// What the case calls it: its own word, or the one that follows from what happens without a deal.
    pub fn word(&self, term: Term) -> &str {
        let stated = |term: Term| self.terms.iter().find(|(of, _)| *of == term);
        let spec = &TERMS[term as usize];
        match (stated(term), self.contest.is_some()) {
            (Some((_, word)), _) => word,
            (None, true) => spec.in_contest,
            (None, false) if term == Term::GoingOn => self.word(Term::NoDeal),
            (None, false) => spec.elsewhere.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TERMS, Term};
    use crate::Setting;

    #[test]
    fn every_term_has_a_row_of_its_own() {
        for (place, spec) in TERMS.iter().enumerate() {
            assert_eq!(spec.term as usize, place, "{}", spec.key);
        }
    }

    #[test]
    fn a_case_has_its_own_word_or_that_of_its_kind() {
        let mut setting = Setting::default();
        assert_eq!(setting.word(Term::GoingOn), "no deal");
        assert_eq!(setting.word(Term::Contest), "");
        setting.terms = vec![(Term::NoDeal, "a strike".to_owned())];
        assert_eq!(setting.word(Term::NoDeal), "a strike");
        // Whoever takes no deal is where there is none.
        assert_eq!(setting.word(Term::GoingOn), "a strike");
        assert_eq!(setting.word(Term::Breaks), "breaks it");
        setting
            .terms
            .push((Term::GoingOn, "staying out".to_owned()));
        assert_eq!(setting.word(Term::GoingOn), "staying out");
    }
}
