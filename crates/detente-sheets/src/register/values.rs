//! The register as comma-separated values, for whoever has no spreadsheet program or none that is trusted.

use std::fmt::Write as _;

use super::sheet::{About, Blind};
use super::{COLUMNS, Column, Row, text};

/// The register of these rows. Name and date are said when answers are taken back.
#[must_use]
pub fn csv(about: &About, rows: &[Row], blind: Blind) -> String {
    let columns: Vec<Column> = COLUMNS
        .into_iter()
        .filter(|column| blind == Blind::No || !column.is_now())
        .collect();
    let mut out = format!(
        "# {} ({}): {} numbers. {}\n",
        line(&about.case),
        line(&about.as_of),
        rows.len(),
        line(&about.sorted)
    );
    for column in columns.iter().filter(|column| column.is_filled()) {
        let _ = writeln!(out, "# {}: {}", column.name(), column.says());
    }
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let head = columns.iter().map(|column| column.name().to_owned());
    let body = rows.iter().map(|row| {
        columns
            .iter()
            .map(|column| guarded(text(row, *column)))
            .collect()
    });
    for record in std::iter::once(head.collect::<Vec<String>>()).chain(body) {
        // Memory is written to: nothing can fail.
        let _ = writer.write_record(&record);
    }
    let written = writer.into_inner().unwrap_or_default();
    out.push_str(&String::from_utf8_lossy(&written));
    out
}

/// In one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name of a case that a spreadsheet would take for a formula, behind a quote, as spreadsheets themselves write text; numbers stay.
fn guarded(text: String) -> String {
    let acts = text.starts_with(['=', '+', '@', '\t', '\r'])
        || text.starts_with('-') && text.parse::<f64>().is_err();
    if acts { format!("'{text}") } else { text }
}
