//! D from the definition of the model alone, against the stage that values deals.

use crate::expected::Rule;
use crate::simulation::Random;
use crate::slow_answers::{Answers, Compared};
use crate::slow_cases::{
    add_durability, add_guarantor, add_packages, add_terms, outright, see_far, with_refusals,
};
use crate::slow_peace::{Law, Peace};
use crate::slow_war::Slow;
use detente_core::{
    Fate, LotteryNumbers, LotterySetting, MILESTONES, Role, Search, Setting, Trigger, World,
};
use detente_lens::Stage;
use std::collections::BTreeMap;

/// Points that V(resume) may be off, which is solved at a few edges and interpolated between them.
const INTERPOLATED: f64 = 0.05;
/// Points that V may be off where nothing lies between edges.
const ROUNDED: f64 = 1e-9;
/// Packages that are compared in a case.
const PACKAGES: usize = 2;
/// Like the solver's.
const LAW: Law = Law {
    when: 0.0,
    attacks: true,
    guarantees: true,
};

#[test]
fn a_peace_that_nothing_breaks_is_worth_what_it_says() {
    for seed in 0..10 {
        let (mut setting, mut world) = outright(seed);
        add_durability(&mut setting, &mut world, seed);
        world.numbers.durability[0].background = 0.0;
        let law = Law {
            attacks: false,
            ..LAW
        };
        let slow = Slow::new(&setting, &world);
        let peace = Peace::new(&slow, law, Some(vec![0.0; setting.types.len()]));
        let package = vec![0; setting.issues.len()];
        for t in 0..setting.types.len() {
            let paper = slow.worth(t, &package, &[Fate::Deal], &[]);
            assert!((peace.deal(t, &package) - paper).abs() < 1e-10);
        }
    }
}

#[test]
fn a_peace_that_breaks_at_one_rate_has_a_closed_form() {
    for seed in 0..10 {
        let (mut setting, mut world) = outright(seed);
        add_durability(&mut setting, &mut world, seed);
        let n = &mut world.numbers.durability[0];
        (
            n.guarantee,
            n.verification,
            n.separation,
            n.imposed,
            n.mediated,
        ) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let war: Vec<f64> = world.numbers.types.iter().map(|t| t.reservation).collect();
        let breaks = 1.0 - libm::exp(-n.background);
        let law = Law {
            attacks: false,
            ..LAW
        };
        let slow = Slow::new(&setting, &world);
        let peace = Peace::new(&slow, law, Some(war.clone()));
        let package = vec![0; setting.issues.len()];
        for t in 0..setting.types.len() {
            let paper = slow.worth(t, &package, &[Fate::Deal], &[]);
            let patience = world.numbers.types[t].patience;
            let own = ((1.0 - patience) * paper + patience * breaks * war[t])
                / (1.0 - patience * (1.0 - breaks));
            assert!((peace.deal(t, &package) - own).abs() < 1e-9);
        }
    }
}

#[test]
fn deals_over_wars_of_a_stated_worth() {
    let mut compared = Compared::default();
    for seed in 0..40 {
        let (mut setting, mut world) = outright(seed);
        add_packages(&mut setting, &mut world, seed);
        add_durability(&mut setting, &mut world, seed);
        let war: Vec<f64> = world.numbers.types.iter().map(|t| t.reservation).collect();
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        let slow = Slow::new(&setting, &world);
        let peace = Peace::new(&slow, LAW, Some(war));
        for t in 0..setting.types.len() {
            for (p, package) in setting.packages.iter().enumerate() {
                let ours = peace.deal(t, &package.choice);
                let told = scene.deal(t, &package.choice);
                let what = format!("seed {seed} type {t} package {p}");
                compared.entry(ours, Some(told), 1e-9, &what);
            }
        }
    }
    println!("{compared:#?}");
    assert!(
        compared.differ.is_empty() && compared.entries > 500,
        "{compared:#?}"
    );
}

/// War as a lottery is fought again when a dictate breaks down: V and D of the two dictates solve one equation.
#[test]
fn deals_over_lotteries_that_are_fought_again() {
    let mut compared = Compared::default();
    for seed in 0..30 {
        let (mut setting, mut world) = outright(seed);
        add_packages(&mut setting, &mut world, seed);
        add_durability(&mut setting, &mut world, seed);
        let mut random = Random::new(seed + 18_000_000);
        setting.reservations = false;
        setting.lottery = Some(LotterySetting {
            a_wins: setting.packages[2].choice.clone(),
            b_wins: setting.packages[3].choice.clone(),
        });
        world.numbers.lottery = vec![LotteryNumbers {
            chance: random.between(0.1, 0.9),
        }];
        for numbers in &mut world.numbers.types {
            numbers.fighting_cost = random.between(0.0, 20.0);
            numbers.believes_chance = random.between(-1.0, 1.0);
        }
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        let slow = Slow::new(&setting, &world);
        let open = Peace::new(&slow, LAW, Some(Vec::new()));
        let value = |t: usize| {
            let own = &world.numbers.types[t];
            let chance = world.numbers.lottery[0].chance;
            let odds = chance / (1.0 - chance) * libm::exp(own.believes_chance);
            let chance = odds / (1.0 + odds);
            let mut never = -own.fighting_cost;
            let mut again = 0.0;
            for (package, fate, chance) in [
                (&setting.packages[2].choice, Fate::ADecisive, chance),
                (&setting.packages[3].choice, Fate::BDecisive, 1.0 - chance),
            ] {
                let how = [fate, Fate::Imposed];
                let features = open.features(package, &how);
                let paper = slow.worth(t, package, &how, &[]);
                let calm = open.unattacked(t, &features, paper, 0.0);
                never += chance * calm;
                again += chance * (open.unattacked(t, &features, paper, 1.0) - calm);
            }
            never / (1.0 - again)
        };
        let war: Vec<f64> = (0..setting.types.len()).map(value).collect();
        let peace = Peace::new(&slow, LAW, Some(war.clone()));
        for (t, war) in war.into_iter().enumerate() {
            let what = format!("seed {seed} type {t}");
            compared.entry(war, scene.no_deal_value(t), 1e-9, &what);
            for package in &setting.packages[..2] {
                let ours = peace.deal(t, &package.choice);
                let told = scene.deal(t, &package.choice);
                let what = format!("{what} package {}", package.id);
                compared.entry(ours, Some(told), 1e-9, &what);
            }
        }
    }
    println!("{compared:#?}");
    assert!(compared.differ.is_empty(), "{compared:#?}");
}

/// A random case in which something may follow a deal, and its levers that await a refusal are off.
fn resuming(seed: u64, doubt: bool, guarded: bool) -> (Setting, World) {
    let (mut setting, mut world) = with_refusals(seed, doubt);
    for (lever, numbers) in setting.levers.iter().zip(&mut world.numbers.levers) {
        if lever.trigger != Trigger::Now {
            numbers.on = 0.0;
        }
    }
    add_packages(&mut setting, &mut world, seed);
    setting.packages.truncate(PACKAGES);
    add_durability(&mut setting, &mut world, seed);
    if guarded {
        add_guarantor(&mut setting, &mut world, seed);
    }
    // Attacks that are less than certain.
    world.numbers.behaviour[0].noise = 2.0;
    (setting, world)
}

/// Comparisons by quantity.
#[derive(Debug, Default)]
struct All {
    compared: BTreeMap<String, Compared>,
    /// Packages compared, by what is particular about them.
    seen: BTreeMap<&'static str, usize>,
}

impl All {
    /// Compares all that the lens and the stage tell of a case.
    fn compare(
        &mut self,
        kind: &str,
        setting: &Setting,
        world: &World,
        rule: Option<Rule>,
        within: f64,
    ) {
        let mut stage = Stage::default();
        let scene = stage.set(setting, world, Search::None);
        let answers = Answers::of(setting, world, Search::None);
        let mut slow = Slow::new(setting, world);
        if let Some(rule) = rule {
            slow.rule = rule;
        }
        let peace = Peace::new(&slow, LAW, None);
        let law = Law {
            guarantees: false,
            ..LAW
        };
        let bare = Peace::new(&slow, law, None);
        let mut note = |quantity: &str, index: &[usize], ours: f64, limit: f64| {
            let told = match quantity {
                "no deal" => scene.no_deal_value(index[0]),
                "deal" => Some(scene.deal(index[0], &setting.packages[index[1]].choice)),
                _ => answers.get(setting, "durability", quantity, index),
            };
            let of = self.compared.entry(quantity.to_owned()).or_default();
            of.entry(ours, told, limit, &format!("{kind} {index:?}"));
        };
        for package in &setting.packages {
            let features = peace.features(&package.choice, &[Fate::Deal]);
            let guarantors = peace.guarantees();
            let succeeds = |l: &usize| {
                setting
                    .turnovers
                    .iter()
                    .any(|s| s.party == setting.levers[*l].by)
            };
            let guaranteed = features.guarantee > 0.0 && !guarantors.is_empty();
            for (what, has) in [
                ("lapses", features.lasts.is_some()),
                ("sets", !features.sets.is_empty()),
                ("dictated", features.imposed),
                ("guaranteed", guaranteed),
                (
                    "by successors",
                    guaranteed && guarantors.iter().any(succeeds),
                ),
                (
                    "mediated",
                    setting
                        .parties
                        .iter()
                        .any(|p| p.roles.contains(&Role::Mediator)),
                ),
            ] {
                *self.seen.entry(what).or_default() += usize::from(has);
            }
        }
        let numbers = &world.numbers.durability[0];
        let prior = |t: usize| world.numbers.types[t].prior;
        for t in 0..setting.types.len() {
            note("no deal", &[t], peace.no_deal(t), ROUNDED);
            let fights = setting.parties[setting.types[t].party].roles[0] == Role::Belligerent;
            for (p, package) in setting.packages.iter().enumerate() {
                let deal = peace.deal(t, &package.choice);
                note("deal", &[t, p], deal, within);
                note("deal_value", &[t, p], deal, within);
                let buys = deal - bare.deal(t, &package.choice);
                note("guarantee_buys", &[t, p], buys, within);
                if fights {
                    let attack = peace.attack(t, &package.choice);
                    note("temptation", &[t, p], attack.temptation, within);
                    if attack.temptation > 0.1 {
                        note("attack_month", &[t, p], attack.month as f64, 1.0);
                    }
                }
            }
        }
        for (p, package) in setting.packages.iter().enumerate() {
            for (m, months) in MILESTONES.into_iter().enumerate() {
                let survival = peace.survival(&package.choice, months);
                note("survival", &[p, m], survival, 1e-3);
            }
            for f in 0..setting.failures.len() {
                let survival = peace.quiet(&package.choice, f, 60);
                note("survival_of", &[f, p], survival, 1e-9);
            }
            for (i, party) in setting.parties.iter().enumerate().take(2) {
                let attack = |t| prior(t) * peace.attack(t, &package.choice).chance;
                let attack: f64 = party.types.clone().map(attack).sum();
                note("attack", &[i, p], attack, 1e-3);
            }
        }
        if setting.targets.is_empty() {
            return;
        }
        // The armistice with the line at the option nearest to today's.
        let contest = setting.contest.as_ref().expect("a contest");
        let today = world.numbers.contest[0].start;
        let mut freeze = contest.armistice.clone();
        let mut nearest = f64::INFINITY;
        for (o, x) in (0_u8..).zip(&world.numbers.positions) {
            if (x - today).abs() < nearest {
                nearest = (x - today).abs();
                freeze[contest.line_issue] = o;
            }
        }
        for (i, party) in setting.parties.iter().enumerate().take(2) {
            let other = numbers.targets[i];
            note("target_temptation", &[i], other, 0.0);
            let gains: Vec<f64> = party
                .types
                .clone()
                .map(|t| peace.attack(t, &freeze).gain)
                .collect();
            if gains.iter().all(|gain| (gain - other).abs() > within) {
                let more = party.types.clone().zip(&gains);
                let more = more.filter(|(_, gain)| **gain > other);
                let unique: f64 = more.map(|(t, _)| prior(t)).sum();
                note("unique_target", &[i], unique, 1e-9);
            }
        }
    }

    fn close(&self, needed: &[(&str, usize)]) {
        println!("{self:#?}");
        for (quantity, of) in &self.compared {
            assert!(of.differ.is_empty(), "{quantity}: {of:#?}");
        }
        for (quantity, entries) in needed {
            assert!(self.compared[*quantity].entries > *entries, "{quantity}");
        }
    }
}

#[test]
fn deals_over_wars_that_may_resume() {
    let mut all = All::default();
    for seed in [0, 1, 2, 4, 5, 7, 8, 9, 14, 16, 18, 37] {
        let guarded = seed % 2 == 0;
        let (mut setting, mut world) = resuming(seed, false, guarded);
        add_terms(&mut setting, &mut world, seed, guarded);
        see_far(&mut setting);
        all.compare(
            &format!("seed {seed}"),
            &setting,
            &world,
            None,
            INTERPOLATED,
        );
    }
    all.close(&[
        ("deal", 80),
        ("no deal", 40),
        ("guarantee_buys", 80),
        ("attack_month", 5),
        ("survival", 150),
        ("unique_target", 10),
    ]);
    assert!(all.seen.values().all(|count| *count > 1), "{:?}", all.seen);
}

/// Where forces stay and nobody misreads the edge, V(resume) is solved and not interpolated.
#[test]
fn deals_over_wars_that_resume_as_they_were() {
    let mut all = All::default();
    for seed in [20, 21, 22, 23, 24] {
        let guarded = seed % 2 == 0;
        let (mut setting, mut world) = resuming(seed, false, guarded);
        add_terms(&mut setting, &mut world, seed, guarded);
        see_far(&mut setting);
        world.numbers.durability[0].force = vec![1.1, 1.1];
        world.numbers.durability[0].rebuild = vec![20.0, 20.0];
        for numbers in &mut world.numbers.types {
            numbers.believes_edge = 0.0;
        }
        all.compare(&format!("seed {seed}"), &setting, &world, None, ROUNDED);
    }
    all.close(&[("deal", 20), ("temptation", 10)]);
}

#[test]
fn deals_over_wars_whose_edge_is_in_doubt() {
    let mut all = All::default();
    let (setting, world) = resuming(3, true, false);
    let doubt = |t: &detente_core::TypeNumbers<f64>| t.own_sd > 0.0;
    assert!(world.numbers.types.iter().any(doubt));
    let rule = Some(Rule::gauss(16));
    all.compare("in doubt", &setting, &world, rule, INTERPOLATED);
    all.close(&[("deal", 3)]);
}
