//! What is told of a game and its answer.

use detente_core::catalogue::talks::{
    AGREED, AGREED_IN, AGREED_OFFER, BELIEF_AT, CROSSED, DEAL, DEAL_AT, DEAL_IN, DEAL_KNOWN,
    ENDS_OTHERWISE, GAIN, GOING_ON, IN_PLAY, KEPT, KIND, LAST_ROUND, MENU, OFFERS, PLAYS,
    POSTERIOR, PROPOSES, REFUSES, REGRET, ROUNDS, TREMBLES, WORTH, WORTH_KNOWN,
};
use detente_core::talks::{NEVER, Play, TOLD_MONTHS, TalksSetting};
use detente_core::{LeverProfile, NoDealSolution, Outcome as Said, Row, Scene};
use detente_games::{Assessment, NONE};

use super::form::{self, Form, Move, Outcome, Step};
use super::grown::Grown;
use super::known::known;
use super::menu::menu;
use super::play::{Played, Reach, Unplayed, play, shorter};
use super::size;
use crate::kept_months;

/// Plays the talks of a world and writes what comes of them.
pub(super) fn write(scene: &Scene, talks: &TalksSetting, row: &mut Row) -> Said {
    if talks.rounds == 0 {
        return without(scene, row);
    }
    let Some(plan) = size::plan(scene.setting, talks) else {
        return Said::GaveUp(TOO_LARGE);
    };
    let menu = menu(scene, talks);
    if menu.is_empty() {
        return Said::NotApplicable("there is no package to propose");
    }
    let played = match play(scene, talks, &plan, &menu) {
        Ok(played) => played,
        Err(Unplayed::TooLarge) => return Said::GaveUp(TOO_LARGE),
        Err(Unplayed::Unknown) => {
            return Said::GaveUp(
                "what no deal is worth after months of talks is not a finite number",
            );
        }
        Err(Unplayed::Uncertified) => {
            return Said::GaveUp("no certified equilibrium of the talks was found");
        }
    };
    Telling::new(&played).write(row);
    Said::Done
}

const TOO_LARGE: &str = "even one offer in one round has more moves than talks.moves allows, or than can be traced; fewer types would fit";

/// No talks: no deal, and everything is worth what that is.
fn without(scene: &Scene, row: &mut Row) -> Said {
    let (setting, world) = (scene.setting, scene.world);
    for t in 0..setting.types.len() {
        row.set(WORTH, &[t], scene.no_deal_value(t).unwrap_or(f64::NAN));
        row.set(GAIN, &[t], 0.0);
    }
    let none = form::analysts(setting, world, 0, LeverProfile::default());
    let ended = scene.no_deal(&none).map(|found| &found.ended);
    for month in 0..=TOLD_MONTHS {
        row.set(DEAL, &[month], 0.0);
        if let Some(ended) = ended {
            row.set(ENDS_OTHERWISE, &[month], chance(ended[month]));
        }
    }
    row.set(KIND, &[], 0.0);
    for of in [ROUNDS, OFFERS, REGRET, CROSSED, DEAL_KNOWN] {
        row.set(of, &[], 0.0);
    }
    Said::Done
}

/// A chance without what rounding adds.
pub(super) fn chance(p: f64) -> f64 {
    p.clamp(0.0, 1.0)
}

/// A game, its answer, and how often play comes where.
pub(super) struct Telling<'a> {
    pub(super) played: &'a Played<'a>,
    pub(super) form: &'a Form<'a>,
    pub(super) grown: &'a Grown,
    pub(super) reach: Reach,
    /// By place: its nodes.
    pub(super) nodes: Vec<Vec<usize>>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(played: &'a Played<'a>) -> Self {
        let grown = &played.grown;
        let mut nodes = vec![Vec::new(); played.form.places.len()];
        for (node, place) in grown.place.iter().enumerate() {
            if *place != u32::MAX {
                nodes[*place as usize].push(node);
            }
        }
        Self {
            played,
            form: &played.form,
            grown,
            reach: Reach::of(grown, &played.answer),
            nodes,
        }
    }

    pub(super) fn types_of(&self, node: usize) -> &[usize] {
        let profile = self.grown.profile[node] as usize;
        &self.grown.profiles[profile].0
    }

    /// Who moves at a place.
    pub(super) fn mover(&self, place: usize) -> Option<usize> {
        match &self.form.places[place].step {
            Step::Moves(party, _) => Some(*party),
            _ => None,
        }
    }

    /// The type of a party at a node.
    pub(super) fn type_at(&self, node: usize, party: usize) -> Option<usize> {
        let player = self.form.players.iter().position(|own| *own == party)?;
        Some(self.types_of(node)[player])
    }

    /// Chance of a place's move at a node of it.
    pub(super) fn makes(&self, node: usize, made: usize) -> f64 {
        let tree = &self.grown.tree;
        let next = self.form.places[self.grown.place[node] as usize].next[made];
        let mut children = tree.children(node);
        let child = children.find(|child| self.grown.place[*child] as usize == next);
        child.map_or(0.0, |child| match tree.action[child] {
            NONE => tree.chance[child],
            action => {
                let p = self.played.answer.strategy[action as usize];
                if p.is_nan() { 0.0 } else { p }
            }
        })
    }

    /// Chance of a move at nodes, weighed as play or trembles come to them; nothing where nothing does.
    pub(super) fn mean(&self, nodes: &[usize], made: usize) -> Option<f64> {
        let weights = self.reach.weights(nodes)?;
        let each = nodes.iter().zip(weights);
        Some(
            each.map(|(node, weight)| weight * self.makes(*node, made))
                .sum(),
        )
    }

    /// The analyst's account of no deal from a round on with some levers pulled then.
    fn analysts(&self, round: usize, pulled: LeverProfile) -> Option<&NoDealSolution> {
        let scene = self.form.scene;
        let month = self.form.talks.month(round);
        scene.no_deal(&form::analysts(scene.setting, scene.world, month, pulled))
    }

    /// The chance that there is still something to talk about in a round, as the analyst sees it.
    pub(super) fn lasts(&self, round: usize) -> f64 {
        let found = self.analysts(round, LeverProfile::default());
        found.map_or(f64::NAN, |found| found.lasts[0])
    }

    /// Leaves with their outcomes and how likely play is to come to each.
    pub(super) fn ends(&self) -> impl Iterator<Item = (usize, &form::Place, &form::End, f64)> {
        self.grown.tree.leaves.iter().map(|leaf| {
            let node = *leaf as usize;
            let place = &self.form.places[self.grown.place[node] as usize];
            let Step::Ends(end) = &place.step else {
                unreachable!("a leaf is an end")
            };
            (node, place, end, self.reach.plain[node])
        })
    }

    pub(super) fn write(&self, row: &mut Row) {
        let form = self.form;
        let setting = form.scene.setting;
        self.outcomes(row);
        self.offers(row);
        self.threats(row);
        self.course(row);
        self.worths(row);
        row.set(KIND, &[], f64::from(self.kind().0));
        row.set(CROSSED, &[], self.played.crossed as f64);
        row.set(REGRET, &[], chance(self.played.regret));
        row.set(ROUNDS, &[], form.table.rounds as f64);
        row.set(OFFERS, &[], form.table.offers.len() as f64);
        for l in 0..setting.levers.len() {
            let part = if form.table.announced.contains(&l) {
                2.0
            } else {
                f64::from(u8::from(form.table.levers.contains(&l)))
            };
            row.set(IN_PLAY, &[l], part);
        }
        for (o, offer) in form.table.offers.iter().enumerate() {
            for (k, option) in offer.iter().enumerate() {
                row.set(MENU, &[o, k], f64::from(*option) + 1.0);
            }
        }
        let answer = &self.played.answer;
        for (a, (p, log)) in answer.strategy.iter().zip(&answer.tremble).enumerate() {
            row.set(PLAYS, &[a], *p);
            // Not told: of moves that are left out, and where nothing but these leads.
            if log.is_finite() {
                row.set(TREMBLES, &[a], *log);
            }
        }
        let at = self.played.quantal.iter().enumerate();
        for (k, answer) in at {
            if let Some(answer) = answer {
                row.set(DEAL_AT, &[k], chance(self.deal_under(answer)));
            }
        }
    }

    /// Chance of a deal if play is so.
    pub(super) fn deal_under(&self, answer: &Assessment) -> f64 {
        let reach = Reach::of(self.grown, answer);
        let deals = self.ends().map(|(node, place, end, _)| match end.outcome {
            Outcome::Deal(_) => reach.plain[node] * self.lasts(place.round),
            Outcome::None(_) => 0.0,
        });
        deals.sum()
    }

    fn outcomes(&self, row: &mut Row) {
        let form = self.form;
        let (setting, world) = (form.scene.setting, form.scene.world);
        let rounds = form.table.rounds;
        let lasts: Vec<f64> = (0..rounds).map(|round| self.lasts(round)).collect();
        let mut deal_in = vec![0.0; rounds];
        let offers = form.table.offers.len();
        let mut agreed = vec![0.0; offers];
        let mut agreed_in = vec![0.0; rounds * offers];
        let mut ended = [0.0; TOLD_MONTHS + 1];
        let mut kept = 0.0;
        let prospects: Vec<_> = form
            .table
            .offers
            .iter()
            .map(|offer| form.scene.deal_value.prospect(setting, world, offer))
            .collect();
        let horizon = kept_months(world) as f64;
        for (node, place, end, p) in self.ends() {
            if p == 0.0 {
                continue;
            }
            let month = form.talks.month(place.round);
            let (pulled, until) = match end.outcome {
                Outcome::Deal(offer) => {
                    let signed = p * lasts[place.round];
                    deal_in[place.round] += signed;
                    agreed[offer] += signed;
                    agreed_in[place.round * offers + offer] += signed;
                    kept += signed * self.quiet(node, prospects[offer].as_ref(), horizon);
                    (LeverProfile::default(), month)
                }
                Outcome::None(pulled) => (pulled, TOLD_MONTHS),
            };
            if let Some(found) = self.analysts(place.round, pulled) {
                for (m, ended) in ended.iter_mut().enumerate() {
                    *ended += p * found.ended[m.min(until)];
                }
            }
        }
        for (round, p) in deal_in.iter().enumerate() {
            row.set(DEAL_IN, &[round], chance(*p));
            for (offer, p) in agreed_in[round * offers..][..offers].iter().enumerate() {
                row.set(AGREED_IN, &[round, offer], chance(*p));
            }
        }
        for (month, ended) in ended.iter().enumerate() {
            let held = (0..rounds).filter(|round| form.talks.month(*round) <= month);
            let deal: f64 = held.map(|round| deal_in[round]).sum();
            row.set(DEAL, &[month], chance(deal));
            row.set(ENDS_OTHERWISE, &[month], chance(*ended));
        }
        row.set(KEPT, &[], chance(kept));
        for (o, p) in agreed.iter().enumerate() {
            row.set(AGREED_OFFER, &[o], chance(*p));
        }
        for (p, package) in setting.packages.iter().enumerate() {
            let place = form
                .table
                .offers
                .iter()
                .position(|offer| *offer == package.choice);
            row.set(AGREED, &[p], chance(place.map_or(0.0, |o| agreed[o])));
        }
    }

    /// Chance that a deal between the types of a node has not broken down when it counts as kept.
    fn quiet(&self, node: usize, prospect: Option<&detente_core::Prospect>, horizon: f64) -> f64 {
        let Some(prospect) = prospect else {
            return f64::NAN;
        };
        let scene = self.form.scene;
        let holds = |t: usize| {
            if prospect.month[t] <= horizon {
                1.0 - prospect.attack[t]
            } else {
                1.0
            }
        };
        let parties = scene.setting.parties.iter().enumerate();
        let attackers = parties.filter(|(_, party)| party.is_principal());
        let each = attackers.map(|(p, party)| {
            if let Some(t) = self.type_at(node, p) {
                return holds(t);
            }
            let prior = |t: usize| scene.world.numbers.types[t].prior;
            party.types.clone().map(|t| prior(t) * holds(t)).sum()
        });
        prospect.calm_kept * each.product::<f64>()
    }

    /// Places of the first round where a package is asked about or offered.
    pub(super) fn first(&self) -> impl Iterator<Item = (usize, &form::Place)> {
        let places = self.form.places.iter().enumerate();
        places.filter(|(_, place)| place.round == 0)
    }

    fn offers(&self, row: &mut Row) {
        let form = self.form;
        let setting = form.scene.setting;
        let by = form.talks.proposer(0);
        for (p, package) in setting.packages.iter().enumerate() {
            let offer = form
                .table
                .offers
                .iter()
                .position(|offer| *offer == package.choice);
            let Some(offer) = offer else {
                row.set(PROPOSES, &[by, p], 0.0);
                continue;
            };
            let mut proposed = 0.0;
            for (at, place) in self.first() {
                if let Step::Moves(_, Move::Offer(offers)) = &place.step
                    && let Some(made) = offers.iter().position(|own| *own == offer)
                {
                    let own = self.nodes[at].iter();
                    proposed += own
                        .map(|node| self.reach.plain[*node] * self.makes(*node, made))
                        .sum::<f64>();
                }
            }
            row.set(PROPOSES, &[by, p], chance(proposed));
            for (player, party) in form.players.iter().enumerate() {
                let mut asked: Vec<usize> = Vec::new();
                let mut refused: Vec<usize> = Vec::new();
                for (at, place) in self.first() {
                    if place.step == Step::Moves(*party, Move::Answer(offer)) {
                        asked.extend(&self.nodes[at]);
                        refused.extend(&self.nodes[place.next[1]]);
                    }
                }
                for t in &form.types[player] {
                    let own = asked.iter().copied();
                    let own: Vec<usize> = own
                        .filter(|node| self.types_of(*node)[player] == *t)
                        .collect();
                    if let Some(refuses) = self.mean(&own, 1) {
                        row.set(REFUSES, &[*t, p], chance(refuses));
                    }
                }
                if let Some(weights) = self.reach.weights(&refused) {
                    for t in &form.types[player] {
                        let own = refused.iter().zip(&weights);
                        let own = own.filter(|(node, _)| self.types_of(**node)[player] == *t);
                        let believed: f64 = own.map(|(_, weight)| weight).sum();
                        row.set(POSTERIOR, &[*t, p], chance(believed));
                    }
                }
            }
        }
    }

    fn course(&self, row: &mut Row) {
        let form = self.form;
        for round in 0..form.table.rounds {
            let mut nodes = Vec::new();
            for (at, place) in form.places.iter().enumerate() {
                if place.round == round && matches!(place.step, Step::Moves(_, Move::Offer(_))) {
                    nodes.extend(&self.nodes[at]);
                }
            }
            let going: f64 = nodes.iter().map(|node| self.reach.plain[*node]).sum();
            row.set(GOING_ON, &[round], chance(going));
            if going < NEVER {
                continue;
            }
            for (player, types) in form.types.iter().enumerate() {
                for t in types {
                    let own = nodes
                        .iter()
                        .filter(|node| self.types_of(**node)[player] == *t);
                    let there: f64 = own.map(|node| self.reach.plain[*node]).sum();
                    row.set(BELIEF_AT, &[*t, round], chance(there / going));
                }
            }
        }
    }

    /// What the talks are worth to each type.
    pub(super) fn worth(&self) -> Vec<f64> {
        let form = self.form;
        let setting = form.scene.setting;
        let mut worth = vec![f64::NAN; setting.types.len()];
        for (t, kind) in setting.types.iter().enumerate() {
            if form.scene.world.numbers.types[t].prior <= 0.0 {
                continue;
            }
            let (mut sum, mut all) = (0.0, 0.0);
            for (node, _, _, p) in self.ends() {
                if p > 0.0
                    && self
                        .type_at(node, kind.party)
                        .is_none_or(|there| there == t)
                {
                    let types = |party: usize| self.type_at(node, party);
                    sum += p * form.worth(self.grown.place[node] as usize, t, &types);
                    all += p;
                }
            }
            worth[t] = sum / all;
        }
        worth
    }

    fn worths(&self, row: &mut Row) {
        let form = self.form;
        let scene = form.scene;
        let worth = self.worth();
        let fewer = if scene.talks != Play::Whole {
            None
        } else if form.table.rounds > 1 {
            let shorter = shorter(self.played);
            shorter.map(|shorter| Telling::new(&shorter).worth())
        } else {
            let types = 0..worth.len();
            Some(
                types
                    .map(|t| scene.no_deal_value(t).unwrap_or(f64::NAN))
                    .collect(),
            )
        };
        for (t, worth) in worth
            .iter()
            .enumerate()
            .filter(|(_, worth)| !worth.is_nan())
        {
            row.set(WORTH, &[t], *worth);
            row.set(
                GAIN,
                &[t],
                worth - scene.no_deal_value(t).unwrap_or(f64::NAN),
            );
            if let Some(fewer) = &fewer {
                row.set(LAST_ROUND, &[t], worth - fewer[t]);
            }
        }
        if scene.talks == Play::Whole {
            self.messages(&worth, row);
        }
        let known = known(form);
        let deal = known.deal_in.iter().enumerate();
        let deal = deal.map(|(round, p)| p * self.lasts(round));
        row.set(DEAL_KNOWN, &[], chance(deal.sum()));
        for (t, worth) in known.worth {
            row.set(WORTH_KNOWN, &[t], worth);
        }
    }
}
