//! What a report leads with, in words.

use detente_evidence::Headline;

use crate::words::in_time;

/// What happens to a package: "is signed and kept five years".
pub(crate) fn verb(headline: Headline) -> String {
    match headline.kept_months {
        Some(months) => format!("is signed and kept {}", in_time(months)),
        None => "is accepted by all it needs".to_owned(),
    }
}

/// The same as what worlds do with several: "see them signed and kept five years".
pub(crate) fn seen(headline: Headline, several: bool) -> String {
    let them = if several { "them" } else { "it" };
    match headline.kept_months {
        Some(months) => format!("see {them} signed and kept {}", in_time(months)),
        None => format!("see {them} accepted by all who are needed"),
    }
}

/// A column's head.
pub(crate) fn head(headline: Headline) -> String {
    headline
        .kept_months
        .map_or("All needed".to_owned(), |months| {
            format!("Kept {}", in_time(months))
        })
}
