//! `detente import`

use std::fmt::Write as _;

use detente::diag::{Code, Diagnostic, Sources};
use detente_sheets::edit::{Before, Change, Expert, Put, put};
use detente_sheets::register::{Answer, Judged, judge};
use detente_sheets::{Filled, is_day, one_line};

use crate::args::Import;
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::output::{self, Inputs, Place};
use crate::{render, sheet_file};

pub(crate) fn run(args: &Import) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let book = sheet_file::read(&args.register)?;
    let filled = Filled::read(&book).map_err(|faults| sheet_file::refuse(&faults))?;
    let expert = expert(args, &filled)?;
    let judged = judge(&filled, &opened.case);
    same_case(args, &opened, (&filled, &judged))?;
    let put = put(&opened.texts, &opened.case, &expert, &judged.answers);
    let refused: Vec<_> = judged.refused.iter().chain(&put.refused).cloned().collect();
    render::print(&refused, &Sources::default(), true);
    if !refused.is_empty() && !args.partial {
        let can = put.changes.len();
        let rest = if can == 0 {
            String::new()
        } else {
            format!("; --partial puts in the {can} that can stand")
        };
        return Err(Failure::BadInput(format!(
            "{} of {} answers cannot be put in, and nothing was written{rest}",
            refused.len(),
            can + refused.len()
        )));
    }
    let fresh = || {
        put.changes
            .iter()
            .filter(|change| change.before != Before::Same)
    };
    let warned: Vec<_> = fresh()
        .filter_map(|change| change.changed.clone())
        .collect();
    render::print(&warned, &Sources::default(), true);
    if !args.dry_run {
        write(&opened, &put)?;
    }
    output::print(&summary(
        args,
        &expert,
        (&filled, &judged),
        &put,
        refused.len(),
    ))
}

/// A register of another case may have numbers of the same path: where they are not the same numbers, its answers are none to this case's.
fn same_case(
    args: &Import,
    opened: &Opened,
    (filled, judged): (&Filled, &Judged),
) -> Result<(), Failure> {
    let own = &opened.case.setting.name;
    let Some(other) = filled.case.as_ref().filter(|case| *case != own) else {
        return Ok(());
    };
    let shown = args.register.display();
    let what = format!("{shown} was written of the case “{other}”, and this one is “{own}”");
    if args.partial || !judged.answers.iter().any(Answer::is_of_another_number) {
        output::note(&format!("note: {what}"));
        return Ok(());
    }
    let fault = Diagnostic::new(
        Code::NOT_PUT,
        format!("{what}, whose numbers are not those that were asked for"),
    );
    Err(case_file::refuse(fault.help(
        "give the case that it was written of; or, where this is the same one under a new name, say --partial",
    )))
}

/// Whose answers these are.
fn expert(args: &Import, filled: &Filled) -> Result<Expert, Failure> {
    let shown = args.register.display();
    let name = args.expert.as_ref().or(filled.expert.as_ref());
    let name = name
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty());
    let on = args.on.as_ref().or(filled.on.as_ref());
    let missing = |what: &str, help: &str| {
        let what = format!("{shown} does not say {what}");
        Diagnostic::new(Code::BAD_SHEET_CELL, what).help(help)
    };
    let (Some(name), Some(on)) = (&name, on) else {
        let mut faults = Vec::new();
        if name.is_none() {
            faults.push(missing(
                "whose answers these are",
                "fill the cell beside “Your name” (sheet Read me), or say --expert NAME",
            ));
        }
        if on.is_none() {
            faults.push(missing(
                "when it was filled",
                "fill the cell beside “Date” (sheet Read me), or say --on DATE",
            ));
        }
        return Err(sheet_file::refuse(&faults));
    };
    if !is_day(on) {
        return Err(Failure::BadInput(format!(
            "“{on}” is no date: write it as 2025-03-19"
        )));
    }
    Ok(Expert {
        name: name.clone(),
        on: on.clone(),
    })
}

/// Writes the texts that have changed, each whole or not at all; where that is stopped halfway, the same command goes on.
fn write(opened: &Opened, put: &Put) -> Result<(), Failure> {
    let texts = opened.paths.iter().zip(&opened.texts).zip(&put.texts);
    let changed = texts.filter(|((_, (_, before)), after)| before != *after);
    let places = changed.map(|((path, _), after)| {
        let place = Place::look(path, &Inputs::default())?;
        Ok((place, after))
    });
    let places: Vec<(Place, &String)> = places.collect::<Result<_, Failure>>()?;
    for (place, text) in places {
        place.write(text.as_bytes())?;
    }
    Ok(())
}

fn summary(
    args: &Import,
    expert: &Expert,
    (filled, judged): (&Filled, &Judged),
    put: &Put,
    refused: usize,
) -> String {
    let mut out = String::new();
    let fresh: Vec<&Change> = put
        .changes
        .iter()
        .filter(|c| c.before != Before::Same)
        .collect();
    let same = put.changes.len() - fresh.len();
    let would = if args.dry_run { "would be put" } else { "put" };
    let _ = writeln!(
        out,
        "{}, {}: {} of {} numbers answered; {} {would} into {}",
        expert.name,
        expert.on,
        put.changes.len() + refused,
        filled.all,
        fresh.len(),
        args.case.display()
    );
    let width = fresh
        .iter()
        .map(|c| c.path.chars().count())
        .max()
        .unwrap_or(0);
    for change in fresh {
        let _ = writeln!(
            out,
            "  {:width$}  {}  ({})",
            change.path,
            change.after,
            before(&change.before)
        );
    }
    if same > 0 {
        let _ = writeln!(out, "{same} stood there already as they are");
    }
    if refused > 0 {
        let _ = writeln!(out, "{refused} were refused, as said above");
    }
    if !judged.words_alone.is_empty() {
        let _ = writeln!(
            out,
            "words and no numbers, so that nothing is put in: {}",
            judged.words_alone.join(", ")
        );
    }
    out
}

fn before(before: &Before) -> String {
    match before {
        Before::Same => "as it stands".to_owned(),
        Before::Answered(old) => format!("before: {old}"),
        Before::Unvouched(old) => {
            format!("in the place of {old}, a placeholder, which a comment keeps")
        }
        Before::Default(old) => format!("nobody had stated it; the default was {old}"),
        Before::Beside(others) => format!("beside {others}"),
    }
}
