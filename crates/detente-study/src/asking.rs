//! What to find out first: what each answer's verdict would gain by a number's being known.
//!
//! An answer is given as a verdict: that the leading package is signed and kept or is not, who blocks it, that a claim is true or not. It is right in so
//! many worlds of a hundred. Whoever knew a number could give another verdict where the number lies so, and be right more often: that is what
//! knowing it is worth (`choosing`). A number that moves an answer much and never across the line at which the verdict turns is worth nothing
//! alone; it may be worth something where others are known too, and numbers go by what is owed to them of what all are worth together.
//!
//! Numbers are looked at that move the answer at all, as sensitivity tells them (`sensitivity`).

use std::borrow::Cow;

use detente_case::{
    Amount, Case, ClaimTest, Draw, Input, InputId, Overrides, Plan, ShareTest, Status,
};
use detente_core::Setting;
use detente_core::catalogue::settlement;
use detente_evidence::{
    Asking, Effort, Gain, Headline, Moving, Question, ReadingLabel, RunOptions, Topic, Verdict,
    Wanted, by_headline,
};
use detente_math::{Distribution, Mean, Ranks, SCRAMBLES, beta_quantile};
use rayon::prelude::*;

use crate::audit::{self, Court, Intervened, Unshared};
use crate::choosing::Choice;
use crate::headline::headline_of;
use crate::reading::{BadReading, overrides_of, under};
use crate::record::on_record;
use crate::run::{Phase, Progress, Scope, Table, in_pool};
use crate::runs::Runs;
use crate::sensitivity::{Drawing, Draws};

/// Chance that any number at all is named that is worth nothing to an answer.
const DOUBT: f64 = 0.05;
/// Numbers that are looked at together, those that explain most.
const TOGETHER: usize = 24;
/// Worlds that count alike for each of them at least: a cubic has three weights.
const WORLDS_A_NUMBER: f64 = 40.0;
/// Worlds that count alike without which a record leaves nothing to speak of.
const FEWEST: f64 = 16.0;

/// Which answers are looked at.
#[derive(Clone, Debug)]
pub enum About {
    /// What a report leads with, who blocks it, and every claim that can be tested.
    Everything,
    /// A claim, by its place in [`Case::claims`].
    Claim(usize),
    /// Something whose chance a number of the model is, and what it was called.
    Chance(Box<Amount>, String),
}

/// Why nothing can be said of what is asked about.
#[derive(Clone, Debug, PartialEq)]
pub enum NoAsking {
    /// As of every run.
    Reading(BadReading),
    /// As of a forecast.
    Untold(Unshared),
    /// The number is none whose values are chances; one of its values.
    NoChance(f64),
}

impl std::fmt::Display for NoAsking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoAsking::Reading(bad) => bad.fmt(f),
            NoAsking::Untold(why) => why.fmt(f),
            NoAsking::NoChance(value) => write!(
                f,
                "this is no chance (it is {value:.3} in a world), so there is no verdict on it; compare it with a number, as in \"… > 10\""
            ),
        }
    }
}

impl std::error::Error for NoAsking {}

impl From<BadReading> for NoAsking {
    fn from(bad: BadReading) -> Self {
        NoAsking::Reading(bad)
    }
}

/// What answers would gain by each number's being known, under readings.
///
/// # Errors
///
/// A reading is unknown, or what is asked about cannot be told.
pub fn asking(
    case: &Case,
    readings: &[String],
    about: &About,
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Asking, NoAsking> {
    let inside = RunOptions {
        threads: None,
        effort: Effort::Fixed,
        ..options
    };
    let mut asking = in_pool(options.threads, || {
        asking_here(case, readings, about, inside, progress)
    })?;
    asking.options.threads = options.threads;
    Ok(asking)
}

fn asking_here(
    case: &Case,
    readings: &[String],
    about: &About,
    mut options: RunOptions,
    progress: &dyn Progress,
) -> Result<Asking, NoAsking> {
    let overrides = overrides_of(case, readings)?;
    let plan = Plan::new(case);
    let headline = headline_of(&plan, &overrides);
    let scope = scope(case, headline, about)?;
    progress.begins(Phase::Worlds, options.worlds);
    let run = |options: RunOptions| {
        let asked = (Some(&scope), 0..options.worlds);
        on_record(case, (&plan, &overrides), options, asked, progress)
    };
    let (mut table, mut over) = run(options);
    let few = |table: &Table| table.effective() < FEWEST.min(0.5 * options.worlds as f64);
    let record_left_out = options.record && case.has_record() && few(&table);
    if record_left_out {
        options.record = false;
        (table, over) = run(options);
    }
    let put = under(case, readings);
    let drawing = Drawing {
        case: &put,
        plan: &plan,
        overrides: &over,
        stream: options.stream,
    };
    let asked = Asked {
        case,
        table: &table,
        draws: Draws::new(drawing, &table),
    };
    let court = Court::new(
        (case, &plan),
        over.clone(),
        options,
        Cow::Borrowed(&table),
        match about {
            About::Everything => Intervened::Settled,
            _ => Intervened::Part(1),
        },
    );
    let topics = topics((case, headline), about, (&court, &table), progress)?;
    progress.begins(Phase::Claims, topics.len());
    let question = |(of, verdicts, choice): (Topic, Vec<Verdict>, Choice)| {
        let question = asked.question(of, verdicts, &choice);
        progress.step();
        question
    };
    let questions: Vec<Question> = topics.into_iter().map(question).collect();
    if questions.iter().all(|question| question.worlds == 0) && !matches!(about, About::Everything)
    {
        return Err(NoAsking::Untold(Unshared::Untold(options.worlds)));
    }
    let untested = (0..case.claims.len()).filter(|c| {
        let id = &case.claims[*c].id;
        let told = |q: &Question| matches!(&q.of, Topic::Claim(of, _) if of == id);
        matches!(about, About::Everything) && !only_inputs(case, *c) && !questions.iter().any(told)
    });
    let stated = (0..case.claims.len())
        .filter(|c| matches!(about, About::Everything) && only_inputs(case, *c));
    Ok(Asking {
        readings: labels(case, readings),
        options,
        record_left_out,
        effective: table.effective(),
        headline,
        numbers: wanted(&put, (&plan, &over), &questions),
        exact: exact(&put),
        untested: untested.collect(),
        stated: stated.map(|c| case.claims[c].id.clone()).collect(),
        resting_on: put.resting_on(),
        setting: case.setting.clone(),
        questions,
    })
}

fn labels(case: &Case, readings: &[String]) -> Vec<ReadingLabel> {
    let known = |id: &String| case.readings.iter().find(|reading| reading.id == *id);
    readings
        .iter()
        .filter_map(known)
        .map(ReadingLabel::of)
        .collect()
}

/// What must be worked out in every world.
fn scope(case: &Case, headline: Headline, about: &About) -> Result<Scope, NoAsking> {
    let setting = &case.setting;
    let mut scope = Scope::none(setting);
    match about {
        About::Everything => {
            for package in 0..setting.packages.len() {
                scope.add_handle(settlement::AGREED, &[package]);
                scope.add_handle(headline.quantity(), &[package]);
                for party in 0..setting.parties.len() {
                    scope.add_handle(settlement::BLOCKS, &[party, package]);
                }
            }
            if setting.packages.is_empty() {
                scope.add_handle(settlement::ZONE, &[]);
            }
            scope.union(&audit::looked_at(case, true));
        }
        About::Claim(place) => scope.union(&audit::scope_of_claim(case, testable(case, *place)?)),
        About::Chance(amount, _) => {
            let entries = amount.quantities();
            let lenses = audit::to_come(entries.iter().copied());
            if !lenses.is_empty() {
                return Err(NoAsking::Untold(Unshared::Awaits(lenses)));
            }
            for entry in entries {
                scope.add(entry.lens, entry.quantity, &entry.index);
            }
        }
    }
    Ok(scope)
}

fn testable(case: &Case, place: usize) -> Result<&ShareTest, NoAsking> {
    audit::share_test(&case.claims[place].test).map_err(NoAsking::Untold)
}

/// The answers that are asked about, what could be said of each, and what saying so pays in every world.
fn topics(
    (case, headline): (&Case, Headline),
    about: &About,
    (court, table): (&Court, &Table),
    progress: &dyn Progress,
) -> Result<Vec<(Topic, Vec<Verdict>, Choice)>, NoAsking> {
    let mean = |values: &[f64]| table.mean_of(values.iter().copied()).value;
    let yes_or_no = || vec![Verdict::Yes, Verdict::No];
    let claim = |place: usize, verdicts: &[f64]| {
        let claim = &case.claims[place];
        let topic = Topic::Claim(claim.id.clone(), claim.says.clone());
        (topic, yes_or_no(), Choice::verdict(verdicts, mean))
    };
    Ok(match about {
        About::Everything => {
            let mut all = leading((&case.setting, headline), table);
            let heard = audit::test(court, &mut Runs::default(), progress);
            let told = heard.iter().enumerate();
            let told = told.filter(|(place, _)| !only_inputs(case, *place));
            all.extend(
                told.filter_map(|(place, heard)| Some(claim(place, &heard.as_ref()?.verdicts))),
            );
            all
        }
        About::Claim(place) => {
            let test = testable(case, *place)?;
            let heard = court.hear(&mut Runs::default(), test, progress);
            vec![claim(*place, &heard.verdicts)]
        }
        About::Chance(amount, called) => {
            let chances = audit::by_row(amount, court, table);
            let known = chances.iter().filter(|x| !x.is_nan());
            // What lies beyond by rounding is a chance still.
            if let Some(value) = known.clone().find(|x| !(-1e-9..=1.0 + 1e-9).contains(*x)) {
                return Err(NoAsking::NoChance(*value));
            }
            vec![(
                Topic::Chance(called.clone()),
                yes_or_no(),
                Choice::verdict(&chances, mean),
            )]
        }
    })
}

/// Does a claim compare the case's own numbers alone? Whoever is asked for these is asked for the claim itself, which would come before all
/// numbers that an answer of the model rests on.
fn only_inputs(case: &Case, place: usize) -> bool {
    match &case.claims[place].test {
        ClaimTest::Share(test) => test.holds_when.quantities().is_empty(),
        ClaimTest::NotComputable(_) => false,
    }
}

/// The package that a report leads with, and who blocks it first; where none is named, whether any at all is acceptable.
fn leading(
    (setting, headline): (&Setting, Headline),
    table: &Table,
) -> Vec<(Topic, Vec<Verdict>, Choice)> {
    let mean = |values: &[f64]| table.mean_of(values.iter().copied()).value;
    let shares: Vec<[f64; 2]> = (0..setting.packages.len())
        .map(|p| {
            let agreed = table.mean(settlement::AGREED, &[p]).value;
            let kept = table.mean(headline.quantity(), &[p]);
            [if kept.n > 0 { kept.value } else { agreed }, agreed]
        })
        .collect();
    if setting.packages.is_empty() {
        let open: Vec<f64> = table.column(settlement::ZONE, &[]).collect();
        let any = Choice::verdict(&open, mean);
        return vec![(Topic::AnyPackage, vec![Verdict::Yes, Verdict::No], any)];
    }
    let told = |p: &usize| !shares[*p][0].is_nan();
    let Some(package) = by_headline(&shares).into_iter().find(told) else {
        return Vec::new();
    };
    let kept: Vec<f64> = table.column(headline.quantity(), &[package]).collect();
    let agreed: Vec<f64> = table.column(settlement::AGREED, &[package]).collect();
    let answer = if table.mean(headline.quantity(), &[package]).n > 0 {
        &kept
    } else {
        &agreed
    };
    let mut all = vec![(
        Topic::Headline(package),
        vec![Verdict::Yes, Verdict::No],
        Choice::verdict(answer, mean),
    )];
    let needed: Vec<usize> = setting.packages[package].needed.iter().collect();
    let mut payoffs: Vec<Vec<f64>> = needed
        .iter()
        .map(|party| {
            table
                .column(settlement::BLOCKS, &[*party, package])
                .collect()
        })
        .collect();
    payoffs.push(agreed.clone());
    let mut verdicts: Vec<Verdict> = needed.into_iter().map(Verdict::Party).collect();
    verdicts.push(Verdict::Nobody);
    all.push((
        Topic::Blocker(package),
        verdicts,
        Choice::new(payoffs, mean),
    ));
    all
}

/// What is asked, and the worlds that answer.
struct Asked<'a> {
    case: &'a Case,
    table: &'a Table,
    draws: Draws<'a>,
}

impl Asked<'_> {
    fn question(&self, of: Topic, verdicts: Vec<Verdict>, choice: &Choice) -> Question {
        let mean = |values: &[f64]| self.table.mean_of(values.iter().copied());
        // Of yes and no one says all; of several parties each may be moved by other numbers.
        let answers = match verdicts[..] {
            [Verdict::Yes, Verdict::No] => &choice.payoffs()[..1],
            _ => choice.payoffs(),
        };
        let moved: Vec<Moving> = answers.iter().map(|of| self.draws.movers(of)).collect();
        let mut gains: Vec<Gain> = Vec::new();
        for mover in moved.iter().flat_map(|moving| &moving.inputs) {
            match gains.iter_mut().find(|gain| gain.path == mover.path) {
                Some(gain) if gain.index >= mover.index => {}
                Some(gain) => (gain.index, gain.ends) = (mover.index, mover.ends()),
                None => gains.push(Gain {
                    path: mover.path.clone(),
                    alone: Mean::default(),
                    alone_told: false,
                    worth: Mean::default(),
                    told: false,
                    index: mover.index,
                    ends: mover.ends(),
                    with: mover.with.clone(),
                }),
            }
        }
        // Those that explain most first: of these it is worked out what they are worth together.
        gains.sort_by(|a, b| b.index.total_cmp(&a.index).then(a.path.cmp(&b.path)));
        let sure = surely(DOUBT / gains.len().max(1) as f64);
        let ranks: Vec<Ranks> = gains
            .par_iter()
            .map(|gain| {
                let place = self.case.inputs.iter().position(|i| i.path == gain.path);
                let input = InputId::from_index(place.expect("a number of the case"));
                self.draws.ranks(input)
            })
            .collect();
        let told = |mean: &Mean| mean.value > sure * mean.error;
        gains.par_iter_mut().zip(&ranks).for_each(|(gain, ranks)| {
            gain.alone = mean(&choice.gains(ranks));
            gain.alone_told = told(&gain.alone);
        });
        let most = most_together(self.table.effective(), choice.told());
        let scores: Vec<Vec<f64>> = ranks
            .iter()
            .take(most)
            .map(|ranks| ranks.scores(self.table.worlds))
            .collect();
        let weights: Vec<f64> = self.table.weights().collect();
        let together = choice.together(&scores, &weights);
        for (gain, part) in gains.iter_mut().zip(together.parts()) {
            gain.worth = mean(&part);
        }
        for gain in &mut gains {
            if gain.worth.n == 0 {
                // Too many numbers move the answer for all to be looked at together.
                gain.worth = gain.alone;
            }
            gain.told = told(&gain.worth);
        }
        let together = mean(&together.gains());
        gains.sort_by(|a, b| {
            let by_worth = b.worth.value.total_cmp(&a.worth.value);
            b.told.cmp(&a.told).then(by_worth).then(a.path.cmp(&b.path))
        });
        let visible = moved.iter().map(|moving| moving.visible);
        Question {
            of,
            said: choice.best(),
            all: mean(&choice.gains_of_all()),
            together,
            worlds: choice.told(),
            visible: visible.fold(f64::NAN, f64::min),
            constant: moved.iter().all(|moving| moving.constant),
            verdicts: verdicts
                .into_iter()
                .zip(choice.payoffs())
                .map(|(verdict, of)| (verdict, mean(of)))
                .collect(),
            gains,
        }
    }
}

/// How many numbers are looked at together, of so many worlds that count alike and so many that tell the answer.
fn most_together(effective: f64, told: usize) -> usize {
    let known = effective.min(told as f64) / WORLDS_A_NUMBER;
    (1..=TOGETHER)
        .rev()
        .find(|n| *n as f64 <= known)
        .unwrap_or(0)
}

/// How many standard errors, taken between the scramblings, something that is nothing exceeds with this chance: a quantile of Student's t.
fn surely(doubt: f64) -> f64 {
    let freedom = SCRAMBLES as f64 - 1.0;
    let x = beta_quantile(2.0 * doubt, 0.5 * freedom, 0.5);
    (freedom * (1.0 - x) / x).sqrt()
}

/// Numbers that some answer gains by, those first that one gains most by.
fn wanted(put: &Case, (plan, over): (&Plan, &Overrides), questions: &[Question]) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = Vec::new();
    for (q, question) in questions.iter().enumerate() {
        for gain in question.told() {
            if let Some(known) = all.iter_mut().find(|known| known.input.path == gain.path) {
                known.questions.push(q);
                if gain.worth.value > known.most.1.value {
                    known.most = (q, gain.worth);
                    known.alone = (gain.alone, gain.alone_told);
                }
                continue;
            }
            let place = put.inputs.iter().position(|input| input.path == gain.path);
            let Some(place) = place else { continue };
            let drawn = plan.distribution(InputId::from_index(place), over);
            all.push(Wanted {
                now: range(drawn),
                input: put.inputs[place].clone(),
                most: (q, gain.worth),
                alone: (gain.alone, gain.alone_told),
                questions: vec![q],
            });
        }
    }
    for wanted in &mut all {
        let worth = |q: &usize| {
            let gains = questions[*q].gains.iter();
            let own = gains.filter(|gain| gain.path == wanted.input.path);
            own.map(|gain| gain.worth.value)
                .fold(f64::NEG_INFINITY, f64::max)
        };
        wanted
            .questions
            .sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    }
    all.sort_by(|a, b| {
        let by_worth = b.most.1.value.total_cmp(&a.most.1.value);
        by_worth.then(a.input.path.cmp(&b.input.path))
    });
    all
}

fn range(drawn: Option<&Distribution>) -> [f64; 3] {
    drawn.map_or([f64::NAN; 3], |d| {
        [0.05, 0.5, 0.95].map(|level| d.quantile(level))
    })
}

/// Numbers that nobody vouches for and that are exact all the same.
fn exact(put: &Case) -> Vec<String> {
    let alone = |input: &&Input| {
        let vouched = !matches!(input.status, Status::Placeholder | Status::Default);
        let fixed = matches!(&input.draw, Draw::Own(d) if d.exact().is_some());
        !vouched && fixed && input.is_listed()
    };
    put.inputs
        .iter()
        .filter(alone)
        .map(|input| input.path.clone())
        .collect()
}

#[cfg(test)]
mod tests;
