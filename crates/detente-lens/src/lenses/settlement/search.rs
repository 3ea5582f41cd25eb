//! Exact search over all packages without listing them.
//!
//! A depth-first search over issues keeps the best package so far and cuts a branch when no completion can beat it. The
//! bound is Lagrangian: for any multipliers λ ≥ 0, Σ `λ_i` `margin_i` falls apart into one maximum per issue. For the worst-off
//! margin (λ summing to 1) `min_i m_i ≤ Σ λ_i m_i`; for the Nash product, by the inequality of arithmetic and geometric
//! means, `Σ ln m_i ≤ n ln(Σ λ_i m_i / n) − Σ ln λ_i`; for one member's own margin, with others' not below zero and its own
//! multiplier 1, `m_i ≤ Σ λ_i m_i` again. Good multipliers come from a fixed number of descent steps; any
//! multipliers give a valid bound, so the answer is exact whatever they are. Constraints and hard red lines only remove
//! packages, and soft ones only lower margins, so the bound, which ignores them, stays valid; what an interaction may add is
//! added to the bound until the interaction is decided.

use detente_core::{
    DealValue, INDIFFERENT, LineStiffness, PartySet, Pattern, Preferences, Setting, World,
    is_enough,
};

/// Nodes after which a search gives up.
pub(super) const NODE_LIMIT: u64 = 5_000_000;
/// Descent steps for the multipliers.
const STEPS: usize = 80;
/// A margin that improves by less counts as a tie, in points.
const TIE: f64 = 1e-10;

/// What to maximise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The worst-off needed party's margin (egalitarian), in points, of any sign.
    WorstMargin,
    /// The sum of the logarithms of the margins, all positive (Nash 1950).
    NashProduct,
    /// The margin of one member, in points, while nobody else's is negative.
    OwnMargin(usize),
}

/// Whose hard red lines the search respects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedLines {
    /// Everybody's.
    Respected,
    /// Everybody's but one party's.
    WithoutThoseOf(usize),
    /// Nobody's.
    Dropped,
}

/// One search: for given types of the needed parties.
pub(crate) struct Task<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) world: &'a World,
    pub(crate) preferences: &'a Preferences,
    /// What deals are worth besides.
    pub(crate) deal_value: &'a dyn DealValue,
    /// Exactly these parties are needed by the packages searched.
    pub(crate) needed: PartySet,
    /// Their types, in the order of the parties.
    pub(crate) types: &'a [usize],
    /// Their no-deal values.
    pub(crate) reservations: &'a [f64],
    pub(crate) red_lines: RedLines,
    /// An option of an issue that every package searched takes.
    pub(crate) only: Option<(usize, u8)>,
}

/// The best package.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Best {
    /// The goal's value.
    pub(crate) value: f64,
    /// One option an issue.
    pub(crate) package: Vec<u8>,
}

/// Why there is no best package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    /// No package fits (constraints, red lines, needed set; for Nash: no package with all margins positive).
    Empty,
    /// The node limit was reached.
    GaveUp,
}

/// Finds the best package for a goal.
pub(super) fn best(task: &Task, goal: Goal) -> Result<Best, Nothing> {
    let (search, whole) = searched(task, goal, NODE_LIMIT);
    if !whole {
        return Err(Nothing::GaveUp);
    }
    found(search)
}

/// The best package for a goal that a search of so many nodes comes upon, perhaps not the best of all.
pub(crate) fn good(task: &Task, goal: Goal, nodes: u64) -> Result<Best, Nothing> {
    let (search, whole) = searched(task, goal, nodes);
    match found(search) {
        Err(Nothing::Empty) if !whole => Err(Nothing::GaveUp),
        found => found,
    }
}

/// The first package that a search of so many nodes comes upon and that gives every member enough. One that is exact, and finds none,
/// says that there is none.
pub(super) fn enough(task: &Task, nodes: u64) -> Result<Best, Nothing> {
    let mut search = Search::new(task, Goal::WorstMargin);
    search.limit = nodes;
    search.first = true;
    // What gives somebody less is not looked at.
    search.incumbent = -INDIFFERENT - 2.0 * TIE;
    search.tune();
    search.descend(0, task.setting.signatories());
    let whole = search.found.is_some() || search.nodes <= nodes;
    match found(search) {
        Err(Nothing::Empty) if !whole => Err(Nothing::GaveUp),
        found => found,
    }
}

/// A search of so many nodes at most, and whether it went through all that it had to.
fn searched<'a>(task: &'a Task, goal: Goal, nodes: u64) -> (Search<'a>, bool) {
    let mut search = Search::new(task, goal);
    search.limit = nodes;
    search.tune();
    search.descend(0, task.setting.signatories());
    let whole = search.nodes <= nodes;
    (search, whole)
}

fn found(search: Search) -> Result<Best, Nothing> {
    let value = search.incumbent;
    search
        .found
        .map(|package| Best { value, package })
        .ok_or(Nothing::Empty)
}

/// A rule that can be tested once its last issue is chosen.
enum Rule<'a> {
    /// Packages of this set are out.
    Forbid(&'a Pattern),
    /// Packages of the first set must belong to the second.
    Imply(&'a Pattern, &'a Pattern),
    /// Packages of this set cost a member points; below zero: they are worth more.
    Cost(&'a Pattern, usize, f64),
}

struct Search<'a> {
    task: &'a Task<'a>,
    goal: Goal,
    members: usize,
    /// Issues in the order of the search.
    order: Vec<usize>,
    /// Options of each level, best first under the multipliers, with the points of every member.
    levels: Vec<Vec<Choice>>,
    /// Rules by the level at which they can be tested.
    rules: Vec<Vec<Rule<'a>>>,
    /// λ-weighted points that the levels from here on can add at most.
    rest: Vec<f64>,
    /// λ-weighted points that the interactions decided at each level can add at most.
    gains: Vec<f64>,
    /// The same as `rest` for each member alone, `level * members + member`.
    rest_of: Vec<f64>,
    /// Performers that the levels from here on can add.
    performers: Vec<PartySet>,
    multipliers: Vec<f64>,
    /// −Σ ln `λ_i`, for the Nash bound.
    log_multipliers: f64,
    package: Vec<u8>,
    /// Margins with the levels above chosen, `level * members + member`.
    margins: Vec<f64>,
    incumbent: f64,
    found: Option<Vec<u8>>,
    nodes: u64,
    limit: u64,
    /// Is the first package that is found all that is asked for?
    first: bool,
}

struct Choice {
    option: u8,
    performers: PartySet,
    weighted: f64,
    points: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(task: &'a Task, goal: Goal) -> Self {
        let setting = task.setting;
        let members = task.types.len();
        let mut levels: Vec<(usize, Vec<Choice>)> = setting
            .issues
            .iter()
            .enumerate()
            .map(|(k, issue)| {
                let options = issue.options.iter().enumerate();
                let open = options.filter(|(o, option)| {
                    let taken = task
                        .only
                        .is_none_or(|(of, only)| of != k || only as usize == *o);
                    taken && option.performers.is_within(task.needed)
                });
                let choices = open.map(|(o, option)| Choice {
                    option: u8::try_from(o).expect("at most 64 options an issue"),
                    performers: option.performers,
                    weighted: 0.0,
                    points: task
                        .types
                        .iter()
                        .map(|t| {
                            let term = task.deal_value.option_term(setting, task.world, *t, k, o);
                            task.preferences.of_type(*t)[issue.first_option + o] + term
                        })
                        .collect(),
                });
                (k, choices.collect())
            })
            .collect();
        // The issues with most at stake first: their branches are cut earliest.
        let stake = |choices: &Vec<Choice>| -> f64 {
            let of = |i: usize| {
                let points = choices.iter().map(|c| c.points[i]);
                points.clone().fold(0.0, f64::max) - points.fold(f64::INFINITY, f64::min)
            };
            (0..members).map(of).sum()
        };
        levels.sort_by(|a, b| stake(&b.1).total_cmp(&stake(&a.1)));
        let order: Vec<usize> = levels.iter().map(|(k, _)| *k).collect();
        let rules = rules_by_level(task, &order);
        Self {
            task,
            goal,
            members,
            rules,
            rest: vec![0.0; order.len() + 1],
            gains: vec![0.0; order.len()],
            rest_of: vec![0.0; (order.len() + 1) * members],
            performers: vec![PartySet::default(); order.len() + 1],
            multipliers: vec![1.0 / members as f64; members],
            log_multipliers: 0.0,
            package: vec![0; order.len()],
            margins: task
                .reservations
                .iter()
                .zip(task.types)
                .map(|(n, t)| task.preferences.base_of(*t) - n)
                .cycle()
                .take((order.len() + 1) * members)
                .collect(),
            incumbent: if goal == Goal::NashProduct {
                f64::MIN
            } else {
                f64::NEG_INFINITY
            },
            found: None,
            nodes: 0,
            limit: NODE_LIMIT,
            first: false,
            levels: levels.into_iter().map(|(_, choices)| choices).collect(),
            order,
        }
    }

    /// Finds good multipliers by descent on the bound at the root, then sorts options by them.
    fn tune(&mut self) {
        let n = self.members;
        let mut logs = vec![0.0; n];
        let mut kept = (f64::INFINITY, self.multipliers.clone());
        let mut margins = Vec::with_capacity(n);
        for step in 0..STEPS {
            let lambda = self.multipliers_of(&logs);
            margins.clear();
            margins.extend_from_slice(&self.margins[..n]);
            for choices in &self.levels {
                let mut best: Option<(f64, &Choice)> = None;
                for choice in choices {
                    let points = choice.points.iter().zip(&lambda);
                    let weighed: f64 = points.map(|(p, l)| p * l).sum();
                    // The last of equals.
                    if best.is_none_or(|(most, _)| weighed.total_cmp(&most).is_ge()) {
                        best = Some((weighed, choice));
                    }
                }
                if let Some((_, best)) = best {
                    margins
                        .iter_mut()
                        .zip(&best.points)
                        .for_each(|(m, p)| *m += p);
                }
            }
            let total: f64 = margins.iter().zip(&lambda).map(|(m, l)| m * l).sum();
            let bound = self.bound(total, -lambda.iter().map(|l| libm::log(*l)).sum::<f64>());
            if bound < kept.0 {
                kept = (bound, lambda.clone());
            }
            let pace = 1.0 / (1.0 + step as f64 / 8.0);
            for i in 0..n {
                // Away from those the bound already serves well.
                logs[i] -= pace
                    * match self.goal {
                        Goal::WorstMargin => ((margins[i] - total) / 50.0).clamp(-1.0, 1.0),
                        Goal::NashProduct if total > 0.0 => {
                            (n as f64 * lambda[i] * margins[i] / total - 1.0).clamp(-1.0, 1.0)
                        }
                        Goal::NashProduct => 0.0,
                        Goal::OwnMargin(own) if own == i => 0.0,
                        Goal::OwnMargin(_) => (margins[i] / 20.0).clamp(-1.0, 1.0),
                    };
            }
        }
        self.multipliers = kept.1;
        self.log_multipliers = -self.multipliers.iter().map(|l| libm::log(*l)).sum::<f64>();
        for level in (0..self.levels.len()).rev() {
            let multipliers = &self.multipliers;
            let choices = &mut self.levels[level];
            for choice in choices.iter_mut() {
                choice.weighted = choice
                    .points
                    .iter()
                    .zip(multipliers)
                    .map(|(p, l)| p * l)
                    .sum();
            }
            choices.sort_by(|a, b| {
                b.weighted
                    .total_cmp(&a.weighted)
                    .then(a.option.cmp(&b.option))
            });
            // What interactions that are decided at this level may add, if they add anything.
            let mut gains = vec![0.0; self.members];
            for rule in &self.rules[level] {
                if let Rule::Cost(_, member, points) = rule {
                    gains[*member] += (-points).max(0.0);
                }
            }
            let weighted: f64 = gains.iter().zip(multipliers).map(|(g, l)| g * l).sum();
            self.gains[level] = weighted;
            self.rest[level] =
                self.rest[level + 1] + choices.first().map_or(0.0, |c| c.weighted) + weighted;
            for i in 0..self.members {
                let most = choices.iter().map(|c| c.points[i]).fold(0.0, f64::max);
                self.rest_of[level * self.members + i] =
                    self.rest_of[(level + 1) * self.members + i] + most + gains[i];
            }
            let added = choices
                .iter()
                .fold(PartySet::default(), |set, c| set.union(c.performers));
            self.performers[level] = self.performers[level + 1].union(added);
        }
    }

    fn multipliers_of(&self, logs: &[f64]) -> Vec<f64> {
        let mut raw: Vec<f64> = logs
            .iter()
            .map(|l| libm::exp(l.clamp(-30.0, 30.0)))
            .collect();
        if let Goal::OwnMargin(own) = self.goal {
            raw[own] = 1.0;
            return raw;
        }
        let sum: f64 = raw.iter().sum();
        // Every multiplier stays positive, as the Nash bound needs.
        raw.iter().map(|l| l / sum).collect()
    }

    /// The most the goal can reach when Σ `λ_i` `m_i` is at most `total`.
    fn bound(&self, total: f64, log_multipliers: f64) -> f64 {
        match self.goal {
            Goal::WorstMargin | Goal::OwnMargin(_) => total,
            Goal::NashProduct if total > 0.0 => {
                let n = self.members as f64;
                n * libm::log(total / n) + log_multipliers
            }
            Goal::NashProduct => f64::NEG_INFINITY,
        }
    }

    fn descend(&mut self, level: usize, needed: PartySet) {
        self.nodes += 1;
        if self.nodes > self.limit {
            return;
        }
        if level == self.levels.len() {
            if needed == self.task.needed {
                self.keep_if_better();
            }
            return;
        }
        if !self
            .task
            .needed
            .is_within(needed.union(self.performers[level]))
        {
            return;
        }
        let (from, to) = (level * self.members, (level + 1) * self.members);
        let here: f64 = self.margins[from..to]
            .iter()
            .zip(&self.multipliers)
            .map(|(m, l)| m * l)
            .sum();
        let issue = self.order[level];
        for c in 0..self.levels[level].len() {
            let choice = &self.levels[level][c];
            // Options are sorted, so no later one can do better either.
            if self.bound(
                here + choice.weighted + self.gains[level] + self.rest[level + 1],
                self.log_multipliers,
            ) <= self.incumbent + TIE
            {
                break;
            }
            let with = needed.union(choice.performers);
            for i in 0..self.members {
                self.margins[to + i] = self.margins[from + i] + choice.points[i];
            }
            self.package[issue] = choice.option;
            if self.obeys(level) && self.within_reach(level + 1) {
                self.descend(level + 1, with);
                if self.first && self.found.is_some() {
                    return;
                }
            }
        }
    }

    /// Tests the rules whose last issue has just been chosen and charges the costs of soft red lines.
    fn obeys(&mut self, level: usize) -> bool {
        let margins = &mut self.margins[(level + 1) * self.members..];
        for rule in &self.rules[level] {
            match rule {
                Rule::Forbid(pattern) if pattern.matches(&self.package) => return false,
                Rule::Imply(when, then)
                    if when.matches(&self.package) && !then.matches(&self.package) =>
                {
                    return false;
                }
                Rule::Cost(pattern, member, points) if pattern.matches(&self.package) => {
                    margins[*member] -= points;
                }
                _ => {}
            }
        }
        true
    }

    /// Can every member alone still get what the goal asks of it?
    fn within_reach(&self, level: usize) -> bool {
        let here = level * self.members..(level + 1) * self.members;
        let (margins, rest) = (&self.margins[here.clone()], &self.rest_of[here]);
        let mut reach = margins.iter().zip(rest).map(|(m, r)| m + r).enumerate();
        match self.goal {
            Goal::WorstMargin => reach.all(|(_, reach)| reach > self.incumbent),
            Goal::NashProduct => reach.all(|(_, reach)| reach > 0.0),
            Goal::OwnMargin(own) => reach.all(|(i, reach)| {
                if i == own {
                    reach > self.incumbent
                } else {
                    reach >= -INDIFFERENT
                }
            }),
        }
    }

    fn keep_if_better(&mut self) {
        let margins = &self.margins[self.levels.len() * self.members..];
        let value = match self.goal {
            Goal::WorstMargin => margins.iter().copied().fold(f64::INFINITY, f64::min),
            Goal::NashProduct if margins.iter().all(|m| *m > 0.0) => {
                margins.iter().map(|m| libm::log(*m)).sum()
            }
            Goal::NashProduct => return,
            Goal::OwnMargin(own) => {
                let mut others = margins.iter().enumerate().filter(|(i, _)| *i != own);
                if others.any(|(_, m)| !is_enough(*m)) {
                    return;
                }
                margins[own]
            }
        };
        if value > self.incumbent + TIE {
            self.incumbent = value;
            self.found = Some(self.package.clone());
        }
    }
}

fn rules_by_level<'a>(task: &Task<'a>, order: &[usize]) -> Vec<Vec<Rule<'a>>> {
    let mut rules: Vec<Vec<Rule>> = order.iter().map(|_| Vec::new()).collect();
    let level_of = |patterns: &[&Pattern]| {
        let issues = patterns
            .iter()
            .flat_map(|p| p.terms.iter().map(|(issue, _)| *issue));
        issues
            .filter_map(|issue| order.iter().position(|k| *k == issue))
            .max()
            .unwrap_or(0)
    };
    for constraint in &task.setting.constraints {
        match &constraint.then {
            None => rules[level_of(&[&constraint.when])].push(Rule::Forbid(&constraint.when)),
            Some(then) => {
                rules[level_of(&[&constraint.when, then])]
                    .push(Rule::Imply(&constraint.when, then));
            }
        }
    }
    for (i, interaction) in task.setting.interactions.iter().enumerate() {
        for (member, t) in task.types.iter().enumerate() {
            let points = task.preferences.interactions_of(*t)[i];
            if points != 0.0 {
                let rule = Rule::Cost(&interaction.when, member, -points);
                rules[level_of(&[&interaction.when])].push(rule);
            }
        }
    }
    let lines = task
        .setting
        .red_lines
        .iter()
        .zip(&task.world.numbers.red_lines);
    for (line, numbers) in lines.filter(|(_, numbers)| numbers.on > 0.0) {
        let respected = match task.red_lines {
            RedLines::Respected => true,
            RedLines::WithoutThoseOf(party) => party != line.party,
            RedLines::Dropped => false,
        };
        for (member, _) in task
            .types
            .iter()
            .enumerate()
            .filter(|(_, t)| line.types.contains(t))
        {
            let level = level_of(&[&line.when]);
            match line.stiffness {
                LineStiffness::Hard if respected => rules[level].push(Rule::Forbid(&line.when)),
                LineStiffness::Hard => {}
                LineStiffness::Soft => {
                    rules[level].push(Rule::Cost(&line.when, member, numbers.penalty));
                }
            }
        }
    }
    rules
}
