//! `detente ledger resolve`

use std::path::Path;

use detente::diag::{Code, Diagnostic};
use detente::ledger::{Ledger, Resolved, Signed, What};
use detente::{Case, EvidenceEntry, Forecast, Observed, is_later};

use crate::args::{Outcome, Resolve};
use crate::case_file::{self, EVIDENCE};
use crate::failure::Failure;
use crate::ledger_file::LedgerFile;
use crate::{clock, output, render};

pub(crate) fn run(args: &Resolve) -> Result<(), Failure> {
    let file = LedgerFile::of_case(&args.case, args.ledger.as_deref());
    file.read()?;
    let now = clock::now();
    let added = if args.evidence {
        let (case, evidence) = evidence(args)?;
        file.add(|ledger| by_evidence(args, ledger, (&case, &evidence), &now))?
    } else {
        file.add(|ledger| Ok(vec![by_hand(args, ledger, &now)?]))?
    };
    if added.is_empty() {
        output::note("nothing that is open is settled by the evidence; nothing was written");
    }
    super::told(&file, &added)
}

/// The case and its evidence file, which nothing else that scores or runs reads.
fn evidence(args: &Resolve) -> Result<(Case, Vec<EvidenceEntry>), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let folder = if args.case.is_dir() {
        args.case.as_path()
    } else {
        args.case.parent().unwrap_or(Path::new(""))
    };
    let path = folder.join(EVIDENCE);
    let text: String = case_file::read(&path)?
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let shown = path.display().to_string();
    let (found, faults, sources) = detente::check_evidence(&shown, &text, &opened.case);
    render::print(&faults, &sources, true);
    let found = found.ok_or_else(|| Failure::BadInput(String::new()))?;
    Ok((opened.case, found))
}

/// Entries for all that the evidence settles and that is open, or for the judgement that was named.
fn by_evidence(
    args: &Resolve,
    ledger: &Ledger,
    (case, evidence): (&Case, &[EvidenceEntry]),
    now: &str,
) -> Result<Vec<What>, Failure> {
    if let Some(id) = &args.judgement {
        let judgement = super::sign::find(case, id)?;
        let settled = |e: &EvidenceEntry| case.judgements[e.settles].id == judgement.id;
        if !evidence.iter().any(settled) {
            return Err(Failure::BadInput(format!(
                "{EVIDENCE} says nothing of `{id}`; nothing was written"
            )));
        }
    }
    let mut added = Vec::new();
    for entry in evidence {
        let judgement = &case.judgements[entry.settles];
        if args
            .judgement
            .as_ref()
            .is_some_and(|id| *id != judgement.id)
        {
            continue;
        }
        let mut settles = Vec::new();
        for (number, signed) in unsettled(ledger, &judgement.id, args.correct) {
            if signed.rule == judgement.rule && signed.due == judgement.due {
                settles.push(number);
            } else {
                output::note(&format!(
                    "entry {number} was signed under another rule or date than the case has now for `{}`: resolve it by hand, with --entry {number}",
                    judgement.id
                ));
            }
        }
        if settles.is_empty() {
            continue;
        }
        added.push(What::Resolved(Resolved {
            judgement: judgement.id.clone(),
            settles,
            observed: entry.observed,
            says: entry.says.clone(),
            on: entry.on.clone(),
            sources: entry.sources.clone(),
            by: args.by.clone().unwrap_or_else(|| EVIDENCE.to_owned()),
            entered: now.to_owned(),
        }));
    }
    Ok(added)
}

/// Forecasts of a judgement of which nothing was said yet, or all of them.
fn unsettled<'l>(
    ledger: &'l Ledger,
    judgement: &'l str,
    all: bool,
) -> impl Iterator<Item = (usize, &'l Signed)> {
    ledger
        .signed()
        .filter(move |(entry, signed)| {
            signed.judgement == judgement && (all || ledger.resolution(entry.number).is_none())
        })
        .map(|(entry, signed)| (entry.number, signed))
}

fn by_hand(args: &Resolve, ledger: &Ledger, now: &str) -> Result<What, Failure> {
    let id = args.judgement.as_deref().unwrap_or_default();
    let observed = match (args.outcome, args.value) {
        (Some(outcome), None) => Observed::Happened(outcome == Outcome::Yes),
        (None, Some(value)) => Observed::Value(value),
        _ => {
            return Err(Failure::BadInput(
                "say what came of it: --outcome yes, --outcome no, or --value NUMBER".into(),
            ));
        }
    };
    let needed = |name: &str, value: &Option<String>| {
        let given = value.clone().filter(|text| !text.trim().is_empty());
        given.ok_or_else(|| Failure::BadInput(format!("{name} is needed: a resolution says who resolves, what happened and where it is reported")))
    };
    let (by, says) = (needed("--by", &args.by)?, needed("--says", &args.says)?);
    if args.source.iter().all(|source| source.trim().is_empty()) {
        needed("--source", &None)?;
    }
    let today = clock::day(now);
    let on = match &args.on {
        Some(on) => super::date("--on", on)?,
        None => today.to_owned(),
    };
    if is_later(&on, today) {
        return Err(Failure::BadInput(format!("{on} is yet to come")));
    }
    let settles = settled(args, ledger, id, observed)?;
    Ok(What::Resolved(Resolved {
        judgement: id.to_owned(),
        settles,
        observed,
        says,
        on,
        sources: args.source.clone(),
        by,
        entered: now.to_owned(),
    }))
}

/// The entries that are settled by what came out.
fn settled(
    args: &Resolve,
    ledger: &Ledger,
    id: &str,
    observed: Observed,
) -> Result<Vec<usize>, Failure> {
    if !ledger.signed().any(|(_, signed)| signed.judgement == id) {
        let message = format!("nobody signed a judgement `{id}` in this ledger");
        let fault = Diagnostic::new(Code::UNKNOWN_NAME, message);
        let mut known: Vec<&str> = ledger.signed().map(|(_, s)| s.judgement.as_str()).collect();
        known.dedup();
        return Err(case_file::refuse(fault.suggest(id, known)));
    }
    let mut open: Vec<(usize, &Signed)> = unsettled(ledger, id, args.correct).collect();
    if let Some(wrong) = args
        .entry
        .iter()
        .find(|n| open.iter().all(|(o, _)| o != *n))
    {
        return Err(Failure::BadInput(format!(
            "entry {wrong} is no forecast of `{id}`, or is resolved already (--correct says it once more)"
        )));
    }
    if !args.entry.is_empty() {
        open.retain(|(number, _)| args.entry.contains(number));
    }
    let Some((_, first)) = open.first() else {
        return Err(Failure::BadInput(format!(
            "all forecasts of `{id}` are resolved: --correct says once more what came of them, and the last word holds"
        )));
    };
    if let Some((number, _)) = open
        .iter()
        .find(|(_, s)| (&s.rule, &s.due) != (&first.rule, &first.due))
    {
        return Err(Failure::BadInput(format!(
            "entry {number} was signed under another rule or date than entry {}: say which are meant with --entry",
            open[0].0
        )));
    }
    let fits = matches!(
        (&first.forecast, observed),
        (Forecast::Chance(_), Observed::Happened(_))
            | (Forecast::Number { .. }, Observed::Value(_))
    );
    if !fits {
        let wanted = match first.forecast {
            Forecast::Chance(_) => "--outcome yes or no",
            Forecast::Number { .. } => "--value NUMBER",
        };
        return Err(Failure::BadInput(format!(
            "`{id}` is resolved with {wanted}"
        )));
    }
    Ok(open.into_iter().map(|(number, _)| number).collect())
}
