//! Building a public tree move by move.

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::{Odds, Pay, Prior, PublicGame, PublicKind, PublicNode, Side, Table};
use crate::builder::small;
use crate::number::Number;

/// Builds a [`PublicGame`]. Places may be filled in any order.
///
/// ```
/// use detente_games::Number;
/// use detente_games::public::{Pay, Prior, PublicBuilder};
///
/// let half = || vec![Number::ratio(1, 2), Number::ratio(1, 2)];
/// let sides = [("A", vec!["calm"]), ("B", vec!["weak", "strong"])];
/// let prior = Prior::Independent([vec![Number::from(1)], half()]);
/// let mut game = PublicBuilder::new("A demand", sides, prior)?;
/// let war = game.of_type(1, vec![Number::ratio(1, 10), Number::ratio(4, 10)]);
/// let demand = game.moves(game.root(), 0, "A demands", ["little", "much"]);
/// for (place, share) in demand.into_iter().zip([1, 2]) {
///     let answer = game.moves(place, 1, "B answers", ["yield", "fight"]);
///     game.end(answer[0], [Number::ratio(share, 3).into(), Number::ratio(3 - share, 3).into()]);
///     game.end(answer[1], [Number::ratio(3, 10).into(), Pay::constant(Number::from(0)).plus(war)]);
/// }
/// let game = game.finish()?;
/// assert_eq!((game.nodes().len(), game.actions()), (7, 2 + 2 * 2 * 2));
/// # Ok::<(), detente_games::public::Misstated>(())
/// ```
#[derive(Debug)]
pub struct PublicBuilder {
    title: String,
    sides: [Side; 2],
    prior: Prior,
    tables: Vec<Table>,
    kinds: Vec<Option<PublicKind>>,
    children: Vec<Vec<usize>>,
}

/// A node of a public tree that is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicPlace(usize);

/// A table of numbers that depend on types, of the game that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableId(pub(crate) usize);

/// Why a public tree is not a game that this room solves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misstated {
    /// So many players; only two are understood.
    Players(usize),
    /// The prior or a table does not have an entry for each type or pair.
    Length,
    /// A probability of the prior is negative, or they do not add up to exactly one.
    Prior,
    /// This type of this player never occurs.
    NeverDealt {
        /// The player.
        player: usize,
        /// The type.
        of: usize,
    },
    /// At this node (in preorder) a probability of chance is negative, or they do not add up to exactly one for a pair of types.
    Lottery {
        /// The node.
        node: usize,
    },
    /// A place was given neither a move nor an end.
    Unfinished,
}

impl std::fmt::Display for Misstated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Players(count) => write!(f, "{count} players, where two are understood"),
            Self::Length => f.write_str("not an entry for each type or pair of types"),
            Self::Prior => f.write_str("the prior is not a probability distribution"),
            Self::NeverDealt { player, of } => {
                write!(f, "type {of} of player {player} never occurs")
            }
            Self::Lottery { node } => {
                write!(
                    f,
                    "the odds of chance at public node {node} are no lottery for some types"
                )
            }
            Self::Unfinished => f.write_str("a place has neither a move nor an end"),
        }
    }
}

impl std::error::Error for Misstated {}

impl PublicBuilder {
    /// A game that is one place so far. `sides`: the name of each player and the names of its types.
    ///
    /// # Errors
    /// If there are not two players, or `prior` is not a distribution over their types in which each occurs.
    pub fn new<N, T>(
        title: impl Into<String>,
        sides: impl IntoIterator<Item = (N, Vec<T>)>,
        prior: Prior,
    ) -> Result<Self, Misstated>
    where
        N: Into<String>,
        T: Into<String>,
    {
        let sides: Vec<Side> = sides
            .into_iter()
            .map(|(name, types)| Side {
                name: name.into(),
                types: types.into_iter().map(Into::into).collect(),
            })
            .collect();
        let sides: [Side; 2] = sides
            .try_into()
            .map_err(|sides: Vec<Side>| Misstated::Players(sides.len()))?;
        check_prior(&prior, [sides[0].types.len(), sides[1].types.len()])?;
        let mut builder = Self {
            title: title.into(),
            sides,
            prior,
            tables: Vec::new(),
            kinds: Vec::new(),
            children: Vec::new(),
        };
        builder.place();
        Ok(builder)
    }

    /// The first place.
    pub fn root(&self) -> PublicPlace {
        PublicPlace(0)
    }

    /// A number for each type of `player`. Panics if they are not as many.
    pub fn of_type(&mut self, player: usize, numbers: Vec<Number>) -> TableId {
        assert_eq!(
            numbers.len(),
            self.sides[player].types.len(),
            "a number for each type"
        );
        self.tables.push(Table::OfType { player, numbers });
        TableId(self.tables.len() - 1)
    }

    /// A number for each pair of types; the types of the second player run fastest. Panics if they are not as many.
    pub fn of_pair(&mut self, numbers: Vec<Number>) -> TableId {
        let pairs = self.sides[0].types.len() * self.sides[1].types.len();
        assert_eq!(numbers.len(), pairs, "a number for each pair of types");
        self.tables.push(Table::OfPair(numbers));
        TableId(self.tables.len() - 1)
    }

    /// Lets `player` move at `place`; the places that follow, one for each action.
    pub fn moves(
        &mut self,
        place: PublicPlace,
        player: usize,
        label: impl Into<Box<str>>,
        actions: impl IntoIterator<Item = impl Into<Box<str>>>,
    ) -> Vec<PublicPlace> {
        assert!(player < 2, "two players");
        let actions: Vec<Box<str>> = actions.into_iter().map(Into::into).collect();
        assert!(!actions.is_empty(), "an information set has actions");
        let branches = actions.len();
        let label = label.into();
        let kind = PublicKind::Move {
            player,
            label,
            actions,
        };
        self.branch(place, kind, branches)
    }

    /// Lets chance move at `place`, seen by all; the places that follow, one for each branch.
    pub fn chance(
        &mut self,
        place: PublicPlace,
        label: impl Into<Box<str>>,
        actions: impl IntoIterator<Item = impl Into<Box<str>>>,
        odds: Odds,
    ) -> Vec<PublicPlace> {
        let actions: Vec<Box<str>> = actions.into_iter().map(Into::into).collect();
        let count = match &odds {
            Odds::Common(numbers) => numbers.len(),
            Odds::ByPair(tables) => {
                for table in tables {
                    assert!(
                        matches!(self.tables[table.0], Table::OfPair(_)),
                        "odds are tables over pairs of types"
                    );
                }
                tables.len()
            }
        };
        assert_eq!(count, actions.len(), "odds for each branch");
        assert!(count > 0, "chance has a branch");
        let label = label.into();
        let kind = PublicKind::Chance {
            label,
            actions,
            odds,
        };
        self.branch(place, kind, count)
    }

    /// Ends the play at `place`; what each player is paid.
    pub fn end(&mut self, place: PublicPlace, pays: [Pay; 2]) {
        for (_, table) in pays.iter().flat_map(|pay| &pay.terms) {
            assert!(table.0 < self.tables.len(), "a table of this game");
        }
        self.branch(place, PublicKind::End(Box::new(pays)), 0);
    }

    /// The game.
    ///
    /// # Errors
    /// If a place was left empty, or the odds of a move of chance are not a lottery for each pair of types that occurs.
    pub fn finish(self) -> Result<PublicGame, Misstated> {
        let Self {
            title,
            sides,
            prior,
            tables,
            mut kinds,
            children,
        } = self;
        let mut nodes: Vec<PublicNode> = Vec::with_capacity(kinds.len());
        // Preorder without recursion: games may be deep.
        let mut stack = vec![(0_usize, 0_u32, 0_u32)];
        while let Some((place, parent, branch)) = stack.pop() {
            let kind = kinds[place].take().ok_or(Misstated::Unfinished)?;
            let index = small(nodes.len());
            nodes.push(PublicNode {
                parent,
                branch,
                end: index + 1,
                kind,
            });
            for (branch, &child) in children[place].iter().enumerate().rev() {
                stack.push((child, index, small(branch)));
            }
        }
        for index in (1..nodes.len()).rev() {
            let (end, parent) = (nodes[index].end, nodes[index].parent as usize);
            nodes[parent].end = nodes[parent].end.max(end);
        }
        let game = PublicGame {
            title,
            sides,
            prior,
            nodes,
            tables,
        };
        check_odds(&game)?;
        Ok(game)
    }

    fn place(&mut self) -> PublicPlace {
        self.kinds.push(None);
        self.children.push(Vec::new());
        PublicPlace(self.kinds.len() - 1)
    }

    fn branch(
        &mut self,
        place: PublicPlace,
        kind: PublicKind,
        branches: usize,
    ) -> Vec<PublicPlace> {
        assert!(
            self.kinds[place.0].is_none(),
            "the place has a move already"
        );
        self.kinds[place.0] = Some(kind);
        let next: Vec<PublicPlace> = (0..branches).map(|_| self.place()).collect();
        self.children[place.0] = next.iter().map(|place| place.0).collect();
        next
    }
}

impl Prior {
    /// The exact probability of a pair of types.
    pub(crate) fn pair(&self, types: [usize; 2], of: [usize; 2]) -> BigRational {
        match self {
            Self::Independent(sides) => sides[0][of[0]].exact() * sides[1][of[1]].exact(),
            Self::Joint(pairs) => pairs[of[0] * types[1] + of[1]].exact().clone(),
        }
    }
}

fn check_prior(prior: &Prior, types: [usize; 2]) -> Result<(), Misstated> {
    let distribution = |numbers: &[Number]| {
        let sum: BigRational = numbers.iter().map(Number::exact).sum();
        sum.is_one() && !numbers.iter().any(Number::is_negative)
    };
    match prior {
        Prior::Independent(sides) => {
            for (player, numbers) in sides.iter().enumerate() {
                if numbers.len() != types[player] {
                    return Err(Misstated::Length);
                }
                if !distribution(numbers) {
                    return Err(Misstated::Prior);
                }
                if let Some(of) = numbers.iter().position(Number::is_zero) {
                    return Err(Misstated::NeverDealt { player, of });
                }
            }
        }
        Prior::Joint(pairs) => {
            if pairs.len() != types[0] * types[1] {
                return Err(Misstated::Length);
            }
            if !distribution(pairs) {
                return Err(Misstated::Prior);
            }
            for of in 0..types[0] {
                if (0..types[1]).all(|other| pairs[of * types[1] + other].is_zero()) {
                    return Err(Misstated::NeverDealt { player: 0, of });
                }
            }
            for of in 0..types[1] {
                if (0..types[0]).all(|other| pairs[other * types[1] + of].is_zero()) {
                    return Err(Misstated::NeverDealt { player: 1, of });
                }
            }
        }
    }
    Ok(())
}

/// Odds are checked for pairs that can be there: a card that both hands exclude needs no odds after them.
fn check_odds(game: &PublicGame) -> Result<(), Misstated> {
    let types = game.types();
    let mut open: Vec<(u32, Vec<bool>)> = Vec::new();
    let all: Vec<bool> = (0..types[0] * types[1])
        .map(|pair| {
            let of = [pair / types[1], pair % types[1]];
            matches!(game.prior, Prior::Independent(_)) || !game.prior.pair(types, of).is_zero()
        })
        .collect();
    for (index, node) in game.nodes.iter().enumerate() {
        while open.last().is_some_and(|(end, _)| *end <= small(index)) {
            open.pop();
        }
        // Which pairs can be here; only type-dependent odds change that.
        if index > 0
            && let PublicKind::Chance {
                odds: Odds::ByPair(tables),
                ..
            } = &game.nodes[node.parent as usize].kind
        {
            let numbers = game.pairs(tables[node.branch as usize]);
            let here = open.last().map_or(&all, |(_, here)| here);
            let here = here
                .iter()
                .zip(numbers)
                .map(|(here, p)| *here && !p.is_zero())
                .collect();
            open.push((node.end, here));
        }
        let PublicKind::Chance { odds, .. } = &node.kind else {
            continue;
        };
        let fails = match odds {
            Odds::Common(numbers) => {
                let sum: BigRational = numbers.iter().map(Number::exact).sum();
                !sum.is_one() || numbers.iter().any(Number::is_negative)
            }
            Odds::ByPair(tables) => {
                let here = open.last().map_or(&all, |(_, here)| here);
                (0..here.len()).any(|pair| {
                    let odds = || tables.iter().map(|table| &game.pairs(*table)[pair]);
                    let sum = || -> BigRational { odds().map(Number::exact).sum() };
                    odds().any(Number::is_negative) || (here[pair] && !sum().is_one())
                })
            }
        };
        if fails {
            return Err(Misstated::Lottery { node: index });
        }
    }
    Ok(())
}

impl PublicGame {
    /// The numbers of a table over pairs.
    pub(crate) fn pairs(&self, table: TableId) -> &[Number] {
        match &self.tables[table.0] {
            Table::OfPair(numbers) => numbers,
            Table::OfType { .. } => unreachable!("checked when it was stated"),
        }
    }

    /// What `pay` pays to a pair of types, exactly.
    pub(crate) fn paid(&self, pay: &Pay, of: [usize; 2]) -> BigRational {
        let mut sum = pay.constant.exact().clone();
        for (factor, table) in &pay.terms {
            let number = match &self.tables[table.0] {
                Table::OfType { player, numbers } => &numbers[of[*player]],
                Table::OfPair(numbers) => &numbers[of[0] * self.sides[1].types.len() + of[1]],
            };
            if !number.is_zero() {
                sum += factor.exact() * number.exact();
            }
        }
        sum
    }
}
