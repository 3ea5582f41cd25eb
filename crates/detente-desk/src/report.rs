//! How a report is run, and the command that makes it again.

use std::borrow::Cow;

use detente::{Case, Effort, Evidence, Lack, Missing, RunOptions, Sampler, Stream};

/// What is asked of a report. Whoever says no more than the case has it as the command line does.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where every uniform number comes from.
    pub stream: Stream,
    /// Worlds; nothing: until the headline's error is small enough.
    pub worlds: Option<usize>,
    /// Worlds in which all combinations of options are searched, the first ones.
    pub searches: usize,
    /// A first look.
    pub quick: bool,
    /// Is the record left out?
    pub prior: bool,
    /// Are claims tested under the other readings too?
    pub rival_claims: bool,
    /// Threads; the result does not depend on it.
    pub threads: Option<usize>,
    /// Readings over the case.
    pub readings: Vec<String>,
    /// Numbers that are set, each `PATH=NUMBER`.
    pub set: Vec<String>,
    /// An expert who is heard alone.
    pub expert: Option<String>,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            stream: RunOptions::default().stream,
            worlds: None,
            searches: SEARCHES,
            quick: false,
            prior: false,
            rival_claims: false,
            threads: None,
            readings: Vec::new(),
            set: Vec::new(),
            expert: None,
        }
    }
}

/// Worlds that are searched unless somebody says how many.
pub const SEARCHES: usize = 256;

impl Report {
    /// How the worlds of the report are run.
    pub fn options(&self, case: &Case) -> RunOptions {
        if self.quick {
            return RunOptions {
                threads: self.threads,
                record: !self.prior,
                ..RunOptions::quick(case, self.stream)
            };
        }
        let worlds = self.worlds.unwrap_or(RunOptions::default().worlds);
        let searches = self.searches.min(worlds);
        RunOptions {
            stream: self.stream,
            worlds,
            searches,
            solutions: detente::solutions_of(searches),
            talks: detente::TALKS_MOST,
            talks_whole: detente::TALKS_WHOLE,
            threads: self.threads,
            // Whoever says how many worlds wants these.
            effort: match self.worlds {
                Some(_) => Effort::Fixed,
                None => Effort::Settled {
                    rival_claims: self.rival_claims,
                },
            },
            record: !self.prior,
        }
    }

    /// The words of a command of the command line that makes the same again of a case at a path.
    pub fn words(&self, command: &str, case: &str) -> Vec<String> {
        let mut words = vec!["detente".to_owned(), command.to_owned(), as_argument(case)];
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        option("--seed", self.stream.seed.to_string());
        if let Some(worlds) = self.worlds {
            option("--worlds", worlds.to_string());
        }
        if !self.quick {
            option("--searches", self.searches.to_string());
        }
        if self.prior {
            words.push("--prior".to_owned());
        }
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        if self.stream.sampler == Sampler::Pseudo {
            option("--sampler", "pseudo".to_owned());
        }
        if !self.readings.is_empty() {
            option("--reading", self.readings.join(","));
        }
        for set in &self.set {
            option("--set", set.clone());
        }
        if let Some(expert) = &self.expert {
            option("--expert", expert.clone());
        }
        if self.quick {
            words.push("--quick".to_owned());
        }
        if self.rival_claims {
            words.push("--rival-claims".to_owned());
        }
        words
    }

    /// The command that makes the same report again, as a shell takes it.
    pub fn command(&self, case: &str) -> String {
        let words = self.words("report", case);
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        words.join(" ")
    }
}

/// Why what a report says is not to be relied on: an answer that failed its certificate, answers that contradict one another, a section
/// that could not be written. Nothing where all of it holds, interrupted or not.
pub fn unsound(summary: &Evidence, missing: &[Missing]) -> Option<String> {
    if let Some(fault) = summary.certified.faults.first() {
        return Some(format!("an answer failed its certificate: {fault}"));
    }
    if let Some((what, worlds)) = summary.consistency.broken.first() {
        return Some(format!(
            "answers contradict one another in {worlds} of {} worlds: {what}",
            summary.consistency.worlds
        ));
    }
    missing.iter().find_map(|missing| match &missing.why {
        Lack::Defect(what) => Some(format!(
            "the section “{}” could not be written, by a defect of detente, not of your case; please report it: {what}",
            missing.part
        )),
        Lack::Interrupted | Lack::Quick | Lack::Kept | Lack::Unkept => None,
    })
}

/// A path as an argument: one that begins like an option would be read as one.
pub fn as_argument(path: &str) -> String {
    if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

/// A word of a command as a shell takes it (POSIX): bare where nothing in it means anything to a shell, else in single quotes.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(bare) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them_otherwise() {
        for word in ["cases/first-case", "contest.edge=0.2", "-r", "a,b"] {
            assert_eq!(quoted(word), word);
        }
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted("it's $HOME `x`"), r"'it'\''s $HOME `x`'");
        assert_eq!(quoted("~/a"), "'~/a'");
        assert_eq!(quoted("ü"), "'ü'");
    }
}
