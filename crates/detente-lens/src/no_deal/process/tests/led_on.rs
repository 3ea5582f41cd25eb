//! Proofs of what is kept once a deal has lapsed into a process: absorbing chains by hand, and the lens with its certificate.

use detente_core::catalogue::durability::{KEPT, KEPT_TO_LAPSE, SURVIVAL};
use detente_core::{
    FeatureKind, Layout, MILESTONES, ProcessPlace, Question, RowView, Search, Setting, Verdict,
    World,
};

use super::{chain, process};
use crate::conformance::{examine_all, specs};
use crate::no_deal::process::fate::in_force;
use crate::{LENSES, Stage};

/// Talks come to a final deal with p a month, which breaks down with q: after m months it is in force with
/// p((1 − p)^m − (1 − q)^m)/(q − p) (two transient states, Kemeny & Snell 1960). What has broken down stays so, though talks begin again.
#[test]
fn a_final_deal_that_may_break_down() {
    let (into, out) = (0.15, 0.04);
    let moves = [
        (0, ProcessPlace::State(1), into),
        (1, ProcessPlace::State(2), out),
        (2, ProcessPlace::State(1), 0.3),
    ];
    let states = [[0.0, 0.0]; 3];
    let (mut setting, world, _) = chain(&[0.98], &states, &[], &moves);
    assert!(
        in_force(&setting, &world, 0, 12).is_none(),
        "no deal is one"
    );
    setting.process.as_mut().unwrap().states[1].deal = true;
    let (p, q) = (-libm::expm1(-into), -libm::expm1(-out));
    let talks = in_force(&setting, &world, 0, 240).unwrap();
    let signed = in_force(&setting, &world, 1, 240).unwrap();
    for m in 0..=240 {
        let stays = |x: f64| libm::pow(1.0 - x, m as f64);
        // Who begins where it broke down has broken nothing yet.
        assert!((signed[m] - stays(q)).abs() < 1e-12);
        // Of those that come to the deal from talks none comes twice.
        let exact = p * (stays(p) - stays(q)) / (q - p);
        assert!(
            (talks[m] - exact).abs() < 1e-12,
            "{m}: {} {exact}",
            talks[m]
        );
    }
}

/// Of a state with two ends, one of them a deal: its share of what has ended. From deal to deal nothing breaks down.
#[test]
fn ends_and_deals_that_follow_deals() {
    let moves = [
        (0, ProcessPlace::End(0), 0.02),
        (0, ProcessPlace::End(1), 0.06),
    ];
    let (mut setting, world, _) = chain(&[0.98], &[[0.0, 0.0]], &[0.0, 1.0], &moves);
    setting.process.as_mut().unwrap().ends[1].deal = true;
    for (m, found) in in_force(&setting, &world, 0, 90)
        .unwrap()
        .iter()
        .enumerate()
    {
        let exact = -0.75 * libm::expm1(-0.08 * m as f64);
        assert!((found - exact).abs() < 1e-13);
    }
    // The state is a deal too: what leaves it for the other end alone breaks down.
    setting.process.as_mut().unwrap().states[0].deal = true;
    for (m, found) in in_force(&setting, &world, 0, 90)
        .unwrap()
        .iter()
        .enumerate()
    {
        let exact = 1.0 + 0.25 * libm::expm1(-0.08 * m as f64);
        assert!((found - exact).abs() < 1e-12);
    }
}

/// A rate that changes at a date: dates are counted from the lapse.
#[test]
fn dates_are_counted_from_the_lapse() {
    let moves = [(0, ProcessPlace::End(0), 0.0)];
    let (mut setting, mut world, _) = chain(&[0.98], &[[0.0, 0.0]], &[0.0], &moves);
    setting.process.as_mut().unwrap().ends[0].deal = true;
    world.numbers.process[0].moves[0].later = vec![detente_core::RateNumbers {
        from_month: 5.0,
        rate: 0.1,
    }];
    let found = in_force(&setting, &world, 0, 20).unwrap();
    for (m, found) in found.iter().enumerate() {
        let exact = -libm::expm1(-0.1 * (m as f64 - 5.0).max(0.0));
        assert!((found - exact).abs() < 1e-13);
    }
}

fn told(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &specs());
    let mut row = vec![f64::NAN; layout.width()];
    let stage = &mut Stage::default();
    examine_all(&layout, stage, setting, world, Search::None, &mut row);
    (layout, row)
}

fn place() -> usize {
    let mut lenses = LENSES.iter();
    lenses
        .position(|lens| lens.spec().id == "durability")
        .unwrap()
}

fn verdict(setting: &Setting, world: &World, layout: &Layout, row: &[f64]) -> Verdict {
    let answer = RowView::new(layout, place(), row);
    detente_certify::certificate("durability")(Question { setting, world }, answer)
}

/// A named package whose deal lapses at month 10.5 into a state, nothing else ending it, with everybody content to sign.
fn lapsing(case: u64) -> (Setting, World, usize) {
    let (mut setting, mut world) = process(case, true);
    setting.levers.clear();
    world.numbers.levers.clear();
    setting.red_lines.clear();
    world.numbers.red_lines.clear();
    world.fixed.clear();
    let numbers = &mut world.numbers.durability[0];
    numbers.background = 0.004;
    numbers.kept_months = 60.0;
    for own in &mut world.numbers.types {
        // All sign whatever it is, and nothing tempts anybody.
        (own.aspiration, own.renege_cost) = (-1e4, 1e4);
    }
    let features = setting.features.iter().zip(&mut world.numbers.features);
    let lasting = features.filter(|(feature, _)| feature.kind == FeatureKind::Lasts);
    for (_, own) in lasting {
        own.size = 10.5;
    }
    let option = setting
        .features
        .iter()
        .find(|feature| feature.kind == FeatureKind::Lasts)
        .unwrap()
        .option;
    let (issue, own) = setting
        .issues
        .iter()
        .enumerate()
        .find(|(_, issue)| {
            (issue.first_option..issue.first_option + issue.options.len()).contains(&option)
        })
        .unwrap();
    let choice = u8::try_from(option - own.first_option).unwrap();
    setting.packages[0].choice[issue] = choice;
    (setting, world, 0)
}

/// Kept at month 60 is kept to month 10.5 and led on within the 49 whole months after; before the lapse nothing has changed.
#[test]
fn kept_goes_on_with_the_final_deal() {
    let (mut through, mut led) = (0, 0);
    for case in 0..12 {
        let (setting, world, p) = lapsing(case);
        let (layout, row) = told(&setting, &world);
        let answer = RowView::new(&layout, place(), &row);
        let holds = verdict(&setting, &world, &layout, &row);
        assert!(matches!(holds, Verdict::Holds(_)), "case {case}: {holds:?}");
        // All lapse at once: each state that one leads to is as likely as the others.
        let chosen = setting.issues.iter().zip(&setting.packages[p].choice);
        let mut states: Vec<usize> = chosen
            .filter_map(|(issue, o)| issue.options[*o as usize].then)
            .collect();
        states.sort_unstable();
        states.dedup();
        let each: Option<Vec<_>> = states
            .iter()
            .map(|state| in_force(&setting, &world, *state, 240))
            .collect();
        let each = each.filter(|each| !each.is_empty());
        let by = each.map(|each| -> Vec<f64> {
            let mean = |m: usize| each.iter().map(|by| by[m]).sum::<f64>() / each.len() as f64;
            (0..each[0].len()).map(mean).collect()
        });
        let to_lapse = answer.get(KEPT_TO_LAPSE, &[p]);
        if to_lapse.is_nan() {
            continue;
        }
        through += 1;
        let at = |months: usize| by.as_ref().map_or(0.0, |by| by[months]);
        led += usize::from(at(49) > 0.01);
        let kept = answer.get(KEPT, &[p]);
        assert!(
            (kept - to_lapse * at(49)).abs() < 1e-12,
            "{kept} {to_lapse}"
        );
        for (m, month) in MILESTONES.into_iter().enumerate() {
            let told = answer.get(SURVIVAL, &[p, m]);
            if month <= 10 {
                assert!(told >= to_lapse - 1e-12, "it can only break down");
            } else {
                let since = month - 11;
                assert!((told - to_lapse * at(since)).abs() < 1e-12, "{month}");
            }
        }
        for (name, index) in [
            ("kept", &[p][..]),
            ("kept_to_lapse", &[p]),
            ("survival", &[p, 6]),
            ("survival_if_signed", &[p, 7]),
        ] {
            let mut corrupted = row.clone();
            corrupted[layout.column_of("durability", name, index)] += 1e-3;
            let failed = verdict(&setting, &world, &layout, &corrupted);
            assert!(matches!(failed, Verdict::Fails(_)), "case {case}: {name}");
        }
    }
    assert!(through >= 6 && led >= 3, "{through} {led}");
}
