//! An estimate as JSON.

use clap::ValueEnum;
use detente_backtest::estimate::{Estimate, Problem};
use serde_json::{Value, json};

use super::text::meaning;
use crate::args::{Fit, FitModel};

fn typed(value: &impl ValueEnum) -> Option<String> {
    value.to_possible_value().map(|v| v.get_name().to_owned())
}

pub(super) fn told(args: &Fit, hash: &str, problem: &Problem, estimate: &Estimate) -> Value {
    let design = problem.design();
    let signalling = args.model == FitModel::CrisisSignalling;
    let utilities: Vec<Value> = design
        .blocks
        .iter()
        .map(|block| {
            let own = &estimate.weights[block.from..block.from + block.terms.len()];
            let weights = block.terms.iter().zip(own).map(|(term, weight)| {
                json!({
                    "term": term,
                    "estimate": weight.value,
                    "error": weight.error,
                    "interval": weight.interval,
                })
            });
            json!({
                "utility": block.name,
                "of": meaning(args, &block.name),
                "held_at": block.terms.is_empty().then_some(block.fixed),
                "weights": weights.collect::<Vec<_>>(),
            })
        })
        .collect();
    let starts = estimate.starts.iter().map(|start| {
        json!({
            "log_likelihood": start.log_likelihood,
            "rested": start.rested,
            "rounds": start.rounds,
            "best": start.best,
        })
    });
    let several = estimate.several.iter().map(|several| {
        let each = several.equilibria.iter().map(|equilibrium| {
            json!({
                "resist": equilibrium.resist,
                "challenge": equilibrium.challenge,
                "fight": equilibrium.fight,
                "chances": equilibrium.endings,
            })
        });
        json!({
            "line": several.line,
            "equilibria": each.collect::<Vec<_>>(),
            "played": several.played,
        })
    });
    let shares = design.outcomes.iter().zip(&estimate.shares);
    let shares = shares.map(|(name, [observed, fitted])| {
        json!({ "outcome": name, "observed": observed, "fitted": fitted })
    });
    let games = design.rows.iter().zip(&estimate.played);
    let games = games.map(|(row, chances)| json!({ "line": row.line, "chances": chances }));
    json!({
        "sha256": hash,
        "model": typed(&args.model),
        "method": signalling.then(|| typed(&args.method())),
        "link": (args.model == FitModel::Crisis).then(|| typed(&args.link())),
        "seed": args.seed,
        "observations": design.observations(),
        "clusters": design.clusters.len(),
        "cluster": args.cluster,
        "left_out": design.left_out,
        "utilities": utilities,
        "log_likelihood": estimate.log_likelihood,
        "of_shares": estimate.of_shares,
        "aic": estimate.aic(),
        "starts": starts.collect::<Vec<_>>(),
        "draws": { "asked": estimate.draws[0], "rested": estimate.draws[1] },
        "off_best_response": estimate.off,
        "several": several.collect::<Vec<_>>(),
        "shares": shares.collect::<Vec<_>>(),
        "games": games.collect::<Vec<_>>(),
    })
}
