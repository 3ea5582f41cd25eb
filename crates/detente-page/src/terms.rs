//! Words that follow the model, or are the case's own, as they stand in sentences.

use detente_core::{Setting, Term};

use crate::words::capitalised;

/// What things are called in a case: the words of [`detente_core::TERMS`], and what sentences make of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms<'a> {
    /// "what … is worth".
    pub no_deal: &'a str,
    /// "what … is worth": V, that nothing is agreed and no lever is pulled besides those that run now.
    pub going_on: &'a str,
    /// "would the … last".
    pub deal: &'a str,
    /// "a later …".
    pub breach: &'a str,
    /// "… are not counted".
    pub breaches: &'a str,
    /// "The north …".
    pub breaks: &'a str,
    /// "… at the best date is worth".
    pub breaking: &'a str,
    /// "what the … of a side become after a deal".
    pub forces: &'a str,
    /// "the … resumes"; empty without a contest, as are the two that follow.
    pub contest: &'a str,
    /// "the … goes on".
    pub fighting: &'a str,
    /// "… that is not from these talks".
    pub armistice: &'a str,
}

impl<'a> Terms<'a> {
    pub(crate) fn of(setting: &'a Setting) -> Self {
        Self {
            no_deal: setting.word(Term::NoDeal),
            going_on: setting.word(Term::GoingOn),
            deal: setting.word(Term::Deal),
            breach: setting.word(Term::Breach),
            breaches: setting.word(Term::Breaches),
            breaks: setting.word(Term::Breaks),
            breaking: setting.word(Term::Breaking),
            forces: setting.word(Term::Forces),
            contest: setting.word(Term::Contest),
            fighting: setting.word(Term::Fighting),
            armistice: setting.word(Term::Armistice),
        }
    }

    /// Heading of what may follow a deal.
    pub(crate) fn lasting(&self) -> String {
        format!("Would the {} last?", self.deal)
    }

    /// "Of 100 deals, … within five years".
    pub(crate) fn resumes(&self) -> String {
        self.of_resuming("resumes", "breaks down")
    }

    /// "… so many months after the deal".
    pub(crate) fn has_resumed(&self) -> String {
        self.of_resuming("has resumed", "has broken down")
    }

    /// Its contrary.
    pub(crate) fn still_stands(&self) -> String {
        self.of_resuming("has not resumed", "still stands")
    }

    /// Head of a column that counts months after it.
    pub(crate) fn column(&self) -> String {
        if self.contest.is_empty() {
            "Broken in".to_owned()
        } else {
            format!("{} in", capitalised(self.contest))
        }
    }

    /// An end of a contest that neither side wins.
    pub(crate) fn other_end(&self) -> String {
        format!("{} that is not from these talks", self.armistice)
    }

    fn of_resuming(&self, contest: &str, deal: &str) -> String {
        if self.contest.is_empty() {
            format!("the {} {deal}", self.deal)
        } else {
            format!("the {} {contest}", self.contest)
        }
    }
}

/// What a package is held against: N, what refusing is worth. That is no deal, which has its own word, unless a refusal may trigger levers.
pub(crate) fn refusing(setting: &Setting) -> &str {
    if setting.has_levers_of_refusal() {
        "refusing"
    } else {
        Terms::of(setting).going_on
    }
}

/// The unit of a number in a case: what counts the line there has a name of its own.
pub fn unit_in<'a>(unit: &'a str, setting: &'a Setting) -> &'a str {
    match (unit, &setting.contest) {
        ("line", Some(contest)) => &contest.unit,
        _ => unit,
    }
}
