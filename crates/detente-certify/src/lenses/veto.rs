//! Certificate: every branch month by month from the definition, where an armistice is worth less found by halving, the line by the
//! error function, chances of levers by the certificate's own way to them. A process backwards: what is still to come of the months left.

use detente_core::asks::whole;
use detente_core::{
    DealValue, Fate, FeatureKind, Handle, LeverProfile, MILESTONES, NamedPackage, PartySet,
    Preferences, Question, RowView, Side, Verdict, leader_term, triggered_by,
};

use crate::durable::Deals;
use crate::{budget, contest, no_deal, process, verdict, within};
use detente_core::Identity;
use detente_core::asks::{COMPELLED_TOLD, HELD_FOR, YEAR, allies, asked, bars};
use detente_core::catalogue::veto::{
    CHANGE, COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS, SUPPLY_AFTER,
};

/// Greatest error of a chance that only rounding can move.
const ROUNDING: f64 = 1e-7;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

/// What was found of a question, and what is claimed of it.
struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    deals: Deals<'a>,
    /// N by refuser, then type.
    worth: Vec<Vec<f64>>,
    /// By lever, then type of its wielder.
    chances: Vec<Vec<f64>>,
    /// Of N, in points.
    error: f64,
    checked: usize,
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Some(deals) = Deals::new(question) else {
        return Ok(None);
    };
    let Some((worth, chances, error)) = no_deal::refusals_after(question, deals.after()) else {
        return Ok(None);
    };
    let mut check = Check {
        question,
        answer,
        deals,
        worth,
        chances,
        error,
        checked: 0,
    };
    let setting = question.setting;
    for party in 0..setting.parties.len() {
        let told = asked(setting, party);
        let side = setting.parties[party].side.filter(|_| told);
        let refuses = check.fights_on(party, told)?;
        check.change(party, told)?;
        if let (Some(side), Some(_)) = (side, &setting.contest) {
            check.war(party, side, &refuses)?;
        } else {
            check.no_line(party)?;
            check.ends(party, told, &refuses)?;
        }
    }
    Ok(Some(check.checked))
}

impl Check<'_> {
    /// One number; one that should not be told must not be.
    fn same(
        &mut self,
        quantity: Handle,
        index: &[usize],
        found: f64,
        tolerance: f64,
    ) -> Result<(), String> {
        self.between(quantity, index, (found, found), tolerance)
    }

    fn between(
        &mut self,
        quantity: Handle,
        index: &[usize],
        (least, most): (f64, f64),
        tolerance: f64,
    ) -> Result<(), String> {
        self.checked += 1;
        let claimed = self.answer.get(quantity, index);
        let silent = claimed.is_nan() && least.is_nan();
        let middle = f64::midpoint(least, most);
        if silent || within(claimed, middle, (most - least) / 2.0 + tolerance) {
            return Ok(());
        }
        let id = quantity;
        Err(format!(
            "{id}{index:?}: claimed {claimed}, found {least} to {most}"
        ))
    }

    /// Nothing is told of the line and of efforts to a party without a side, or without a contest.
    fn no_line(&mut self, party: usize) -> Result<(), String> {
        self.same(HOLDS, &[party], f64::NAN, 0.0)?;
        self.same(ENDURES, &[party], f64::NAN, 0.0)?;
        for m in 0..MILESTONES.len() {
            self.same(SUPPLY_AFTER, &[party, m], f64::NAN, 0.0)?;
        }
        Ok(())
    }

    /// Who is brought to an end by others in a process; nothing is told of it elsewhere.
    fn ends(&mut self, party: usize, told: bool, refuses: &[Vec<[bool; 2]>]) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let types = setting.parties[party].types.clone();
        let levers: Vec<usize> = triggered_by(setting, world, party).collect();
        let (.., bar) = bars(setting, world, party);
        let loose = self.looseness(&levers);
        // By type, by package, by month, over the sets of levers.
        let mut brought: Option<Vec<Vec<[[f64; 2]; MILESTONES.len()]>>> = told.then(Vec::new);
        for t in types.clone() {
            let worths = (0..setting.packages.len()).map(|p| {
                let promised = no_deal::promises(self.question, t);
                self.deal(t, p).map(|deal| deal + promised)
            });
            let worths: Vec<[f64; 2]> = worths.collect();
            let mut by = vec![[[0.0; 2]; MILESTONES.len()]; worths.len()];
            for set in (0..1_usize << levers.len()).filter(|_| told) {
                let pulled = levers.iter().enumerate();
                let pulled = pulled.filter(|(k, _)| set & (1 << k) != 0);
                let pulled = pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l));
                let Some(found) = process::compelled(self.question, t, pulled, &worths) else {
                    if budget::is_used_up() {
                        return Ok(());
                    }
                    brought = None;
                    break;
                };
                let share = self.chance(&levers, set, t);
                for (by, months) in by.iter_mut().zip(found) {
                    for (sum, part) in by.iter_mut().zip(months) {
                        for (sum, part) in sum.iter_mut().zip(part) {
                            *sum += share * part;
                        }
                    }
                }
            }
            if let Some(brought) = &mut brought {
                brought.push(by);
            }
        }
        let follows = brought.is_some();
        for (p, refuses) in refuses.iter().enumerate() {
            let mut found = [[0.0; 2]; MILESTONES.len()];
            let (mut least, mut most) = (0.0, 0.0);
            let mut valued = true;
            for (at, t) in types.clone().enumerate() {
                let deal = self.deal(t, p);
                valued &= !deal[0].is_nan();
                let by = brought
                    .as_ref()
                    .map_or_else(Default::default, |all| all[at][p]);
                let prior = world.numbers.types[t].prior;
                for (sum, part) in found.iter_mut().zip(by) {
                    for (sum, part) in sum.iter_mut().zip(part) {
                        *sum += prior * part;
                    }
                }
                let year = MILESTONES.iter().position(|m| *m == YEAR).map(|m| by[m]);
                let year = year.unwrap_or_default();
                let [surely, perhaps] = refuses[at];
                let free = |year: f64, slack: f64| year <= 1.0 - bar + slack;
                let known = !deal[0].is_nan();
                least += told_if(known && surely && free(year[1], -2.0 * loose), prior);
                most += told_if(perhaps && (!known || free(year[0], 2.0 * loose)), prior);
            }
            if !valued && follows {
                self.between(EFFECTIVE, &[party, p], (least, most), ROUNDING)?;
                continue;
            }
            let told = |is: bool, found: f64| if is { found } else { f64::NAN };
            let found_veto = (told(follows, least), told(follows, most));
            self.between(EFFECTIVE, &[party, p], found_veto, ROUNDING)?;
            for (m, month) in MILESTONES.into_iter().enumerate() {
                let [least, most] = found[m].map(|x| told(follows && month <= COMPELLED_TOLD, x));
                self.between(COMPELLED, &[party, p, m], (least, most), loose)?;
            }
        }
        Ok(())
    }

    /// How far an error of N, which moves chances of levers, may move what follows from them.
    fn looseness(&self, levers: &[usize]) -> f64 {
        if levers.is_empty() {
            return ROUNDING;
        }
        let world = self.question.world;
        let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
        ROUNDING + (levers.len() as f64 * no_deal::tolerance(self.question) / noise).min(0.1)
    }

    /// Least and greatest D of a named package to a type; NaN where not every package is valued once more.
    fn deal(&self, t: usize, p: usize) -> [f64; 2] {
        self.deals.named(p, t).unwrap_or([f64::NAN; 2])
    }

    /// By package, then by type of the party: does it surely refuse, and could it?
    fn fights_on(&mut self, party: usize, told: bool) -> Result<Vec<Vec<[bool; 2]>>, String> {
        let Question { setting, world } = self.question;
        let mut all = Vec::new();
        for (p, package) in setting.packages.iter().enumerate() {
            let (mut least, mut most, mut each) = (0.0, 0.0, Vec::new());
            for t in setting.parties[party].types.clone() {
                let me = &world.numbers.types[t];
                let asked = self.worth[party][t] + me.aspiration;
                let margins = self.deal(t, p).map(|deal| {
                    let deal = if deal.is_nan() { asked } else { deal };
                    deal + no_deal::promises(self.question, t) - asked
                });
                let margins = [margins[1], margins[0]];
                let crossed = Preferences::crossed(setting, world, t, &package.choice).is_some();
                let valued = !self.deal(t, p)[0].is_nan();
                let refuses = [0, 1].map(|end| {
                    let slack = [-2.0, 2.0][end] * self.error;
                    crossed || (valued || end == 1) && (!valued || margins[end] < slack)
                });
                least += if refuses[0] { me.prior } else { 0.0 };
                most += if refuses[1] { me.prior } else { 0.0 };
                each.push(refuses);
            }
            let found = if told {
                (least, most)
            } else {
                (f64::NAN, f64::NAN)
            };
            self.between(FIGHTS_ON, &[party, p], found, ROUNDING)?;
            all.push(each);
        }
        Ok(all)
    }

    fn change(&mut self, party: usize, told: bool) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let types = 0..setting.types.len();
        let alone: Option<Vec<f64>> = types
            .clone()
            .map(|t| {
                let after = &self.deals.after()[t];
                no_deal::value_with(self.question, t, LeverProfile::default(), after)
            })
            .collect();
        let alone = alone.unwrap_or_default();
        for (p, package) in setting.packages.iter().enumerate() {
            for t in types.clone() {
                let to = setting.types[t].party;
                let mut found = self.worth[party][t] - alone[t] + self.rift(party, to);
                if allies(setting, party, to) {
                    found += leader_term(world, t, [Fate::OverAlly]);
                }
                let (part, cracks) = self.carried(party, t, package);
                found += part + cracks;
                let found = if told { found } else { f64::NAN };
                self.same(CHANGE, &[party, p, t], found, 3.0 * self.error)?;
            }
        }
        Ok(())
    }

    /// What the rift over a party's refusal is worth to another, in points.
    fn rift(&self, party: usize, to: usize) -> f64 {
        let Question { setting, world } = self.question;
        let mut points = 0.0;
        for (r, refusal) in setting.refusals.iter().enumerate() {
            for (k, other) in refusal.crack.iter().enumerate() {
                if refusal.party == party && *other == to {
                    points += world.numbers.refusals[r].crack[k];
                }
            }
        }
        points
    }

    /// What the options that others carry out add to the unsettled state, for type `t`, and their cracks: one option after another.
    fn carried(&self, party: usize, t: usize, package: &NamedPackage) -> (f64, f64) {
        // Nobody settles with himself.
        let others = package.needed.iter().filter(|i| *i != party);
        if others.count() < 2 {
            return (0.0, 0.0);
        }
        let package = &package.choice;
        let Question { setting, world } = self.question;
        let line = setting.contest.as_ref().map(|c| c.line_issue);
        let mut state: Vec<u8> = match &setting.contest {
            Some(contest) => contest.unsettled.clone(),
            None => setting.issues.iter().map(|i| i.status_quo).collect(),
        };
        let worth = |state: &[u8]| self.deals.preferences().worth(setting, t, state);
        let (mut part, mut cracks) = (0.0, 0.0);
        for (k, issue) in setting.issues.iter().enumerate() {
            let option = package[k];
            let by = issue.options[option as usize].performers;
            if Some(k) == line || state[k] == option || by == PartySet::default() {
                continue;
            }
            if by.contains(party) {
                continue;
            }
            let without = worth(&state);
            state[k] = option;
            part += worth(&state) - without;
            for (f, feature) in setting.features.iter().enumerate() {
                let here = feature.option == issue.first_option + option as usize;
                if here && feature.kind == FeatureKind::Crack(setting.types[t].party) {
                    cracks += world.numbers.features[f].size;
                }
            }
        }
        (part, cracks)
    }

    /// The set of levers with its chance, if the refuser is of type `t`.
    fn chance(&self, levers: &[usize], set: usize, t: usize) -> f64 {
        let Question { setting, world } = self.question;
        let wielders: PartySet = levers.iter().map(|l| setting.levers[*l].by).collect();
        let mut all = 1.0;
        for wielder in wielders.iter() {
            let mut mean = 0.0;
            for w in setting.parties[wielder].types.clone() {
                let weight = if wielder == setting.types[t].party {
                    f64::from(u8::from(w == t))
                } else {
                    world.numbers.types[w].prior
                };
                let mut joint = weight;
                for (k, lever) in levers.iter().enumerate() {
                    if setting.levers[*lever].by == wielder {
                        let c = self.chances[*lever][w];
                        joint *= if set & (1 << k) == 0 { 1.0 - c } else { c };
                    }
                }
                mean += joint;
            }
            all *= mean;
        }
        all
    }

    fn war(&mut self, party: usize, side: Side, refuses: &[Vec<[bool; 2]>]) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let horizon = setting.contest.as_ref().map_or(0, |c| c.horizon);
        let start = world.numbers.contest[0].start;
        let types = setting.parties[party].types.clone();
        let levers: Vec<usize> = triggered_by(setting, world, party).collect();
        let (line_loss, endures, bar) = bars(setting, world, party);
        let endures = whole(endures);
        let (wins, fails) = match side {
            Side::A => (0, 1),
            Side::B => (1, 0),
        };
        let (mut held, mut endured) = (0.0, 1.0);
        let mut effort = [0.0; HELD_FOR + 1];
        let mut compelled =
            vec![vec![vec![[0.0; 2]; COMPELLED_TOLD + 1]; types.len()]; setting.packages.len()];
        for set in 0..1_usize << levers.len() {
            let pulled = levers.iter().enumerate();
            let pulled = pulled.filter(|(k, _)| set & (1 << k) != 0);
            let pulled = pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l));
            let belief = contest::Belief {
                pulled,
                ..contest::Belief::default()
            };
            let Some(months) = contest::course(self.question, belief) else {
                return Ok(());
            };
            let chance: f64 = types
                .clone()
                .map(|t| world.numbers.types[t].prior * self.chance(&levers, set, t))
                .sum();
            let mut variance = 0.0_f64;
            // For the least and the greatest worth of each package.
            let regions: Vec<Vec<[Stretches; 2]>> = (0..setting.packages.len())
                .map(|p| {
                    let of = |t: usize| self.deal(t, p).map(|deal| self.worse(t, pulled, deal));
                    types.clone().map(of).collect()
                })
                .collect();
            let shares: Vec<f64> = types
                .clone()
                .map(|t| self.chance(&levers, set, t))
                .collect();
            for (m, month) in months.iter().enumerate().take(horizon + 1) {
                let sd = variance.sqrt();
                variance += month.volatility * month.volatility;
                let by = month.by_mode.map(|share| share * month.alive);
                // The line moves by less than the bar to the party's loss.
                let kept = match side {
                    Side::A => mass((start - line_loss, f64::INFINITY), month.line, sd),
                    Side::B => mass((f64::NEG_INFINITY, start + line_loss), month.line, sd),
                };
                if m < HELD_FOR {
                    held += chance * (by[wins] + (by[2] + by[3]) * kept);
                } else if m == HELD_FOR {
                    held += chance * month.alive * kept;
                }
                if m < endures.min(horizon) {
                    endured -= chance * by[fails];
                }
                if m <= HELD_FOR {
                    effort[m] += chance * month.efforts[side as usize];
                }
                if m >= COMPELLED_TOLD {
                    continue;
                }
                for (regions, compelled) in regions.iter().zip(&mut compelled) {
                    for ((region, share), compelled) in regions.iter().zip(&shares).zip(compelled) {
                        for (end, region) in region.iter().enumerate() {
                            let less = region.iter().map(|r| mass(*r, month.line, sd));
                            let by = by[fails] + by[2] * less.sum::<f64>();
                            compelled[m + 1][end] += share * by;
                        }
                    }
                }
            }
        }
        let loose = self.looseness(&levers);
        let told = |is: bool, found: f64| if is { found } else { f64::NAN };
        let within_months = told(HELD_FOR <= horizon && !line_loss.is_nan(), held);
        self.same(HOLDS, &[party], within_months, loose)?;
        self.same(ENDURES, &[party], told(endures <= horizon, endured), loose)?;
        for (i, month) in MILESTONES.into_iter().enumerate() {
            let effort = effort.get(month).copied().filter(|_| month < horizon);
            let effort = effort.unwrap_or(f64::NAN);
            self.same(SUPPLY_AFTER, &[party, i], effort, 4.0 * loose)?;
            for (p, by_type) in compelled.iter().enumerate() {
                let mut found = [0.0; 2];
                for (by_month, t) in by_type.iter().zip(types.clone()) {
                    for until in by_month.iter().take(month + 1) {
                        for (found, by) in found.iter_mut().zip(until) {
                            *found += world.numbers.types[t].prior * by;
                        }
                    }
                }
                if types.clone().any(|t| self.deal(t, p)[0].is_nan()) {
                    continue;
                }
                let [least, most] = found.map(|x| told(month <= COMPELLED_TOLD.min(horizon), x));
                self.between(COMPELLED, &[party, p, i], (least, most), loose)?;
            }
        }
        for (p, by_type) in compelled.iter().enumerate() {
            let (mut least, mut most) = (0.0, 0.0);
            for (at, (by_month, t)) in by_type.iter().zip(types.clone()).enumerate() {
                let year = |end: usize| {
                    by_month
                        .iter()
                        .take(YEAR + 1)
                        .map(|by| by[end])
                        .sum::<f64>()
                };
                let valued = !self.deal(t, p)[0].is_nan();
                let prior = world.numbers.types[t].prior;
                let [surely, perhaps] = refuses[p][at];
                let free = |year: f64, slack: f64| year <= 1.0 - bar + slack;
                least += told_if(valued && surely && free(year(1), -2.0 * loose), prior);
                most += told_if(perhaps && (!valued || free(year(0), 2.0 * loose)), prior);
            }
            let found = (told(horizon >= YEAR, least), told(horizon >= YEAR, most));
            self.between(EFFECTIVE, &[party, p], found, ROUNDING)?;
        }
        Ok(())
    }

    /// Stretches of the line in which an armistice is worth less to type `t` than the package: between neighbouring positions the
    /// end is found by halving.
    fn worse(&self, t: usize, pulled: LeverProfile, deal: f64) -> Stretches {
        let Question { setting, world } = self.question;
        let contest = setting.contest.as_ref().expect("a contest");
        let preferences = contest::preferences(self.question, pulled);
        // Ties are no loss, whatever the rounding.
        let level = deal + no_deal::promises(self.question, t) - 1e-9;
        let mut knots: Vec<(f64, f64)> = Vec::new();
        for (option, position) in world.numbers.positions.iter().enumerate() {
            if position.is_nan() || knots.iter().any(|k| k.0 == *position) {
                continue;
            }
            let mut at = contest.armistice.clone();
            at[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
            let how = &[Fate::Armistice];
            let worth = Identity.worth(setting, world, &preferences, t, &at, how);
            knots.push((*position, worth));
        }
        knots.sort_by(|a, b| a.0.total_cmp(&b.0));
        // What follows an armistice, in the order of positions.
        for (k, after) in knots.iter_mut().zip(&self.deals.after()[t]) {
            k.1 = after.worth(k.1);
        }
        for k in &mut knots {
            k.1 -= level;
        }
        let (Some(first), Some(last)) = (knots.first(), knots.last()) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        if first.1 < 0.0 {
            all.push((f64::NEG_INFINITY, first.0));
        }
        for pair in knots.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let (mut low, mut high) = (a.0, b.0);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                let worth = a.1 + (b.1 - a.1) * (middle - a.0) / (b.0 - a.0);
                if (worth < 0.0) == (a.1 < 0.0) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            match (a.1 < 0.0, b.1 < 0.0) {
                (true, true) => all.push((a.0, b.0)),
                (true, false) => all.push((a.0, low)),
                (false, true) => all.push((low, b.0)),
                (false, false) => {}
            }
        }
        if last.1 < 0.0 {
            all.push((last.0, f64::INFINITY));
        }
        all
    }
}

fn told_if(is: bool, prior: f64) -> f64 {
    if is { prior } else { 0.0 }
}

/// Stretches of the line.
type Stretches = Vec<(f64, f64)>;

/// Chance that a normal number lies in a stretch.
fn mass((from, to): (f64, f64), mean: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return f64::from(u8::from(from <= mean && mean < to));
    }
    let at = |x: f64| libm::erf((x - mean) / (sd * std::f64::consts::SQRT_2));
    0.5 * (at(to) - at(from))
}
