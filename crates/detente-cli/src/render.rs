//! Draws diagnostics for people.

use detente::diag::{Diagnostic, Severity, Sources};
use detente_desk::drawn::{self, Ink};

#[cfg(feature = "mcp")]
pub(crate) use detente_desk::drawn::drawn;

use crate::output;

/// Prints diagnostics to standard error, each with its text underlined. Warnings are counted only, unless `warnings`.
pub(crate) fn print(diagnostics: &[Diagnostic], sources: &Sources, warnings: bool) {
    let ink = if output::colours() {
        Ink::Coloured
    } else {
        Ink::Plain
    };
    let of = |severity| diagnostics.iter().filter(move |d| d.severity() == severity);
    let errors = of(Severity::Error).count();
    for diagnostic in diagnostics
        .iter()
        .filter(|d| warnings || errors > 0 || d.severity() == Severity::Error)
    {
        output::note_drawn(&format!("{}\n", drawn::draw(diagnostic, sources, ink)));
    }
    if errors > 1 {
        output::note(&format!("{errors} errors; nothing was computed"));
    }
    let unshown = of(Severity::Warning).count();
    if !warnings && errors == 0 && unshown > 0 {
        let plural = if unshown == 1 { "" } else { "s" };
        output::note(&format!(
            "{unshown} warning{plural}; `detente check` shows them"
        ));
    }
}
