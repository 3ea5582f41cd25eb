//! The page, its script and its styles, as `web/` builds them.

/// The page: in the places of `<!--policy-->`, `<!--style-->` and `<!--script-->` whoever serves it puts its own.
pub const PAGE: &str = include_str!("../assets/live.html");
/// Its script.
pub const SCRIPT: &str = include_str!("../assets/live.js");
/// The script of the worker that runs the engine in a browser.
pub const WORKER: &str = include_str!("../assets/worker.js");
/// The licences of what the script holds.
pub const LICENCES: &str = include_str!("../assets/LICENSES.txt");

/// The styles: the report's, and the workbench's own.
pub fn style() -> String {
    [detente::report::STYLE, include_str!("../assets/live.css")].join("\n")
}
