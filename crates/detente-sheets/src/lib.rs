//! Spreadsheets: a table of parties and issues that becomes the text of a case, and the register of a case for experts to fill.
//!
//! Bytes in, text or bytes out: no file, clock or terminal is known here. [`read`] makes a [`Book`] of a workbook or of comma-separated values,
//! with every cell at its place, so that a fault names the sheet and the cell. [`Table::read`] understands it as parties, issues and
//! positions, and [`Table::case_text`] writes the case. [`register`] lists a case's numbers and writes them for experts, [`Filled::read`] takes back
//! what they wrote, and [`edit`] puts it into the text.

pub mod book;
mod cell;
pub mod edit;
mod fault;
pub mod register;
pub mod table;

pub use book::{Book, Kind, read};
pub use register::{Filled, Row};
pub use table::grid::{is_day, one_line};
pub use table::{Defaults, Table};
