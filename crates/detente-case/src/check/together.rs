//! Numbers that move together: words or rank correlations become a Gaussian copula.

use detente_diag::{Code, Diagnostic};
use detente_math::{Correlation, Nearest, nearest_correlation};

use super::builder::Builder;
use crate::{Draw, InputId, Together, Tree, TreeKind, limits};

/// Rank correlations that the words stand for.
const WORDS: [(&str, f64); 3] = [("weak", 0.2), ("fair", 0.5), ("strong", 0.8)];

/// Pairs of numbers with their rank correlation.
type Pairs = Vec<(InputId, InputId, f64)>;

impl Builder<'_> {
    pub(super) fn build_together(&mut self) {
        let mut pairs = Pairs::new();
        let mut first = None;
        for entry in self.tree.get("move_together").map_or(&[][..], Tree::items) {
            self.sources
                .resolve_all(entry.get("source"), self.diagnostics);
            let Some(paths) = entry.get("paths") else {
                continue;
            };
            first.get_or_insert(paths.span);
            let strength = entry.get("strength").and_then(|s| self.strength(s));
            let mut ids = Vec::new();
            for path in paths.items() {
                let Some(id) = self.path_of(path) else {
                    continue;
                };
                if ids.contains(&id) {
                    let fault =
                        Diagnostic::new(Code::BAD_CORRELATION, "this number is listed twice");
                    self.fault(fault.at(path.span, "again").help("list each number once"));
                } else if self.varies(id, path) {
                    ids.push(id);
                }
            }
            if paths.items().len() < 2 {
                let fault = Diagnostic::new(Code::TOO_FEW, "one number alone moves with nothing");
                self.fault(
                    fault
                        .at(paths.span, "here")
                        .help("list the paths of two numbers or more"),
                );
            }
            if let Some(strength) = strength {
                for (i, a) in ids.iter().enumerate() {
                    for b in &ids[..i] {
                        self.pair(&mut pairs, *b, *a, strength, paths.span);
                    }
                }
            }
        }
        let Some(at) = first else {
            return;
        };
        for group in groups(&pairs) {
            self.limit("numbers that move together", group.len(), limits::TOGETHER);
            if group.len() <= limits::TOGETHER {
                self.factorise(group, &pairs, at);
            }
        }
    }

    fn pair(
        &mut self,
        pairs: &mut Pairs,
        a: InputId,
        b: InputId,
        rank: f64,
        at: detente_diag::Span,
    ) {
        let (a, b) = (a.min(b), a.max(b));
        let known = pairs.iter().find(|(x, y, _)| (*x, *y) == (a, b));
        match known {
            Some((.., other)) if *other != rank => {
                let [a, b] = [a, b].map(|id| self.inputs[id.0 as usize].path.clone());
                let fault = Diagnostic::new(
                    Code::BAD_CORRELATION,
                    format!("`{a}` and `{b}` move together in two ways"),
                );
                self.fault(fault.at(at, "here").help("state each pair once"));
            }
            Some(_) => {}
            None => pairs.push((a, b, rank)),
        }
    }

    /// An exact number moves with nothing, and one that is another's moves where that one does.
    fn varies(&mut self, id: InputId, path: &Tree) -> bool {
        let input = &self.inputs[id.0 as usize];
        // What a number at fault lacks has been said.
        if self.unread.contains(&id) {
            return false;
        }
        let why = match &input.draw {
            Draw::Own(d) if d.exact().is_none() => return true,
            Draw::Own(_) => "it is exact",
            Draw::Inherited(same) => &format!(
                "it is the number of `{}`",
                self.inputs[same.0 as usize].path
            ),
            Draw::Ranked { .. } => "it is a ranked weight",
        };
        let message = format!("`{}` cannot move with others: {why}", input.path);
        self.fault(
            Diagnostic::new(Code::BAD_CORRELATION, message)
                .at(path.span, "does not vary on its own")
                .help("list numbers that are ranges or distributions of their own"),
        );
        false
    }

    /// The rank correlation that a word or a number states.
    fn strength(&mut self, tree: &Tree) -> Option<f64> {
        let stated = match &tree.kind {
            TreeKind::Number(x) => Some(*x).filter(|x| x.is_nan() || x.abs() < 1.0),
            TreeKind::Text(text) => {
                let (sign, word) = match text.trim().strip_prefix("opposite ") {
                    Some(word) => (-1.0, word.trim()),
                    None => (1.0, text.trim()),
                };
                let known = WORDS.iter().find(|(known, _)| *known == word);
                known.map(|(_, rank)| sign * rank)
            }
            // The first pass has said so.
            _ => return None,
        };
        if stated.is_none() {
            let fault = Diagnostic::new(Code::BAD_CORRELATION, "this is no strength");
            self.fault(fault.at(tree.span, "here").help(
                "write weak, fair or strong (rank correlations .2, .5, .8), \"opposite strong\", or a number between -1 and 1",
            ));
        }
        stated
    }

    /// What is drawn in the place of correlations that no numbers can have.
    fn given_way(&self, inputs: &[InputId], wanted: &Correlation, nearest: &Nearest) -> Diagnostic {
        /// Less than this is rounding.
        const MOVED: f64 = 1e-6;
        if nearest.moved > MOVED {
            return Diagnostic::new(
                Code::IMPOSSIBLE_CORRELATION,
                format!(
                    "no numbers can be correlated like this; the nearest that can are taken, up to {:.2} away, with the pairs that are not stated left free",
                    nearest.moved
                ),
            )
            .help("three numbers of which two pairs move together cannot have a third that moves apart: state fewer pairs, or weaker ones");
        }
        let pairs = (0..inputs.len()).flat_map(|i| (0..i).map(move |j| (j, i)));
        let open = pairs.filter(|(i, j)| !wanted.is_stated(*i, *j));
        let mut tied: Vec<(f64, usize, usize)> = open
            .map(|(i, j)| (Correlation::to_ranks(nearest.found.get(i, j)), i, j))
            .filter(|(rank, ..)| rank.abs() > MOVED)
            .collect();
        // The strongest first; of equals the first stated.
        tied.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let path = |i: usize| self.inputs[inputs[i].0 as usize].path.as_str();
        let Some((rank, i, j)) = tied.first().copied() else {
            return Diagnostic::new(
                Code::IMPOSSIBLE_CORRELATION,
                "these correlations are on the edge of what numbers can have",
            )
            .help("state weaker ones");
        };
        let more = match tied.len() - 1 {
            0 => String::new(),
            1 => ", and so does one more pair".to_owned(),
            n => format!(", and so do {n} more pairs"),
        };
        let (first, second) = (path(i), path(j));
        Diagnostic::new(
            Code::IMPOSSIBLE_CORRELATION,
            format!(
                "`{first}` and `{second}` cannot be independent of one another, since both move with others: they get the rank correlation {rank:.2}{more}"
            ),
        )
        .help(format!(
            "what is stated stands; state this pair too if it should move otherwise: paths = [\"{first}\", \"{second}\"], strength = …"
        ))
    }

    /// Factorises the correlations of a group; if no numbers can be correlated so, the nearest that can are taken.
    fn factorise(&mut self, inputs: Vec<InputId>, pairs: &Pairs, at: detente_diag::Span) {
        let mut wanted = Correlation::identity(inputs.len());
        for (a, b, rank) in pairs {
            let place = |id: &InputId| inputs.iter().position(|known| known == id);
            if let (Some(i), Some(j)) = (place(a), place(b)) {
                wanted.set(i, j, Correlation::of_ranks(*rank));
            }
        }
        let (factor, nearest) = nearest_correlation(&wanted);
        if let Some(nearest) = nearest {
            let fault = self.given_way(&inputs, &wanted, &nearest);
            self.fault(fault.at(at, "here and in the groups that share its numbers"));
        }
        self.together.push(Together { inputs, factor });
    }
}

/// Numbers connected by pairs, in the order of first mention.
fn groups(pairs: &Pairs) -> Vec<Vec<InputId>> {
    let mut groups: Vec<Vec<InputId>> = Vec::new();
    for (a, b, _) in pairs {
        let mut joined = vec![*a, *b];
        groups.retain(|group| {
            let touches = group.contains(a) || group.contains(b);
            if touches {
                joined.extend(group.iter().filter(|id| *id != a && *id != b));
            }
            !touches
        });
        joined.sort_unstable();
        groups.push(joined);
    }
    groups
}
