//! What turns a claim: inputs at whose ends it is true in most worlds and in few, and where between them it turns.
//!
//! Every candidate is set to one value in all worlds, on the draws of the run: a difference between two values is never sampling
//! noise, though the share of so few worlds carries noise of its own.

use std::borrow::Cow;

use detente_case::{Case, Condition, Draw, InputId, Overrides, Rules, ShareTest};
use detente_core::Search;
use detente_math::Distribution;

use super::court::{Court, put_over, scope_of};
use crate::run::{Progress, RunOptions, Scope, run_part};
use crate::sensitivity::{Drawing, movers};

/// Worlds in which a value is tried.
pub(crate) const WORLDS: usize = 64;
/// The same where packages must be searched.
const SEARCHED: usize = 12;
/// Inputs tried besides those tried for every claim: the ones that move it most.
const MOVERS: usize = 2;
/// Courts of scales that are tried for one claim alone, kept at a time.
const PASSING: usize = 32;
/// Halvings of the stretch in which a claim turns.
const STEPS: usize = 5;
/// Between these quantiles an input is moved.
const ENDS: [f64; 2] = [0.05, 0.95];

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
}

/// Numbers that are moved together.
#[derive(Clone)]
struct Scale {
    what: String,
    unit: &'static str,
    inputs: Vec<InputId>,
    ends: [f64; 2],
    /// Is it tried for every claim? Then all claims share its worlds.
    always: bool,
}

/// The scales tried for every claim, and courts at their values.
pub(super) struct Scales<'a> {
    case: &'a Case,
    always: Vec<Scale>,
    /// What was put over the run's numbers, how far packages were searched, what was asked, the court, and whether it is for every claim.
    courts: Vec<(Overrides, Search, Scope, Court<'a>, bool)>,
}

impl<'a> Scales<'a> {
    pub(super) fn new(case: &'a Case) -> Self {
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<InputId> {
            let inputs = case.inputs.iter().enumerate();
            let own = inputs.filter(|(_, input)| wanted(&input.path));
            own.map(|(i, _)| InputId::from_index(i)).collect()
        };
        let mut always = Vec::new();
        let mut add = |what: &str, unit, inputs: Vec<InputId>, ends: [f64; 2]| {
            if !inputs.is_empty() {
                let what = what.to_owned();
                always.push(Scale {
                    what,
                    unit,
                    inputs,
                    ends,
                    always: true,
                });
            }
        };
        if !case.setting.levers.is_empty() {
            let noise = of(&|path| path == "behaviour.noise");
            add("behaviour.noise", "points", noise, [0.05, 2.0]);
        }
        let patience = of(&|path| path.starts_with("party.") && path.ends_with(".patience"));
        add("the patience of all", "a month", patience, [0.96, 0.997]);
        let pace = of(&|path| path == "contest.pace");
        if let Some([low, high]) = pace.first().and_then(|id| ends(case, *id)) {
            add("contest.pace", "line units a month", pace, [low, high]);
        }
        Self {
            case,
            always,
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
        let mut scales = self.always.clone();
        let drawing = Drawing {
            case: self.case,
            plan: main.plan,
            overrides: &main.overrides,
            stream: main.options.stream,
        };
        let moving = movers(drawing, &heard.verdicts).inputs.into_iter();
        let own = moving.filter_map(|mover| {
            let place = self.case.inputs.iter().position(|i| i.path == mover.path)?;
            let id = InputId::from_index(place);
            // A ranked weight is no number that could be set.
            ends(self.case, id).map(|ends| (mover, id, ends))
        });
        for (mover, id, ends) in own.take(MOVERS) {
            if scales.iter().any(|scale| scale.inputs.contains(&id)) {
                continue;
            }
            scales.push(Scale {
                what: mover.path,
                unit: self.case.inputs[id.0 as usize].unit,
                inputs: vec![id],
                ends,
                always: false,
            });
        }
        let mut found = Vec::new();
        for scale in scales {
            // What is cut short is not used.
            if progress.stopped() {
                break;
            }
            let mut at = |value: f64| self.share(main, test, &scale, value, searched);
            let [low, high] = scale.ends;
            let shares = [at(low), at(high)];
            let mostly = |share: f64| share > 0.5;
            if shares.iter().any(|x| x.is_nan()) || mostly(shares[0]) == mostly(shares[1]) {
                continue;
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
            found.push(Flip {
                what: scale.what,
                unit: scale.unit,
                at: 0.5 * (from + to),
                shares,
                ends: [low, high],
            });
        }
        found
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
        let scope = if scale.always {
            Scope::all(&main.case.setting)
        } else {
            scope_of(main.case, test)
        };
        let known = self.courts.iter().position(|(of, how, asked, ..)| {
            *of == set && *how == searched && asked.covers(&scope)
        });
        let place = known.unwrap_or_else(|| {
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
            let ignored = &crate::run::Ignored;
            let table = run_part(main.plan, &all, options, &scope, ignored);
            let court = Court::new((main.case, main.plan), all, options, Cow::Owned(table), 1);
            self.courts
                .push((set, searched, scope, court, scale.always));
            // What was tried for one claim alone is seldom asked again: of these the last few are kept, so that many claims do not add up.
            let passing = self.courts.iter().filter(|court| !court.4).count();
            if passing > PASSING
                && let Some(first) = self.courts.iter().position(|court| !court.4)
            {
                self.courts.remove(first);
            }
            self.courts.len() - 1
        });
        let court = &mut self.courts[place].3;
        court.hear(test, &crate::run::Ignored).share.holds.value
    }
}

/// The quantiles between which an input is moved; `None` if it is exact or not drawn by itself.
fn ends(case: &Case, id: InputId) -> Option<[f64; 2]> {
    let Draw::Own(distribution) = &case.inputs[id.0 as usize].draw else {
        return None;
    };
    if distribution.exact().is_some() {
        return None;
    }
    Some(ENDS.map(|u| distribution.quantile(u)))
}
