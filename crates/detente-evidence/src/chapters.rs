//! What each lens has to report of a run: a file a lens, and nothing in it but data and what can be read off that data alone.

pub mod alternative;
pub mod beliefs;
pub mod durability;
pub mod leverage;
pub mod settlement;
pub mod stability;
pub mod talks;
pub mod veto;

use crate::Lack;

/// What a lens has to report.
#[derive(Clone, Debug)]
pub enum Chapter<T> {
    /// The case has nothing of this kind.
    Nothing,
    /// It should be there and is not.
    Lacking(Lack),
    /// What was found.
    Told(T),
}

impl<T> Chapter<T> {
    /// What was found, if it was.
    pub fn told(&self) -> Option<&T> {
        match self {
            Chapter::Told(told) => Some(told),
            Chapter::Nothing | Chapter::Lacking(_) => None,
        }
    }

    fn is_present(&self) -> bool {
        !matches!(self, Chapter::Nothing)
    }
}

/// What lenses have to report.
#[derive(Clone, Debug)]
pub struct Chapters {
    /// What happens without a deal.
    pub alternative: Chapter<alternative::NoDeal>,
    /// What parties agree to.
    pub settlement: settlement::Settlement,
    /// What threats and promises would do.
    pub leverage: Chapter<leverage::Leverage>,
    /// Who misreads whom.
    pub beliefs: Chapter<beliefs::Beliefs>,
    /// If some settle over another's head.
    pub veto: Chapter<veto::Veto>,
    /// Would the peace last?
    pub durability: Chapter<durability::Durability>,
    /// Would anybody leave a package once it is signed?
    pub stability: Chapter<stability::Stability>,
    /// How does the negotiation go when it is played?
    pub talks: Chapter<talks::Talks>,
}

impl Chapters {
    /// The lenses beside no deal and settlement, which every report has, whose chapter is there or should be, in the order of the page.
    pub fn present(&self) -> Vec<&'static str> {
        let present = self.beside().into_iter().filter(|(_, present)| *present);
        present.map(|(lens, _)| lens).collect()
    }

    /// Does the case hold nothing that this lens could have reported, beside no deal and settlement, which every report has?
    pub fn has_nothing_for(&self, lens: &str) -> bool {
        let mut all = self.beside().into_iter();
        all.any(|(id, present)| id == lens && !present)
    }

    fn beside(&self) -> [(&'static str, bool); 6] {
        [
            ("leverage", self.leverage.is_present()),
            ("beliefs", self.beliefs.is_present()),
            ("veto", self.veto.is_present()),
            ("durability", self.durability.is_present()),
            ("stability", self.stability.is_present()),
            ("talks", self.talks.is_present()),
        ]
    }
}
