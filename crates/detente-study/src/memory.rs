//! What a command keeps in memory, before it begins: one estimate for all of them.

use detente_case::Case;
use detente_core::Layout;
use detente_lens::conformance;

use crate::sensitivity::AT_ONCE;

/// What is kept of a run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Every row.
    Rows,
    /// What a report needs: of every row what is told, at most all of it, and what was drawn. Of worlds under other readings and of what claims
    /// set a few columns are kept.
    Report,
    /// Rows until they are written, again as columns, and as bytes of a file.
    Block,
    /// Drawn numbers until they are written, as numbers and as text.
    Drawn,
}

/// What a program takes before it has run anything, in bytes.
const BASE: usize = 32 << 20;

/// Bytes that a world of a case takes in a [`Table`](crate::Table).
pub fn row_bytes(case: &Case) -> usize {
    size_of::<f64>()
        * Layout::new(&case.setting, &conformance::specs())
            .width()
            .max(1)
}

/// Bytes of memory that each world takes beside what a program takes anyway.
fn world_bytes(case: &Case, keeps: Keeps) -> usize {
    /// Of a number as text, with its comma.
    const WRITTEN: usize = 20;
    let (row, number) = (row_bytes(case), size_of::<f64>());
    match keeps {
        Keeps::Rows => row,
        Keeps::Report => {
            // Numbers by world: those of types, gates and base rates that a report needs, and inputs sorted at a time.
            let drawn = case.setting.types.len() + case.setting.gates.len() + 3 * AT_ONCE;
            row + number * drawn
        }
        Keeps::Block => 3 * row,
        Keeps::Drawn => case.inputs.len() * (number + WRITTEN),
    }
}

/// Bytes of memory that so many worlds of a case will take at most, about.
pub fn memory(case: &Case, keeps: Keeps, worlds: usize) -> usize {
    BASE.saturating_add(worlds.saturating_mul(world_bytes(case, keeps)))
}

/// How many worlds of a case fit into so many bytes.
pub fn worlds_within(case: &Case, keeps: Keeps, bytes: usize) -> usize {
    bytes.saturating_sub(BASE) / world_bytes(case, keeps).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Keeps, memory, row_bytes, worlds_within};
    use crate::check;

    #[test]
    fn what_fits_fits_and_one_more_does_not() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let case = check("case.toml", text).case.unwrap();
        for keeps in [Keeps::Rows, Keeps::Report, Keeps::Block, Keeps::Drawn] {
            let most = worlds_within(&case, keeps, 1 << 30);
            assert!(memory(&case, keeps, most) <= 1 << 30);
            assert!(memory(&case, keeps, most + 1) > 1 << 30);
            assert!(memory(&case, keeps, usize::MAX) > 1 << 60);
        }
        let rows = memory(&case, Keeps::Rows, 1 << 20);
        assert!(rows > row_bytes(&case) << 20 && rows < memory(&case, Keeps::Report, 1 << 20));
    }
}
