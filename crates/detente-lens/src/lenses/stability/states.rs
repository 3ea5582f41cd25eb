//! The graph of a named package: which clauses are withheld, by whom the deal was ended, and who can change that.

use detente_core::asks::{MOST_CLAUSES, signing};
use detente_core::{NamedPackage, Setting};

use super::graph::{Graph, Move};

/// What somebody performs: the party, by its place among the movers, and the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) mover: usize,
    pub(super) issue: usize,
}

/// The states of a named package and the moves between them. The first state is the package itself.
#[derive(Debug)]
pub(super) struct States {
    /// Parties that the package needs.
    pub(super) movers: Vec<usize>,
    /// Those of them, by place among the movers, that can end the deal.
    pub(super) enders: Vec<usize>,
    pub(super) clauses: Vec<Clause>,
    /// What is performed in some state, each package once.
    pub(super) packages: Vec<Vec<u8>>,
    /// States in which the deal stands: which clauses are withheld, one bit each, and what is performed, by its place.
    pub(super) standing: Vec<(usize, usize)>,
    pub(super) graph: Graph,
}

/// What a move from the package itself does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Withholds the clause of an issue.
    Withhold(usize),
    /// Ends the deal.
    End,
}

impl States {
    /// `None` if there are too many clauses.
    pub(super) fn of(setting: &Setting, package: &NamedPackage) -> Option<Self> {
        let movers: Vec<usize> = package.needed.iter().collect();
        let signing = signing(setting, package);
        let enders = (0..movers.len()).filter(|m| signing.contains(movers[*m]));
        let mut states = Self {
            enders: enders.collect(),
            clauses: clauses(setting, package, &movers),
            movers,
            packages: Vec::new(),
            standing: Vec::new(),
            graph: Graph::default(),
        };
        if states.clauses.len() > MOST_CLAUSES {
            return None;
        }
        // By set of withheld clauses: its state.
        let mut place = vec![None; 1 << states.clauses.len()];
        for (withheld, place) in place.iter_mut().enumerate() {
            let performed = states.performed(setting, package, withheld);
            if withheld == 0 || setting.allows(&performed) {
                *place = Some(states.standing.len());
                let known = states.packages.iter().position(|known| *known == performed);
                let known = known.unwrap_or_else(|| {
                    states.packages.push(performed);
                    states.packages.len() - 1
                });
                states.standing.push((withheld, known));
            }
        }
        let standing = states.standing.iter().enumerate();
        let moves = standing.map(|(from, (withheld, _))| {
            let switched = states.clauses.iter().enumerate().filter_map(|(c, clause)| {
                let (mover, to) = (clause.mover, place[withheld ^ (1 << c)]?);
                Some(Move { mover, to })
            });
            let ended = states.enders.iter().enumerate().map(|(e, mover)| Move {
                mover: *mover,
                to: states.ended(from, e),
            });
            switched.chain(ended).collect()
        });
        let moves: Vec<Vec<Move>> = moves.collect();
        // Nobody moves on from a deal that is ended.
        let ended = moves.len() * states.enders.len();
        let moves = moves.into_iter().chain((0..ended).map(|_| Vec::new()));
        states.graph = Graph::new(states.movers.len(), moves);
        Some(states)
    }

    /// The state in which an ender, by its place, has ended the deal while it stood in some state.
    pub(super) fn ended(&self, standing: usize, ender: usize) -> usize {
        self.standing.len() + standing * self.enders.len() + ender
    }

    /// What was performed when the deal was ended in a state, by its place, and the place of who ended it.
    pub(super) fn was(&self, ended: usize) -> (usize, usize) {
        let place = ended - self.standing.len();
        let (standing, ender) = (place / self.enders.len(), place % self.enders.len());
        (self.standing[standing].1, ender)
    }

    /// What a move from the package itself to a state does.
    pub(super) fn step(&self, to: usize) -> Step {
        match self.standing.get(to) {
            Some((withheld, _)) => {
                Step::Withhold(self.clauses[withheld.trailing_zeros() as usize].issue)
            }
            None => Step::End,
        }
    }

    /// What is performed with some clauses withheld: an issue stays at its status quo if any of its performers withholds.
    fn performed(&self, setting: &Setting, package: &NamedPackage, withheld: usize) -> Vec<u8> {
        let mut performed = package.choice.clone();
        for (c, clause) in self.clauses.iter().enumerate() {
            if withheld >> c & 1 == 1 {
                performed[clause.issue] = setting.issues[clause.issue].status_quo;
            }
        }
        performed
    }
}

/// What the parties that a package needs perform of it. What holds anyway is nobody's to withhold.
fn clauses(setting: &Setting, package: &NamedPackage, movers: &[usize]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let taken = setting.issues.iter().zip(&package.choice).enumerate();
    for (issue, (k, option)) in taken.filter(|(_, (k, option))| k.status_quo != **option) {
        let performers = k.options[*option as usize].performers;
        let own = movers.iter().enumerate();
        let own = own.filter(|(_, party)| performers.contains(**party));
        clauses.extend(own.map(|(mover, _)| Clause { mover, issue }));
    }
    clauses
}
