//! What fighting costs by the month.

use detente_core::{Payoffs, Query, Setting, Target, World};

use crate::pulled::flows;

/// What a month at war costs each type under a query, and what levers make of that after their delay.
#[derive(Debug, Default)]
pub(super) struct Costs {
    /// By type.
    months: Vec<f64>,
    /// By type, then by lever that changes what some month costs, in the order of the course's delays.
    changes: Vec<f64>,
    delayed: usize,
}

impl Costs {
    /// What a month at war costs a type, and what each lever that changes that adds.
    pub(super) fn of(&self, t: usize) -> (f64, &[f64]) {
        let own = t * self.delayed..(t + 1) * self.delayed;
        (self.months[t], &self.changes[own])
    }

    /// What a month at war costs each type: its burden, what the levers that run cost it, its scar; and what levers change of
    /// that after their delay.
    pub(super) fn lay(
        &mut self,
        setting: &Setting,
        world: &World,
        query: &Query,
        payoffs: &Payoffs,
    ) {
        let types = &world.numbers.types;
        self.months.clear();
        self.delayed = 0;
        self.changes.clear();
        let month = |t: usize, burden: f64, scar: f64| (1.0 - types[t].patience) * burden + scar;
        for (t, numbers) in types.iter().enumerate() {
            self.months.push(month(t, payoffs.burden[t], numbers.scar));
        }
        if query.levers.0 == 0 {
            return;
        }
        let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
        let running = levers.filter(|(l, _)| query.levers.contains(*l));
        for (l, (lever, _)) in running.clone() {
            for (t, cost) in flows(setting, world, l) {
                self.months[t] += month(t, cost, 0.0);
            }
            let costs = |target: &Target| matches!(target, Target::Burden(_) | Target::Scar(_));
            if lever.sets.iter().any(costs) {
                self.delayed += 1;
            }
        }
        let delayed = self.delayed;
        self.changes.resize(types.len() * delayed, 0.0);
        let mut place = 0;
        for (l, (lever, numbers)) in running.clone() {
            let mut any = false;
            for (target, to) in lever.sets.iter().zip(&numbers.sets) {
                let of = match target {
                    Target::Burden(t) | Target::Scar(t) => *t,
                    _ => continue,
                };
                any = true;
                // What another lever has set before it in time, unless that one was pulled later: then this one changes nothing.
                let mine = (numbers.delay, lever.trigger.turn());
                let mut before: Option<((f64, u8), f64)> = None;
                let mut held = false;
                for (other, (rival, n)) in running.clone().filter(|(other, _)| *other != l) {
                    let sets = rival.sets.iter().zip(&n.sets);
                    for (_, value) in sets.filter(|(set, _)| *set == target) {
                        let theirs = (n.delay, rival.trigger.turn());
                        if theirs.0 > mine.0
                            || theirs.0 == mine.0 && (theirs.1, other) > (mine.1, l)
                        {
                            continue;
                        }
                        held |= theirs.1 > mine.1;
                        let later = |(known, _): &((f64, u8), f64)| {
                            (theirs.1, theirs.0) > (known.1, known.0)
                        };
                        if before.as_ref().is_none_or(later) {
                            before = Some((theirs, *value));
                        }
                    }
                }
                if held {
                    continue;
                }
                let change = match target {
                    Target::Burden(t) => {
                        let from = before.map_or(payoffs.burden[*t], |(_, value)| value);
                        month(*t, to - from, 0.0)
                    }
                    _ => month(
                        of,
                        0.0,
                        to - before.map_or(types[of].scar, |(_, value)| value),
                    ),
                };
                self.changes[of * delayed + place] += change;
            }
            place += usize::from(any);
        }
    }
}
