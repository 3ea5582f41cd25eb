//! Numbers of a game that are set or swept: a payoff, or the chance of a branch.

use detente::diag::nearest;
use detente_games::{Game, Number};

use crate::failure::Failure;

/// Denominators of swept values: round in decimals, and exact.
const ROUND: f64 = 1e12;

/// A value without the noise of a sweep's arithmetic. What that would change by more than noise, as tiny or huge numbers, stays as it is.
fn rounded(value: f64) -> f64 {
    let round = (value * ROUND).round() / ROUND;
    if (round - value).abs() <= value.abs() / ROUND {
        round
    } else {
        value
    }
}

/// One number, and the range it is swept over or the value it is set to.
#[derive(Clone, Debug)]
pub(super) struct Knob {
    /// What it is, in words.
    pub(super) name: String,
    pub(super) from: f64,
    pub(super) to: f64,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    /// Payoffs of a player at some outcomes: set, or shifted.
    Payoff {
        outcomes: Vec<usize>,
        player: usize,
        shift: bool,
    },
    /// The chance of a branch in some chance sets, by (set, branch); the other branches keep their proportions.
    Chance { branches: Vec<(usize, usize)> },
}

impl Knob {
    /// What `--sweep OUTCOME:PLAYER=FROM..TO`, `OUTCOME:PLAYER+=FROM..TO` or `BRANCH=FROM..TO` asks for.
    pub(super) fn to_sweep(game: &Game, text: &str) -> Result<Self, Failure> {
        Self::parse(game, text, "--sweep", "FROM..TO", &ends)
    }

    /// What `--set OUTCOME:PLAYER=NUMBER`, `OUTCOME:PLAYER+=NUMBER` or `BRANCH=NUMBER` asks for.
    pub(super) fn to_set(game: &Game, text: &str) -> Result<Self, Failure> {
        Self::parse(game, text, "--set", "NUMBER", &|text| {
            number(text).map(|value| (value, value))
        })
    }

    fn parse(
        game: &Game,
        text: &str,
        option: &str,
        form: &str,
        read: &dyn Fn(&str) -> Option<(f64, f64)>,
    ) -> Result<Self, Failure> {
        let bad = |why: String| Failure::BadInput(format!("{option} {text}: {why}"));
        let shape = format!(
            "expected OUTCOME:PLAYER={form}, OUTCOME:PLAYER+={form} to shift, or BRANCH={form} for a chance"
        );
        let (place, value) = text.rsplit_once('=').ok_or_else(|| bad(shape.clone()))?;
        let (place, shift) = match place.strip_suffix('+') {
            Some(place) => (place.trim(), true),
            None => (place.trim(), false),
        };
        let (from, to) = read(value.trim())
            .ok_or_else(|| bad(format!("`{}` is not {form}; {shape}", value.trim())))?;
        let target = match place.rsplit_once(':') {
            Some((outcome, player)) => payoff(game, outcome.trim(), player.trim(), shift),
            None if shift => Err("a chance is set, not shifted".into()),
            None if from < 0.0 || to > 1.0 => Err("a chance lies between 0 and 1".into()),
            None => chance(game, place),
        }
        .map_err(bad)?;
        Ok(Self {
            name: match place.rsplit_once(':') {
                Some((outcome, player)) => {
                    let what = if shift {
                        "shift of the payoff"
                    } else {
                        "payoff"
                    };
                    format!("{what} of {} at “{}”", player.trim(), outcome.trim())
                }
                None => format!("chance of “{place}”"),
            },
            from,
            to,
            target,
        })
    }

    /// The same number, swept no further than `to`.
    pub(super) fn up_to(&self, to: f64) -> Self {
        Self { to, ..self.clone() }
    }

    /// Value `step` of `steps`, both ends among them.
    pub(super) fn at(&self, step: usize, steps: usize) -> f64 {
        self.from + (self.to - self.from) * step as f64 / (steps - 1) as f64
    }

    /// Sets the number in `game` to `value`.
    pub(super) fn turn(&self, game: &mut Game, value: f64) {
        let value = Number::decimal(rounded(value));
        match &self.target {
            Target::Payoff {
                outcomes,
                player,
                shift,
            } => {
                for &outcome in outcomes {
                    let mut payoffs = game.outcomes()[outcome].payoffs.clone();
                    payoffs[*player] = if *shift {
                        Number::from(payoffs[*player].exact() + value.exact())
                    } else {
                        value.clone()
                    };
                    game.set_payoffs(outcome, payoffs);
                }
            }
            Target::Chance { branches } => {
                for &(set, branch) in branches {
                    let chance = rescaled(&game.chances()[set].chance, branch, &value);
                    game.set_chance(set, chance);
                }
            }
        }
    }
}

/// Refuses numbers that would overwrite one another: the same payoff twice, or two branches of one lottery.
pub(super) fn apart(knobs: &[Knob], option: &str) -> Result<(), Failure> {
    for (at, knob) in knobs.iter().enumerate() {
        if let Some(other) = knobs[..at]
            .iter()
            .find(|other| clash(&knob.target, &other.target))
        {
            return Err(Failure::BadInput(format!(
                "{option}: the {} and the {} set the same numbers",
                other.name, knob.name
            )));
        }
    }
    Ok(())
}

fn clash(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (
            Target::Payoff {
                outcomes, player, ..
            },
            Target::Payoff {
                outcomes: others,
                player: other,
                ..
            },
        ) => player == other && outcomes.iter().any(|outcome| others.contains(outcome)),
        (Target::Chance { branches }, Target::Chance { branches: others }) => branches
            .iter()
            .any(|(set, _)| others.iter().any(|(other, _)| set == other)),
        _ => false,
    }
}

/// `chance` with `value` at `branch`, the others in their old proportions, or evenly if they had none.
fn rescaled(chance: &[Number], branch: usize, value: &Number) -> Vec<Number> {
    let others = chance.len() - 1;
    let one = Number::from(1);
    let left_before = one.exact() - chance[branch].exact();
    let left_now = one.exact() - value.exact();
    let even = Number::ratio(1, i64::try_from(others).unwrap_or(1).max(1));
    chance
        .iter()
        .enumerate()
        .map(|(at, old)| {
            if at == branch {
                value.clone()
            } else if left_before == *Number::from(0).exact() {
                Number::from(&left_now * even.exact())
            } else {
                Number::from(old.exact() * &left_now / &left_before)
            }
        })
        .collect()
}

/// `-1..0.5`: two numbers, the first the smaller.
fn ends(text: &str) -> Option<(f64, f64)> {
    text.match_indices("..").find_map(|(at, dots)| {
        let (from, to) = (number(&text[..at])?, number(&text[at + dots.len()..])?);
        (from < to).then_some((from, to))
    })
}

/// A number that solvers can reckon with.
fn number(text: &str) -> Option<f64> {
    const LARGEST: f64 = 1e150;
    let number = text.trim().parse::<f64>().ok();
    number.filter(|x| x.is_finite() && x.abs() <= LARGEST)
}

/// The outcomes and the player that `OUTCOME:PLAYER` names.
pub(super) fn payoffs(game: &Game, text: &str) -> Result<(Vec<usize>, usize), Failure> {
    let bad = |why: String| Failure::BadInput(format!("--uncertain {text}: {why}"));
    let (outcome, player) = text
        .rsplit_once(':')
        .ok_or_else(|| bad("expected OUTCOME:PLAYER".into()))?;
    match payoff(game, outcome.trim(), player.trim(), true).map_err(bad)? {
        Target::Payoff {
            outcomes, player, ..
        } => Ok((outcomes, player)),
        Target::Chance { .. } => unreachable!("a payoff was asked for"),
    }
}

fn payoff(game: &Game, outcome: &str, player: &str, shift: bool) -> Result<Target, String> {
    let players: Vec<&str> = game.players.iter().map(String::as_str).collect();
    let by_number = player
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    let player = players
        .iter()
        .position(|known| *known == player)
        .or(by_number.filter(|at| *at < players.len()))
        .ok_or_else(|| unknown("player", player, &players))?;
    let outcomes: Vec<usize> = if let Some(number) = outcome.strip_prefix('#') {
        let of_number = |at: &usize| game.outcomes()[*at].number.to_string() == number;
        (0..game.outcomes().len()).filter(of_number).collect()
    } else {
        (0..game.outcomes().len())
            .filter(|at| &*game.outcomes()[*at].label == outcome)
            .collect()
    };
    if outcomes.is_empty() {
        let labels = game.outcomes().iter().map(|outcome| &*outcome.label);
        return Err(unknown("outcome", outcome, &distinct(labels)));
    }
    let pays = |at: usize| &game.outcomes()[at].payoffs[player];
    let other = outcomes.iter().find(|at| pays(**at) != pays(outcomes[0]));
    if let Some(other) = other.filter(|_| !shift) {
        return Err(format!(
            "outcomes called “{outcome}” pay {} and {}: shift them together with +=, or name one by its number, as in #{}:…",
            pays(outcomes[0]),
            pays(*other),
            game.outcomes()[*other].number
        ));
    }
    Ok(Target::Payoff {
        outcomes,
        player,
        shift,
    })
}

fn chance(game: &Game, branch: &str) -> Result<Target, String> {
    let mut branches = Vec::new();
    for (set, chance) in game.chances().iter().enumerate() {
        let found = chance.actions.iter().position(|label| &**label == branch);
        branches.extend(found.map(|at| (set, at)));
    }
    if branches.is_empty() {
        let labels = game.chances().iter().flat_map(|chance| &chance.actions);
        return Err(unknown(
            "branch of chance",
            branch,
            &distinct(labels.map(|label| &**label)),
        ));
    }
    if branches
        .iter()
        .any(|(set, _)| game.chances()[*set].actions.len() < 2)
    {
        return Err(format!(
            "“{branch}” is the only branch there is: its chance is 1"
        ));
    }
    Ok(Target::Chance { branches })
}

/// Names that are not empty, each once.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Names listed where none is near.
const LISTED: usize = 12;

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("no {what} is called “{name}”; did you mean “{near}”?");
    }
    let first: Vec<String> = known
        .iter()
        .take(LISTED)
        .map(|name| format!("“{name}”"))
        .collect();
    match (first.len(), known.len() > LISTED) {
        (0, _) => format!("no {what} is called “{name}”: none has a label"),
        (_, more) => {
            let more = if more { ", …" } else { "" };
            format!(
                "no {what} is called “{name}”; there are {}{more}",
                first.join(", ")
            )
        }
    }
}
