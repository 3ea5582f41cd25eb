//! Crises between two states: left as they were, given way, or war.

use crate::choice::{Choice, Separated, chances, fit};
use crate::crisis::{Crisis, fit_crisis};
use crate::table::{Fault, Row, Table, enough};
use crate::trial::{Case, Model, Predictor, Section, Setup, trial};

/// What can come, by its column.
const OUTCOMES: [&str; 3] = ["sq", "capit", "war"];
/// Kinds of government; the last is what the others are held against.
const REGIMES: [&str; 3] = ["dem", "mixed", "autoc"];

struct Dispute {
    group: String,
    crisis: Crisis,
    /// All covariates, for the logit.
    all: Vec<f64>,
}

impl Case for Dispute {
    fn group(&self) -> &str {
        &self.group
    }

    fn options(&self) -> usize {
        OUTCOMES.len()
    }

    fn came(&self) -> usize {
        self.crisis.came
    }
}

/// Reads a table of disputes with the columns of `war1800` of the R package games and puts models of what came of them to the trial. Disputes
/// of which a government's kind is not known are left out. All pairs of states of one dispute are one group.
///
/// # Errors
/// All faults of the table.
pub fn crises(text: &str, setup: Setup) -> Result<Vec<Section>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut columns = vec![
        "midnum", "s_wt_re1", "revis1", "balanc", "regime1", "regime2",
    ];
    columns.extend(OUTCOMES);
    let table = Table::read(text, &columns, &mut faults);
    let mut cases = Vec::new();
    let mut seen = [0_usize; 3];
    for row in table.iter().flat_map(Table::rows) {
        if let Some((came, known)) = dispute(&row, &mut faults) {
            seen[came] += 1;
            cases.extend(known);
        }
    }
    enough(cases.iter().map(|case| case.group.as_str()), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let models = models();
    let last = models.len() - 1;
    let title = "status quo, giving way or war";
    let mut section = trial(title, "dispute", &cases, &models, last, setup);
    let all: usize = seen.iter().sum();
    let entropy = |counts: [usize; 3]| {
        let all: usize = counts.iter().sum();
        let shares = counts.map(|count| count as f64 / all as f64);
        let each = shares.iter().filter(|share| **share > 0.0);
        each.map(|share| -share * libm::log(*share)).sum::<f64>()
    };
    let mut scored = [0; 3];
    for case in &cases {
        scored[case.came()] += 1;
    }
    section.notes.push(format!(
        "Left out: {} in which a government's kind is not known. For somebody who knew the shares in advance the logarithmic score would be \
         {:.4}; of all {all}, {:.4}.",
        all - cases.len(),
        entropy(scored),
        entropy(seen)
    ));
    Ok(vec![section])
}

/// What came of a dispute, and the dispute if all that models look at is known.
fn dispute(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<(usize, Option<Dispute>)> {
    let before = faults.len();
    let marks = OUTCOMES.map(|name| row.word(name, &["0", "1"], faults));
    let mut number = |column: &str| row.number(column, faults);
    let [similar, revises, balance] = ["s_wt_re1", "revis1", "balanc"].map(&mut number);
    let mut regime = |column: &str| {
        let unknown = matches!(row.text(column), "" | "NA");
        let known = (!unknown).then(|| row.word(column, &REGIMES, faults));
        known.flatten()
    };
    let regimes = [regime("regime1"), regime("regime2")];
    if row.text("midnum").is_empty() {
        faults.push(Fault::new(
            row.line,
            "midnum",
            "the dispute's number was expected here",
        ));
    }
    let came = marks.iter().position(|mark| *mark == Some(1));
    if faults.len() == before && marks.iter().filter(|mark| **mark == Some(1)).count() != 1 {
        let said = "one of sq, capit and war was expected to be 1, the others 0";
        faults.push(Fault::new(row.line, "sq", said));
    }
    if faults.len() > before {
        return None;
    }
    let came = came?;
    let [similar, revises, balance] = [similar?, revises?, balance?];
    let [Some(first), Some(second)] = regimes else {
        return Some((came, None));
    };
    let marks = |regime: usize| [0, 1].map(|kind| f64::from(u8::from(regime == kind)));
    let with = |mut x: Vec<f64>, regime: usize| {
        x.extend(marks(regime));
        x
    };
    let all = with(with(vec![1.0, similar, revises, balance], first), second);
    let known = Dispute {
        group: row.text("midnum").to_owned(),
        crisis: Crisis {
            status_quo: vec![1.0, similar, revises],
            first_war: with(vec![1.0], first),
            second_war: with(vec![1.0, balance], second),
            came,
        },
        all,
    };
    Some((came, Some(known)))
}

fn models() -> Vec<Model<Dispute>> {
    vec![
        Model {
            name: "base rate",
            about: "the shares of the training folds, for every dispute",
            fit: Box::new(|cases| {
                let share = |came: usize| {
                    let hits = cases.iter().filter(|case| case.came() == came).count();
                    hits as f64 / cases.len() as f64
                };
                let shares = vec![share(0), share(1), share(2)];
                Ok(Box::new(move |_| shares.clone()))
            }),
        },
        Model {
            name: "multinomial logit",
            about: "logit on similarity of alliances, revisionist aims, balance of capabilities and both governments' kinds, with weights for each outcome",
            fit: Box::new(multinomial),
        },
        Model {
            name: "crisis game",
            about: "quantal response of the challenger and the challenged (Signorino 1999): the status quo by similarity and aims, war by the \
                    challenger's government, and by balance and the other's",
            fit: Box::new(game),
        },
    ]
}

fn multinomial(cases: &[&Dispute]) -> Result<Predictor<Dispute>, Separated> {
    let features = |case: &Dispute| {
        let none = vec![0.0; case.all.len()];
        let put = |one: &[f64], other: &[f64]| [one, other].concat();
        vec![
            put(&none, &none),
            put(&case.all, &none),
            put(&none, &case.all),
        ]
    };
    let choices = cases.iter().map(|case| Choice {
        features: features(case),
        came: case.came(),
    });
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| chances(&features(case), &weights)))
}

fn game(cases: &[&Dispute]) -> Result<Predictor<Dispute>, Separated> {
    let crises: Vec<Crisis> = cases.iter().map(|case| case.crisis.clone()).collect();
    let utilities = fit_crisis(&crises)?;
    Ok(Box::new(move |case| {
        utilities.chances(&case.crisis).to_vec()
    }))
}
