//! The talks of one world point by point, and what more room would make of them.

use detente_core::talks::{Account, Line, Taken, TalksSetting};
use detente_core::{Scene, Setting};

use super::form::{self, Move, Step};
use super::menu::menu;
use super::play::{Played, play};
use super::size;
use super::tell::{Telling, chance};

/// The talks of a world point by point; nothing where they have no answer.
pub fn account(scene: &Scene) -> Option<Account> {
    let talks = asked(scene.setting)?;
    let played = played(scene, talks)?;
    let telling = Telling::new(&played);
    let lines = played
        .form
        .sets()
        .into_iter()
        .filter_map(|set| telling.line(&set));
    Some(Account {
        lines: lines.collect(),
        offers: played.form.table.offers.clone(),
    })
}

/// How far the talks of a world are played: rounds, offers, and the chance of a deal; nothing where they have no answer. A case that allows more
/// moves may tell more.
pub fn outcome(scene: &Scene) -> Option<(usize, usize, f64)> {
    let talks = asked(scene.setting)?;
    let played = played(scene, talks)?;
    let deal = Telling::new(&played).deal_under(&played.answer);
    let table = &played.form.table;
    Some((table.rounds, table.offers.len(), chance(deal)))
}

fn asked(setting: &Setting) -> Option<&TalksSetting> {
    setting.talks.as_ref().filter(|talks| talks.rounds > 0)
}

fn played<'a>(scene: &'a Scene<'a>, talks: &'a TalksSetting) -> Option<Played<'a>> {
    let plan = size::plan(scene.setting, talks)?;
    play(scene, talks, &plan, &menu(scene, talks)).ok()
}

impl Telling<'_> {
    /// What a type does at a place; nothing where only moves that are left out lead.
    fn line(&self, set: &form::Set) -> Option<Line> {
        let place = &self.form.places[set.place];
        let party = self.mover(set.place)?;
        let own = self.nodes[set.place].iter().copied();
        let nodes: Vec<usize> = own
            .filter(|node| self.type_at(*node, party) == Some(set.t))
            .collect();
        let weights = self.reach.weights(&nodes)?;
        let prior = self.form.scene.world.numbers.types[set.t].prior;
        let reach = nodes
            .iter()
            .map(|node| self.reach.plain[*node])
            .sum::<f64>()
            / prior;
        let moves = set.moves.iter().map(|made| {
            let p = self.mean(&nodes, *made).unwrap_or(0.0);
            (self.taken(set.place, *made), p)
        });
        let mut beliefs = Vec::new();
        for (player, types) in self.form.types.iter().enumerate() {
            if self.form.players[player] == party {
                continue;
            }
            for t in types {
                let there = nodes.iter().zip(&weights);
                let there = there.filter(|(node, _)| self.types_of(**node)[player] == *t);
                beliefs.push((*t, there.map(|(_, weight)| weight).sum()));
            }
        }
        let mut after = Vec::new();
        let mut at = set.place;
        while let Some((before, made)) = self.form.places[at].before {
            after.push(self.taken(before, made));
            at = before;
        }
        after.reverse();
        Some(Line {
            round: place.round,
            t: set.t,
            after,
            reach: chance(reach),
            moves: moves.collect(),
            beliefs,
        })
    }

    fn taken(&self, place: usize, made: usize) -> Taken {
        match &self.form.places[place].step {
            Step::Moves(_, Move::Announce(l)) => Taken::Announced(*l, made == 0),
            Step::Moves(by, Move::Offer(offers)) => Taken::Offered(*by, offers.get(made).copied()),
            Step::Moves(party, Move::Answer(_)) => Taken::Answered(*party, made == 0),
            Step::Moves(_, Move::Pull(l)) => Taken::Pulled(*l, made == 0),
            Step::News | Step::Ends(_) => Taken::News(made == 0),
        }
    }
}
