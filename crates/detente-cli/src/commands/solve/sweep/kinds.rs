//! Kinds of equilibrium, as a sweep meets them: letters, and who plays what.

use serde_json::json;

use super::super::words::paragraph;

/// Kinds explained below a picture.
const LEGEND: usize = 8;

pub(super) const NOTE: &str =
    "Each is the limit of quantal response, certified; other equilibria may exist beside it.";

/// Kinds of equilibrium met so far.
#[derive(Default)]
pub(super) struct Kinds(pub(super) Vec<Kind>);

/// A kind of equilibrium: who plays what on the path.
#[derive(Clone)]
pub(super) struct Kind {
    /// Information sets that play comes to, and the actions played there.
    pub(super) played: Vec<(usize, Vec<usize>)>,
    /// The same in words.
    pub(super) words: Vec<(String, String)>,
}

impl Kinds {
    pub(super) fn place(&mut self, kind: Kind) -> usize {
        let known = self.0.iter().position(|known| known.played == kind.played);
        known.unwrap_or_else(|| {
            self.0.push(kind);
            self.0.len() - 1
        })
    }

    pub(super) fn tell(&self, kind: usize, out: &mut String) {
        for (who, plays) in self.differing(kind) {
            paragraph(out, "   - ", &format!("{who}: {plays}"));
        }
        if kind > 0 {
            let here = &self.0[kind].played;
            let first = &self.0[0];
            let gone: Vec<&str> = first
                .played
                .iter()
                .zip(&first.words)
                .filter(|((set, _), _)| !here.iter().any(|(other, _)| other == set))
                .map(|(_, (who, _))| who.as_str())
                .collect();
            if !gone.is_empty() {
                paragraph(out, "   - ", &format!("not reached: {}", gone.join("; ")));
            }
            paragraph(out, "   ", "and else as in A");
        }
    }

    /// What letters mean, below a picture.
    pub(super) fn notes(&self) -> Vec<String> {
        let kinds = (0..self.0.len()).map(|kind| {
            let plays: Vec<String> = self
                .differing(kind)
                .map(|(who, plays)| format!("{who}: {plays}"))
                .collect();
            let rest = if kind == 0 { "" } else { "; else as A" };
            format!("{}: {}{rest}", letter(kind), plays.join("; "))
        });
        kinds.take(LEGEND).chain([NOTE.to_owned()]).collect()
    }

    /// Who plays what: all of it for the first kind, what differs from the first for the others.
    fn differing(&self, kind: usize) -> impl Iterator<Item = &(String, String)> {
        let first = &self.0[0];
        let here = &self.0[kind];
        here.played
            .iter()
            .zip(&here.words)
            .filter(move |(played, _)| kind == 0 || !first.played.contains(played))
            .map(|(_, words)| words)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let kinds = self.0.iter().enumerate().map(|(at, kind)| {
            let plays: Vec<_> = kind
                .words
                .iter()
                .map(|(who, plays)| json!({ "who": who, "plays": plays }))
                .collect();
            json!({ "kind": letter(at), "on_path": plays })
        });
        kinds.collect()
    }
}

pub(super) fn letter(kind: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    match letters.get(kind..=kind) {
        Some(letter) => letter.into(),
        None => format!("#{}", kind + 1),
    }
}
