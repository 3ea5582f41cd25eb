//! What a package is worth: preferences (U) and the stage that values a deal (D).

use crate::{Fate, Issue, LineStiffness, Setting, World};

/// What packages are worth to every type, in points: 0 and 100 are a type's least and greatest worth over all combinations
/// of options (Keeney & Raiffa 1976: additive, with interactions between options where a case states them).
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    options: usize,
    /// Points of option o to type t at `t * options + o`.
    points: Vec<f64>,
    interactions: usize,
    /// Points of interaction i to type t at `t * interactions + i`; 0 for other parties' types.
    together: Vec<f64>,
    /// Points to type t of every package: what makes the least worth 0.
    base: Vec<f64>,
    /// Points that one unit of weight times value is to type t.
    scale: Vec<f64>,
}

impl Preferences {
    /// Computes the points of a world. Allocates only when the shape grows.
    pub fn compute(&mut self, setting: &Setting, world: &World) {
        self.options = setting.option_count();
        self.interactions = setting.interactions.len();
        self.points.clear();
        self.together.clear();
        self.base.clear();
        self.scale.clear();
        for (t, numbers) in world.numbers.types.iter().enumerate() {
            let first = self.points.len();
            let (mut spread, mut floor) = (0.0, 0.0);
            for (issue, weight) in setting.issues.iter().zip(&numbers.weights) {
                let values =
                    &numbers.values[issue.first_option..issue.first_option + issue.options.len()];
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                spread += weight * (most - least);
                self.points
                    .extend(values.iter().map(|v| weight * (v - least)));
            }
            let own = setting.types[t].party;
            let at = self.together.len();
            self.together.extend(setting.interactions.iter().map(|i| {
                let stated = (i.party == own).then(|| numbers.interactions.get(i.place));
                stated.flatten().copied().unwrap_or(0.0)
            }));
            if self.together[at..].iter().any(|x| *x != 0.0) {
                let ends = self.ends(setting, own, first, at);
                (floor, spread) = (ends.0, ends.1 - ends.0);
            }
            let scale = if spread > 0.0 { 100.0 / spread } else { 0.0 };
            self.points[first..].iter_mut().for_each(|p| *p *= scale);
            self.together[at..].iter_mut().for_each(|p| *p *= scale);
            self.base.push(-floor * scale);
            self.scale.push(scale);
        }
    }

    /// Gives an option (in the flat list of all) another value to type `t`, whatever it was given before, on the scale of points that
    /// [`compute`](Self::compute) found: what an option is worth changes, what a point is does not.
    pub fn change(&mut self, setting: &Setting, world: &World, t: usize, option: usize, to: f64) {
        let numbers = &world.numbers.types[t];
        let mut issues = setting.issues.iter().zip(&numbers.weights).rev();
        if let Some((issue, weight)) = issues.find(|(issue, _)| issue.first_option <= option) {
            let all = issue.first_option..issue.first_option + issue.options.len();
            let least = numbers.values[all].iter().copied();
            let least = least.fold(f64::INFINITY, f64::min);
            self.points[t * self.options + option] = weight * (to - least) * self.scale[t];
        }
    }

    /// Makes all that type `t` gets `share` of what it is, and gives every option of an issue points of its own besides.
    pub fn blend(
        &mut self,
        setting: &Setting,
        t: usize,
        share: f64,
        issue: usize,
        more: impl Fn(usize) -> f64,
    ) {
        let own = t * self.options..(t + 1) * self.options;
        let points = &mut self.points[own];
        for p in points.iter_mut() {
            *p *= share;
        }
        let Issue {
            first_option,
            options,
            ..
        } = &setting.issues[issue];
        for (o, points) in points[*first_option..][..options.len()]
            .iter_mut()
            .enumerate()
        {
            *points += more(o);
        }
        let own = t * self.interactions..(t + 1) * self.interactions;
        self.together[own].iter_mut().for_each(|p| *p *= share);
        self.base[t] *= share;
        self.scale[t] *= share;
    }

    /// Least and greatest sum of points and interactions over all combinations of options: groups of issues that interactions
    /// tie together are listed, the others stand alone.
    fn ends(&self, setting: &Setting, party: usize, first: usize, at: usize) -> (f64, f64) {
        let own = |i: &(usize, &crate::Interaction)| i.1.party == party;
        let mut package = vec![0_u8; setting.issues.len()];
        let (mut low, mut high) = (0.0, 0.0);
        for group in interacting(setting, party) {
            let touching: Vec<usize> = setting
                .interactions
                .iter()
                .enumerate()
                .filter(own)
                .filter(|(_, i)| group.contains(&i.when.terms[0].0))
                .map(|(i, _)| i)
                .collect();
            let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
            each_combination(setting, &group, &mut package, &mut |package| {
                let alone: f64 = group
                    .iter()
                    .map(|k| {
                        let option = setting.issues[*k].first_option + package[*k] as usize;
                        self.points[first + option]
                    })
                    .sum();
                let met = touching
                    .iter()
                    .filter(|i| setting.interactions[**i].when.matches(package));
                let worth = alone + met.map(|i| self.together[at + i]).sum::<f64>();
                ends = (ends.0.min(worth), ends.1.max(worth));
            });
            low += ends.0;
            high += ends.1;
        }
        (low, high)
    }

    /// Points of every option to type `t`, issue by issue.
    pub fn of_type(&self, t: usize) -> &[f64] {
        &self.points[t * self.options..(t + 1) * self.options]
    }

    /// Points of every interaction of the case to type `t`; 0 for those of other parties.
    pub fn interactions_of(&self, t: usize) -> &[f64] {
        &self.together[t * self.interactions..(t + 1) * self.interactions]
    }

    /// Points of every package to type `t`, besides those of its options and interactions.
    pub fn base_of(&self, t: usize) -> f64 {
        self.base[t]
    }

    /// U: what the package is worth to type `t`, soft red lines not counted.
    pub fn worth(&self, setting: &Setting, t: usize, package: &[u8]) -> f64 {
        let points = self.of_type(t);
        let alone: f64 = setting
            .issues
            .iter()
            .zip(package)
            .map(|(issue, o)| points[issue.first_option + *o as usize])
            .sum();
        if self.interactions == 0 {
            return alone;
        }
        let together = setting.interactions.iter().zip(self.interactions_of(t));
        let met = together.filter(|(i, points)| **points != 0.0 && i.when.matches(package));
        self.base[t] + alone + met.map(|(_, points)| points).sum::<f64>()
    }

    /// Points that the package costs type `t` by crossing its soft red lines.
    pub fn penalty(setting: &Setting, world: &World, t: usize, package: &[u8]) -> f64 {
        let numbers = setting.red_lines.iter().zip(&world.numbers.red_lines);
        numbers
            .filter(|(line, n)| {
                line.stiffness == LineStiffness::Soft && n.on > 0.0 && line.types.contains(&t)
            })
            .filter(|(line, _)| line.when.matches(package))
            .map(|(_, n)| n.penalty)
            .sum()
    }

    /// The first hard red line of type `t` that the package crosses.
    pub fn crossed(setting: &Setting, world: &World, t: usize, package: &[u8]) -> Option<usize> {
        let numbers = setting.red_lines.iter().zip(&world.numbers.red_lines);
        numbers.enumerate().find_map(|(i, (line, n))| {
            let drawn =
                line.stiffness == LineStiffness::Hard && n.on > 0.0 && line.types.contains(&t);
            (drawn && line.when.matches(package)).then_some(i)
        })
    }
}

/// The stage that turns what a deal is worth on paper (U) into what it is worth given what may follow it (D).
///
/// Lenses and no-deal models use D and never U.
pub trait DealValue {
    /// D of the package to type `t`, in points; `how` it came about: agreed, dictated, an armistice.
    fn worth(
        &self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
        how: &[Fate],
    ) -> f64;

    /// Is D of an agreed package, before soft red lines, a sum over its options and interactions? Exact searches without
    /// enumeration rest on it.
    fn is_additive(&self, setting: &Setting, world: &World) -> bool;

    /// Does something only stand in for D where searches add up worths? Then what they find must be judged by D.
    fn stands_in(&self) -> bool {
        false
    }

    /// By type: the greatest share of peace that any agreed package can have, and the best war that can follow one with the line at this
    /// option. D is never above peace · UL + (1 − peace) · war, or above war where that is more. `None`: not bounded.
    fn at_most(&self, _: &Setting, _: &World, _line: Option<u8>) -> Option<Vec<[f64; 2]>> {
        None
    }

    /// What an option adds to D of an agreed package besides its points, in points, for type `t`; only asked if additive.
    fn option_term(
        &self,
        setting: &Setting,
        world: &World,
        t: usize,
        issue: usize,
        option: usize,
    ) -> f64;

    /// What the unsettled state with the line's option given is worth to type `t` besides its points.
    fn unsettled_term(&self, setting: &Setting, world: &World, t: usize, option: usize) -> f64;

    /// What an agreed package that a party breaks as soon as it is signed is worth to every type from then on, in points, less what
    /// breaking costs the party itself. `false`: nothing is known of what follows a deal.
    fn broken(
        &self,
        _: &Setting,
        _: &World,
        _package: &[u8],
        _by: usize,
        _to: &mut Vec<f64>,
    ) -> bool {
        false
    }

    /// What may follow an agreed package, named or not; `None`: nothing is known of what follows a deal.
    fn prospect(&self, _: &Setting, _: &World, _package: &[u8]) -> Option<crate::Prospect> {
        None
    }

    /// What an escalation is worth to type `t`, in points.
    fn escalation(&self, world: &World, t: usize) -> f64;
}

/// Issues that a party's interactions tie together, each group in order; issues without interactions stand alone.
pub fn interacting(setting: &Setting, party: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..setting.issues.len()).map(|k| vec![k]).collect();
    for interaction in setting.interactions.iter().filter(|i| i.party == party) {
        let touched: Vec<usize> = interaction.when.terms.iter().map(|(k, _)| *k).collect();
        let (tied, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.iter().any(|k| touched.contains(k)));
        groups = apart;
        let mut joined: Vec<usize> = tied.into_iter().flatten().collect();
        joined.sort_unstable();
        groups.push(joined);
    }
    groups
}

/// Visits every combination of options of some issues, the others left as they are.
pub fn each_combination(
    setting: &Setting,
    issues: &[usize],
    package: &mut [u8],
    visit: &mut impl FnMut(&[u8]),
) {
    let Some((k, rest)) = issues.split_first() else {
        return visit(package);
    };
    for o in 0..setting.issues[*k].options.len() {
        package[*k] = u8::try_from(o).expect("at most 64 options an issue");
        each_combination(setting, rest, package, visit);
    }
}
