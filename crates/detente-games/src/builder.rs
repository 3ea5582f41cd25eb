//! Building a game move by move.

use crate::game::{ChanceSet, Game, InfoSet, Kind, Node, Outcome, assert_lottery};
use crate::number::Number;

/// Builds a [`Game`]. Places may be filled in any order; a place that is never given a move ends the play.
///
/// ```
/// use detente_games::{Builder, Number};
///
/// let mut game = Builder::new("An offer that can be refused", ["A", "B"]);
/// let asks = game.set(0, "A asks", ["little", "much"]);
/// let asked = game.moves(game.root(), asks);
/// for (place, mine) in asked.into_iter().zip([3, 5]) {
///     let answers = game.set(1, "B answers", ["accept", "refuse"]);
///     let [accepted, refused] = game.moves(place, answers)[..] else { unreachable!() };
///     game.pay(accepted, [Number::from(mine), Number::from(6 - mine)]);
///     game.pay(refused, [Number::from(1), Number::from(2)]);
/// }
/// let game = game.finish();
/// assert_eq!(game.nodes().len(), 7);
/// ```
#[derive(Debug)]
pub struct Builder {
    game: Game,
    /// Children of each place, once it has a move.
    children: Vec<Vec<usize>>,
    kinds: Vec<Kind>,
    outcomes: Vec<Option<u32>>,
    names: Vec<Box<str>>,
    /// For each player, the number of its latest information set.
    numbers: Vec<u64>,
}

/// A node that is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(usize);

/// An information set that is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(usize);

impl Builder {
    /// A game that is one place so far.
    pub fn new(
        title: impl Into<String>,
        players: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let mut builder = Self {
            game: Game {
                title: title.into(),
                players: players.into_iter().map(Into::into).collect(),
                ..Game::default()
            },
            children: Vec::new(),
            kinds: Vec::new(),
            outcomes: Vec::new(),
            names: Vec::new(),
            numbers: Vec::new(),
        };
        builder.numbers = vec![0; builder.game.players.len()];
        builder.place();
        builder
    }

    /// The first place.
    pub fn root(&self) -> Place {
        Place(0)
    }

    /// A new information set of `player` (from 0), so far without places.
    pub fn set(
        &mut self,
        player: usize,
        label: impl Into<Box<str>>,
        actions: impl IntoIterator<Item = impl Into<Box<str>>>,
    ) -> Set {
        assert!(player < self.game.players.len(), "no such player");
        let sets = &mut self.game.sets;
        let player = small(player);
        let number = &mut self.numbers[player as usize];
        *number += 1;
        let number = *number;
        let first_action = sets
            .last()
            .map_or(0, |set| set.first_action + small(set.actions.len()));
        let actions: Vec<Box<str>> = actions.into_iter().map(Into::into).collect();
        assert!(!actions.is_empty(), "an information set has actions");
        sets.push(InfoSet {
            player,
            number,
            label: label.into(),
            actions,
            first_action,
            members: Vec::new(),
        });
        Set(sets.len() - 1)
    }

    /// Lets the player of `set` move at `place`; the places that follow, one for each action.
    pub fn moves(&mut self, place: Place, set: Set) -> Vec<Place> {
        let branches = self.game.sets[set.0].actions.len();
        self.branch(place, Kind::Personal(small(set.0)), branches)
    }

    /// Lets chance move at `place`; the places that follow, one for each branch. The probabilities add up to exactly one.
    pub fn chance(
        &mut self,
        place: Place,
        label: impl Into<Box<str>>,
        branches: impl IntoIterator<Item = (impl Into<Box<str>>, Number)>,
    ) -> Vec<Place> {
        let (actions, chance): (Vec<Box<str>>, Vec<Number>) = branches
            .into_iter()
            .map(|(name, p)| (name.into(), p))
            .unzip();
        assert_lottery(&chance, actions.len());
        let number = self.game.chances.len() as u64 + 1;
        self.game.chances.push(ChanceSet {
            number,
            label: label.into(),
            actions,
            chance,
        });
        let index = self.game.chances.len() - 1;
        let branches = self.game.chances[index].actions.len();
        self.branch(place, Kind::Chance(small(index)), branches)
    }

    /// Pays `payoffs`, one for each player, at `place`, as an outcome without a label.
    pub fn pay(&mut self, place: Place, payoffs: impl Into<Vec<Number>>) {
        self.pay_as(place, "", payoffs);
    }

    /// Pays `payoffs`, one for each player, at `place`, as an outcome called `label`.
    pub fn pay_as(
        &mut self,
        place: Place,
        label: impl Into<Box<str>>,
        payoffs: impl Into<Vec<Number>>,
    ) {
        let payoffs = payoffs.into();
        assert_eq!(
            payoffs.len(),
            self.game.players.len(),
            "a payoff for each player"
        );
        self.outcomes[place.0] = Some(small(self.game.outcomes.len()));
        self.game.outcomes.push(Outcome {
            number: self.game.outcomes.len() as u64 + 1,
            label: label.into(),
            payoffs,
        });
    }

    /// Names a place.
    pub fn name(&mut self, place: Place, name: impl Into<Box<str>>) {
        self.names[place.0] = name.into();
    }

    /// The game.
    pub fn finish(self) -> Game {
        let Self {
            mut game,
            children,
            kinds,
            outcomes,
            mut names,
            numbers: _,
        } = self;
        // Preorder without recursion: games may be deep.
        let mut stack = vec![(0_usize, 0_u32, 0_u32)];
        let mut open: Vec<(u32, usize)> = Vec::new();
        while let Some((place, parent, branch)) = stack.pop() {
            let index = small(game.nodes.len());
            close(&mut game, &mut open, parent, index);
            game.nodes.push(Node {
                parent,
                branch,
                end: index + 1,
                kind: kinds[place],
                outcome: outcomes[place],
                name: std::mem::take(&mut names[place]),
            });
            if let Kind::Personal(set) = kinds[place] {
                game.sets[set as usize].members.push(index);
            }
            if !children[place].is_empty() {
                open.push((index, children[place].len()));
            }
            for (branch, &child) in children[place].iter().enumerate().rev() {
                stack.push((child, index, small(branch)));
            }
        }
        let all = small(game.nodes.len());
        while let Some((node, _)) = open.pop() {
            game.nodes[node as usize].end = all;
        }
        game
    }

    fn place(&mut self) -> Place {
        self.children.push(Vec::new());
        self.kinds.push(Kind::Terminal);
        self.outcomes.push(None);
        self.names.push("".into());
        Place(self.kinds.len() - 1)
    }

    fn branch(&mut self, place: Place, kind: Kind, branches: usize) -> Vec<Place> {
        assert_eq!(
            self.kinds[place.0],
            Kind::Terminal,
            "the place has a move already"
        );
        self.kinds[place.0] = kind;
        let next: Vec<Place> = (0..branches).map(|_| self.place()).collect();
        self.children[place.0] = next.iter().map(|place| place.0).collect();
        next
    }
}

/// Ends the subtrees that `next`, a child of `parent`, does not belong to.
fn close(game: &mut Game, open: &mut Vec<(u32, usize)>, parent: u32, next: u32) {
    while let Some(&(node, _)) = open.last() {
        if node == parent {
            break;
        }
        game.nodes[node as usize].end = next;
        open.pop();
    }
}

/// A count as it is stored.
pub(crate) fn small(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 of anything in a game")
}
