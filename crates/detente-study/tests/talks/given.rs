//! What is given and not chosen: answers, announcements and threats that a claim sets.

use detente_case::Overrides;
use detente_core::Fixed;
use detente_core::catalogue::talks::{ANNOUNCED, BELIEVED, DEAL, PULLED, PULLS, REFUSES};

use super::{CRISIS, One, near};

fn set(quantity: &'static str, index: &[usize], value: f64) -> Overrides {
    Overrides {
        fixed: vec![Fixed {
            lens: "talks",
            quantity,
            index: index.to_vec(),
            value,
        }],
        ..Overrides::default()
    }
}

/// A target that concedes nothing is threatened by nobody who would not fight: three in ten are strong, and fight.
#[test]
fn nobody_bluffs_where_refusal_is_given() {
    let free = One::of(CRISIS);
    let target = free.t("target");
    let bound = One::under(CRISIS, &set("refuses", &[target, 0], 1.0));
    near(bound.get(REFUSES, &[target, 0]), 1.0, 1e-12, "what is set");
    let weak = bound.t("government.weak");
    near(bound.get(ANNOUNCED, &[0, weak]), 0.0, 1e-9, "the weak");
    near(bound.get(PULLED, &[0]), 0.3, 1e-9, "the strong fight");
    near(bound.get(DEAL, &[3]), 0.0, 1e-12, "no concession");
}

/// Who is bound to carry out a threat is believed, and need not: the target concedes to all.
#[test]
fn a_threat_that_is_sure_to_be_carried_out_is_not_put_to_the_test() {
    let free = One::of(CRISIS);
    let weak = free.t("government.weak");
    near(free.get(PULLS, &[0, weak]), 0.0, 1e-9, "a bluff");
    let bound = One::under(CRISIS, &set("pulls", &[0, weak], 1.0));
    near(bound.get(PULLS, &[0, weak]), 1.0, 1e-12, "what is set");
    near(bound.get(PULLED, &[0]), 0.0, 1e-9, "nobody has to");
    near(bound.get(DEAL, &[3]), 1.0, 1e-9, "all threaten, and get it");
}

/// Announcements by half of the weak leave .3/(.3 + .35) for the strong, by Bayes' rule.
#[test]
fn announcements_that_are_given_are_believed_by_bayes_rule() {
    let weak = One::of(CRISIS).t("government.weak");
    let bound = One::under(CRISIS, &set("announced", &[0, weak], 0.5));
    near(bound.get(ANNOUNCED, &[0, weak]), 0.5, 1e-12, "what is set");
    near(
        bound.get(BELIEVED, &[0]),
        0.3 / 0.65,
        1e-9,
        "the strong fight",
    );
}
