//! Game files of strategic form (`.nfg`, version 1), as Gambit reads them.
//!
//! ```text
//! file       := "NFG" "1" ("R" | "D") TITLE "{" PLAYER* "}" "{" strategies "}" [COMMENT] (payoffs | outcomes)
//! strategies := NUMBER*  |  ("{" STRATEGY* "}")*                       for each player: how many, or their labels
//! payoffs    := (PAYOFF*)*                                             for each profile, for each player
//! outcomes   := "{" ("{" LABEL (PAYOFF ","?)* "}")* "}" NUMBER*        for each profile, an outcome of the list; 0 pays nothing
//! ```
//!
//! Profiles stand in the order in which the first player's strategy changes fastest. Tokens and numbers are those of
//! [`crate::efg`]. Nothing may follow.
//!
//! The game that a table becomes is the tree of simultaneous moves: player 1 moves first, and each player has one information set.

mod write;

use std::collections::HashMap;

use detente_diag::{Code, Diagnostic, Diagnostics, FileId};

use crate::builder::small;
use crate::efg::lexer::Kind as Mark;
use crate::efg::parts::{count, header, payoffs, players};
use crate::efg::reader::{Reader, Stray};
use crate::game::{Game, InfoSet, Kind, Node, Outcome};
use crate::number::Number;

pub use write::{NotATable, write};

/// Nodes of the largest tree that a table is made into.
const MOST_NODES: usize = 1 << 23;

/// The game that `text`, an `.nfg` file, describes; `None` if it has errors.
///
/// All that can be said about it is put into `diagnostics`, with places in `file`.
///
/// ```
/// use detente_diag::{Diagnostics, FileId};
/// use detente_games::nfg;
///
/// let text = r#"NFG 1 R "Chicken" { "A" "B" } { { "swerve" "drive" } { "swerve" "drive" } }
/// 0 0  1 -1  -1 1  -5 -5"#;
/// let game = nfg::read(text, FileId(0), &mut Diagnostics::default()).expect("no errors");
/// // A drives, B swerves: the second profile of the table, the third play of the tree.
/// let outcome = game.nodes()[5].outcome.expect("it pays") as usize;
/// assert_eq!(game.outcomes()[outcome].payoffs[0].value(), 1.0);
/// ```
pub fn read(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Game> {
    let mut reader = Reader::new(text, file, diagnostics);
    let game = table(&mut reader).ok()?;
    reader.faultless().then_some(game)
}

fn table(reader: &mut Reader<'_, '_>) -> Result<Game, Stray> {
    header(reader, "NFG", "1")?;
    let title = reader.text("the title, between quotes")?;
    let mut game = Game {
        title: reader.content(title).into(),
        players: players(reader)?,
        ..Game::default()
    };
    if game.players.is_empty() {
        let place = reader.span(reader.last);
        let diagnostic = Diagnostic::new(Code::GAME_PLAYER, "a table has players, at least one");
        reader.fault(diagnostic.at(place, "").help("name them: { \"A\" \"B\" }"));
        return Err(Stray);
    }
    let (strategies, profiles) = strategies(reader, game.players.len())?;
    for (player, labels) in strategies.into_iter().enumerate() {
        game.sets.push(InfoSet {
            player: small(player),
            number: 1,
            label: "".into(),
            first_action: small(game.actions()),
            actions: labels,
            members: Vec::new(),
        });
    }
    if reader.token.kind == Mark::Text {
        let comment = reader.text("a comment")?;
        game.comment = reader.content(comment).into();
    }
    let paid = match reader.token.kind {
        Mark::LeftBrace => by_outcomes(reader, game.players.len(), profiles)?,
        Mark::Number => by_payoffs(reader, game.players.len(), profiles)?,
        _ => return Err(reader.stray("the payoffs, or `{` before a list of outcomes")),
    };
    if reader.token.kind != Mark::End {
        let place = reader.span(reader.token);
        let message =
            format!("the table is complete with {profiles} profiles, but the file goes on");
        let help = "there is one entry for each profile of strategies, and nothing else; remove the rest, or correct the strategies";
        reader.fault(
            Diagnostic::new(Code::GAME_TOO_LONG, message)
                .at(place, "")
                .help(help),
        );
    }
    if reader.faultless() {
        grow(&mut game, paid);
    }
    Ok(game)
}

/// The labels of a player's strategies.
type Labels = Vec<Box<str>>;

/// The labels of the strategies of each player, and the number of profiles.
fn strategies(reader: &mut Reader<'_, '_>, players: usize) -> Result<(Vec<Labels>, usize), Stray> {
    reader.expect(Mark::LeftBrace, "`{` before the strategies")?;
    let nested = reader.token.kind == Mark::LeftBrace;
    let mut labels: Vec<Labels> = Vec::new();
    let mut counts = Vec::with_capacity(players);
    for _ in 0..players {
        if nested {
            let own = labelled(reader)?;
            counts.push(Some(own.len()));
            labels.push(own);
        } else {
            counts.push(counted(reader)?);
        }
    }
    reader.expect(
        Mark::RightBrace,
        "`}` behind the strategies of the last player",
    )?;
    let counts: Option<Vec<usize>> = counts.into_iter().collect();
    let counts = counts.ok_or(Stray)?;
    let profiles = size(reader, &counts)?;
    if !nested {
        let numbered = |count: usize| (1..=count).map(|label| label.to_string().into());
        labels = counts.into_iter().map(|c| numbered(c).collect()).collect();
    }
    Ok((labels, profiles))
}

fn labelled(reader: &mut Reader<'_, '_>) -> Result<Labels, Stray> {
    reader.expect(
        Mark::LeftBrace,
        "`{` before the strategies of the next player",
    )?;
    let mut labels = Vec::new();
    while labels.is_empty() || reader.token.kind != Mark::RightBrace {
        let token = reader.text("the label of a strategy")?;
        labels.push(reader.content(token));
    }
    reader.advance();
    Ok(labels)
}

/// How many strategies a player has; `None` if that is no number, which is reported.
fn counted(reader: &mut Reader<'_, '_>) -> Result<Option<usize>, Stray> {
    let number = reader.whole("the number of strategies of the next player")?;
    if number == Some(0) {
        let place = reader.span(reader.last);
        let message = "`0` is not the number of strategies of a player";
        let diagnostic = Diagnostic::new(Code::GAME_NUMBER, message);
        reader.fault(
            diagnostic
                .at(place, "")
                .help("a player has one strategy at least"),
        );
        return Ok(None);
    }
    Ok(number.and_then(|number| usize::try_from(number).ok()))
}

/// The number of profiles.
fn size(reader: &mut Reader<'_, '_>, strategies: &[usize]) -> Result<usize, Stray> {
    let (mut profiles, mut nodes) = (1_u128, 1_u128);
    for &count in strategies {
        profiles = profiles.saturating_mul(count as u128);
        nodes = nodes.saturating_add(profiles);
    }
    // Each profile takes a letter of the file at least: what is set aside for profiles grows no faster than the text.
    if profiles > reader.text.len() as u128 {
        let place = reader.span(reader.last);
        let message = format!("a table of {profiles} profiles, but the file is shorter than that");
        let help = "each profile of strategies has an entry; correct the numbers of strategies";
        reader.fault(
            Diagnostic::new(Code::GAME_INCOMPLETE, message)
                .at(place, "")
                .help(help),
        );
        return Err(Stray);
    }
    if nodes > MOST_NODES as u128 {
        too_large(reader, nodes);
        return Err(Stray);
    }
    Ok(usize::try_from(profiles).expect("fewer profiles than letters"))
}

fn too_large(reader: &mut Reader<'_, '_>, nodes: u128) {
    let place = reader.span(reader.last);
    let message = format!("the tree of the table would have {nodes} nodes");
    let help = format!(
        "a table becomes a tree of {MOST_NODES} nodes at most; fewer strategies make it smaller"
    );
    reader.fault(
        Diagnostic::new(Code::TOO_LARGE, message)
            .at(place, "")
            .help(help),
    );
}

/// What is paid at each profile, and the outcomes by number.
struct Paid {
    /// Numbers of outcomes; 0 pays nothing.
    profiles: Vec<u64>,
    outcomes: Vec<Outcome>,
}

fn by_payoffs(reader: &mut Reader<'_, '_>, players: usize, profiles: usize) -> Result<Paid, Stray> {
    let mut outcomes = Vec::new();
    for profile in 0..profiles {
        let mut payoffs: Vec<Number> = Vec::with_capacity(players);
        for _ in 0..players {
            if reader.token.kind == Mark::End {
                return Err(too_short(reader, profile, profiles));
            }
            payoffs.extend(reader.number("a payoff")?.map(|(number, _)| number));
            if reader.hopeless() {
                return Err(Stray);
            }
        }
        outcomes.push(Outcome {
            number: profile as u64 + 1,
            label: "".into(),
            payoffs,
        });
    }
    Ok(Paid {
        profiles: (1..=profiles as u64).collect(),
        outcomes,
    })
}

fn by_outcomes(
    reader: &mut Reader<'_, '_>,
    players: usize,
    profiles: usize,
) -> Result<Paid, Stray> {
    reader.expect(Mark::LeftBrace, "`{` before the outcomes")?;
    let mut outcomes = Vec::new();
    while reader.token.kind != Mark::RightBrace {
        let start = reader.token.start;
        reader.expect(
            Mark::LeftBrace,
            "`{` before an outcome, or `}` behind the last",
        )?;
        let label = reader.text("the label of an outcome")?;
        let label = reader.content(label);
        let (payoffs, typed) = payoffs(reader, players)?;
        let end = reader.last.end;
        if typed != players {
            let place = reader.at(start, end);
            count(reader, typed, players, place);
        }
        if reader.hopeless() {
            return Err(Stray);
        }
        outcomes.push(Outcome {
            number: outcomes.len() as u64 + 1,
            label,
            payoffs: payoffs.into_iter().map(|(number, _)| number).collect(),
        });
    }
    reader.advance();
    let mut numbers = Vec::new();
    for profile in 0..profiles {
        if reader.token.kind == Mark::End {
            return Err(too_short(reader, profile, profiles));
        }
        let number = reader.whole("the number of an outcome, or 0")?;
        if let Some(number) = number.filter(|number| *number > outcomes.len() as u64) {
            let place = reader.span(reader.last);
            let message = format!("there is no outcome {number}");
            let help = format!("the list has {}; outcome 0 pays nothing", outcomes.len());
            reader.fault(
                Diagnostic::new(Code::GAME_UNDEFINED, message)
                    .at(place, "")
                    .help(help),
            );
        }
        if reader.hopeless() {
            return Err(Stray);
        }
        numbers.push(number.unwrap_or(0));
    }
    Ok(Paid {
        profiles: numbers,
        outcomes,
    })
}

fn too_short(reader: &mut Reader<'_, '_>, profile: usize, profiles: usize) -> Stray {
    let place = reader.span(reader.last);
    let message = format!("the file ends in profile {} of {profiles}", profile + 1);
    let help =
        "each profile of strategies has an entry; the first player's strategy changes fastest";
    reader.fault(
        Diagnostic::new(Code::GAME_INCOMPLETE, message)
            .at(place, "the file ends here")
            .help(help),
    );
    Stray
}

/// Makes the tree, and gives it the outcomes that it uses, in the order of its plays.
fn grow(game: &mut Game, mut paid: Paid) {
    let sizes: Vec<usize> = game.sets.iter().map(|set| set.actions.len()).collect();
    // How many nodes a subtree has that begins with a move of this player, and how many entries of the table one strategy spans.
    let mut nodes = vec![1; sizes.len() + 1];
    for player in (0..sizes.len()).rev() {
        nodes[player] = 1 + sizes[player] * nodes[player + 1];
    }
    let mut span = vec![1; sizes.len()];
    for player in 1..sizes.len() {
        span[player] = span[player - 1] * sizes[player - 1];
    }
    let mut used: HashMap<u64, u32> = HashMap::new();
    let mut stack = vec![(0_usize, 0_u32, 0_u32, 0_usize)];
    while let Some((player, parent, branch, entry)) = stack.pop() {
        let index = small(game.nodes.len());
        let (kind, outcome) = if player < sizes.len() {
            game.sets[player].members.push(index);
            for strategy in (0..sizes[player]).rev() {
                stack.push((
                    player + 1,
                    index,
                    small(strategy),
                    entry + strategy * span[player],
                ));
            }
            (Kind::Personal(small(player)), None)
        } else {
            let number = paid.profiles[entry];
            let outcomes = &mut game.outcomes;
            let outcome = (number > 0).then(|| {
                *used.entry(number).or_insert_with(|| {
                    let found = &mut paid.outcomes[usize::try_from(number - 1).expect("an index")];
                    outcomes.push(Outcome {
                        number,
                        label: std::mem::take(&mut found.label),
                        payoffs: std::mem::take(&mut found.payoffs),
                    });
                    small(outcomes.len() - 1)
                })
            });
            (Kind::Terminal, outcome)
        };
        game.nodes.push(Node {
            parent,
            branch,
            end: index + small(nodes[player]),
            kind,
            outcome,
            name: "".into(),
        });
    }
}
