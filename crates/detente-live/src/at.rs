//! Places in texts: bytes here, UTF-16 units where a browser counts them.

/// How many UTF-16 units stand before a byte.
pub(crate) fn units(text: &str, byte: usize) -> usize {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().map(char::len_utf16).sum()
}

/// The byte before which so many UTF-16 units stand.
pub(crate) fn byte(text: &str, units: usize) -> usize {
    let mut before = 0;
    for (at, c) in text.char_indices() {
        if before >= units {
            return at;
        }
        before += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{byte, units};

    #[test]
    fn places_go_to_and_fro() {
        let text = "a–b🎲c";
        for (at, _) in text.char_indices() {
            assert_eq!(byte(text, units(text, at)), at);
        }
        assert_eq!(units(text, text.len()), 6);
        assert_eq!(byte(text, 99), text.len());
        assert_eq!(units(text, 2), 1, "within a letter: before it");
    }
}
