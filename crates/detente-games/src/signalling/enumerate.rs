//! All equilibria, by who sends which message and which responses follow.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use num_traits::{One, Signed, Zero};

use super::beliefs::{best, deterring, rationalised, with_all};
use super::equilibrium::{Equilibria, Outcome, equilibria};
use super::{Play, Signalling, bits};
use crate::polytope::{Polytope, Q, TooMany, mean};

/// How much work [`enumerate_within`] may do, in counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Patterns (who sends which message, which responses follow each) whose equations are solved; patterns that bounds on payoffs
    /// rule out are not counted, but [`Limits::CHOICES`] times as many choices on the way to patterns are all that is made.
    pub patterns: usize,
    /// Bases visited in one polytope.
    pub bases: usize,
    /// Numbers in all systems of equations that are solved, each as often as it is changed: a measure of time that is the same
    /// everywhere.
    pub work: u64,
}

impl Limits {
    /// Choices (who sends a message, which responses follow it) that may be made for each pattern that may be solved.
    pub const CHOICES: usize = 100;
    /// A game with more types and responses to a message together is given up at once: a table of every subset of the ones with every
    /// subset of the others is made.
    pub const TOGETHER: usize = 16;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            patterns: 200_000,
            bases: 4_000,
            work: 15_000_000,
        }
    }
}

/// All equilibria of `game`, within [`Limits::default`]: sequential equilibria, refined or not.
///
/// # Panics
/// If the shapes of `game` do not fit together or a prior is not above zero.
pub fn enumerate(game: &Signalling) -> Equilibria {
    enumerate_within(game, Limits::default(), &|| true)
}

/// All equilibria of `game` that are found within `limits` and while `go_on`, which is asked at every choice, says so.
/// [`Equilibria::complete`] says whether that was all.
///
/// # Panics
/// If the shapes of `game` do not fit together or a prior is not above zero.
pub fn enumerate_within(game: &Signalling, limits: Limits, go_on: &dyn Fn() -> bool) -> Equilibria {
    game.check();
    let mut search = Search {
        game,
        limits,
        go_on,
        ranks: game.plays.iter().map(|plays| ranked(plays)).collect(),
        tables: Vec::new(),
        senders: vec![0; game.messages.len()],
        supports: vec![0; game.messages.len()],
        patterns: 0,
        choices: 0,
        work: Cell::new(0),
        cells: Cells::default(),
    };
    let complete = search.run().is_ok();
    let (patterns, cells) = (search.patterns, search.cells);
    equilibria(game, cells.components(), complete, patterns)
}

/// What can happen at one message.
struct Table {
    /// For each set of senders that are answered: supports of the receiver that are best under some belief with just them in it; none
    /// before they are asked for.
    sent: Vec<Option<Vec<u32>>>,
    /// Largest sets of best responses if nobody who is answered sends it; empty if there is no receiver.
    unsent: Vec<u32>,
    /// For each type, the rank of the least that the message can pay it; 0 if that is not known.
    least: Vec<u32>,
}

/// A type's payoffs by message and response, as places in their order: comparing them is most of what a search does.
fn ranked(plays: &[Play]) -> Vec<Vec<u32>> {
    let payoffs = |play: &Play| match play {
        Play::Unavailable => Vec::new(),
        Play::Ends { sender, .. } => vec![sender.exact().clone()],
        Play::Answered { sender, .. } => sender.iter().map(|n| n.exact().clone()).collect(),
    };
    let payoffs: Vec<Vec<Q>> = plays.iter().map(payoffs).collect();
    let order: BTreeSet<&Q> = payoffs.iter().flatten().collect();
    let places: BTreeMap<&Q, u32> = order.into_iter().zip(0..).collect();
    payoffs
        .iter()
        .map(|payoffs| payoffs.iter().map(|payoff| places[payoff]).collect())
        .collect()
}

/// A search has been stopped.
struct Stopped;

impl From<TooMany> for Stopped {
    fn from(_: TooMany) -> Self {
        Self
    }
}

struct Search<'a> {
    game: &'a Signalling,
    limits: Limits,
    go_on: &'a dyn Fn() -> bool,
    /// Of each type's payoffs, by message and response, the place in their order.
    ranks: Vec<Vec<Vec<u32>>>,
    tables: Vec<Table>,
    /// For each message, the types that send it.
    senders: Vec<u32>,
    /// For each message, the responses that follow; 0 if nobody who is answered sends it.
    supports: Vec<u32>,
    patterns: usize,
    choices: usize,
    work: Cell<u64>,
    cells: Cells,
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), Stopped> {
        for message in 0..self.game.messages.len() {
            let table = self.table(message)?;
            self.tables.push(table);
        }
        let bounds = vec![(0, u32::MAX); self.game.types.len()];
        self.choose(0, &bounds)
    }

    fn table(&self, message: usize) -> Result<Table, Stopped> {
        let game = self.game;
        let all = game.all_answered(message);
        let responses = game.messages[message].responses.len();
        if game.types.len() + responses > Limits::TOGETHER {
            return Err(Stopped);
        }
        let unsent = if all == 0 {
            Vec::new()
        } else {
            rationalised(game, message, all)
        };
        let possible = unsent.iter().fold(0, |all, support| all | support);
        let least = (0..game.types.len())
            .map(|kind| match &game.plays[kind][message] {
                Play::Unavailable => 0,
                Play::Ends { .. } => self.ranks[kind][message][0],
                Play::Answered { .. } => {
                    let ranks = bits(possible).map(|r| self.ranks[kind][message][r]);
                    ranks.min().unwrap_or(0)
                }
            })
            .collect();
        Ok(Table {
            sent: vec![None; 1 << game.types.len()],
            unsent,
            least,
        })
    }

    /// Supports of the receiver at `message` that are best under some belief with just `senders` in it.
    fn sent(&mut self, message: usize, senders: u32) -> Result<Vec<u32>, Stopped> {
        if let Some(known) = &self.tables[message].sent[senders as usize] {
            return Ok(known.clone());
        }
        let mut supports: Vec<u32> = Vec::new();
        for support in 1..1_u32 << self.game.messages[message].responses.len() {
            // What is best together is best in part, and smaller numbers come before.
            let in_part = |part: u32| part == 0 || supports.contains(&part);
            if !bits(support).all(|response| in_part(support & !(1 << response))) {
                continue;
            }
            let polytope = with_all(self.game, message, senders, support);
            if !polytope.is_empty_while(&|work| self.spend(work).is_ok())? {
                supports.push(support);
            }
        }
        self.tables[message].sent[senders as usize] = Some(supports.clone());
        Ok(supports)
    }

    /// Counts work; there may be no more than is allowed.
    fn spend(&self, work: u64) -> Result<(), Stopped> {
        let spent = self.work.get().saturating_add(work);
        self.work.set(spent);
        if spent > self.limits.work || !(self.go_on)() {
            return Err(Stopped);
        }
        Ok(())
    }

    /// The corners of `polytope`, whose work is counted.
    fn corners(&self, polytope: &Polytope) -> Result<Vec<Vec<Q>>, Stopped> {
        let go_on = |work| self.spend(work).is_ok();
        Ok(polytope.corners_while(self.limits.bases, &go_on)?)
    }

    /// Chooses who sends `message` and what follows, then the same for the messages after it. `bounds` are what each type's
    /// equilibrium payoff lies between, as far as the choices before say.
    fn choose(&mut self, message: usize, bounds: &[(u32, u32)]) -> Result<(), Stopped> {
        let game = self.game;
        self.choices += 1;
        if self.choices / Limits::CHOICES > self.limits.patterns || !(self.go_on)() {
            return Err(Stopped);
        }
        if message == game.messages.len() {
            let all = self.senders.iter().fold(0, |all, senders| all | senders);
            if all.count_ones() as usize == game.types.len() {
                if self.patterns == self.limits.patterns {
                    return Err(Stopped);
                }
                self.patterns += 1;
                self.solve()?;
            }
            return Ok(());
        }
        let answered = game.all_answered(message);
        let available = (0..game.types.len())
            .filter(|&t| game.plays[t][message] != Play::Unavailable)
            .fold(0_u32, |mask, t| mask | 1 << t);
        for senders in 0..=available {
            if senders & available != senders {
                continue;
            }
            let supports = if senders & answered == 0 {
                vec![0]
            } else {
                self.sent(message, senders & answered)?
            };
            for support in supports {
                self.spend(1)?;
                let Some(bounds) = self.narrowed(message, senders, support, bounds) else {
                    continue;
                };
                self.senders[message] = senders;
                self.supports[message] = support;
                self.choose(message + 1, &bounds)?;
            }
        }
        Ok(())
    }

    /// The bounds on payoffs after a choice; `None` if no payoff is left.
    fn narrowed(
        &self,
        message: usize,
        senders: u32,
        support: u32,
        bounds: &[(u32, u32)],
    ) -> Option<Vec<(u32, u32)>> {
        let mut bounds = bounds.to_vec();
        for (kind, (low, high)) in bounds.iter_mut().enumerate() {
            let ranks = &self.ranks[kind][message];
            let (least, most) = match &self.game.plays[kind][message] {
                Play::Unavailable => continue,
                Play::Answered { .. } if support != 0 => {
                    let (mut least, mut most) = (u32::MAX, 0);
                    for response in bits(support) {
                        least = least.min(ranks[response]);
                        most = most.max(ranks[response]);
                    }
                    (least, most)
                }
                Play::Ends { .. } => (ranks[0], ranks[0]),
                Play::Answered { .. } => (self.tables[message].least[kind], u32::MAX),
            };
            *low = least.max(*low);
            if senders >> kind & 1 == 1 {
                *high = most.min(*high);
            }
            if low > high {
                return None;
            }
        }
        Some(bounds)
    }

    /// Adds the cell of the present pattern, if it is not empty.
    fn solve(&mut self) -> Result<(), Stopped> {
        let responses = self.receiver()?;
        if responses.is_empty() {
            return Ok(());
        }
        let weights = self.sender()?;
        if weights.is_empty() {
            return Ok(());
        }
        let game = self.game;
        let mut cell = Vec::new();
        for weights in &weights {
            for responses in &responses {
                let mut outcome = Outcome {
                    weights: weights.clone(),
                    responses: responses.clone(),
                };
                // At a corner a message of the pattern may be sent with probability zero.
                for (m, responses) in outcome.responses.iter_mut().enumerate() {
                    if bits(game.all_answered(m)).all(|t| weights[t][m].is_zero()) {
                        responses.clear();
                    }
                }
                cell.push(self.cells.outcome(outcome));
            }
        }
        self.cells.join(&cell);
        Ok(())
    }

    /// Corners of what types send, as probabilities of type and message; none unless some point has just the pattern's senders.
    fn sender(&self) -> Result<Vec<Vec<Vec<Q>>>, Stopped> {
        let game = self.game;
        let (types, messages) = (game.types.len(), game.messages.len());
        let mut place = vec![vec![usize::MAX; messages]; types];
        let mut variables = 0;
        for (m, &senders) in self.senders.iter().enumerate() {
            for t in bits(senders) {
                place[t][m] = variables;
                variables += 1;
            }
        }
        let mut polytope = Polytope::new(variables);
        for (t, kind) in game.types.iter().enumerate() {
            let terms = place[t].iter().filter(|&&v| v != usize::MAX);
            polytope.equal(
                terms.map(|&v| (v, Q::one())).collect(),
                kind.prior.exact().clone(),
            );
        }
        for (m, &support) in self.supports.iter().enumerate() {
            if support == 0 {
                continue;
            }
            let weights: Vec<(usize, usize)> = bits(self.senders[m] & game.all_answered(m))
                .map(|t| (place[t][m], t))
                .collect();
            best(game, m, &weights, support, &mut polytope);
        }
        let corners = self.corners(&polytope)?;
        if corners.is_empty() || !mean(&corners)[..variables].iter().all(Signed::is_positive) {
            return Ok(Vec::new());
        }
        let spread = |corner: Vec<Q>| {
            let at = |v: &usize| corner.get(*v).cloned().unwrap_or_else(Q::zero);
            place
                .iter()
                .map(|row| row.iter().map(at).collect())
                .collect()
        };
        Ok(corners.into_iter().map(spread).collect())
    }

    /// Corners of the responses to messages that are sent, under which the pattern's senders want to send what they send, and for
    /// which responses to the other messages exist that deter everyone from sending those.
    fn receiver(&self) -> Result<Vec<Vec<Vec<Q>>>, Stopped> {
        let open: Vec<usize> = (0..self.supports.len())
            .filter(|&m| self.supports[m] == 0 && !self.tables[m].unsent.is_empty())
            .collect();
        let alone = self.responses(&self.supports)?;
        let Some(first) = alone.first() else {
            return Ok(Vec::new());
        };
        let payoffs = self.payoffs(first);
        if open.is_empty() || alone.iter().all(|other| self.payoffs(other) == payoffs) {
            // Payoffs are fixed, so each unsent message can be looked at by itself.
            for &m in &open {
                let mut deterred = false;
                for &support in &self.tables[m].unsent {
                    let polytope = deterring(self.game, m, support, &payoffs);
                    if !polytope.is_empty_while(&|work| self.spend(work).is_ok())? {
                        deterred = true;
                        break;
                    }
                }
                if !deterred {
                    return Ok(Vec::new());
                }
            }
            return Ok(alone);
        }
        // Otherwise with every combination of responses to unsent messages.
        let mut found = BTreeSet::new();
        let mut choice = vec![0; open.len()];
        loop {
            let mut supports = self.supports.clone();
            for (&m, &chosen) in open.iter().zip(&choice) {
                supports[m] = self.tables[m].unsent[chosen];
            }
            for mut corner in self.responses(&supports)? {
                for &m in &open {
                    corner[m].clear();
                }
                found.insert(corner);
            }
            if !(self.go_on)() {
                return Err(Stopped);
            }
            let Some(next) =
                (0..open.len()).find(|&i| choice[i] + 1 < self.tables[open[i]].unsent.len())
            else {
                break;
            };
            choice[next] += 1;
            choice[..next].fill(0);
        }
        Ok(found.into_iter().collect())
    }

    /// Corners of the responses within `supports` under which the senders want to send what they send; messages with an empty support
    /// are left out of account. None unless some point has just the supports of the pattern.
    fn responses(&self, supports: &[u32]) -> Result<Vec<Vec<Vec<Q>>>, Stopped> {
        let game = self.game;
        let mut start = Vec::with_capacity(supports.len());
        let mut variables = 0;
        for support in supports {
            start.push(variables);
            variables += support.count_ones() as usize;
        }
        let mut polytope = Polytope::new(variables);
        for (m, support) in supports.iter().enumerate() {
            let size = support.count_ones() as usize;
            if size > 0 {
                polytope.equal(
                    (start[m]..start[m] + size).map(|v| (v, Q::one())).collect(),
                    Q::one(),
                );
            }
        }
        for (t, plays) in game.plays.iter().enumerate() {
            // What a message pays as a linear expression; `None` if it is left out of account.
            let expression = |m: usize| match &plays[m] {
                Play::Unavailable => None,
                Play::Ends { sender, .. } => Some((Vec::new(), sender.exact().clone())),
                Play::Answered { .. } if supports[m] == 0 => None,
                Play::Answered { sender, .. } => Some((
                    bits(supports[m])
                        .enumerate()
                        .map(|(i, r)| (start[m] + i, sender[r].exact().clone()))
                        .collect::<Vec<_>>(),
                    Q::zero(),
                )),
            };
            let sends = |m: usize| self.senders[m] >> t & 1 == 1;
            let own = (0..plays.len())
                .find(|&m| sends(m))
                .expect("every type sends a message");
            let (own_terms, own_constant) = expression(own).expect("a sent message is answered");
            for m in 0..plays.len() {
                if m == own {
                    continue;
                }
                let Some((mut terms, constant)) = expression(m) else {
                    continue;
                };
                terms.extend(own_terms.iter().map(|(v, c)| (*v, -c)));
                let right = &own_constant - constant;
                if sends(m) {
                    polytope.equal(terms, right);
                } else {
                    polytope.at_most(terms, right);
                }
            }
        }
        let corners = self.corners(&polytope)?;
        if corners.is_empty() {
            return Ok(Vec::new());
        }
        let inside = mean(&corners);
        let within = |m: usize| {
            let size = supports[m].count_ones() as usize;
            inside[start[m]..start[m] + size]
                .iter()
                .all(Signed::is_positive)
        };
        if !(0..supports.len()).all(|m| self.supports[m] == 0 || within(m)) {
            return Ok(Vec::new());
        }
        let spread = |corner: Vec<Q>| {
            (0..supports.len())
                .map(|m| {
                    if supports[m] == 0 {
                        return Vec::new();
                    }
                    let mut all = vec![Q::zero(); game.messages[m].responses.len()];
                    for (i, r) in bits(supports[m]).enumerate() {
                        all[r] = corner[start[m] + i].clone();
                    }
                    all
                })
                .collect()
        };
        Ok(corners.into_iter().map(spread).collect())
    }

    /// What each type gets from a message that it sends.
    fn payoffs(&self, responses: &[Vec<Q>]) -> Vec<Q> {
        (0..self.game.types.len())
            .map(|t| {
                let own = (0..self.senders.len())
                    .find(|&m| self.senders[m] >> t & 1 == 1)
                    .expect("every type sends a message");
                let worth = self.game.worth(t, own, &responses[own]);
                worth.expect("available").0
            })
            .collect()
    }
}

/// Outcomes, and which of them are corners of the same cell.
#[derive(Default)]
struct Cells {
    numbers: BTreeMap<Outcome, usize>,
    /// For each outcome, another one of the same component or itself.
    next: Vec<usize>,
}

impl Cells {
    fn outcome(&mut self, outcome: Outcome) -> usize {
        let number = self.next.len();
        let number = *self.numbers.entry(outcome).or_insert(number);
        if number == self.next.len() {
            self.next.push(number);
        }
        number
    }

    fn root(&self, mut number: usize) -> usize {
        while self.next[number] != number {
            number = self.next[number];
        }
        number
    }

    fn join(&mut self, cell: &[usize]) {
        for pair in cell.windows(2) {
            let (a, b) = (self.root(pair[0]), self.root(pair[1]));
            self.next[a.max(b)] = a.min(b);
        }
    }

    /// The components, in the order in which they were found, and in each the corners likewise.
    fn components(mut self) -> Vec<Vec<Outcome>> {
        let mut outcomes: Vec<(usize, Outcome)> = std::mem::take(&mut self.numbers)
            .into_iter()
            .map(|(outcome, number)| (number, outcome))
            .collect();
        outcomes.sort_by_key(|(number, _)| *number);
        let mut components: BTreeMap<usize, Vec<Outcome>> = BTreeMap::new();
        for (number, outcome) in outcomes {
            components
                .entry(self.root(number))
                .or_default()
                .push(outcome);
        }
        components.into_values().collect()
    }
}
