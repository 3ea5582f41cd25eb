//! A brief as a page that prints on two sheets of A4: self-contained, without a script.

use askama::Template;

use super::{Brief, Part, runs};

#[derive(Template)]
#[template(path = "brief.html")]
struct Page<'a> {
    brief: &'a Brief,
    /// The report's look, and what a brief does otherwise.
    styles: [&'static str; 2],
}

impl Brief {
    /// The brief as one self-contained HTML page.
    pub fn html(&self) -> String {
        let page = Page {
            brief: self,
            styles: [
                include_str!("../../assets/report.css"),
                include_str!("../../assets/brief.css"),
            ],
        };
        page.render().expect("writing into a string cannot fail")
    }
}

/// A text as HTML: escaped, its code as such.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for run in runs(text) {
        let escaped = run
            .text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        if run.code {
            out += "<code>";
            out += &escaped;
            out += "</code>";
        } else {
            out += &escaped;
        }
    }
    out
}
