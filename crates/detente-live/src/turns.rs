//! What would turn whoever refuses: the smallest changes of terms that get everybody in.

use std::collections::BTreeMap;

use detente::handles::settlement;
use detente::workbench::share;
use detente::{Handle, Plan, Progress, Table};
use serde_json::{Value, json};

use crate::Refused;
use crate::compare::ask;
use crate::request::Request;
use crate::state::{self, IN_HAND, Package, Put};

/// Worlds, unless more are asked for.
const WORLDS: usize = 24;
/// Changes of one term from which changes of two and three are put together: those that help most.
const HELPFUL: usize = 6;
/// Packages that may be tried beside the named ones in one go, below what a case may have.
const TRIED: usize = 120;
/// Rows that are shown.
const SHOWN: usize = 12;

/// Terms that are changed: places of issues and options.
type Terms = Vec<(usize, usize)>;

/// From the package in hand: which changes of one term, of two and of three bring everybody in oftenest, what each costs whoever gains by the
/// package as it is, ranked by how many terms change and then by how often all sign.
pub(crate) fn turns(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let here = state::put(&request.named(), &request.state, &[])?;
    let setting = &here.case.setting;
    let start = setting.packages.iter().position(|package| {
        if request.state.package.is_empty() {
            request.text("package").is_ok_and(|id| id == package.id)
        } else {
            package.id == IN_HAND
        }
    });
    let start = start.ok_or_else(|| Refused::Absent("there is no package in hand".to_owned()))?;
    let options: Vec<usize> = setting.packages[start]
        .choice
        .iter()
        .map(|o| usize::from(*o))
        .collect();
    let singles: Vec<Terms> = setting
        .issues
        .iter()
        .enumerate()
        .flat_map(|(i, issue)| {
            let others = (0..issue.options.len()).filter(|o| *o != options[i]);
            others.map(|o| vec![(i, o)]).collect::<Vec<_>>()
        })
        .take(TRIED)
        .collect();
    let worlds = request.worlds.unwrap_or(WORLDS);
    let mut tried = try_all(request, &here, &options, &singles, worlds, progress)?;
    let (as_it_is, singles) = tried.split_at(1);
    let mut helpful: Vec<&Tried> = singles
        .iter()
        .filter(|one| one.helps(&as_it_is[0]))
        .collect();
    helpful.sort_by(|a, b| b.reach().total_cmp(&a.reach()));
    helpful.truncate(HELPFUL);
    let mut together: Vec<Terms> = Vec::new();
    for (i, a) in helpful.iter().enumerate() {
        for (j, b) in helpful.iter().enumerate().skip(i + 1) {
            together.extend(joined(&[a, b]));
            for c in helpful.iter().skip(j + 1) {
                together.extend(joined(&[a, b, c]));
            }
        }
    }
    if !together.is_empty() {
        let more = try_all(request, &here, &options, &together, worlds, progress)?;
        tried.extend(more.into_iter().skip(1));
    }
    Ok(written(&here, &tried, worlds))
}

/// The terms of several changes, if they are of different issues.
fn joined(of: &[&Tried]) -> Option<Terms> {
    let mut terms: Terms = of
        .iter()
        .flat_map(|tried| tried.terms.iter().copied())
        .collect();
    terms.sort_unstable();
    let apart = terms.windows(2).all(|pair| pair[0].0 != pair[1].0);
    apart.then_some(terms)
}

/// A package that was tried.
struct Tried {
    terms: Terms,
    signed: detente::Mean,
    /// By party that it needs: how often it accepts.
    accepts: Vec<Option<f64>>,
    /// By party: its margin over worlds, its types by how likely each is.
    margins: Vec<f64>,
}

impl Tried {
    /// How near it is: how often all sign, and for what that leaves equal the least willing party.
    fn reach(&self) -> f64 {
        let least = self.accepts.iter().flatten().copied().fold(1.0, f64::min);
        self.signed.value + 0.1 * least
    }

    /// Is somebody who refuses more willing, or do all sign more often?
    fn helps(&self, as_it_is: &Tried) -> bool {
        let willing = self.accepts.iter().zip(&as_it_is.accepts);
        let more = |(now, then): (&Option<f64>, &Option<f64>)| match (now, then) {
            (Some(now), Some(then)) => now > then,
            // It needs somebody less.
            (None, Some(_)) => true,
            _ => false,
        };
        self.signed.value > as_it_is.signed.value || willing.into_iter().any(more)
    }
}

/// Tries packages, the one in hand first.
fn try_all(
    request: &Request,
    here: &Put,
    options_now: &[usize],
    terms: &[Terms],
    worlds: usize,
    progress: &dyn Progress,
) -> Result<Vec<Tried>, Refused> {
    let setting = &here.case.setting;
    let choose = |terms: &Terms| -> BTreeMap<String, String> {
        let issues = setting.issues.iter().enumerate();
        issues
            .map(|(i, issue)| {
                let changed = terms.iter().find(|(at, _)| *at == i);
                let option = changed.map_or(options_now[i], |(_, option)| *option);
                (issue.id.clone(), issue.options[option].id.clone())
            })
            .collect()
    };
    let room = detente::MOST_PACKAGES.saturating_sub(setting.packages.len() + 1);
    let mut tried = Vec::new();
    let as_it_is = [Terms::new()];
    let all: Vec<&[Terms]> = std::iter::once(&as_it_is[..])
        .chain(terms.chunks(TRIED.min(room).max(1)))
        .collect();
    for part in all {
        // What a constraint forbids is no package.
        let allowed = |terms: &&Terms| setting.allows(&as_options(setting, &choose(terms)));
        let part: Vec<&Terms> = part.iter().filter(allowed).collect();
        try_part(request, &choose, &part, worlds, progress, &mut tried)?;
    }
    Ok(tried)
}

/// Tries some of them in one go; where a case with all of them has too much in it, in two.
fn try_part(
    request: &Request,
    choose: &dyn Fn(&Terms) -> BTreeMap<String, String>,
    part: &[&Terms],
    worlds: usize,
    progress: &dyn Progress,
    tried: &mut Vec<Tried>,
) -> Result<(), Refused> {
    if part.is_empty() || progress.abandoned() {
        return Ok(());
    }
    let further: Vec<Package> = part
        .iter()
        .enumerate()
        .map(|(k, terms)| Package {
            id: format!("tried_{k}"),
            name: format!("Tried {k}"),
            options: choose(terms),
        })
        .collect();
    let put = match state::put(&request.named(), &request.state, &further) {
        Ok(put) => put,
        Err(Refused::Case(_)) if part.len() > 1 => {
            let (one, other) = part.split_at(part.len() / 2);
            try_part(request, choose, one, worlds, progress, tried)?;
            return try_part(request, choose, other, worlds, progress, tried);
        }
        Err(refused) => return Err(refused),
    };
    let first = put.case.setting.packages.len() - further.len();
    let table = ask_all(request, &put, first, worlds, progress);
    for (k, terms) in part.iter().enumerate() {
        tried.push(told(&put, &table, first + k, (*terms).clone()));
    }
    Ok(())
}

fn as_options(setting: &detente::Setting, options: &BTreeMap<String, String>) -> Vec<u8> {
    let issues = setting.issues.iter();
    issues
        .map(|issue| {
            let wanted = &options[&issue.id];
            let place = issue.options.iter().position(|option| option.id == *wanted);
            u8::try_from(place.unwrap_or(0)).unwrap_or(0)
        })
        .collect()
}

fn ask_all(
    request: &Request,
    put: &Put,
    first: usize,
    worlds: usize,
    progress: &dyn Progress,
) -> Table {
    let setting = &put.case.setting;
    let mut of: Vec<(Handle, Vec<usize>)> = Vec::new();
    for p in first..setting.packages.len() {
        of.push((settlement::AGREED, vec![p]));
        of.extend((0..setting.parties.len()).map(|i| (settlement::ACCEPTS, vec![i, p])));
        of.extend((0..setting.types.len()).map(|t| (settlement::MARGIN, vec![t, p])));
    }
    ask(put, &request.state, request, (&of, worlds), progress)
}

fn told(put: &Put, table: &Table, package: usize, terms: Terms) -> Tried {
    let setting = &put.case.setting;
    let needed = setting.packages[package].needed;
    // Types by how likely each is in the middle world.
    let plan = Plan::new(&put.case);
    let world = plan.world(&plan.medians(), &put.overrides);
    let margin = |party: &detente::Party| {
        let types = party.types.clone();
        let of_type = |t: usize| {
            world.numbers.types[t].prior * table.mean(settlement::MARGIN, &[t, package]).value
        };
        types.map(of_type).sum::<f64>()
    };
    Tried {
        terms,
        signed: table.mean(settlement::AGREED, &[package]),
        accepts: (0..setting.parties.len())
            .map(|i| {
                needed
                    .contains(i)
                    .then(|| table.mean(settlement::ACCEPTS, &[i, package]).value)
            })
            .collect(),
        margins: setting.parties.iter().map(margin).collect(),
    }
}

fn written(here: &Put, tried: &[Tried], worlds: usize) -> Value {
    let setting = &here.case.setting;
    let Some((as_it_is, changed)) = tried.split_first() else {
        return json!({});
    };
    let mut ranked: Vec<&Tried> = changed
        .iter()
        .filter(|one| one.signed.value > as_it_is.signed.value)
        .collect();
    // The smallest change that gets everybody in comes first: half of the worlds is "in", then fewer terms, then more worlds.
    let key = |one: &Tried| (one.signed.value < 0.5, one.terms.len());
    ranked.sort_by(|a, b| {
        let by = key(a).cmp(&key(b));
        by.then(b.signed.value.total_cmp(&a.signed.value))
    });
    ranked.truncate(SHOWN);
    let row = |one: &Tried| {
        let terms = one.terms.iter().map(|(issue, option)| {
            let issue = &setting.issues[*issue];
            json!({ "issue": issue.id, "option": issue.options[*option].id, "words": format!("{}: {}", issue.name, issue.options[*option].name) })
        });
        let costs = setting.parties.iter().enumerate().filter_map(|(i, party)| {
            one.accepts[i]?;
            let change = one.margins[i] - as_it_is.margins[i];
            Some(json!({ "party": party.name, "points": change, "accepts": detente::per_hundred(one.accepts[i]?) }))
        });
        json!({ "terms": terms.collect::<Value>(), "signed": share(&one.signed), "costs": costs.collect::<Value>() })
    };
    json!({
        "worlds": worlds,
        "tried": changed.len(),
        "as_it_is": row(as_it_is),
        "turns": ranked.into_iter().map(row).collect::<Value>(),
    })
}
