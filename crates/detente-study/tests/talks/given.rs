//! What is given and not chosen: answers, announcements and threats that a claim sets.

use detente_case::{Overrides, Plan};
use detente_core::catalogue::talks::{
    ANNOUNCED, BELIEVED, DEAL, DEAL_KNOWN, DEAL_TOLD, MESSAGE, PULLED, PULLS, REFUSES, WORTH,
    WORTH_KNOWN,
};
use detente_core::{Fixed, Question, RowView, Verdict};
use detente_evidence::RunOptions;

use super::{CRISIS, FIGHTING, One, ULTIMATUM, near};

/// What is given passes the certificate, which lays the same game in its own way.
fn certified(one: &One, set: &Overrides) {
    let setting = &one.case.setting;
    let plan = Plan::new(&one.case);
    let uniforms = plan.uniforms(RunOptions::default().stream, 0);
    let world = plan.world(&uniforms, set);
    let (layout, row) = super::row(setting, &world);
    let question = Question {
        setting,
        world: &world,
    };
    let view = RowView::new(&layout, super::place(), &row);
    let verdict = detente_certify::certificate("talks")(question, view);
    assert!(
        matches!(verdict, Verdict::Holds(n) if n > 10),
        "{verdict:?}"
    );
}

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
    let set = set("refuses", &[target, 0], 1.0);
    let bound = One::under(CRISIS, &set);
    certified(&bound, &set);
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
    let set = set("pulls", &[0, weak], 1.0);
    let bound = One::under(CRISIS, &set);
    certified(&bound, &set);
    near(bound.get(PULLS, &[0, weak]), 1.0, 1e-12, "what is set");
    near(bound.get(PULLED, &[0]), 0.0, 1e-9, "nobody has to");
    near(bound.get(DEAL, &[3]), 1.0, 1e-9, "all threaten, and get it");
}

/// Announcements by half of the weak leave .3/(.3 + .35) for the strong, by Bayes' rule.
#[test]
fn announcements_that_are_given_are_believed_by_bayes_rule() {
    let weak = One::of(CRISIS).t("government.weak");
    let set = set("announced", &[0, weak], 0.5);
    let bound = One::under(CRISIS, &set);
    certified(&bound, &set);
    near(bound.get(ANNOUNCED, &[0, weak]), 0.5, 1e-12, "what is set");
    near(
        bound.get(BELIEVED, &[0]),
        0.3 / 0.65,
        1e-9,
        "the strong fight",
    );
}

/// Where one party alone has several types, to be told which it is is to know all: .7 of 79.9 and .3 of 59.9 for the gamble of 67.93.
#[test]
fn a_message_on_the_only_private_type_leaves_nothing_unknown() {
    for text in [ULTIMATUM, FIGHTING] {
        let one = One::of(text);
        let (a, b) = (one.t("a"), one.t("b.tough"));
        let party = one.case.setting.types[b].party;
        let [told, known] = [one.get(DEAL_TOLD, &[party]), one.get(DEAL_KNOWN, &[])];
        near(told, known, 1e-9, "deals");
        for t in [a, b, one.t("b.soft")] {
            let gain = one.get(WORTH_KNOWN, &[t]) - one.get(WORTH, &[t]);
            near(
                one.get(MESSAGE, &[party, t]),
                gain,
                1e-4,
                "what it is worth",
            );
        }
    }
    let ultimatum = One::of(ULTIMATUM);
    let party = ultimatum.case.setting.types[ultimatum.t("b.tough")].party;
    let gain = ultimatum.get(MESSAGE, &[party, ultimatum.t("a")]);
    near(gain, 0.7 * 79.9 + 0.3 * 59.9 - 67.93, 1e-6, "A");
}
