//! Near-miss suggestions for names.

/// Letters of the longest name that is compared.
const LONGEST: usize = 128;

/// The name of `known` that `typed` most probably stands for, if one is close enough.
///
/// Distance is that of Damerau (1964): insertions, deletions, substitutions and swaps of neighbours. A name is close if it
/// is at most a third of its letters away (at most three), or differs only in case or in `-` for `_`.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |s: &str| s.to_lowercase().replace('-', "_");
    let wanted = fold(typed);
    let letters = wanted.chars().count();
    // Nobody mistypes a name of this length by a letter or two, and edit distance is quadratic.
    if letters > LONGEST {
        return None;
    }
    let limit = (letters / 3).min(3);
    known
        .into_iter()
        .filter(|name| name.len() <= 4 * LONGEST)
        .map(|name| (strsim::damerau_levenshtein(&wanted, &fold(name)), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_near_and_refuses_the_far() {
        let known = ["high", "low", "share", "standing_seeking"];
        assert_eq!(nearest("hihg", known), Some("high"));
        assert_eq!(nearest("Standing-Seeking", known), Some("standing_seeking"));
        assert_eq!(nearest("shares", known), Some("share"));
        assert_eq!(nearest("territory", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("q", ["p"]), None, "one letter is no likeness");
    }
}
