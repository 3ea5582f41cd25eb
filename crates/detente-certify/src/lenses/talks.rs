//! Certificate: the tree of public histories laid once more from what the answer says is at the table, with numbers for all combinations of
//! types side by side; what ends are worth worked out from the case; every move that is said to be worse than another whatever follows is shown
//! to be; at every other information set beliefs by Bayes' rule and no move that pays more than those that are made. What is told of play is
//! worked out from it again; what is told of talks whose play is not told is solved or bounded on the same tree. No tree of a game solver, and
//! nothing of how the answer was found.

mod beside;
mod ends;
mod first;
mod histories;
mod kind;
mod known;
mod left_out;
mod play;
mod precision;
mod threats;
mod told;

use detente_core::catalogue::talks::{
    CROSSED, DEAL, DEAL_KNOWN, ENDS_OTHERWISE, GAIN, IN_PLAY, KIND, MENU, OFFERS, PLAYS, REGRET,
    ROUNDS, TREMBLES, WORTH,
};
use detente_core::talks::{Table, TalksSetting};
use detente_core::{LeverProfile, Question, RowView, Verdict};

use crate::{no_deal, verdict};
use ends::Ends;
use histories::Histories;
use play::Told;

/// Greatest error of a chance that is worked out in another order.
const ROUNDING: f64 = 1e-7;
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
    let told = Told::new(answer, histories.moves.min(talks.moves));
    let check = Check {
        question,
        answer,
        talks,
        table,
        ends: &ends,
        histories,
        told,
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

/// Without rounds talks are worth what no deal is, and end nothing.
fn none(question: Question, answer: RowView, ends: &Ends) -> Result<usize, String> {
    let mut checked = 0;
    for t in 0..question.setting.types.len() {
        let (claimed, found) = (answer.get(WORTH, &[t]), ends.without(t));
        checked += same(claimed, found, ends.error(), "what no talks are worth")?;
        checked += same(
            answer.get(GAIN, &[t]),
            0.0,
            0.0,
            "what they are worth above none",
        )?;
    }
    let goes_on = no_deal::goes_on(question, Some(0), LeverProfile::default());
    for (month, goes_on) in goes_on.iter().flatten().enumerate() {
        checked += same(answer.get(DEAL, &[month]), 0.0, 0.0, "a deal without talks")?;
        let (claimed, found) = (answer.get(ENDS_OTHERWISE, &[month]), 1.0 - goes_on);
        let near = ROUNDING.max(ends.error() * 1e-3);
        checked += same(claimed, found, near, "an end without talks")?;
    }
    for nothing in [OFFERS, KIND, REGRET, CROSSED, DEAL_KNOWN] {
        checked += same(
            answer.get(nothing, &[]),
            0.0,
            0.0,
            "what there is without talks",
        )?;
    }
    Ok(checked)
}

/// Is a number what it is claimed to be?
fn same(claimed: f64, found: f64, tolerance: f64, what: &str) -> Result<usize, String> {
    between(claimed, [found; 2], tolerance, what)
}

/// Does a number lie within what it may be? What is not to be told must not be.
fn between(
    claimed: f64,
    [least, most]: [f64; 2],
    tolerance: f64,
    what: &str,
) -> Result<usize, String> {
    let silent = claimed.is_nan() && least.is_nan() && most.is_nan();
    if silent || (least - tolerance..=most + tolerance).contains(&claimed) {
        return Ok(1);
    }
    Err(format!(
        "{what}: claimed {claimed}, found {least} to {most}"
    ))
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
    ends: &'a Ends<'a>,
    histories: Histories,
    told: Told,
}

/// A number by place, by combination of types, by player.
#[derive(Clone)]
struct Grid {
    profiles: usize,
    players: usize,
    cells: Vec<f64>,
}

impl Grid {
    fn new(places: usize, profiles: usize, players: usize) -> Self {
        Self {
            profiles,
            players,
            cells: vec![0.0; places * profiles * players],
        }
    }

    fn at(&self, place: usize, p: usize) -> &[f64] {
        &self.cells[(place * self.profiles + p) * self.players..][..self.players]
    }

    fn at_mut(&mut self, place: usize, p: usize) -> &mut [f64] {
        &mut self.cells[(place * self.profiles + p) * self.players..][..self.players]
    }
}

impl Check<'_> {
    fn all(&self) -> Result<usize, String> {
        let h = &self.histories;
        if h.moves > self.talks.moves {
            return Err(format!("the game has {} moves", h.moves));
        }
        let none = |of| {
            self.answer.get(PLAYS, &[of]).is_nan() && self.answer.get(TREMBLES, &[of]).is_nan()
        };
        if !(h.moves..self.talks.moves).all(none) {
            return Err("a move is told of that the game does not have".to_owned());
        }
        let leaves = self.leaves()?;
        let mut checked = self.left_out(&leaves)?;
        self.probabilities()?;
        let reach = self.reach();
        let values = self.values(&leaves);
        checked += self.regrets(&values, &reach)?;
        self.beyond()?;
        checked += self.chances(&reach.plain)?;
        checked += self.agreed(&reach.plain)?;
        checked += self.worths(&leaves, &reach.plain)?;
        checked += self.first_round(&reach)?;
        checked += self.threats(&reach)?;
        checked += self.kind(&reach)?;
        checked += self.known(&leaves)?;
        checked += self.fewer()?;
        checked += self.messages()?;
        checked += self.at_precisions(&leaves)?;
        Ok(checked)
    }

    /// What every end is worth.
    fn leaves(&self) -> Result<Grid, String> {
        let h = &self.histories;
        let mut leaves = Grid::new(h.places.len(), h.profiles.len(), h.players.len());
        for (at, place) in h.places.iter().enumerate() {
            if !place.next.is_empty() {
                continue;
            }
            for (p, profile) in h.profiles.iter().enumerate() {
                let there = |party: usize| h.type_in(profile, party);
                for (t, worth) in profile.types.iter().zip(leaves.at_mut(at, p)) {
                    *worth = self.ends.worth(place, *t, &there);
                    if !worth.is_finite() {
                        return Err("an end is not worth a finite number".to_owned());
                    }
                }
            }
        }
        Ok(leaves)
    }
}
