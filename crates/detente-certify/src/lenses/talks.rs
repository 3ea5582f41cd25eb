//! Certificate: the tree of public histories laid once more from what the answer says is at the table, with numbers for all combinations of
//! types side by side; what ends are worth worked out from the case; every move that is said to be worse than another whatever follows is shown
//! to be; at every other information set beliefs by Bayes' rule and no move that pays more than those that are made. No tree of a game solver,
//! and nothing of how the answer was found.

mod ends;
mod histories;
mod told;

use detente_core::catalogue::talks::{IN_PLAY, MENU, OFFERS, PLAYS, ROUNDS, TREMBLES, WORTH};
use detente_core::talks::{Table, TalksSetting, chance_of_news};
use detente_core::{Question, RowView, Verdict};

use crate::verdict;
use ends::Ends;
use histories::{Histories, What};

/// Greatest error of a chance that is worked out in another order.
const ROUNDING: f64 = 1e-7;
/// Regret that counts as none, in points, besides what errors of worths make.
const REGRET: f64 = 1e-4;
/// How far trembles may be from play.
const DISTANCE: f64 = 1e-3;
/// A move is planned if it is likelier than this.
const PLANNED: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Some(talks) = &question.setting.talks else {
        return Ok(None);
    };
    let Some(table) = table(question, talks, answer)? else {
        return Ok(None);
    };
    let Some(ends) = Ends::new(question, talks, &table) else {
        return Ok(None);
    };
    if table.rounds == 0 {
        return none(question, answer, &ends).map(Some);
    }
    let histories = Histories::new(question, talks, &table, &ends);
    let check = Check {
        question,
        answer,
        talks,
        table,
        ends,
        histories,
    };
    check.all().map(Some)
}

/// What the answer says is at the table; nothing where it tells nothing.
fn table(
    question: Question,
    talks: &TalksSetting,
    answer: RowView,
) -> Result<Option<Table>, String> {
    let setting = question.setting;
    let whole = |x: f64, most: usize, what: &str| {
        let fits = x.fract() == 0.0 && (0.0..=most as f64).contains(&x);
        let whole = detente_core::asks::whole(x);
        fits.then_some(whole).ok_or(format!("{what}: {x}"))
    };
    let rounds = answer.get(ROUNDS, &[]);
    if rounds.is_nan() {
        return Ok(None);
    }
    let rounds = whole(rounds, talks.rounds, "rounds")?;
    let offers = whole(answer.get(OFFERS, &[]), talks.offers, "offers")?;
    let mut table = Table {
        rounds,
        ..Table::default()
    };
    if rounds == 0 {
        return if talks.rounds == 0 {
            Ok(Some(table))
        } else {
            Err("no round is played".to_owned())
        };
    }
    for o in 0..offers {
        let mut package = Vec::new();
        for (k, issue) in setting.issues.iter().enumerate() {
            let option = answer.get(MENU, &[o, k]) - 1.0;
            let option = whole(option, issue.options.len() - 1, "an option on the menu")?;
            package.push(u8::try_from(option).map_err(|_| "an option")?);
        }
        if !setting.allows(&package) && setting.packages.iter().all(|own| own.choice != package) {
            return Err(format!("offer {o} breaks a rule"));
        }
        if table.offers.contains(&package) {
            return Err(format!("offer {o} stands on the menu twice"));
        }
        table.offers.push(package);
    }
    for (list, least, to) in [
        (&talks.levers, 1.0, &mut table.levers),
        (&talks.announced, 2.0, &mut table.announced),
    ] {
        to.extend(
            list.iter()
                .copied()
                .filter(|l| answer.get(IN_PLAY, &[*l]) >= least),
        );
    }
    let off = |l: &usize| question.world.numbers.levers[*l].on <= 0.0;
    if table.levers.iter().any(off) || !table.announced.iter().all(|l| table.levers.contains(l)) {
        return Err("a lever is said to be in play that cannot be".to_owned());
    }
    Ok(Some(table))
}

/// Without rounds talks are worth what no deal is.
fn none(question: Question, answer: RowView, ends: &Ends) -> Result<usize, String> {
    let mut checked = 0;
    for t in 0..question.setting.types.len() {
        let claimed = answer.get(WORTH, &[t]);
        let found = ends.without(t);
        if exceeds((claimed - found).abs(), ends.error()) {
            return Err(format!(
                "without talks type {t} has {claimed}, found {found}"
            ));
        }
        checked += 1;
    }
    Ok(checked)
}

/// Is a number greater than a bound, or none?
fn exceeds(x: f64, bound: f64) -> bool {
    x.is_nan() || x > bound
}

struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    talks: &'a TalksSetting,
    table: Table,
    ends: Ends<'a>,
    histories: Histories,
}

/// By place, by combination of types, by player.
type Values = Vec<Vec<Vec<f64>>>;

impl Check<'_> {
    fn plays(&self, of: usize) -> f64 {
        self.answer.get(PLAYS, &[of])
    }

    fn all(&self) -> Result<usize, String> {
        let h = &self.histories;
        if h.moves > self.talks.moves {
            return Err(format!("the game has {} moves", h.moves));
        }
        let told = (h.moves..self.talks.moves).any(|of| !self.plays(of).is_nan());
        if told {
            return Err("a move is told of that the game does not have".to_owned());
        }
        let leaves = self.leaves()?;
        let mut checked = self.left_out(&leaves)?;
        let (plain, logs, others) = self.reach()?;
        let values = self.values(&leaves);
        checked += self.regrets(&values, &plain, &logs, &others)?;
        checked += self.chances(&plain)?;
        checked += self.agreed(&plain)?;
        checked += self.worths(&leaves, &plain)?;
        Ok(checked)
    }

    /// What every end is worth.
    fn leaves(&self) -> Result<Values, String> {
        let h = &self.histories;
        let mut leaves = vec![Vec::new(); h.places.len()];
        for (place, at) in h.places.iter().zip(&mut leaves) {
            if !place.next.is_empty() {
                continue;
            }
            for profile in &h.profiles {
                let worth = h.players.iter().enumerate().map(|(player, _)| {
                    let there = |party: usize| h.type_in(profile, party);
                    self.ends.worth(place, profile.types[player], &there)
                });
                let worth: Vec<f64> = worth.collect();
                if !worth.iter().all(|x| x.is_finite()) {
                    return Err("an end is not worth a finite number".to_owned());
                }
                at.push(worth);
            }
        }
        Ok(leaves)
    }

    /// Is the k-th move of a type at a place said to be worse than another whatever follows?
    fn is_out(&self, place: usize, at: usize, k: usize) -> bool {
        let h = &self.histories;
        let own = &h.places[place].own[at];
        own.first.is_some_and(|first| {
            let (p, log) = (
                self.plays(first + k),
                self.answer.get(TREMBLES, &[first + k]),
            );
            p == 0.0 && log.is_nan()
        })
    }

    /// Shows of every move that is left out that another one pays more at every node, whatever follows both, of what is not left out.
    fn left_out(&self, leaves: &Values) -> Result<usize, String> {
        let h = &self.histories;
        let mut claimed: Vec<(usize, usize, usize)> = Vec::new();
        for (at, place) in h.places.iter().enumerate() {
            for (own, of) in place.own.iter().enumerate() {
                if of.first.is_some() {
                    let out = (0..of.moves.len()).filter(|k| self.is_out(at, own, *k));
                    claimed.extend(out.map(|k| (at, own, k)));
                }
            }
        }
        let mut shown: Vec<(usize, usize, usize)> = Vec::new();
        loop {
            let before = shown.len();
            let [low, high] = [false, true].map(|most| self.bounds(leaves, &shown, most));
            for claim in &claimed {
                if shown.contains(claim) {
                    continue;
                }
                let (at, own, k) = *claim;
                let place = &h.places[at];
                let of = &place.own[own];
                let child = |k: usize| place.next[of.moves[k]];
                let player = h.player(place.by);
                let mine = h.profiles.iter().enumerate();
                let mine: Vec<usize> = mine
                    .filter(|(_, profile)| profile.types[player] == of.t)
                    .map(|(p, _)| p)
                    .collect();
                let better = (0..of.moves.len())
                    .filter(|other| *other != k && !shown.contains(&(at, own, *other)));
                let worse = better.into_iter().any(|other| {
                    mine.iter().all(|p| {
                        let (most, least) =
                            (high[child(k)][*p][player], low[child(other)][*p][player]);
                        least - most > -2.0 * self.ends.error()
                    })
                });
                if worse {
                    shown.push(*claim);
                }
            }
            if shown.len() == claimed.len() {
                return Ok(claimed.len());
            }
            if shown.len() == before {
                let left = claimed.iter().find(|claim| !shown.contains(claim));
                return Err(format!(
                    "a move is said to be worse than another whatever follows and is not: {left:?}"
                ));
            }
        }
    }

    /// The least or the most that each place can be worth without some moves.
    fn bounds(&self, leaves: &Values, out: &[(usize, usize, usize)], most: bool) -> Values {
        let h = &self.histories;
        let mut bounds = leaves.clone();
        for at in (0..h.places.len()).rev() {
            let place = &h.places[at];
            if place.next.is_empty() {
                continue;
            }
            let mut all = Vec::with_capacity(h.profiles.len());
            for (p, profile) in h.profiles.iter().enumerate() {
                let value = |next: usize, player: usize| bounds[next][p][player];
                let worths = (0..h.players.len()).map(|player| {
                    if place.what == What::News {
                        let chance = self.news(profile);
                        return chance * value(place.next[0], player)
                            + (1.0 - chance) * value(place.next[1], player);
                    }
                    let (own, of) = h.own(place, profile);
                    let left = (0..of.moves.len()).filter(|k| !out.contains(&(at, own, *k)));
                    let each = left.map(|k| value(place.next[of.moves[k]], player));
                    if most {
                        each.fold(f64::NEG_INFINITY, f64::max)
                    } else {
                        each.fold(f64::INFINITY, f64::min)
                    }
                });
                all.push(worths.collect());
            }
            bounds[at] = all;
        }
        bounds
    }

    fn news(&self, profile: &histories::Profile) -> f64 {
        let party = self.talks.news.unwrap_or(0);
        let t = self.histories.type_in(profile, party);
        t.map_or(0.0, |t| chance_of_news(self.question.world, t))
    }

    /// How likely play, and trembles, come to each place with each combination of types, and how likely with one player's own moves left out.
    #[expect(clippy::type_complexity, reason = "three tables of the same shape")]
    fn reach(&self) -> Result<(Vec<Vec<f64>>, Vec<Vec<f64>>, Values), String> {
        let h = &self.histories;
        let (count, players) = (h.profiles.len(), h.players.len());
        let mut plain = vec![vec![0.0; count]; h.places.len()];
        let mut logs = vec![vec![f64::NEG_INFINITY; count]; h.places.len()];
        let mut others = vec![vec![vec![0.0; players]; count]; h.places.len()];
        for (p, profile) in h.profiles.iter().enumerate() {
            plain[0][p] = profile.chance;
            logs[0][p] = libm::log(profile.chance);
            others[0][p].fill(profile.chance);
        }
        for (at, place) in h.places.iter().enumerate() {
            for (p, profile) in h.profiles.iter().enumerate() {
                let mut go = |next: usize, chance: f64, log: f64, by: Option<usize>| {
                    plain[next][p] = plain[at][p] * chance;
                    logs[next][p] = logs[at][p] + log;
                    for player in 0..players {
                        let own = by == Some(player);
                        others[next][p][player] =
                            others[at][p][player] * if own { 1.0 } else { chance };
                    }
                };
                match &place.what {
                    What::News => {
                        let chance = self.news(profile);
                        for (next, chance) in place.next.iter().zip([chance, 1.0 - chance]) {
                            go(*next, chance, libm::log(chance), None);
                        }
                    }
                    _ if place.next.is_empty() => {}
                    _ => {
                        let (_, of) = h.own(place, profile);
                        let player = h.player(place.by);
                        for (k, made) in of.moves.iter().enumerate() {
                            let (chance, log) = match of.first {
                                None => (1.0, 0.0),
                                Some(first) => {
                                    let p = self.plays(first + k);
                                    let log = self.answer.get(TREMBLES, &[first + k]);
                                    let told = |x: f64, or: f64| if x.is_nan() { or } else { x };
                                    (told(p, 0.0), told(log, f64::NEG_INFINITY))
                                }
                            };
                            go(place.next[*made], chance, log, Some(player));
                        }
                    }
                }
            }
        }
        self.probabilities()?;
        Ok((plain, logs, others))
    }

    /// Are plays probabilities, and trembles near them?
    fn probabilities(&self) -> Result<(), String> {
        for place in &self.histories.places {
            for of in &place.own {
                let Some(first) = of.first else { continue };
                let own = first..first + of.moves.len();
                let (mut sum, mut mixed, mut told) = (0.0, 0.0, 0);
                for at in own.clone() {
                    let (p, log) = (self.plays(at), self.answer.get(TREMBLES, &[at]));
                    if p.is_nan() || p == 0.0 && log.is_nan() {
                        continue;
                    }
                    told += 1;
                    sum += p;
                    mixed += libm::exp(log);
                    if !(0.0..=1.0).contains(&p) || exceeds((libm::exp(log) - p).abs(), DISTANCE) {
                        return Err(format!(
                            "move {at}: played with {p}, and e^{log} in trembles"
                        ));
                    }
                }
                if told > 0
                    && (exceeds((sum - 1.0).abs(), ROUNDING) || exceeds((mixed - 1.0).abs(), 1e-6))
                {
                    return Err(format!(
                        "moves {own:?} are made with {sum} in all, {mixed} in trembles"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What each place is worth if all play as they are said to; nothing (NaN) where nobody says.
    fn values(&self, leaves: &Values) -> Values {
        let h = &self.histories;
        let mut values = leaves.clone();
        for at in (0..h.places.len()).rev() {
            let place = &h.places[at];
            if place.next.is_empty() {
                continue;
            }
            let mut all = Vec::with_capacity(h.profiles.len());
            for (p, profile) in h.profiles.iter().enumerate() {
                let weights: Vec<(usize, f64)> = if place.what == What::News {
                    let chance = self.news(profile);
                    vec![(place.next[0], chance), (place.next[1], 1.0 - chance)]
                } else {
                    let (_, of) = h.own(place, profile);
                    let moves = of.moves.iter().enumerate();
                    moves
                        .map(|(k, made)| {
                            let chance = of.first.map_or(1.0, |first| self.plays(first + k));
                            (place.next[*made], chance)
                        })
                        .collect()
                };
                let worth = (0..h.players.len()).map(|player| {
                    let used = weights.iter().filter(|(_, chance)| *chance != 0.0);
                    used.map(|(next, chance)| chance * values[*next][p][player])
                        .sum()
                });
                all.push(worth.collect());
            }
            values[at] = all;
        }
        values
    }

    /// At every information set that is told of: does no move pay more than one that is made?
    fn regrets(
        &self,
        values: &Values,
        plain: &[Vec<f64>],
        logs: &[Vec<f64>],
        others: &Values,
    ) -> Result<usize, String> {
        let h = &self.histories;
        let mut checked = 0;
        for (at, place) in h.places.iter().enumerate() {
            for (own, of) in place.own.iter().enumerate() {
                let Some(first) = of.first else { continue };
                let player = h.player(place.by);
                let mine = h.profiles.iter().enumerate();
                let mine: Vec<usize> = mine
                    .filter(|(_, profile)| profile.types[player] == of.t)
                    .map(|(p, _)| p)
                    .collect();
                let told = (0..of.moves.len()).any(|k| self.plays(first + k) > 0.0);
                let come: f64 = mine.iter().map(|p| others[at][*p][player]).sum();
                if !told {
                    // Only what is left out may lead here.
                    if mine
                        .iter()
                        .any(|p| plain[at][*p] > 0.0 || logs[at][*p] > f64::NEG_INFINITY)
                    {
                        return Err(format!(
                            "nothing is told of type {} at a place that play may come to",
                            of.t
                        ));
                    }
                    continue;
                }
                let beliefs: Vec<f64> = if come > 1e-280 {
                    mine.iter().map(|p| others[at][*p][player] / come).collect()
                } else {
                    let top = mine
                        .iter()
                        .map(|p| logs[at][*p])
                        .fold(f64::NEG_INFINITY, f64::max);
                    let shares = mine.iter().map(|p| libm::exp(logs[at][*p] - top));
                    let shares: Vec<f64> = shares.collect();
                    let sum: f64 = shares.iter().sum();
                    shares.into_iter().map(|x| x / sum).collect()
                };
                let pays = |k: usize| {
                    let next = place.next[of.moves[k]];
                    let each = mine
                        .iter()
                        .zip(&beliefs)
                        .filter(|(_, belief)| **belief > 0.0);
                    each.map(|(p, belief)| belief * values[next][*p][player])
                        .sum::<f64>()
                };
                let (mut best, mut worst) = (f64::NEG_INFINITY, f64::INFINITY);
                for k in (0..of.moves.len()).filter(|k| !self.is_out(at, own, *k)) {
                    let pays = pays(k);
                    if pays.is_nan() {
                        return Err(format!("move {} leads where nothing is told", first + k));
                    }
                    best = best.max(pays);
                    if self.plays(first + k) > PLANNED {
                        worst = worst.min(pays);
                    }
                }
                if exceeds(best - worst, REGRET + 2.0 * self.ends.error()) {
                    return Err(format!(
                        "type {} has a move that pays {} more, in round {}",
                        of.t,
                        best - worst,
                        place.round
                    ));
                }
                checked += 1;
            }
        }
        Ok(checked)
    }
}
