//! `detente export`

use detente::About;
use detente_sheets::register::{self, About as Sheet, Blind, csv, rows, xlsx};

use crate::args::{Drawing, Export, Sampler};
use crate::commands::ask::{claim, run_options, worth_asking};
use crate::failure::Failure;
use crate::{case_file, output};

/// Worlds that are searched for an order of the rows.
const SEARCHES: usize = 256;

pub(crate) fn run(args: &Export) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    // A register that somebody has filled must not be lost under a new one: that is said before anything is run.
    for file in [&args.xlsx, &args.csv].into_iter().flatten() {
        output::refuse_existing(file)?;
    }
    let by_path = "Rows go by the path of their number.".to_owned();
    let (order, sorted) = if args.ask {
        let about = match &args.claim {
            Some(name) => About::Claim(claim(&opened.case, name)?),
            None => About::Everything,
        };
        let drawing = Drawing {
            case: args.case.clone(),
            reading: Vec::new(),
            set: Vec::new(),
            expert: None,
            seed: 1,
            sampler: Sampler::Quasi,
        };
        let worlds = args.worlds as usize;
        let options = run_options(&drawing, worlds, SEARCHES.min(worlds));
        let asking = worth_asking(&opened, &drawing, &about, options)?;
        let order: Vec<String> = asking.order().map(str::to_owned).collect();
        let sorted = format!(
            "Numbers whose being known would most often make an answer right come first ({} of them, by {worlds} worlds); the others go by path.",
            order.len()
        );
        (order, sorted)
    } else {
        (Vec::new(), by_path)
    };
    let setting = &opened.case.setting;
    let about = Sheet {
        case: setting.name.clone(),
        as_of: setting.as_of.clone(),
        sorted,
    };
    let rows: Vec<register::Row> = rows(&opened.case, &order);
    let blind = if args.blind { Blind::Yes } else { Blind::No };
    let mut written = Vec::new();
    if let Some(file) = &args.xlsx {
        let bytes =
            xlsx(&about, &rows, blind).map_err(|error| output::failed(file, "made", &error))?;
        output::write_new(file, &bytes)?;
        written.push(file);
    }
    if let Some(file) = &args.csv {
        output::write_new(file, csv(&about, &rows, blind).as_bytes())?;
        written.push(file);
    }
    for file in written {
        let shown = file.display().to_string();
        output::print(&format!(
            "wrote {shown}: {} numbers; filled, it goes back with: detente import {} {}\n",
            rows.len(),
            output::quoted(&args.case.display().to_string()),
            output::quoted(&shown)
        ))?;
    }
    Ok(())
}
