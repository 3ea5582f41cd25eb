//! Answers for reading.

use std::fmt::Write as _;

use detente_games::certificate::exact::Exact;
use detente_games::logit::Side;
use detente_games::solve::{Equilibrium, Method, Solution};
use detente_games::story::{self, percent};
use detente_games::{Assessment, Certificate, Game, Tree};

/// Columns of a terminal.
const WIDTH: usize = 80;
/// Information sets told unless all are asked for.
const SCENES: usize = 16;
/// Endings told.
const ENDINGS: usize = 8;

/// What was found, in words.
pub(super) fn solution(game: &Game, tree: &Tree, solution: &Solution, all: bool) -> String {
    let mut out = heading(game, tree);
    let count = solution.equilibria.len();
    for (at, equilibrium) in solution.equilibria.iter().enumerate() {
        let _ = writeln!(
            out,
            "\nEquilibrium {} of {count}, {}",
            at + 1,
            proof(equilibrium)
        );
        found_by(&mut out, equilibrium);
        tell(
            &mut out,
            game,
            tree,
            &equilibrium.answer,
            &equilibrium.certificate,
            all,
        );
        certificate(&mut out, game, tree, &equilibrium.certificate);
    }
    for equilibrium in &solution.rejected {
        out.push_str("\nFound, but not a sequential equilibrium within the tolerance\n");
        found_by(&mut out, equilibrium);
        for line in equilibrium.certificate.in_words(game).lines() {
            paragraph(&mut out, "  ! ", line);
        }
        certificate(&mut out, game, tree, &equilibrium.certificate);
    }
    if !solution.crossings.is_empty() {
        let at: Vec<String> = solution
            .crossings
            .iter()
            .map(|lambda| format!("{lambda:.4}"))
            .collect();
        out.push('\n');
        paragraph(
            &mut out,
            "",
            &format!(
                "Another branch of quantal response crosses the principal one at λ = {}: tiny differences of payoffs decide which way play \
                 goes, so both ways were followed.",
                at.join(", ")
            ),
        );
    }
    out.push('\n');
    paragraph(
        &mut out,
        "",
        "Other equilibria may exist: a certificate says what an answer is, not that it is the only one.",
    );
    out
}

/// A quantal response equilibrium, in words.
pub(super) fn quantal(
    game: &Game,
    tree: &Tree,
    answer: &Assessment,
    checked: &Certificate,
    lambda: f64,
    all: bool,
) -> String {
    let mut out = heading(game, tree);
    let _ = writeln!(
        out,
        "\nAgent quantal response equilibrium at λ = {lambda} (1/payoff)"
    );
    paragraph(
        &mut out,
        "  ",
        "Every action is played with probability in proportion to exp(λ × its payoff); beliefs are by Bayes' rule everywhere.",
    );
    tell(&mut out, game, tree, answer, checked, all);
    let most = checked.regret.iter().copied().fold(0.0, f64::max);
    paragraph(
        &mut out,
        "  ",
        &format!(
            "What this noise forgoes: at most {} of the range of payoffs at any information set.",
            small(most)
        ),
    );
    out
}

fn heading(game: &Game, tree: &Tree) -> String {
    let mut out = String::new();
    let title = if game.title.is_empty() {
        "A game without a title"
    } else {
        &game.title
    };
    paragraph(&mut out, "", title);
    let _ = writeln!(
        out,
        "{}, {}, {}, {}",
        counted(tree.players, "player"),
        counted(tree.parent.len(), "node"),
        counted(tree.sets(), "information set"),
        counted(tree.actions(), "action")
    );
    out
}

fn proof(equilibrium: &Equilibrium) -> &'static str {
    match equilibrium.exact {
        Exact::Proved(_) => "a sequential equilibrium, proved in exact fractions",
        _ => "a sequential equilibrium within the tolerance",
    }
}

fn found_by(out: &mut String, equilibrium: &Equilibrium) {
    let methods: Vec<String> = equilibrium.found_by.iter().map(method).collect();
    paragraph(out, "  ", &format!("found by {}", methods.join("; by ")));
}

fn method(method: &Method) -> String {
    match method {
        Method::Backward { ties: 0 } => "backward induction, without a tie".into(),
        Method::Backward { ties } => format!(
            "backward induction, which broke ties at {}",
            counted(*ties, "information set")
        ),
        Method::QuantalResponse {
            side,
            lambda,
            effort,
        } => format!(
            "the limit of quantal response{} (to λ = {lambda:.2e} in {})",
            match side {
                Side::Principal => "",
                Side::Shifted => " with payoffs shifted by a millionth of their range",
                Side::ShiftedBack => " with payoffs shifted back by a millionth of their range",
            },
            counted(effort.steps, "step")
        ),
    }
}

fn tell(
    out: &mut String,
    game: &Game,
    tree: &Tree,
    answer: &Assessment,
    checked: &Certificate,
    all: bool,
) {
    let story = story::tell(game, tree, answer, checked);
    let mut scenes: Vec<&story::Scene> = story.scenes.iter().collect();
    if !all && scenes.len() > SCENES {
        // What is reached says most; the order of the tree is kept.
        let mut reach: Vec<f64> = scenes.iter().map(|scene| scene.reach).collect();
        reach.sort_by(|a, b| b.total_cmp(a));
        let least = reach[SCENES - 1];
        scenes.retain(|scene| scene.reach >= least);
        scenes.truncate(SCENES);
    }
    for scene in &scenes {
        paragraph(out, "  - ", &scene.sentence);
    }
    if scenes.len() < story.scenes.len() {
        let _ = writeln!(
            out,
            "    … and {} more information sets; --all tells them",
            story.scenes.len() - scenes.len()
        );
    }
    let endings: Vec<String> = story
        .endings
        .iter()
        .filter(|(_, p)| *p > 0.0)
        .take(ENDINGS)
        .map(|(name, p)| format!("“{name}” {}", percent(*p)))
        .collect();
    paragraph(out, "  ", &format!("Plays end in {}.", endings.join(", ")));
    let values: Vec<String> = game
        .players
        .iter()
        .zip(&story.value)
        .map(|(name, value)| format!("{name} {}", payoff(*value)))
        .collect();
    paragraph(
        out,
        "  ",
        &format!("Expected payoffs: {}.", values.join(", ")),
    );
}

fn certificate(out: &mut String, game: &Game, tree: &Tree, checked: &Certificate) {
    let range = tree.payoff_range();
    let gains: Vec<String> = game
        .players
        .iter()
        .zip(checked.nash_conv.iter().zip(&range))
        .map(|(name, (gain, range))| {
            let share = if *range > 0.0 { gain / range } else { 0.0 };
            format!("{name} {}", small(share))
        })
        .collect();
    let most = checked.regret.iter().copied().fold(0.0, f64::max);
    paragraph(
        out,
        "  ",
        &format!(
            "Certificate, in shares of the range of payoffs: a best response gains {}; the largest regret at any of {}, reached or not, \
             is {}; trembles that beliefs come from are within {} of the strategy.",
            gains.join(", "),
            counted(tree.sets(), "information set"),
            small(most),
            small(checked.distance)
        ),
    );
}

/// A share that ought to be nil, to its order of magnitude.
fn small(share: f64) -> String {
    if share <= 0.0 {
        "0".into()
    } else if share < 1e-15 {
        "<1e-15".into()
    } else if share < 1e-3 {
        format!("{share:.0e}")
    } else {
        format!("{share:.3}")
    }
}

/// A payoff to four digits.
fn payoff(value: f64) -> String {
    if value == 0.0 || value.abs() < 1e-12 {
        return "0".into();
    }
    let (mut digits, mut size) = (3_usize, value.abs());
    while size < 1.0 && digits < 9 {
        size *= 10.0;
        digits += 1;
    }
    while size >= 10.0 && digits > 0 {
        size /= 10.0;
        digits -= 1;
    }
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Writes `text` in lines of a terminal's width, the first after `mark`, the others as far in.
fn paragraph(out: &mut String, mark: &str, text: &str) {
    let indent = " ".repeat(mark.chars().count());
    let mut line = mark.to_owned();
    let mut length = mark.chars().count();
    let mut empty = true;
    for word in text.split_whitespace() {
        let more = word.chars().count();
        if !empty && length + 1 + more > WIDTH {
            let _ = writeln!(out, "{line}");
            line.clone_from(&indent);
            length = indent.len();
            empty = true;
        }
        if !empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += more;
        empty = false;
    }
    let _ = writeln!(out, "{line}");
}
