//! The deal table: what solution points of the bargain and the most accepted named packages settle on each issue, and what
//! that leaves every party above no deal; and, for two parties, the division that both could score best by.

use detente_case::Draw;
use detente_core::{PartySet, Solution};
use detente_evidence::{Evidence, NeededLine, QUANTILES};

use crate::words::{capitalised, party_names, per_hundred, points, short};
use crate::{dates, findings};

/// Named packages shown beside the solution points at most.
const NAMED: usize = 2;
/// Shares nearer than this are the same.
const LEVEL: f64 = 1e-9;
/// Least share of a solution's worlds in which another option than the most frequent is worth naming.
const RIVAL: f64 = 0.2;

/// One table: the packages that need exactly some parties.
pub(crate) struct DealTable {
    pub(crate) who: String,
    /// In how many worlds of 100 that zone is open.
    pub(crate) open: String,
    /// Column heads with what stands below them.
    pub(crate) columns: Vec<(String, String)>,
    /// Issue, a cell a column: the option, and how often another.
    pub(crate) issues: Vec<(String, Vec<(String, String)>)>,
    /// Party, margin a column.
    pub(crate) margins: Vec<(String, Vec<String>)>,
    /// How many tie, where any do.
    pub(crate) ties: Option<String>,
    /// The worst-off margin of the best lottery over packages.
    pub(crate) lottery: Option<String>,
    /// What is told where the frontier was given up.
    pub(crate) given_up: Option<String>,
}

/// An adjusted winner's division between two parties.
pub(crate) struct DivisionTable {
    pub(crate) who: [String; 2],
    pub(crate) score: String,
    /// Issue, the first party's share.
    pub(crate) issues: Vec<(String, String)>,
}

/// A table for each needed set that has solution points, the most often open first.
pub(crate) fn deals(evidence: &Evidence) -> Vec<DealTable> {
    let Some(zone) = evidence.zone() else {
        return Vec::new();
    };
    let mut sets: Vec<&NeededLine> = zone
        .sets
        .iter()
        .filter(|set| !set.solutions.is_empty())
        .collect();
    sets.sort_by(|a, b| b.open.value.total_cmp(&a.open.value));
    sets.into_iter().map(|set| table(evidence, set)).collect()
}

fn table(evidence: &Evidence, set: &NeededLine) -> DealTable {
    let setting = &evidence.setting;
    let named = named(evidence, set.needed);
    let of_hundred = |p: &usize| {
        let agreed = evidence.packages()[*p].agreed.value;
        format!("agreed in {} of 100", per_hundred(agreed))
    };
    let standard = |solution: Solution| match solution {
        Solution::Nash => "greatest product of margins",
        Solution::KalaiSmorodinsky => "greatest least share of what each could get",
        Solution::Egalitarian => "greatest least margin",
        Solution::Utilitarian => "greatest sum of margins",
    };
    let columns = set
        .solutions
        .iter()
        .map(|line| {
            (
                capitalised(line.solution.name()),
                standard(line.solution).to_owned(),
            )
        })
        .chain(
            named
                .iter()
                .map(|p| (dates::marked(evidence, *p), of_hundred(p))),
        );
    let issues = setting.issues.iter().enumerate().map(|(k, issue)| {
        let solved = set.solutions.iter().map(|line| {
            let shares =
                &line.options[issue.first_option..issue.first_option + issue.options.len()];
            let mut order: Vec<usize> = (0..shares.len()).collect();
            order.sort_by(|a, b| shares[*b].total_cmp(&shares[*a]));
            let name = |o: usize| issue.options[o].name.clone();
            // Options that nobody's margin tells apart share the point, and none of them is its answer.
            let level = |o: &&usize| shares[**o] >= shares[order[0]] - LEVEL;
            let first: Vec<String> = order.iter().take_while(level).map(|o| name(*o)).collect();
            if first.len() > 1 {
                let note = format!("{} of 100 each", per_hundred(shares[order[0]]));
                return (first.join(" or "), note);
            }
            let second = order.get(1).filter(|o| shares[**o] >= RIVAL);
            let note = match second {
                Some(o) => format!(
                    "{} of 100; {}: {}",
                    per_hundred(shares[order[0]]),
                    name(*o),
                    per_hundred(shares[*o])
                ),
                None => format!("{} of 100", per_hundred(shares[order[0]])),
            };
            (name(order[0]), note)
        });
        let named = named.iter().map(|p| {
            let option = setting.packages[*p].choice[k] as usize;
            (issue.options[option].name.clone(), String::new())
        });
        (issue.name.clone(), solved.chain(named).collect())
    });
    let margins = set.needed.iter().map(|party| {
        let solved = set
            .solutions
            .iter()
            .map(|line| findings::spread(&line.margins[party]));
        let named = named.iter().map(|p| margin(evidence, party, *p));
        (
            setting.parties[party].name.clone(),
            solved.chain(named).collect(),
        )
    });
    let tied = set.solutions.iter().filter(|line| line.ties.value > 1.005);
    let tied: Vec<String> = tied
        .map(|line| {
            format!(
                "{} {:.1} on average",
                capitalised(line.solution.name()),
                line.ties.value
            )
        })
        .collect();
    DealTable {
        who: findings::needed(evidence, set),
        open: per_hundred(set.open.value),
        columns: columns.collect(),
        issues: issues.collect(),
        margins: margins.collect(),
        ties: (!tied.is_empty()).then(|| tied.join("; ")),
        lottery: set.lottery.map(|q| findings::spread(&q)),
        given_up: given_up(set),
    }
}

/// That frontiers were too large, if any were, and the bound that is told instead.
fn given_up(set: &NeededLine) -> Option<String> {
    if set.given_up.n == 0 || set.given_up.value <= 0.0 {
        return None;
    }
    let share = per_hundred(set.given_up.value);
    let bound = set.most.map_or(String::new(), |most| {
        let most = findings::spread(&most);
        format!(", and no package and no lottery over packages gives the worst-off more than {most} points (a bound by duality)")
    });
    Some(format!(
        "In {share} of 100, types by their priors, the frontier of these packages was too large to be found whole and was given up; there the Nash point alone is told, which a search finds{bound}"
    ))
}

/// The most accepted named packages that need no one else.
fn named(evidence: &Evidence, needed: PartySet) -> Vec<usize> {
    let packages = evidence.setting.packages.iter().enumerate();
    let mut own: Vec<usize> = packages
        .filter(|(_, package)| package.needed == needed)
        .map(|(p, _)| p)
        .collect();
    let agreed = |p: usize| evidence.packages()[p].agreed.value;
    own.sort_by(|a, b| agreed(*b).total_cmp(&agreed(*a)));
    own.truncate(NAMED);
    own
}

/// The party's margin at a named package over the worlds, red lines apart; between medians where it has several types.
fn margin(evidence: &Evidence, party: usize, package: usize) -> String {
    let margins = &evidence.packages()[package].margins;
    let types = evidence.setting.parties[party].types.clone();
    if types.len() == 1 {
        return findings::spread(&margins[types.start]);
    }
    let medians = types.map(|t| margins[t][QUANTILES.len() / 2]);
    let least = medians.clone().fold(f64::INFINITY, f64::min);
    let most = medians.fold(f64::NEG_INFINITY, f64::max);
    format!("{} to {} by type", points(least), points(most))
}

/// Why there is nothing to divide of an issue: both want the same of it, or one of them or neither cares for it.
fn alike(evidence: &Evidence, needed: PartySet, issue: &str) -> String {
    let cares = |party: &usize| {
        let own = format!("party.{}.", evidence.setting.parties[*party].id);
        let weight = format!("issue.{issue}.weight");
        evidence.inputs.iter().any(|input| {
            let rest = input.path.strip_prefix(&own);
            let of_issue = rest.is_some_and(|rest| {
                rest == weight || rest.starts_with("type.") && rest.ends_with(&format!(".{weight}"))
            });
            // What a type shares with its party is asked of the party.
            let counts = match &input.draw {
                Draw::Own(weight) => weight.exact() != Some(0.0),
                Draw::Ranked { .. } => true,
                Draw::Inherited(_) => false,
            };
            of_issue && counts
        })
    };
    let caring: Vec<usize> = needed.iter().filter(cares).collect();
    match caring[..] {
        [] => "neither cares".to_owned(),
        [one] => format!("only {} cares", evidence.setting.parties[one].name),
        _ => "both want the same".to_owned(),
    }
}

/// For two-party sets: what each could score if issues were divided.
pub(crate) fn divisions(evidence: &Evidence) -> Vec<DivisionTable> {
    let Some(zone) = evidence.zone() else {
        return Vec::new();
    };
    let divided = zone.sets.iter().filter_map(|set| {
        let division = set.division.as_ref()?;
        let names = party_names(&evidence.setting, set.needed);
        let [first, second] = <[String; 2]>::try_from(names).ok()?;
        let issues = evidence.setting.issues.iter().zip(&division.shares);
        Some(DivisionTable {
            score: format!("{} points of 100", short(division.score.value)),
            issues: issues
                .map(|(issue, share)| {
                    let cell = if share.is_nan() {
                        alike(evidence, set.needed, &issue.id)
                    } else {
                        format!("{} : {}", per_hundred(*share), per_hundred(1.0 - share))
                    };
                    (issue.name.clone(), cell)
                })
                .collect(),
            who: [first, second],
        })
    });
    divided.collect()
}
