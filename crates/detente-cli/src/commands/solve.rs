//! `detente solve`

mod draws;
mod interrupt;
mod json;
mod knob;
mod open;
mod sweep;
mod text;
mod words;

use detente_games::solve::{Options, Solution, solve};
use detente_games::{Game, Tolerance, Tree, certify, logit};

use crate::args::Solve;
use crate::failure::Failure;
use crate::output;
use interrupt::Patience;

pub(crate) fn run(args: &Solve) -> Result<(), Failure> {
    let game = open::game(&args.game)?;
    let tree = Tree::new(&game).map_err(|lacking| open::forgetful(&game, lacking))?;
    let patience = Patience::new(args.time)?;
    if let Some(lambda) = args.quantal {
        return quantal(args, &game, &tree, lambda);
    }
    if let Some(count) = args.draws {
        return draws::run(args, &game, &tree, count, &patience);
    }
    if !args.sweep.is_empty() {
        return sweep::run(args, &game, &patience);
    }
    let options = Options {
        tolerance: Tolerance {
            regret: args.tolerance,
            nash: args.tolerance,
            ..Tolerance::default()
        },
        ..Options::default()
    };
    let solution = solve(&game, &tree, &options, &mut |progress| {
        patience.go_on(progress)
    });
    patience.finish();
    let told = if args.json {
        json::solution(&game, &tree, &solution)
    } else {
        text::solution(&game, &tree, &solution, args.all)
    };
    output::print(&told)?;
    ended(&solution, &patience)
}

/// What to say at the end, and with which exit code.
fn ended(solution: &Solution, patience: &Patience) -> Result<(), Failure> {
    if patience.interrupted() {
        output::note("stopped by Ctrl-C; what is printed is the best that was certified by then");
        std::process::exit(130);
    }
    if solution.stopped {
        output::note(
            "stopped at the time limit; what is printed is the best that was certified by then",
        );
    }
    if solution.equilibria.is_empty() {
        return Err(Failure::Failed(
            "no answer passed its certificate; those that were found are printed with what is wrong with them".into(),
        ));
    }
    Ok(())
}

/// The quantal response equilibrium at a precision, which is an answer of its own.
fn quantal(args: &Solve, game: &Game, tree: &Tree, lambda: f64) -> Result<(), Failure> {
    let answer =
        logit::quantal_response(tree, lambda, &logit::Options::default()).ok_or_else(|| {
            Failure::Failed(format!(
                "the branch of quantal response could not be followed to λ = {lambda}"
            ))
        })?;
    let certificate = certify(tree, &answer, &Tolerance::default());
    let told = if args.json {
        json::quantal(game, tree, &answer, &certificate, lambda)
    } else {
        text::quantal(game, tree, &answer, &certificate, lambda, args.all)
    };
    output::print(&told)
}
