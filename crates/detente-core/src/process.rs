//! No deal as a chain of states that rates lead between: a strike, sanctions, a trial.

use crate::PartySet;

/// A state of a process or an end of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessState {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// The package that it is like, where it is worth what a package is; a worth in points goes before.
    pub like: Option<Vec<u8>>,
    /// Is a final deal in force in it, to which a deal that lapses may lead on?
    pub deal: bool,
}

/// Where a move of a process leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessPlace {
    /// A state, which may be left again.
    State(usize),
    /// An end, which lasts for ever.
    End(usize),
}

/// A move from a state to another or to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessMove {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// The state that it leaves.
    pub from: usize,
    /// Where it leads.
    pub to: ProcessPlace,
    /// Whose move it is: one party's or that of several together; nobody's where it comes by itself or from outside of the talks.
    pub by: PartySet,
    /// Identifiers of its later rates, in the order of `MoveNumbers::later`.
    pub later: Vec<String>,
}

/// What happens without a deal, as states, ends and moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessSetting {
    /// The state that no deal begins in.
    pub today: usize,
    /// The state that follows a deal which breaks down.
    pub resumes: usize,
    /// States.
    pub states: Vec<ProcessState>,
    /// Ends.
    pub ends: Vec<ProcessState>,
    /// Moves.
    pub moves: Vec<ProcessMove>,
    /// Moves about whose rates somebody holds a belief of its own, in the order of `TypeNumbers::believes_rates`.
    pub believed: Vec<usize>,
}

/// Changes of a process that come later than this month are not followed: they never come.
pub const LAST_CHANGE: f64 = 600.0;

impl ProcessSetting {
    /// Is it said of some move to an end whose it is? Where not, nobody can say who is compelled.
    pub fn says_who_ends_it(&self) -> bool {
        let mut ending = self.moves.iter();
        ending.any(|own| own.by != PartySet::default() && matches!(own.to, ProcessPlace::End(_)))
    }

    /// Is a final deal in force in this place?
    pub fn is_deal(&self, place: ProcessPlace) -> bool {
        self.at(place).deal
    }

    /// Is a final deal in force in any state or end?
    pub fn has_deals(&self) -> bool {
        self.states.iter().chain(&self.ends).any(|place| place.deal)
    }

    /// By move: the end that it brings about if somebody other than `party` has a part in it.
    pub fn ended_by_others(&self, party: usize) -> impl Iterator<Item = Option<usize>> {
        self.moves.iter().map(move |own| match own.to {
            ProcessPlace::End(end) => {
                let others = own.by.without(PartySet::one(party));
                (others != PartySet::default()).then_some(end)
            }
            ProcessPlace::State(_) => None,
        })
    }

    /// The state or the end of a place.
    pub fn at(&self, place: ProcessPlace) -> &ProcessState {
        match place {
            ProcessPlace::State(s) => &self.states[s],
            ProcessPlace::End(e) => &self.ends[e],
        }
    }
}
