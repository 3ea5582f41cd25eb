//! What a stranger's text may do to whoever reads it: nothing but be read.

use std::borrow::Cow;

/// The text with every character made visible that would do something instead of being seen: control characters (an escape
/// sequence drives a terminal), marks that turn the direction of what follows (a name could be read as another), and what no XML
/// may hold. ASCII controls become their pictures (`␛`), others the replacement character. Line ends and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(shown).collect())
}

/// JSON with the same characters written as escapes: another text, the same value.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    use std::fmt::Write as _;
    if !json.chars().any(acts) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if acts(c) {
            // All of them lie in the first plane, so that one escape says them.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Does this character do something?
fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Line and paragraph separators; marks, embeddings, overrides and isolates of direction; what XML refuses.
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' => true,
        c => c.is_control(),
    }
}

fn shown(c: char) -> char {
    match c {
        c if !acts(c) => c,
        '\u{7f}' => '\u{2421}',
        c if c.is_ascii() => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_json};

    #[test]
    fn what_acts_is_shown_and_what_is_read_stays() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\0\r\u{7f}"), "␛[31mred␇␀␍␡");
        assert_eq!(
            visible("\u{9b}31m \u{202e}gpj.exe\u{2069}\u{200f}\u{61c}\u{2028}\u{ffff}"),
            "\u{fffd}31m \u{fffd}gpj.exe\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"
        );
        let plain = "Łódź – שלום\n\tλ\u{a0}% 👩\u{200d}🚀";
        assert!(matches!(visible(plain), std::borrow::Cow::Borrowed(same) if same == plain));
    }

    #[test]
    fn json_keeps_its_value() {
        let text = "{\"a\": \"x\u{202e}y\u{9b}\u{7f}ü\"}\n";
        assert_eq!(
            visible_json(text),
            "{\"a\": \"x\\u202ey\\u009b\\u007fü\"}\n"
        );
        assert_eq!(visible_json("{}"), "{}");
    }
}
