//! Moves of chance in step: which branch of one deal is which of another.

use std::collections::{HashMap, HashSet};

use super::Odds;
use super::build::{PublicBuilder, TableId};
use super::find::{Instance, NotPublic};
use super::pays::Deals;
use crate::builder::small;
use crate::game::{ChanceSet, Game, Kind};
use crate::number::Number;

/// A move of chance that all see.
pub(super) struct Branches {
    pub(super) labels: Vec<Box<str>>,
    /// The node, the deal, and the probability of each branch.
    rows: Vec<(u32, u32, Vec<Number>)>,
}

/// The branches of the moves of chance at `copies`, and the copies that follow each. Branches with the same label are one, or those of
/// the same number where labels do not tell them apart; branches of probability zero are left out.
pub(super) fn align(
    game: &Game,
    copies: &[Instance],
) -> Result<(Branches, Vec<Vec<Instance>>), NotPublic> {
    let mut lotteries: Vec<(&Instance, &ChanceSet)> = Vec::with_capacity(copies.len());
    for copy in copies {
        let Kind::Chance(set) = game.nodes[copy.node as usize].kind else {
            let node = copy.node as usize;
            return Err(NotPublic::Differs { node });
        };
        lotteries.push((copy, &game.chances[set as usize]));
    }
    let labelled = lotteries.iter().all(|(_, lottery)| {
        let labels: HashSet<&str> = lottery.actions.iter().map(|label| &**label).collect();
        labels.len() == lottery.actions.len() && !labels.contains("")
    });
    let mut labels: Vec<Box<str>> = Vec::new();
    let mut known: HashMap<(usize, Box<str>), usize> = HashMap::new();
    let mut next: Vec<Vec<Instance>> = Vec::new();
    let mut rows = Vec::with_capacity(copies.len());
    let count = lotteries[0].1.actions.len();
    for (copy, lottery) in lotteries {
        if !labelled && lottery.actions.len() != count {
            let node = copy.node as usize;
            return Err(NotPublic::Differs { node });
        }
        let mut row = vec![Number::from(0); labels.len()];
        let children = game.children(copy.node as usize);
        for (at, (child, odds)) in children.zip(&lottery.chance).enumerate() {
            if odds.is_zero() {
                continue;
            }
            let label = &lottery.actions[at];
            let key = if labelled {
                (0, label.clone())
            } else {
                (at, Box::default())
            };
            let branch = *known.entry(key).or_insert(labels.len());
            if branch == labels.len() {
                labels.push(label.clone());
                next.push(Vec::new());
                row.push(Number::from(0));
            }
            row[branch] = odds.clone();
            next[branch].push(Instance {
                node: small(child),
                ..*copy
            });
        }
        rows.push((copy.node, copy.deal, row));
    }
    for (.., row) in &mut rows {
        row.resize(labels.len(), Number::from(0));
    }
    Ok((Branches { labels, rows }, next))
}

impl Branches {
    /// The odds by types.
    pub(super) fn odds(
        &self,
        deals: &Deals,
        builder: &mut PublicBuilder,
    ) -> Result<Odds, NotPublic> {
        let (_, _, first) = &self.rows[0];
        if self.rows.iter().all(|(.., row)| row == first) {
            return Ok(Odds::Common(first.clone()));
        }
        let mut tables = vec![vec![Number::from(0); deals.pairs()]; self.labels.len()];
        let mut seen = vec![false; deals.pairs()];
        for (node, deal, row) in &self.rows {
            let pair = deals.pair(*deal);
            for (table, odds) in tables.iter_mut().zip(row) {
                // What neither player knows must not show in odds: what is left of it would weigh otherwise from here on.
                if seen[pair] && table[pair] != *odds {
                    let node = *node as usize;
                    return Err(NotPublic::Odds { node });
                }
                table[pair] = odds.clone();
            }
            seen[pair] = true;
        }
        let tables: Vec<TableId> = tables.into_iter().map(|t| builder.of_pair(t)).collect();
        Ok(Odds::ByPair(tables))
    }
}
