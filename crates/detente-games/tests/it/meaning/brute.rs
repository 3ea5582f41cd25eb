//! Games by definition, in exact numbers, from what a [`Game`] states alone.

use detente_games::{Game, Kind};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

pub(super) type Q = BigRational;

/// Pure profiles that are gone through, and pure strategies of one player.
const PROFILES: usize = 4_096;
const REPLIES: usize = 256;

/// A game with what is needed at every step.
pub(super) struct Definition<'g> {
    game: &'g Game,
    /// For each node, the probability of the branch of chance that leads to it; one where a player moved.
    chance: Vec<Q>,
    /// For each node, the game-wide action that leads to it.
    action: Vec<Option<usize>>,
    /// For each node, what is paid on the way there, itself included.
    paid: Vec<Vec<Q>>,
    /// For each player, its largest payoff, sign aside; 1 if that is less.
    pub(super) size: Vec<f64>,
}

pub(super) fn to_f64(q: &Q) -> f64 {
    q.to_f64().expect("a number")
}

impl<'g> Definition<'g> {
    pub(super) fn new(game: &'g Game) -> Self {
        let nodes = game.nodes();
        let players = game.players.len();
        let mut definition = Self {
            game,
            chance: vec![Q::one(); nodes.len()],
            action: vec![None; nodes.len()],
            paid: vec![vec![Q::zero(); players]; nodes.len()],
            size: vec![0.0; players],
        };
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                let parent = node.parent as usize;
                let before = definition.paid[parent].clone();
                definition.paid[index] = before;
                match nodes[parent].kind {
                    Kind::Chance(set) => {
                        let set = &game.chances()[set as usize];
                        definition.chance[index] = set.chance[node.branch as usize].exact().clone();
                    }
                    Kind::Personal(set) => {
                        let set = &game.sets()[set as usize];
                        definition.action[index] = Some((set.first_action + node.branch) as usize);
                    }
                    Kind::Terminal => unreachable!(),
                }
            }
            if let Some(outcome) = node.outcome {
                let payoffs = &game.outcomes()[outcome as usize].payoffs;
                for (sum, payoff) in definition.paid[index].iter_mut().zip(payoffs) {
                    *sum += payoff.exact();
                }
            }
            if node.kind == Kind::Terminal {
                for (size, paid) in definition.size.iter_mut().zip(&definition.paid[index]) {
                    *size = size.max(to_f64(paid).abs());
                }
            }
        }
        definition
    }

    fn ends(&self) -> impl Iterator<Item = usize> + '_ {
        let nodes = self.game.nodes();
        (0..nodes.len()).filter(move |&node| nodes[node].kind == Kind::Terminal)
    }

    pub(super) fn leaves(&self) -> usize {
        self.ends().count()
    }

    /// The step to a node, `own` moves counting for nothing if a player is given.
    fn step(&self, node: usize, strategy: &[Q], but: Option<usize>) -> Q {
        match self.action[node] {
            None => self.chance[node].clone(),
            Some(action) => {
                let (set, _) = self.game.set_of_action(action);
                if Some(self.game.sets()[set].player as usize) == but {
                    Q::one()
                } else {
                    strategy[action].clone()
                }
            }
        }
    }

    /// For each node, the probability of coming there.
    fn reach(&self, strategy: &[Q], but: Option<usize>) -> Vec<Q> {
        let mut reach = vec![Q::one(); self.chance.len()];
        for node in 1..reach.len() {
            let parent = self.game.nodes()[node].parent as usize;
            reach[node] = if reach[parent].is_zero() {
                Q::zero()
            } else {
                &reach[parent] * self.step(node, strategy, but)
            };
        }
        reach
    }

    /// Probabilities of plays in floating point.
    pub(super) fn plays(&self, strategy: &[f64]) -> Vec<f64> {
        let mut reach = vec![1.0; self.chance.len()];
        for node in 1..reach.len() {
            let parent = self.game.nodes()[node].parent as usize;
            let step = match self.action[node] {
                None => to_f64(&self.chance[node]),
                Some(action) => strategy[action],
            };
            reach[node] = reach[parent] * step;
        }
        self.ends().map(|node| reach[node]).collect()
    }

    /// What each node is worth to `player` from there on, all told.
    fn worth(&self, strategy: &[Q], player: usize) -> Vec<Q> {
        let nodes = self.game.nodes();
        let mut worth = vec![Q::zero(); nodes.len()];
        for node in (0..nodes.len()).rev() {
            if nodes[node].kind == Kind::Terminal {
                worth[node] = self.paid[node][player].clone();
            }
            if node > 0 {
                let step = self.step(node, strategy, None);
                if !step.is_zero() {
                    let add = step * &worth[node];
                    worth[nodes[node].parent as usize] += add;
                }
            }
        }
        worth
    }

    pub(super) fn value(&self, strategy: &[Q]) -> Vec<Q> {
        (0..self.game.players.len())
            .map(|player| self.worth(strategy, player).swap_remove(0))
            .collect()
    }

    /// Floating-point probabilities as fractions that add up to one at each information set.
    pub(super) fn as_fractions(&self, strategy: &[f64]) -> Vec<Q> {
        let mut all = Vec::new();
        for set in self.game.sets() {
            let first = set.first_action as usize;
            all.extend(Self::as_shares(&strategy[first..first + set.actions.len()]));
        }
        all
    }

    pub(super) fn as_shares(shares: &[f64]) -> Vec<Q> {
        let exact: Vec<Q> = shares
            .iter()
            .map(|p| Q::from_float(*p).expect("finite"))
            .collect();
        let sum: Q = exact.iter().sum();
        exact
            .into_iter()
            .map(|p| if sum.is_zero() { p } else { p / &sum })
            .collect()
    }

    /// What each action of a set pays under beliefs, and the size of what was compared.
    pub(super) fn action_values(
        &self,
        set: usize,
        strategy: &[Q],
        beliefs: &[Q],
    ) -> (Vec<f64>, f64) {
        let player = self.game.sets()[set].player as usize;
        let worth = self.worth(strategy, player);
        let values = self.values(set, &worth, beliefs);
        (values.iter().map(to_f64).collect(), self.size[player])
    }

    fn values(&self, set: usize, worth: &[Q], beliefs: &[Q]) -> Vec<Q> {
        let info = &self.game.sets()[set];
        let mut values = vec![Q::zero(); info.actions.len()];
        for (&node, belief) in info.members.iter().zip(beliefs) {
            for (value, child) in values.iter_mut().zip(self.game.children(node as usize)) {
                *value += belief * &worth[child];
            }
        }
        values
    }

    /// Is this a sequential equilibrium, as far as what is on the path, beliefs of Bayes' rule and best actions go?
    pub(super) fn is_sequential(&self, strategy: &[Q], beliefs: &[Vec<Q>]) -> Result<(), String> {
        let sets = self.game.sets();
        let reach: Vec<Vec<Q>> = (0..self.game.players.len())
            .map(|player| self.reach(strategy, Some(player)))
            .collect();
        let worth: Vec<Vec<Q>> = (0..self.game.players.len())
            .map(|player| self.worth(strategy, player))
            .collect();
        for (index, set) in sets.iter().enumerate() {
            let player = set.player as usize;
            let first = set.first_action as usize;
            let here = &strategy[first..first + set.actions.len()];
            if here.iter().any(Signed::is_negative) || !here.iter().sum::<Q>().is_one() {
                return Err(format!("no lottery at set {index}"));
            }
            if set.members.is_empty() {
                continue;
            }
            let sum: Q = beliefs[index].iter().sum();
            if !sum.is_one() || beliefs[index].iter().any(Signed::is_negative) {
                return Err(format!("no beliefs at set {index}"));
            }
            let mass: Q = set
                .members
                .iter()
                .map(|&node| &reach[player][node as usize])
                .sum();
            if mass.is_positive() {
                for (&node, belief) in set.members.iter().zip(&beliefs[index]) {
                    if *belief != &reach[player][node as usize] / &mass {
                        return Err(format!("not Bayes' belief at set {index}"));
                    }
                }
            }
            let values = self.values(index, &worth[player], &beliefs[index]);
            let best = values.iter().max().expect("actions");
            for (value, p) in values.iter().zip(here) {
                if p.is_positive() && value != best {
                    return Err(format!(
                        "a worse action at set {index}: {value} below {best}"
                    ));
                }
            }
        }
        self.nobody_gains(strategy)
    }

    /// No pure strategy of a player pays it more, where they are few.
    fn nobody_gains(&self, strategy: &[Q]) -> Result<(), String> {
        for (player, value) in self.value(strategy).into_iter().enumerate() {
            if let Some(best) = self.best_reply(strategy, player)
                && best > value
            {
                return Err(format!(
                    "player {player} would get {best} instead of {value}"
                ));
            }
        }
        Ok(())
    }

    /// The most that a pure strategy of `player` pays it against the others.
    fn best_reply(&self, strategy: &[Q], player: usize) -> Option<Q> {
        let own: Vec<usize> = (0..self.game.sets().len())
            .filter(|&set| self.game.sets()[set].player as usize == player)
            .collect();
        let mut best: Option<Q> = None;
        let mut tried = strategy.to_vec();
        let mut choice = vec![0; own.len()];
        let count = own.iter().map(|&set| self.game.sets()[set].actions.len());
        let count = count.fold(1_usize, usize::saturating_mul);
        if count > REPLIES {
            return None;
        }
        loop {
            for (&set, &chosen) in own.iter().zip(&choice) {
                let first = self.game.sets()[set].first_action as usize;
                for place in 0..self.game.sets()[set].actions.len() {
                    tried[first + place] = if place == chosen { Q::one() } else { Q::zero() };
                }
            }
            let value = self.worth(&tried, player).swap_remove(0);
            if best.as_ref().is_none_or(|best| value > *best) {
                best = Some(value);
            }
            if !self.next(&own, &mut choice) {
                return best;
            }
        }
    }

    fn next(&self, sets: &[usize], choice: &mut [usize]) -> bool {
        for (&set, chosen) in sets.iter().zip(choice) {
            *chosen += 1;
            if *chosen < self.game.sets()[set].actions.len() {
                return true;
            }
            *chosen = 0;
        }
        false
    }

    /// No reply gains more than a share of how far apart the payoffs of the plays are that it or the strategy leads to.
    pub(super) fn loses_little(&self, strategy: &[Q], share: f64) -> Result<(), String> {
        for (player, value) in self.value(strategy).into_iter().enumerate() {
            let Some(best) = self.best_reply(strategy, player) else {
                continue;
            };
            let gain = to_f64(&(&best - &value));
            let mut apart = 0.0;
            let reach = self.reach(strategy, None);
            for end in self.ends() {
                apart += to_f64(&(&reach[end] * (&self.paid[end][player] - &value).abs()));
            }
            if gain > share * apart && gain > 1e-12 * self.size[player] {
                return Err(format!(
                    "player {player} gains {gain} where {apart} is at stake"
                ));
            }
        }
        Ok(())
    }

    /// All pure equilibria that are sequential whatever is believed off the path: where play comes, the planned action is best by Bayes'
    /// rule; elsewhere at every node of the information set.
    pub(super) fn pure_equilibria(&self) -> Vec<Vec<f64>> {
        let sets: Vec<usize> = (0..self.game.sets().len()).collect();
        let count = sets.iter().map(|&set| self.game.sets()[set].actions.len());
        if count.fold(1_usize, usize::saturating_mul) > PROFILES {
            return Vec::new();
        }
        // For each end, the moves on the way as sets and places; its probability by chance.
        let nodes = self.game.nodes();
        let chance = {
            let all = vec![Q::one(); self.game.actions()];
            self.reach(&all, None)
        };
        let plays: Vec<(usize, Vec<(usize, usize)>)> = self
            .ends()
            .map(|end| {
                let mut moves = Vec::new();
                let mut at = end;
                while at != 0 {
                    if let Some(action) = self.action[at] {
                        moves.push(self.game.set_of_action(action));
                    }
                    at = nodes[at].parent as usize;
                }
                (end, moves)
            })
            .collect();
        let weighted: Vec<Vec<f64>> = plays
            .iter()
            .map(|(end, _)| {
                let pays = self.paid[*end].iter();
                pays.map(|pay| to_f64(&(pay * &chance[*end]))).collect()
            })
            .collect();
        let mut found = Vec::new();
        let mut choice = vec![0; sets.len()];
        loop {
            if self.perhaps(&choice, &plays, &weighted, &chance) {
                let mut pure = vec![Q::zero(); self.game.actions()];
                for (set, &place) in self.game.sets().iter().zip(&choice) {
                    pure[set.first_action as usize + place] = Q::one();
                }
                if self.stands_anyhow(&pure) {
                    found.push(pure.iter().map(to_f64).collect());
                }
            }
            if !self.next(&sets, &mut choice) {
                return found;
            }
        }
    }

    /// Whether no single other move where play comes gains clearly: quick, in floating point.
    fn perhaps(
        &self,
        choice: &[usize],
        plays: &[(usize, Vec<(usize, usize)>)],
        weighted: &[Vec<f64>],
        chance: &[Q],
    ) -> bool {
        let mut gain: Vec<f64> = vec![0.0; self.game.actions()];
        let mut reached = vec![false; choice.len()];
        for ((end, moves), pays) in plays.iter().zip(weighted) {
            let mut off = moves.iter().filter(|(set, place)| choice[*set] != *place);
            let (first, second) = (off.next(), off.next());
            let mut add = |set: usize, place: usize| {
                let info = &self.game.sets()[set];
                gain[info.first_action as usize + place] += pays[info.player as usize];
            };
            match (first, second) {
                (None, _) => {
                    for &(set, place) in moves {
                        add(set, place);
                        reached[set] |= chance[*end].is_positive();
                    }
                }
                (Some(&(set, place)), None) => {
                    add(set, place);
                }
                _ => {}
            }
        }
        self.game.sets().iter().enumerate().all(|(index, set)| {
            let first = set.first_action as usize;
            let planned = gain[first + choice[index]];
            let slack = 1e-9 * self.size[set.player as usize];
            !reached[index]
                || (0..set.actions.len()).all(|place| gain[first + place] <= planned + slack)
        })
    }

    /// The definition, exactly.
    fn stands_anyhow(&self, pure: &[Q]) -> bool {
        let worth: Vec<Vec<Q>> = (0..self.game.players.len())
            .map(|player| self.worth(pure, player))
            .collect();
        let reach: Vec<Vec<Q>> = (0..self.game.players.len())
            .map(|player| self.reach(pure, Some(player)))
            .collect();
        self.game.sets().iter().enumerate().all(|(index, set)| {
            let player = set.player as usize;
            let first = set.first_action as usize;
            let planned = (0..set.actions.len()).find(|place| pure[first + place].is_one());
            let planned = planned.expect("pure");
            let best = |beliefs: &[Q]| {
                let values = self.values(index, &worth[player], beliefs);
                values.iter().all(|value| *value <= values[planned])
            };
            let weights: Vec<Q> = set
                .members
                .iter()
                .map(|&node| reach[player][node as usize].clone())
                .collect();
            let mass: Q = weights.iter().sum();
            if mass.is_positive() {
                return best(&weights);
            }
            (0..set.members.len()).all(|sure| {
                let beliefs: Vec<Q> = (0..set.members.len())
                    .map(|at| if at == sure { Q::one() } else { Q::zero() })
                    .collect();
                best(&beliefs)
            })
        })
    }
}
