//! Answers for reading.

use std::fmt::Write as _;

use detente_games::certificate::exact::Exact;
use detente_games::logit::Side;
use detente_games::signalling::Reading;
use detente_games::solve::{Equilibrium, MessageFacts, Method, Solution};
use detente_games::story::{self, Story, percent};
use detente_games::{Assessment, Certificate, Game, Number, Tree};

use detente_desk::solved::{class, residual};

use super::words::{counted, exact_payoff, paragraph, payoff, small, tenth};

/// Information sets told unless all are asked for.
const SCENES: usize = 16;
/// Endings that move by less are not told of as moving.
const MOVED: f64 = 5e-4;
/// Endings told.
const ENDINGS: usize = 8;

/// What was found, in words.
pub(super) fn solution(
    game: &Game,
    tree: &Tree,
    solution: &Solution,
    set: &[String],
    before: Option<&Story>,
    all: bool,
) -> String {
    let mut out = heading(game, tree);
    for set in set {
        paragraph(&mut out, "", &format!("with {set}"));
    }
    let count = solution.equilibria.len();
    for (at, equilibrium) in solution.equilibria.iter().enumerate() {
        let _ = writeln!(
            out,
            "\nEquilibrium {} of {count}, {}",
            at + 1,
            proof(equilibrium)
        );
        found_by(&mut out, equilibrium);
        let proved = match &equilibrium.exact {
            Some(Exact::Proved(exact)) => {
                let values = exact.value.iter().cloned();
                Some(values.map(Number::from).collect::<Vec<_>>())
            }
            _ => None,
        };
        tell(
            &mut out,
            game,
            tree,
            (&equilibrium.answer, proved.as_deref()),
            &equilibrium.certificate,
            all,
        );
        if let (Some(facts), Some(reading)) = (&equilibrium.message, &solution.signalling) {
            refinements(&mut out, reading, facts);
        } else if let Some(corners) = equilibrium.corners {
            let text = format!("One of {corners} corners of a continuum of Nash equilibria.");
            paragraph(&mut out, "  ", &text);
        }
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
    if let (Some(first), Some(before)) = (solution.equilibria.first(), before) {
        let now = story::tell_most(game, tree, &first.answer, &first.certificate, 0);
        out.push('\n');
        paragraph(&mut out, "", &moved(game, before, &now));
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
    let in_continuum = solution.equilibria.iter().any(|found| {
        let message = found.message.as_ref().and_then(|facts| facts.corners);
        found.corners.or(message).is_some()
    });
    if let Some((patterns, false)) = solution.patterns
        && !solution.complete
        && !solution.stopped
    {
        out.push('\n');
        paragraph(
            &mut out,
            "",
            &format!(
                "The search through patterns of the signalling game ended after {patterns} of them, by a fixed amount of work; --time SECONDS \
                 gives it so long instead."
            ),
        );
    }
    // Where nothing was found there is nothing for others to be beside.
    if count > 0 {
        out.push('\n');
        paragraph(
            &mut out,
            "",
            if solution.complete && in_continuum {
                "These are all sequential equilibria, as far as play on the path goes; where they form a continuum, these are its corners."
            } else if solution.complete {
                "These are all sequential equilibria, as far as play on the path goes."
            } else {
                "Other equilibria may exist: a certificate says what an answer is, not that it is the only one."
            },
        );
    }
    out
}

/// What setting numbers moved, between the first equilibria of both games.
fn moved(game: &Game, before: &Story, now: &Story) -> String {
    let mut parts = Vec::new();
    for (name, share) in &now.endings {
        let old = before.endings.iter().find(|(known, _)| known == name);
        let old = old.map_or(0.0, |(_, share)| *share);
        if (share - old).abs() >= MOVED {
            parts.push(format!("“{name}” from {} to {}", tenth(old), tenth(*share)));
        }
    }
    for (name, (old, new)) in game.players.iter().zip(before.value.iter().zip(&now.value)) {
        if payoff(*old) != payoff(*new) {
            parts.push(format!(
                "the expected payoff of {name} from {} to {}",
                payoff(*old),
                payoff(*new)
            ));
        }
    }
    if parts.is_empty() {
        "Beside the game as it is written, nothing moves.".into()
    } else {
        format!(
            "Beside the game as it is written, this moves {}.",
            parts.join(", ")
        )
    }
}

/// What refinements say of an equilibrium of a signalling game.
fn refinements(out: &mut String, reading: &Reading, facts: &MessageFacts) {
    let mut text = format!("As a signalling game: {}", class(facts.class));
    if let Some(corners) = facts.corners {
        let _ = write!(text, ", one of {corners} corners of a continuum");
    }
    text.push('.');
    paragraph(out, "  ", &text);
    for unsent in &facts.unsent {
        let message = &reading.game.messages[unsent.message].name;
        let said = unsent.in_words(&reading.game).join("; ");
        paragraph(out, "  ", &format!("“{message}” is never sent. {said}."));
    }
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
    tell(&mut out, game, tree, (answer, None), checked, all);
    let range = tree.payoff_range();
    let most = (0..tree.sets())
        .map(|set| checked.sets[set].gain / range[tree.player[set] as usize])
        .filter(|share| share.is_finite())
        .fold(0.0, f64::max);
    paragraph(
        &mut out,
        "  ",
        &format!(
            "Certificate: log-odds of actions are λ times the differences of their payoffs to within {}. What this noise forgoes: at most {} of \
             the range of payoffs at any information set.",
            small(residual(tree, answer, checked, lambda)),
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
        Some(Exact::Proved(_)) => "a sequential equilibrium, proved in exact fractions",
        Some(Exact::Refuted { .. }) => {
            "a sequential equilibrium within the tolerance; no simple fractions near it are one"
        }
        Some(_) => {
            "a sequential equilibrium within the tolerance; its numbers are no simple fractions"
        }
        None => "a sequential equilibrium within the tolerance; too large to try fractions",
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
        Method::Signalling => "going through all patterns of the signalling game".into(),
        Method::Sequences => {
            "going through the corners of all Nash equilibria, and of play off their paths".into()
        }
        Method::Pure => "going through all pure strategies".into(),
        Method::Replies => "best replies to play that parts types in order".into(),
        Method::Supports => {
            "solving for indifference among the actions guessed to be played".into()
        }
        Method::RegretMinimisation => "regret minimisation, with play off the path repaired".into(),
        Method::QuantalResponse {
            side,
            lambda,
            effort,
        } => format!(
            "the limit of quantal response{} (to λ = {lambda:.2e} in {})",
            match side {
                Side::Principal => String::new(),
                Side::Shifted => " with payoffs shifted by a millionth of their range".into(),
                Side::ShiftedBack =>
                    " with payoffs shifted back by a millionth of their range".into(),
                Side::ByStakes =>
                    " with precision measured by what is at stake at each information set".into(),
                Side::From(number) => format!(" from start {number}"),
            },
            counted(effort.steps, "step")
        ),
    }
}

fn tell(
    out: &mut String,
    game: &Game,
    tree: &Tree,
    (answer, proved): (&Assessment, Option<&[Number]>),
    checked: &Certificate,
    all: bool,
) {
    let most = if all { usize::MAX } else { SCENES };
    let story = story::tell_most(game, tree, answer, checked, most);
    for scene in &story.scenes {
        paragraph(out, "  - ", &scene.sentence);
    }
    if story.scenes.len() < tree.sets() {
        let _ = writeln!(
            out,
            "    … and {} more information sets; --all tells them",
            tree.sets() - story.scenes.len()
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
        .enumerate()
        .map(|(player, name)| {
            let value = match proved {
                Some(exact) => exact_payoff(&exact[player]),
                None => payoff(story.value[player]),
            };
            format!("{name} {value}")
        })
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
            "Certificate: of the range of payoffs, a best response gains {}; of what is at stake there, the largest regret at any of {}, \
             reached or not, is {}; trembles that beliefs come from are within {} of the strategy.",
            gains.join(", "),
            counted(tree.sets(), "information set"),
            small(most),
            small(checked.distance)
        ),
    );
}
