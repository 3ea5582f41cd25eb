//! Random game files, and what they mean, from a tape of random numbers.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

/// A text, and what a reader should make of it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) text: String,
    /// For each node: parent, branch, mover (0 for chance, none at an end), number of the set, number of the outcome.
    pub(super) nodes: Vec<Line>,
    /// Payoffs by number of the outcome, as typed.
    pub(super) payoffs: BTreeMap<u64, Vec<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) parent: usize,
    pub(super) branch: usize,
    pub(super) mover: Option<u32>,
    pub(super) set: u64,
    pub(super) outcome: u64,
    pub(super) name: &'static str,
}

/// Labels that quotes, backslashes and letters beyond ASCII make hard.
const LABELS: [&str; 10] = [
    "",
    "a",
    "a",
    "up",
    "two words",
    "with \"quotes\"",
    r"\neg",
    "é ß 😀",
    "line\nbreak",
    "{ 1, 2 } t",
];
const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "2.50",
    "1/3",
    "-7/21",
    ".5",
    "-.25",
    "007",
    "1e2",
    "1.5e-2",
    "12345678901234567890.5",
];
/// Probabilities for one, two and three branches.
const LOTTERIES: [&[&str]; 8] = [
    &["1"],
    &["1.000"],
    &["1/2", "0.50"],
    &["0", "1"],
    &["0.333333", "0.666667"],
    &["1/3", "1/3", "2/6"],
    &[".25", "0", "0.75"],
    &["1e-1", "4/5", "0.1"],
];
const BLANKS: [&str; 5] = [" ", "\n", "  ", "\t", " \r\n "];

/// Most nodes of a random game.
const MOST: usize = 40;

/// Numbers to be used up in a row; zeros follow.
struct Tape<'t>(&'t [u8]);

impl Tape<'_> {
    fn below(&mut self, bound: usize) -> usize {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                usize::from(*first) % bound
            }
            [] => 0,
        }
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

fn quoted(label: &str) -> String {
    format!("\"{}\"", label.replace('"', "\\\""))
}

/// What a player did: at which sets, which action.
type Deeds = Vec<(u64, usize)>;

/// A place that waits for its node: where it hangs, and what each player did before.
struct Waiting {
    parent: usize,
    branch: usize,
    own: Vec<Deeds>,
}

/// A set as described: the bracket, as words, and the number of its actions.
struct Described {
    words: Vec<String>,
    actions: usize,
}

/// The text that a tape tells. `perfect`: players remember what they knew and did.
fn tell(tape: &[u8], perfect: bool) -> Told {
    let tape = &mut Tape(tape);
    let players = 1 + tape.below(3);
    let mut words: Vec<String> = vec!["EFG".into(), "2".into(), tape.of(&["R", "D"]).into()];
    words.push(quoted(tape.of(&LABELS)));
    words.push("{".into());
    words.extend((0..players).map(|_| quoted(tape.of(&LABELS))));
    words.push("}".into());
    if tape.below(2) == 0 {
        words.push(quoted(tape.of(&LABELS)));
    }
    let mut nodes: Vec<Line> = Vec::new();
    let mut payoffs: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut outcomes: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut sets: BTreeMap<(u32, u64), Described> = BTreeMap::new();
    // Which sets a player can be in, having done what it did.
    let mut same: BTreeMap<(u32, Deeds), Vec<u64>> = BTreeMap::new();
    let mut stack = vec![Waiting {
        parent: 0,
        branch: 0,
        own: vec![Vec::new(); players],
    }];
    while let Some(here) = stack.pop() {
        let index = nodes.len();
        let ends = nodes.len() + stack.len() > MOST || tape.below(4) == 0;
        let name = tape.of(&LABELS);
        let mut line = Line {
            parent: here.parent,
            branch: here.branch,
            mover: None,
            set: 0,
            outcome: 0,
            name,
        };
        let mut actions = 0;
        if ends {
            words.extend(["t".into(), quoted(name)]);
        } else {
            let mover = u32::try_from(tape.below(players + 1)).expect("small");
            let key = match mover {
                0 => (0, Vec::new()),
                _ if perfect => (mover, here.own[mover as usize - 1].clone()),
                _ => (mover, Vec::new()),
            };
            let open = same.entry(key).or_default();
            let again = !open.is_empty() && tape.below(2) == 0;
            let number = if again {
                open[tape.below(open.len())]
            } else {
                // Numbers need not follow one another, and each player has its own.
                let number = 3 * (sets.len() as u64 + 1) % 101;
                open.push(number);
                number
            };
            let set = sets.entry((mover, number)).or_insert_with(|| {
                let lottery = tape.of(&LOTTERIES);
                let actions = if mover == 0 {
                    lottery.len()
                } else {
                    1 + tape.below(3)
                };
                let mut words = vec![quoted(tape.of(&LABELS)), "{".to_owned()];
                for action in 0..actions {
                    words.push(quoted(tape.of(&LABELS)));
                    if mover == 0 {
                        words.push(lottery[action].to_owned());
                    }
                }
                words.push("}".to_owned());
                Described { words, actions }
            });
            line.mover = Some(mover);
            line.set = number;
            actions = set.actions;
            words.extend([if mover == 0 { "c" } else { "p" }.to_owned(), quoted(name)]);
            if mover > 0 {
                words.push(mover.to_string());
            }
            words.push(number.to_string());
            if !again || tape.below(2) == 0 {
                words.extend(set.words.iter().cloned());
            }
        }
        line.outcome = tape.below(8) as u64;
        words.push(line.outcome.to_string());
        if line.outcome > 0 {
            let known = outcomes.contains_key(&line.outcome);
            let described = outcomes.entry(line.outcome).or_insert_with(|| {
                let typed: Vec<String> =
                    (0..players).map(|_| tape.of(&NUMBERS).to_owned()).collect();
                payoffs.insert(line.outcome, typed.clone());
                let mut words = vec![quoted(tape.of(&LABELS)), "{".to_owned()];
                words.extend(typed);
                words.push("}".to_owned());
                words
            });
            if !known || tape.below(2) == 0 {
                words.extend(described.iter().cloned());
            }
        }
        for branch in (0..actions).rev() {
            let mut own = here.own.clone();
            if let Some(player) = line.mover.and_then(|mover| (mover as usize).checked_sub(1)) {
                own[player].push((line.set, branch));
            }
            stack.push(Waiting {
                parent: index,
                branch,
                own,
            });
        }
        nodes.push(line);
    }
    let mut text = String::new();
    for word in words {
        write!(text, "{word}{}", tape.of(&BLANKS)).expect("a string takes any text");
    }
    Told {
        text,
        nodes,
        payoffs,
    }
}

/// Random files; those of `perfect` recall, or any.
pub(super) fn told(perfect: bool) -> impl Strategy<Value = Told> {
    prop::collection::vec(any::<u8>(), 0..400).prop_map(move |tape| tell(&tape, perfect))
}
