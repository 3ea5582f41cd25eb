//! Trials: what is held back stays held back, and scores are what they are by hand.

use std::cell::RefCell;
use std::rc::Rc;

use detente_backtest::{Case, Model, Section, Separated, Setup, Verdict, brier, folds, trial};

struct Coin {
    group: String,
    came: usize,
    number: usize,
}

impl Case for Coin {
    fn group(&self) -> &str {
        &self.group
    }

    fn options(&self) -> usize {
        2
    }

    fn came(&self) -> usize {
        self.came
    }
}

fn coins() -> Vec<Coin> {
    let coin = |number: usize| Coin {
        group: format!("g{}", number % 20),
        came: usize::from(number % 5 < 2),
        number,
    };
    (0..60).map(coin).collect()
}

fn share() -> Model<Coin> {
    Model {
        name: "base rate",
        about: "the share",
        fit: Box::new(|cases| {
            let share = cases.iter().filter(|c| c.came == 1).count() as f64 / cases.len() as f64;
            Ok(Box::new(move |_| vec![1.0 - share, share]))
        }),
    }
}

const SETUP: Setup = Setup {
    folds: 5,
    draws: 3,
    seed: 3,
};

fn held(models: &[Model<Coin>]) -> Section {
    trial("heads", "coin", &coins(), models, models.len() - 1, SETUP)
}

#[test]
fn no_case_is_predicted_by_a_model_that_has_seen_its_group() {
    let seen: Rc<RefCell<Vec<usize>>> = Rc::default();
    let told = Rc::clone(&seen);
    let spy = Model {
        name: "spy",
        about: "keeps what it was fitted on",
        fit: Box::new(move |cases: &[&Coin]| {
            let known: Vec<String> = cases.iter().map(|c| c.group.clone()).collect();
            let told = Rc::clone(&told);
            Ok(Box::new(move |coin: &Coin| {
                assert!(!known.contains(&coin.group), "{}", coin.group);
                told.borrow_mut().push(coin.number);
                vec![0.5, 0.5]
            }))
        }),
    };
    let section = held(&[share(), spy]);
    let mut numbers = seen.borrow().clone();
    numbers.sort_unstable();
    let thrice: Vec<usize> = (0..180).map(|i| i / 3).collect();
    assert_eq!(numbers, thrice, "each is scored once a draw");
    assert_eq!((section.cases, section.groups), (60, 20));
    let [log, score] = section.lines[1].scores.unwrap();
    assert!((log - std::f64::consts::LN_2).abs() < 1e-12 && score == 0.25);
}

/// The base rate of each fold, from the others, by hand.
#[test]
fn the_base_rate_is_that_of_the_other_folds() {
    let coins = coins();
    let groups: Vec<&str> = coins.iter().map(|c| c.group.as_str()).collect();
    let mut sum = 0.0;
    for draw in 0..3 {
        let fold_of = folds(&groups, SETUP.folds, SETUP.seed, draw);
        for coin in &coins {
            let mut others = (0, 0);
            for other in &coins {
                if fold_of[other.number] != fold_of[coin.number] {
                    others.0 += other.came;
                    others.1 += 1;
                }
            }
            sum += brier(others.0 as f64 / f64::from(others.1), coin.came == 1);
        }
    }
    let section = held(&[share()]);
    assert!((section.lines[0].scores.unwrap()[1] - sum / 180.0).abs() < 1e-12);
    assert_eq!(section.lines[0].verdict, Verdict::Base);
    assert_eq!(section.rate, Some(0.4));
    assert!((section.in_sample.unwrap() - 0.24).abs() < 1e-12);
}

#[test]
fn verdicts_say_who_wins() {
    let says = |name: &'static str, chance: fn(&Coin) -> f64| Model {
        name,
        about: "",
        fit: Box::new(move |_: &[&Coin]| {
            Ok(Box::new(move |coin: &Coin| {
                vec![1.0 - chance(coin), chance(coin)]
            }))
        }),
    };
    let section = held(&[
        share(),
        says("knows", |coin| 0.1 + 0.8 * coin.came as f64),
        says("errs", |coin| 0.9 - 0.8 * coin.came as f64),
        says("guesses", |_| 0.25),
        Model {
            name: "silent",
            about: "",
            fit: Box::new(|_: &[&Coin]| Err(Separated)),
        },
    ]);
    let verdicts: Vec<Verdict> = section.lines.iter().map(|line| line.verdict).collect();
    assert_eq!(
        verdicts[..3],
        [Verdict::Base, Verdict::Beats, Verdict::Loses]
    );
    assert_eq!(verdicts[3], Verdict::PerhapsWorse);
    assert_eq!(verdicts[4], Verdict::Silent);
    assert!(section.lines[4].scores.is_none() && section.bins.is_empty());
    // Sure to .9 each time: Brier .01.
    assert!((section.lines[1].scores.unwrap()[1] - 0.01).abs() < 1e-12);
    let [low, high] = section.lines[1].by_draw.unwrap();
    let skill = section.lines[1].skill.unwrap();
    assert!(low < skill && skill < high, "{low} {skill} {high}");
    assert!((skill - (1.0 - 0.01 / section.lines[0].scores.unwrap()[1])).abs() < 1e-12);
}

/// Where it happened each time, the base rate is sure and right, and nothing can be taken off its score.
#[test]
fn nobody_beats_a_base_rate_that_is_always_right() {
    let always: Vec<Coin> = coins()
        .into_iter()
        .map(|coin| Coin { came: 1, ..coin })
        .collect();
    let half = Model {
        name: "half",
        about: "",
        fit: Box::new(|_: &[&Coin]| Ok(Box::new(|_: &Coin| vec![0.5, 0.5]))),
    };
    let section = trial("heads", "coin", &always, &[share(), half], 0, SETUP);
    assert_eq!(section.lines[0].scores, Some([0.0, 0.0]));
    assert_eq!(section.lines[1].verdict, Verdict::PerhapsWorse);
    assert_eq!(
        (section.lines[1].skill, section.lines[1].by_draw),
        (None, None)
    );
}
