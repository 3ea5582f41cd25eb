//! Warnings that make analysts better.

use detente_core::{Role, Setting};
use detente_diag::{Code, Diagnostic, Diagnostics, Span};

use crate::{Case, Draw, InputId, Status, Tree};

pub(super) fn warn(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    unsourced(case, tree, diagnostics);
    unused_parties(case, tree, diagnostics);
    costs_on_another_scale(case, tree, diagnostics);
}

fn unsourced(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    let claims = case.inputs.iter().filter(|input| input.status.is_claim());
    let placeholders = claims
        .clone()
        .filter(|input| input.status == Status::Placeholder)
        .count();
    if placeholders > 0 {
        diagnostics.push(
            Diagnostic::new(
                Code::UNSOURCED,
                format!(
                    "{placeholders} of {} numbers are placeholders",
                    claims.count()
                ),
            )
            .at(Span::new(tree.span.file, 0, 0), "")
            .help("give a number a source or a status: { value = …, source = […] }"),
        );
    }
}

fn unused_parties(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    for (p, party) in case.setting.parties.iter().enumerate() {
        let idle = party.side.is_none() && !party.roles.iter().any(|role| *role != Role::Observer);
        if idle && !is_mentioned(&case.setting, p) {
            let at = tree.get("party").map(|t| t.entries()[p].0.span);
            diagnostics.push(
                Diagnostic::new(
                    Code::UNUSED_PARTY,
                    format!("party `{}` is never used", party.id),
                )
                .at(
                    at.unwrap_or(tree.span),
                    "has no side, role, lever, contribution or proposal",
                )
                .help("its acceptance is still reported; leave it out if that is not wanted"),
            );
        }
    }
}

fn is_mentioned(setting: &Setting, p: usize) -> bool {
    let performs = |issue: &detente_core::Issue| {
        issue
            .options
            .iter()
            .any(|option| option.performers.contains(p))
    };
    setting.issues.iter().any(performs)
        || setting.levers.iter().any(|lever| lever.by == p)
        || setting
            .packages
            .iter()
            .any(|package| package.by == Some(p) || package.needed.contains(p))
        || setting
            .contest
            .iter()
            .flat_map(|c| &c.supplies)
            .any(|supply| supply.from == p)
}

/// Points are each type's own. A type with weights of its own that keeps its party's costs in points has, in effect, other
/// costs.
fn costs_on_another_scale(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    let inherited = |id: InputId| matches!(case.inputs[id.0 as usize].draw, Draw::Inherited(_));
    for (kind, numbers) in case.setting.types.iter().zip(&case.shape.types) {
        let party = &case.setting.parties[kind.party];
        if !numbers
            .weights
            .iter()
            .any(|w| case.inputs[w.0 as usize].span.is_some() && party.types.len() > 1)
        {
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
        let at = tree
            .at(&["party", &party.id, "type"])
            .and_then(|t| t.entries().iter().find(|(k, _)| k.text == kind.id));
        diagnostics.push(
            Diagnostic::new(
                Code::COST_NOT_RESTATED,
                format!(
                    "type `{}` of `{}` has weights of its own but not its own {}",
                    kind.id,
                    party.id,
                    kept.join(", ")
                ),
            )
            .at(
                at.map_or(tree.span, |(key, _)| key.span),
                "its points are on another scale than its party's",
            )
            .help("restate the costs in points that this type bears"),
        );
    }
}

fn is_zero(case: &Case, id: InputId) -> bool {
    match &case.inputs[id.0 as usize].draw {
        Draw::Own(d) => d.exact() == Some(0.0),
        Draw::Inherited(parent) => is_zero(case, *parent),
    }
}
