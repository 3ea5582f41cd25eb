//! What turns a claim: numbers at whose ends it is true in most worlds and in few, and where between them it turns.
//!
//! A number that is drawn is read off the worlds of the run, in parts of increasing value: no world is run for it. Scales that no
//! case draws together or so far, the noise of choosing and the patience of all, are set to one value in all worlds, on the draws of the
//! run.

mod seen;

use std::borrow::Cow;

use detente_case::{Case, Condition, Draw, InputId, Overrides, Rules, ShareTest};
use detente_core::Search;
use detente_math::Distribution;

use super::court::{Court, Intervened, put_over};
use crate::run::{Progress, RunOptions, Scope, run_part};
use crate::sensitivity::{Drawing, movers, numbers};

/// Worlds in which a value is set.
pub(crate) const WORLDS: usize = 64;
/// The same where packages must be searched.
const SEARCHED: usize = 12;
/// Inputs read off the worlds besides the pace of the line: the ones that move a claim most.
const MOVERS: usize = 2;
/// Halvings of the stretch in which a claim turns.
const STEPS: usize = 5;

/// Something that turns a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The path of the input, or the paths of several that are set together, in words.
    pub what: String,
    /// In what it is counted.
    pub unit: &'static str,
    /// The value at which the claim turns.
    pub at: f64,
    /// Share of the worlds in which the claim is true at the low end and at the high end.
    pub shares: [f64; 2],
    /// The low end and the high end.
    pub ends: [f64; 2],
    /// Was it read off worlds in which the number is about so large, not set to it?
    pub seen: bool,
}

/// Numbers that are set together.
#[derive(Clone)]
struct Scale {
    what: String,
    unit: &'static str,
    inputs: Vec<InputId>,
    ends: [f64; 2],
}

/// The scales tried for every claim, and courts at their values.
pub(super) struct Scales<'a> {
    case: &'a Case,
    set: Vec<Scale>,
    /// What was put over the run's numbers, how far packages were searched, and the court.
    courts: Vec<(Overrides, Search, Court<'a>)>,
}

impl<'a> Scales<'a> {
    pub(super) fn new(case: &'a Case) -> Self {
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<InputId> {
            let inputs = case.inputs.iter().enumerate();
            let own = inputs.filter(|(_, input)| wanted(&input.path));
            own.map(|(i, _)| InputId::from_index(i)).collect()
        };
        let mut set = Vec::new();
        let mut add = |what: &str, unit, inputs: Vec<InputId>, ends: [f64; 2]| {
            if !inputs.is_empty() {
                let what = what.to_owned();
                set.push(Scale {
                    what,
                    unit,
                    inputs,
                    ends,
                });
            }
        };
        if !case.setting.levers.is_empty() {
            let noise = of(&|path| path == "behaviour.noise");
            add("behaviour.noise", "points", noise, [0.05, 2.0]);
        }
        let patience = of(&|path| path.starts_with("party.") && path.ends_with(".patience"));
        add("the patience of all", "a month", patience, [0.96, 0.997]);
        Self {
            case,
            set,
            courts: Vec::new(),
        }
    }

    /// What turns a claim, of the scales tried for every claim and the inputs that move it most.
    pub(super) fn flips(
        &mut self,
        main: &mut Court<'a>,
        test: &ShareTest,
        progress: &dyn Progress,
    ) -> Vec<Flip> {
        let heard = main.hear(test, progress);
        if heard.share.holds.value.is_nan() {
            return Vec::new();
        }
        let searched = main.searches(test);
        let mut found = Vec::new();
        for scale in self.set.clone() {
            // What is cut short is not used.
            if progress.stopped() {
                break;
            }
            found.extend(self.turn(main, test, scale, searched));
        }
        found.extend(self.seen(main, &heard.verdicts));
        found
    }

    /// Where a claim turns as a scale is set from one end to the other.
    fn turn(
        &mut self,
        main: &Court<'a>,
        test: &ShareTest,
        scale: Scale,
        searched: Search,
    ) -> Option<Flip> {
        let mut at = |value: f64| self.share(main, test, &scale, value, searched);
        let [low, high] = scale.ends;
        let shares = [at(low), at(high)];
        let mostly = |share: f64| share > 0.5;
        if shares.iter().any(|x| x.is_nan()) || mostly(shares[0]) == mostly(shares[1]) {
            return None;
        }
        let (mut from, mut to) = (low, high);
        for _ in 0..STEPS {
            let middle = 0.5 * (from + to);
            if mostly(at(middle)) == mostly(shares[0]) {
                from = middle;
            } else {
                to = middle;
            }
        }
        Some(Flip {
            what: scale.what,
            unit: scale.unit,
            at: 0.5 * (from + to),
            shares,
            ends: [low, high],
            seen: false,
        })
    }

    /// The inputs that move a claim most, and the pace of the line, where the worlds at hand show that they turn it.
    fn seen(&self, main: &Court<'a>, verdicts: &[f64]) -> Vec<Flip> {
        let drawing = Drawing {
            case: self.case,
            plan: main.plan,
            overrides: &main.overrides,
            stream: main.options.stream,
        };
        let place = |path: &str| self.case.inputs.iter().position(|i| i.path == path);
        let moving = movers(drawing, verdicts).inputs.into_iter();
        let mut inputs: Vec<usize> = place("contest.pace").into_iter().collect();
        // A ranked weight is no number that could be set.
        let own = moving.filter_map(|mover| place(&mover.path));
        let own = own.filter(|i| matches!(self.case.inputs[*i].draw, Draw::Own(_)));
        for input in own.take(MOVERS) {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        let known: Vec<usize> = (0..verdicts.len())
            .filter(|w| !verdicts[*w].is_nan())
            .collect();
        let answers: Vec<f64> = known.iter().map(|w| verdicts[*w]).collect();
        let ids: Vec<InputId> = inputs.iter().map(|i| InputId::from_index(*i)).collect();
        let drawn = numbers(drawing, &known, &ids);
        let turns = inputs.iter().zip(&drawn).filter_map(|(i, numbers)| {
            let turn = seen::turn(numbers, &answers)?;
            let input = &self.case.inputs[*i];
            Some(Flip {
                what: input.path.clone(),
                unit: input.unit,
                at: turn.at,
                shares: turn.shares,
                ends: turn.ends,
                seen: true,
            })
        });
        turns.collect()
    }

    /// Share of worlds in which the claim is true with a scale at a value.
    fn share(
        &mut self,
        main: &Court<'a>,
        test: &ShareTest,
        scale: &Scale,
        value: f64,
        searched: Search,
    ) -> f64 {
        let set = Overrides {
            replaced: scale
                .inputs
                .iter()
                .map(|id| (*id, Distribution::Exact(value)))
                .collect(),
            ..Overrides::default()
        };
        // What no world can have turns nothing.
        let all = put_over(&main.overrides, &set);
        if !Rules::of(main.case).stand(&Condition::of(&all)) {
            return f64::NAN;
        }
        let known = self.courts.iter();
        let place = known
            .clone()
            .position(|(of, how, _)| *of == set && *how == searched);
        let place = place.unwrap_or_else(|| {
            let of = |least: Search, worlds: usize| if searched >= least { worlds } else { 0 };
            let worlds = if searched > Search::None {
                SEARCHED
            } else {
                WORLDS
            };
            let options = RunOptions {
                worlds: worlds.min(main.options.worlds),
                searches: of(Search::Zone, worlds),
                solutions: of(Search::Solutions, worlds),
                ..main.options
            };
            let asked = (&Scope::all(&main.case.setting), 0..options.worlds);
            let table = run_part(main.plan, &all, options, asked, &crate::run::Ignored);
            let part = Intervened::Part(1);
            let court = Court::new(
                (main.case, main.plan),
                all,
                options,
                Cow::Owned(table),
                part,
            );
            self.courts.push((set, searched, court));
            self.courts.len() - 1
        });
        let court = &mut self.courts[place].2;
        court.hear(test, &crate::run::Ignored).share.holds.value
    }
}
