//! Limits, before anything is done that grows with what they limit.

use detente_diag::{Code, Diagnostic, Diagnostics, Span};

use crate::{Tree, limits};

/// Is anything too large to go on with? Then that is said.
pub(super) fn too_large(tree: &Tree, diagnostics: &mut Diagnostics) -> bool {
    let of = |table: &str| tree.get(table).map_or(&[][..], Tree::entries);
    let within = |table: &str, inner: &str| -> usize {
        let inner = |owner: &Tree| owner.get(inner).map_or(0, |t| t.entries().len());
        of(table).iter().map(|(_, owner)| inner(owner)).sum()
    };
    let types = of("party").iter().map(|(_, party)| {
        let own = party.get("type").map_or(0, |t| t.entries().len());
        // A party without types has one, of its own name.
        own.max(1)
    });
    let counts = [
        ("parties", of("party").len(), limits::PARTIES),
        ("types", types.sum(), limits::TYPES),
        ("issues", of("issue").len(), limits::ISSUES),
        ("levers", of("lever").len(), limits::LEVERS),
        ("red lines", within("party", "redline"), limits::RED_LINES),
        ("constraints", of("constraint").len(), limits::CONSTRAINTS),
        ("named packages", of("package").len(), limits::PACKAGES),
        ("readings", of("reading").len(), limits::READINGS),
        ("claims", of("claim").len(), limits::CLAIMS),
    ];
    let mut all: Vec<(String, usize, usize)> = counts
        .into_iter()
        .map(|(what, count, most)| (what.to_owned(), count, most))
        .collect();
    for (issue, stated) in of("issue") {
        let options = stated.get("option").map_or(0, |t| t.entries().len());
        all.push((
            format!("options of `{}`", issue.text),
            options,
            limits::OPTIONS,
        ));
    }
    all.retain(|(_, count, most)| count > most);
    for (what, count, most) in &all {
        diagnostics.push(
            Diagnostic::new(Code::TOO_LARGE, format!("the case has {count} {what}"))
                .at(Span::new(tree.span.file, 0, 0), "")
                .help(format!("at most {most} can be handled")),
        );
    }
    !all.is_empty()
}
