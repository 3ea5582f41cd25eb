//! A brief as a document for word processors (Office Open XML, ECMA-376): the few parts that a document must have, put into a zip archive that
//! holds the same bytes every time.

use std::io::{Cursor, Write as _};

use askama::Template;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Brief, Part, Table, runs};

/// Twentieths of a point between the margins of the page, which the template states.
const WIDTH: usize = 10_092;
/// The same of a column of numbers.
const NUMBER: usize = 1_320;

#[derive(Template)]
#[template(path = "docx/document.xml")]
struct Document<'a> {
    brief: &'a Brief,
}

#[derive(Template)]
#[template(path = "docx/core.xml")]
struct Core<'a> {
    title: &'a str,
}

/// Parts that are the same in every document.
const PARTS: [(&str, &str); 7] = [
    (
        "[Content_Types].xml",
        include_str!("../../templates/docx/content-types.xml"),
    ),
    (
        "_rels/.rels",
        include_str!("../../templates/docx/package.rels"),
    ),
    (
        "word/_rels/document.xml.rels",
        include_str!("../../templates/docx/document.rels"),
    ),
    (
        "word/styles.xml",
        include_str!("../../templates/docx/styles.xml"),
    ),
    (
        "word/numbering.xml",
        include_str!("../../templates/docx/numbering.xml"),
    ),
    (
        "word/settings.xml",
        include_str!("../../templates/docx/settings.xml"),
    ),
    (
        "word/footer.xml",
        include_str!("../../templates/docx/footer.xml"),
    ),
];

impl Brief {
    /// The brief as a `.docx` document on A4, with headings, lists and tables in styles of their own.
    pub fn docx(&self) -> Vec<u8> {
        let document = Document { brief: self };
        let document = document.render().expect(INTO_MEMORY);
        let core = Core { title: &self.title };
        let core = core.render().expect(INTO_MEMORY);
        let own = [
            ("word/document.xml", document.as_str()),
            ("docProps/core.xml", core.as_str()),
        ];
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        // Neither a clock nor a compressor, so that the bytes depend on the text alone.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, text) in PARTS.into_iter().chain(own) {
            archive.start_file(name, options).expect(INTO_MEMORY);
            archive.write_all(text.as_bytes()).expect(INTO_MEMORY);
        }
        archive.finish().expect(INTO_MEMORY).into_inner()
    }
}

const INTO_MEMORY: &str = "writing into memory cannot fail";

/// Widths of a table's columns: those of numbers are narrow, the first has the rest; columns of words are alike.
fn widths(table: &Table) -> Vec<usize> {
    let columns = table.head.len().max(1);
    if !table.numbers {
        return vec![WIDTH / columns; columns];
    }
    let number = NUMBER.min(WIDTH / columns);
    let first = WIDTH - number * (columns - 1);
    let others = std::iter::repeat_n(number, columns - 1);
    std::iter::once(first).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::{Table, WIDTH, widths};

    #[test]
    fn columns_fill_the_page() {
        let table = |columns: usize, numbers| Table {
            says: String::new(),
            head: vec![String::new(); columns],
            rows: Vec::new(),
            numbers,
        };
        for columns in 1..12 {
            assert_eq!(widths(&table(columns, true)).iter().sum::<usize>(), WIDTH);
            let alike = widths(&table(columns, false));
            assert!(alike.iter().sum::<usize>() <= WIDTH && alike.len() == columns);
        }
    }
}
