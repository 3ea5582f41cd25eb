//! Certificate: the states that moves lead to from the signed package, one by one; improvements as matrices, and what others can lead on to
//! by their products (Xu, Hipel & Kilgour 2009); every profile of types. Where an error of a worth leaves open which of two states a type
//! prefers, both are tried, and the answer must lie between.

use std::collections::BTreeSet;

use detente_core::asks::{FLAT, MOST_CLAUSES};
use detente_core::{Handle, INDIFFERENT, NamedPackage, Preferences, Question, RowView, Verdict};

use crate::durable::{BETWEEN, Deals};
use crate::no_deal;
use crate::verdict;
use detente_core::catalogue::stability::{
    IMPROVES, NASH, NASH_IF_SIGNED, SEQUENTIAL, SEQUENTIAL_IF_SIGNED, WOULD_BREAK, WOULD_MOVE,
    WOULD_WITHHOLD,
};

/// Greatest error of a chance that only rounding can move.
const ROUNDING: f64 = 1e-9;
/// The same of a difference of points.
const POINTS: f64 = 1e-10;

/// What surely holds, and what may hold as far as errors of worths leave it open.
const SURELY: usize = 0;
const PERHAPS: usize = 1;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Question { setting, world } = question;
    let Some(deals) = Deals::new(question) else {
        return Ok(None);
    };
    let Some((refused, error)) =
        no_deal::refusals_after(question, deals.after()).map(|(worth, _, error)| (worth, error))
    else {
        return Ok(None);
    };
    let check = Check {
        question,
        answer,
        deals,
        refused,
        error,
    };
    let count = setting.packages.len();
    if count == 0 {
        return Ok(None);
    }
    // Where wars must be worked out: the package in turn, the last one, and the last that is said to be signed.
    let told = |p: &usize| !answer.get(SEQUENTIAL_IF_SIGNED, &[*p]).is_nan();
    let turn = usize::try_from(world.index % count as u64).unwrap_or(0);
    let looked_at = [Some(turn), Some(count - 1), (0..count).rev().find(told)];
    let quick = !check.deals.follows() || setting.contest.is_none();
    let mut checked = 0;
    for (p, package) in setting.packages.iter().enumerate() {
        let told = check.is_told(p, package)?;
        if !told {
            continue;
        }
        checked += 1;
        if quick || looked_at.contains(&Some(p)) {
            checked += check.package(p, package)?;
        } else {
            check.agrees_with_itself(p, package)?;
        }
    }
    Ok(Some(checked))
}

struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    deals: Deals<'a>,
    /// N by refuser, then type.
    refused: Vec<Vec<f64>>,
    /// Of N, in points.
    error: f64,
}

/// Clauses that are withheld, by who performs them and by issue; and who has ended the deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    withheld: BTreeSet<(usize, usize)>,
    ended: Option<usize>,
}

/// A type that may sign.
struct Signer {
    prior: f64,
    /// Does it accept?
    accepts: [bool; 2],
    /// By state: least and greatest worth.
    worth: Vec<[f64; 2]>,
}

impl Signer {
    /// Does it prefer one state to another?
    fn prefers(&self, to: usize, from: usize) -> [bool; 2] {
        let (to, from) = (self.worth[to], self.worth[from]);
        let surely = to[0] > from[1] + FLAT + POINTS;
        [surely, to[1] > from[0] + FLAT - POINTS]
    }
}

/// A matrix of who can go where, one row a state.
type Matrix = Vec<Vec<bool>>;

/// Least and greatest chance.
#[derive(Clone, Copy, Debug, Default)]
struct Between {
    least: f64,
    most: f64,
}

impl Between {
    fn add(&mut self, prior: f64, [surely, perhaps]: [bool; 2]) {
        self.least += if surely { prior } else { 0.0 };
        self.most += if perhaps { prior } else { 0.0 };
    }
}

/// Chances of a package.
#[derive(Default)]
struct Chances {
    signed: Between,
    nash: Between,
    sequential: Between,
    /// By party.
    improves: Vec<Between>,
    moves: Vec<Between>,
    ends: Vec<Between>,
    /// By party, by issue.
    withholds: Vec<Vec<Between>>,
}

impl Check<'_> {
    /// Who performs what.
    fn clauses(&self, package: &NamedPackage) -> Vec<(usize, usize)> {
        let setting = self.question.setting;
        let mut all = Vec::new();
        for party in package.needed.iter() {
            for (k, issue) in setting.issues.iter().enumerate() {
                let option = package.choice[k];
                if option != issue.status_quo
                    && issue.options[option as usize].performers.contains(party)
                {
                    all.push((party, k));
                }
            }
        }
        all
    }

    /// Who can end the deal: parties that nobody asked in only to perform a clause.
    fn signs(&self, package: &NamedPackage, party: usize) -> bool {
        let setting = self.question.setting;
        let mut performs = setting.issues.iter().zip(&package.choice);
        let performs = performs.any(|(k, o)| k.options[*o as usize].performers.contains(party));
        package.needed.contains(party) && (!performs || setting.signatories().contains(party))
    }

    /// Is anything to be told of a package? Nothing else may be.
    fn is_told(&self, p: usize, package: &NamedPackage) -> Result<bool, String> {
        let setting = self.question.setting;
        let clauses = self.clauses(package);
        let told = clauses.len() <= MOST_CLAUSES;
        let is = |of: Handle, index: &[usize], expected: bool| {
            let claimed = self.answer.get(of, index);
            if claimed.is_nan() == expected {
                let what = if expected { "is not told" } else { "is told" };
                return Err(format!("{of}{index:?} {what}: {claimed}"));
            }
            Ok(())
        };
        is(NASH, &[p], told)?;
        is(SEQUENTIAL, &[p], told)?;
        if !told {
            is(NASH_IF_SIGNED, &[p], false)?;
            is(SEQUENTIAL_IF_SIGNED, &[p], false)?;
        }
        for party in 0..setting.parties.len() {
            let needed = told && package.needed.contains(party);
            is(IMPROVES, &[party, p], needed)?;
            is(WOULD_MOVE, &[party, p], needed)?;
            let signs = told && self.signs(package, party);
            is(WOULD_BREAK, &[party, p], signs)?;
            for issue in 0..setting.issues.len() {
                let performs = told && clauses.contains(&(party, issue));
                is(WOULD_WITHHOLD, &[party, p, issue], performs)?;
            }
        }
        Ok(told)
    }

    /// What is performed in a state.
    fn performed(&self, package: &NamedPackage, state: &State) -> Vec<u8> {
        let issues = self.question.setting.issues.iter().enumerate();
        let left = |k: usize| state.withheld.iter().any(|(_, issue)| *issue == k);
        issues
            .map(|(k, issue)| {
                if left(k) {
                    issue.status_quo
                } else {
                    package.choice[k]
                }
            })
            .collect()
    }

    /// All states that moves lead to, the signed package first, and who leads from which to which, by party.
    fn states(&self, package: &NamedPackage) -> (Vec<State>, Vec<(usize, usize, usize)>) {
        let setting = self.question.setting;
        let clauses = self.clauses(package);
        let mut states = vec![State::default()];
        let mut moves = Vec::new();
        let mut from = 0;
        while from < states.len() {
            let state = states[from].clone();
            let mut steps = Vec::new();
            for (party, issue) in &clauses {
                let mut next = state.clone();
                if !next.withheld.remove(&(*party, *issue)) {
                    next.withheld.insert((*party, *issue));
                }
                if next.withheld.is_empty() || setting.allows(&self.performed(package, &next)) {
                    steps.push((*party, next));
                }
            }
            for party in package.needed.iter().filter(|i| self.signs(package, *i)) {
                let ended = Some(party);
                steps.push((
                    party,
                    State {
                        ended,
                        ..state.clone()
                    },
                ));
            }
            for (party, next) in steps.into_iter().filter(|_| state.ended.is_none()) {
                let known = states.iter().position(|known| *known == next);
                let to = known.unwrap_or_else(|| {
                    states.push(next);
                    states.len() - 1
                });
                moves.push((party, from, to));
            }
            from += 1;
        }
        (states, moves)
    }

    /// Least and greatest worth of every state to a type.
    fn worths(
        &self,
        states: &[State],
        package: &NamedPackage,
    ) -> Result<Vec<Vec<[f64; 2]>>, String> {
        let Question { setting, world } = self.question;
        let mut known: Vec<(Vec<u8>, crate::durable::Kept)> = Vec::new();
        let mut all = vec![Vec::new(); setting.types.len()];
        for state in states {
            let performed = self.performed(package, state);
            if known.iter().all(|(of, _)| *of != performed) {
                let kept = self.deals.weighed(&performed).ok_or("no wars")?;
                known.push((performed.clone(), kept));
            }
            let (_, kept) = known
                .iter()
                .find(|(of, _)| *of == performed)
                .expect("known");
            let named = setting
                .packages
                .iter()
                .position(|named| named.choice == performed);
            for (t, worths) in all.iter_mut().enumerate() {
                let given = named.and_then(|p| world.fixed("durability", "deal_value", &[t, p]));
                let crossed = Preferences::crossed(setting, world, t, &performed).is_some();
                worths.push(match (state.ended, &kept.broken) {
                    (None, _) if crossed => [f64::NEG_INFINITY; 2],
                    (None, _) => {
                        let worth = given.map_or(kept.worths[t], |given| [given; 2]);
                        worth.map(|worth| worth + no_deal::promises(self.question, t))
                    }
                    // What a signature brings is paid whatever becomes of the deal.
                    (Some(by), Some(broken)) => {
                        let left = broken[by][t] + no_deal::promises(self.question, t);
                        [left - BETWEEN, left + BETWEEN]
                    }
                    (Some(by), None) => {
                        let left = self.refused[by][t];
                        [left - self.error, left + self.error]
                    }
                });
            }
        }
        Ok(all)
    }

    /// The types of a party that may sign.
    fn signers(
        &self,
        party: usize,
        package: &NamedPackage,
        worths: &[Vec<[f64; 2]>],
    ) -> Vec<Signer> {
        let Question { setting, world } = self.question;
        let mut signers = Vec::new();
        for t in setting.parties[party].types.clone() {
            let me = &world.numbers.types[t];
            let asked = self.refused[party][t] + me.aspiration;
            let crossed = Preferences::crossed(setting, world, t, &package.choice).is_some();
            let margin = worths[t][0].map(|worth| worth - asked);
            let accepts = [
                !crossed && margin[0] - self.error >= -INDIFFERENT,
                !crossed && margin[1] + self.error >= -INDIFFERENT,
            ];
            if accepts[PERHAPS] && me.prior > 0.0 {
                signers.push(Signer {
                    prior: me.prior,
                    accepts,
                    worth: worths[t].clone(),
                });
            }
        }
        signers
    }

    fn package(&self, p: usize, package: &NamedPackage) -> Result<usize, String> {
        let setting = self.question.setting;
        let (states, moves) = self.states(package);
        let worths = self.worths(&states, package)?;
        let parties: Vec<usize> = package.needed.iter().collect();
        let signers: Vec<Vec<Signer>> = parties
            .iter()
            .map(|party| self.signers(*party, package, &worths))
            .collect();
        let none = vec![Between::default(); setting.parties.len()];
        let mut chances = Chances {
            improves: none.clone(),
            moves: none.clone(),
            ends: none,
            withholds: vec![vec![Between::default(); setting.issues.len()]; setting.parties.len()],
            ..Chances::default()
        };
        let conflict = Conflict {
            parties: &parties,
            states: &states,
            moves: &moves,
        };
        let mut place = vec![0; parties.len()];
        let profiles: usize = signers.iter().map(Vec::len).product();
        for mut number in 0..profiles {
            for (place, signers) in place.iter_mut().zip(&signers) {
                *place = number % signers.len();
                number /= signers.len();
            }
            let profile: Vec<&Signer> = signers.iter().zip(&place).map(|(s, k)| &s[*k]).collect();
            conflict.count(&profile, &mut chances);
        }
        self.compare(p, package, &chances)
    }

    fn compare(&self, p: usize, package: &NamedPackage, found: &Chances) -> Result<usize, String> {
        let mut checked = 0;
        let mut within = |of: Handle, index: &[usize], found: Between| {
            checked += 1;
            let claimed = self.answer.get(of, index);
            let ends = found.least - ROUNDING..=found.most + ROUNDING;
            if ends.contains(&claimed) {
                return Ok(());
            }
            let id = &package.id;
            Err(format!(
                "{of}{index:?} of {id}: claimed {claimed}, found {found:?}"
            ))
        };
        within(NASH, &[p], found.nash)?;
        within(SEQUENTIAL, &[p], found.sequential)?;
        let signed = found.signed;
        for (of, chance) in [
            (NASH_IF_SIGNED, found.nash),
            (SEQUENTIAL_IF_SIGNED, found.sequential),
        ] {
            let untold = self.answer.get(of, &[p]).is_nan();
            if untold && signed.least <= 0.0 {
                continue;
            }
            let most = if signed.least > 0.0 {
                chance.most / signed.least
            } else {
                1.0
            };
            let least = if signed.most > 0.0 {
                chance.least / signed.most
            } else {
                f64::NAN
            };
            within(
                of,
                &[p],
                Between {
                    least,
                    most: most.min(1.0),
                },
            )?;
        }
        let clauses = self.clauses(package);
        for party in package.needed.iter() {
            within(IMPROVES, &[party, p], found.improves[party])?;
            within(WOULD_MOVE, &[party, p], found.moves[party])?;
            if self.signs(package, party) {
                within(WOULD_BREAK, &[party, p], found.ends[party])?;
            }
            for (_, issue) in clauses.iter().filter(|(by, _)| *by == party) {
                let found = found.withholds[party][*issue];
                within(WOULD_WITHHOLD, &[party, p, *issue], found)?;
            }
        }
        Ok(checked)
    }

    /// What must hold among the chances of a package whose wars are not worked out.
    fn agrees_with_itself(&self, p: usize, package: &NamedPackage) -> Result<(), String> {
        let get = |of: Handle, index: &[usize]| self.answer.get(of, index);
        let (nash, sequential) = (get(NASH, &[p]), get(SEQUENTIAL, &[p]));
        let [of_nash, of_sequential] =
            [NASH_IF_SIGNED, SEQUENTIAL_IF_SIGNED].map(|of| get(of, &[p]));
        let mut holds = nash <= sequential + ROUNDING;
        if of_nash.is_nan() || of_sequential.is_nan() {
            holds &= of_nash.is_nan() && of_sequential.is_nan() && sequential == 0.0;
        } else {
            holds &= of_nash <= of_sequential + ROUNDING && sequential <= of_sequential + ROUNDING;
            holds &= (nash * of_sequential - sequential * of_nash).abs() <= ROUNDING;
        }
        for party in package.needed.iter() {
            let (improves, moves) = (get(IMPROVES, &[party, p]), get(WOULD_MOVE, &[party, p]));
            holds &= moves <= improves + ROUNDING && sequential + moves <= 1.0 + ROUNDING;
            let clauses = self.clauses(package);
            let own = clauses.iter().filter(|(by, _)| *by == party);
            let mut ways: Vec<f64> = own
                .map(|(_, k)| get(WOULD_WITHHOLD, &[party, p, *k]))
                .collect();
            if self.signs(package, party) {
                ways.push(get(WOULD_BREAK, &[party, p]));
            }
            // Whoever moves moves in one of its ways or in several.
            holds &= ways.iter().all(|way| *way <= moves + ROUNDING);
            holds &= moves <= ways.iter().sum::<f64>() + ROUNDING;
        }
        if holds {
            return Ok(());
        }
        Err(format!("chances of {} contradict one another", package.id))
    }
}

/// The moves of a package's states.
struct Conflict<'a> {
    parties: &'a [usize],
    states: &'a [State],
    /// Who leads from which state to which.
    moves: &'a [(usize, usize, usize)],
}

impl Conflict<'_> {
    /// Adds a profile of types to the chances.
    fn count(&self, profile: &[&Signer], chances: &mut Chances) {
        let prior: f64 = profile.iter().map(|signer| signer.prior).product();
        let signed = [SURELY, PERHAPS].map(|how| profile.iter().all(|s| s.accepts[how]));
        chances.signed.add(prior, signed);
        // Unilateral improvements, by party.
        let improving: Vec<[Matrix; 2]> = (0..profile.len())
            .map(|m| [SURELY, PERHAPS].map(|how| self.improvements(m, profile[m], how)))
            .collect();
        let both = |a: [bool; 2], b: [bool; 2]| [a[0] && b[0], a[1] && b[1]];
        let not = |[surely, perhaps]: [bool; 2]| [!perhaps, !surely];
        let (mut nash, mut stable) = (signed, signed);
        for (m, signer) in profile.iter().enumerate() {
            let party = self.parties[m];
            let (mut improves, mut moves, mut ends) = ([false; 2], [false; 2], [false; 2]);
            let mut withholds = vec![[false; 2]; chances.withholds[party].len()];
            for (to, state) in self.states.iter().enumerate() {
                let step = [SURELY, PERHAPS].map(|how| improving[m][how][0][to]);
                if !step[PERHAPS] {
                    continue;
                }
                let sanctioned =
                    [SURELY, PERHAPS].map(|how| is_sanctioned(m, to, &improving, signer, how));
                let leaves = both(step, not(sanctioned));
                let way = match state.withheld.iter().next() {
                    Some((_, issue)) if state.ended.is_none() => &mut withholds[*issue],
                    _ => &mut ends,
                };
                for how in [SURELY, PERHAPS] {
                    improves[how] |= step[how];
                    moves[how] |= leaves[how];
                    way[how] |= leaves[how];
                }
            }
            nash = both(nash, not(improves));
            stable = both(stable, not(moves));
            chances.improves[party].add(prior, both(signed, improves));
            chances.moves[party].add(prior, both(signed, moves));
            chances.ends[party].add(prior, both(signed, ends));
            for (chance, withholds) in chances.withholds[party].iter_mut().zip(withholds) {
                chance.add(prior, both(signed, withholds));
            }
        }
        chances.nash.add(prior, nash);
        chances.sequential.add(prior, stable);
    }

    /// The matrix of a party's unilateral improvements.
    fn improvements(&self, mover: usize, signer: &Signer, how: usize) -> Matrix {
        let size = self.states.len();
        let mut matrix = vec![vec![false; size]; size];
        for (party, from, to) in self.moves {
            if *party == self.parties[mover] {
                matrix[*from][*to] = signer.prefers(*to, *from)[how];
            }
        }
        matrix
    }
}

/// Can the others lead on from a state to what the mover does not prefer to the first? The row of that state in the matrix of what others can
/// reach by legal sequences: of those in which `j` moves last, it is the sum of the matrices of one step less in which another does, times
/// `j`'s improvements.
fn is_sanctioned(
    mover: usize,
    to: usize,
    improving: &[[Matrix; 2]],
    signer: &Signer,
    how: usize,
) -> bool {
    let size = signer.worth.len();
    let others: Vec<usize> = (0..improving.len()).filter(|k| *k != mover).collect();
    let times = |row: &[bool], matrix: &Matrix| -> Vec<bool> {
        let mut product = vec![false; size];
        for (state, _) in row.iter().enumerate().filter(|(_, is)| **is) {
            for (cell, step) in product.iter_mut().zip(&matrix[state]) {
                *cell |= step;
            }
        }
        product
    };
    let mut start = vec![false; size];
    start[to] = true;
    let first = |j: &usize| times(&start, &improving[*j][how]);
    let mut rows: Vec<Vec<bool>> = others.iter().map(first).collect();
    let mut reached = vec![vec![false; size]; others.len()];
    loop {
        let mut grown = false;
        for (reached, row) in reached.iter_mut().zip(&rows) {
            for (reached, is) in reached.iter_mut().zip(row) {
                grown |= *is && !*reached;
                *reached |= is;
            }
        }
        if !grown {
            break;
        }
        let next = others.iter().enumerate().map(|(k, j)| {
            let mut sum = vec![false; size];
            for (_, row) in rows.iter().enumerate().filter(|(l, _)| *l != k) {
                for (sum, is) in sum.iter_mut().zip(row) {
                    *sum |= is;
                }
            }
            times(&sum, &improving[*j][how])
        });
        rows = next.collect();
    }
    // P of "less or equal": surely not preferred where it may not be.
    let no_better = |state: usize| !signer.prefers(state, 0)[1 - how];
    (0..size).any(|state| no_better(state) && reached.iter().any(|row| row[state]))
}
