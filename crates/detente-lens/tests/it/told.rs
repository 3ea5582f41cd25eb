//! What no deal is worth in whole stories — leaders, doubts, beliefs about escalation, levers that cost — against the
//! simulation of the same definition.

use crate::agreement::{TOLERATED, largest_gap, largest_z};
use crate::asking::{package, question};
use crate::contests::random_contest;
use crate::expected::{Rule, expected};
use crate::of_many;
use crate::simulation::{Random, War, calm_line, chances, drawn, swept};
use crate::stories::{Features, random_story};
use crate::story::Story;
use detente_core::{DealValue, Fate, NoDealSolution, Query, Search};
use detente_lens::{Identity, Stage};

/// Random stories.
const STORIES: u64 = 40;
/// Wars drawn to their end, by type.
const PATHS: usize = 8_000;
/// Points that doubt is integrated by to find its true effect.
const MANY: usize = 400;
/// What a rule of a few hundred points may miss of a worth that bends, in points: where doubt carries the line no further
/// than chance, which smooths the bends, and elsewhere.
const BENDS: [f64; 2] = [0.002, 0.003];
/// The same of a chance, where hazards rise steeply with the edge.
const CHANCE: f64 = 1e-3;
/// Sums of some hundred terms of up to some hundred points.
const ROUNDING: f64 = 1e-9;

/// The answer to every type: what it is told that no deal is worth to it, and the endings it expects.
fn answers(story: &Story) -> Vec<NoDealSolution> {
    let (setting, world) = question(story);
    let mut stage = Stage::default();
    let scene = stage.set(&setting, &world, Search::None);
    let of_type = |t: usize| {
        let query = Query::own(&setting, &world, t);
        let mut answer = scene.no_deal(&query).expect("declared").clone();
        answer.values = vec![scene.reservation(t).expect("declared")];
        answer
    };
    (0..story.minds.len()).map(of_type).collect()
}

/// How far the line is carried by a standard deviation of doubt within the horizon, over how far chance carries it. Above
/// a few, the kinks of a worth are narrower than the steps between the points of the stated rule.
fn carried(story: &Story, t: usize) -> f64 {
    let war = &story.war;
    war.pace * story.minds[t].doubt * (war.horizon as f64).sqrt() / war.volatility
}

#[test]
fn drawn_stories_agree_with_the_stage() {
    let mut largest: f64 = 0.0;
    let mut features = Features::default();
    let mut types = 0;
    for seed in 0..STORIES {
        let story = random_story(seed);
        features.count(&story);
        for (t, answer) in answers(&story).iter().enumerate() {
            let mut random = Random::new(seed * 100 + t as u64 + 5_000_000);
            let z = largest_z(&drawn(&story.seen_by(t), PATHS, &mut random), answer);
            assert!(
                z < TOLERATED,
                "story {seed}, type {t}: {z:.2} standard errors\n{story:#?}\n{answer:#?}"
            );
            largest = largest.max(z);
            types += 1;
        }
    }
    println!("{types} types of {STORIES} stories: {largest:.2} standard errors at most");
    println!("{features:?}");
    features.each_in_at_least(24);
}

#[test]
fn integrated_stories_agree_with_the_stage_closely() {
    /// Stories of which some carry the line by doubt further than the stated rule follows.
    const SETS: u64 = 200;
    let many = Rule::plain(MANY);
    // Without doubt, and with it: where it carries the line no further than chance, and elsewhere.
    let (mut largest, mut types) = ([0.0_f64; 3], 0);
    let mut chance: f64 = 0.0;
    for seed in 0..SETS {
        let story = random_story(seed);
        let mut sure = story.clone();
        sure.minds.iter_mut().for_each(|mind| mind.doubt = 0.0);
        for (t, answer) in answers(&sure).iter().enumerate() {
            let own = expected(&sure.seen_by(t), &many);
            let gap = largest_gap(&own.values, &answer.values);
            assert!(gap < ROUNDING, "story {seed}, type {t}, sure: {gap} points");
            largest[0] = largest[0].max(gap);
            let endings: Vec<f64> = own.endings.into_iter().flatten().collect();
            assert!(
                largest_gap(&endings, &answer.endings) < 1e-11,
                "story {seed}, type {t}, sure: endings"
            );
        }
        for (t, answer) in answers(&story).iter().enumerate() {
            let war = story.seen_by(t);
            let own = expected(&war, &many);
            let label = format!("story {seed}, type {t}");
            let gap = largest_gap(&own.values, &answer.values);
            let far = usize::from(carried(&story, t) > 1.0);
            assert!(
                gap < BENDS[far],
                "{label}: {gap} points\n{story:#?}\n{answer:#?}"
            );
            largest[1 + far] = largest[1 + far].max(gap);
            let endings: Vec<f64> = own.endings.into_iter().flatten().collect();
            chance = chance.max(largest_gap(&endings, &answer.endings));
            assert!(chance < CHANCE, "{label}: endings, {chance}");
            assert!(
                (1.0 - endings.iter().sum::<f64>() - answer.beyond).abs() < CHANCE,
                "{label}: beyond"
            );
            // Doubt about the edge moves the line by the pace a month, always the same way.
            let months = war.months();
            assert!(
                largest_gap(&calm_line(&war, &months), &answer.line_mean) < 1e-6,
                "{label}: mean of the line"
            );
            check_spread(&war, answer, &label);
            types += 1;
        }
        check_common(&story, seed);
    }
    let [sure, near, far] = largest;
    println!(
        "{types} types of {SETS} stories, points at most: sure {sure:.2e}, in doubt {near:.2e}, where doubt carries further than chance {far:.2e}; chances of endings {chance:.1e}"
    );
}

/// Doubt about the edge carries the line the same way every month: its part of the spread grows with time, that of chance
/// with time's root. Squares are compared, since a mixture's spread is a difference of large squares.
fn check_spread(war: &War, answer: &NoDealSolution, label: &str) {
    for (t, (mean, sd)) in answer.line_mean.iter().zip(&answer.line_sd).enumerate() {
        let t = t as f64;
        let by_doubt = war.pace * war.doubt * t;
        let square = war.volatility * war.volatility * t + by_doubt * by_doubt;
        assert!(
            (square - sd * sd).abs() < 1e-12 * (mean * mean + square).max(1.0),
            "{label}, month {t}: spread of the line {sd}"
        );
    }
}

/// The analyst's view: no type's beliefs, everybody's costs.
fn check_common(story: &Story, seed: u64) {
    let (setting, world) = question(story);
    let mut stage = Stage::default();
    let scene = stage.set(&setting, &world, Search::None);
    let answer = scene.no_deal(&Query::analyst(&setting, &world));
    let own = expected(&story.common(), &Rule::plain(1));
    let gap = largest_gap(&own.values, &answer.expect("declared").values);
    assert!(gap < ROUNDING, "story {seed}: {gap} points in common");
}

#[test]
fn deals_are_worth_what_they_are_to_leaders() {
    let ways: [&[Fate]; 5] = [
        &[Fate::Deal],
        &[Fate::Deal, Fate::OverAlly],
        &[Fate::Deal, Fate::Imposed],
        &[Fate::Armistice],
        &[Fate::ADecisive, Fate::Imposed],
    ];
    let mut checked = 0;
    for seed in 0..STORIES {
        let story = random_story(seed);
        let (setting, world) = question(&story);
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        for (t, mind) in story.minds.iter().enumerate() {
            for choice in story.packages() {
                let chosen = package(&choice);
                for how in ways {
                    let features: Vec<&str> = how.iter().map(|fate| fate.id()).collect();
                    let own = story.deal(mind, &choice, &features);
                    let worth =
                        Identity.worth(&setting, &world, scene.preferences, t, &chosen, how);
                    assert!(
                        (own - worth).abs() < ROUNDING,
                        "story {seed}, type {t}, {choice:?} by {features:?}: {worth}, not {own}"
                    );
                    checked += 1;
                }
                let agreed = story.deal(mind, &choice, &["deal"]);
                assert!((scene.deal(t, &chosen) - agreed).abs() < ROUNDING);
            }
        }
    }
    println!("{checked} deals");
}

#[test]
fn the_two_integrals_agree() {
    let rule = Rule::plain(1);
    let mut largest: f64 = 0.0;
    for seed in 0..60 {
        let war = random_contest(seed).war();
        let own = expected(&war, &rule);
        let gap = largest_gap(&own.values, &swept(&war, 4_000));
        // The sweep's own error, as against the solver.
        assert!(gap < 2e-3, "contest {seed}: {gap}");
        assert!(largest_gap(own.endings.as_flattened(), chances(&war).as_flattened()) < 1e-12);
        largest = largest.max(gap);
    }
    println!("largest distance: {largest:.2e} points");
    // Doubt about a straight worth and nothing else changes nothing; about a square it adds the variance.
    for rule in [Rule::gauss(15), Rule::gauss(2), Rule::plain(MANY)] {
        let mean = |f: fn(f64) -> f64| rule.mean(f);
        assert!(mean(|z| z).abs() < 1e-12 && (mean(|z| z * z) - 1.0).abs() < 1e-12);
    }
    assert!((Rule::gauss(15).mean(|z| z * z * z * z) - 3.0).abs() < 1e-10);
}

/// A wrong question: it changes what the simulation is told.
type Fault = fn(&mut Story);

const FAULTS: [(&str, Fault); 14] = [
    ("flow costs left out", |story| {
        story.flow_costs.iter_mut().for_each(Vec::clear);
    }),
    ("flow costs of levers that are off", |story| {
        let off: Vec<(usize, f64)> = (0..story.run.len())
            .filter(|l| !story.run[*l])
            .flat_map(|l| story.flow_costs[l].clone())
            .collect();
        if let Some(on) = story.run.iter().position(|on| *on) {
            story.flow_costs[on].extend(off);
        }
    }),
    ("doubt doubled", |story| {
        story.minds.iter_mut().for_each(|mind| mind.doubt *= 2.0);
    }),
    ("doubt left out", |story| {
        story.minds.iter_mut().for_each(|mind| mind.doubt = 0.0);
    }),
    ("legacy of the unsettled state dropped", |story| {
        without_legacy(story, "unsettled");
    }),
    ("legacy of a lost line dropped", |story| {
        without_legacy(story, "line_lost");
    }),
    ("legacy of a dictate dropped", |story| {
        without_legacy(story, "imposed");
    }),
    ("office never lost", |story| {
        let leaders = story.minds.iter_mut().filter_map(|m| m.leader.as_mut());
        leaders.for_each(|leader| leader.office = 0.0);
    }),
    ("the line lost to the other side", |story| {
        for party in &mut story.parties {
            party.side = party.side.map(|side| 1 - side);
        }
    }),
    ("belief about escalation turned round", |story| {
        let minds = story.minds.iter_mut();
        minds.for_each(|mind| mind.escalation = -mind.escalation);
    }),
    ("belief about the edge left out", |story| {
        story.minds.iter_mut().for_each(|mind| mind.edge = 0.0);
    }),
    ("the first type's scar for all", |story| {
        let scar = story.minds[0].scar;
        story.minds.iter_mut().for_each(|mind| mind.scar = scar);
    }),
    ("the first type's burden for all", |story| {
        let burden = story.minds[0].burden;
        story.minds.iter_mut().for_each(|mind| mind.burden = burden);
    }),
    ("the first party's patience for all", |story| {
        let patience = story.minds[0].patience;
        let minds = story.minds.iter_mut();
        minds.for_each(|mind| mind.patience = patience);
    }),
];

fn without_legacy(story: &mut Story, feature: &str) {
    for leader in story.minds.iter_mut().filter_map(|m| m.leader.as_mut()) {
        for (key, fate) in &mut leader.fates {
            if *key == feature {
                fate.legacy = 0.0;
            }
        }
    }
}

#[test]
fn wrong_questions_are_found() {
    /// Points that paths tell from nothing.
    const VISIBLE: f64 = 1.5;
    // Types whose wars are drawn, by fault; wars drawn are the expensive part.
    let most = of_many("types by fault", 1, 3);
    let rule = Rule::plain(101);
    let mut integrated = [0; FAULTS.len()];
    let mut by_paths = [0_u64; FAULTS.len()];
    for seed in 0..STORIES {
        let story = random_story(seed);
        let answers = answers(&story);
        for (f, (fault, change)) in FAULTS.into_iter().enumerate() {
            let mut wrong = story.clone();
            change(&mut wrong);
            let mut met = false;
            for (t, answer) in answers.iter().enumerate() {
                let (right, war) = (story.seen_by(t), wrong.seen_by(t));
                let shift = largest_gap(
                    &expected(&right, &rule).values,
                    &expected(&war, &rule).values,
                );
                let gap = largest_gap(&expected(&war, &rule).values, &answer.values);
                if shift > 2.0 * ROUNDING {
                    met = true;
                    assert!(gap > ROUNDING, "story {seed}, type {t}: {fault}");
                }
                if shift > VISIBLE && by_paths[f] < most {
                    by_paths[f] += 1;
                    let mut random = Random::new(seed * 100 + t as u64 + 5_000_000);
                    let z = largest_z(&drawn(&war, 3 * PATHS, &mut random), answer);
                    assert!(
                        z > TOLERATED,
                        "story {seed}, type {t}: {fault}: only {z:.2}"
                    );
                }
            }
            integrated[f] += usize::from(met);
        }
    }
    for (f, (fault, _)) in FAULTS.into_iter().enumerate() {
        println!(
            "{fault}: found in {} of {STORIES} stories, by paths for {} types",
            integrated[f], by_paths[f]
        );
        assert!(integrated[f] >= 12 && by_paths[f] >= 1, "{fault}");
    }
}
