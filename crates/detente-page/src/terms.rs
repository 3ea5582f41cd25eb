//! Words that follow the model: only a contest speaks of war, fighting and attacks.

use detente_core::Setting;

/// What things are called in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Heading of what may follow a deal.
    pub lasting: &'static str,
    /// "Of 100 deals, … within five years".
    pub resumes: &'static str,
    /// "… so many months after the deal".
    pub has_resumed: &'static str,
    /// Its contrary.
    pub still_stands: &'static str,
    /// Head of a column that counts months after it.
    pub column: &'static str,
    /// "The north …".
    pub attacks: &'static str,
    /// "… at the best date is worth".
    pub attacking: &'static str,
    /// "…, by whom".
    pub an_attack: &'static str,
    /// "… are not counted".
    pub attacks_noun: &'static str,
    /// "what … is worth": V, that nothing is agreed and no lever is pulled besides those that run now.
    pub going_on: &'static str,
    /// "… of this deal".
    pub peace: &'static str,
    /// "what … is worth".
    pub no_deal: &'static str,
    /// "keeps the type from …".
    pub powell: &'static str,
    /// "what happened after other …".
    pub others: &'static str,
    /// "by a later …".
    pub later: &'static str,
    /// "separation of the …".
    pub apart: &'static str,
    /// "what the … of a side become after a deal".
    pub forces: &'static str,
    /// "the months in which a side …".
    pub rebuilds: &'static str,
}

const WAR: Terms = Terms {
    lasting: "Would the peace last?",
    resumes: "war resumes",
    has_resumed: "war has resumed",
    still_stands: "war has not resumed",
    column: "War in",
    attacks: "attacks",
    attacking: "attacking",
    an_attack: "an attack",
    attacks_noun: "attacks",
    going_on: "fighting on",
    peace: "peace",
    no_deal: "war",
    powell: "fighting first",
    others: "wars",
    later: "attack",
    apart: "forces",
    forces: "forces",
    rebuilds: "refills its forces",
};

const NO_WAR: Terms = Terms {
    lasting: "Would a deal last?",
    resumes: "the deal breaks down",
    has_resumed: "the deal has broken down",
    still_stands: "the deal still stands",
    column: "Broken in",
    attacks: "breaks it",
    attacking: "breaking it",
    an_attack: "a breach on purpose",
    attacks_noun: "breaches on purpose",
    going_on: "no deal",
    peace: "deal",
    no_deal: "no deal",
    powell: "breaking it",
    others: "deals",
    later: "breach",
    apart: "parties",
    forces: "means",
    rebuilds: "gathers new means",
};

impl Terms {
    pub(crate) fn of(setting: &Setting) -> Self {
        if setting.contest.is_some() {
            WAR
        } else {
            NO_WAR
        }
    }
}

/// What a package is held against: N, what refusing is worth. That is no deal, which has its own word, unless a refusal may trigger levers.
pub(crate) fn refusing(setting: &Setting) -> &'static str {
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
