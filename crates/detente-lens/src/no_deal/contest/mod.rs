//! The contest: a front line that moves with the balance of the two sides' efforts, until one of four endings.
//!
//! After Smith & Stam 2004, Filson & Werner 2002, Powell 2004 and Slantchev 2003. Order of events in month t = 0..T-1, with
//! the line at x:
//!
//! 1. every type receives its flow (1-δ)δ^t (worth of the unsettled line − burden) and loses its scar, δ^t;
//! 2. the contest ends with probability 1 − e^(−H), H the sum of four hazards, by each mode in proportion, worth δ^(t+1)
//!    times what the ending is worth;
//! 3. else the line moves by γ·edge + σ·ε.
//!
//! From month T on, edge and hazards stay those of the last month and the line stays where it is, for ever.
//!
//! Effort of a side: `cap · Π_n CES_n^ω_n` with `CES_n = (Σ_j s_j f_j^ρ)^(1/ρ)`, floored at 0.02. Edge: m0 + ln `F_A` − ln `F_B`.
//! Hazards: A decisive h0·e^(h1·a), B decisive h0·e^(−h1·a), armistice hn, escalation esc0·exp(Σ `esc_l` + esc1·max(0, ∓a)),
//! rising as the side that holds the weapon falls behind.
//!
//! A lever that sets a level of a contribution does so through its stocks and ramp; any other number that a lever sets
//! (of the contest as a whole, a side's capacity, a type's burden or scar) steps in at the lever's delay.
//!
//! Edge and hazards depend on time alone, so the line is a Gaussian walk independent of the ending and V has a closed form:
//! see [`solve`](self) for how all types share it.

mod compelled;
mod costs;
mod course;
mod edge;
mod fan;
mod hazards;
mod hinge;
mod lanes;
mod prices;
mod solve;
mod states;
#[cfg(test)]
mod tests;
mod waiting;

use detente_core::{NoDealSolution, Payoffs, Query, Scene, Setting, World};

use crate::{Compulsion, NoDeal, States, Workspace};

pub(crate) use compelled::lost;
pub(crate) use solve::{Room, spread_of};
pub(crate) use waiting::until;

/// The `contest` no-deal model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contest;

impl NoDeal for Contest {
    fn id(&self) -> &'static str {
        "contest"
    }

    fn applies(&self, setting: &Setting) -> bool {
        setting.contest.is_some()
    }

    fn value_states(&self, states: &States, package: &mut Vec<u8>, payoffs: &mut Payoffs) {
        states::value(states, package, payoffs);
    }

    fn solve(
        &self,
        setting: &Setting,
        world: &World,
        query: &Query,
        payoffs: &Payoffs,
        workspace: &mut Workspace,
        solution: &mut NoDealSolution,
    ) {
        let room = &mut workspace.contest;
        solve::solve(setting, world, query, payoffs, room, solution);
    }

    fn compulsion<'a>(
        &self,
        scene: &'a Scene<'a>,
        party: usize,
        query: &Query,
    ) -> Option<Compulsion<'a>> {
        compelled::of(scene, party, query)
    }
}
