//! Would the peace last? Survival, temptation, what guarantees buy, and the clause that removes temptation.

mod classes;

use std::fmt::Write as _;

use askama::Template;
use detente_core::{MILESTONES, Role, Search, Setting, Trigger, World};
use detente_lens::Stage;
use detente_math::quantile_sorted;
use serde_json::{Value, json};

use super::{Study, Written};
use crate::class::{self, Class};
use crate::headline::{self, if_signed};
use crate::run::{Progress, Table};
use crate::svg::{fan, responsive};
use crate::words::{in_words, per_hundred, points};
use classes::{base_rates, beside_classes, class_data};

/// Worlds in which clauses are exchanged one by one.
const CLAUSE_WORLDS: usize = 12;
/// Packages whose clauses are exchanged: those that are signed and kept most often.
const CLAUSE_PACKAGES: usize = 2;
/// Packages whose temptations are listed by type.
const LISTED: usize = 5;
/// Months after which the table of packages says whether war has resumed, the headline's beside them.
const HORIZONS: [usize; 3] = [12, 60, 120];

/// The table of the case that says what may follow a deal.
const TABLE: &str = "durability";

#[derive(Template)]
#[template(path = "durability.html")]
struct Page {
    finding: String,
    /// How many of the case's numbers on what may follow a deal are placeholders.
    resting: String,
    survival_title: String,
    survival: String,
    /// Month, whether war has not resumed and whether it has, and what was counted by then.
    survival_rows: Vec<(usize, String, String, Vec<String>)>,
    attackers: Vec<String>,
    failures: Vec<String>,
    /// "5 years": heads of the columns that say whether war has resumed.
    horizons: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    /// What was counted of past cases, at the horizons of the first columns.
    feet: Vec<(String, Vec<String>)>,
    /// How far packages are from what was counted.
    beside: Vec<String>,
    best: String,
    dates: Vec<String>,
    by_date: Vec<(String, Vec<String>)>,
    base_rates: Vec<(String, String, String)>,
    tempted: Vec<(String, String, Vec<String>, usize)>,
    clauses: Vec<(String, String, String, String, String)>,
    clause_worlds: usize,
    /// "the two packages that are …".
    clause_packages: String,
    powell: Vec<(String, String)>,
    /// Who comes when a war resumes.
    comers: Vec<String>,
    stand_in: String,
}

pub(super) fn applies(study: &Study) -> bool {
    let told = || study.table.mean("durability", "survival", &[0, 0]).n > 0;
    !study.setting().packages.is_empty() && told()
}

/// The section; nothing where the case does not say what may follow a deal.
pub(super) fn section(study: &Study, _: &dyn Progress) -> Option<Written> {
    let setting = study.setting();
    let table = study.table;
    let mean = |quantity: &str, index: &[usize]| table.mean("durability", quantity, index);
    let attackers: Vec<usize> = (0..setting.parties.len())
        .filter(|i| setting.parties[*i].roles.contains(&Role::Belligerent))
        .collect();
    let order = by_kept(setting, table);
    let best = order[0];
    let horizons = horizons(study);
    let mut rows = Vec::new();
    let mut packages_json = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        let wars = horizons.iter().map(|months| war_by(study, p, *months));
        let wars: Vec<f64> = wars.collect();
        let attacks: Vec<f64> = attackers
            .iter()
            .map(|i| if_signed(table, "attack_if_signed", &[*i, p], p))
            .collect();
        let failures = 0..setting.failures.len();
        let failures: Vec<f64> = failures
            .map(|f| 1.0 - mean("survival_of", &[f, p]).value)
            .collect();
        let cells = wars.iter().chain(&attacks).chain(&failures);
        rows.push((
            package.name.clone(),
            cells.map(|x| per_hundred(*x)).collect::<Vec<_>>(),
        ));
        let survival = MILESTONES.map(|months| 1.0 - war_by(study, p, months));
        packages_json.push(json!({
            "package": package.id,
            "survival": survival,
            "attack": attackers.iter().zip(&attacks).map(|(i, x)| (setting.parties[*i].id.clone(), json!(x))).collect::<serde_json::Map<_, _>>(),
            "fails_within_five_years": setting.failures.iter().zip(&failures).map(|(f, x)| (f.id.clone(), json!(x))).collect::<serde_json::Map<_, _>>(),
        }));
    }
    let classes = study.drawn.classes();
    let (base_rates, base_json) = base_rates(setting, &classes);
    let (feet, beside) = beside_classes(study, &classes, &horizons);
    let clauses = clauses(study, &order[..order.len().min(CLAUSE_PACKAGES)]);
    let (powell, powell_json) = powell(study).into_iter().unzip();
    let comers = comers(study, best);
    let finding = finding(study, best, &attackers, &classes);
    let page = Page {
        finding: finding.clone(),
        resting: resting(study),
        survival_title: format!(
            "How long the peace of “{}” lasts, in how many of 100 worlds",
            setting.packages[best].name
        ),
        survival: survival(study, best),
        survival_rows: MILESTONES
            .iter()
            .map(|month| {
                let counted = classes.iter().filter(|c| c.months == *month);
                let counted =
                    counted.map(|class| format!("{}: {}", class.of_hundred(), class.says(setting)));
                let war = war_by(study, best, *month);
                (
                    *month,
                    per_hundred(1.0 - war),
                    per_hundred(war),
                    counted.collect(),
                )
            })
            .collect(),
        attackers: attackers
            .iter()
            .map(|i| setting.parties[*i].name.clone())
            .collect(),
        failures: setting
            .failures
            .iter()
            .map(|f| short_name(&f.name))
            .collect(),
        horizons: horizons.iter().map(|m| in_time(*m)).collect(),
        rows,
        feet,
        beside,
        best: setting.packages[best].name.clone(),
        dates: MILESTONES.iter().map(|m| in_time(*m)).collect(),
        by_date: by_date(study, best, &attackers),
        base_rates,
        tempted: tempted(study, &order),
        clause_worlds: CLAUSE_WORLDS.min(study.options.worlds),
        clause_packages: match order.len() {
            1 => "the one named package".to_owned(),
            n if n <= CLAUSE_PACKAGES => format!("all {} named packages", in_words(n)),
            n => format!(
                "the {} of the {} named packages that are most often signed and kept",
                in_words(CLAUSE_PACKAGES),
                in_words(n)
            ),
        },
        clauses: clauses.iter().map(|c| c.0.clone()).collect(),
        powell,
        comers: comers.iter().map(|c| c.0.clone()).collect(),
        stand_in: stand_in(study),
    };
    let json = json!({
        "months": MILESTONES,
        "packages": packages_json,
        "base_rates": base_json,
        "beside_base_rates": class_data(study, &classes),
        "clauses": clauses.into_iter().map(|c| c.1).collect::<Vec<_>>(),
        "powell": Value::Array(powell_json),
        "comers": comers.into_iter().map(|c| c.1).collect::<Vec<_>>(),
    });
    Some(Written {
        bottom_line: deliberate(study, best, &attackers).into_iter().collect(),
        html: page.render().ok()?,
        json,
    })
}

/// Guarantors and answers to a breach: how likely each is to come, whether that is derived, and what an answer takes off temptation.
fn comers(study: &Study, best: usize) -> Vec<(String, Value)> {
    let setting = study.setting();
    let told = |quantity: &str, index: &[usize]| study.table.mean("durability", quantity, index);
    let levers = setting.levers.iter().enumerate();
    levers
        .filter_map(|(l, lever)| {
            let comes = told("comes", &[l]);
            if comes.n == 0 {
                return None;
            }
            let path = format!("lever.{}.credibility", lever.id);
            let mut inputs = study.case.inputs.iter();
            let assumed = inputs.any(|input| input.path == path && input.span.is_some());
            let how = if assumed { ", as the case assumes" } else { "" };
            let wielder = &setting.parties[lever.by].name;
            let mut line = format!(
                "“{}” ({wielder}) comes in {} of 100{how}",
                lever.name,
                per_hundred(comes.value)
            );
            if let Trigger::Violate(violator) = lever.trigger {
                let party = &setting.parties[violator];
                let tempted = |quantity: &str| -> f64 {
                    let types = party.types.clone();
                    types
                        .map(|t| told(quantity, &[t, best]).value)
                        .fold(0.0, f64::max)
                };
                let (with, without) = (tempted("temptation"), tempted("temptation_unanswered"));
                let _ = write!(
                    line,
                    " once {} has broken a deal. If nobody answered that, breaking “{}” would tempt its most tempted type by {} points on \
                     average, and does by {}",
                    party.name,
                    setting.packages[best].name,
                    points(without),
                    points(with)
                );
            } else {
                line.push_str(" when war resumes after the named package that guarantees most");
            }
            let data = json!({ "lever": lever.id, "comes": comes.value, "assumed": assumed });
            Some((line + ".", data))
        })
        .collect()
}

/// What the numbers on what may follow a deal are, as a clause.
fn resting(study: &Study) -> String {
    match study.placeholders(TABLE) {
        (_, 0) => "none of which it states beyond the defaults".to_owned(),
        (0, 1) => "one stated number, which has a source or a status".to_owned(),
        (0, all) => format!("{all} stated numbers, each with a source or a status"),
        (1, 1) => "one stated number, which is a placeholder".to_owned(),
        (n, all) => format!(
            "{all} stated numbers, of which {n} {} placeholder{}",
            if n == 1 { "is a" } else { "are" },
            if n == 1 { "" } else { "s" }
        ),
    }
}

/// Packages, those that are signed and kept most often first, as the report leads with them.
fn by_kept(setting: &Setting, table: &Table) -> Vec<usize> {
    let mut order: Vec<usize> = (0..setting.packages.len()).collect();
    let kept = |p: &usize| table.mean("durability", "kept", &[*p]).value;
    let agreed = |p: &usize| table.mean("settlement", "agreed", &[*p]).value;
    order.sort_by(|a, b| {
        let kept = kept(b).total_cmp(&kept(a));
        kept.then(agreed(b).total_cmp(&agreed(a)))
    });
    order
}

/// The months after which the table of packages says whether war has resumed, increasing.
fn horizons(study: &Study) -> Vec<usize> {
    let mut all: Vec<usize> = HORIZONS
        .into_iter()
        .chain(study.headline.kept_months)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn finding(study: &Study, best: usize, attackers: &[usize], classes: &[Class]) -> String {
    let setting = study.setting();
    let headline = study.headline;
    let broken = |months| headline.broken(study.table, best, months);
    let Some((months, war)) = headline
        .kept_months
        .and_then(|months| Some((months, broken(months)?)))
    else {
        return "In no sampled world would all whom it needs sign a named package.".to_owned();
    };
    let by = attacker(study, best, attackers).map_or(String::new(), |(i, share)| {
        format!(
            "; {} attacks on purpose, at the date that suits it best, in {}",
            setting.parties[i].name,
            per_hundred(share)
        )
    });
    format!(
        "Of 100 deals on “{}” that are signed, war resumes within {} after {}{by}. {}",
        setting.packages[best].name,
        headline::in_time(months),
        per_hundred(war),
        class::beside(classes, setting, months, broken)
    )
}

/// Who attacks most often once a package is signed, and how often.
fn attacker(study: &Study, p: usize, attackers: &[usize]) -> Option<(usize, f64)> {
    let each = attackers.iter();
    let each = each.map(|i| (*i, if_signed(study.table, "attack_if_signed", &[*i, p], p)));
    each.filter(|(_, share)| !share.is_nan())
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// What the bottom line has not said of the leading package before: who would break it on purpose.
fn deliberate(study: &Study, best: usize, attackers: &[usize]) -> Option<(String, &'static str)> {
    let setting = study.setting();
    let (i, share) = attacker(study, best, attackers)?;
    let said = format!(
        "Of 100 deals on “{}” that are signed, {} attacks after {}, at the date that suits it best.",
        setting.packages[best].name,
        setting.parties[i].name,
        per_hundred(share)
    );
    Some((said, "durability"))
}

/// The survival of a package's peace over worlds.
fn survival(study: &Study, p: usize) -> String {
    const BANDS: [(f64, f64); 2] = [(0.05, 0.95), (0.25, 0.75)];
    let table = study.table;
    let months: Vec<usize> = (0..MILESTONES.len())
        .filter(|m| MILESTONES[*m] <= 120)
        .collect();
    let sorted: Vec<Vec<f64>> = months
        .iter()
        .map(|m| table.sorted("durability", "survival_if_signed", &[p, *m]))
        .collect();
    let from_start = |q: f64| -> Vec<f64> {
        let later = sorted.iter().map(|at| 100.0 * quantile_sorted(at, q));
        std::iter::once(100.0).chain(later).collect()
    };
    let mut at: Vec<f64> = vec![0.0];
    at.extend(months.iter().map(|m| MILESTONES[*m] as f64));
    let chart = fan::Fan {
        title: "Chance that war has not resumed, by month".to_owned(),
        desc: "Over sampled worlds, the chance in 100 that war has not resumed so many months after the deal: median, half and nine tenths of worlds.".to_owned(),
        id: "durability-fan".to_owned(),
        x_label: "months after the deal".to_owned(),
        y_label: "chance in 100 that war has not resumed".to_owned(),
        months: at,
        bands: BANDS
            .iter()
            .map(|(low, high)| fan::Band {
                low_q: *low,
                high_q: *high,
                low: from_start(*low),
                high: from_start(*high),
            })
            .collect(),
        median: from_start(0.5),
        placeholder: study.placeholders(TABLE).0 > 0,
        ..fan::Fan::default()
    };
    responsive(&chart.render(), &chart.render_compact())
}

/// Months, or years where they are whole.
fn in_time(months: usize) -> String {
    match months {
        1 => "1 month".to_owned(),
        12 => "1 year".to_owned(),
        m if m % 12 == 0 => format!("{} years", m / 12),
        m => format!("{m} months"),
    }
}

/// What an attack is worth to each attacker, by date.
fn by_date(study: &Study, p: usize, attackers: &[usize]) -> Vec<(String, Vec<String>)> {
    let tempted = |i: usize, m: usize| {
        let mean = study.table.mean("durability", "temptation_by", &[i, p, m]);
        if mean.n == 0 {
            "–".to_owned()
        } else {
            points(mean.value)
        }
    };
    let row = |i: &usize| {
        let cells = (0..MILESTONES.len()).map(|m| tempted(*i, m));
        (study.setting().parties[*i].name.clone(), cells.collect())
    };
    attackers.iter().map(row).collect()
}

/// The best month of an attack over the worlds in which one tempts; a dash where none does in half of them.
fn best_month(study: &Study, t: usize, p: usize) -> String {
    let at = [t, p];
    let gains = study.table.column("durability", "temptation", &at);
    let both = study
        .table
        .column("durability", "attack_month", &at)
        .zip(gains);
    let (mut months, mut all): (Vec<f64>, usize) = (Vec::new(), 0);
    for (month, gain) in both.filter(|(_, gain)| !gain.is_nan()) {
        all += 1;
        if gain > 0.0 {
            months.push(month);
        }
    }
    if 2 * months.len() < all || months.is_empty() {
        return "–".to_owned();
    }
    months.sort_by(f64::total_cmp);
    let [low, mid, high] = [0.05, 0.5, 0.95].map(|q| quantile_sorted(&months, q).round());
    format!("{mid} ({low} to {high})")
}

/// Worth, temptation, best month and what the guarantee adds, by type; how many rows the package spans, in its first one.
fn tempted(study: &Study, order: &[usize]) -> Vec<(String, String, Vec<String>, usize)> {
    let setting = study.setting();
    let range = |quantity: &str, t: usize, p: usize| {
        let sorted = study.table.sorted("durability", quantity, &[t, p]);
        if sorted.is_empty() {
            return "–".to_owned();
        }
        let [low, mid, high] = [0.05, 0.5, 0.95].map(|q| points(quantile_sorted(&sorted, q)));
        format!("{mid} ({low} to {high})")
    };
    let mut rows = Vec::new();
    for p in order.iter().take(LISTED) {
        for t in 0..setting.types.len() {
            let name = type_name(setting, t);
            let cells = ["deal_value", "temptation", "attack_month", "guarantee_buys"];
            let mut cells: Vec<String> = cells.iter().map(|q| range(q, t, *p)).collect();
            cells[2] = best_month(study, t, *p);
            // Without a guarantee there is nothing that it could add.
            if study
                .table
                .mean("durability", "guarantee_buys", &[t, *p])
                .value
                == 0.0
            {
                "–".clone_into(&mut cells[3]);
            }
            // The package stands once, before all its types.
            let spans = if t == 0 { setting.types.len() } else { 0 };
            rows.push((setting.packages[*p].name.clone(), name, cells, spans));
        }
    }
    rows
}

fn type_name(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    let party = &setting.parties[kind.party];
    if party.types.len() > 1 {
        format!("{}: {}", party.name, kind.name)
    } else {
        party.name.clone()
    }
}

/// Powell's condition by type, where the lens tells it, as rows and as data.
fn powell(study: &Study) -> Vec<((String, String), Value)> {
    let setting = study.setting();
    let told = |t: usize| {
        let kind = &setting.types[t];
        let party = &setting.parties[kind.party];
        let sorted = study.table.sorted("durability", "powell_gap", &[t]);
        if sorted.is_empty() {
            return None;
        }
        let gap = [0.05, 0.5, 0.95].map(|q| quantile_sorted(&sorted, q));
        let [low, mid, high] = gap.map(|x| points(100.0 * x));
        let name = type_name(setting, t);
        let row = (name, format!("{mid} ({low} to {high})"));
        let data = json!({ "party": party.id, "type": kind.id, "gap": gap });
        Some((row, data))
    };
    (0..setting.types.len()).filter_map(told).collect()
}

/// The chance that war has resumed so many months after a package that is signed; NaN where the run does not tell it.
fn war_by(study: &Study, p: usize, months: usize) -> f64 {
    let broken = study.headline.broken(study.table, p, months);
    broken.unwrap_or(f64::NAN)
}

fn world(study: &Study, index: usize) -> World {
    let uniforms = study.plan.uniforms(study.options.stream, index as u64);
    study.plan.world(&uniforms, study.overrides)
}

/// Does any of its options guarantee the peace?
fn is_guaranteed(setting: &Setting, choice: &[u8]) -> bool {
    let mut features = setting.features.iter();
    features.any(|feature| {
        let mut taken = setting.issues.iter().zip(choice);
        feature.kind == detente_core::FeatureKind::Guarantee
            && taken.any(|(issue, o)| issue.first_option + *o as usize == feature.option)
    })
}

type ClauseRow = (String, String, String, String, String);

/// By package: the one change of an option that lowers the greatest temptation most.
fn clauses(study: &Study, packages: &[usize]) -> Vec<(ClauseRow, Value)> {
    let setting = study.setting();
    let guarantors: Vec<usize> = setting
        .levers
        .iter()
        .filter(|lever| lever.trigger == Trigger::Accept && !lever.sets.is_empty())
        .map(|lever| lever.by)
        .collect();
    let mut found = Vec::new();
    for p in packages {
        let package = &setting.packages[*p];
        let mut variants = vec![(String::new(), package.clone())];
        for (k, issue) in setting.issues.iter().enumerate() {
            for (o, option) in issue.options.iter().enumerate() {
                let mut variant = package.clone();
                variant.choice[k] = u8::try_from(o).unwrap_or(0);
                let other = variant.choice != package.choice;
                if other && setting.allows(&variant.choice) {
                    variants.push((format!("{}: {}", issue.name, option.name), variant));
                }
            }
        }
        let mut changed = setting.clone();
        changed.packages = variants.iter().map(|(_, v)| v.clone()).collect();
        let mut stage = Stage::default();
        let worlds = CLAUSE_WORLDS.min(study.options.worlds);
        let mut tempted = vec![0.0; variants.len()];
        let mut worth = vec![0.0; variants.len()];
        for w in 0..worlds {
            let mut drawn = world(study, w);
            drawn.fixed.clear();
            let scene = stage.set(&changed, &drawn, Search::None);
            for (v, prospect) in scene
                .aftermath
                .prospects
                .iter()
                .take(variants.len())
                .enumerate()
            {
                let of_party = |party: &detente_core::Party| -> f64 {
                    let types = party.types.clone();
                    let each =
                        types.map(|t| drawn.numbers.types[t].prior * prospect.gain[t].max(0.0));
                    each.sum()
                };
                let most = setting.parties.iter().map(of_party).fold(0.0, f64::max);
                tempted[v] += most / worlds as f64;
                for g in &guarantors {
                    let types = setting.parties[*g].types.clone();
                    let each = types.map(|t| drawn.numbers.types[t].prior * prospect.worth[t]);
                    worth[v] += each.sum::<f64>() / worlds as f64;
                }
            }
        }
        let least = (1..variants.len()).min_by(|a, b| tempted[*a].total_cmp(&tempted[*b]));
        let Some(v) = least.filter(|v| tempted[*v] < tempted[0]) else {
            continue;
        };
        let cost = worth[v] - worth[0];
        // Where neither package is guaranteed nobody would have to come.
        let called = !guarantors.is_empty()
            && [&package.choice, &variants[v].1.choice]
                .iter()
                .any(|choice| is_guaranteed(setting, choice));
        let to = if called {
            points(cost)
        } else {
            "–".to_owned()
        };
        found.push((
            (
                package.name.clone(),
                variants[v].0.clone(),
                points(tempted[0]),
                points(tempted[v]),
                to,
            ),
            json!({
                "package": package.id, "change": variants[v].0, "temptation": tempted[0],
                "temptation_after": tempted[v], "to_guarantors": called.then_some(cost),
            }),
        ));
    }
    found
}

/// How far searches are off.
fn stand_in(study: &Study) -> String {
    let setting = study.setting();
    let mut off: Vec<f64> = Vec::new();
    for t in 0..setting.types.len() {
        for p in 0..setting.packages.len() {
            let column = study.table.column("durability", "stand_in", &[t, p]);
            off.extend(column.filter(|x| !x.is_nan()).map(f64::abs));
        }
    }
    off.sort_by(f64::total_cmp);
    if off.is_empty() {
        return String::new();
    }
    format!(
        "Searches over all packages (whether any deal is possible, how large the zone is, solution points) add up a stand-in for what packages are worth, since the full value is no sum over options. On the named packages it is off by {} points in the median and by {} or more in one of twenty, so read the zone with that much doubt.",
        points(quantile_sorted(&off, 0.5)),
        points(quantile_sorted(&off, 0.95))
    )
}

/// The first clause of a sentence, for a column's head.
fn short_name(says: &str) -> String {
    let end = says.find(['(', '.', ',']).unwrap_or(says.len());
    says[..end].trim().to_owned()
}
