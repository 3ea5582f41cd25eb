//! Cases to start from.

/// A text to start a case from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// One thing of each kind, to be replaced.
    Blank,
    /// No deal as stated values.
    Reservation,
    /// No deal as a lottery.
    Lottery,
    /// No deal as a process.
    Process,
    /// No deal as a contest.
    Contest,
    /// The invented case of the tour, whole.
    Example,
}

impl Template {
    /// All of them: those of one account of no deal each between the blank and the whole one.
    pub const ALL: [Self; 6] = [
        Self::Blank,
        Self::Reservation,
        Self::Lottery,
        Self::Process,
        Self::Contest,
        Self::Example,
    ];

    /// What it is asked for by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Reservation => "reservation",
            Self::Lottery => "lottery",
            Self::Process => "process",
            Self::Contest => "contest",
            Self::Example => "example",
        }
    }

    /// What it is, in a line.
    pub fn says(self) -> &'static str {
        match self {
            Self::Blank => "One thing of each kind that the language has, to be replaced",
            Self::Reservation => {
                "What no deal is worth is stated: a sale, a contract, a first sketch"
            }
            Self::Lottery => "Without a deal one side or the other wins: a trial, a vote",
            Self::Process => {
                "Without a deal states follow one another until an end: strikes, sanctions"
            }
            Self::Contest => "Without a deal a line moves until one side wins or it halts: a war",
            Self::Example => "The invented case of the tour, whole",
        }
    }

    /// Its text, and what stands there for the name of the case.
    fn text(self) -> (&'static str, &'static str) {
        let text = match self {
            Self::Blank => include_str!("../templates/case-blank.toml"),
            Self::Reservation => include_str!("../templates/case-reservation.toml"),
            Self::Lottery => include_str!("../templates/case-lottery.toml"),
            Self::Process => include_str!("../templates/case-process.toml"),
            Self::Contest => include_str!("../templates/case-contest.toml"),
            Self::Example => {
                let text = include_str!("../../../cases/first-case/case.toml");
                return (text, "The Harbour Strip");
            }
        };
        (text, "{name}")
    }
}

/// The text of a new case of this name.
pub fn new_case(template: Template, name: &str) -> String {
    let (text, placeholder) = template.text();
    text.replacen(placeholder, &escaped(name), 1)
}

/// A name as it stands between the quotes of a TOML text.
fn escaped(name: &str) -> String {
    let letters = name.chars().filter(|c| !c.is_control());
    let mut text = String::new();
    for c in letters {
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Template, new_case};

    #[test]
    fn all_start_without_errors_under_any_name() {
        for template in Template::ALL {
            for name in ["Talks", "\"quoted\" \\ and\nbroken", "Ünïcode"] {
                let checked = crate::check("case.toml", &new_case(template, name));
                let case = checked.case.expect("a template has no errors");
                assert!(name.starts_with(&case.setting.name[..2]) && !case.setting.name.is_empty());
            }
        }
    }

    /// Those of one account are short, run as they stand, and hold nothing that an analyst would be warned of but their own numbers.
    #[test]
    fn a_template_of_an_account_is_short_and_clean() {
        let mut accounts = Vec::new();
        for template in &Template::ALL[1..5] {
            let text = new_case(*template, "Talks");
            assert!(text.lines().count() < 60, "{}", template.name());
            let comments = text.lines().filter(|line| line.contains('#')).count();
            assert!(comments >= 8, "{}: {comments}", template.name());
            let checked = crate::check("case.toml", &text);
            let codes = checked.diagnostics.iter().map(|d| d.code.to_string());
            assert_eq!(codes.collect::<Vec<_>>(), ["D0701"], "{}", template.name());
            let setting = checked.case.expect("a template has no errors").setting;
            accounts.push([
                setting.reservations,
                setting.lottery.is_some(),
                setting.process.is_some(),
                setting.contest.is_some(),
            ]);
        }
        for (place, account) in accounts.iter().enumerate() {
            assert!((0..4).all(|other| account[other] == (other == place)));
        }
    }
}
