//! Threats of sanctions: the threatened concedes; or resists, and the threat is carried out or taken back.

use std::rc::Rc;

use crate::choice::{Choice, Separated, chances, fit};
use crate::estimate::{Method, Model as Estimated, Problem, Request};
use crate::table::{Fault, Table, enough};
use crate::trial::{Case, Model, Predictor, Section, Setup, trial};

/// What can come of a challenge, by its column.
const OUTCOMES: [&str; 3] = ["cd", "sf", "bd"];
/// The game's utilities as its authors have them (Crisman-Cox & Gibilisco 2021, section 5).
const UTILITIES: [&str; 6] = [
    "SA ~ sqrt(senderecondep) + senderdemocracy + contig + ally - 1",
    "VA ~ anticipatedsendercosts",
    "CB ~ sqrt(targetecondep) + anticipatedtargetcosts + contig + ally",
    "barWA ~ sqrt(senderecondep) + senderdemocracy + lncaprat",
    "barWB ~ targetdemocracy + lncaprat",
    "bara ~ senderdemocracy",
];
/// The same columns for the logit; an outcome's utility each.
const ALL: &str = "sqrt(senderecondep) + senderdemocracy + contig + ally + anticipatedsendercosts + sqrt(targetecondep) + \
                   anticipatedtargetcosts + lncaprat + targetdemocracy";
/// Chances that the authors published, of resistance and of standing firm, by their columns, with what they are.
const PUBLISHED: [(&str, &str, &str); 2] = [
    (
        "PRnpl",
        "PFnpl",
        "the game's, estimated on the same challenges by nested pseudo-likelihood",
    ),
    (
        "PRhat",
        "PFhat",
        "a random forest's, grown on the same challenges",
    ),
];
/// Starts of the game's estimate that are tried until one comes to rest.
const STARTS: u64 = 4;

/// A challenge.
struct Challenge {
    group: String,
    /// Of the pair of states, by its place.
    cluster: usize,
    /// Its row, by its place.
    row: usize,
    came: usize,
    /// All covariates, for the logit.
    all: Vec<f64>,
}

impl Case for Challenge {
    fn group(&self) -> &str {
        &self.group
    }

    fn options(&self) -> usize {
        OUTCOMES.len()
    }

    fn came(&self) -> usize {
        self.came
    }
}

/// Reads a table with the columns of `sanctionsData` of the R package sigInt, a row a pair of states in a decade, and puts models of what came of
/// challenges to the trial. A pair of states is a group: its decades are held back together.
///
/// # Errors
/// All faults of the table.
pub fn sanctions(text: &str, setup: Setup) -> Result<Vec<Section>, Vec<Fault>> {
    let request = |model, outcomes: &[&str], utilities: Vec<String>| Request {
        model,
        method: Method::Nested,
        outcomes: outcomes.iter().map(|name| (*name).to_owned()).collect(),
        utilities,
        cluster: Some("dyadID".to_owned()),
        first: None,
    };
    let of_game = request(
        Estimated::CrisisSignalling,
        &["sq", "cd", "sf", "bd"],
        UTILITIES.map(str::to_owned).to_vec(),
    );
    let plain = |faults: Vec<crate::estimate::Named>| -> Vec<Fault> {
        faults
            .into_iter()
            .map(crate::estimate::Named::plain)
            .collect()
    };
    let game = Problem::read(text, &of_game).map_err(plain)?;
    // The logit's columns, read as a formula of one utility.
    let of_logit = request(
        Estimated::Logit,
        &["sq", "cd", "sf", "bd"],
        vec![format!("cd ~ {ALL}")],
    );
    let columns = Problem::read(text, &of_logit).map_err(plain)?;
    let mut cases = Vec::new();
    let design = game.design();
    for (place, (row, with)) in design.rows.iter().zip(&columns.design().rows).enumerate() {
        for (came, count) in row.counts[1..].iter().enumerate() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "read as a whole number"
            )]
            let count = *count as usize;
            let challenge = || Challenge {
                group: design.clusters[row.cluster].clone(),
                cluster: row.cluster,
                row: place,
                came,
                all: with.x.clone(),
            };
            cases.extend(std::iter::repeat_with(challenge).take(count));
        }
    }
    let mut faults = Vec::new();
    enough(cases.iter().map(|case| case.group.as_str()), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut notes = vec![in_sample(&cases)];
    notes.extend(PUBLISHED.iter().filter_map(|of| published(text, of)));
    let models = models(&Rc::new(game), &cases);
    let last = models.len() - 1;
    let title = "a challenge is conceded to, carried out or taken back";
    let mut section = trial(title, "pair of states", &cases, &models, last, setup);
    section.notes.extend(notes);
    Ok(vec![section])
}

/// The score of the shares for somebody who knew them.
fn in_sample(cases: &[Challenge]) -> String {
    let share = |came: usize| {
        let hits = cases.iter().filter(|case| case.came == came).count();
        hits as f64 / cases.len() as f64
    };
    let shares = [0, 1, 2].map(share);
    let each = shares.iter().filter(|share| **share > 0.0);
    let entropy: f64 = each.map(|share| -share * libm::log(*share)).sum();
    format!(
        "Conceded to, carried out and taken back were {:.3}, {:.3} and {:.3}; for somebody who knew these shares in advance the logarithmic score \
         would be {entropy:.4}.",
        shares[0], shares[1], shares[2]
    )
}

/// The score of chances that stand in the table, in sample.
fn published(text: &str, (resists, stands, what): &(&str, &str, &str)) -> Option<String> {
    let mut faults = Vec::new();
    let needed = ["cd", "sf", "bd", resists, stands];
    let table = Table::read(text, &needed, &mut faults)?;
    let (mut sum, mut all) = (0.0, 0.0);
    for row in table.rows() {
        let [r, f] = [resists, stands].map(|name| row.number(name, &mut faults));
        let (r, f) = (r?, f?);
        for (name, chance) in OUTCOMES.iter().zip([1.0 - r, r * f, r * (1.0 - f)]) {
            let count = f64::from(row.whole(name, u32::MAX, &mut faults)?);
            if count > 0.0 {
                sum -= count * libm::log(chance);
                all += count;
            }
        }
    }
    (all > 0.0).then(|| {
        format!(
            "In sample, {:.4} by the chances of {resists} and {stands}: {what}.",
            sum / all
        )
    })
}

fn models(game: &Rc<Problem>, cases: &[Challenge]) -> Vec<Model<Challenge>> {
    let mut challenged = vec![false; game.design().clusters.len()];
    for case in cases {
        challenged[case.cluster] = true;
    }
    let game = Rc::clone(game);
    vec![
        Model {
            name: "base rate",
            about: "the shares of the training folds, for every challenge",
            fit: Box::new(|cases| {
                let share = |came: usize| {
                    let hits = cases.iter().filter(|case| case.came == came).count();
                    hits as f64 / cases.len() as f64
                };
                let shares = vec![share(0), share(1), share(2)];
                Ok(Box::new(move |_| shares.clone()))
            }),
        },
        Model {
            name: "multinomial logit",
            about: "logit on both economies' dependence, both regimes, contiguity, alliance, both sides' anticipated costs and the ratio of \
                    capabilities, with weights for each outcome",
            fit: Box::new(multinomial),
        },
        Model {
            name: "signalling game",
            about: "crisis with private information on both sides (Lewis & Schultz 2003), by nested pseudo-likelihood on months with and without a \
                    challenge; utilities as Crisman-Cox & Gibilisco (2021) have them, a pair held back in the equilibrium that best responses lead to",
            fit: Box::new(move |cases| signalling(&game, &challenged, cases)),
        },
    ]
}

fn multinomial(cases: &[&Challenge]) -> Result<Predictor<Challenge>, Separated> {
    let features = |case: &Challenge| {
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
        came: case.came,
    });
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| chances(&features(case), &weights)))
}

/// Fitted without the pairs that are held back; what is thought of them follows best responses under weights that others gave.
fn signalling(
    game: &Problem,
    challenged: &[bool],
    cases: &[&Challenge],
) -> Result<Predictor<Challenge>, Separated> {
    let mut times: Vec<f64> = challenged
        .iter()
        .map(|challenged| if *challenged { 0.0 } else { 1.0 })
        .collect();
    for case in cases {
        times[case.cluster] = 1.0;
    }
    let found = (0..STARTS).find_map(|start| game.among(&times, start));
    let beliefs = found.ok_or(Separated)?;
    Ok(Box::new(move |case| {
        let [resist, fight] = beliefs[case.row];
        vec![1.0 - resist, resist * fight, resist * (1.0 - fight)]
    }))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn table(changed: bool) -> String {
        let mut text = "dyadID,sq,cd,sf,bd,senderecondep,senderdemocracy,contig,ally,anticipatedsendercosts,anticipatedtargetcosts,\
                        targetecondep,lncaprat,targetdemocracy\n"
            .to_owned();
        for i in 0..120_u64 {
            let number = |name: &str| detente_math::uniform(5, detente_math::path_key(name), i);
            let mark = |name: &str| u8::from(number(name) < 0.4);
            let strong = number("ratio");
            let seen = |name: &str, chance: f64| u8::from(number(name) < chance);
            let [mut cd, mut sf, bd] = [
                seen("cd", 0.3),
                1 + seen("sf", 0.2 + 0.6 * strong),
                seen("bd", 0.3),
            ];
            // The pairs 0 to 3, as they might have been.
            if changed && i % 40 < 4 {
                (cd, sf) = (5, 0);
            }
            let row = [
                number("trade").to_string(),
                (10.0 * number("regime")).to_string(),
                mark("contig").to_string(),
                mark("ally").to_string(),
                mark("own").to_string(),
                mark("their").to_string(),
                number("their trade").to_string(),
                (4.0 * strong).to_string(),
                (10.0 * number("their regime")).to_string(),
            ];
            let _ = writeln!(text, "p{},60,{cd},{sf},{bd},{}", i % 40, row.join(","));
        }
        text
    }

    fn game(text: &str) -> Problem {
        let request = Request {
            model: Estimated::CrisisSignalling,
            method: Method::Nested,
            outcomes: ["sq", "cd", "sf", "bd"].map(str::to_owned).to_vec(),
            utilities: UTILITIES.map(str::to_owned).to_vec(),
            cluster: Some("dyadID".to_owned()),
            first: None,
        };
        Problem::read(text, &request).unwrap()
    }

    /// What came of pairs that are held back moves no forecast, their own included; what came of others does.
    #[test]
    fn nothing_is_learnt_from_what_is_held_back() {
        let (one, other) = (game(&table(false)), game(&table(true)));
        let held = ["p0", "p1", "p2", "p3"];
        let times = |out: &[&str]| -> Vec<f64> {
            let clusters = one.design().clusters.iter();
            clusters
                .map(|name| f64::from(u8::from(!out.contains(&name.as_str()))))
                .collect()
        };
        for start in 0..2 {
            let without = one.among(&times(&held), start).unwrap();
            assert_eq!(other.among(&times(&held), start).unwrap(), without);
            let with = one.among(&times(&[]), start).unwrap();
            assert_ne!(other.among(&times(&[]), start), Some(with));
        }
    }

    #[test]
    fn challenges_are_scored_by_pair() {
        let setup = Setup {
            folds: 5,
            draws: 1,
            seed: 1,
        };
        let text = table(false);
        let section = &sanctions(&text, setup).unwrap()[0];
        let game = game(&text);
        let seen = |k: usize| -> f64 { game.design().rows.iter().map(|row| row.counts[k]).sum() };
        let challenges = seen(1) + seen(2) + seen(3);
        assert_eq!((section.cases as f64, section.groups), (challenges, 40));
        let log = |place: usize| section.lines[place].scores.unwrap()[0];
        assert!(log(0) > 0.3 && log(2) < 1.2, "{section:#?}");
        let share = format!("{:.3}", seen(1) / challenges);
        assert!(section.notes[0].contains(&share), "{:?}", section.notes);
        assert_eq!(section.notes.len(), 1, "no published chances stand there");
        let faults = sanctions(&text.replace("lncaprat", "lncaprats"), setup).unwrap_err();
        assert_eq!(
            faults[0].to_string(),
            "line 1, lncaprat: there is no such column; is “lncaprats” meant?"
        );
        // Chances in the table are scored as they stand there: all alike, the score is by hand.
        let with = text.lines().enumerate().map(|(i, line)| {
            format!(
                "{line},{}\n",
                if i == 0 { "PRnpl,PFnpl" } else { "0.8,0.5" }
            )
        });
        let section = &sanctions(&with.collect::<String>(), setup).unwrap()[0];
        let by_hand = -(seen(1) * libm::log(0.2) + (seen(2) + seen(3)) * libm::log(0.4));
        let score = format!("In sample, {:.4} by", by_hand / challenges);
        assert!(
            section.notes[1].starts_with(&score),
            "{:?} {score}",
            section.notes
        );
    }
}
