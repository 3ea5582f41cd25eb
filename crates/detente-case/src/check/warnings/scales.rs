//! Warnings of numbers that hardly stand on one scale: chances, weights, costs, the line.

use detente_diag::Code;

use super::Warner;
use crate::{Case, Draw, InputId};

/// Sums of medians of chances that rounding and ranges explain.
const NEAR_ONE: std::ops::Range<f64> = 0.8..1.25;

impl Warner<'_> {
    /// Points are each type's own. A type with weights of its own that keeps its party's costs in points has, in effect,
    /// other costs.
    pub(super) fn costs_on_another_scale(&mut self) {
        let case = self.case;
        let inherited = |id: InputId| matches!(case.inputs[id.0 as usize].draw, Draw::Inherited(_));
        for (kind, numbers) in case.setting.types.iter().zip(&case.shape.types) {
            let party = &case.setting.parties[kind.party];
            let own = |w: &InputId| case.inputs[w.0 as usize].span.is_some() && !inherited(*w);
            if party.types.len() < 2 || !numbers.weights.iter().any(own) {
                continue;
            }
            let costs = [
                ("burden", numbers.burden),
                ("scar", numbers.scar),
                ("escalation_cost", numbers.escalation_cost),
            ];
            let kept: Vec<&str> = costs
                .iter()
                .filter(|(_, id)| inherited(*id) && !is_zero(case, *id))
                .map(|(key, _)| *key)
                .collect();
            if kept.is_empty() {
                continue;
            }
            let message = format!(
                "type `{}` of `{}` has weights of its own but not its own {}",
                kind.id,
                party.id,
                kept.join(", ")
            );
            let at = self.key(&["party", &party.id, "type"], &kind.id);
            let label = "its points are on another scale than its party's";
            let help = "restate the costs in points that this type bears";
            self.say(Code::COST_NOT_RESTATED, message, at, label, help);
        }
    }

    /// Priors are normalised; far from adding up to one, they are not what was written.
    pub(super) fn priors(&mut self) {
        for party in &self.case.setting.parties {
            let types = party.types.clone();
            let own: Vec<f64> = types
                .clone()
                .map(|t| self.median(self.case.shape.types[t].prior))
                .collect();
            let sum: f64 = own.iter().sum();
            if own.len() < 2 || NEAR_ONE.contains(&sum) || sum.is_nan() || sum == 0.0 {
                continue;
            }
            let normalised: Vec<String> = types
                .zip(&own)
                .map(|(t, prior)| format!("{} {:.2}", self.case.setting.types[t].id, prior / sum))
                .collect();
            let message = format!(
                "the priors of `{}` add up to {sum:.2}; normalised they are {}",
                party.id,
                normalised.join(", ")
            );
            let at = self.key(&["party"], &party.id);
            let help = "write priors that add up to about one; is a type missing?";
            self.say(
                Code::PRIORS_OFF,
                message,
                at,
                "the types of this party",
                help,
            );
        }
    }

    /// The same of what a party or a type believes about the types of another, which may leave some of them out.
    pub(super) fn abouts(&mut self) {
        let case = self.case;
        let setting = &case.setting;
        for (party, other) in setting
            .parties
            .iter()
            .flat_map(|party| setting.parties.iter().map(move |other| (party, other)))
        {
            let priors: Vec<InputId> = other
                .types
                .clone()
                .map(|t| case.shape.types[t].prior)
                .collect();
            let mut told: Vec<Vec<InputId>> = Vec::new();
            for t in party.types.clone() {
                let about = case.shape.types[t].about[other.types.clone()].to_vec();
                if priors.len() < 2 || about == priors || told.contains(&about) {
                    continue;
                }
                let (sum, left_out) = (
                    about.iter().map(|id| self.median(*id)).sum::<f64>(),
                    about.iter().zip(&priors).zip(other.types.clone()),
                );
                let left_out: Vec<&str> = left_out
                    .filter(|((own, prior), _)| own == prior)
                    .map(|(_, t)| setting.types[t].id.as_str())
                    .collect();
                if left_out.is_empty() && NEAR_ONE.contains(&sum) || sum.is_nan() || sum == 0.0 {
                    continue;
                }
                let normalised = other.types.clone().zip(&about).map(|(t, id)| {
                    format!("{} {:.2}", setting.types[t].id, self.median(*id) / sum)
                });
                let normalised: Vec<String> = normalised.collect();
                let kept = if left_out.is_empty() {
                    String::new()
                } else {
                    format!(
                        " leaves out {}, kept at the common prior; the chances",
                        left_out.join(", ")
                    )
                };
                let message = format!(
                    "what `{}` believes of the types of `{}`{kept} add up to {sum:.2}; normalised they are {}",
                    party.id,
                    other.id,
                    normalised.join(", ")
                );
                let id = &setting.types[t].id;
                let own = ["party", &party.id, "type", id, "believes"];
                let whole = ["party", &party.id, "believes"];
                let at = [&own[..], &whole[..]]
                    .iter()
                    .map(|path| self.key(path, "about"))
                    .find(|span| *span != self.top())
                    .unwrap_or(self.top());
                let help =
                    "give every type of that party a chance, so that they add up to about one";
                self.say(
                    Code::PRIORS_OFF,
                    message,
                    at,
                    "of another party’s types",
                    help,
                );
                told.push(about);
            }
        }
    }

    /// Weights of a party of which one can hardly count beside another.
    pub(super) fn weights(&mut self) {
        /// Ratio of medians beyond which two weights are hardly meant on one scale.
        const FAR: f64 = 100.0;
        for party in &self.case.setting.parties {
            let Some(numbers) = self.case.shape.types.get(party.types.start) else {
                continue;
            };
            let stated = numbers.weights.iter().enumerate();
            let medians: Vec<(usize, f64)> = stated
                .map(|(k, id)| (k, self.median(*id)))
                .filter(|(_, w)| *w > 0.0)
                .collect();
            let least = medians.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
            let most = medians.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
            let (Some(least), Some(most)) = (least, most) else {
                continue;
            };
            if most.1 > FAR * least.1 {
                let issue = |k: usize| self.case.setting.issues[k].id.clone();
                let message = format!(
                    "the weight of `{}` is {:.0} times that of `{}` to `{}`",
                    issue(most.0),
                    most.1 / least.1,
                    issue(least.0),
                    party.id
                );
                let at = self.key(&["party", &party.id, "issue"], &issue(least.0));
                let help = "write all weights of a party on one scale, such as percentages";
                self.say(Code::WEIGHTS_OFF, message, at, "hardly counts", help);
            }
        }
    }

    /// The line's worth is constant beyond its outermost positions; it should not live there.
    pub(super) fn line(&mut self) {
        /// Months in which most of what fighting is worth is decided.
        const SOON: f64 = 24.0;
        let case = self.case;
        let (Some(contest), Some(numbers)) = (&case.setting.contest, case.shape.contest.first())
        else {
            return;
        };
        let positions: Vec<f64> = case
            .shape
            .positions
            .iter()
            .map(|id| self.median(*id))
            .collect();
        let known = positions.iter().copied().filter(|p| !p.is_nan());
        let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| {
            (a.min(p), b.max(p))
        });
        let issue = &case.setting.issues[contest.line_issue];
        let start = self.median(numbers.start);
        let soon = start + SOON * self.median(numbers.pace) * self.median(numbers.edge);
        if soon > high || soon < low {
            let message = format!(
                "the line reaches {soon:.0} {unit} within two years in the median world, beyond its last position, {end:.0}",
                unit = contest.unit,
                end = if soon > high { high } else { low },
            );
            let at = self.key(&["issue"], &issue.id);
            let help = "beyond the last position the line is worth no more: add an option further out, or look again at pace and edge";
            self.say(
                Code::LINE_OFF,
                message,
                at,
                "its positions end too soon",
                help,
            );
        }
        let today = positions.get(issue.status_quo as usize).copied();
        if let Some(today) = today.filter(|today| !today.is_nan() && *today != start) {
            let message = format!(
                "the line stands at {start} today, but the status quo of `{}` lies at {today}",
                issue.id
            );
            let at = self.key(&["issue"], &issue.id);
            let help = "give contest.start and the position of the status quo the same value";
            self.say(
                Code::LINE_OFF,
                message,
                at,
                "its status quo is elsewhere",
                help,
            );
        }
    }
}

fn is_zero(case: &Case, id: InputId) -> bool {
    match &case.inputs[id.0 as usize].draw {
        Draw::Own(d) => d.exact() == Some(0.0),
        Draw::Inherited(parent) => is_zero(case, *parent),
        Draw::Ranked { .. } => false,
    }
}
