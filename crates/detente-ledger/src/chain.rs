//! The chain: what was changed, put in, taken out, or put elsewhere.

use detente_case::Tree;
use detente_diag::{Code, Diagnostic, Diagnostics, Span};

use crate::entry::{Entry, Ledger};
use crate::node::{GENESIS, hash};

/// Checks that every entry is as it was written and follows the one above it.
pub(crate) fn check(trees: &[&Tree], entries: &[Entry], faults: &mut Diagnostics) {
    let own: Vec<String> = trees.iter().map(|tree| hash(tree)).collect();
    // Entries that were said to stand where they do not belong.
    let mut strange = vec![false; entries.len()];
    for (place, entry) in entries.iter().enumerate() {
        let at = trees[place].span;
        if own[place] != entry.hash {
            let message = format!(
                "entry {} on line {} is not as it was written",
                entry.number, entry.line
            );
            let fault = Diagnostic::new(Code::ENTRY_CHANGED, message);
            faults.push(fault.at(at, "something in it was changed").help(format!(
                "its hash is {}, and it says {}: take the ledger as it was written",
                short(&own[place]),
                short(&entry.hash)
            )));
        }
        let before = place.checked_sub(1).map(|above| &entries[above]);
        if entry.before == before.map_or(GENESIS, |above| above.hash.as_str()) {
            let next = before.map_or(1, |above| above.number + 1);
            if entry.number != next {
                let message = format!(
                    "entry {} on line {} stands where entry {next} should",
                    entry.number, entry.line
                );
                broken(faults, message, at, "its number is not the next");
            }
            continue;
        }
        let Some(break_) = unfollowed(entries, place, &strange) else {
            continue;
        };
        strange[place] = break_.strange;
        broken(faults, break_.message, at, break_.label);
    }
}

/// Why an entry does not follow the one above it.
struct Break {
    message: String,
    label: &'static str,
    /// Is it this entry that does not belong here?
    strange: bool,
}

/// Why an entry does not follow the one above it; nothing if what stands between them has been named.
fn unfollowed(entries: &[Entry], place: usize, strange: &[bool]) -> Option<Break> {
    let entry = &entries[place];
    let named = |entry: &Entry| format!("entry {} on line {}", entry.number, entry.line);
    let this = named(entry);
    let of = |message: String, label: &'static str, strange: bool| {
        Some(Break {
            message,
            label,
            strange,
        })
    };
    // The place behind the entry that it follows.
    let behind = |entry: &Entry| {
        if entry.before == GENESIS {
            return Some(0);
        }
        let found = entries.iter().position(|other| other.hash == entry.before);
        found.map(|found| found + 1)
    };
    let above = place.checked_sub(1).map(|above| &entries[above]);
    match behind(entry) {
        // It follows one further up: what stands between was put there, or was there first.
        Some(follows) if follows < place => {
            if strange[follows..place].iter().all(|strange| *strange) {
                return None;
            }
            let between = &entries[follows..place];
            let later = |other: &Entry| other.number > entry.number && behind(other).is_some();
            if between.iter().any(later) {
                let message = format!("{this} stands below entries that were added after it");
                return of(message, "entries stand in each other's places", true);
            }
            let listed: Vec<String> = between.iter().map(named).collect();
            let message = format!(
                "{} {} put in before {this}, which does not follow it",
                listed.join(", "),
                if between.len() == 1 { "was" } else { "were" }
            );
            of(message, "follows an entry further up", false)
        }
        Some(_) => {
            let message = format!("{this} stands above the entry that it follows");
            of(message, "entries stand in each other's places", true)
        }
        None => {
            let head = above.map_or(GENESIS, |above| above.hash.as_str());
            if entries
                .get(place + 1)
                .is_some_and(|next| next.before == head)
            {
                let message = format!(
                    "{this} was put in: it follows no entry of the ledger, and the next does not follow it"
                );
                return of(message, "put in here", true);
            }
            let before = above.map_or(0, |above| above.number);
            let message = match (entry.number.saturating_sub(before + 1), above) {
                (0, Some(above)) => format!(
                    "{this} does not follow {}: that one was changed and hashed anew, or another stood in its place",
                    named(above)
                ),
                (0, None) => format!("{this} is not as the first that was written"),
                (1, _) => format!("entry {} was taken out before {this}", before + 1),
                (many, _) => format!(
                    "{many} entries, {} to {}, were taken out before {this}",
                    before + 1,
                    before + many
                ),
            };
            of(message, "the entry that it follows is not there", false)
        }
    }
}

fn broken(faults: &mut Diagnostics, message: String, at: Span, label: &str) {
    let fault = Diagnostic::new(Code::CHAIN_BROKEN, message);
    faults.push(
        fault
            .at(at, label)
            .help("take the ledger as it was written: `git log -p` shows who changed it"),
    );
}

/// What is wrong with a ledger of which this hash was quoted elsewhere; nothing, if it holds an entry with that hash. The first letters of
/// a hash will do, eight at least.
pub fn missing_head(ledger: &Ledger, quoted: &str) -> Option<Diagnostic> {
    let quoted = quoted.trim().to_lowercase();
    let long = quoted.len() >= 8;
    let found = ledger
        .entries
        .iter()
        .any(|entry| entry.hash.starts_with(&quoted));
    if long && found {
        return None;
    }
    let last = ledger.entries.last();
    let ends = last.map_or("it is empty".to_owned(), |entry| {
        format!(
            "it ends with entry {} on line {}, {}",
            entry.number,
            entry.line,
            short(&entry.hash)
        )
    });
    let message = if long {
        format!(
            "no entry of the ledger has the hash {} that was quoted: it was cut off after {}",
            short(&quoted),
            last.map_or("its beginning".to_owned(), |entry| format!(
                "entry {} on line {}",
                entry.number, entry.line
            ))
        ) + ", or written anew"
    } else {
        format!("`{quoted}` is too short to be sure of an entry")
    };
    let help = if long {
        format!("{ends}; take the ledger from which the hash was quoted")
    } else {
        "quote eight letters of a hash at least".to_owned()
    };
    Some(Diagnostic::new(Code::HEAD_MISSING, message).help(help))
}

/// The beginning of a hash, enough to tell it from others.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
