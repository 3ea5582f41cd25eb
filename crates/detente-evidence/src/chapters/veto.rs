//! If some settle over another's head: the war after each refusal, and where on the map of supply the refuser holds.

/// Months at which it is told who is compelled.
pub const COMPELLED_BY: [usize; 3] = [6, 12, 24];

/// What becomes of settlements over somebody's head. Chances and points are means over worlds; NaN where no world tells them.
#[derive(Clone, Debug)]
pub struct Veto {
    /// Parties that have a refusal table, whose refusal levers await, or whom others may bring to an end of a process; those that fight
    /// first.
    pub refusers: Vec<Refuser>,
    /// Where refusers hold, for those whose refusal has a lever that raises a contribution to their side.
    pub maps: Vec<Map>,
}

/// The war after one party's refusal.
#[derive(Clone, Debug)]
pub struct Refuser {
    /// Who refuses.
    pub party: usize,
    /// Has it a side in a contest?
    pub sided: bool,
    /// Chance that it holds for 24 months.
    pub holds: f64,
    /// Chance that it suffers no opponent's decisive ending in the months that count.
    pub endures: f64,
    /// Effort of its side at months 6 and 12 after its refusal, today's full rate = 1.
    pub effort: [f64; 2],
    /// Levers that its refusal triggers.
    pub levers: Vec<Pulled>,
    /// By package.
    pub packages: Vec<Refusal>,
}

/// A lever of a refusal.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// The lever.
    pub lever: usize,
    /// Chance that it is pulled, in the median world.
    pub chance: f64,
    /// Is that assumed by the case rather than derived from its wielder's incentive?
    pub assumed: bool,
}

/// A party's refusal of a package that the others settle on.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Chance that it refuses and fights on.
    pub refuses: f64,
    /// Chance that it refuses and could undo the settlement for a year.
    pub effective: f64,
    /// Chance that it is compelled by months 6, 12, 24, in a contest or a process.
    pub compelled: [f64; 3],
    /// By party: what a settlement over the refusal changes for it, in its own points, its types by their priors in each world.
    pub changes: Vec<f64>,
}

/// Effort and holding by how far contributions substitute for one another and by how far a patron steps up, in the median world with
/// every lever of the refusal pulled.
#[derive(Clone, Debug)]
pub struct Map {
    /// Who refuses.
    pub party: usize,
    /// The lever that steps up.
    pub lever: usize,
    /// Substitution, by column.
    pub xs: Vec<f64>,
    /// Level, by row; today = 1.
    pub ys: Vec<f64>,
    /// By row, by column: effort of the refuser's side twelve months after its refusal, today's full rate = 1.
    pub efforts: Vec<Vec<f64>>,
    /// By row, by column: chance that it holds for 24 months.
    pub holds: Vec<Vec<f64>>,
    /// The run, then each reading of the case, in its own median world.
    pub marks: Vec<Mark>,
}

/// Where a reading stands on a map.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its name; nothing for the run itself.
    pub reading: Option<String>,
    /// Substitution and level.
    pub at: (f64, f64),
    /// Chance that the refuser holds there.
    pub holds: f64,
}
