//! Would the deal last?

mod classes;

use std::fmt::Write as _;

use askama::Template;
use classes::{base_rates, beside_classes, class_data};
use detente_core::{MILESTONES, Setting};
use detente_evidence::Evidence;
use detente_evidence::chapters::durability::{Change, Clause, Comer, Durability, Peace, Spread};
use detente_math::Mean;
use serde_json::{Value, json};

use super::{Written, number, type_name};
use crate::class;
use crate::svg::{fan, responsive};
use crate::terms::Terms;
use crate::words::{capitalised, count, in_words, per_hundred, points, short, short_count, signed};

/// Packages whose temptations are listed by type.
const LISTED: usize = 5;
/// Months after which the table of packages says whether war has resumed, the headline's beside them.
const HORIZONS: [usize; 3] = [12, 60, 120];

#[derive(Template)]
#[template(path = "durability.html")]
struct Page<'a> {
    terms: Terms<'a>,
    still_stands: String,
    has_resumed: String,
    finding: String,
    /// How many of the case's numbers on what may follow a deal are placeholders.
    resting: String,
    /// Attacks among signed deals that are far from what they would be in all worlds.
    selected: Vec<String>,
    survival_title: String,
    survival: String,
    /// Month, whether war has not resumed and whether it has, and what was counted by then.
    survival_rows: Vec<(usize, String, String, Vec<String>)>,
    attackers: Vec<String>,
    failures: Vec<String>,
    /// "5 years": heads of the columns that say whether war has resumed.
    horizons: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    /// Packages that end by their own terms.
    lapsing: Vec<String>,
    /// When a lapse is not the end of what is kept.
    unless: &'static str,
    /// What was counted of past cases, at the horizons of the first columns.
    feet: Vec<(String, Vec<String>)>,
    /// How far packages are from what was counted.
    beside: Vec<String>,
    best: String,
    dates: Vec<String>,
    by_date: Vec<(String, Vec<String>)>,
    base_rates: Vec<(String, String, String)>,
    /// Package, type, cells, and how many rows the package spans, in its first one.
    tempted: Vec<(String, String, Vec<String>, usize)>,
    /// Package, whose temptation, the change, before, after, what that is worth to guarantors.
    clauses: Vec<[String; 6]>,
    /// Does an option guarantee the deal?
    guarantees: bool,
    /// Is any clause worth something to guarantors?
    guarantors: bool,
    /// "66 worlds", or how many each package was tried in.
    clause_worlds: String,
    /// "the two packages that are …".
    clause_packages: String,
    powell: Vec<(String, String)>,
    /// The state of a process that follows a breakdown.
    resumed: Option<String>,
    /// Are forces rebuilt in peace?
    rebuilds: bool,
    /// Who comes when a war resumes.
    comers: Vec<String>,
    stand_in: String,
}

/// Columns that would hold nothing but dashes are left out.
impl Page<'_> {
    fn counted(&self) -> bool {
        self.survival_rows.iter().any(|row| !row.3.is_empty())
    }
}

pub(super) fn write(evidence: &Evidence, told: &Durability) -> Option<Written> {
    let setting = &evidence.setting;
    let classes = &evidence.classes;
    let best = told.best();
    let horizons = horizons(evidence);
    let (base_rates, base_json) = base_rates(setting, classes);
    let (feet, beside) = beside_classes(evidence, &horizons);
    let finding = finding(evidence, told);
    let terms = Terms::of(setting);
    let page = Page {
        terms,
        still_stands: capitalised(&terms.still_stands()),
        has_resumed: capitalised(&terms.has_resumed()),
        finding,
        resting: resting(setting, told),
        selected: selected(evidence, told),
        survival_title: format!(
            "The chance that the {} of “{}” has lasted once it is signed, by month",
            terms.deal, setting.packages[best].name
        ),
        survival: survival(told, &terms),
        survival_rows: MILESTONES
            .iter()
            .map(|month| {
                let counted = classes.iter().filter(|c| c.months == *month);
                let counted = counted.map(|class| {
                    format!("{}: {}", class::cell(class), class::says(class, setting))
                });
                let war = war_by(evidence, best, *month);
                (
                    *month,
                    per_hundred(1.0 - war),
                    per_hundred(war),
                    counted.collect(),
                )
            })
            .collect(),
        attackers: told
            .attackers
            .iter()
            .map(|i| setting.parties[*i].name.clone())
            .collect(),
        failures: setting
            .failures
            .iter()
            .map(|f| short_name(&f.name))
            .collect(),
        horizons: horizons.iter().map(|m| in_time(*m)).collect(),
        rows: (0..setting.packages.len())
            .map(|p| row(evidence, told, p, &horizons))
            .collect(),
        lapsing: lapsing(setting, told),
        unless: unless(setting, told),
        feet,
        beside,
        best: setting.packages[best].name.clone(),
        dates: MILESTONES.iter().map(|m| in_time(*m)).collect(),
        by_date: by_date(setting, told),
        base_rates,
        tempted: tempted(setting, told),
        guarantees: setting.has_guarantees(),
        guarantors: has_guarantors(told),
        clause_worlds: clause_worlds(told),
        clause_packages: match (exchanged(told), setting.packages.len()) {
            (_, 1) => "the one named package".to_owned(),
            (n, all) if n == all => format!("all {} named packages", in_words(n)),
            (n, all) => format!(
                "the {} of the {} named packages that are most often signed and kept",
                in_words(n),
                in_words(all)
            ),
        },
        clauses: told.clauses.iter().map(|c| clause(setting, c)).collect(),
        powell: powell(evidence, told).map(|(row, _)| row).collect(),
        resumed: setting
            .process
            .as_ref()
            .map(|process| process.states[process.resumes].name.clone()),
        rebuilds: setting.contest.is_some(),
        comers: told
            .comers
            .iter()
            .map(|c| comer(setting, best, c))
            .collect(),
        stand_in: stand_in(evidence, told),
    };
    let json = json!({
        "months": MILESTONES,
        "packages": (0..setting.packages.len()).map(|p| package_data(evidence, told, p)).collect::<Vec<_>>(),
        "base_rates": base_json,
        "beside_base_rates": class_data(evidence),
        "clauses": told.clauses.iter().map(|c| clause_data(setting, c)).collect::<Vec<_>>(),
        "powell": powell(evidence, told).map(|(_, data)| data).collect::<Vec<_>>(),
        "comers": told.comers.iter().map(|c| json!({
            "lever": setting.levers[c.lever].id, "comes": c.comes, "assumed": c.assumed,
        })).collect::<Vec<_>>(),
    });
    Some(Written {
        bottom_line: deliberate(setting, told).into_iter().collect(),
        html: page.render().ok()?,
        json,
    })
}

/// The chance that war has resumed so many months after a package that is signed; NaN where the run does not tell it.
fn war_by(evidence: &Evidence, p: usize, months: usize) -> f64 {
    evidence.packages()[p].broken_by(months).unwrap_or(f64::NAN)
}

/// The months after which the table of packages says whether war has resumed, increasing.
fn horizons(evidence: &Evidence) -> Vec<usize> {
    let mut all: Vec<usize> = HORIZONS
        .into_iter()
        .chain(evidence.headline.kept_months)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn row(
    evidence: &Evidence,
    told: &Durability,
    p: usize,
    horizons: &[usize],
) -> (String, Vec<String>) {
    let peace = &told.packages[p];
    let wars = horizons.iter().map(|months| war_by(evidence, p, *months));
    let others = peace.attacks.iter().chain(&peace.failures).copied();
    (
        evidence.setting.packages[p].name.clone(),
        wars.chain(others).map(per_hundred).collect(),
    )
}

/// "“The plan” lapses after 48 months, when “An arbiter” (Review) does."
fn lapsing(setting: &Setting, told: &Durability) -> Vec<String> {
    let lapses = told.packages.iter().enumerate();
    let lapses = lapses.filter_map(|(p, peace)| {
        let (issue, option, months) = peace.lapses?;
        let issue = &setting.issues[issue];
        let leads = setting.process.as_ref().zip(issue.options[option].then);
        let leads = leads.map_or(String::new(), |(process, state)| {
            format!(" and leads to “{}”", process.states[state].name)
        });
        Some(format!(
            "“{}” ends after {} months in the median world, when “{}” ({}) lapses{leads}.{}",
            setting.packages[p].name,
            short(months),
            issue.options[option].name,
            issue.name,
            to_its_term(setting, peace)
        ))
    });
    lapses.collect()
}

fn unless(setting: &Setting, told: &Durability) -> &'static str {
    let mut packages = told.packages.iter();
    if packages.any(|peace| class::leads_to_deals(setting, peace)) {
        ", unless a final deal is in force to which it has led"
    } else {
        ""
    }
}

/// Where what is kept goes on after a lapse: how often the deal itself stands until then.
fn to_its_term(setting: &Setting, peace: &Peace) -> String {
    if peace.to_lapse.is_nan() || !class::leads_to_deals(setting, peace) {
        return String::new();
    }
    format!(
        " Of 100 that are signed {} stand until then.",
        per_hundred(peace.to_lapse)
    )
}

fn package_data(evidence: &Evidence, told: &Durability, p: usize) -> Value {
    let setting = &evidence.setting;
    let peace = &told.packages[p];
    let survival = MILESTONES.map(|months| 1.0 - war_by(evidence, p, months));
    let attackers = told.attackers.iter().zip(&peace.attacks);
    let failures = setting.failures.iter().zip(&peace.failures);
    json!({
        "package": setting.packages[p].id,
        "survival": survival,
        "to_lapse": number(peace.to_lapse),
        "attack": attackers.map(|(i, x)| (setting.parties[*i].id.clone(), json!(x))).collect::<serde_json::Map<_, _>>(),
        "fails_within_five_years": failures.map(|(f, x)| (f.id.clone(), json!(x))).collect::<serde_json::Map<_, _>>(),
    })
}

/// A lever that a war which resumes may call: how likely it is to come, whether that is derived, and what an answer takes off temptation.
fn comer(setting: &Setting, best: usize, comer: &Comer) -> String {
    let lever = &setting.levers[comer.lever];
    let how = if comer.assumed {
        ", as the case assumes"
    } else {
        ""
    };
    let mut line = format!(
        "“{}” ({}) comes in {} of 100{how}",
        lever.name,
        setting.parties[lever.by].name,
        per_hundred(comer.comes)
    );
    if let Some((violator, [without, with])) = comer.answers {
        let _ = write!(
            line,
            " once {} has broken a deal. If nobody answered that, breaking “{}” would tempt its most tempted type by {} points on \
             average, and does by {}",
            setting.parties[violator].name,
            setting.packages[best].name,
            points(without),
            points(with)
        );
    } else {
        let resumes = Terms::of(setting).resumes();
        let _ = write!(
            line,
            " when {resumes} after the named package that guarantees most"
        );
    }
    line + "."
}

/// What the numbers on what may follow a deal are, as a clause, counted as the register counts them.
fn resting(setting: &Setting, told: &Durability) -> String {
    let on = told.resting;
    let counted = if setting.base_rates.is_empty() {
        ""
    } else {
        " (counts of past cases are numbers too)"
    };
    match (on.claims, on.placeholders + on.defaults) {
        (0, _) => "none of which it states beyond the defaults".to_owned(),
        (1, 0) => "one number, which has a source or a status".to_owned(),
        (all, 0) => format!("{all} numbers, each with a source or a status{counted}"),
        _ => format!("{on}{counted}"),
    }
}

/// Attacks after deals that are signed, where they are far from what they would be over all worlds: who signs is told apart by what
/// would follow, so that this table and those of temptation count different worlds.
fn selected(evidence: &Evidence, told: &Durability) -> Vec<String> {
    /// Shares that differ by less need no words.
    const APART: f64 = 0.2;
    /// Told at most, those that are furthest apart.
    const SHOWN: usize = 3;
    let setting = &evidence.setting;
    let terms = Terms::of(setting);
    let mut said = Vec::new();
    for (p, peace) in told.packages.iter().enumerate() {
        let both = peace.attacks.iter().zip(&peace.attacks_anywhere);
        let apart = |both: &(&f64, &f64)| (both.0 - both.1).abs() > APART;
        for (i, (signed, all)) in told.attackers.iter().zip(both).filter(|(_, b)| apart(b)) {
            let said_of = format!(
                "“{}” is signed in {} of 100 worlds; {} {} in {} of 100 deals that are signed there, and over all worlds would in {}.",
                setting.packages[p].name,
                per_hundred(evidence.packages()[p].agreed.value),
                setting.parties[*i].name,
                terms.breaks,
                per_hundred(*signed),
                per_hundred(*all)
            );
            said.push(((signed - all).abs(), said_of));
        }
    }
    said.sort_by(|a, b| b.0.total_cmp(&a.0));
    let more = said.len().saturating_sub(SHOWN);
    let mut said: Vec<String> = said.into_iter().take(SHOWN).map(|(_, said)| said).collect();
    if more > 0 {
        said.push(format!("So far apart are {more} more."));
    }
    said
}

fn finding(evidence: &Evidence, told: &Durability) -> String {
    let setting = &evidence.setting;
    let terms = Terms::of(setting);
    let best = told.best();
    let broken = |months| evidence.packages()[best].broken_by(months);
    let Some((months, war)) = evidence
        .headline
        .kept_months
        .and_then(|months| Some((months, broken(months)?)))
    else {
        return "In no sampled world would all whom it needs sign a named package.".to_owned();
    };
    let by = told.attacker(best).map_or(String::new(), |(i, share)| {
        format!(
            "; {} {} on purpose, at the date that suits it best, in {}",
            setting.parties[i].name,
            terms.breaks,
            per_hundred(share)
        )
    });
    let found = format!(
        "Of 100 deals on “{}” that are signed, {} within {} in {}{by}. {} {}{}",
        setting.packages[best].name,
        terms.resumes(),
        crate::words::in_time(months),
        per_hundred(war),
        class::beside(&evidence.classes, setting, months, broken),
        class::elsewhere(&evidence.classes, setting, months, broken),
        class::lapse(evidence, best, months)
    );
    found.trim_end().to_owned()
}

/// What the bottom line has not said of the leading package before: who would break it on purpose.
fn deliberate(setting: &Setting, told: &Durability) -> Option<(String, &'static str)> {
    let best = told.best();
    let (i, share) = told.attacker(best)?;
    let said = format!(
        "Of 100 deals on “{}” that are signed, {} {} in {}, at the date that suits it best.",
        setting.packages[best].name,
        setting.parties[i].name,
        Terms::of(setting).breaks,
        per_hundred(share)
    );
    Some((said, "durability"))
}

/// The survival of a package's peace over worlds.
fn survival(told: &Durability, terms: &Terms) -> String {
    let survival = &told.survival;
    let of = |place: usize| -> Vec<f64> {
        let quantiles = survival.quantiles.iter();
        quantiles.map(|q| 100.0 * q[place]).collect()
    };
    let band = |low_q, high_q, low, high| fan::Band {
        low_q,
        high_q,
        low: of(low),
        high: of(high),
    };
    let still_stands = terms.still_stands();
    let chart = fan::Fan {
        title: format!("Chance that {still_stands}, by month"),
        desc: format!(
            "Over sampled worlds, the chance in 100 that {still_stands} so many months after the deal: median, half and nine tenths of worlds."
        ),
        id: "durability-fan".to_owned(),
        x_label: "months after the deal".to_owned(),
        y_label: format!("chance in 100 that {still_stands}"),
        months: survival.months.iter().map(|m| *m as f64).collect(),
        bands: vec![band(0.05, 0.95, 0, 4), band(0.25, 0.75, 1, 3)],
        median: of(2),
        placeholder: told.resting.placeholders > 0,
        ..fan::Fan::default()
    };
    responsive(&chart.render(), &chart.render_compact())
}

/// Months, or years where they are whole, in digits.
fn in_time(months: usize) -> String {
    match months {
        1 => "1 month".to_owned(),
        12 => "1 year".to_owned(),
        m if m % 12 == 0 => format!("{} years", m / 12),
        m => format!("{m} months"),
    }
}

/// What an attack is worth to each attacker, by date.
fn by_date(setting: &Setting, told: &Durability) -> Vec<(String, Vec<String>)> {
    let row = |(i, by): (&usize, &Vec<f64>)| {
        let cells = by.iter().map(|x| points(*x)).collect();
        (setting.parties[*i].name.clone(), cells)
    };
    told.attackers.iter().zip(&told.by_date).map(row).collect()
}

/// "7 (2 to 14)", in the words of a number.
fn spread(of: Spread, number: impl Fn(f64) -> String) -> String {
    of.map_or("–".to_owned(), |of| {
        let [low, mid, high] = of.map(number);
        format!("{mid} ({low} to {high})")
    })
}

/// Would somebody have to come to a guarantee's help in a package whose clauses were exchanged?
fn has_guarantors(told: &Durability) -> bool {
    let mut changes = told.clauses.iter().filter_map(|c| c.change.as_ref());
    changes.any(|change| change.to_guarantors.is_some())
}

/// Worth, temptation, best month and, where an option guarantees, what the guarantee adds, by type.
fn tempted(setting: &Setting, told: &Durability) -> Vec<(String, String, Vec<String>, usize)> {
    let mut rows = Vec::new();
    for p in told.order.iter().take(LISTED) {
        for (t, of) in told.packages[*p].types.iter().enumerate() {
            let month = |x: f64| x.round().to_string();
            let mut cells = vec![
                spread(of.worth, points),
                spread(of.temptation, points),
                spread(of.best_month, month),
            ];
            if setting.has_guarantees() {
                cells.push(spread(of.guarantee, points));
            }
            // The package stands once, before all its types.
            let spans = if t == 0 { setting.types.len() } else { 0 };
            let name = type_name(setting, t);
            rows.push((setting.packages[*p].name.clone(), name, cells, spans));
        }
    }
    rows
}

/// Powell's condition by type, where the lens tells it, as rows and as data.
fn powell(
    evidence: &Evidence,
    told: &Durability,
) -> impl Iterator<Item = ((String, String), Value)> {
    let (setting, worlds) = (&evidence.setting, evidence.options.worlds);
    let types = told.powell.iter().enumerate();
    types.filter_map(move |(t, gap)| {
        let kind = &setting.types[t];
        let party = &setting.parties[kind.party];
        let told = told.powell_told[t];
        let row = spread(*gap, |x| points(100.0 * x));
        let row = if told < worlds {
            format!(
                "{row}; in {} of {} worlds",
                short_count(told),
                short_count(worlds)
            )
        } else {
            row
        };
        let data = json!({ "party": party.id, "type": kind.id, "gap": (*gap)?, "worlds": told });
        Some(((type_name(setting, t), row), data))
    })
}

/// Packages whose clauses were exchanged.
fn exchanged(told: &Durability) -> usize {
    let mut packages: Vec<usize> = told.clauses.iter().map(|c| c.package).collect();
    packages.dedup();
    packages.len()
}

/// In how many worlds clauses were exchanged; packages with more to exchange are tried in fewer.
fn clause_worlds(told: &Durability) -> String {
    let worlds = told.clauses.iter().map(|c| c.temptation.n);
    let (least, most) = (worlds.clone().min(), worlds.max());
    match (least.unwrap_or(0), most.unwrap_or(0)) {
        (a, b) if a == b => count(a, "world"),
        (a, b) => format!("{a} to {}", count(b, "world")),
    }
}

/// "0.24 ± 0.08": points with the error that Monte Carlo leaves in them, so that what is nothing to speak of is seen to be.
fn with_points_error(mean: &Mean) -> String {
    if mean.error.is_nan() {
        return signed(mean.value, 2);
    }
    let [value, error] = [mean.value, mean.error].map(|x| signed(x, 2));
    format!("{value}\u{a0}±\u{a0}{error}")
}

/// Issue and option of a change.
fn change(setting: &Setting, change: &Change) -> String {
    let (issue, option) = change.takes;
    let issue = &setting.issues[issue];
    format!("{}: {}", issue.name, issue.options[option].name)
}

fn clause(setting: &Setting, clause: &Clause) -> [String; 6] {
    let name = setting.packages[clause.package].name.clone();
    let party = setting.parties[clause.party].name.clone();
    let before = with_points_error(&clause.temptation);
    let dash = || "–".to_owned();
    match &clause.change {
        Some(found) => [
            name,
            party,
            change(setting, found),
            before,
            with_points_error(&found.temptation),
            found.to_guarantors.map_or_else(dash, points),
        ],
        None if !clause.tempts() => [
            name,
            party,
            "there is no temptation to speak of".to_owned(),
            before,
            dash(),
            dash(),
        ],
        None => [
            name,
            party,
            "no single change lowers it".to_owned(),
            before,
            dash(),
            dash(),
        ],
    }
}

fn clause_data(setting: &Setting, clause: &Clause) -> Value {
    let found = clause.change.as_ref();
    let told = |mean: &Mean| json!({ "value": number(mean.value), "error": number(mean.error), "n": mean.n });
    json!({
        "package": setting.packages[clause.package].id,
        "party": setting.parties[clause.party].id,
        "change": found.map(|found| change(setting, found)),
        "tempts": clause.tempts(),
        "temptation": told(&clause.temptation),
        "temptation_after": found.map(|found| told(&found.temptation)),
        "to_guarantors": found.and_then(|found| found.to_guarantors),
    })
}

/// How far searches are off.
fn stand_in(evidence: &Evidence, told: &Durability) -> String {
    let Some([middle, most]) = told.stand_in.map(|off| off.map(points)) else {
        return String::new();
    };
    let searched = if evidence.search_is_led() {
        "Searches over all packages are led by a stand-in for what packages are worth, since the full value is no sum over options. What they come upon is then judged by the full value, so that a zone that is found is there, and may be missed or be larger; solution points and their margins are those of the stand-in."
    } else {
        "Packages are few enough for every one to be judged by its full value, in the zone and its size. Solution points and their margins are those of a stand-in for it, since the full value is no sum over options."
    };
    format!(
        "{searched} On the named packages the stand-in is off by {middle} points in the median and by {most} or more in one of twenty."
    )
}

/// The first clause of a sentence, for a column's head.
fn short_name(says: &str) -> String {
    let end = says.find(['(', '.', ',']).unwrap_or(says.len());
    says[..end].trim().to_owned()
}
