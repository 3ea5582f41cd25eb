//! Would the peace last? Survival, temptation, what guarantees buy, and the clause that removes temptation.

use detente_case::RestingOn;
use detente_math::Mean;

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
    /// By type: in how many worlds that is told. It is not where nothing that is fought over is left to divide.
    pub powell_told: Vec<usize>,
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
    /// Of deals that are signed: the chance that it stands when it lapses; NaN where it never does or nobody signs.
    pub to_lapse: f64,
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

/// Points below which a temptation is none to speak of: they are printed to a tenth.
const SLIGHT: f64 = 0.05;

/// The change of one option that takes most off an attacker's temptation by a package.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The package.
    pub package: usize,
    /// The attacker.
    pub party: usize,
    /// Its temptation by the package as it is, its types by their priors, in points of its own.
    pub temptation: Mean,
    /// What lowers it most; `None` where no single change does, or where there is none to speak of.
    pub change: Option<Change>,
}

/// Another option of one issue, and what it does.
#[derive(Clone, Debug)]
pub struct Change {
    /// Issue, and the option that it takes instead.
    pub takes: (usize, usize),
    /// The temptation that is left, in points.
    pub temptation: Mean,
    /// Points that the change is worth to those who would have to come to the guarantee's help; `None` where nothing is guaranteed.
    pub to_guarantors: Option<f64>,
}

impl Clause {
    /// Is there a temptation to speak of: more than is printed as nothing, and more than its own error?
    pub fn tempts(&self) -> bool {
        let above = self.temptation.error.is_nan() || self.temptation.value > self.temptation.error;
        self.temptation.value >= SLIGHT && above
    }
}
