//! A contest among parties with preferences, leaders and beliefs, written from the definition of the model alone: what its
//! states are worth to each type, and the war as each type sees it.
//!
//! Like the simulation it shares no code with what it checks. Worth is found by listing every combination of options.

use crate::simulation::{Payoff, War};

/// One of several options of each listed issue.
pub(crate) type Pattern = Vec<(usize, Vec<usize>)>;

/// What an outcome does to a leader: share of the legacy term, chance of losing office.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub(crate) legacy: f64,
    pub(crate) loses_office: f64,
}

/// A leader.
#[derive(Clone, Debug)]
pub(crate) struct Leader {
    /// Points that the best legacy is worth.
    pub(crate) legacy: f64,
    /// Points that losing office costs.
    pub(crate) office: f64,
    /// By ending or feature, under the language's keys; what is not here does nothing.
    pub(crate) fates: Vec<(&'static str, Fate)>,
}

impl Leader {
    /// What an outcome with these features is worth to the leader, in points: shares of legacy add up within [-1, 1], office
    /// is kept if every feature by itself leaves it.
    fn term(&self, features: &[&str]) -> f64 {
        let mut share: f64 = 0.0;
        let mut stays = 1.0;
        for (key, fate) in &self.fates {
            if features.contains(key) {
                share += fate.legacy;
                stays *= 1.0 - fate.loses_office;
            }
        }
        self.legacy * share.clamp(-1.0, 1.0) - self.office * (1.0 - stays)
    }
}

/// A type of a party.
#[derive(Clone, Debug)]
pub(crate) struct Mind {
    pub(crate) party: usize,
    pub(crate) patience: f64,
    pub(crate) burden: f64,
    pub(crate) scar: f64,
    pub(crate) escalation_cost: f64,
    /// Offset of its belief about the edge.
    pub(crate) edge: f64,
    /// Its own doubt about the edge.
    pub(crate) doubt: f64,
    /// Offset of the log of the escalation hazard.
    pub(crate) escalation: f64,
    /// By issue.
    pub(crate) weights: Vec<f64>,
    /// By issue and option, in [0, 1].
    pub(crate) values: Vec<Vec<f64>>,
    /// Worth of its party's interactions, on the scale of the weights.
    pub(crate) together: Vec<f64>,
    pub(crate) leader: Option<Leader>,
}

/// A party: its side (0 A, 1 B), what it values together, and packages that cost it points.
#[derive(Clone, Debug, Default)]
pub(crate) struct Party {
    pub(crate) side: Option<usize>,
    pub(crate) together: Vec<Pattern>,
    /// Soft red lines with their price.
    pub(crate) lines: Vec<(Pattern, f64)>,
}

/// A contest among parties.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    /// As the analyst sees it, with every lever in the list, and no types.
    pub(crate) war: War,
    /// Which levers run.
    pub(crate) run: Vec<bool>,
    /// By lever: the parties that bear a flow cost while it runs, and how much.
    pub(crate) flow_costs: Vec<Vec<(usize, f64)>>,
    /// Options by issue.
    pub(crate) options: Vec<usize>,
    /// The issue that is the line.
    pub(crate) line_issue: usize,
    /// Positions of its options, in any order; not every option has one.
    pub(crate) positions: Vec<Option<f64>>,
    /// The option (issue, option) that makes a package a dictated one.
    pub(crate) dictated: Option<(usize, usize)>,
    pub(crate) unsettled: Vec<usize>,
    /// If A wins, if B wins.
    pub(crate) decisive: [Vec<usize>; 2],
    pub(crate) armistice: Vec<usize>,
    pub(crate) parties: Vec<Party>,
    pub(crate) minds: Vec<Mind>,
}

fn matches(pattern: &Pattern, package: &[usize]) -> bool {
    pattern
        .iter()
        .all(|(issue, options)| options.contains(&package[*issue]))
}

impl Story {
    /// Every combination of options.
    pub(crate) fn packages(&self) -> Vec<Vec<usize>> {
        let mut packages = vec![Vec::new()];
        for count in &self.options {
            let longer = |package: &Vec<usize>| {
                let package = package.clone();
                (0..*count).map(move |o| [package.clone(), vec![o]].concat())
            };
            packages = packages.iter().flat_map(longer).collect();
        }
        packages
    }

    /// Weighted values and interactions, before the mapping to points.
    fn raw(&self, mind: &Mind, package: &[usize]) -> f64 {
        let alone = |k: usize| mind.weights[k] * mind.values[k][package[k]];
        let patterns = &self.parties[mind.party].together;
        let together = patterns.iter().zip(&mind.together);
        (0..package.len()).map(alone).sum::<f64>()
            + together
                .filter(|(pattern, _)| matches(pattern, package))
                .map(|(_, worth)| worth)
                .sum::<f64>()
    }

    /// U: 0 and 100 are the least and the greatest over all combinations.
    fn points(&self, mind: &Mind, package: &[usize], all: &[Vec<usize>]) -> f64 {
        let raw = |package: &Vec<usize>| self.raw(mind, package);
        let least = all.iter().map(raw).fold(f64::INFINITY, f64::min);
        let most = all.iter().map(raw).fold(f64::NEG_INFINITY, f64::max);
        100.0 * (self.raw(mind, package) - least) / (most - least)
    }

    /// Is the line under this option worse for the type's side than today?
    pub(crate) fn line_lost(&self, mind: &Mind, option: usize) -> bool {
        match (self.parties[mind.party].side, self.positions[option]) {
            (Some(0), Some(position)) => position < self.war.start,
            (Some(_), Some(position)) => position > self.war.start,
            _ => false,
        }
    }

    fn leader(&self, mind: &Mind, package: &[usize], features: &[&str]) -> f64 {
        let Some(leader) = &mind.leader else {
            return 0.0;
        };
        let mut features = features.to_vec();
        if self.line_lost(mind, package[self.line_issue]) {
            features.push("line_lost");
        }
        leader.term(&features)
    }

    /// UL of a package that came about with these features, soft red lines counted.
    pub(crate) fn deal(&self, mind: &Mind, package: &[usize], features: &[&str]) -> f64 {
        let mut features = features.to_vec();
        if self.dictated.is_some_and(|(k, o)| package[k] == o) {
            features.push("imposed");
        }
        let crossed = self.parties[mind.party].lines.iter();
        let penalty: f64 = crossed
            .filter(|(pattern, _)| matches(pattern, package))
            .map(|(_, price)| price)
            .sum();
        self.points(mind, package, &self.packages()) - penalty
            + self.leader(mind, package, &features)
    }

    /// UL of the unsettled state.
    fn nothing_settled(&self, mind: &Mind, package: &[usize]) -> f64 {
        self.points(mind, package, &self.packages()) + self.leader(mind, package, &["unsettled"])
    }

    /// Positions in order, each with its option.
    fn knots(&self) -> Vec<(f64, usize)> {
        let options = self.positions.iter().enumerate();
        let mut knots: Vec<(f64, usize)> = options.filter_map(|(o, x)| Some(((*x)?, o))).collect();
        knots.sort_by(|a, b| a.0.total_cmp(&b.0));
        knots
    }

    /// What a type makes of the states, what levers cost it counted.
    fn payoff(&self, mind: &Mind) -> Payoff {
        let at = |package: &[usize], option: usize| {
            let mut package = package.to_vec();
            package[self.line_issue] = option;
            package
        };
        let knots = self.knots();
        let levers = self.run.iter().zip(&self.flow_costs);
        let flow: f64 = levers
            .filter(|(on, _)| **on)
            .flat_map(|(_, costs)| costs)
            .filter(|(party, _)| *party == mind.party)
            .map(|(_, cost)| cost)
            .sum();
        let escalation = mind
            .leader
            .as_ref()
            .map_or(0.0, |leader| leader.term(&["escalation"]));
        Payoff {
            patience: mind.patience,
            burden: mind.burden + flow,
            scar: mind.scar,
            escalation_cost: mind.escalation_cost - escalation,
            unsettled: knots
                .iter()
                .map(|(_, o)| self.nothing_settled(mind, &at(&self.unsettled, *o)))
                .collect(),
            armistice: knots
                .iter()
                .map(|(_, o)| self.deal(mind, &at(&self.armistice, *o), &["armistice"]))
                .collect(),
            decisive: [
                self.deal(mind, &self.decisive[0], &["a_decisive", "imposed"]),
                self.deal(mind, &self.decisive[1], &["b_decisive", "imposed"]),
            ],
        }
    }

    /// The war with the levers that run, as the analyst sees it, and what types of the list make of it.
    fn of_types(&self, minds: &[Mind]) -> War {
        let mut war = self.war.clone();
        let mut running = self.run.iter();
        war.levers.retain(|_| *running.next().expect("as many"));
        war.knots = self.knots().into_iter().map(|(x, _)| x).collect();
        war.types = minds.iter().map(|mind| self.payoff(mind)).collect();
        war
    }

    /// The war as the analyst sees it.
    pub(crate) fn common(&self) -> War {
        self.of_types(&self.minds)
    }

    /// The war as type `t` sees it, and what it makes of it.
    pub(crate) fn seen_by(&self, t: usize) -> War {
        let mind = &self.minds[t];
        let mut war = self.of_types(std::slice::from_ref(mind));
        war.edge += mind.edge;
        war.doubt = mind.doubt;
        war.escalation *= libm::exp(mind.escalation);
        war
    }
}
