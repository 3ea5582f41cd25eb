//! What a command would take is looked at before it begins.

use detente::{Case, Keeps};

use crate::failure::Failure;
use crate::run_folder::BLOCK;

/// Refuses so many worlds of a case at once if they would not fit.
pub(crate) fn refuse_too_many(case: &Case, keeps: Keeps, worlds: usize) -> Result<(), Failure> {
    detente_desk::memory::refuse_too_many(case, keeps, worlds).map_err(Failure::BadInput)
}

/// Refuses a table of so many worlds and columns whose end, a line a column and group of rows, would not fit: whoever writes or reads the
/// table holds it.
pub(crate) fn refuse_long_table(worlds: usize, columns: usize) -> Result<(), Failure> {
    refuse_end_beyond(worlds, columns, detente_desk::memory::most())
}

/// Bytes that a column of a group of rows takes, measured.
const COLUMN_OF_GROUP: usize = 800;

fn refuse_end_beyond(worlds: usize, columns: usize, most: usize) -> Result<(), Failure> {
    let of_group = columns.saturating_mul(COLUMN_OF_GROUP).max(1);
    if worlds.div_ceil(BLOCK).saturating_mul(of_group) <= most {
        return Ok(());
    }
    let fit = most / of_group * BLOCK;
    let then = if fit > 0 {
        format!("; at most {fit} worlds fit")
    } else {
        String::new()
    };
    Err(Failure::BadInput(format!(
        "a table of {worlds} worlds and {columns} columns would end in a list of its parts that takes more than the {:.1} GiB of memory that \
         may be taken here{then}; --only keeps fewer columns",
        most as f64 / f64::from(1 << 30),
    )))
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Failure, refuse_end_beyond};

    #[test]
    fn a_table_too_long_for_its_end_is_refused_with_what_fits() {
        let most = 1 << 30;
        // A million worlds of a few columns, and not of fifteen thousand.
        assert!(refuse_end_beyond(1_000_000, 300, most).is_ok());
        let Err(Failure::BadInput(said)) = refuse_end_beyond(1_000_000, 15_000, most) else {
            panic!("so many columns fit nowhere");
        };
        let fit = most / (15_000 * 800) * BLOCK;
        assert!(
            said.contains(&format!("at most {fit} worlds fit; --only")),
            "{said}"
        );
        assert!(refuse_end_beyond(fit, 15_000, most).is_ok());
        assert!(refuse_end_beyond(fit + 1, 15_000, most).is_err());
    }
}
