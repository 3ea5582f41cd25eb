//! The case that a table makes, as text.

use std::fmt::Write as _;

use super::shape::{Worth, best, status_quo, worths};
use super::{Issue, Party, Position, Said, Table};
use crate::cell::{Stated, tidy};
use crate::table::ids::id;

impl Table {
    /// The text of the case. It has no errors: whatever could be one is refused when the table is read.
    #[must_use]
    pub fn case_text(&self) -> String {
        let writer = Writer {
            table: self,
            sources: self.sources(),
        };
        writer.text()
    }

    /// How many numbers of the case the table does not state: placeholders.
    #[must_use]
    pub fn unstated(&self) -> usize {
        let weights = self
            .positions
            .iter()
            .filter(|own| own.weight.is_none())
            .count();
        let no_deal = self
            .parties
            .iter()
            .filter(|party| party.no_deal.is_none())
            .count();
        let values = self
            .positions
            .iter()
            .flat_map(|own| worths(&self.issues[own.issue], own));
        let values = values.filter(|worth| match worth {
            Worth::Follows([low, _, high]) => low < high,
            Worth::Stated(_) => false,
        });
        weights + no_deal + values.count()
    }

    /// What the table's numbers come from, each once, with its identifier.
    fn sources(&self) -> Vec<(String, String)> {
        let of_parties = self.parties.iter().map(|party| &party.said);
        let of_positions = self.positions.iter().flat_map(|own| {
            let values = own.values.iter().flatten().map(|value| &value.said);
            std::iter::once(&own.said).chain(values)
        });
        let mut sources: Vec<(String, String)> = Vec::new();
        for said in of_parties.chain(of_positions) {
            let text = said.source.trim();
            if text.is_empty() || sources.iter().any(|(_, known)| known == text) {
                continue;
            }
            let taken: Vec<&str> = sources.iter().map(|(id, _)| id.as_str()).collect();
            let own = id(text, "source", &taken);
            sources.push((own, text.to_owned()));
        }
        sources
    }
}

struct Writer<'a> {
    table: &'a Table,
    /// Identifier and title.
    sources: Vec<(String, String)>,
}

/// Which numbers a field takes, as far as its ends go.
#[derive(Clone, Copy, PartialEq)]
enum Bounds {
    /// Any.
    Any,
    /// 0 and more.
    NotNegative,
    /// 0 to 100, written as percentages.
    Percent,
}

impl Writer<'_> {
    fn text(&self) -> String {
        let table = self.table;
        let about = &table.about;
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        line(format!(
            "# Made of the table {} by `detente new --from`. What the table does not state stands here as a placeholder;",
            plain(table.book.rsplit(['/', '\\']).next().unwrap_or_default())
        ));
        line("# `detente check` counts them, `detente ask` says which are worth finding out first, `detente export` asks experts for them.".to_owned());
        line(String::new());
        line("[case]".to_owned());
        line(format!("name = {}", quoted(&about.name)));
        line(format!("as_of = {}", about.as_of));
        if !about.summary.is_empty() {
            line(format!("summary = {}", quoted(&about.summary)));
        }
        if !table.notes.is_empty() {
            line("caveats = [".to_owned());
            for note in &table.notes {
                line(format!("  {},", quoted(note)));
            }
            line("]".to_owned());
        }
        for (id, title) in &self.sources {
            line(String::new());
            line(format!("[source.{id}]"));
            line(format!("title = {}", quoted(title)));
            if title.starts_with("http://") || title.starts_with("https://") {
                line(format!("url = {}", quoted(title)));
            }
        }
        line(String::new());
        line(
            "# What they negotiate over, each issue from one end to the other -----------------"
                .to_owned(),
        );
        for issue in &table.issues {
            line(Self::issue(issue).trim_end().to_owned());
        }
        line(String::new());
        line("# Who negotiates. Points of what no deal is worth go from 0, the worst package for the party, to 100, the best ---".to_owned());
        for (place, party) in table.parties.iter().enumerate() {
            line(self.party(place, party).trim_end().to_owned());
        }
        line(String::new());
        line("# Packages put together from the table; put those that somebody proposed beside them ---".to_owned());
        line(self.packages());
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// An issue and its points.
    fn issue(issue: &Issue) -> String {
        let mut out = String::new();
        let said = comment(&issue.said);
        let _ = writeln!(out, "\n{said}[issue.{}]", issue.id);
        let _ = writeln!(out, "name = {}", quoted(&issue.name));
        let _ = writeln!(
            out,
            "status_quo = \"{}\"",
            issue.points[issue.status_quo].id
        );
        for point in &issue.points {
            let _ = writeln!(out, "[issue.{}.option.{}]", issue.id, point.id);
            let _ = writeln!(out, "name = {}", quoted(&point.name));
        }
        out
    }

    fn party(&self, place: usize, party: &Party) -> String {
        let mut out = String::new();
        let own: Vec<&Position> = self.positions(place).collect();
        let stated: Vec<f64> = own
            .iter()
            .filter_map(|p| p.weight)
            .map(Stated::middle)
            .collect();
        let mean = stated.iter().sum::<f64>() / stated.len().max(1) as f64;
        // Where no weight is stated, all are alike.
        let mean = if mean > 0.0 { mean } else { 50.0 };
        let _ = writeln!(out, "\n[party.{}]", party.id);
        let _ = writeln!(out, "name = {}", quoted(&party.name));
        let _ = writeln!(out, "roles = [\"{}\"]", party.role);
        let reservation = if let Some(stated) = party.no_deal {
            self.long(&form(stated, Bounds::Any), &party.said)
        } else {
            let weighed: Vec<(&Position, f64)> = own
                .iter()
                .map(|p| (*p, p.weight.map_or(mean, Stated::middle)))
                .collect();
            let worth = status_quo(&self.table.issues, &weighed).round();
            let range = form(Stated::Range(worth - 15.0, worth + 15.0), Bounds::Any);
            placeholder(
                &range,
                "The table does not say: what the status quo is worth at the middle of its numbers, give or take 15 points.",
            )
        };
        let _ = writeln!(out, "reservation = {reservation}");
        for position in own {
            out.push_str(&self.position(&party.id, position, mean));
        }
        for position in self.positions(place).filter(|p| !p.never.is_empty()) {
            let issue = &self.table.issues[position.issue];
            let points: Vec<String> = position
                .never
                .iter()
                .map(|p| format!("\"{}\"", issue.points[*p].id))
                .collect();
            let _ = writeln!(out, "[party.{}.redline.{}]", party.id, issue.id);
            let _ = writeln!(out, "when = {{ {} = [{}] }}", issue.id, points.join(", "));
            let _ = writeln!(out, "kind = \"hard\"");
            if let Some(source) = self.source(&position.said) {
                let _ = writeln!(out, "source = [\"{source}\"]");
            }
            if !position.said.note.is_empty() {
                let _ = writeln!(out, "why = {}", quoted(&position.said.note));
            }
        }
        out
    }

    fn position(&self, party: &str, position: &Position, mean: f64) -> String {
        let mut out = String::new();
        let issue = &self.table.issues[position.issue];
        let _ = writeln!(out, "[party.{party}.issue.{}]", issue.id);
        let weight = if let Some(stated) = position.weight {
            self.long(&form(stated, Bounds::NotNegative), &position.said)
        } else {
            let range = Stated::Three(tidy(0.5 * mean), tidy(mean), tidy(2.0 * mean));
            placeholder(
                &form(range, Bounds::NotNegative),
                "The table does not say how much it matters.",
            )
        };
        let _ = writeln!(out, "weight = {weight}");
        if let Some([low, middle, high]) = position.wants {
            let range = if low < high {
                format!(" (from {} to {})", at(issue, low), at(issue, high))
            } else {
                String::new()
            };
            let wanted = at(issue, middle);
            let _ = writeln!(
                out,
                "# It wants {wanted} most{range}; what is further is worth less."
            );
        }
        let _ = writeln!(out, "[party.{party}.issue.{}.value]", issue.id);
        let values = worths(issue, position).into_iter().zip(&position.values);
        for ((worth, value), point) in values.zip(&issue.points) {
            let written = match worth {
                Worth::Stated(stated) => {
                    let said = value.as_ref().map(|value| &value.said);
                    let form = form(stated, Bounds::Percent);
                    said.map_or(form.clone(), |said| self.long(&form, said))
                }
                Worth::Follows(range) => follows(range),
            };
            let _ = writeln!(out, "{} = {written}", point.id);
        }
        out
    }

    fn positions(&self, party: usize) -> impl Iterator<Item = &Position> {
        let all = self.table.positions.iter();
        all.filter(move |position| position.party == party)
    }

    /// What each principal wants most, and what lies in the middle of that by weight.
    fn packages(&self) -> String {
        let table = self.table;
        let mut out = String::new();
        let principals: Vec<usize> = (0..table.parties.len())
            .filter(|p| matches!(table.parties[*p].role, "principal" | "belligerent"))
            .collect();
        let choose = |points: &[usize]| -> String {
            let chosen = table.issues.iter().zip(points);
            let chosen =
                chosen.map(|(issue, p)| format!("{} = \"{}\"", issue.id, issue.points[*p].id));
            chosen.collect::<Vec<_>>().join(", ")
        };
        let of = |party: usize, issue: usize| {
            self.positions(party)
                .find(|position| position.issue == issue)
        };
        for party in &principals {
            let own = &table.parties[*party];
            let wants = (0..table.issues.len()).map(|i| {
                let issue = &table.issues[i];
                of(*party, i).map_or(issue.status_quo, |position| best(issue, position))
            });
            let _ = writeln!(out, "\n[package.wants_{}]", own.id);
            let _ = writeln!(
                out,
                "name = {}",
                quoted(&format!("What {} wants most", own.name))
            );
            let _ = writeln!(out, "by = \"{}\"", own.id);
            let _ = writeln!(out, "choose = {{ {} }}", choose(&wants.collect::<Vec<_>>()));
        }
        let middle = (0..table.issues.len()).map(|i| {
            let issue = &table.issues[i];
            let wanted = principals.iter().filter_map(|party| {
                let position = of(*party, i)?;
                Some((best(issue, position), self.share(position)))
            });
            in_the_middle(issue, &wanted.collect::<Vec<_>>()).unwrap_or(issue.status_quo)
        });
        let _ = writeln!(out, "\n[package.in_the_middle]");
        let _ = writeln!(out, "name = \"In the middle\"");
        let _ = writeln!(
            out,
            "says = \"On each issue the point nearest to the mean of what the principals want most, each by how much the issue matters to it.\""
        );
        let _ = writeln!(
            out,
            "choose = {{ {} }}",
            choose(&middle.collect::<Vec<_>>())
        );
        out
    }

    /// How much an issue matters to its party, of all its issues.
    fn share(&self, position: &Position) -> f64 {
        let weight = |own: &Position| own.weight.map(Stated::middle);
        let all: Vec<&Position> = self.positions(position.party).collect();
        let stated: Vec<f64> = all.iter().filter_map(|own| weight(own)).collect();
        let mean = stated.iter().sum::<f64>() / stated.len().max(1) as f64;
        // Where none is stated all are alike.
        let otherwise = if mean > 0.0 { mean } else { 1.0 };
        let sum: f64 = all.iter().map(|own| weight(own).unwrap_or(otherwise)).sum();
        weight(position).unwrap_or(otherwise) / sum
    }

    /// A number with where it comes from, if that is said.
    fn long(&self, form: &str, said: &Said) -> String {
        let mut parts = vec![format!("value = {form}")];
        let about = &self.table.about;
        if let Some(source) = self.source(said) {
            parts.push(format!("source = [\"{source}\"]"));
        } else if !about.judged_by.is_empty() {
            parts.push("status = \"judgement\"".to_owned());
            parts.push(format!("by = {}", quoted(&about.judged_by)));
            parts.push(format!("on = {}", about.as_of));
        }
        if !said.note.is_empty() {
            parts.push(format!("why = {}", quoted(&said.note)));
        }
        match &parts[..] {
            [_] => form.to_owned(),
            parts => format!("{{ {} }}", parts.join(", ")),
        }
    }

    fn source(&self, said: &Said) -> Option<&str> {
        let title = said.source.trim();
        let own = self.sources.iter().find(|(_, known)| known == title);
        own.map(|(id, _)| id.as_str())
    }
}

/// A placeholder that says why it stands here.
fn placeholder(form: &str, why: &str) -> String {
    format!(
        "{{ value = {form}, status = \"placeholder\", why = {} }}",
        quoted(why)
    )
}

/// A number as the language writes it.
fn form(stated: Stated, bounds: Bounds) -> String {
    let (low, high) = stated.ends();
    let on_bound = match bounds {
        Bounds::Any => false,
        Bounds::NotNegative => low <= 0.0,
        Bounds::Percent => low <= 0.0 || high >= 100.0,
    };
    let sign = if bounds == Bounds::Percent { "%" } else { "" };
    let share = |x: f64| match bounds {
        Bounds::Percent => tidy(x / 100.0),
        _ => x,
    };
    match stated {
        Stated::Exact(x) if bounds == Bounds::Percent => share(x).to_string(),
        Stated::Exact(x) => x.to_string(),
        Stated::Range(low, high) if on_bound => format!("\"between {low}{sign} and {high}{sign}\""),
        Stated::Range(low, high) => format!("\"{low}{sign} to {high}{sign}\""),
        // An end on the bound is a hard one: no twentieth lies beyond it.
        Stated::Three(low, middle, high) if on_bound => {
            format!(
                "\"pert({}, {}, {})\"",
                share(low),
                share(middle),
                share(high)
            )
        }
        Stated::Three(low, middle, high) => {
            format!("\"{low}{sign} / {middle}{sign} / {high}{sign}\"")
        }
    }
}

/// What follows from where a party stands.
fn follows([low, middle, high]: [f64; 3]) -> String {
    let inside = low > 0.0 && high < 100.0;
    if low >= high {
        form(Stated::Exact(middle), Bounds::Percent)
    } else if inside && low < middle && middle < high {
        form(Stated::Three(low, middle, high), Bounds::Percent)
    } else {
        form(Stated::Range(low, high), Bounds::Percent)
    }
}

/// Where something lies, by the name of the point if there is one.
fn at(issue: &Issue, place: f64) -> String {
    let point = issue.points.iter().find(|point| point.place == place);
    point.map_or_else(
        || format!("what lies at {place}"),
        |point| format!("“{}”", plain(&point.name)),
    )
}

/// What is said of an issue, as comments.
fn comment(said: &Said) -> String {
    let lines = [("Source: ", &said.source), ("", &said.note)];
    let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
    lines.fold(String::new(), |mut out, (what, text)| {
        let _ = writeln!(out, "# {what}{}", plain(text));
        out
    })
}

/// The point nearest to the mean of what parties want most, each with how much the issue matters to it; of two as near, the first.
fn in_the_middle(issue: &Issue, wanted: &[(usize, f64)]) -> Option<usize> {
    let all: f64 = wanted.iter().map(|(_, share)| share).sum();
    let sum = wanted
        .iter()
        .map(|(point, share)| share * issue.points[*point].place);
    let mean = sum.sum::<f64>() / all;
    let far = |point: &usize| (issue.points[*point].place - mean).abs();
    let points = 0..issue.points.len();
    let nearest = points.min_by(|a, b| far(a).total_cmp(&far(b)));
    nearest.filter(|_| all > 0.0)
}

/// A text in one line, without what a comment may not hold.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

/// A text between quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.trim().chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{Bounds, follows, form, in_the_middle, quoted};
    use crate::cell::Stated;

    #[test]
    fn numbers_are_written_inside_their_bounds() {
        for (stated, bounds, expected) in [
            (Stated::Exact(40.0), Bounds::NotNegative, "40"),
            (Stated::Exact(40.0), Bounds::Percent, "0.4"),
            (Stated::Exact(100.0), Bounds::Percent, "1"),
            (
                Stated::Range(0.0, 10.0),
                Bounds::NotNegative,
                "\"between 0 and 10\"",
            ),
            (Stated::Range(-5.0, 10.0), Bounds::Any, "\"-5 to 10\""),
            (
                Stated::Range(5.0, 100.0),
                Bounds::Percent,
                "\"between 5% and 100%\"",
            ),
            (
                Stated::Three(0.0, 20.0, 60.0),
                Bounds::Percent,
                "\"pert(0, 0.2, 0.6)\"",
            ),
            (
                Stated::Three(5.0, 7.5, 9.0),
                Bounds::Percent,
                "\"5% / 7.5% / 9%\"",
            ),
        ] {
            assert_eq!(form(stated, bounds), expected);
        }
        assert_eq!(follows([25.0, 50.0, 75.0]), "\"25% / 50% / 75%\"");
        assert_eq!(follows([0.0, 3.0, 12.0]), "\"between 0% and 12%\"");
        assert_eq!(
            (follows([100.0; 3]).as_str(), follows([0.0; 3]).as_str()),
            ("1", "0")
        );
        assert_eq!(follows([20.0, 20.0, 30.0]), "\"20% to 30%\"");
    }

    #[test]
    fn texts_stand_between_quotes_whatever_they_hold() {
        assert_eq!(
            quoted(" a \"b\" \\ c\nd\u{7} "),
            "\"a \\\"b\\\" \\\\ c\\nd\\u0007\""
        );
    }

    #[test]
    fn the_middle_goes_by_weight() {
        let point = |place: f64| super::super::Point {
            id: String::new(),
            name: String::new(),
            place,
        };
        let issue = super::Issue {
            id: String::new(),
            name: String::new(),
            points: [0.0, 25.0, 50.0, 75.0, 100.0].map(point).into(),
            scale: true,
            status_quo: 0,
            said: super::Said::default(),
        };
        assert_eq!(in_the_middle(&issue, &[(4, 0.5), (0, 0.5)]), Some(2));
        assert_eq!(in_the_middle(&issue, &[(4, 0.2), (0, 0.6)]), Some(1));
        assert_eq!(in_the_middle(&issue, &[]), None);
    }
}
