//! The register as a workbook: cells of the case are locked, and those for the expert take numbers within their bounds alone.

use detente_case::Domain;
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule,
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, ProtectionOptions,
    Workbook, Worksheet, XlsxError,
};

use super::{COLUMNS, Column, Row, bounds, bounds_in_words, rounded, scale, text};
use crate::cell::Scale;
use crate::fault::letters;

/// What a register is about.
#[derive(Clone, Debug)]
pub struct About {
    /// Name of the case.
    pub case: String,
    /// The day after which it knows nothing.
    pub as_of: String,
    /// By what the rows are sorted, in a sentence.
    pub sorted: String,
}

/// Are the case's own numbers left out, so that they lead nobody to them?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// They are there.
    No,
    /// They are left out.
    Yes,
}

/// The version of the layout, by which a later program knows it.
pub(crate) const FORMAT: u32 = 1;
/// The sheet that says what the others are, hidden.
pub(crate) const HIDDEN: &str = "detente";
/// The sheet with the rows.
pub(crate) const ROWS: &str = "Register";
/// What stands beside the cells for a name and a date.
pub(crate) const NAME: &str = "Your name";
pub(crate) const DATE: &str = "Date";

/// The register of these rows.
///
/// # Errors
///
/// The library that writes it refused: a defect.
pub fn xlsx(about: &About, rows: &[Row], blind: Blind) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes whenever it is written.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    first(book.add_worksheet(), about, rows.len())?;
    register(book.add_worksheet(), rows, blind)?;
    let hidden = book.add_worksheet();
    hidden.set_name(HIDDEN)?;
    for (row, (key, value)) in (0..).zip([
        ("format", FORMAT.to_string()),
        ("case", about.case.clone()),
        ("as of", about.as_of.clone()),
    ]) {
        hidden.write(row, 0, key)?;
        hidden.write(row, 1, value)?;
    }
    hidden.set_very_hidden(true).protect();
    book.save_to_buffer()
}

/// For whoever fills it.
fn first(sheet: &mut Worksheet, about: &About, rows: usize) -> Result<(), XlsxError> {
    sheet.set_name("Read me")?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = wrapped.clone().set_bold();
    let own = input_format();
    let lines = [
        format!("{} ({}): {rows} numbers", about.case, about.as_of),
        about.sorted.clone(),
        String::new(),
    ];
    sheet.set_column_width(0, 22)?;
    sheet.set_column_width(1, 90)?;
    for (row, line) in (0..).zip(&lines) {
        sheet.write_with_format(row, 1, line, if row == 0 { &bold } else { &wrapped })?;
    }
    sheet.write_with_format(3, 0, NAME, &bold)?;
    sheet.write_blank(3, 1, &own)?;
    sheet.write_with_format(4, 0, DATE, &bold)?;
    sheet.write_blank(
        4,
        1,
        &own.clone()
            .set_num_format("yyyy-mm-dd")
            .set_align(FormatAlign::Left),
    )?;
    let help = [
        "Put your name and the date of your answers into the two cells above; both stand beside your numbers in the case.",
        "Then go to the sheet Register. Fill the coloured cells of the rows that you know something about, and leave the others blank: no answer is better than a guess that you would not sign.",
        "Low first. Name a number so low that you would be surprised if the truth were lower: one chance in twenty.",
        "High next. Name a number so high that you would be surprised if the truth were higher: one chance in twenty.",
        "The middle last, if you can: as likely too low as too high. Left blank it follows from low and high. A middle alone is not taken: it says nothing of how sure you are.",
        "Ask yourself of both ends: what would have to be true for the number to lie beyond? If something comes to mind easily, move the end out.",
        "If you are certain, write the same number into all three cells.",
        "Shares and probabilities are percentages: 30%. Numbers outside the bounds of a row are not taken.",
        "The last two cells of a row are yours in words: what your range rests on, and a sentence that may be quoted.",
        "Rows may be sorted and hidden in a copy; do not change the column Path. Other cells are locked, without a password, so that what comes back can be trusted.",
    ];
    for (row, line) in (6..).zip(help) {
        sheet.write_with_format(row, 1, line, &wrapped)?;
    }
    sheet.protect();
    Ok(())
}

/// A cell for whoever fills the register.
fn input_format() -> Format {
    Format::new()
        .set_unlocked()
        .set_background_color(Color::RGB(0xFF_F7D6))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xD8_C98A))
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

fn register(sheet: &mut Worksheet, rows: &[Row], blind: Blind) -> Result<(), XlsxError> {
    sheet.set_name(ROWS)?;
    let columns: Vec<Column> = COLUMNS
        .into_iter()
        .filter(|column| blind == Blind::No || !column.is_now())
        .collect();
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0xE8_EEF4))
        .set_border_bottom(FormatBorder::Thin);
    for (place, column) in (0..).zip(&columns) {
        sheet.write_with_format(0, place, column.name(), &heading)?;
        if column.is_filled() {
            let note = Note::new(column.says())
                .set_width(280)
                .set_height(90)
                .add_author_prefix(false);
            sheet.insert_note(0, place, &note)?;
        }
        let width = match column {
            Column::Path => 34,
            Column::Means => 56,
            Column::Source | Column::Why | Column::Says => 32,
            Column::Bounds | Column::Status => 14,
            _ => 11,
        };
        sheet.set_column_width(place, width)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (place, column) in (0..).zip(&columns) {
            cell(sheet, (line, place), row, *column)?;
        }
        answers(sheet, line, row, &columns)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(0, 0)?;
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    (line, place): (u32, u16),
    row: &Row,
    column: Column,
) -> Result<(), XlsxError> {
    let percent = scale(row.domain, &row.unit) == Scale::Share && row.domain == Domain::Share;
    let number = if percent { "0.##%" } else { "General" };
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    match column {
        Column::Low | Column::High | Column::Middle => {
            let format = if percent {
                input_format().set_num_format("0.##%")
            } else {
                input_format()
            };
            sheet.write_blank(line, place, &format)?;
        }
        Column::Why | Column::Says => {
            sheet.write_blank(line, place, &input_format())?;
        }
        Column::NowLow | Column::NowMiddle | Column::NowHigh => {
            let own = match column {
                Column::NowLow => row.now[0],
                Column::NowMiddle => row.now[1],
                _ => row.now[2],
            };
            if own.is_finite() {
                let format = plain.set_num_format(number);
                sheet.write_with_format(line, place, rounded(own), &format)?;
            }
        }
        Column::Path | Column::Mark => {
            let grey = plain.set_font_color(Color::RGB(0x66_6666));
            sheet.write_with_format(line, place, text(row, column), &grey)?;
        }
        _ => {
            sheet.write_with_format(line, place, text(row, column), &plain)?;
        }
    }
    Ok(())
}

/// What the three cells of a row take: numbers within its bounds; and low below high, which is shown where it is not so.
fn answers(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    columns: &[Column],
) -> Result<(), XlsxError> {
    let place = |wanted: Column| {
        let place = columns.iter().position(|column| *column == wanted);
        u16::try_from(place.unwrap_or(0)).unwrap_or(0)
    };
    let (low, high, middle) = (
        place(Column::Low),
        place(Column::High),
        place(Column::Middle),
    );
    let rule = match (row.domain, bounds(row.domain)) {
        (Domain::Positive, _) => DataValidationRule::GreaterThan(0.0),
        (_, (Some(least), Some(most))) => DataValidationRule::Between(least, most),
        (_, (Some(least), None)) => DataValidationRule::GreaterThanOrEqualTo(least),
        _ => DataValidationRule::Between(-1e12, 1e12),
    };
    let bound = bounds_in_words(row.domain);
    let taken = DataValidation::new()
        .allow_decimal_number(rule)
        .ignore_blank(true)
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("Outside its bounds")?
        .set_error_message(format!("This number is {bound} ({}).", unit(row)))?;
    sheet.add_data_validation(line, low, line, middle.max(high), &taken)?;
    let [l, h, m] =
        [low, high, middle].map(|column| format!("${}{}", letters(u32::from(column)), line + 1));
    let wrong = format!(
        "=OR(AND(ISNUMBER({l}),ISNUMBER({h}),{l}>{h}),AND(ISNUMBER({m}),OR(AND(ISNUMBER({l}),{m}<{l}),AND(ISNUMBER({h}),{m}>{h}))))"
    );
    let red = Format::new().set_background_color(Color::RGB(0xF8_D0C8));
    let shown = ConditionalFormatFormula::new()
        .set_rule(wrong.as_str())
        .set_format(red);
    sheet.add_conditional_format(line, low, line, middle.max(high), &shown)?;
    Ok(())
}

fn unit(row: &Row) -> String {
    match row.unit.as_str() {
        "" => "a number".to_owned(),
        unit => unit.to_owned(),
    }
}
