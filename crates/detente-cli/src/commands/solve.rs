//! `detente solve`

mod draws;
mod interrupt;
mod knob;
mod open;
mod sweep;
mod text;
mod words;

use detente_desk::solved as json;
use detente_games::signalling::Limits;
use detente_games::solve::{Options, Solution, Stage, solve};
use detente_games::story::{self, Story};
use detente_games::{Game, Tolerance, Tree, certify, logit};

use crate::args::Solve;
use crate::failure::Failure;
use crate::output;
use interrupt::Patience;

pub(crate) fn run(args: &Solve) -> Result<(), Failure> {
    let (read, table) = open::game(&args.game)?;
    if let Some(path) = &args.write {
        let (game, _) = with_set(&read, &args.set)?;
        return open::write(&game, path, &args.game);
    }
    let written = story::named(&read, table);
    let (game, set) = with_set(&written, &args.set)?;
    let tree = Tree::new(&game).map_err(|lacking| open::forgetful(&game, lacking))?;
    open::within_reach(&game, &tree)?;
    let patience = Patience::new(args.time)?;
    if let Some(lambda) = args.quantal {
        return quantal(args, &game, &tree, lambda, &patience);
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
        largest_logit: if args.branch {
            usize::MAX
        } else {
            Options::default().largest_logit
        },
        // With a time limit, the clock says when to stop.
        patterns: if args.time.is_some() {
            Limits {
                work: u64::MAX,
                patterns: usize::MAX,
                ..Limits::default()
            }
        } else {
            Limits::default()
        },
        ..Options::default()
    };
    let solution = solve(&game, &tree, &options, &mut |stage| patience.go_on(stage));
    let before = (!set.is_empty())
        .then(|| as_written(&written, &options, &patience))
        .flatten();
    patience.finish();
    let told = if args.json {
        json::solution(&game, &tree, &solution, &set)
    } else {
        text::solution(&game, &tree, &solution, &set, before.as_ref(), args.all)
    };
    print(args, &told)?;
    ended(&solution, &patience)
}

/// The game with numbers set, and what was set to what, in words.
fn with_set(game: &Game, set: &[String]) -> Result<(Game, Vec<String>), Failure> {
    let mut game = game.clone();
    let mut words = Vec::new();
    let knobs: Vec<knob::Knob> = set
        .iter()
        .map(|text| knob::Knob::to_set(&game, text))
        .collect::<Result<_, _>>()?;
    knob::apart(&knobs, "--set")?;
    for knob in knobs {
        knob.turn(&mut game, knob.from);
        words.push(match knob.name.strip_prefix("shift of ") {
            Some(shifted) => format!("{shifted} shifted by {}", knob.from),
            None => format!("the {} set to {}", knob.name, knob.from),
        });
    }
    Ok((game, words))
}

/// What the first equilibrium of the game as written amounts to, to compare with.
fn as_written(game: &Game, options: &Options, patience: &Patience) -> Option<Story> {
    let tree = Tree::new(game).ok()?;
    let solution = solve(game, &tree, options, &mut |stage| patience.go_on(stage));
    let first = solution.equilibria.first()?;
    Some(story::tell(game, &tree, &first.answer, &first.certificate))
}

/// Sweeps and draws follow the branch of quantal response again and again.
fn small_enough(args: &Solve, tree: &Tree) -> Result<(), Failure> {
    let most = Options::default().largest_logit;
    if args.branch || tree.actions() <= most {
        return Ok(());
    }
    Err(Failure::BadInput(format!(
        "the game has {} actions; sweeps, draws and quantal responses follow the branch of quantal response, which takes long above {most}: \
         --branch follows it all the same",
        tree.actions()
    )))
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
    if solution.equilibria.is_empty() && solution.rejected.is_empty() {
        return Err(Failure::Failed(
            "none of the methods fits this game: it is too large for the branch of quantal response (--branch follows it all the same), \
             and regret minimisation takes two players"
                .into(),
        ));
    }
    if solution.equilibria.is_empty() {
        return Err(Failure::Failed(
            "no answer passed its certificate; those that were found are printed with what is wrong with them".into(),
        ));
    }
    Ok(())
}

/// The quantal response equilibrium at a precision, which is an answer of its own.
fn quantal(
    args: &Solve,
    game: &Game,
    tree: &Tree,
    lambda: f64,
    patience: &Patience,
) -> Result<(), Failure> {
    small_enough(args, tree)?;
    let options = logit::Options::default();
    let answer = logit::quantal_response_while(tree, lambda, &options, &mut |progress| {
        patience.go_on(Stage::Branch(*progress))
    });
    patience.finish();
    let answer = answer.ok_or_else(|| {
        if patience.interrupted() {
            std::process::exit(130);
        }
        Failure::Failed(if patience.patient() {
            format!("the branch of quantal response could not be followed to λ = {lambda}")
        } else {
            format!("stopped at the time limit, before the branch of quantal response came to λ = {lambda}")
        })
    })?;
    let certificate = certify(tree, &answer, &Tolerance::default());
    let told = if args.json {
        json::quantal(game, tree, &answer, &certificate, lambda)
    } else {
        text::quantal(game, tree, &answer, &certificate, lambda, args.all)
    };
    print(args, &told)
}

/// Prints what came out, as words or as JSON.
fn print(args: &Solve, told: &str) -> Result<(), Failure> {
    if args.json {
        output::print_json_text(told)
    } else {
        output::print(told)
    }
}
