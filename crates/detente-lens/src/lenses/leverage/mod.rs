//! What must be true of each threat for its target to move, and would its wielder carry it out?
//!
//! The incentives behind levers, the chances that follow from them and what refusals are worth come with the scene; this lens adds
//! what one lever does with the others held as they are. All means over types are exact; only the world is sampled. Sources and
//! units: [`leverage`](mod@detente_core::catalogue::leverage).

mod solve;
#[cfg(test)]
mod tests;
mod verify;

use detente_core::{
    LensSpec, LeverKind, Outcome, Query, Question, Row, RowView, Scene, Setting, Trigger, Verdict,
    World,
};

use crate::Lens;
use detente_core::catalogue::leverage::{
    ABOVE, ASSURANCE, BACKFIRES, BELOW, CEILING, CONCESSION, CREDIBILITY, CREDIBILITY_ANNOUNCED,
    ESCALATION, INCENTIVE, PRICE, REFUSAL, REFUSAL_ALL, REFUSAL_NONE, REFUSAL_WITH,
    REFUSAL_WITHOUT, SPEC, THRESHOLD, ZONE_ALL, ZONE_NONE, ZONE_WITH, ZONE_WITHOUT,
};

/// A change of what refusing is worth that is rounding, in points.
const FLAT: f64 = 1e-9;
/// Types that make up this much of the target's prior decide for it.
const HALF: f64 = 0.5;

/// Any number.
/// The lens.
pub(super) struct Leverage;

impl Lens for Leverage {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {
        // What refusals need is solved in every world.
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}

/// Is the lever one that must also be withheld from who accepts?
fn punishes(kind: LeverKind) -> bool {
    matches!(kind, LeverKind::Stick | LeverKind::Pressure)
}

/// Does its target see a chance that the lever is pulled? A promise that only changes a war is tested when a war resumes.
fn has_credibility(setting: &Setting, world: &World, lever: usize) -> bool {
    if world.numbers.levers[lever].on <= 0.0 {
        return false;
    }
    match setting.levers[lever].trigger {
        Trigger::Refuse(_) => true,
        Trigger::Accept => !setting.levers[lever].flow_to.is_empty(),
        // What answers a breach is weighed with what may follow a deal.
        Trigger::Now | Trigger::Violate(_) => false,
    }
}

/// The parties that a lever is to move: who refuses, or the signatories other than the wielder.
fn targets(setting: &Setting, lever: usize) -> Vec<usize> {
    let lever = &setting.levers[lever];
    match lever.trigger {
        Trigger::Now => Vec::new(),
        Trigger::Refuse(refuser) => vec![refuser],
        Trigger::Violate(violator) => vec![violator],
        Trigger::Accept => {
            let signing = setting.signatories();
            signing.iter().filter(|party| *party != lever.by).collect()
        }
    }
}
