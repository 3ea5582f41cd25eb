//! What ends pay, as few vectors over types as say it.

use std::collections::HashMap;

use num_rational::BigRational;
use num_traits::Zero;

use super::build::{PublicBuilder, TableId};
use super::{Pay, Prior};
use crate::number::Number;

/// Which types a deal gives the players, and how likely it is.
pub(super) struct Deals {
    pub(super) types: [usize; 2],
    of: Vec<[usize; 2]>,
    chance: Vec<BigRational>,
}

impl Deals {
    /// From the probability of each deal and, for each player, its types; `None` if there are so many pairs that they cannot be counted.
    pub(super) fn new(chance: &[BigRational], types: &[Vec<u32>; 2]) -> Option<Self> {
        let counts = [0, 1].map(|player: usize| {
            let last = types[player].iter().max();
            last.map_or(0, |last| *last as usize + 1)
        });
        counts[0].checked_mul(counts[1])?;
        let of = types[0].iter().zip(&types[1]);
        Some(Self {
            types: counts,
            of: of.map(|(a, b)| [*a as usize, *b as usize]).collect(),
            chance: chance.to_vec(),
        })
    }

    /// Number of pairs of types.
    pub(super) fn pairs(&self) -> usize {
        self.types[0] * self.types[1]
    }

    pub(super) fn of(&self, deal: u32) -> [usize; 2] {
        self.of[deal as usize]
    }

    pub(super) fn pair(&self, deal: u32) -> usize {
        let [a, b] = self.of(deal);
        a * self.types[1] + b
    }

    /// How likely types are: independent, where they are exactly.
    pub(super) fn prior(&self) -> Prior {
        let mut pairs = vec![BigRational::zero(); self.pairs()];
        let mut sides = self.types.map(|count| vec![BigRational::zero(); count]);
        for (of, chance) in self.of.iter().zip(&self.chance) {
            pairs[of[0] * self.types[1] + of[1]] += chance;
            for player in 0..2 {
                sides[player][of[player]] += chance;
            }
        }
        let apart = pairs.iter().enumerate().all(|(pair, chance)| {
            let (a, b) = (pair / self.types[1], pair % self.types[1]);
            *chance == &sides[0][a] * &sides[1][b]
        });
        let numbers = |all: Vec<BigRational>| all.into_iter().map(Number::from).collect();
        if apart {
            Prior::Independent(sides.map(numbers))
        } else {
            Prior::Joint(numbers(pairs))
        }
    }
}

/// Tables that exist already: vectors over the types of a player.
#[derive(Default)]
pub(super) struct Tables {
    vectors: HashMap<(usize, Vec<BigRational>), TableId>,
}

impl Tables {
    /// What an end pays both players, if `paid` says what each deal that comes there does.
    pub(super) fn pays(
        &mut self,
        deals: &Deals,
        paid: &[(u32, Vec<Number>)],
        builder: &mut PublicBuilder,
    ) -> [Pay; 2] {
        [0, 1].map(|player: usize| {
            if paid
                .iter()
                .all(|(_, pays)| pays[player] == paid[0].1[player])
            {
                return Pay::constant(paid[0].1[player].clone());
            }
            let known = means(deals, paid, player);
            self.apart(deals, &known, builder)
                .unwrap_or_else(|| together(known, builder))
        })
    }

    /// A constant and, for each player, a number for each of its types that is added to it, if these say everything.
    fn apart(
        &mut self,
        deals: &Deals,
        known: &[Option<BigRational>],
        builder: &mut PublicBuilder,
    ) -> Option<Pay> {
        let columns = deals.types[1];
        let constant = known.iter().flatten().next()?.clone();
        let mut parts = deals.types.map(|count| vec![None; count]);
        loop {
            let (mut changed, mut open) = (false, None);
            for (pair, pays) in known.iter().enumerate() {
                let Some(pays) = pays else { continue };
                let (a, b) = (pair / columns, pair % columns);
                match (&parts[0][a], &parts[1][b]) {
                    (Some(own), None) => {
                        parts[1][b] = Some(pays - &constant - own);
                        changed = true;
                    }
                    (None, Some(other)) => {
                        parts[0][a] = Some(pays - &constant - other);
                        changed = true;
                    }
                    (Some(own), Some(other)) if &constant + own + other != *pays => return None,
                    (Some(_), Some(_)) => {}
                    (None, None) => open = open.or(Some(a)),
                }
            }
            match open {
                // The first pair, or one that shares no type with those before: where its parts divide is all the same.
                Some(a) if !changed => parts[0][a] = Some(BigRational::zero()),
                None if !changed => break,
                _ => {}
            }
        }
        let mut pay = Pay::constant(Number::from(constant));
        for (player, parts) in parts.into_iter().enumerate() {
            let parts: Vec<BigRational> = parts
                .into_iter()
                .map(|part| part.unwrap_or_else(BigRational::zero))
                .collect();
            if parts.iter().all(Zero::is_zero) {
                continue;
            }
            let table = self
                .vectors
                .entry((player, parts))
                .or_insert_with_key(|(_, parts)| {
                    let numbers = parts.iter().cloned().map(Number::from).collect();
                    builder.of_type(player, numbers)
                });
            pay = pay.plus(*table);
        }
        Some(pay)
    }
}

/// What each pair of types gets a player, on average over its deals; none where no deal comes.
fn means(deals: &Deals, paid: &[(u32, Vec<Number>)], player: usize) -> Vec<Option<BigRational>> {
    let mut first: Vec<Option<u32>> = vec![None; deals.pairs()];
    let mut several = vec![false; deals.pairs()];
    for (deal, _) in paid {
        let pair = deals.pair(*deal);
        several[pair] |= first[pair].is_some();
        first[pair] = Some(*deal);
    }
    let mut means: Vec<Option<BigRational>> = vec![None; deals.pairs()];
    let mut weights = vec![BigRational::zero(); deals.pairs()];
    for (deal, pays) in paid {
        let (pair, pays) = (deals.pair(*deal), pays[player].exact());
        if several[pair] {
            let chance = &deals.chance[*deal as usize];
            *means[pair].get_or_insert_with(BigRational::zero) += chance * pays;
            weights[pair] += chance;
        } else {
            means[pair] = Some(pays.clone());
        }
    }
    for (mean, weight) in means.iter_mut().zip(weights) {
        if let Some(mean) = mean.as_mut().filter(|_| !weight.is_zero()) {
            *mean /= weight;
        }
    }
    means
}

/// A number for each pair.
fn together(known: Vec<Option<BigRational>>, builder: &mut PublicBuilder) -> Pay {
    let numbers = known
        .into_iter()
        .map(|pays| pays.map_or_else(|| Number::from(0), Number::from));
    let table = builder.of_pair(numbers.collect());
    Pay::constant(Number::from(0)).plus(table)
}
