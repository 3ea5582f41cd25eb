//! `detente ledger sign`

use detente::diag::{Code, Diagnostic, Sources, Span};
use detente::ledger::{CaseTexts, Model, Other, Signed, Stated, Weights, What, ink};
use detente::{
    Asked, Case, ClaimTest, Effort, Forecast, Judgement, Keeps, Maker, Overrides, RunOptions,
    Share, Unshared, VERSION, is_later, report, share_of,
};

use crate::args::{Drawing, Sign};
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::ledger_file::LedgerFile;
use crate::progress::Bar;
use crate::run_folder::{base_name, of_text};
use crate::{build, clock, memory, output, render};

/// Shares and forecasts that differ by less are printed alike.
const PRINTED_ALIKE: f64 = 0.005;
/// A distribution that the model signs: its quantiles over worlds, at twentieths.
const TWENTIETHS: usize = 20;

pub(crate) fn run(args: &Sign) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let file = LedgerFile::of_case(&args.drawing.case, args.ledger.as_deref());
    file.refuse_part(&opened.paths)?;
    // A ledger that is at fault is said before anything is run.
    let ledger = file.read_or_new()?;
    let judgement = find(&opened.case, &args.judgement)?;
    refuse_resolved(&ledger, judgement)?;
    let own = own_forecast(args)?;
    let now = clock::now();
    let on = on(args, judgement, clock::day(&now))?;
    let hindsight = hindsight(args, judgement, clock::day(&now))?;
    let options = options(args, &opened.case);
    let share = match &judgement.asks {
        Some(asked) => {
            let share = computed(&opened, &overrides, asked, options)?;
            let unshared = |not| Failure::BadInput(format!("{not}; nothing was written"));
            Some((asked, share.map_err(unshared)?))
        }
        None => None,
    };
    let forecast = forecast(args, judgement, own, share.as_ref().map(|(_, share)| share))?;
    let model = share.map(|(asked, share)| {
        let numbers = matches!(judgement.forecast, Forecast::Number { .. });
        let unit = numbers.then_some(judgement.unit.as_str());
        model(&opened.case, &args.drawing, asked, &share, options, unit)
    });
    let as_written = !args.model && args.by.is_none();
    let why = match &args.why {
        Some(why) => why.clone(),
        None if as_written => judgement.why.clone(),
        None => String::new(),
    };
    let signed = Signed {
        judgement: judgement.id.clone(),
        says: judgement.says.clone(),
        forecast,
        unit: judgement.unit.clone(),
        rule: judgement.rule.clone(),
        due: judgement.due.clone(),
        by: signer(args, judgement),
        on,
        entered: now,
        hindsight,
        why,
        base_rate: base_rate(judgement),
        crowd: (judgement.maker == Maker::Crowd && !as_written).then(|| Other {
            by: judgement.by.clone(),
            on: judgement.on.clone(),
            forecast: judgement.forecast.clone(),
        }),
        case: texts(&opened),
        model,
    };
    refuse_unexplained(args, &signed)?;
    if args.keep {
        for (_, text) in &opened.texts {
            file.keep(&of_text(text), text)?;
        }
    }
    let added = file.add(|ledger| {
        // Somebody may have resolved it while the model ran.
        refuse_resolved(ledger, judgement)?;
        Ok(vec![What::Signed(Box::new(signed.clone()))])
    })?;
    if let Some(model) = &signed.model {
        output::print(&format!(
            "{} signs {}; the model has {}\n",
            signed.by,
            match &signed.forecast {
                Forecast::Chance(chance) => format!("{chance}"),
                Forecast::Number { text, .. } => text.clone(),
            },
            model.printed
        ))?;
    } else {
        output::note(
            "the case does not say what the model computes for it (claim or quantity): no share was signed beside it",
        );
    }
    super::told(&file, &added)
}

/// A judgement of the case by its name.
pub(super) fn find<'c>(case: &'c Case, id: &str) -> Result<&'c Judgement, Failure> {
    let found = case.judgements.iter().find(|judgement| judgement.id == id);
    found.ok_or_else(|| {
        let fault = Diagnostic::new(Code::UNKNOWN_NAME, format!("there is no judgement `{id}`"));
        let known = case
            .judgements
            .iter()
            .map(|judgement| judgement.id.as_str());
        case_file::refuse(if case.judgements.is_empty() {
            fault.help("write one in the case: [judgement.NAME]")
        } else {
            fault.suggest(id, known)
        })
    })
}

/// What is resolved already is no longer forecast.
fn refuse_resolved(ledger: &detente::ledger::Ledger, judgement: &Judgement) -> Result<(), Failure> {
    let resolved = ledger.entries.iter().find(|entry| match &entry.what {
        What::Resolved(resolved) => resolved.judgement == judgement.id,
        What::Signed(_) => false,
    });
    match resolved {
        Some(entry) => Err(Failure::BadInput(format!(
            "`{}` was resolved by entry {}: what is signed after that is no forecast; nothing was written",
            judgement.id, entry.number
        ))),
        None => Ok(()),
    }
}

fn signer(args: &Sign, judgement: &Judgement) -> String {
    match &args.by {
        _ if args.model => format!("the model, detente {VERSION}"),
        Some(by) => by.clone(),
        None => judgement.by.clone(),
    }
}

fn base_rate(judgement: &Judgement) -> Option<f64> {
    match (judgement.maker, &judgement.forecast) {
        (Maker::BaseRate, Forecast::Chance(chance)) => Some(*chance),
        _ => judgement.base_rate,
    }
}

/// A distribution or a probability of the command line.
fn own_forecast(args: &Sign) -> Result<Option<Stated>, Failure> {
    if let Some(chance) = args.probability {
        return Ok(Some(Forecast::Chance(chance)));
    }
    let Some(text) = &args.distribution else {
        return Ok(None);
    };
    let mut sources = Sources::default();
    let quoted = format!("\"{text}\"");
    let file = sources.add("--distribution", quoted.as_str());
    let (read, faults) = detente::read_distribution(text, Span::new(file, 0, quoted.len()));
    render::print(&faults, &sources, true);
    let distribution = read.ok_or_else(|| Failure::BadInput(String::new()))?;
    Ok(Some(Forecast::Number {
        text: text.clone(),
        distribution,
    }))
}

fn on(args: &Sign, judgement: &Judgement, today: &str) -> Result<String, Failure> {
    let on = match &args.on {
        Some(on) => super::date("--on", on)?,
        None if args.model || args.by.is_some() => today.to_owned(),
        None => judgement.on.clone(),
    };
    if is_later(&on, today) {
        return Err(Failure::BadInput(format!(
            "{on} is yet to come: nothing is signed before it is made"
        )));
    }
    Ok(on)
}

/// Whether it is signed with hindsight, which must be meant.
fn hindsight(args: &Sign, judgement: &Judgement, today: &str) -> Result<bool, Failure> {
    if is_later(today, &judgement.due) && !args.hindsight {
        return Err(Failure::BadInput(format!(
            "`{}` was due on {}, and today is {today}: sign it with --hindsight, which the entry then says, or not at all",
            judgement.id, judgement.due
        )));
    }
    Ok(args.hindsight)
}

fn options(args: &Sign, case: &Case) -> RunOptions {
    let searches = args.searches.min(args.worlds) as usize;
    RunOptions {
        stream: args.drawing.stream(),
        worlds: args.worlds as usize,
        searches,
        solutions: detente::solutions_of(searches),
        talks: detente::TALKS_PLAYED,
        talks_whole: detente::TALKS_WHOLE,
        threads: args.threads.map(|n| n as usize),
        effort: Effort::Fixed,
        record: case.has_record() && !args.prior,
    }
}

/// What the model says of a judgement.
pub(super) fn computed(
    opened: &Opened,
    overrides: &Overrides,
    asked: &Asked,
    options: RunOptions,
) -> Result<Result<Share, Unshared>, Failure> {
    memory::refuse_too_many(&opened.case, Keeps::Report, options.worlds)?;
    let bar = Bar::new(options.worlds);
    let share = share_of((&opened.case, overrides), asked, options, &bar);
    bar.finish();
    Ok(share)
}

fn forecast(
    args: &Sign,
    judgement: &Judgement,
    own: Option<Stated>,
    share: Option<&Share>,
) -> Result<Stated, Failure> {
    let of_number = matches!(judgement.forecast, Forecast::Number { .. });
    if let (false, Some(share)) = (of_number, share)
        && !(0.0..=1.0).contains(&share.mean.value)
    {
        return Err(Failure::BadInput(format!(
            "`{}` forecasts whether something happens, and the model computes {} for it, which is no probability",
            judgement.id, share.mean.value
        )));
    }
    let forecast = match (own, share) {
        (Some(own), _) => own,
        (None, Some(share)) if args.model && of_number => quantiles(share)?,
        (None, Some(share)) if args.model => Forecast::Chance(share.mean.value),
        (None, None) if args.model => {
            return Err(Failure::BadInput(format!(
                "`{}` does not say what the model computes for it: write claim or quantity in the case",
                judgement.id
            )));
        }
        (None, _) if args.by.is_some() => {
            return Err(Failure::BadInput(
                "--by signs something of its own: give --probability or --distribution".into(),
            ));
        }
        (None, _) => judgement.forecast.clone(),
    };
    if of_number != matches!(forecast, Forecast::Number { .. }) {
        let wanted = if of_number {
            "--distribution"
        } else {
            "--probability"
        };
        return Err(Failure::BadInput(format!(
            "`{}` is signed with {wanted}, as the case states it",
            judgement.id
        )));
    }
    Ok(forecast)
}

/// What the worlds say of a number, as a judgement would write it.
fn quantiles(share: &Share) -> Result<Stated, Failure> {
    let at = |k: usize| {
        let level = k as f64 / TWENTIETHS as f64;
        format!("{}%: {}", 100 * k / TWENTIETHS, share.quantile(level))
    };
    let listed: Vec<String> = (0..=TWENTIETHS).map(at).collect();
    let text = format!("quantiles {}", listed.join(", "));
    let mut sources = Sources::default();
    let file = sources.add("the model", text.as_str());
    let (read, faults) = detente::read_distribution(&text, Span::new(file, 0, text.len()));
    render::print(&faults, &sources, true);
    let distribution = read.ok_or_else(|| Failure::BadInput(String::new()))?;
    Ok(Forecast::Number { text, distribution })
}

fn model(
    case: &Case,
    drawing: &Drawing,
    asked: &Asked,
    share: &Share,
    options: RunOptions,
    of_number: Option<&str>,
) -> Model {
    let (claim, computes) = match asked {
        Asked::Claim(place) => {
            let claim = &case.claims[*place];
            let statement = match &claim.test {
                ClaimTest::Share(test) => test.holds_when.text.clone(),
                ClaimTest::NotComputable(why) => why.clone(),
            };
            (claim.id.clone(), statement)
        }
        Asked::Amount(amount) => (String::new(), amount.text.clone()),
    };
    let quantiles = of_number.map(|_| [0.05, 0.5, 0.95].map(|level| share.quantile(level)));
    let value = share.mean.value;
    Model {
        version: VERSION.to_owned(),
        build: build::identity().unwrap_or_default().to_owned(),
        claim,
        computes,
        readings: drawing.reading.clone(),
        expert: drawing.expert.clone().unwrap_or_default(),
        set: drawing.set.clone(),
        seed: drawing.seed,
        sampler: drawing.sampler.name().to_owned(),
        worlds: options.worlds,
        searches: options.searches,
        told: share.values.len(),
        weights: if options.record {
            Weights::Record
        } else {
            Weights::Prior
        },
        share: value,
        error: share.mean.error,
        printed: ink::printed_share(value, quantiles.zip(of_number)),
        quantiles,
        kinds: ink::kinds_of_talks(&share.kinds),
    }
}

/// The texts of a case with their hashes.
pub(super) fn texts(opened: &Opened) -> CaseTexts {
    let file = |(name, text): &(String, String)| (base_name(name).to_owned(), of_text(text));
    CaseTexts {
        name: opened.name.clone(),
        sha256: report::hash(&opened.texts),
        files: opened.texts.iter().map(file).collect(),
    }
}

/// Whoever departs from the model says why.
fn refuse_unexplained(args: &Sign, signed: &Signed) -> Result<(), Failure> {
    let Some(model) = signed
        .model
        .as_ref()
        .filter(|_| signed.why.trim().is_empty())
    else {
        return Ok(());
    };
    let differs = match &signed.forecast {
        Forecast::Chance(chance) => (chance - model.share).abs() > PRINTED_ALIKE,
        Forecast::Number { .. } => !args.model,
    };
    if !differs {
        return Ok(());
    }
    let stated = match &signed.forecast {
        Forecast::Chance(chance) => chance.to_string(),
        Forecast::Number { text, .. } => text.clone(),
    };
    Err(Failure::BadInput(format!(
        "{} signs {stated}, and the model has {}: say why it differs with --why, or with why = \"…\" in the case; nothing was written",
        signed.by, model.printed
    )))
}
