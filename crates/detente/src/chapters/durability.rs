//! Would the peace last? Survival, temptation, what guarantees buy, and the clause that removes temptation.

mod clauses;

use detente_case::RestingOn;
use detente_core::catalogue::durability;
use detente_core::{FeatureKind, Handle, MILESTONES, Role, Trigger};
use detente_math::quantile_sorted;

use super::Study;
use crate::headline::if_signed;
pub use clauses::{Change, Clause};

/// Packages whose clauses are exchanged: those that are signed and kept most often.
const CLAUSE_PACKAGES: usize = 2;
/// Months up to which survival is drawn.
const DRAWN: usize = 120;
/// The table of the case that says what may follow a deal.
const TABLE: &str = "durability";

/// A number over worlds: its 5th percentile, median and 95th; `None` where no world tells it.
pub type Spread = Option<[f64; 3]>;

/// What may follow a deal.
#[derive(Clone, Debug)]
pub struct Durability {
    /// Of the numbers of the table that says what may follow a deal, as the register counts them: placeholders, defaults, and how many
    /// there are.
    pub resting: RestingOn,
    /// Who may attack.
    pub attackers: Vec<usize>,
    /// Packages, those that are signed and kept most often first.
    pub order: Vec<usize>,
    /// By package.
    pub packages: Vec<Peace>,
    /// How the peace of the first package of the order lasts.
    pub survival: Survival,
    /// By attacker, by milestone: points that an attack so many months after the first package of the order is worth over keeping it,
    /// mean over worlds; NaN where the deal has lapsed.
    pub by_date: Vec<Vec<f64>>,
    /// Guarantors and answers to a breach.
    pub comers: Vec<Comer>,
    /// By package of the order whose clauses were exchanged, and attacker.
    pub clauses: Vec<Clause>,
    /// By type: by how much the rise of its opponent in its best month exceeds what war destroys, in parts of what is fought over.
    pub powell: Vec<Spread>,
    /// How far the stand-in that searches add up is off, in points: median and 95th percentile over worlds, types and named packages.
    pub stand_in: Option<[f64; 2]>,
}

/// What may follow one package, if it is signed.
#[derive(Clone, Debug)]
pub struct Peace {
    /// By attacker: chance that it attacks at its best date; NaN where nobody signs.
    pub attacks: Vec<f64>,
    /// The same over all worlds and types, whether they sign or not.
    pub attacks_anywhere: Vec<f64>,
    /// By other definition of failure: chance of it within five years, attacks not counted.
    pub failures: Vec<f64>,
    /// By type.
    pub types: Vec<Temptation>,
    /// Where one of its options lapses, and the deal with it: issue, option, and after how many months in the median world.
    pub lapses: Option<(usize, usize, f64)>,
}

/// What a package is worth to a type that might break it.
#[derive(Clone, Debug)]
pub struct Temptation {
    /// Its worth, given what may follow, in points of the type's own.
    pub worth: Spread,
    /// Points that attacking at the best date is worth over keeping it.
    pub temptation: Spread,
    /// The best month, over the worlds in which one tempts; `None` where none does in half of them.
    pub best_month: Spread,
    /// Points that its guarantee adds to its worth; `None` where it adds nothing in any world.
    pub guarantee: Spread,
}

/// The chance over worlds that war has not resumed after a package that is signed.
#[derive(Clone, Debug)]
pub struct Survival {
    /// Months after the deal, the day of the deal first.
    pub months: Vec<usize>,
    /// By month: its 5th, 25th, 50th, 75th and 95th percentile.
    pub quantiles: Vec<[f64; 5]>,
}

/// A lever that a war which resumes may call.
#[derive(Clone, Debug)]
pub struct Comer {
    /// Which lever.
    pub lever: usize,
    /// Chance that it comes.
    pub comes: f64,
    /// Does the case assume that chance?
    pub assumed: bool,
    /// Where it answers a breach: who breaks, and the mean temptation of that party's most tempted type by the first package of the
    /// order, were nobody to answer and as it is.
    pub answers: Option<(usize, [f64; 2])>,
}

impl Durability {
    /// The package that is signed and kept most often.
    pub fn best(&self) -> usize {
        self.order[0]
    }

    /// Who attacks most often once a package is signed, and how often.
    pub fn attacker(&self, package: usize) -> Option<(usize, f64)> {
        let each = self.attackers.iter().zip(&self.packages[package].attacks);
        let each = each.map(|(i, share)| (*i, *share));
        each.filter(|(_, share)| *share > 0.0)
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

pub(super) fn applies(study: &Study) -> bool {
    let told = || study.table.mean(durability::SURVIVAL, &[0, 0]).n > 0;
    !study.setting().packages.is_empty() && told()
}

pub(super) fn tell(study: &Study) -> Durability {
    let (setting, table) = (study.setting(), study.table);
    let attackers: Vec<usize> = (0..setting.parties.len())
        .filter(|i| setting.parties[*i].roles.contains(&Role::Belligerent))
        .collect();
    let order = study.order.to_vec();
    let best = order[0];
    let exchanged = &order[..order.len().min(CLAUSE_PACKAGES)];
    let tempted = |i: &usize| {
        let by = |m| table.mean(durability::TEMPTATION_BY, &[*i, best, m]);
        let by = (0..MILESTONES.len()).map(by);
        by.map(|mean| if mean.n > 0 { mean.value } else { f64::NAN })
            .collect()
    };
    Durability {
        resting: study.resting_on(TABLE),
        packages: (0..setting.packages.len())
            .map(|p| peace(study, p, &attackers))
            .collect(),
        survival: survival(study, best),
        by_date: attackers.iter().map(tempted).collect(),
        comers: comers(study, best),
        clauses: exchanged
            .iter()
            .flat_map(|p| clauses::clauses(study, *p, &attackers))
            .collect(),
        powell: (0..setting.types.len())
            .map(|t| spread(&table.sorted(durability::POWELL_GAP, &[t])))
            .collect(),
        stand_in: stand_in(study),
        attackers,
        order,
    }
}

/// The option of a package that lapses first in the median world.
fn lapses(study: &Study, p: usize) -> Option<(usize, usize, f64)> {
    let setting = study.setting();
    let world = study.plan.world(&study.plan.medians(), study.overrides);
    let features = setting.features.iter().zip(&world.numbers.features);
    let lasting = features.filter(|(feature, _)| feature.kind == FeatureKind::Lasts);
    let taken = lasting.filter_map(|(feature, numbers)| {
        let mut issues = setting.issues.iter().zip(&setting.packages[p].choice);
        let issue =
            issues.position(|(issue, o)| issue.first_option + *o as usize == feature.option)?;
        let option = feature.option - setting.issues[issue].first_option;
        Some((issue, option, numbers.size))
    });
    taken.min_by(|a, b| a.2.total_cmp(&b.2))
}

fn spread(sorted: &[f64]) -> Spread {
    (!sorted.is_empty()).then(|| [0.05, 0.5, 0.95].map(|q| quantile_sorted(sorted, q)))
}

fn peace(study: &Study, p: usize, attackers: &[usize]) -> Peace {
    let (setting, table) = (study.setting(), study.table);
    let over = |quantity: Handle, t: usize| spread(&table.sorted(quantity, &[t, p]));
    Peace {
        attacks: attackers
            .iter()
            .map(|i| if_signed(table, durability::ATTACK_IF_SIGNED, &[*i, p], p))
            .collect(),
        attacks_anywhere: attackers
            .iter()
            .map(|i| table.mean(durability::ATTACK, &[*i, p]).value)
            .collect(),
        failures: (0..setting.failures.len())
            .map(|f| 1.0 - table.mean(durability::SURVIVAL_OF, &[f, p]).value)
            .collect(),
        lapses: lapses(study, p),
        types: (0..setting.types.len())
            .map(|t| Temptation {
                worth: over(durability::DEAL_VALUE, t),
                temptation: over(durability::TEMPTATION, t),
                best_month: best_month(study, t, p),
                // Without a guarantee there is nothing that it could add.
                guarantee: over(durability::GUARANTEE_BUYS, t)
                    .filter(|_| table.mean(durability::GUARANTEE_BUYS, &[t, p]).value != 0.0),
            })
            .collect(),
    }
}

/// The best month of an attack over the worlds in which one tempts; nothing where none does in half of them.
fn best_month(study: &Study, t: usize, p: usize) -> Spread {
    let at = [t, p];
    let gains = study.table.column(durability::TEMPTATION, &at);
    let both = study.table.column(durability::ATTACK_MONTH, &at).zip(gains);
    let (mut months, mut all): (Vec<f64>, usize) = (Vec::new(), 0);
    for (month, gain) in both.filter(|(_, gain)| !gain.is_nan()) {
        all += 1;
        if gain > 0.0 {
            months.push(month);
        }
    }
    months.sort_by(f64::total_cmp);
    spread(&months).filter(|_| 2 * months.len() >= all)
}

fn survival(study: &Study, p: usize) -> Survival {
    let milestones = MILESTONES.iter().enumerate();
    let drawn = milestones.filter(|(_, months)| **months <= DRAWN);
    let (mut months, mut quantiles) = (vec![0], vec![[1.0; 5]]);
    for (m, month) in drawn {
        let sorted = study.table.sorted(durability::SURVIVAL_IF_SIGNED, &[p, m]);
        months.push(*month);
        quantiles.push([0.05, 0.25, 0.5, 0.75, 0.95].map(|q| quantile_sorted(&sorted, q)));
    }
    Survival { months, quantiles }
}

fn comers(study: &Study, best: usize) -> Vec<Comer> {
    let setting = study.setting();
    let told = |quantity: Handle, index: &[usize]| study.table.mean(quantity, index);
    let levers = setting.levers.iter().enumerate();
    let comer = |(l, lever): (usize, &detente_core::Lever)| {
        let comes = told(durability::COMES, &[l]);
        let tempted = |violator: usize, quantity: Handle| -> f64 {
            let types = setting.parties[violator].types.clone();
            types
                .map(|t| told(quantity, &[t, best]).value)
                .fold(0.0, f64::max)
        };
        (comes.n > 0).then(|| Comer {
            lever: l,
            comes: comes.value,
            assumed: study.assumes(l),
            answers: match lever.trigger {
                Trigger::Violate(violator) => Some((
                    violator,
                    [durability::TEMPTATION_UNANSWERED, durability::TEMPTATION]
                        .map(|q| tempted(violator, q)),
                )),
                _ => None,
            },
        })
    };
    levers.filter_map(comer).collect()
}

/// How far searches are off.
fn stand_in(study: &Study) -> Option<[f64; 2]> {
    let setting = study.setting();
    let mut off: Vec<f64> = Vec::new();
    for t in 0..setting.types.len() {
        for p in 0..setting.packages.len() {
            let column = study.table.column(durability::STAND_IN, &[t, p]);
            off.extend(column.filter(|x| !x.is_nan()).map(f64::abs));
        }
    }
    off.sort_by(f64::total_cmp);
    (!off.is_empty()).then(|| [0.5, 0.95].map(|q| quantile_sorted(&off, q)))
}
