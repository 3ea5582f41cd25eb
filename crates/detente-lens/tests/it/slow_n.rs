//! N and the chances of levers against the slow calculation.

use crate::slow_cases::with_refusals;
use crate::slow_refusal::Refusing;
use crate::slow_war::Slow;
use detente_core::{Fixed, Search, Setting, World};
use detente_lens::Stage;

/// Largest distances from the answers to one world: of incentives, of chances, of N, in points.
#[derive(Debug, Default)]
struct Gaps {
    incentive: f64,
    chance: f64,
    worth: f64,
    /// What N would change by if levers of one wielder hung on the same type of it.
    joint: f64,
    /// Refusals whose chances settle elsewhere if sought from certainty, by the slow calculation.
    several: usize,
    /// Refusals whose chances settled elsewhere than the slow calculation's.
    elsewhere: usize,
    /// How far those are from chances that their incentives make.
    unrest: f64,
    /// Chances that differ by more have settled elsewhere.
    noticed: f64,
    refusals: usize,
}

impl Gaps {
    fn compare(&mut self, setting: &Setting, world: &World) {
        let slow = Slow::new(setting, world);
        let mut stage = Stage::default();
        let scene = stage.set(setting, world, Search::None);
        for r in 0..setting.parties.len() {
            let mut refusing = Refusing::new(&slow, r);
            // Where there are several answers, theirs must be one: N is then compared as it follows from their chances.
            let theirs = |l: usize, t: usize| scene.refusals.chance(l, t);
            if refusing.distance(theirs) > self.noticed {
                self.elsewhere += 1;
                refusing.adopt(theirs);
                self.unrest = self.unrest.max(refusing.unrest);
                assert!(scene.refusals.several, "several answers are said to be so");
            }
            self.refusals += usize::from(!refusing.levers.is_empty());
            self.several += usize::from(refusing.several > 1e-6);
            assert!(
                scene.refusals.several || refusing.several < 1e-6,
                "several answers are said to be so"
            );
            for t in 0..setting.types.len() {
                for (k, l) in refusing.levers.iter().enumerate() {
                    if !refusing.incentive[k][t].is_nan() {
                        let theirs = scene.refusals.incentive(*l, t);
                        widen(&mut self.incentive, refusing.incentive[k][t], theirs);
                    }
                    widen(
                        &mut self.chance,
                        refusing.seen(k, t),
                        scene.refusals.chance(*l, t),
                    );
                }
                let worth = refusing.worth_if(t, &[], true);
                widen(&mut self.worth, worth, scene.refusals.worth(t, r));
                widen(&mut self.joint, worth, refusing.worth_if(t, &[], false));
                if setting.types[t].party == r {
                    let n = scene.reservation(t).expect("a contest");
                    widen(&mut self.worth, worth, n);
                    let bar = scene.bar(t).expect("a contest");
                    widen(
                        &mut self.worth,
                        worth + world.numbers.types[t].aspiration,
                        bar,
                    );
                }
            }
        }
    }
}

fn widen(gap: &mut f64, ours: f64, theirs: f64) {
    let apart = (ours - theirs).abs();
    *gap = gap.max(if apart.is_nan() { f64::INFINITY } else { apart });
}

#[test]
fn what_refusing_is_worth_is_what_listing_every_set_of_levers_says() {
    let mut gaps = Gaps {
        noticed: 1e-6,
        ..Gaps::default()
    };
    for seed in 0..120 {
        let (setting, world) = with_refusals(seed, false);
        gaps.compare(&setting, &world);
    }
    println!("{gaps:?}");
    assert!(
        gaps.incentive < 1e-10 && gaps.chance < 1e-11 && gaps.worth < 1e-10,
        "{gaps:?}"
    );
    assert!(gaps.refusals > 100);
}

#[test]
fn so_it_is_for_types_in_doubt() {
    let mut gaps = Gaps {
        noticed: 0.1,
        ..Gaps::default()
    };
    for seed in 0..20 {
        let (setting, mut world) = with_refusals(seed, true);
        world.numbers.behaviour[0].noise = 1.0;
        gaps.compare(&setting, &world);
    }
    println!("{gaps:?}");
    assert!(gaps.incentive < 0.006 && gaps.worth < 0.02, "{gaps:?}");
}

#[test]
fn so_it_is_where_chances_are_given() {
    let mut gaps = Gaps {
        noticed: 1e-6,
        ..Gaps::default()
    };
    for seed in 200..240 {
        let (setting, mut world) = with_refusals(seed, false);
        let last = setting.levers.len() - 1;
        for (lever, value) in [(last, 0.3), (last, 0.9), (last.saturating_sub(1), 1.0)] {
            world.fixed.push(Fixed {
                lens: "leverage",
                quantity: "credibility",
                index: vec![lever],
                value,
            });
        }
        gaps.compare(&setting, &world);
    }
    println!("{gaps:?}");
    assert!(gaps.incentive < 1e-10 && gaps.worth < 1e-10, "{gaps:?}");
}

#[test]
fn so_it_is_where_chances_settle_in_several_ways() {
    let mut gaps = Gaps {
        noticed: 1e-6,
        ..Gaps::default()
    };
    for seed in 1_000..2_000 {
        let (setting, mut world) = with_refusals(seed, false);
        world.numbers.behaviour[0].noise = 0.05;
        gaps.compare(&setting, &world);
    }
    println!("{gaps:?}");
    assert!(gaps.incentive < 1e-8 && gaps.worth < 1e-8, "{gaps:?}");
    assert!(
        gaps.unrest < 1e-10 && gaps.elsewhere < gaps.refusals / 200,
        "{gaps:?}"
    );
}
