//! An estimate in words.

use std::fmt::Write as _;

use detente_backtest::estimate::{Estimate, Problem, Several, Weight};

use crate::args::{Fit, FitMethod, FitModel, Link};

/// Games with several equilibria that are told; the rest are counted.
const TOLD: usize = 10;

pub(super) fn told(args: &Fit, hash: &str, problem: &Problem, estimate: &Estimate) -> String {
    let design = problem.design();
    let mut out = format!("{}\nsha256 {hash}\n{}\n", args.file.display(), model(args));
    let left_out = match design.left_out {
        0 => String::new(),
        count => format!("; {count} left out, of which something is not known or nothing came"),
    };
    let clusters = match &args.cluster {
        Some(column) => format!("{} clusters ({column})", design.clusters.len()),
        None => "each a cluster of its own".to_owned(),
    };
    let _ = writeln!(
        out,
        "{} games, seen {} times, {clusters}{left_out}.",
        design.rows.len(),
        design.observations()
    );
    weights(&mut out, args, problem, estimate);
    let pseudo = if pseudo(args) { "pseudo-" } else { "" };
    let _ = writeln!(
        out,
        "\nlog {pseudo}likelihood {:.4} with {} weights; {:.4} for who gives every game the shares of all. AIC {:.2}.",
        estimate.log_likelihood,
        estimate.weights.len(),
        estimate.of_shares,
        estimate.aic()
    );
    starts(&mut out, estimate);
    let [asked, rested] = estimate.draws;
    if asked > 0 {
        let _ = writeln!(
            out,
            "Standard errors and intervals: clusters drawn again {asked} times (seed {}); {rested} came to rest.",
            args.seed
        );
        if rested * 10 < asked * 9 {
            out.push_str(
                "More than one draw of ten came to no rest: do not lean on the standard errors.\n",
            );
        }
    }
    if args.model == FitModel::CrisisSignalling {
        equilibria(&mut out, design.rows.len(), estimate, args.method());
    }
    let _ = writeln!(
        out,
        "\n  {:<12}  {:>8}  {:>8}",
        "share", "observed", "fitted"
    );
    for (name, [observed, fitted]) in design.outcomes.iter().zip(&estimate.shares) {
        let _ = writeln!(out, "  {name:<12}  {observed:>8.5}  {fitted:>8.5}");
    }
    out
}

fn pseudo(args: &Fit) -> bool {
    args.model == FitModel::CrisisSignalling && args.method() != FitMethod::Ml
}

fn model(args: &Fit) -> &'static str {
    match (args.model, args.method(), args.link()) {
        (FitModel::CrisisSignalling, FitMethod::Pl, _) => {
            "Crisis with private information on both sides (Lewis & Schultz 2003), by pseudo-likelihood given a first guess."
        }
        (FitModel::CrisisSignalling, FitMethod::Npl, _) => {
            "Crisis with private information on both sides (Lewis & Schultz 2003), by nested pseudo-likelihood (Crisman-Cox & Gibilisco 2021)."
        }
        (FitModel::CrisisSignalling, FitMethod::Ml, _) => {
            "Crisis with private information on both sides (Lewis & Schultz 2003), by the likelihood in equilibrium (Crisman-Cox & Gibilisco 2021)."
        }
        (FitModel::Crisis, _, Link::Logit) => {
            "Crisis of two moves with logistic noise (Signorino 1999), by greatest likelihood."
        }
        (FitModel::Crisis, _, Link::Probit) => {
            "Crisis of two moves with normal noise (Signorino 1999), by greatest likelihood."
        }
        (FitModel::Logit, _, _) => "Multinomial logit (McFadden 1974), by greatest likelihood.",
    }
}

/// What a utility is of.
pub(super) fn meaning(args: &Fit, utility: &str) -> String {
    let known = match (args.model, utility) {
        (FitModel::Logit, _) => {
            return format!("what {utility} has over {}", args.outcome[0]);
        }
        (_, "SA") => "the status quo, to A",
        (_, "VA") => "B gives way, to A",
        (_, "CB") => "B gives way, to B",
        (_, "barWA" | "WA") => "A stands firm, to A",
        (_, "barWB" | "WB") => "A stands firm, to B",
        (_, "bara") => "A backs down, to A",
        (_, "VB") => "A backs down, to B",
        _ => "",
    };
    let war = args.model == FitModel::Crisis;
    match utility {
        "WA" if war => "war, to A".into(),
        "WB" if war => "war, to B".into(),
        _ => known.to_owned(),
    }
}

fn weights(out: &mut String, args: &Fit, problem: &Problem, estimate: &Estimate) {
    let design = problem.design();
    let terms = design.blocks.iter().flat_map(|block| &block.terms);
    let width = terms
        .map(|term| term.chars().count())
        .max()
        .unwrap_or(0)
        .max(4);
    for block in &design.blocks {
        let _ = writeln!(out, "\n{}: {}", block.name, meaning(args, &block.name));
        if block.terms.is_empty() {
            let _ = writeln!(out, "  held at {}", block.fixed);
            continue;
        }
        let _ = writeln!(
            out,
            "  {:width$}  {:>10}  {:>10}  5 to 95 of 100 draws",
            "term", "estimate", "std. error"
        );
        let own = &estimate.weights[block.from..block.from + block.terms.len()];
        for (term, weight) in block.terms.iter().zip(own) {
            let _ = writeln!(out, "  {}", line(term, width, weight).trim_end());
        }
    }
}

fn line(term: &str, width: usize, weight: &Weight) -> String {
    let interval = weight.interval.map_or(String::new(), |[low, high]| {
        format!("{} to {}", number(low), number(high))
    });
    let error = weight.error.map_or("-".to_owned(), number);
    format!(
        "{term:width$}  {:>10}  {error:>10}  {interval}",
        number(weight.value)
    )
}

/// To five places; no −0.
fn number(value: f64) -> String {
    let text = format!("{value:.5}");
    match text.strip_prefix('-') {
        Some(bare) if bare.bytes().all(|b| matches!(b, b'0' | b'.')) => bare.to_owned(),
        _ => text,
    }
}

fn starts(out: &mut String, estimate: &Estimate) {
    let all = estimate.starts.len();
    let reached = estimate.starts.iter().filter(|start| start.best).count();
    let _ = writeln!(out, "{reached} of {all} starts reached it.");
    for (place, start) in estimate.starts.iter().enumerate().filter(|(_, s)| !s.best) {
        let _ = if start.rested {
            writeln!(
                out,
                "  start {place} came to rest lower, at {:.4}",
                start.log_likelihood
            )
        } else {
            writeln!(
                out,
                "  start {place} came to no rest (it was at {:.4})",
                start.log_likelihood
            )
        };
    }
    if reached == 1 && all > 1 {
        out.push_str(
            "  One start alone reached it: there may be a higher peak; try more starts.\n",
        );
    }
}

fn equilibria(out: &mut String, games: usize, estimate: &Estimate, method: FitMethod) {
    if let Some(off) = estimate.off {
        let _ = writeln!(
            out,
            "What B does is off its best response by {off:.1e} at most{}.",
            if method == FitMethod::Pl {
                ": the pseudo-likelihood asks for no equilibrium"
            } else {
                ""
            }
        );
    }
    let _ = writeln!(
        out,
        "Several equilibria: in {} of {games} games.",
        estimate.several.len()
    );
    for several in estimate.several.iter().take(TOLD) {
        game(out, several);
    }
    if estimate.several.len() > TOLD {
        let _ = writeln!(
            out,
            "  and {} more, which --json tells",
            estimate.several.len() - TOLD
        );
    }
}

fn game(out: &mut String, several: &Several) {
    for (place, equilibrium) in several.equilibria.iter().enumerate() {
        let at = if place == 0 {
            format!("line {}", several.line)
        } else {
            String::new()
        };
        let [sq, cd, sf, bd] = equilibrium.endings;
        let _ = writeln!(
            out,
            "  {at:<10}  sq {sq:.4}, cd {cd:.4}, sf {sf:.4}, bd {bd:.4}{}",
            if several.played == Some(place) {
                " (played)"
            } else {
                ""
            }
        );
    }
}
