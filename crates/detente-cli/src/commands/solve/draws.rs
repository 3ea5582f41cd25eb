//! `detente solve --draws`: one game under many payoffs.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use detente_games::resolve::{self, Draw, Noise, Report, Resolver, Scratch, Spread, Summary};
use detente_games::story::{percent, ways_to_end};
use detente_games::{Game, Tree};
use serde_json::{Value, json};

use super::interrupt::Patience;
use super::knob;
use super::words::{paragraph, payoff};
use crate::args::Solve;
use crate::failure::Failure;
use crate::output;

/// Draws a thread takes at a time.
const PIECE: u64 = 64;
/// Kinds of equilibrium told, the most frequent ones.
const KINDS: usize = 8;
/// Endings told of a kind.
const ENDINGS: usize = 5;
/// Draws without a certified answer that are listed in words.
const LISTED: usize = 12;

pub(super) fn run(
    args: &Solve,
    game: &Game,
    tree: &Tree,
    count: u32,
    patience: &Patience,
) -> Result<(), Failure> {
    super::small_enough(args, tree)?;
    let mut noise = Noise::new(game, tree, args.seed, args.spread);
    if !args.uncertain.is_empty() {
        let mut wanted = Vec::new();
        for text in &args.uncertain {
            let (outcomes, player) = knob::payoffs(game, text)?;
            wanted.extend(outcomes.into_iter().map(|outcome| (outcome, player)));
        }
        noise = noise.only(|outcome, player| wanted.contains(&(outcome, player)));
    }
    let (group, endings) = ways_to_end(game, tree);
    let options = resolve::Options {
        regret: args.tolerance,
        ..resolve::Options::default()
    };
    let mut numbers = |index: u64, payoff: &mut [f64], _: &mut [f64]| noise.payoffs(index, payoff);
    let go_on = || patience.patient();
    // The first draws are traced before any other is solved: what they say is kept, should the rest be stopped.
    let mut first: Vec<Summary> = Vec::new();
    let mut keep = |draw: &Draw, scratch: &Scratch| {
        patience.tell(format!(
            "{} of {} first draws traced in full",
            draw.index + 1,
            options.library
        ));
        if draw.index < u64::from(count) {
            let mut alone = Summary::new(tree, group.clone());
            // A trace without a certified answer is not the last word on its draw.
            if draw.certified {
                alone.add(draw, scratch);
            }
            first.push(alone);
        }
    };
    let resolver = Resolver::new_with(tree, &mut numbers, options, &go_on, &mut keep);
    let solved: Vec<AtomicBool> = first.iter().map(|_| AtomicBool::new(false)).collect();
    let threads = args.threads.map(|n| n as usize);
    let pieces = detente::in_ranges(u64::from(count), PIECE, threads, |range| {
        let mut summary = Summary::new(tree, group.clone());
        let mut scratch = resolver.scratch();
        let mut payoff = vec![0.0; tree.payoff.len()];
        for index in range {
            if !patience.patient() {
                break;
            }
            noise.payoffs(index, &mut payoff);
            let draw = resolver.draw(&mut scratch, index, &payoff);
            // What was cut short says nothing of the draw.
            if !patience.patient() {
                break;
            }
            summary.add(&draw, &scratch);
            if let Some(solved) = usize::try_from(index).ok().and_then(|at| solved.get(at)) {
                solved.store(true, Ordering::Relaxed);
            }
            patience.tick(u64::from(count));
        }
        summary
    });
    let mut all = Summary::new(tree, group.clone());
    for piece in pieces {
        all.merge(piece);
    }
    for (alone, solved) in first.into_iter().zip(&solved) {
        if !solved.load(Ordering::Relaxed) {
            all.merge(alone);
        }
    }
    patience.finish();
    let report = all.report();
    if report.draws == 0 {
        let message = "stopped before the first draw was solved";
        if patience.interrupted() {
            output::note(message);
            std::process::exit(130);
        }
        return Err(Failure::Failed(message.into()));
    }
    if report.draws < u64::from(count) {
        output::note(&format!(
            "stopped: {} of {count} draws are told, whichever were done by then",
            report.draws
        ));
    }
    if args.json {
        output::print_json(&data(args, game, &report, &endings))?;
    } else {
        output::print(&text(args, game, &report, &endings))?;
    }
    if patience.interrupted() {
        std::process::exit(130);
    }
    Ok(())
}

fn text(args: &Solve, game: &Game, report: &Report, endings: &[String]) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &game.title);
    let what = if args.uncertain.is_empty() {
        "the payoff of each outcome to each player".to_owned()
    } else {
        args.uncertain.join(", ")
    };
    paragraph(
        &mut out,
        "",
        &format!(
            "{} draws: {what} uncertain by {} of the player's range (a standard deviation)",
            report.draws, args.spread
        ),
    );
    for share in report.regimes.iter().take(KINDS) {
        let _ = writeln!(out, "\n{} of draws", percent(share.share));
        for play in resolve::describe(game, &share.key).split("; ") {
            paragraph(&mut out, "  - ", play);
        }
        let mut ends: Vec<(&String, &Spread)> = endings.iter().zip(&share.plays).collect();
        ends.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
        let ends: Vec<String> = ends
            .iter()
            .filter(|(_, spread)| spread.mean > 0.0)
            .take(ENDINGS)
            .map(|(name, spread)| {
                format!(
                    "“{name}” {} ({} to {})",
                    percent(spread.mean),
                    percent(spread.low),
                    percent(spread.high)
                )
            })
            .collect();
        paragraph(&mut out, "  ", &format!("plays end in {}", ends.join(", ")));
        let values: Vec<String> = game
            .players
            .iter()
            .zip(&share.values)
            .map(|(name, spread)| {
                format!(
                    "{name} {} ({} to {})",
                    payoff(spread.mean),
                    payoff(spread.low),
                    payoff(spread.high)
                )
            })
            .collect();
        paragraph(
            &mut out,
            "  ",
            &format!("expected payoffs: {}", values.join(", ")),
        );
    }
    if report.regimes.len() > KINDS {
        let rest: f64 = report
            .regimes
            .iter()
            .skip(KINDS)
            .map(|share| share.share)
            .sum();
        let _ = writeln!(
            out,
            "\n{} of draws: {} more kinds; --json tells them",
            percent(rest),
            report.regimes.len() - KINDS
        );
    }
    out.push('\n');
    let uncertified = if report.uncertified.is_empty() {
        "every draw has a certified answer".to_owned()
    } else {
        let first: Vec<String> = report
            .uncertified
            .iter()
            .take(LISTED)
            .map(ToString::to_string)
            .collect();
        let more = if report.uncertified.len() > LISTED {
            ", …"
        } else {
            ""
        };
        format!(
            "{} draws have no certified answer ({}{more})",
            report.uncertified.len(),
            first.join(", ")
        )
    };
    let audits = if report.traced == report.draws {
        "Every draw was traced in full.".to_owned()
    } else {
        let none = match report.untraceable.len() {
            0 => String::new(),
            none => format!(", {none} to none"),
        };
        format!(
            "{} of {} draws that were also traced in full came to another certified equilibrium{none}.",
            report.another.len(),
            report.audits
        )
    };
    paragraph(
        &mut out,
        "",
        &format!(
            "Ranges hold nine draws of ten. Each answer is a certified sequential equilibrium near the limit of quantal response; {uncertified}. \
             {audits}"
        ),
    );
    if report.another.len() as u64 * 10 > report.audits {
        paragraph(
            &mut out,
            "",
            "So several equilibria hold at once in many draws, and the shares say which was tried first rather than which is to be expected.",
        );
    }
    out
}

fn data(args: &Solve, game: &Game, report: &Report, endings: &[String]) -> Value {
    let spread = |spread: &Spread| json!({ "mean": spread.mean, "low": spread.low, "median": spread.median, "high": spread.high });
    let regimes: Vec<Value> = report
        .regimes
        .iter()
        .map(|share| {
            let endings: Vec<Value> = endings
                .iter()
                .zip(&share.plays)
                .map(|(label, plays)| json!({ "label": label, "probability": spread(plays) }))
                .collect();
            json!({
                "plays": resolve::describe(game, &share.key),
                "draws": share.draws,
                "share": share.share,
                "value": share.values.iter().map(spread).collect::<Vec<_>>(),
                "endings": endings,
            })
        })
        .collect();
    let another: Vec<Value> = report
        .another
        .iter()
        .map(|(index, difference)| json!({ "draw": index, "difference": difference }))
        .collect();
    json!({
        "version": detente::VERSION,
        "title": game.title,
        "players": game.players,
        "draws": report.draws,
        "spread": args.spread,
        "seed": args.seed,
        "regimes": regimes,
        "uncertified": report.uncertified,
        "reused": report.reused,
        "shortcuts": report.shortcuts,
        "traced": report.traced,
        "audits": report.audits,
        "another": another,
        "untraceable": report.untraceable,
    })
}
