//! Comma-separated values, and what goes by that name where commas stand for decimal points.

use super::{Cell, Counted, Sheet, Unread};

/// The sheet of such a text.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Unread> {
    let text = decoded(bytes)?;
    let mut sheet = Sheet::default();
    let mut counted = Counted::default();
    let delimiter = delimiter(&text);
    if let Some(line) = unclosed(&text, delimiter) {
        return Err(Unread::Unclosed(line));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| Unread::Broken(error.to_string(), None))?;
        let number = record.position().map_or(1, |at| line_of(&text, at));
        for (column, typed) in (0..).zip(&record) {
            let typed = typed.trim();
            if !typed.is_empty() {
                counted.keep(number.saturating_sub(1), column)?;
                let row = sheet.rows.entry(number).or_default();
                row.insert(column, Cell::Text(typed.to_owned()));
            }
        }
    }
    if sheet.rows.is_empty() {
        return Err(Unread::Empty);
    }
    Ok(vec![sheet])
}

/// The line that a record begins on: what is said of its place is where the one before it ended, with the blank lines and comments between them.
fn line_of(text: &str, at: &csv::Position) -> u32 {
    let start = usize::try_from(at.byte()).unwrap_or(0).min(text.len());
    let skipped = text.as_bytes()[start..]
        .split(|byte| *byte == b'\n')
        .take_while(|line| matches!(line, [] | [b'\r'] | [b'#', ..]))
        .count();
    u32::try_from(at.line()).map_or(u32::MAX, |line| {
        line.saturating_add(u32::try_from(skipped).unwrap_or(0))
    })
}

/// The text without the mark at its start, from UTF-8, or from UTF-16 where the mark says so, as spreadsheets save “Unicode text”.
fn decoded(bytes: &[u8]) -> Result<String, Unread> {
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]]));
        String::from_utf16(&units.collect::<Vec<u16>>()).map_err(|_| Unread::NotText(1))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) => {
            Err(Unread::NotThis(
                "it is a workbook under the name of a text",
                "let its name end in .xlsx, or save it as “CSV UTF-8”",
            ))
        }
        _ => {
            let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let before = &bytes[..error.valid_up_to()];
                Unread::NotText(before.split(|byte| *byte == b'\n').count())
            })?;
            Ok(text.to_owned())
        }
    }
}

/// What separates values: whichever of `,`, `;` and tab stands most often in the first line that is no comment, outside quotes; a line
/// `sep=;`, which spreadsheets put first, says it itself.
fn delimiter(text: &str) -> u8 {
    let mut lines = text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let head = lines.next().unwrap_or_default();
    if let Some(stated) = head
        .strip_prefix("sep=")
        .and_then(|rest| rest.bytes().next())
    {
        return stated;
    }
    let count = |wanted: u8| {
        let (mut quoted, mut found) = (false, 0);
        for byte in head.bytes() {
            quoted ^= byte == b'"';
            found += usize::from(byte == wanted && !quoted);
        }
        found
    };
    let all = [b',', b';', b'\t'];
    let most = all.into_iter().rev().max_by_key(|wanted| count(*wanted));
    most.unwrap_or(b',')
}

/// The line of a quotation mark that opens a cell and that nothing closes: readers take all that follows for that cell.
fn unclosed(text: &str, delimiter: u8) -> Option<u32> {
    let (mut line, mut begins, mut comment) = (1, true, false);
    let mut opened = None;
    let mut new_line = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if opened.is_some() => {
                // Twice it is one that belongs to the cell.
                let twice = bytes.next_if_eq(&b'"').is_some();
                opened = opened.filter(|_| twice);
            }
            b'"' if begins && !comment => opened = Some(line),
            b'#' if new_line && opened.is_none() => comment = true,
            _ => {}
        }
        let ends = byte == b'\n';
        line += u32::from(ends);
        new_line = ends;
        comment &= !ends;
        begins = ends || byte == b'\r' || byte == delimiter;
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::{Cell, Unread, sheets};

    fn cells(bytes: &[u8]) -> Vec<(u32, u32, String)> {
        let sheets = sheets(bytes).unwrap();
        let rows = sheets[0].rows.iter();
        rows.flat_map(|(row, cells)| {
            cells.iter().map(move |(column, cell)| match cell {
                Cell::Text(text) => (*row, *column, text.clone()),
                other => panic!("{other:?}"),
            })
        })
        .collect()
    }

    fn told(cells: &[(u32, u32, &str)]) -> Vec<(u32, u32, String)> {
        let own = |(row, column, text): &(u32, u32, &str)| (*row, *column, (*text).to_owned());
        cells.iter().map(own).collect()
    }

    #[test]
    fn whatever_separates_values_and_marks_the_text() {
        let expected = told(&[(1, 0, "a"), (1, 1, "b"), (3, 0, "x; y, z"), (3, 1, "0,5")]);
        let comma = "a,b\n\n\"x; y, z\",\"0,5\"\n";
        let semicolon = "\u{feff}a;b\r\n\r\n\"x; y, z\";0,5\r\n";
        assert_eq!(cells(comma.as_bytes()), expected);
        assert_eq!(cells(semicolon.as_bytes()), expected);
        let tab = "a\tb\n\nx; y, z\t0,5\n";
        assert_eq!(cells(tab.as_bytes()), expected);
        for (mark, of) in [
            ([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xfe, 0xff], u16::to_be_bytes),
        ] {
            let wide = tab.encode_utf16().flat_map(of);
            let bytes: Vec<u8> = mark.into_iter().chain(wide).collect();
            assert_eq!(cells(&bytes), expected);
        }
        // Comments and blank cells are none; lines keep their numbers behind a cell of several lines.
        let text = "# a comment, with commas, in it\na;b\n\"two\nlines\";1\n ; 2 \n";
        let expected = told(&[
            (2, 0, "a"),
            (2, 1, "b"),
            (3, 0, "two\nlines"),
            (3, 1, "1"),
            (5, 1, "2"),
        ]);
        assert_eq!(cells(text.as_bytes()), expected);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(sheets(b"a,b\nM\xfcller,1\n"), Err(Unread::NotText(2)));
        assert_eq!(sheets(b""), Err(Unread::Empty));
        assert_eq!(sheets(b"\xef\xbb\xbf ;; \n# nothing\n"), Err(Unread::Empty));
        assert!(matches!(
            sheets(b"PK\x03\x04rest"),
            Err(Unread::NotThis(..))
        ));
        let wide = format!("a{}\n", ",a".repeat(300));
        assert!(matches!(
            sheets(wide.as_bytes()),
            Err(Unread::TooFar("columns", 256, None, (0, 256)))
        ));
        let long = "a\n".repeat(60_000);
        assert!(matches!(
            sheets(long.as_bytes()),
            Err(Unread::TooFar("rows", 50_000, None, (50_000, 0)))
        ));
    }

    /// A mark that is forgotten must not make one cell of the rows behind it.
    #[test]
    fn a_quotation_mark_that_nothing_closes_is_said() {
        for (text, line) in [
            ("a,b\n\"x,1\ny,2\n", 2),
            ("a,b\nx,1\ny,\"2\nz,3", 3),
            ("# \"\na,\"two\nlines\"\nb,\"\"\"\n", 4),
        ] {
            assert_eq!(
                sheets(text.as_bytes()),
                Err(Unread::Unclosed(line)),
                "{text}"
            );
        }
        for text in [
            "a,5\" wide\nx,1\n",
            "a,\"\"\nb,\"\"\"\"\n",
            "# it is \"so\na,1\n",
            "a;\"x\r\ny\";\"z\"\r\n",
        ] {
            assert!(sheets(text.as_bytes()).is_ok(), "{text}");
        }
    }
}
