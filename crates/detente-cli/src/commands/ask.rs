//! `detente ask`

use detente::{About, Asked, Asking, Case, Effort, Keeps, NoAsking, RunOptions, Topic, report};

use crate::args::{Ask, Drawing};
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::{memory, output};

/// What the question of the command line is called in a case.
const ASKED: &str = "asked-on-the-command-line";

pub(crate) fn run(args: &Ask) -> Result<(), Failure> {
    let opened = case_file::open(&args.drawing.case, false)?;
    let opened = match &args.quantity {
        Some(text) => {
            let question = question(text, &opened.case.setting.as_of);
            case_file::with_text(opened, "--quantity", &question)?
        }
        None => opened,
    };
    let (opened, _) = case_file::to_draw(opened, &args.drawing)?;
    let about = match (&args.claim, &args.quantity) {
        (Some(name), _) => About::Claim(claim(&opened.case, name)?),
        (None, Some(text)) => asked(&opened.case, text)?,
        (None, None) => About::Everything,
    };
    let mut asking = worth_asking(&opened, &args.drawing, &about, options(args))?;
    if let (Some(text), Some(question)) = (&args.quantity, asking.questions.first_mut()) {
        question.of = Topic::Chance(text.clone());
    }
    if args.json {
        output::print_json_text(&report::asking_json(&asking))
    } else {
        output::print(&report::asking(&asking, args.top))
    }
}

fn options(args: &Ask) -> RunOptions {
    let worlds = args.worlds as usize;
    RunOptions {
        threads: args.threads.map(|n| n as usize),
        record: !args.prior,
        ..run_options(&args.drawing, worlds, (args.searches as usize).min(worlds))
    }
}

/// How worlds are run to be asked about.
pub(crate) fn run_options(drawing: &Drawing, worlds: usize, searches: usize) -> RunOptions {
    RunOptions {
        stream: drawing.stream(),
        worlds,
        searches,
        solutions: detente::solutions_of(searches),
        talks: detente::TALKS_PLAYED,
        talks_whole: 0,
        threads: None,
        effort: Effort::Fixed,
        record: true,
    }
}

/// What answers of a case would gain by its numbers' being known.
pub(crate) fn worth_asking(
    opened: &Opened,
    drawing: &Drawing,
    about: &About,
    options: RunOptions,
) -> Result<Asking, Failure> {
    memory::refuse_too_many(&opened.case, Keeps::Report, options.worlds)?;
    let bar = Bar::new(options.worlds);
    let asking = detente::asking(&opened.case, &drawing.reading, about, options, &bar);
    bar.finish();
    asking.map_err(|no| match no {
        NoAsking::Reading(bad) => case_file::refuse_reading(&bad, &opened.sources),
        no => Failure::BadInput(no.to_string()),
    })
}

/// The claim of this name.
pub(crate) fn claim(case: &Case, name: &str) -> Result<usize, Failure> {
    let found = case.claims.iter().position(|claim| claim.id == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = case.claims.iter().map(|claim| claim.id.as_str()).collect();
        let help = match detente::diag::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None if known.is_empty() => "it has none at all".to_owned(),
            None => "`detente list claims CASE` lists them".to_owned(),
        };
        Failure::BadInput(format!("the case has no claim {name}; {help}"))
    })
}

/// A text of the language that asks this: a claim where it compares, else a forecast of a number.
fn question(text: &str, as_of: &str) -> String {
    // A text of JSON is one of TOML, but for one character that nobody types.
    let quoted = serde_json::Value::from(text.replace('\u{7f}', "")).to_string();
    if compares(text) {
        format!("[claim.{ASKED}]\nsays = \"As asked.\"\nholds_when = {quoted}\n")
    } else {
        let date = serde_json::Value::from(as_of).to_string();
        format!(
            "[judgement.{ASKED}]\nsays = \"As asked.\"\nby = \"whoever asks\"\non = {date}\nprobability = 0.5\n\
             rule = \"As computed.\"\ndue = {date}\nquantity = {quoted}\n"
        )
    }
}

/// Is it a statement, true or false in a world, rather than a number?
fn compares(text: &str) -> bool {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let logic = |word: &str| matches!(word, "and" | "or" | "not" | "any" | "all");
    text.contains(['<', '>', '=']) || words.into_iter().any(logic)
}

/// What was asked, as the checker understood it.
fn asked(case: &Case, text: &str) -> Result<About, Failure> {
    let claim = case.claims.iter().position(|claim| claim.id == ASKED);
    let judgement = case
        .judgements
        .iter()
        .find(|judgement| judgement.id == ASKED);
    match (
        claim,
        judgement.and_then(|judgement| judgement.asks.clone()),
    ) {
        (Some(place), _) => Ok(About::Claim(place)),
        (None, Some(Asked::Amount(amount))) => Ok(About::Chance(Box::new(amount), text.to_owned())),
        _ => Err(Failure::BadInput(format!("“{text}” asks nothing"))),
    }
}

#[cfg(test)]
mod tests {
    use super::compares;

    #[test]
    fn statements_are_told_from_numbers() {
        for text in [
            "a.b[c] > 0.5",
            "a.b = 1",
            "not a.b[c] > 1",
            "any(p in packages: x)",
        ] {
            assert!(compares(text), "{text}");
        }
        for text in [
            "settlement.agreed[terms]",
            "mean(t in north: alternative.value[t])",
            "a.notable[android]",
        ] {
            assert!(!compares(text), "{text}");
        }
    }
}
