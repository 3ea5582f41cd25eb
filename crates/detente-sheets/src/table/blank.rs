//! Tables to fill: nothing in them but headings, and what belongs under each.

use std::fmt::Write as _;

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note,
    Workbook, Worksheet, XlsxError,
};

use super::grid::{Column, ISSUES, PARTIES, POSITIONS, VALUES};

/// Rows that lists of choices are offered for.
const ROWS: u32 = 1000;
const ROLES: [&str; 5] = ["principal", "belligerent", "patron", "mediator", "observer"];

const READ_ME: &[&str] = &[
    "A table for detente: who negotiates over what, what each wants, how much it matters, and what it would never sign.",
    "",
    "Fill the sheet Positions: a row for each party and each issue that matters to it. That is enough for a first look.",
    "Then, if you can: Parties (roles, what no deal is worth), Issues (points in order, what holds today), Case (title, date), Values (where the way down from what is wanted most is no straight one).",
    "Each heading has a note that says what belongs under it. Columns and sheets of your own are left alone. Blank rows do not matter.",
    "",
    "Ranges. A number that you are not sure of has a low and a high: nine times in ten it lies between them. Think of low and high before you think of the middle. Or write the range into one cell: 30 to 50, or 30 / 40 / 50.",
    "What you leave blank is filled by a placeholder, and the report prints it as one.",
    "",
    "For example (Positions):",
    "Party | Issue | Weight low | Weight | Weight high | Wants most | Accepts up to",
    "North | Border | 40 | 50 | 70 | 100 | 40",
    "South | Border | 50 | 60 | 80 | 0 |",
    "South | Guarantee | | 30 | | A force of the patron | Observers",
    "and (Issues):",
    "Issue | Points | Status quo",
    "Border | 0 to 100 | 50",
    "Guarantee | None; Observers; A force of the patron | None",
    "",
    "Then, on the command line:  detente new --from THIS-FILE.xlsx -o FOLDER   and   detente report FOLDER --quick",
];

/// A workbook to fill.
///
/// # Errors
///
/// The library that writes it refused: a defect.
pub fn blank_xlsx() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes whenever it is written.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let read_me = book.add_worksheet().set_name("Read me")?;
    read_me.set_column_width(0, 110)?;
    for (row, line) in (0..).zip(READ_ME) {
        let format = if row == 0 {
            wrapped.clone().set_bold()
        } else {
            wrapped.clone()
        };
        read_me.write_with_format(row, 0, *line, &format)?;
    }
    sheet(
        book.add_worksheet(),
        "Positions",
        &main_columns(),
        &[
            (Column::Party, Choice::Cells("=Parties!$A$2:$A$200")),
            (Column::Issue, Choice::Cells("=Issues!$A$2:$A$200")),
        ],
    )?;
    sheet(
        book.add_worksheet(),
        "Parties",
        &PARTIES,
        &[(Column::Role, Choice::Words(&ROLES))],
    )?;
    sheet(book.add_worksheet(), "Issues", &ISSUES, &[])?;
    sheet(
        book.add_worksheet(),
        "Values",
        &VALUES,
        &[
            (Column::Party, Choice::Cells("=Parties!$A$2:$A$200")),
            (Column::Issue, Choice::Cells("=Issues!$A$2:$A$200")),
        ],
    )?;
    case(book.add_worksheet())?;
    book.save_to_buffer()
}

/// Columns of positions, where issues and parties have sheets of their own.
fn main_columns() -> Vec<Column> {
    let elsewhere = [
        Column::Points,
        Column::StatusQuo,
        Column::Role,
        Column::NoDealLow,
        Column::NoDeal,
        Column::NoDealHigh,
    ];
    let own = POSITIONS
        .into_iter()
        .filter(|column| !elsewhere.contains(column));
    own.collect()
}

/// What is offered to choose from; anything else may be typed as well.
enum Choice {
    Cells(&'static str),
    Words(&'static [&'static str]),
}

fn sheet(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[Column],
    choices: &[(Column, Choice)],
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let heading = Format::new()
        .set_bold()
        .set_background_color(0xE8_EEF4)
        .set_border_bottom(FormatBorder::Thin);
    for (place, column) in (0..).zip(columns) {
        sheet.write_with_format(0, place, column.name(), &heading)?;
        let note = Note::new(column.says())
            .set_width(300)
            .set_height(110)
            .add_author_prefix(false);
        sheet.insert_note(0, place, &note)?;
        let width = match column {
            Column::Points | Column::Source | Column::Note => 40,
            Column::Party
            | Column::Issue
            | Column::Wants
            | Column::AcceptsTo
            | Column::Never
            | Column::Point => 22,
            _ => 14,
        };
        sheet.set_column_width(place, width)?;
    }
    for (column, choice) in choices {
        let place = columns.iter().position(|own| own == column);
        let Some(place) = place.and_then(|place| u16::try_from(place).ok()) else {
            continue;
        };
        let offered = DataValidation::new()
            .show_error_message(false)
            .ignore_blank(true);
        let offered = match choice {
            Choice::Cells(cells) => offered.allow_list_formula(Formula::new(*cells)),
            Choice::Words(words) => offered.allow_list_strings(words)?,
        };
        sheet.add_data_validation(1, place, ROWS, place, &offered)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn case(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Case")?;
    let heading = Format::new().set_bold();
    let says = Format::new().set_italic().set_font_color(0x66_6666);
    for (row, (key, what)) in (0..).zip([
        ("Name", "Title of the case. Blank: the name of its folder."),
        ("Date", "The day after which the case knows nothing, as 2025-03-19. Blank: the day on which the table is read."),
        ("Summary", "Who negotiates over what, in a sentence or two."),
        ("Judged by", "Your name, if you sign for the numbers that have no source: they then stand as your judgement, of that day. Blank: they are placeholders."),
    ]) {
        sheet.write_with_format(row, 0, key, &heading)?;
        sheet.write_with_format(row, 2, what, &says)?;
    }
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(1, 50)?;
    sheet.set_column_width(2, 90)?;
    Ok(())
}

/// The same as comma-separated values: the headings, and above them what belongs under each, in comments.
pub fn blank_csv() -> String {
    let mut out = String::from(
        "# A table for detente: a row for each party and each issue that matters to it. Lines that begin with # are comments.\n\
         # Commas, semicolons or tabs may stand between values; a number may be a range: 30 to 50, or 30 / 40 / 50.\n",
    );
    for column in POSITIONS {
        let _ = writeln!(out, "# {}: {}", column.name(), column.says());
    }
    let names: Vec<&str> = POSITIONS.into_iter().map(Column::name).collect();
    out.push_str(&names.join(","));
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::{blank_csv, blank_xlsx};
    use crate::book::{Kind, read};
    use crate::{Defaults, Table};

    #[test]
    fn what_is_to_be_filled_is_understood_and_says_that_it_is_empty() {
        let defaults = Defaults {
            name: "Talks".to_owned(),
            as_of: "2025-01-01".to_owned(),
        };
        let xlsx = blank_xlsx().unwrap();
        assert_eq!(xlsx, blank_xlsx().unwrap(), "the same bytes");
        for (kind, bytes) in [(Kind::Xlsx, xlsx), (Kind::Csv, blank_csv().into_bytes())] {
            let book = read("table", kind, &bytes).unwrap();
            let faults = Table::read(&book, &defaults).unwrap_err();
            let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            assert_eq!(said, ["table: the table names no issue"], "{kind:?}");
        }
    }
}
