//! What became of the named packages: how often they are signed, kept and in force in either run. This is what a comparison is for, so it
//! comes before everything else.

use std::fmt::Write as _;

use detente::Moved;
use serde_json::{Value, json};

use super::{Line, mean};

/// What may become of a package, in order, with the quantity that tells it. A quantity that a run does not have is left out.
const FATES: [(&str, &str, &str); 3] = [
    (
        "signed",
        "settlement.agreed",
        "all who are needed accept it",
    ),
    (
        "kept",
        "durability.kept",
        "they do, and it does not break down for as long as the case asks",
    ),
    (
        "in_force",
        "settlement.in_force",
        "they do, and their gates at home let it pass",
    ),
];

/// A fate and its packages.
struct Fate<'a> {
    id: &'static str,
    says: &'static str,
    /// Package and how it moved.
    packages: Vec<(&'a str, &'a Moved)>,
}

fn fates(lines: &[Line]) -> Vec<Fate<'_>> {
    let of = |(id, quantity, says): (&'static str, &str, &'static str)| {
        let entry = |line: &'_ str| -> Option<(usize, usize)> {
            let inner = line.strip_prefix(quantity)?.strip_prefix('[')?;
            let start = line.len() - inner.len();
            inner.ends_with(']').then_some((start, line.len() - 1))
        };
        let found = lines.iter().filter_map(|line| {
            let (from, to) = entry(&line.name)?;
            let told = line.moved.before.n > 0 || line.moved.after.n > 0;
            told.then_some((&line.name[from..to], &line.moved))
        });
        Fate {
            id,
            says,
            packages: found.collect(),
        }
    };
    let all = FATES.into_iter().map(of);
    let mut told: Vec<Fate> = all.filter(|fate| !fate.packages.is_empty()).collect();
    // Where no gate stands in either run, in force is signed under another name.
    let gated = told.iter().find(|f| f.id == "in_force");
    let signed = told.iter().find(|f| f.id == "signed");
    if gated.zip(signed).is_some_and(|(a, b)| same(a, b)) {
        told.retain(|fate| fate.id != "in_force");
    }
    told
}

/// Are these the same numbers, package by package?
fn same(one: &Fate, other: &Fate) -> bool {
    let numbers = |fate: &Fate| -> Vec<(String, u64, u64)> {
        let each = fate.packages.iter();
        let mut all: Vec<(String, u64, u64)> = each
            .map(|(name, m)| {
                (
                    (*name).to_owned(),
                    m.before.value.to_bits(),
                    m.after.value.to_bits(),
                )
            })
            .collect();
        all.sort();
        all
    };
    numbers(one) == numbers(other)
}

/// Does it move by more than its error, and by something in the digits that are printed?
fn moves(moved: &Moved) -> bool {
    moved.errors() > 1.0 && printed(moved.difference.value) != printed(0.0)
}

/// A share or a change of one, of 100.
fn printed(share: f64) -> String {
    // What rounds to nothing has no sign.
    let text = format!("{:.1}", 100.0 * share);
    if text == "-0.0" {
        "0.0".to_owned()
    } else {
        text
    }
}

/// Lines that the packages take at most, unless all are asked for: the page is to fit a terminal.
const LINES: usize = 9;

/// The packages that moved by more than their errors, by what becomes of them; nothing where neither run has named packages. Says how many
/// lines that took.
pub(super) fn write(said: &mut String, lines: &[Line], all: bool) -> usize {
    let fates = fates(lines);
    if fates.is_empty() {
        return 0;
    }
    let most = if all {
        usize::MAX
    } else {
        LINES / fates.len() - 1
    };
    let before = said.lines().count();
    let mut hidden = 0;
    let moved = |fate: &Fate| fate.packages.iter().filter(|(_, m)| moves(m)).count();
    let width = fates.iter().flat_map(|fate| &fate.packages);
    let width = width.map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0);
    for fate in &fates {
        let count = moved(fate);
        let word = fate.id.replace('_', " ");
        let _ = writeln!(
            said,
            "{word} ({}), of 100 worlds: {count} of {} packages moved by more than the error{}",
            fate.says,
            fate.packages.len(),
            if count > most {
                format!("; of these the {most} that moved most:")
            } else {
                String::new()
            }
        );
        hidden += count.saturating_sub(most);
        let mut shown: Vec<_> = fate.packages.iter().filter(|(_, m)| moves(m)).collect();
        let size = |moved: &Moved| moved.difference.value.abs();
        shown.sort_by(|a, b| size(b.1).total_cmp(&size(a.1)));
        for (name, moved) in shown.into_iter().take(most) {
            let Moved {
                before,
                after,
                difference,
            } = moved;
            let _ = writeln!(
                said,
                "  {name:width$} {:>6.1} → {:>5.1} {:>+7.1} ± {:.1}",
                100.0 * before.value,
                100.0 * after.value,
                100.0 * difference.value,
                100.0 * difference.error
            );
        }
    }
    if hidden > 0 {
        let plural = if hidden == 1 { "" } else { "s" };
        let _ = writeln!(said, "{hidden} line{plural} left out; --all shows them");
    }
    said.push('\n');
    said.lines().count() - before
}

/// All packages, by what becomes of them.
pub(super) fn as_json(lines: &[Line]) -> Value {
    let fate = |fate: &Fate| {
        let packages = fate.packages.iter().map(|(name, moved)| {
            json!({
                "package": name,
                "before": mean(&moved.before),
                "after": mean(&moved.after),
                "difference": mean(&moved.difference),
                "errors": moved.errors(),
            })
        });
        (fate.id.to_owned(), packages.collect::<Value>())
    };
    Value::Object(fates(lines).iter().map(fate).collect())
}

#[cfg(test)]
mod tests {
    use detente::{Numbers, Sampler, moved};

    use super::{Line, as_json, write};

    fn line(name: &str, before: &[f64], after: &[f64]) -> Line {
        Line {
            name: name.to_owned(),
            unit: "probability".to_owned(),
            moved: moved(
                Numbers::alike(Sampler::Pseudo, before),
                Numbers::alike(Sampler::Pseudo, after),
                true,
            ),
        }
    }

    #[test]
    fn signed_kept_and_in_force_come_in_this_order_and_what_is_absent_is_left_out() {
        let (low, high) = ([0.1, 0.2, 0.1, 0.2], [0.6, 0.8, 0.7, 0.7]);
        let mut lines = vec![
            line("settlement.in_force[plan]", &low, &high),
            line("alternative.value[north]", &low, &high),
            line("settlement.agreed[plan]", &low, &high),
            line("settlement.agreed[freeze]", &low, &low),
        ];
        let told = |lines: &[Line]| {
            let mut said = String::new();
            write(&mut said, lines, false);
            said
        };
        let said = told(&lines);
        let places = ["signed (", "in force ("].map(|word| said.find(word).unwrap());
        assert!(places[0] < places[1] && !said.contains("kept"), "{said}");
        assert!(
            said.starts_with(
                "signed (all who are needed accept it), of 100 worlds: 1 of 2 packages moved"
            ),
            "{said}"
        );
        assert!(
            said.contains("  plan     15.0 →  70.0   +55.0 ± ") && !said.contains("  freeze"),
            "{said}"
        );
        lines.push(line("durability.kept[plan]", &high, &low));
        let said = told(&lines);
        let places = ["signed (", "kept (", "in force ("].map(|word| said.find(word).unwrap());
        assert!(places.is_sorted(), "{said}");
        assert_eq!(as_json(&lines)["kept"][0]["package"], "plan");
        assert_eq!(told(&[]), "");
        // Where not all that moved are listed, that is said where they are counted.
        let many: Vec<Line> = (0..9)
            .map(|p| line(&format!("settlement.agreed[p{p}]"), &low, &high))
            .collect();
        let said = told(&many);
        assert!(
            said.contains(
                "9 of 9 packages moved by more than the error; of these the 8 that moved most:"
            ) && said.contains("1 line left out"),
            "{said}"
        );
        // What moves by more than its error, and by nothing that is printed, is not listed.
        let hardly = [0.1004, 0.2004, 0.1004, 0.2004];
        let said = told(&[line("settlement.agreed[plan]", &low, &hardly)]);
        assert!(
            said.contains("0 of 1 packages moved") && !said.contains('→'),
            "{said}"
        );
        // Without a gate that stands, in force would say the same twice.
        let bare = [
            line("settlement.agreed[plan]", &low, &high),
            line("settlement.in_force[plan]", &low, &high),
        ];
        assert!(!told(&bare).contains("in force"), "{}", told(&bare));
    }
}
