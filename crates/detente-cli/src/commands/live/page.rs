//! The page and its parts, which the binary holds.

use detente::report;
use detente_live::assets;

/// What the page may do: its own script and styles, and nothing from elsewhere. The editor makes its styles as it goes; a report that is opened from it
/// comes under the same policy, so that its script is named.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'self' {}; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        report::script_source(report::SCRIPT)
    )
}

/// A part by its path: its type and its text.
pub(super) fn part(path: &str) -> Option<(&'static str, String)> {
    match path {
        "/" => Some(("text/html; charset=utf-8", html())),
        "/live.js" => Some(("text/javascript; charset=utf-8", assets::SCRIPT.to_owned())),
        "/live.css" => Some(("text/css; charset=utf-8", assets::style())),
        _ => None,
    }
}

fn html() -> String {
    assets::PAGE
        .replace("<!--policy-->", "")
        .replace(
            "<!--style-->",
            "<link rel=\"stylesheet\" href=\"/live.css\">",
        )
        .replace("<!--script-->", "<script src=\"/live.js\"></script>")
}
