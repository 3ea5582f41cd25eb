//! `detente draw`

use std::ffi::OsStr;
use std::path::Path;

use detente::{DrawnInputs, Keeps};

use crate::args::Draw;
use crate::failure::Failure;
use crate::output::{self, Place};
use crate::{case_file, memory, parquet};

/// Numbers drawn before they are written: tens of megabytes, however many worlds are asked for.
const AT_ONCE: usize = 1 << 21;

pub(crate) fn run(args: &Draw) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let place = match &args.output {
        Some(path) if !ends(path, "csv") && !ends(path, "parquet") => {
            return Err(Failure::BadInput(format!(
                "{} should end in .csv or .parquet",
                path.display()
            )));
        }
        Some(path) => Some(Place::look(path, &opened.inputs())?),
        None => None,
    };
    let (case, stream) = (&opened.case, args.drawing.stream());
    let worlds = u64::from(args.worlds);
    let block = (AT_ONCE / case.inputs.len().max(1)).max(1);
    memory::refuse_too_many(case, Keeps::Drawn, block.min(args.worlds as usize))?;
    let draw = |first: u64| {
        let some = first..worlds.min(first + block as u64);
        detente::drawn_inputs(case, &overrides, stream, some)
    };
    let blocks = || (0..worlds).step_by(block).map(draw);
    match place {
        None => {
            output::print(&draw(worlds).csv_head())?;
            for drawn in blocks() {
                output::print(&drawn.csv_rows())?;
            }
            Ok(())
        }
        Some(place) if ends(place.named(), "parquet") => place.write_with(|sink| {
            let paths = draw(worlds).paths;
            let names: Vec<&str> = std::iter::once("world")
                .chain(paths.iter().map(String::as_str))
                .collect();
            let mut table = parquet::Drawn::new(sink, &names).map_err(unmade)?;
            for drawn in blocks() {
                group(&mut table, &drawn)?;
            }
            table.finish().map_err(unmade)
        }),
        Some(place) => place.write_with(|sink| {
            let mut write = |text: String| {
                let written = sink.write_all(text.as_bytes());
                written.map_err(|error| output::failed(place.named(), "written", &error))
            };
            write(draw(worlds).csv_head())?;
            blocks().try_for_each(|drawn| write(drawn.csv_rows()))
        }),
    }
}

/// Adds some worlds to a table.
fn group<W: std::io::Write + Send>(
    table: &mut parquet::Drawn<W>,
    drawn: &DrawnInputs,
) -> Result<(), Failure> {
    let rows = drawn.columns.first().map_or(0, Vec::len);
    let worlds: Vec<f64> = (drawn.first..)
        .take(rows)
        .map(|world| world as f64)
        .collect();
    let columns: Vec<&[f64]> = std::iter::once(worlds.as_slice())
        .chain(drawn.columns.iter().map(Vec::as_slice))
        .collect();
    table.group(&columns).map_err(unmade)
}

#[expect(clippy::needless_pass_by_value, reason = "as errors are mapped")]
fn unmade(error: ::parquet::errors::ParquetError) -> Failure {
    Failure::Failed(format!("the table cannot be made: {error}"))
}

fn ends(path: &Path, extension: &str) -> bool {
    let own = path.extension().and_then(OsStr::to_str);
    own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
}
