//! Limits of the contest in which its value can be written down by hand.
//!
//! Notation: δ patience, h hazard a month, q = 1 - e^(-h) the chance that a month ends the war, r = δ(1 - q), u the worth of
//! the unsettled state, b burden, s scar, z the worth of an ending. A month of war brings (1-δ)(u-b) - s at its start and,
//! if it ends the war, z a month later.

use crate::agreement::largest_gap;
use crate::asking::question;
use crate::contests::{Asked, random_contest};
use crate::simulation::{Contribution, Depletion, Lever, Nest, Payoff, War, chances};
use crate::stories::random_story;
use detente_core::{
    Beliefs, Layout, LeverProfile, NoDealSolution, Numbers, Outcome, OwnBeliefs, Party, PartyType,
    Query, Role, Search, Setting, TypeNumbers, TypeSet, World,
};
use detente_lens::{Contest, NoDeal, Stage, Workspace, conformance};

const ROUNDING: f64 = 1e-9;

/// A war in which nothing happens: no hazard, no drift, a flat worth.
fn still() -> Asked {
    let never = Depletion {
        from_month: 1e9,
        low: 1.0,
    };
    Asked {
        war: War {
            horizon: 24,
            edge: 0.0,
            doubt: 0.0,
            pace: 0.0,
            volatility: 100.0,
            start: 0.0,
            decisive: 0.0,
            decisive_slope: 0.0,
            other_end: 0.0,
            escalation: 0.0,
            escalation_slope: 0.0,
            weapon: Some(0),
            nests: Vec::new(),
            depletion: [never.clone(), never],
            levers: Vec::new(),
            knots: vec![0.0],
            types: vec![Payoff {
                patience: 0.97,
                burden: 12.0,
                scar: 0.15,
                escalation_cost: 35.0,
                unsettled: vec![40.0],
                armistice: vec![55.0],
                decisive: [90.0, 5.0],
            }],
        },
        run: Vec::new(),
        offset: 0.0,
        start: None,
    }
}

/// The answer where the believer's doubt and its belief about escalation differ from the analyst's too.
fn solve(asked: &Asked, doubt: f64, escalation: f64) -> NoDealSolution {
    let (setting, world, payoffs) = asked.question();
    let run = asked.run.iter().enumerate().filter(|(_, on)| **on);
    let query = Query {
        levers: run.fold(LeverProfile::default(), |all, (l, _)| all.with(l)),
        beliefs: Beliefs::Own(OwnBeliefs {
            edge: asked.offset,
            doubt,
            escalation,
            ..OwnBeliefs::default()
        }),
        start_line: asked.start,
        state: None,
        types: TypeSet::ALL,
        talks: None,
    };
    let mut solution = NoDealSolution::default();
    let mut room = Workspace::default();
    Contest.solve(&setting, &world, &query, &payoffs, &mut room, &mut solution);
    solution
}

fn value(asked: &Asked) -> f64 {
    asked.solve().values[0]
}

#[track_caller]
fn near(value: f64, by_hand: f64, within: f64) {
    assert!(
        (value - by_hand).abs() <= within,
        "{value}, by hand {by_hand}"
    );
}

#[test]
fn one_hazard_only_is_a_geometric_sum() {
    // Every month is like the first: V = (1-δ)(u-b) - s + δqz + rV.
    let by_hand = |payoff: &Payoff, hazard: f64, z: f64| {
        let q = -libm::expm1(-hazard);
        let delta = payoff.patience;
        let month = (1.0 - delta) * (payoff.unsettled[0] - payoff.burden) - payoff.scar;
        (month + delta * q * z) / (1.0 - delta * (1.0 - q))
    };
    for horizon in [1, 24, 120] {
        for patience in [0.9, 0.985, 0.999] {
            for hazard in [1e-6, 0.003, 0.1, 4.0] {
                let mut asked = still();
                asked.war.horizon = horizon;
                asked.war.types[0].patience = patience;
                let payoff = asked.war.types[0].clone();

                let mut armistice = asked.clone();
                armistice.war.other_end = hazard;
                near(value(&armistice), by_hand(&payoff, hazard, 55.0), ROUNDING);

                let mut escalation = asked.clone();
                escalation.war.escalation = hazard;
                let z = -payoff.escalation_cost;
                near(value(&escalation), by_hand(&payoff, hazard, z), ROUNDING);
                // A belief that it is e times as likely.
                let believed = solve(&escalation, 0.0, 1.0).values[0];
                let more = hazard * std::f64::consts::E;
                near(believed, by_hand(&payoff, more, z), ROUNDING);
                // The weapon's holder behind by an edge of .4, with a slope of 2: e^.8 times as likely.
                escalation.war.edge = -0.4;
                escalation.war.escalation_slope = 2.0;
                let more = hazard * libm::exp(0.8);
                near(value(&escalation), by_hand(&payoff, more, z), ROUNDING);
                // Ahead, its holder has no reason.
                escalation.war.edge = 0.4;
                near(value(&escalation), by_hand(&payoff, hazard, z), ROUNDING);

                // At an even edge each side wins as often: both hazards together, and the mean of both dictates.
                let mut decisive = asked.clone();
                decisive.war.decisive = hazard;
                decisive.war.decisive_slope = 1.5;
                let z = f64::midpoint(90.0, 5.0);
                near(
                    value(&decisive),
                    by_hand(&payoff, 2.0 * hazard, z),
                    ROUNDING,
                );
                // At an edge of .6 the odds are e^1.8 to 1.
                decisive.war.edge = 0.6;
                let (a, b) = (libm::exp(0.9), libm::exp(-0.9));
                let z = (90.0 * a + 5.0 * b) / (a + b);
                let v = by_hand(&payoff, (a + b) * hazard, z);
                near(value(&decisive), v, ROUNDING);
            }
        }
    }
}

/// Σ rᵗ and Σ t rᵗ for t = 0..n.
fn sums(r: f64, n: usize) -> (f64, f64) {
    let n = n as f64;
    let power = libm::pow(r, n);
    let plain = (1.0 - power) / (1.0 - r);
    // r times the derivative of the sum.
    let timed = r * (1.0 - n * power / r + (n - 1.0) * power) / ((1.0 - r) * (1.0 - r));
    (plain, timed)
}

#[test]
fn a_straight_worth_is_an_arithmetic_geometric_sum() {
    // Worth c0 + c1·x of a month at line x, mean line x0 + d·t until the horizon and held from there on. Chance in the line
    // averages out, and so does doubt about the edge, since nothing but the line depends on it.
    const FAR: f64 = 1e6;
    for (horizon, pace, edge, volatility, doubt) in [
        (12, 300.0, 0.3, 0.0, 0.0),
        (36, 500.0, -0.2, 400.0, 0.0),
        (120, 80.0, 0.5, 1_500.0, 0.0),
        (36, 500.0, -0.2, 400.0, 0.2),
    ] {
        let (hazard, start) = (0.02, 700.0);
        let mut asked = still();
        asked.war.horizon = horizon;
        asked.war.pace = pace;
        asked.war.edge = edge;
        asked.war.volatility = volatility;
        asked.war.start = start;
        asked.war.other_end = hazard;
        asked.war.knots = vec![-FAR, FAR];
        let payoff = &mut asked.war.types[0];
        let unsettled = |x: f64| 40.0 + 0.002 * x;
        let armistice = |x: f64| 55.0 + 0.003 * x;
        payoff.unsettled = vec![unsettled(-FAR), unsettled(FAR)];
        payoff.armistice = vec![armistice(-FAR), armistice(FAR)];
        let (delta, q) = (payoff.patience, -libm::expm1(-hazard));
        let c0 = (1.0 - delta) * (40.0 - payoff.burden) - payoff.scar + delta * q * 55.0;
        let c1 = (1.0 - delta) * 0.002 + delta * q * 0.003;
        let (r, d) = (delta * (1.0 - q), pace * edge);
        let (plain, timed) = sums(r, horizon);
        let last = c0 + c1 * (start + d * horizon as f64);
        let held = libm::pow(r, horizon as f64) * last / (1.0 - r);
        let v = (c0 + c1 * start) * plain + c1 * d * timed + held;
        near(solve(&asked, doubt, 0.0).values[0], v, 1e-8);
    }
}

#[test]
fn without_chance_the_line_is_where_its_drift_carries_it() {
    // Worth rises from 20 at 0 to 60 at 1,000; the line moves by 130 a month from 0: on the slope in months 0 to 7, at the
    // top from month 8 on.
    let mut asked = still();
    asked.war.pace = 260.0;
    asked.war.edge = 0.5;
    asked.war.volatility = 0.0;
    asked.war.knots = vec![0.0, 1_000.0];
    asked.war.other_end = 0.03;
    asked.war.types[0].unsettled = vec![20.0, 60.0];
    asked.war.types[0].armistice = vec![20.0, 60.0];
    let payoff = asked.war.types[0].clone();
    let (delta, q) = (payoff.patience, -libm::expm1(-0.03));
    let costs = (1.0 - delta) * payoff.burden + payoff.scar;
    let r = delta * (1.0 - q);
    let (plain, timed) = sums(r, 8);
    // A month at worth w brings ((1-δ) + δq)w less its costs, and 1 - δ + δq = 1 - r.
    let slope = 20.0 * plain + 0.04 * 130.0 * timed;
    let top = 60.0 * libm::pow(r, 8.0) / (1.0 - r);
    let v = (1.0 - r) * (slope + top) - costs / (1.0 - r);
    near(value(&asked), v, ROUNDING);

    // With chance, no month's mean worth is off by more than the slope times the mean distance σ√(2t/π), and the months'
    // weights add up to one.
    for volatility in [100.0, 1.0, 1e-2, 1e-4, 1e-8] {
        asked.war.volatility = volatility;
        let spread = volatility * (2.0 * 24.0 / std::f64::consts::PI).sqrt();
        near(value(&asked), v, 0.04 * spread + ROUNDING);
    }
}

#[test]
fn perfect_patience_leaves_the_ending_alone() {
    for seed in 0..20 {
        let mut asked = random_contest(seed);
        asked.war.other_end = 0.3;
        let horizon = asked.war.horizon;
        let war = asked.war();
        let knots = war.knots.len();
        let (u, z) = (35.0, [90.0, 5.0, 55.0, -35.0]);
        // Chances of the endings; beyond the horizon, in the proportions of its last month.
        let mut by_ending = [0.0; 4];
        let mut months = 0.0;
        let (mut fighting, mut last) = (1.0, [0.0; 4]);
        for chance in chances(&war) {
            months += fighting;
            fighting -= chance.iter().sum::<f64>();
            last = chance;
            by_ending
                .iter_mut()
                .zip(chance)
                .for_each(|(all, c)| *all += c);
        }
        let ends: f64 = last.iter().sum();
        for (all, c) in by_ending.iter_mut().zip(last) {
            *all += fighting * c / ends;
        }
        months += fighting * (fighting + ends) / ends;
        let mean: f64 = by_ending.iter().zip(z).map(|(chance, z)| chance * z).sum();
        for lost in [1e-3, 1e-5, 1e-7] {
            asked.war.types = vec![Payoff {
                patience: 1.0 - lost,
                burden: 0.0,
                scar: 0.0,
                escalation_cost: 35.0,
                unsettled: vec![u; knots],
                armistice: vec![z[2]; knots],
                decisive: [z[0], z[1]],
            }];
            // A month fought is worth (1-δ)u instead of the part of the ending's worth that it delays.
            let most = lost * months * (u + 90.0);
            near(value(&asked), mean, most + 1e-8);
        }
        assert!(months > 1.0 && months < horizon as f64);
    }
}

#[test]
fn a_war_that_nothing_ends_is_a_flow() {
    let mut asked = still();
    for (patience, scar) in [(0.9, 0.0), (0.985, 0.15), (0.999, 0.4)] {
        (asked.war.types[0].patience, asked.war.types[0].scar) = (patience, scar);
        let answer = asked.solve();
        near(
            answer.values[0],
            40.0 - 12.0 - scar / (1.0 - patience),
            1e-8,
        );
        assert!(answer.beyond == 1.0 && answer.endings.iter().all(|chance| *chance == 0.0));
    }
}

#[test]
fn where_no_contest_is_stated_the_reservation_is_the_value() {
    let types: Vec<TypeNumbers<f64>> = [37.5, -4.0]
        .map(|reservation| TypeNumbers {
            prior: 1.0,
            patience: 0.985,
            reservation,
            // Neither a war nor its costs.
            burden: 20.0,
            scar: 1.0,
            ..TypeNumbers::default()
        })
        .into();
    let party = |p: usize| Party {
        id: format!("p{p}"),
        name: String::new(),
        side: None,
        roles: vec![Role::Belligerent],
        types: p..p + 1,
        opening: None,
    };
    let kind = |p: usize| PartyType {
        party: p,
        id: format!("p{p}"),
        name: String::new(),
    };
    let setting = Setting {
        parties: (0..2).map(party).collect(),
        types: (0..2).map(kind).collect(),
        reservations: true,
        ..Setting::default()
    };
    let numbers = Numbers {
        types,
        ..Numbers::default()
    };
    let world = World {
        index: 0,
        numbers,
        ..World::default()
    };
    let mut stage = Stage::default();
    let scene = stage.set(&setting, &world, Search::None);
    assert_eq!(scene.reservation(0), Some(37.5));
    assert_eq!(scene.reservation(1), Some(-4.0));
}

#[test]
fn endings_and_beyond_make_one() {
    for seed in 0..300 {
        let asked = random_contest(seed);
        for doubt in [0.0, 0.3] {
            let answer = solve(&asked, doubt, 0.5);
            near(
                answer.endings.iter().sum::<f64>() + answer.beyond,
                1.0,
                1e-12,
            );
        }
    }
}

#[test]
fn twice_the_horizon_moves_no_value_by_more_than_is_stated() {
    let mut refused = 0;
    for seed in 0..120 {
        for doubt in [0.0, 0.2] {
            let asked = random_contest(seed);
            let answer = solve(&asked, doubt, 0.0);
            let mut longer = asked.clone();
            longer.war.horizon *= 2;
            let change = largest_gap(&solve(&longer, doubt, 0.0).values, &answer.values);
            assert!(
                // Where later months are alike they are taken in stretches, and the change is stated to within a hundredth.
                // A longer horizon integrates a doubt by more points.
                answer.truncation >= 0.99 * change - if doubt > 0.0 { 2e-3 } else { ROUNDING },
                "contest {seed}: {change} above {}",
                answer.truncation
            );
        }
        // What is stated to move by more than a tenth of a point is refused.
        let (setting, world) = question(&random_story(seed));
        let (outcome, _, truncation) = examined(&setting, &world);
        refused += usize::from(truncation > 0.1);
        match outcome {
            Outcome::GaveUp(_) => assert!(truncation > 0.1, "story {seed}: {truncation}"),
            outcome => assert!(truncation <= 0.1, "story {seed}: {outcome:?}"),
        }
    }
    assert!((10..110).contains(&refused), "{refused} refused");
}

/// What the lens of the alternative says: its outcome, the gaps by type, and the largest truncation that it was told.
fn examined(setting: &Setting, world: &World) -> (Outcome, Vec<f64>, f64) {
    let specs = conformance::specs();
    let layout = Layout::new(setting, &specs);
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    let outcomes =
        conformance::examine_all(&layout, &mut stage, setting, world, Search::None, &mut row);
    let place = specs.iter().position(|spec| spec.id == "alternative");
    let gaps = (0..setting.types.len())
        .map(|t| row[layout.column_of("alternative", "gap", &[t])])
        .collect();
    let scene = stage.scene(setting, world, Search::None);
    let truncation = scene.solved.iter().map(|(_, answer)| answer.truncation);
    (
        outcomes[place.expect("a lens")].clone(),
        gaps,
        truncation.fold(0.0, f64::max),
    )
}

#[test]
fn identical_beliefs_leave_no_gap() {
    let mut open = 0;
    for seed in 0..60 {
        let mut story = random_story(seed);
        // Long enough for an answer.
        story.war.horizon = 150;
        story.war.other_end += 0.05;
        let gaps = |story: &crate::story::Story| {
            let (setting, world) = question(story);
            let (outcome, gaps, _) = examined(&setting, &world);
            assert_eq!(outcome, Outcome::Done, "story {seed}");
            gaps
        };
        open += gaps(&story).iter().filter(|gap| gap.abs() > 0.01).count();
        for mind in &mut story.minds {
            (mind.edge, mind.doubt, mind.escalation) = (0.0, 0.0, 0.0);
        }
        assert!(
            gaps(&story).iter().all(|gap| *gap == 0.0),
            "story {seed}: {:?}",
            gaps(&story)
        );
    }
    assert!(open > 60, "{open} gaps to close");
}

/// A war at an end of every range: bit `i` of `ends` says which end of range `i`.
fn extreme(ends: usize) -> Asked {
    let end = |bit: usize, low: f64, high: f64| if ends >> bit & 1 == 0 { low } else { high };
    let contribution = |bit: usize| Contribution {
        share: 0.5,
        level: end(bit, 0.0, 2.0),
        buffer: 0.0,
        ramp: end(4, 0.0, 1e6),
    };
    let nest = |side: usize, bit: usize| Nest {
        side,
        weight: 1.0,
        rho: end(bit, -2.0, 1.0),
        contributions: vec![contribution(bit), contribution(bit + 1)],
    };
    let mut asked = still();
    let war = &mut asked.war;
    war.horizon = 36;
    war.edge = end(0, -3.0, 3.0);
    war.nests = vec![nest(0, 1), nest(1, 2)];
    war.levers = vec![Lever {
        delay: end(4, 0.0, 1e6),
        escalation: end(5, -20.0, 20.0),
        sets: vec![(0, 0, end(6, 0.0, 2.0))],
    }];
    asked.run = vec![true];
    war.depletion[0] = Depletion {
        from_month: 0.0,
        low: 0.4,
    };
    war.decisive = end(7, 1e-12, 100.0);
    war.decisive_slope = end(8, 0.0, 20.0);
    war.other_end = end(9, 0.0, 1e3);
    war.escalation = end(10, 0.0, 1e3);
    war.escalation_slope = end(8, 0.0, 20.0);
    war.pace = end(11, 0.0, 1e6);
    war.volatility = end(12, 0.0, 1e6);
    war.knots = vec![-1e4, 0.0, 1e-6, 1e4];
    let payoff = &mut war.types[0];
    payoff.patience = end(13, 0.9, 0.999);
    payoff.unsettled = vec![0.0, 20.0, 80.0, 100.0];
    payoff.armistice = vec![100.0, 30.0, 20.0, 0.0];
    asked
}

/// Everything is a number where it should be, and V lies between the best and the worst that can happen.
fn check_sound(asked: &Asked, answer: &NoDealSolution, label: &str) {
    let lists = [&answer.line_mean, &answer.line_sd, &answer.supply_a];
    let mut numbers = lists.into_iter().flatten().chain(&answer.supply_b);
    assert!(numbers.all(|x| x.is_finite()), "{label}: {answer:?}");
    let shares = answer.endings.iter().chain([&answer.beyond]);
    assert!(
        shares
            .clone()
            .all(|share| (-1e-15..=1.0 + 1e-12).contains(share)),
        "{label}: {answer:?}"
    );
    near(shares.sum(), 1.0, 1e-11);
    let payoff = &asked.war.types[0];
    let best = 100.0;
    let worst =
        (-payoff.burden).min(-payoff.escalation_cost) - payoff.scar / (1.0 - payoff.patience);
    assert!(
        (worst - 1e-6..=best + 1e-6).contains(&answer.values[0]),
        "{label}: V {}",
        answer.values[0]
    );
    assert!(answer.truncation >= 0.0, "{label}: {}", answer.truncation);
}

#[test]
fn ends_of_every_range_give_numbers() {
    for ends in 0..1 << 14 {
        let asked = extreme(ends);
        check_sound(&asked, &asked.solve(), &format!("ends {ends:#b}"));
    }
    for ends in (0..1 << 14).step_by(37) {
        let asked = extreme(ends);
        let answer = solve(&asked, 3.0, if ends % 2 == 0 { 5.0 } else { -5.0 });
        check_sound(&asked, &answer, &format!("ends {ends:#b} in doubt"));
    }
    // An edge has no bound: far beyond any war, where exponentials of it would overflow.
    for edge in [-1e4, -60.0, 60.0, 1e4] {
        for ends in (0..1 << 14).step_by(101) {
            let mut asked = extreme(ends);
            asked.war.edge = edge;
            check_sound(
                &asked,
                &asked.solve(),
                &format!("edge {edge}, ends {ends:#b}"),
            );
        }
    }
    // Exponents near those that have a formula of their own.
    for rho in [-2.0, -1e-12, 0.0, 1e-12, 1.0 - 1e-12, 1.0] {
        for levels in [[0.0, 0.0], [0.0, 2.0], [1e-9, 2.0], [2.0, 2.0]] {
            let mut asked = extreme(0b1_0000_1000_0000);
            let nest = &mut asked.war.nests[1];
            nest.rho = rho;
            for (c, level) in nest.contributions.iter_mut().zip(levels) {
                c.level = level;
            }
            check_sound(&asked, &asked.solve(), &format!("{rho}, {levels:?}"));
        }
    }
}
