//! The graph model of a conflict (Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993): states, who can move from which to which, and
//! what each state is worth to each mover. Knows nothing of packages.

use detente_core::asks::FLAT;

/// A unilateral move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    /// Who moves.
    pub(crate) mover: usize,
    /// Where to.
    pub(crate) to: usize,
}

/// States and moves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    movers: usize,
    /// Moves, state by state, and where each state's begin.
    moves: Vec<Move>,
    first: Vec<usize>,
}

/// Is the first worth more than the second? What is never accepted is worth less than all else, and less than itself to nobody.
pub(crate) fn is_more(worth: f64, than: f64) -> bool {
    worth > than + FLAT
}

/// What a state is worth to a mover: asked as far as moves lead, since states may be many.
pub(crate) type Worth<'a> = &'a dyn Fn(usize, usize) -> f64;

/// Room that is re-used from question to question.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// By state and by who moved there: the question in which that was met last.
    met: Vec<u32>,
    question: u32,
    /// States to go on from, each with who moved there.
    open: Vec<(usize, usize)>,
}

impl Graph {
    /// Lays out the moves of all states, in their order.
    pub(crate) fn new(movers: usize, moves: impl IntoIterator<Item = Vec<Move>>) -> Self {
        let mut graph = Self {
            movers,
            ..Self::default()
        };
        graph.first.push(0);
        for of_state in moves {
            graph.moves.extend(of_state);
            graph.first.push(graph.moves.len());
        }
        graph
    }

    /// How many states there are.
    pub(crate) fn states(&self) -> usize {
        self.first.len() - 1
    }

    /// All moves from a state.
    pub(crate) fn moves(&self, state: usize) -> &[Move] {
        &self.moves[self.first[state]..self.first[state + 1]]
    }

    /// Unilateral improvements of a mover from a state.
    pub(crate) fn improvements<'a>(
        &'a self,
        mover: usize,
        state: usize,
        worth: Worth<'a>,
    ) -> impl Iterator<Item = usize> + 'a {
        let own = self.moves(state).iter().filter(move |m| m.mover == mover);
        own.map(|m| m.to)
            .filter(move |to| is_more(worth(mover, *to), worth(mover, state)))
    }

    /// Can the others answer a mover's step from one state to another so that it ends up in what it does not prefer to the first? They take one
    /// step after the other, nobody two in a row, each an improvement for who takes it.
    pub(crate) fn is_sanctioned(
        &self,
        mover: usize,
        (from, to): (usize, usize),
        worth: Worth,
        room: &mut Room,
    ) -> bool {
        let nobody = self.movers;
        room.start(self.states() * self.movers);
        room.open.push((to, nobody));
        while let Some((state, last)) = room.open.pop() {
            for step in self.moves(state) {
                let by = step.mover;
                if by == mover || by == last || !is_more(worth(by, step.to), worth(by, state)) {
                    continue;
                }
                if !is_more(worth(mover, step.to), worth(mover, from)) {
                    return true;
                }
                if room.is_new(step.to * self.movers + by) {
                    room.open.push((step.to, by));
                }
            }
        }
        false
    }
}

impl Room {
    fn start(&mut self, places: usize) {
        self.open.clear();
        if self.met.len() < places || self.question == u32::MAX {
            self.met.clear();
            self.met.resize(places, 0);
            self.question = 0;
        }
        self.question += 1;
    }

    /// Is it met for the first time in this question?
    fn is_new(&mut self, place: usize) -> bool {
        let new = self.met[place] != self.question;
        self.met[place] = self.question;
        new
    }
}
