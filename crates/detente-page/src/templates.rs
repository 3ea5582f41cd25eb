//! Cases to start from.

/// A text to start a case from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// One thing of each kind, to be replaced.
    Blank,
    /// The invented case of the tour, whole.
    Example,
}

/// The text of a new case of this name.
pub fn new_case(template: Template, name: &str) -> String {
    let (text, placeholder) = match template {
        Template::Blank => (include_str!("../templates/case-blank.toml"), "{name}"),
        Template::Example => (
            include_str!("../../../cases/first-case/case.toml"),
            "The Harbour Strip",
        ),
    };
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
    fn both_start_without_errors_under_any_name() {
        for template in [Template::Blank, Template::Example] {
            for name in ["Talks", "\"quoted\" \\ and\nbroken", "Ünïcode"] {
                let checked = crate::check("case.toml", &new_case(template, name));
                let case = checked.case.expect("a template has no errors");
                assert!(name.starts_with(&case.setting.name[..2]) && !case.setting.name.is_empty());
            }
        }
    }
}
