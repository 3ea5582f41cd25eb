//! Names of the language for the names of people.

/// The letters a to z, digits and `_` of a name, and not one of those that are taken.
pub(super) fn id(name: &str, otherwise: &str, taken: &[&str]) -> String {
    let mut plain = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            c => match latin(c) {
                "" if !plain.ends_with('_') => plain.push('_'),
                letters => plain.push_str(letters),
            },
        }
    }
    let plain: String = plain.trim_matches('_').chars().take(40).collect();
    let plain = plain.trim_matches('_');
    let plain = if plain.is_empty() { otherwise } else { plain };
    let mut own = plain.to_owned();
    let mut count = 2;
    while taken.contains(&own.as_str()) {
        own = format!("{plain}_{count}");
        count += 1;
    }
    own
}

/// The plain letters of one with marks; nothing for what is no Latin letter.
fn latin(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn names_become_names_of_the_language() {
        for (name, expected) in [
            ("North", "north"),
            ("The  North-East (coast)", "the_north_east_coast"),
            ("Łódź & Gdańsk", "lodz_gdansk"),
            ("Größe", "groesse"),
            ("北", "x"),
            ("__", "x"),
            ("", "x"),
            ("3 of 4", "3_of_4"),
        ] {
            assert_eq!(id(name, "x", &[]), expected, "{name}");
        }
        assert_eq!(id("North", "x", &["north", "north_2"]), "north_3");
        assert!(id(&"a".repeat(200), "x", &[]).len() <= 40);
    }
}
