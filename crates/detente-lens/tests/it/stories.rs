//! Random stories: contests among several parties with leaders, doubts, beliefs about escalation and levers that cost.

use crate::contests::random_contest;
use crate::simulation::{Lever, Random};
use crate::story::{Fate, Leader, Mind, Party, Pattern, Story};

/// What an outcome can have, as the language calls it.
pub(crate) const FEATURES: [&str; 9] = [
    "deal",
    "imposed",
    "over_ally",
    "line_lost",
    "unsettled",
    "a_decisive",
    "b_decisive",
    "armistice",
    "escalation",
];

/// In (0, `most`), or 0 in three cases of ten.
fn perhaps(most: f64, random: &mut Random) -> f64 {
    if random.chance(0.3) {
        0.0
    } else {
        random.between(0.0, most)
    }
}

fn leader(random: &mut Random) -> Leader {
    let mut fates = Vec::new();
    for feature in FEATURES {
        if random.chance(0.8) {
            let fate = Fate {
                legacy: random.between(-1.0, 1.0),
                loses_office: perhaps(0.8, random),
            };
            fates.push((feature, fate));
        }
    }
    Leader {
        legacy: random.between(2.0, 20.0),
        office: random.between(2.0, 25.0),
        fates,
    }
}

fn mind(party: usize, story: &Story, random: &mut Random) -> Mind {
    Mind {
        party,
        patience: random.between(0.9, 0.999),
        burden: perhaps(30.0, random),
        scar: perhaps(0.4, random),
        escalation_cost: random.between(0.0, 80.0),
        edge: if random.chance(0.4) {
            0.0
        } else {
            random.between(-0.4, 0.4)
        },
        doubt: if random.chance(0.3) {
            0.0
        } else {
            random.log_between(0.03, 0.4)
        },
        escalation: if random.chance(0.3) {
            0.0
        } else {
            random.between(-1.0, 1.0)
        },
        weights: story
            .options
            .iter()
            .map(|_| random.between(5.0, 40.0))
            .collect(),
        values: story
            .options
            .iter()
            .map(|count| (0..*count).map(|_| random.uniform()).collect())
            .collect(),
        together: story.parties[party]
            .together
            .iter()
            .map(|_| random.between(-30.0, 30.0))
            .collect(),
        leader: random.chance(0.8).then(|| leader(random)),
    }
}

/// One option, or two, of two issues.
fn pattern(options: &[usize], random: &mut Random) -> Pattern {
    let first = random.below(options.len() as u64 - 1);
    let mut of_issue = |issue: usize| {
        let option = random.below(options[issue] as u64);
        let mut chosen = vec![option, (option + 1) % options[issue]];
        chosen.truncate(1 + random.below(2).min(options[issue] - 1));
        (issue, chosen)
    };
    vec![of_issue(first), of_issue(first + 1)]
}

/// A story with something of everything.
pub(crate) fn random_story(seed: u64) -> Story {
    // The contest: efforts, hazards, levers that set levels, a line among positions.
    let asked = random_contest(seed + 20_000);
    let mut owned = Random::new(seed + 3_000_000);
    let random = &mut owned;
    let (mut war, mut run) = (asked.war, asked.run);
    war.types.clear();
    // A lever that runs and does nothing but cost and provoke.
    war.levers.push(Lever {
        delay: random.between(0.0, 3.0),
        escalation: random.between(-0.3, 0.5),
        sets: Vec::new(),
    });
    run.push(random.chance(0.8));

    let mut positions: Vec<Option<f64>> = war.knots.drain(..).map(Some).collect();
    if positions.len() == 1 {
        positions.push(positions[0].map(|x| x + 2_000.0));
    }
    // Today's line may lie at a position: then that one is not lost.
    if random.chance(0.4) {
        war.start = positions[random.below(positions.len() as u64)].expect("all have one");
    }
    if random.chance(0.3) {
        positions.push(None);
    }
    for i in (1..positions.len()).rev() {
        positions.swap(i, random.below(i as u64 + 1));
    }
    let mut options: Vec<usize> = (0..=random.below(2)).map(|_| 2 + random.below(2)).collect();
    let line_issue = random.below(options.len() as u64 + 1);
    options.insert(line_issue, positions.len());

    // What the line is in the unsettled state and after an armistice is not used; a decisive ending needs a line.
    let mut package = |needs_position: bool| loop {
        let choice: Vec<usize> = options
            .iter()
            .map(|count| random.below(*count as u64))
            .collect();
        if !needs_position || positions[choice[line_issue]].is_some() {
            break choice;
        }
    };
    let (unsettled, armistice) = (package(false), package(false));
    let decisive = [package(true), package(true)];
    let other = usize::from(line_issue == 0);
    let dictated = random
        .chance(0.4)
        .then(|| (other, random.below(options[other] as u64)));

    let sides = [Some(0), Some(1), None, Some(random.below(2))];
    let count = 2 + random.below(3);
    let mut parties = Vec::new();
    for side in sides.into_iter().take(count) {
        let mut party = Party {
            side,
            ..Party::default()
        };
        if random.chance(0.5) {
            party.together.push(pattern(&options, random));
        }
        if random.chance(0.5) {
            let price = random.between(1.0, 20.0);
            party.lines.push((pattern(&options, random), price));
        }
        parties.push(party);
    }
    let mut flow_costs = Vec::new();
    for _ in &war.levers {
        let mut costs = Vec::new();
        for party in 0..count {
            if random.chance(0.5) {
                costs.push((party, random.between(-3.0, 10.0)));
            }
        }
        flow_costs.push(costs);
    }
    let mut story = Story {
        war,
        run,
        flow_costs,
        options,
        line_issue,
        positions,
        dictated,
        unsettled,
        decisive,
        armistice,
        parties,
        minds: Vec::new(),
    };
    for party in 0..count {
        for _ in 0..=random.below(2) {
            let mind = mind(party, &story, random);
            story.minds.push(mind);
        }
    }
    story
}

/// In how many stories each feature stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Features {
    leaders: usize,
    legacy_held_within_bounds: usize,
    line_lost: usize,
    doubt: usize,
    escalation_beliefs: usize,
    flow_costs: usize,
    different_patience: usize,
    types_with_different_scars: usize,
}

impl Features {
    /// Counts one more story.
    pub(crate) fn count(&mut self, story: &Story) {
        let any = |has: &dyn Fn(&Mind) -> bool| usize::from(story.minds.iter().any(has));
        let share = |mind: &Mind, keys: [&str; 2]| -> f64 {
            let fates = mind.leader.iter().flat_map(|leader| &leader.fates);
            fates
                .filter(|(key, _)| keys.contains(key))
                .map(|(_, fate)| fate.legacy)
                .sum()
        };
        self.leaders += any(&|mind| mind.leader.is_some());
        self.legacy_held_within_bounds += any(&|mind| {
            share(mind, ["a_decisive", "imposed"]).abs() > 1.0
                || share(mind, ["b_decisive", "imposed"]).abs() > 1.0
        });
        self.line_lost += any(&|mind| {
            share(mind, ["line_lost", "line_lost"]) != 0.0
                && (0..story.positions.len()).any(|o| story.line_lost(mind, o))
        });
        self.doubt += any(&|mind| mind.doubt > 0.0);
        self.escalation_beliefs += any(&|mind| mind.escalation != 0.0);
        let costs = story.run.iter().zip(&story.flow_costs);
        let mut running = costs.filter(|(on, _)| **on).flat_map(|(_, costs)| costs);
        self.flow_costs += usize::from(running.next().is_some());
        let first = &story.minds[0];
        self.different_patience += any(&|mind| mind.patience != first.patience);
        self.types_with_different_scars += any(&|mind| {
            let mut same = story.minds.iter().filter(|m| m.party == mind.party);
            same.any(|m| m.scar != mind.scar && m.burden != mind.burden)
        });
    }

    /// Fails unless every feature stands in that many.
    pub(crate) fn each_in_at_least(&self, least: usize) {
        let counts = [
            self.leaders,
            self.legacy_held_within_bounds,
            self.line_lost,
            self.doubt,
            self.escalation_beliefs,
            self.flow_costs,
            self.different_patience,
            self.types_with_different_scars,
        ];
        assert!(counts.into_iter().all(|n| n >= least), "{self:?}");
    }
}
