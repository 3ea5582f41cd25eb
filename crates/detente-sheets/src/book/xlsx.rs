//! Workbooks.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read as _};

use calamine::{CellErrorType, DataRef, Reader as _, SheetType, Xlsx, XlsxError};

use super::{Cell, Counted, Sheet, UNPACKED, Unread};

/// The sheets of a workbook, hidden ones too.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Unread> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unread::NotThis(
            "it is an old workbook (.xls), or one with a password",
            "save it as .xlsx, without a password",
        ));
    }
    unpacks(bytes, UNPACKED)?;
    let mut book: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut counted = Counted::default();
    let sheets = names
        .iter()
        .map(|name| sheet(&mut book, name, &mut counted));
    let sheets: Vec<Sheet> = sheets.collect::<Result<_, _>>()?;
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(Unread::Empty);
    }
    Ok(sheets)
}

/// Is it a workbook's archive, and does it stay small once it is unpacked? What its head says of that is not believed.
fn unpacks(bytes: &[u8], most: u64) -> Result<(), Unread> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        Unread::NotThis(
            "it is no workbook (.xlsx)",
            "save it as .xlsx in a spreadsheet program, or give a .csv file",
        )
    })?;
    let mut left = most;
    for place in 0..archive.len() {
        let part = archive
            .by_index(place)
            .map_err(|error| Unread::Broken(error.to_string(), None))?;
        if part.name().is_ok_and(|name| name == "mimetype") {
            return Err(Unread::NotThis(
                "it is an OpenDocument file",
                "save it as .xlsx, or as “CSV UTF-8”",
            ));
        }
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink());
        let unpacked = unpacked.map_err(|error| Unread::Broken(error.to_string(), None))?;
        left = left
            .checked_sub(unpacked)
            .ok_or(Unread::TooMuch("bytes once it is unpacked", most))?;
    }
    Ok(())
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    counted: &mut Counted,
) -> Result<Sheet, Unread> {
    counted.sheet = Some(name.to_owned());
    let here = |error: XlsxError| match broken(error) {
        Unread::Broken(how, _) => Unread::Broken(how, Some(name.to_owned())),
        other => other,
    };
    let merged = book.merge_cells_by_sheet_name(name).map_err(here)?;
    // A formula without a value leaves nothing in its cell, and must not pass for a blank.
    let mut formulas = BTreeSet::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(here)?;
    while let Some(cell) = reader.next_formula().map_err(here)? {
        if !cell.get_value().is_empty() {
            formulas.insert(cell.get_position());
            counted.keep(0, 0)?;
        }
    }
    drop(reader);
    let mut sheet = Sheet {
        name: Some(name.to_owned()),
        ..Sheet::default()
    };
    let mut reader = book.worksheet_cells_reader(name).map_err(here)?;
    let percent: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| {
            let format = style.number_format.as_ref();
            format.is_some_and(|format| is_percent(&format.format_code))
        })
        .collect();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(here)? {
        let (row, column) = cell.get_position();
        let percent = percent.get(style).copied().unwrap_or(false);
        let unworked = || formulas.contains(&(row, column)).then_some(Cell::Unworked);
        if let Some(found) = content(cell.get_value(), percent).or_else(unworked) {
            counted.keep(row, column)?;
            sheet.rows.entry(row + 1).or_default().insert(column, found);
        }
    }
    for range in merged {
        spread(&mut sheet, range.start, range.end, counted)?;
    }
    Ok(sheet)
}

/// What stands in a cell; `None`: nothing.
fn content(value: &DataRef, percent: bool) -> Option<Cell> {
    let text = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| Cell::Text(text.to_owned()))
    };
    match value {
        DataRef::Empty => None,
        DataRef::Int(x) => Some(Cell::Number(*x as f64, percent)),
        DataRef::Float(x) => Some(Cell::Number(*x, percent)),
        DataRef::String(own) => text(own),
        DataRef::SharedString(shared) => text(shared),
        DataRef::Bool(on) => Some(Cell::Switch(*on)),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Some(Cell::Date(format!("{year:04}-{month:02}-{day:02}")))
        }
        DataRef::DateTimeIso(date) => Some(Cell::Date(date.chars().take(10).collect())),
        DataRef::DurationIso(time) => Some(Cell::Date(time.clone())),
        DataRef::Error(CellErrorType::GettingData) => Some(Cell::Unworked),
        DataRef::Error(error) => Some(Cell::Failed(error.to_string())),
    }
}

/// Does a number format show percentages? A `%` between quotes or behind a backslash is a letter.
fn is_percent(format: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for c in format.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

/// Cells merged down a column all say what the first says, as a name beside several rows does. Merged across columns they are marked, but for
/// the first.
fn spread(
    sheet: &mut Sheet,
    (top, left): (u32, u32),
    (bottom, right): (u32, u32),
    counted: &mut Counted,
) -> Result<(), Unread> {
    let first = sheet
        .rows
        .get(&(top + 1))
        .and_then(|row| row.get(&left))
        .cloned();
    let Some(first) = first else {
        return Ok(());
    };
    for row in top..=bottom {
        for column in left..=right {
            if (row, column) == (top, left) {
                continue;
            }
            counted.keep(row, column)?;
            let said = if column == left {
                first.clone()
            } else {
                Cell::Merged
            };
            sheet.rows.entry(row + 1).or_default().insert(column, said);
        }
    }
    Ok(())
}

fn broken(error: XlsxError) -> Unread {
    match error {
        XlsxError::Password => Unread::NotThis("it has a password", "save it without one"),
        other => Unread::Broken(other.to_string(), None),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Unread, is_percent, unpacks};

    /// An archive of some hundred bytes that unpacks to a megabyte, whatever its head says of that.
    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default();
        archive.start_file("xl/workbook.xml", packed).unwrap();
        archive.write_all(&vec![0; 1 << 20]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 12);
        assert_eq!(unpacks(&bytes, 1 << 20), Ok(()));
        let most = (1 << 20) - 1;
        let what = "bytes once it is unpacked";
        assert_eq!(unpacks(&bytes, most), Err(Unread::TooMuch(what, most)));
    }

    #[test]
    fn formats_that_show_percentages() {
        for format in ["0%", "0.00%", "# ##0 %", "[Red]0.0%;-0.0%", "\"about \"0%"] {
            assert!(is_percent(format), "{format}");
        }
        for format in ["General", "0.00", "0\" %\"", "0\\%", "yyyy-mm-dd"] {
            assert!(!is_percent(format), "{format}");
        }
    }
}
