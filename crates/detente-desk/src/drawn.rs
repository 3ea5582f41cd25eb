//! Draws diagnostics for people.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use detente::diag::{Diagnostic, Severity, Sources, visible};

/// With what it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// For a terminal that shows colours.
    Coloured,
    /// As plain text.
    Plain,
}

/// Diagnostics as text, without colours.
pub fn drawn(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let each = diagnostics.iter();
    let each: Vec<String> = each.map(|one| draw(one, sources, Ink::Plain)).collect();
    each.join("\n\n")
}

/// Draws a diagnostic. What comes from the text passes the filter before the colours come in.
pub fn draw(diagnostic: &Diagnostic, sources: &Sources, ink: Ink) -> String {
    let renderer = match ink {
        Ink::Coloured => Renderer::styled(),
        Ink::Plain => Renderer::plain(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let message = visible(&diagnostic.message);
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(message.as_ref())
        .id(diagnostic.code.to_string());
    let mut group = Group::with_title(title);
    // A file at a time, the one of the first label first; a label without words at the very start stands for the whole file.
    let mut files: Vec<_> = diagnostic.labels.iter().map(|l| l.span.file).collect();
    let mut seen = Vec::new();
    files.retain(|file| {
        let fresh = !seen.contains(file);
        seen.push(*file);
        fresh
    });
    for file in files {
        let Some(source) = sources.get(file) else {
            continue;
        };
        let placed = diagnostic
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| label.span.file == file && label.span.end > label.span.start);
        let (text, name) = (visible(&source.text), visible(&source.name));
        // Where a place of the text lies in what is shown of it.
        let place = |at: usize| {
            source
                .text
                .get(..at)
                .map_or(at, |before| visible(before).len())
        };
        let mut snippet = Snippet::source(text.clone()).path(name.clone());
        let mut any = false;
        for (i, label) in placed {
            let kind = if i == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let span = first_line(&source.text, label.span.start..label.span.end);
            snippet = snippet.annotation(
                kind.span(place(span.start)..place(span.end))
                    .label(visible(&label.text).into_owned()),
            );
            any = true;
        }
        group = if any {
            group.element(snippet)
        } else {
            group.element(annotate_snippets::Origin::path(name))
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help).into_owned()));
    }
    renderer.render(&[group])
}

/// A span kept to its first line: an underline through a whole table helps nobody.
fn first_line(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = text
        .get(span.clone())
        .and_then(|part| part.find('\n'))
        .map_or(span.end, |newline| span.start + newline);
    span.start..end.max(span.start + 1).min(text.len())
}
