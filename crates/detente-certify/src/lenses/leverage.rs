//! Certificate: chances are a fixed point of their definition, with wars valued by numerical integration; what refusals are worth,
//! and what each lever does to them, is weighed anew; thresholds are scanned for, zones and Nash points listed.

use detente_core::{
    DealValue, Handle, LeverProfile, Preferences, Question, RowView, Target, Trigger, Verdict,
    triggered_by,
};

use super::settlement::{nash_points, zone_listed};
use crate::contest;
use crate::durable::Deals;
use crate::no_deal;
use crate::process::{self, Seen};
use crate::within;
use detente_core::Identity;
use detente_core::asks::{FLAT, HALF, has_credibility, punishes, targets};
use detente_core::catalogue::leverage::{
    ABOVE, ASSURANCE, BACKFIRES, BELOW, CEILING, CONCESSION, CREDIBILITY, CREDIBILITY_ANNOUNCED,
    ESCALATION, INCENTIVE, PRICE, PROMISE, REFUSAL, REFUSAL_ALL, REFUSAL_NONE, REFUSAL_WITH,
    REFUSAL_WITHOUT, THRESHOLD, ZONE_ALL, ZONE_NONE, ZONE_WITH, ZONE_WITHOUT,
};

/// Greatest error of what is worked out from the answer's own numbers.
const ROUNDING: f64 = 1e-9;
/// Margins, in points, that could be called either way.
const CLOSE: f64 = 1e-7;
/// Greatest error of what searches add up where something may follow a deal, in points.
const AFTER: f64 = 1e-3;
/// Places between which thresholds are sought.
const SCAN: u32 = 1_000;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    let Some((worth, error)) = no_deal::refusals(question) else {
        return Verdict::Silent;
    };
    let setting = question.setting;
    let Some(deals) = Deals::new(question) else {
        return Verdict::Silent;
    };
    let promises = (0..setting.types.len()).map(|t| no_deal::promises(question, t));
    let mut check = Check {
        question,
        answer,
        deals,
        promises: promises.collect(),
        worth,
        error,
        checked: 0,
    };
    match check.all() {
        Ok(()) => Verdict::Holds(check.checked),
        Err(fault) => Verdict::Fails(fault),
    }
}

struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    deals: Deals<'a>,
    promises: Vec<f64>,
    /// What refusals are worth, by refuser, by type, and the greatest error.
    worth: Vec<Vec<f64>>,
    error: f64,
    checked: usize,
}

/// A war with some levers pulled, as a type sees it.
#[derive(Clone, Copy)]
struct War {
    value: f64,
    /// What the type's own levers that are pulled cost.
    paid: f64,
    /// Discounted chance of escalation.
    escalates: f64,
    /// Discounted months.
    months: f64,
}

impl Check<'_> {
    fn all(&mut self) -> Result<(), String> {
        let Question { setting, world } = self.question;
        for (t, kind) in setting.types.iter().enumerate() {
            let found = self.worth[kind.party][t];
            self.same(REFUSAL, &[t], found, self.error)?;
        }
        for l in 0..setting.levers.len() {
            if has_credibility(setting, world, l) {
                self.believed(l)?;
            }
        }
        for refuser in 0..setting.parties.len() {
            let levers: Vec<usize> = triggered_by(setting, world, refuser).collect();
            self.refusal(refuser, &levers)?;
        }
        self.concession()
    }

    fn same(
        &mut self,
        quantity: Handle,
        index: &[usize],
        found: f64,
        tolerance: f64,
    ) -> Result<(), String> {
        self.checked += 1;
        let claimed = self.answer.get(quantity, index);
        if within(claimed, found, tolerance) {
            return Ok(());
        }
        let id = quantity;
        Err(format!(
            "{id} of {index:?}: claimed {claimed}, found {found}"
        ))
    }

    fn noise(&self) -> f64 {
        let behaviour = self.question.world.numbers.behaviour.first();
        behaviour.map_or(0.5, |b| b.noise)
    }

    /// Chance that the lever is pulled as type `t` sees it, by what the answer says of incentives.
    fn chance(&self, l: usize, t: usize) -> f64 {
        let given = self.given(l);
        given.unwrap_or_else(|| {
            let pulls = |w| sigmoid(self.answer.get(INCENTIVE, &[l, w]) / self.noise());
            self.over_wielder(l, t, |_| 1.0, pulls)
        })
    }

    fn given(&self, l: usize) -> Option<f64> {
        let world = self.question.world;
        let set = world.fixed("leverage", "credibility", &[l]);
        let stated = world.numbers.levers[l].credibility;
        set.or((!stated.is_nan()).then_some(stated))
    }

    /// Mean of a chance over the wielder's types as `t` weighs them, each by how likely it speaks so; its own for a wielder.
    fn over_wielder(
        &self,
        l: usize,
        t: usize,
        says: impl Fn(usize) -> f64,
        chance: impl Fn(usize) -> f64,
    ) -> f64 {
        let Question { setting, world } = self.question;
        let by = setting.levers[l].by;
        if setting.types[t].party == by {
            return chance(t);
        }
        let weight = |w: usize| world.believed(t, w) * says(w);
        let wielders = || setting.parties[by].types.clone();
        let sum: f64 = wielders().map(|w| weight(w) * chance(w)).sum();
        let heard: f64 = wielders().map(weight).sum();
        sum / heard
    }

    /// Mean over targets, then over each target's types.
    fn over_targets(&self, l: usize, of: impl Fn(usize) -> f64) -> f64 {
        let Question { setting, world } = self.question;
        let targets = targets(setting, l);
        let mut mean = 0.0;
        for party in &targets {
            for t in setting.parties[*party].types.clone() {
                mean += world.numbers.types[t].prior * of(t) / targets.len() as f64;
            }
        }
        mean
    }

    fn believed(&mut self, l: usize) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let (lever, n) = (&setting.levers[l], &world.numbers.levers[l]);
        if lever.trigger == Trigger::Accept {
            for w in setting.parties[lever.by].types.clone() {
                let takes = n.cost - no_deal::brings(self.question, l, w);
                self.same(INCENTIVE, &[l, w], -takes, ROUNDING)?;
                self.same(PRICE, &[l, w], takes, ROUNDING)?;
            }
            for t in 0..setting.types.len() {
                let mut takes = -no_deal::brings(self.question, l, t);
                if setting.types[t].party == lever.by {
                    takes += n.cost;
                }
                self.same(PROMISE, &[l, t], -takes * self.chance(l, t), ROUNDING)?;
            }
        }
        let seen = self.over_targets(l, |t| self.chance(l, t));
        self.same(CREDIBILITY, &[l], seen, ROUNDING)?;
        let says = |w: usize| {
            let mut stated = lever.announcing.iter().zip(&n.announces);
            stated
                .find(|(of, _)| **of == w)
                .map_or(1.0, |(_, chance)| *chance)
        };
        let pulls = |w: usize| {
            let incentive = self.answer.get(INCENTIVE, &[l, w]);
            sigmoid((incentive + n.audience_cost) / self.noise())
        };
        let set = world.fixed("leverage", "credibility_announced", &[l]);
        let announced = set
            .or(self.given(l))
            .unwrap_or_else(|| self.over_targets(l, |t| self.over_wielder(l, t, says, pulls)));
        if announced.is_nan() && self.answer.get(CREDIBILITY_ANNOUNCED, &[l]).is_nan() {
            return Ok(());
        }
        self.same(CREDIBILITY_ANNOUNCED, &[l], announced, ROUNDING)
    }

    /// What the lever costs a type by the month.
    fn flow(&self, l: usize, t: usize) -> f64 {
        let Question { setting, world } = self.question;
        let costs = &world.numbers.levers[l].flow_costs;
        let mut flow = 0.0;
        for (to, cost) in setting.levers[l].flow_to.iter().zip(costs) {
            if *to == setting.types[t].party {
                flow += cost;
            }
        }
        flow
    }

    fn war(&self, levers: &[usize], set: usize, t: usize) -> Option<War> {
        let Question { setting, world } = self.question;
        let (mut pulled, mut paid) = (LeverProfile::default(), 0.0);
        for (k, l) in levers.iter().enumerate() {
            if set & (1 << k) != 0 {
                pulled = pulled.with(*l);
                if setting.levers[*l].by == setting.types[t].party {
                    paid += world.numbers.levers[*l].cost;
                }
            }
        }
        let (escalates, months) = self.course(pulled, t);
        Some(War {
            value: no_deal::value_with(self.question, t, pulled, &self.deals.after()[t])?,
            paid,
            escalates,
            months,
        })
    }

    /// Discounted chance of escalation and discounted months, month by month; a type's doubt by the trapezoid rule.
    fn course(&self, pulled: LeverProfile, t: usize) -> (f64, f64) {
        if self.question.setting.process.is_some() {
            let followed = process::followed(
                self.question,
                t,
                (pulled, false),
                &Seen::of(self.question, t),
            );
            return (0.0, followed.map_or(f64::NAN, |(_, months)| months));
        }
        let me = &self.question.world.numbers.types[t];
        let (mut sums, mut weights) = ((0.0, 0.0), 0.0);
        let steps = if me.own_sd == 0.0 { 0 } else { 30 };
        for i in -steps..=steps {
            let z = f64::from(i) / 5.0;
            let weight = libm::exp(-0.5 * z * z);
            let belief = contest::Belief {
                edge: me.believes_edge + me.own_sd * z,
                escalation: me.believes_escalation,
                pulled,
                start: None,
            };
            let Some(course) = contest::course(self.question, belief) else {
                return (0.0, 0.0);
            };
            let mut discount = 1.0;
            for (m, month) in course.iter().enumerate() {
                let last = m + 1 == course.len();
                let later = if last {
                    1.0 - me.patience * month.stays
                } else {
                    1.0
                };
                let reached = weight * month.alive * discount / later;
                sums.0 += reached * me.patience * month.by_mode[3];
                sums.1 += reached;
                discount *= me.patience;
            }
            weights += weight;
        }
        (sums.0 / weights, sums.1 / weights)
    }

    fn refusal(&mut self, refuser: usize, levers: &[usize]) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let types = setting.types.len();
        let mut wars = vec![Vec::new(); types];
        for set in 0..1_usize << levers.len() {
            if levers.is_empty() {
                return Ok(());
            }
            for (t, of) in wars.iter_mut().enumerate() {
                of.push(self.war(levers, set, t).ok_or("no war to value")?);
            }
        }
        let tolerance = no_deal::tolerance(self.question) + ROUNDING;
        for (k, l) in levers.iter().enumerate() {
            let (lever, n) = (&setting.levers[*l], &world.numbers.levers[*l]);
            for (t, wars) in wars.iter().enumerate() {
                // The others as the type sees them.
                let mean = |on: usize, figure: &dyn Fn(&War) -> f64| {
                    let mut mean = 0.0;
                    for (set, war) in wars.iter().enumerate() {
                        if set >> k & 1 != on {
                            continue;
                        }
                        let others = levers.iter().enumerate().filter(|(o, _)| *o != k);
                        let each = others.map(|(o, other)| {
                            let c = self.chance(*other, t);
                            if set & (1 << o) == 0 { 1.0 - c } else { c }
                        });
                        mean += each.product::<f64>() * figure(war);
                    }
                    mean
                };
                let worth = |war: &War| war.value - war.paid;
                let (with, without) = (mean(1, &worth), mean(0, &worth));
                let change = mean(1, &|war| war.value) - mean(0, &|war| war.value);
                let by_escalation = Identity.escalation(world, t)
                    * (mean(1, &|war| war.escalates) - mean(0, &|war| war.escalates));
                let flows = (1.0 - world.numbers.types[t].patience)
                    * self.flow(*l, t)
                    * mean(1, &|war| war.months);
                self.same(REFUSAL_WITH, &[*l, t], with, tolerance)?;
                self.same(REFUSAL_WITHOUT, &[*l, t], without, tolerance)?;
                self.same(ESCALATION, &[*l, t], by_escalation, tolerance)?;
                if setting.types[t].party == lever.by {
                    self.same(INCENTIVE, &[*l, t], change - n.cost, 2.0 * tolerance)?;
                    let price = n.cost + flows - by_escalation;
                    self.same(PRICE, &[*l, t], price, 2.0 * tolerance)?;
                }
            }
            let raised = setting.parties[refuser].types.clone().filter(|t| {
                let with = self.answer.get(REFUSAL_WITH, &[*l, *t]);
                with - self.answer.get(REFUSAL_WITHOUT, &[*l, *t]) > FLAT
            });
            let raised: f64 = raised.map(|t| world.numbers.types[t].prior).sum();
            self.same(BACKFIRES, &[*l], raised, ROUNDING)?;
            for p in 0..setting.packages.len() {
                self.turns(*l, refuser, p)?;
            }
            self.zones(*l, refuser)?;
        }
        self.together(refuser, levers, &wars, tolerance)
    }

    /// D of package `p` to type `t` with the lever pulled after the deal, less D without.
    fn lasting(&self, l: usize, t: usize, p: usize) -> f64 {
        let Question { setting, world } = self.question;
        let package = &setting.packages[p].choice;
        let mut changed = self.deals.preferences().clone();
        let sets = setting.levers[l].sets.iter();
        for (target, to) in sets.zip(&world.numbers.levers[l].sets) {
            if let Target::Value(of, option) = target {
                changed.change(setting, world, *of, *option, *to);
            }
        }
        let before = self.deals.preferences().worth(setting, t, package);
        changed.worth(setting, t, package) - before - self.flow(l, t)
    }

    /// Does the lever change what options are worth?
    fn revalues(&self, l: usize) -> bool {
        let mut sets = self.question.setting.levers[l].sets.iter();
        sets.any(|target| matches!(target, Target::Value(..)))
    }

    /// Assurance, threshold and ceiling at a package.
    fn turns(&mut self, l: usize, refuser: usize, p: usize) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let types = setting.parties[refuser].types.clone();
        let valued = types
            .map(|t| self.deals.named(p, t))
            .collect::<Option<Vec<_>>>();
        let Some(valued) = valued else {
            return Ok(());
        };
        // Where peace may end, so may what the lever changes of it; and not every package is valued once more.
        let lasts = !self.deals.follows() || !self.revalues(l);
        if punishes(setting.levers[l].kind) && lasts {
            let uses = |w: usize| {
                let gain = self.lasting(l, w, p) - world.numbers.levers[l].cost;
                sigmoid(gain / self.noise())
            };
            let used = self.over_targets(l, |t| self.over_wielder(l, t, |_| 1.0, uses));
            self.same(ASSURANCE, &[l, p], used, ROUNDING)?;
        }
        let package = &setting.packages[p].choice;
        // Share of the target that accepts at a credibility, margins this close to zero counted as above.
        let mut open: f64 = 0.0;
        let types = setting.parties[refuser].types.clone();
        let minds: Vec<(f64, f64, f64)> = types
            .zip(valued)
            .filter(|(t, _)| Preferences::crossed(setting, world, *t, package).is_none())
            .map(|(t, [least, most])| {
                let deal = f64::midpoint(least, most);
                open = open.max(most - deal);
                let besides = self.promises[t] - world.numbers.types[t].aspiration;
                let refusing = |q: Handle| self.answer.get(q, &[l, t]);
                let deal = deal + besides;
                let prior = world.numbers.types[t].prior;
                (
                    prior,
                    deal - refusing(REFUSAL_WITHOUT),
                    deal - refusing(REFUSAL_WITH),
                )
            })
            .collect();
        let willing = |c: f64, close: f64| {
            let close = close + if close > 0.0 { open } else { -open };
            let mut share = 0.0;
            for (prior, without, with) in &minds {
                if (1.0 - c) * without + c * with >= -close {
                    share += prior;
                }
            }
            share >= HALF - ROUNDING
        };
        let (threshold, ceiling) = (
            self.answer.get(THRESHOLD, &[l, p]),
            self.answer.get(CEILING, &[l, p]),
        );
        let inside = |c: f64| (0.0..=1.0).contains(&c);
        let scan = || (0..=SCAN).map(|i| f64::from(i) / f64::from(SCAN));
        let sure = |c: f64| willing(c, -CLOSE);
        let right = if threshold == BELOW {
            willing(0.0, CLOSE)
        } else if threshold == ABOVE {
            !scan().any(sure)
        } else {
            inside(threshold)
                && willing(threshold, CLOSE)
                && !scan().any(|c| c < threshold && sure(c))
        };
        if !right {
            return Err(format!(
                "threshold of lever {l} at package {p}: {threshold}"
            ));
        }
        let right = if ceiling == ABOVE {
            willing(1.0, CLOSE)
        } else if ceiling == BELOW {
            !scan().any(sure)
        } else {
            inside(ceiling) && willing(ceiling, CLOSE) && !scan().any(|c| c > ceiling && sure(c))
        };
        if !right {
            return Err(format!("ceiling of lever {l} at package {p}: {ceiling}"));
        }
        self.checked += 2;
        Ok(())
    }

    /// What the types ask of a package on its own if a refusal is worth `refusing`.
    fn asked(&self, refusing: impl Fn(usize) -> f64) -> Vec<f64> {
        let Question { setting, world } = self.question;
        let types = 0..setting.types.len();
        let of = |t: usize| refusing(t) + world.numbers.types[t].aspiration - self.promises[t];
        types.map(of).collect()
    }

    fn zones(&mut self, l: usize, refuser: usize) -> Result<(), String> {
        for (quantity, refusal) in [(ZONE_WITH, REFUSAL_WITH), (ZONE_WITHOUT, REFUSAL_WITHOUT)] {
            self.zone(quantity, l, refuser, (refusal, l))?;
        }
        Ok(())
    }

    /// A zone in which refusing is worth to the refuser's types what another quantity claims, at this place.
    fn zone(
        &mut self,
        quantity: Handle,
        index: usize,
        refuser: usize,
        (refusal, at): (Handle, usize),
    ) -> Result<(), String> {
        let claimed = self.answer.get(quantity, &[index]);
        // Searches run in some worlds only.
        if claimed.is_nan() {
            return Ok(());
        }
        let own = &self.question.setting.parties[refuser].types;
        let bars = self.asked(|t| {
            if own.contains(&t) {
                self.answer.get(refusal, &[at, t])
            } else {
                self.answer.get(REFUSAL, &[t])
            }
        });
        let shift = if self.deals.follows() { AFTER } else { 0.0 };
        let listed = |shift: f64| {
            let bars: Vec<f64> = bars.iter().map(|bar| bar + shift).collect();
            zone_listed(self.question, &self.deals, &bars, usize::from(shift < 0.0))
        };
        let ((whole, least), (_, most)) = (listed(shift), listed(-shift));
        if whole || claimed < least - ROUNDING {
            let nearest = claimed.clamp(least, most);
            self.same(quantity, &[index], nearest, ROUNDING)?;
        }
        Ok(())
    }

    /// All levers of a refusal, and none.
    fn together(
        &mut self,
        refuser: usize,
        levers: &[usize],
        wars: &[Vec<War>],
        tolerance: f64,
    ) -> Result<(), String> {
        if levers.len() < 2 {
            return Ok(());
        }
        let all = (1 << levers.len()) - 1;
        for (set, refusal, zone) in [(all, REFUSAL_ALL, ZONE_ALL), (0, REFUSAL_NONE, ZONE_NONE)] {
            for (t, wars) in wars.iter().enumerate() {
                let worth: f64 = wars[set].value - wars[set].paid;
                self.same(refusal, &[refuser, t], worth, tolerance)?;
            }
            self.zone(zone, refuser, refuser, (refusal, refuser))?;
        }
        Ok(())
    }

    fn concession(&mut self) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let told = (0..setting.parties.len())
            .filter(|party| !self.answer.get(CONCESSION, &[*party]).is_nan());
        let told: Vec<usize> = told.collect();
        let bars = self.asked(|t| self.answer.get(REFUSAL, &[t]));
        // Where something may follow a deal, the point is that of what stands in for D.
        let points = if told.is_empty() {
            None
        } else {
            nash_points(
                self.question,
                self.deals.additive(),
                setting.signatories(),
                &bars,
            )
        };
        let Some(points) = points else {
            return Ok(());
        };
        for i in told {
            let party = &setting.parties[i];
            let opening = party.opening.ok_or("a concession without an opening")?;
            let first = &setting.packages[opening].choice;
            // Packages that tie may differ in what they take.
            let (mut least, mut most, mut weight) = (0.0, 0.0, 0.0);
            for point in &points {
                let given = |package: &Vec<u8>| {
                    let worth = |t: usize| {
                        let worth = |package| self.deals.preferences().worth(setting, t, package);
                        worth(first) - worth(package)
                    };
                    let own = point.types.iter().find(|t| party.types.contains(t));
                    let mean = || {
                        let of = |t: usize| world.numbers.types[t].prior * worth(t);
                        party.types.clone().map(of).sum()
                    };
                    own.map_or_else(mean, |t| worth(*t))
                };
                let each = point.packages.iter().map(given);
                least += point.prior * each.clone().fold(f64::INFINITY, f64::min);
                most += point.prior * each.fold(f64::NEG_INFINITY, f64::max);
                weight += point.prior;
            }
            let claimed = self.answer.get(CONCESSION, &[i]);
            let nearest = claimed.clamp(least / weight - ROUNDING, most / weight + ROUNDING);
            self.same(CONCESSION, &[i], nearest, CLOSE)?;
        }
        Ok(())
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 - 1.0 / (1.0 + libm::exp(x))
}
