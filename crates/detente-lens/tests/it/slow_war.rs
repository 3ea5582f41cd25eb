//! The war of a case, read from the case's own nouns and valued month by month from the definition of the model alone.
//!
//! Slow and plain: the worth of a package is found by listing every package, every month's numbers are written out anew, and
//! levers may set any number of the contest. It shares the rules of integration with [`expected`](crate::expected) and nothing
//! with the solvers.

use crate::expected::{Rule, mean_worth};
use detente_core::{
    ContestNumbers, Fate, LineStiffness, OwnBeliefs, Setting, Side, Target, Trigger, World,
};

/// A case and a world, with every package listed.
pub(crate) struct Slow<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) world: &'a World,
    /// Least and greatest raw worth over all packages, by type.
    ends: Vec<(f64, f64)>,
    /// How doubt is integrated.
    pub(crate) rule: Rule,
}

/// A war that is asked about: levers that are pulled, whose beliefs, and where the line starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// Levers that run, those that run now included.
    pub(crate) levers: Vec<usize>,
    pub(crate) belief: OwnBeliefs,
    pub(crate) start: Option<f64>,
}

/// What a war comes to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    /// V of the type that was asked for.
    pub(crate) value: f64,
    /// Chance of each ending in each month.
    pub(crate) endings: Vec<[f64; 4]>,
    /// Mean of the line at the start of each month, given the edge as believed, without doubt.
    pub(crate) mean: Vec<f64>,
    /// Its standard deviation.
    pub(crate) sd: Vec<f64>,
    /// Effort of A and of B in each month.
    pub(crate) effort: Vec<[f64; 2]>,
}

/// What one type makes of the states of a war.
pub(crate) struct States {
    pub(crate) knots: Vec<f64>,
    pub(crate) unsettled: Vec<f64>,
    pub(crate) armistice: Vec<f64>,
    pub(crate) decisive: [f64; 2],
    pub(crate) escalation: f64,
}

struct Month {
    edge: f64,
    pace: f64,
    variance: f64,
    hazards: [f64; 4],
    burden: f64,
    scar: f64,
}

fn side(side: Side) -> usize {
    match side {
        Side::A => 0,
        Side::B => 1,
    }
}

impl<'a> Slow<'a> {
    pub(crate) fn new(setting: &'a Setting, world: &'a World) -> Self {
        let mut slow = Self {
            setting,
            world,
            ends: Vec::new(),
            rule: Rule::plain(400),
        };
        let mut all: Vec<Vec<u8>> = vec![Vec::new()];
        for issue in &setting.issues {
            let count = u8::try_from(issue.options.len()).expect("few options");
            let longer = |p: &Vec<u8>| {
                let p = p.clone();
                (0..count).map(move |o| [p.clone(), vec![o]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        for t in 0..setting.types.len() {
            let raw: Vec<f64> = all.iter().map(|p| slow.raw(t, p, &[])).collect();
            let least = raw.iter().copied().fold(f64::INFINITY, f64::min);
            let most = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            slow.ends.push((least, most));
        }
        slow
    }

    /// The same case with another world of the same preferences.
    pub(crate) fn with_world<'c>(&self, world: &'c World) -> Slow<'c>
    where
        'a: 'c,
    {
        Slow {
            setting: self.setting,
            world,
            ends: self.ends.clone(),
            rule: self.rule.clone(),
        }
    }

    /// Weighted values and interactions. Levers may have set what an option is worth.
    fn raw(&self, t: usize, package: &[u8], levers: &[usize]) -> f64 {
        let numbers = &self.world.numbers.types[t];
        let mut values = numbers.values.clone();
        for l in levers {
            let sets = self.setting.levers[*l].sets.iter();
            for (target, to) in sets.zip(&self.world.numbers.levers[*l].sets) {
                if let Target::Value(of, option) = target
                    && *of == t
                {
                    values[*option] = *to;
                }
            }
        }
        let mut sum = 0.0;
        for (k, issue) in self.setting.issues.iter().enumerate() {
            sum += numbers.weights[k] * values[issue.first_option + package[k] as usize];
        }
        for interaction in &self.setting.interactions {
            let mine = interaction.party == self.setting.types[t].party;
            if mine && interaction.when.matches(package) {
                sum += numbers.interactions[interaction.place];
            }
        }
        sum
    }

    /// UL of a package that came about in these ways, soft red lines counted.
    pub(crate) fn worth(&self, t: usize, package: &[u8], how: &[Fate], levers: &[usize]) -> f64 {
        let (least, most) = self.ends[t];
        let points = if most > least {
            100.0 * (self.raw(t, package, levers) - least) / (most - least)
        } else {
            0.0
        };
        let mut penalty = 0.0;
        for (line, numbers) in (self.setting.red_lines.iter()).zip(&self.world.numbers.red_lines) {
            let soft = line.stiffness == LineStiffness::Soft && numbers.on > 0.0;
            if soft && line.types.contains(&t) && line.when.matches(package) {
                penalty += numbers.penalty;
            }
        }
        // Nothing is resented of what is not an outcome.
        if how.contains(&Fate::Unsettled) {
            penalty = 0.0;
        }
        points - penalty + self.leader(t, package, how)
    }

    /// What an outcome does to the leader of a type besides.
    pub(crate) fn leader(&self, t: usize, package: &[u8], how: &[Fate]) -> f64 {
        let mut features = how.to_vec();
        let mut options = self.setting.issues.iter().zip(package);
        if !how.contains(&Fate::Unsettled)
            && !how.contains(&Fate::Imposed)
            && options.any(|(issue, o)| issue.options[*o as usize].imposed)
        {
            features.push(Fate::Imposed);
        }
        if let (Some(contest), false) = (&self.setting.contest, package.is_empty()) {
            let x = self.position(package[contest.line_issue] as usize);
            let today = self.world.numbers.contest[0].start;
            let lost = match self.setting.parties[self.setting.types[t].party].side {
                Some(Side::A) => x < today,
                Some(Side::B) => x > today,
                None => false,
            };
            if lost {
                features.push(Fate::LineLost);
            }
        }
        self.term(t, &features)
    }

    fn term(&self, t: usize, features: &[Fate]) -> f64 {
        let numbers = &self.world.numbers.types[t];
        if numbers.fates.is_empty() {
            return 0.0;
        }
        let (mut legacy, mut keeps): (f64, f64) = (0.0, 1.0);
        for (f, fate) in Fate::ALL.iter().enumerate() {
            if features.contains(fate) {
                legacy += numbers.fates[2 * f];
                keeps *= 1.0 - numbers.fates[2 * f + 1];
            }
        }
        numbers.legacy * legacy.clamp(-1.0, 1.0) - numbers.office * (1.0 - keeps)
    }

    /// Where the line lies under an option of the line issue; NaN where it has no position.
    pub(crate) fn position(&self, option: usize) -> f64 {
        self.world.numbers.positions[option]
    }

    /// What a type makes of the states under these levers.
    pub(crate) fn states(&self, t: usize, levers: &[usize]) -> States {
        let contest = self.setting.contest.as_ref().expect("a contest");
        let mut knots: Vec<(f64, u8)> = Vec::new();
        for (o, x) in (0_u8..).zip(&self.world.numbers.positions) {
            if !x.is_nan() {
                knots.push((*x, o));
            }
        }
        knots.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at = |package: &[u8], how: Fate| -> Vec<f64> {
            let worth = |(_, o): &(f64, u8)| {
                let mut package = package.to_vec();
                package[contest.line_issue] = *o;
                self.worth(t, &package, &[how], levers)
            };
            knots.iter().map(worth).collect()
        };
        let dictate =
            |package: &[u8], how: Fate| self.worth(t, package, &[how, Fate::Imposed], levers);
        States {
            unsettled: at(&contest.unsettled, Fate::Unsettled),
            armistice: at(&contest.armistice, Fate::Armistice),
            decisive: [
                dictate(&contest.a_decisive, Fate::ADecisive),
                dictate(&contest.b_decisive, Fate::BDecisive),
            ],
            escalation: -self.world.numbers.types[t].escalation_cost
                + self.term(t, &[Fate::Escalation]),
            knots: knots.into_iter().map(|(x, _)| x).collect(),
        }
    }

    /// Levers that run whatever the talks bring.
    pub(crate) fn running(&self) -> Vec<usize> {
        let is = |l: &usize| {
            self.setting.levers[*l].trigger == Trigger::Now
                && self.world.numbers.levers[*l].on > 0.0
        };
        (0..self.setting.levers.len()).filter(is).collect()
    }

    /// Level of a contribution in month `m`: today's, or on its way to where a lever sets it.
    fn level(&self, supply: usize, m: f64, levers: &[usize]) -> f64 {
        let today = &self.world.numbers.contest[0].supplies[supply];
        let mut level = today.level;
        for l in levers {
            let numbers = &self.world.numbers.levers[*l];
            for (target, to) in self.setting.levers[*l].sets.iter().zip(&numbers.sets) {
                if *target != Target::SupplyLevel(supply) {
                    continue;
                }
                let stocks = if *to < today.level { today.buffer } else { 0.0 };
                let since = m - numbers.delay - stocks;
                level = if since < 0.0 {
                    today.level
                } else if since >= today.ramp {
                    *to
                } else {
                    today.level + (to - today.level) * since / today.ramp
                };
            }
        }
        level
    }

    /// The contest's numbers in month `m`, and the burden and scar of type `t`.
    fn numbers(&self, t: usize, m: f64, levers: &[usize]) -> (ContestNumbers<f64>, f64, f64) {
        let mut contest = self.world.numbers.contest[0].clone();
        let own = &self.world.numbers.types[t];
        let (mut burden, mut scar) = (own.burden, own.scar);
        for l in levers {
            let lever = &self.setting.levers[*l];
            let numbers = &self.world.numbers.levers[*l];
            for (target, to) in lever.sets.iter().zip(&numbers.sets) {
                if m < numbers.delay {
                    continue;
                }
                match target {
                    Target::Contest(number) => *number.of(&mut contest) = *to,
                    Target::CapacityFrom(of) => contest.capacities[side(*of)].from_month = *to,
                    Target::CapacityLow(of) => contest.capacities[side(*of)].low = *to,
                    Target::Burden(of) if *of == t => burden = *to,
                    Target::Scar(of) if *of == t => scar = *to,
                    _ => {}
                }
            }
        }
        for l in levers {
            let party = self.setting.types[t].party;
            let bearers = self.setting.levers[*l].flow_to.iter();
            for (bearer, cost) in bearers.zip(&self.world.numbers.levers[*l].flow_costs) {
                if *bearer == party {
                    burden += cost;
                }
            }
        }
        for (s, supply) in contest.supplies.iter_mut().enumerate() {
            supply.level = self.level(s, m, levers);
        }
        (contest, burden, scar)
    }

    /// Effort of both sides from the numbers of a month.
    fn effort(&self, contest: &ContestNumbers<f64>, m: f64) -> [f64; 2] {
        let setting = self.setting.contest.as_ref().expect("a contest");
        let mut effort = [0, 1].map(|s| {
            let capacity: &detente_core::CapacityNumbers<f64> = &contest.capacities[s];
            1.0 - (1.0 - capacity.low) * ((m - capacity.from_month) / 6.0).clamp(0.0, 1.0)
        });
        for (n, nest) in setting.nests.iter().enumerate() {
            let (weight, rho) = (contest.nests[n].weight, contest.nests[n].substitution);
            let members: Vec<(f64, f64)> = (setting.supplies.iter())
                .zip(&contest.supplies)
                .filter(|(s, numbers)| s.nest == n && numbers.share > 0.0)
                .map(|(_, numbers)| (numbers.share, numbers.level))
                .collect();
            let missing = members.iter().any(|(_, f)| *f <= 0.0);
            let ces = if rho <= 0.0 && missing {
                0.0
            } else if rho == 0.0 {
                members.iter().map(|(s, f)| libm::pow(*f, *s)).product()
            } else {
                let sum: f64 = members.iter().map(|(s, f)| s * libm::pow(*f, rho)).sum();
                libm::pow(sum, 1.0 / rho)
            };
            effort[side(nest.side)] *= libm::pow(ces.max(0.02), weight);
        }
        effort
    }

    /// The war that is asked about, as type `t` values it.
    pub(crate) fn war(&self, t: usize, asked: &Asked) -> Course {
        self.war_with(t, asked, &self.states(t, &asked.levers))
    }

    /// The same with these worths of the states.
    pub(crate) fn war_with(&self, t: usize, asked: &Asked, states: &States) -> Course {
        let horizon = self.setting.contest.as_ref().expect("a contest").horizon;
        let monthly: Vec<(ContestNumbers<f64>, f64, f64)> = (0..horizon)
            .map(|m| self.numbers(t, m as f64, &asked.levers))
            .collect();
        let mut course = Course {
            endings: vec![[0.0; 4]; horizon],
            effort: (monthly.iter().enumerate())
                .map(|(m, (contest, _, _))| self.effort(contest, m as f64))
                .collect(),
            ..Course::default()
        };
        if asked.belief.doubt == 0.0 {
            let months = self.months(asked, &monthly, &course.effort, 0.0);
            self.add(t, asked, states, &months, 1.0, &mut course);
        } else {
            // The line's law is that of the mixture.
            let (mut mean, mut square) = (vec![0.0; horizon + 1], vec![0.0; horizon + 1]);
            for (z, weight) in self.rule.points() {
                let surprise = asked.belief.doubt * z;
                let months = self.months(asked, &monthly, &course.effort, surprise);
                self.add(t, asked, states, &months, *weight, &mut course);
                for m in 0..=horizon {
                    let (x, sd) = (course.mean[m], course.sd[m]);
                    mean[m] += weight * x;
                    square[m] += weight * (x * x + sd * sd);
                }
            }
            let spread = |m: usize| (square[m] - mean[m] * mean[m]).max(0.0).sqrt();
            course.sd = (0..=horizon).map(spread).collect();
            course.mean = mean;
        }
        course
    }

    fn months(
        &self,
        asked: &Asked,
        monthly: &[(ContestNumbers<f64>, f64, f64)],
        effort: &[[f64; 2]],
        surprise: f64,
    ) -> Vec<Month> {
        let exposure: f64 = asked
            .levers
            .iter()
            .map(|l| self.world.numbers.levers[*l].escalation)
            .sum();
        let weapon = self.setting.contest.as_ref().expect("a contest").weapon;
        let month =
            |((contest, burden, scar), effort): (&(ContestNumbers<f64>, f64, f64), &[f64; 2])| {
                let edge =
                    contest.edge + asked.belief.edge + surprise + libm::log(effort[0] / effort[1]);
                let behind = match weapon {
                    Some(Side::A) => (-edge).max(0.0),
                    Some(Side::B) => edge.max(0.0),
                    None => 0.0,
                };
                let heat = exposure + asked.belief.escalation + contest.escalation_slope * behind;
                Month {
                    edge,
                    pace: contest.pace,
                    variance: contest.volatility * contest.volatility,
                    hazards: [
                        contest.decisive * libm::exp(contest.decisive_slope * edge),
                        contest.decisive * libm::exp(-contest.decisive_slope * edge),
                        contest.other_end,
                        contest.escalation * libm::exp(heat),
                    ],
                    burden: *burden,
                    scar: *scar,
                }
            };
        monthly.iter().zip(effort).map(month).collect()
    }

    fn add(
        &self,
        t: usize,
        asked: &Asked,
        states: &States,
        months: &[Month],
        weight: f64,
        course: &mut Course,
    ) {
        let patience = self.world.numbers.types[t].patience;
        let brings = |month: &Month, mean: f64, sd: f64| {
            let (goes_on, ends) = month.ends();
            let unsettled = mean_worth(&states.knots, &states.unsettled, mean, sd);
            let armistice = mean_worth(&states.knots, &states.armistice, mean, sd);
            let settled = ends[0] * states.decisive[0]
                + ends[1] * states.decisive[1]
                + ends[2] * armistice
                + ends[3] * states.escalation;
            let now = (1.0 - patience) * (unsettled - month.burden) - month.scar;
            (now + patience * settled, goes_on)
        };
        let start = asked.start.unwrap_or(self.world.numbers.contest[0].start);
        let (mut mean, mut variance, mut fighting, mut discount) = (start, 0.0_f64, 1.0, 1.0);
        let mut total = 0.0;
        (course.mean, course.sd) = (vec![mean], vec![0.0]);
        for (m, month) in months.iter().enumerate() {
            let (worth, goes_on) = brings(month, mean, variance.sqrt());
            total += discount * fighting * worth;
            for (sum, chance) in course.endings[m].iter_mut().zip(month.ends().1) {
                *sum += weight * fighting * chance;
            }
            fighting *= goes_on;
            discount *= patience;
            mean += month.pace * month.edge;
            variance += month.variance;
            course.mean.push(mean);
            course.sd.push(variance.sqrt());
        }
        let (worth, goes_on) = brings(&months[months.len() - 1], mean, variance.sqrt());
        total += discount * fighting * worth / (1.0 - patience * goes_on);
        course.value += weight * total;
    }

    /// The type's own belief.
    pub(crate) fn belief(&self, t: usize) -> OwnBeliefs {
        let numbers = &self.world.numbers.types[t];
        OwnBeliefs {
            edge: numbers.believes_edge,
            doubt: numbers.own_sd,
            escalation: numbers.believes_escalation,
            chance: numbers.believes_chance,
            ..OwnBeliefs::default()
        }
    }

    /// V under a type's own beliefs, with these levers besides those that run now.
    pub(crate) fn value(&self, t: usize, pulled: &[usize]) -> f64 {
        self.course(t, pulled, self.belief(t)).value
    }

    /// The war with these levers besides those that run now, as somebody sees it.
    pub(crate) fn course(&self, t: usize, pulled: &[usize], belief: OwnBeliefs) -> Course {
        let mut levers = self.running();
        levers.extend(pulled);
        levers.sort_unstable();
        let asked = Asked {
            levers,
            belief,
            start: None,
        };
        self.war(t, &asked)
    }
}

impl Month {
    /// Chance that the war goes on, and of each ending.
    fn ends(&self) -> (f64, [f64; 4]) {
        let total: f64 = self.hazards.iter().sum();
        let goes_on = libm::exp(-total);
        if total == 0.0 {
            return (1.0, [0.0; 4]);
        }
        (goes_on, self.hazards.map(|h| (1.0 - goes_on) * h / total))
    }
}
