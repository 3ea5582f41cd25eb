//! The catalogue of quantities and the layout of a table row.

use crate::{Ending, Handle, LensSpec, PartySet, Setting, talks};

/// Unit of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Probability over what the party or the analyst does not know within a world, in [0, 1].
    Probability,
    /// Points of a type's own scale, 0 to 100 over all combinations of options.
    Points,
    /// The unit of the contest's line.
    Line,
    /// 0 or 1.
    Flag,
    /// A ratio to today's full rate.
    Ratio,
    /// A part of what is fought over, or a difference of such parts.
    Share,
    /// Months.
    Months,
    /// How many.
    Count,
}

impl Unit {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Probability => "probability",
            Unit::Points => "points",
            Unit::Line => "line units",
            Unit::Flag => "0 or 1",
            Unit::Ratio => "ratio to today",
            Unit::Share => "share of the pie",
            Unit::Months => "months",
            Unit::Count => "count",
        }
    }
}

/// A standard by which a package is best for the parties that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solution {
    /// Greatest product of margins (Nash 1950).
    Nash,
    /// Greatest least share of each party's ideal, then the next (Kalai and Smorodinsky 1975; Imai 1983).
    KalaiSmorodinsky,
    /// Greatest least margin, then the next; depends on the point scales.
    Egalitarian,
    /// Greatest sum of margins; depends on the point scales.
    Utilitarian,
}

impl Solution {
    /// All four, in the order of every table.
    pub const ALL: [Solution; 4] = [
        Solution::Nash,
        Solution::KalaiSmorodinsky,
        Solution::Egalitarian,
        Solution::Utilitarian,
    ];

    /// Identifier in quantities.
    pub fn id(self) -> &'static str {
        ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"][self as usize]
    }

    /// Name for readers.
    pub fn name(self) -> &'static str {
        ["Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian"][self as usize]
    }
}

/// Months at which chances are told where every month would be too many.
pub const MILESTONES: [usize; 9] = [1, 3, 6, 12, 24, 36, 60, 120, 240];

/// What a type's beliefs may differ in from the analyst's draw: the edge, its own doubt about it, the hazard of escalation, the
/// chance of a lottery, rates of a process. Doubt about rates counts as doubt.
pub const BELIEFS: [&str; 5] = [
    "of_edge",
    "own_doubt",
    "of_escalation",
    "of_chance",
    "of_rates",
];

/// What a quantity is stated per.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Party.
    Party,
    /// Type of a party, all parties' types in one list.
    Type,
    /// Named package.
    Package,
    /// Option, all issues' options in one list.
    Option,
    /// Set of parties that some package needs.
    Needed,
    /// A standard by which a package is best.
    Solution,
    /// Issue.
    Issue,
    /// Ending of the contest.
    Ending,
    /// Month of the contest, 0 to horizon.
    Month,
    /// Months at which chances are told: [`MILESTONES`].
    Milestone,
    /// Side of the contest.
    Side,
    /// Lever.
    Lever,
    /// Gate at home.
    Gate,
    /// What could be watched.
    Observable,
    /// A way in which a type's beliefs differ from the analyst's: [`BELIEFS`].
    Belief,
    /// A channel of reports.
    Messenger,
    /// A definition of failure after a deal.
    Failure,
    /// Whom an attacker might attack instead.
    Target,
    /// State of the process.
    State,
    /// End of the process.
    End,
    /// Month of the talks, 0 to [`crate::talks::TOLD_MONTHS`].
    TalksMonth,
    /// Round of the talks.
    Round,
    /// Package that may be proposed in the talks, by its place.
    Offer,
    /// Move of the talks, by its place in the game of a world.
    Move,
    /// Precision of play: λ times [`crate::talks::PRECISIONS`].
    Precision,
}

impl Dimension {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Party => "party",
            Dimension::Type => "type",
            Dimension::Package => "package",
            Dimension::Option => "option",
            Dimension::Needed => "needed set",
            Dimension::Solution => "solution",
            Dimension::Issue => "issue",
            Dimension::Ending => "ending",
            Dimension::Month => "month",
            Dimension::Milestone => "month of a few",
            Dimension::Side => "side",
            Dimension::Lever => "lever",
            Dimension::Gate => "gate",
            Dimension::Observable => "observable",
            Dimension::Belief => "belief",
            Dimension::Messenger => "messenger",
            Dimension::Failure => "definition of failure",
            Dimension::Target => "target",
            Dimension::State => "state of the process",
            Dimension::End => "end of the process",
            Dimension::TalksMonth => "month of the talks",
            Dimension::Round => "round of the talks",
            Dimension::Offer => "offer, by its place",
            Dimension::Move => "move of the talks, by its place",
            Dimension::Precision => "precision of play",
        }
    }

    /// How many entries it has in a case.
    pub fn size(self, setting: &Setting) -> usize {
        let months = setting
            .contest
            .as_ref()
            .map_or(0, |contest| contest.horizon + 1);
        match self {
            Dimension::Party => setting.parties.len(),
            Dimension::Type => setting.types.len(),
            Dimension::Package => setting.packages.len(),
            Dimension::Option => setting.option_count(),
            Dimension::Needed => setting.needed_sets.len(),
            Dimension::Solution => Solution::ALL.len(),
            Dimension::Issue => setting.issues.len(),
            Dimension::Ending => 4,
            Dimension::Month => months,
            Dimension::Milestone => MILESTONES.len(),
            Dimension::Side => 2,
            Dimension::Lever => setting.levers.len(),
            Dimension::Gate => setting.gates.len(),
            Dimension::Observable => setting.observables.len(),
            Dimension::Belief => BELIEFS.len(),
            Dimension::Messenger => setting.messengers.len(),
            Dimension::Failure => setting.failures.len(),
            Dimension::Target => setting.targets.len(),
            Dimension::State => setting.process.as_ref().map_or(0, |p| p.states.len()),
            Dimension::End => setting.process.as_ref().map_or(0, |p| p.ends.len()),
            // Asked of a case without talks as well, so that a claim about them is told that there are none.
            Dimension::TalksMonth => talks::TOLD_MONTHS + 1,
            Dimension::Round => setting.talks.as_ref().map_or(0, |own| own.rounds),
            Dimension::Offer => setting.talks.as_ref().map_or(0, |own| own.offers),
            Dimension::Move => setting.talks.as_ref().map_or(0, |own| own.moves),
            Dimension::Precision => talks::PRECISIONS.len(),
        }
    }

    /// Name of entry `i` in a case, as used in column names and claims.
    pub fn entry(self, setting: &Setting, i: usize) -> String {
        match self {
            Dimension::Party => setting.parties[i].id.clone(),
            Dimension::Type => type_id(setting, i),
            Dimension::Package => setting.packages[i].id.clone(),
            Dimension::Option => option_id(setting, i),
            Dimension::Needed => needed_id(setting, setting.needed_sets[i]),
            Dimension::Solution => Solution::ALL[i].id().to_owned(),
            Dimension::Issue => setting.issues[i].id.clone(),
            Dimension::Ending => Ending::ALL[i].id().to_owned(),
            Dimension::Month | Dimension::TalksMonth => i.to_string(),
            Dimension::Milestone => MILESTONES[i].to_string(),
            Dimension::Side => ["A", "B"][i].to_owned(),
            Dimension::Lever => setting.levers[i].id.clone(),
            Dimension::Gate => setting.gates[i].id.clone(),
            Dimension::Observable => setting.observables[i].id.clone(),
            Dimension::Belief => BELIEFS[i].to_owned(),
            Dimension::Messenger => setting.messengers[i].id.clone(),
            Dimension::Failure => setting.failures[i].id.clone(),
            Dimension::Target => setting.targets[i].id.clone(),
            Dimension::State => process(setting).states[i].id.clone(),
            Dimension::End => process(setting).ends[i].id.clone(),
            Dimension::Round | Dimension::Offer | Dimension::Move => (i + 1).to_string(),
            Dimension::Precision => ["low", "middle", "high"][i].to_owned(),
        }
    }
}

fn process(setting: &Setting) -> &crate::ProcessSetting {
    let process = setting.process.as_ref();
    process.expect("a state or an end of some process")
}

fn type_id(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    let party = &setting.parties[kind.party];
    if party.types.len() == 1 && kind.id == party.id {
        party.id.clone()
    } else {
        format!("{}.{}", party.id, kind.id)
    }
}

fn option_id(setting: &Setting, o: usize) -> String {
    let holder = setting
        .issues
        .iter()
        .rfind(|issue| issue.first_option <= o)
        .expect("an option of some issue");
    format!(
        "{}.{}",
        holder.id,
        holder.options[o - holder.first_option].id
    )
}

fn needed_id(setting: &Setting, set: PartySet) -> String {
    set.iter()
        .map(|p| setting.parties[p].id.as_str())
        .collect::<Vec<_>>()
        .join("+")
}

/// A quantity described as data.
#[derive(Clone, Copy, Debug)]
pub struct QuantitySpec {
    /// Identifier within the lens; claims and columns say `lens.id[entries]`.
    pub id: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Least and greatest value it can take.
    pub range: (f64, f64),
    /// What it means.
    pub meaning: &'static str,
    /// What it is stated per, outermost first.
    pub dimensions: &'static [Dimension],
    /// Can a claim set it as an intervention? A computed quantity that can be set is replaced there and downstream.
    pub settable: bool,
}

/// Where every quantity of a list of lenses lies in a table row.
#[derive(Clone, Debug)]
pub struct Layout {
    lenses: Vec<LensLayout>,
    width: usize,
}

#[derive(Clone, Debug)]
struct LensLayout {
    id: &'static str,
    columns: std::ops::Range<usize>,
    quantities: Vec<QuantityLayout>,
}

#[derive(Clone, Debug)]
struct QuantityLayout {
    id: &'static str,
    start: usize,
    sizes: Vec<usize>,
}

impl Layout {
    /// Lays out the quantities of `specs` for a case.
    pub fn new(setting: &Setting, specs: &[&'static LensSpec]) -> Self {
        let mut width = 0;
        let mut lenses = Vec::new();
        for spec in specs {
            let first = width;
            let mut quantities = Vec::new();
            for quantity in spec.quantities {
                let sizes: Vec<usize> = quantity
                    .dimensions
                    .iter()
                    .map(|d| d.size(setting))
                    .collect();
                quantities.push(QuantityLayout {
                    id: quantity.id,
                    start: width,
                    sizes: sizes.clone(),
                });
                width += sizes.iter().product::<usize>();
            }
            lenses.push(LensLayout {
                id: spec.id,
                columns: first..width,
                quantities,
            });
        }
        Self { lenses, width }
    }

    /// Columns in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Columns of lens number `lens`.
    pub fn columns(&self, lens: usize) -> std::ops::Range<usize> {
        self.lenses[lens].columns.clone()
    }

    /// Column of an entry of a quantity. Panics if no lens of the layout reports it, or an index is out of its dimension:
    /// both are bugs of the caller.
    pub fn column(&self, of: Handle, index: &[usize]) -> usize {
        let mut lenses = self.lenses.iter();
        let holder = lenses
            .find(|lens| lens.id == of.lens)
            .unwrap_or_else(|| panic!("no lens {}", of.lens));
        holder.quantities[of.place].column(index)
    }

    /// The same for a quantity whose name was read somewhere.
    pub fn column_of(&self, lens: &str, quantity: &str, index: &[usize]) -> usize {
        let holder = self
            .lenses
            .iter()
            .find(|l| l.id == lens)
            .unwrap_or_else(|| panic!("no lens {lens}"));
        let found = holder.quantities.iter().find(|q| q.id == quantity);
        found
            .unwrap_or_else(|| panic!("no quantity {lens}.{quantity}"))
            .column(index)
    }
}

impl LensLayout {
    /// Place of an entry among the lens's own cells.
    fn cell(&self, of: Handle, index: &[usize]) -> usize {
        debug_assert_eq!(of.lens, self.id, "a quantity of this lens");
        self.quantities[of.place].column(index) - self.columns.start
    }
}

impl QuantityLayout {
    fn column(&self, index: &[usize]) -> usize {
        assert_eq!(
            index.len(),
            self.sizes.len(),
            "one index a dimension of {}",
            self.id
        );
        let within = index.iter().zip(&self.sizes).fold(0, |at, (i, size)| {
            assert!(i < size, "index {i} of {} entries of {}", size, self.id);
            at * size + i
        });
        self.start + within
    }
}

/// One lens's part of a row, to be written.
pub struct Row<'a> {
    layout: &'a LensLayout,
    cells: &'a mut [f64],
}

impl<'a> Row<'a> {
    /// The part of lens number `lens` in a row of `layout`.
    pub fn new(layout: &'a Layout, lens: usize, row: &'a mut [f64]) -> Self {
        let layout = &layout.lenses[lens];
        Self {
            layout,
            cells: &mut row[layout.columns.clone()],
        }
    }

    /// Writes an entry of a quantity of the lens.
    pub fn set(&mut self, of: Handle, index: &[usize], value: f64) {
        let cell = self.layout.cell(of, index);
        self.cells[cell] = value;
    }

    /// Adds to an entry, counting NaN (not yet written) as zero.
    pub fn add(&mut self, of: Handle, index: &[usize], value: f64) {
        let cell = self.layout.cell(of, index);
        let cell = &mut self.cells[cell];
        *cell = if cell.is_nan() { value } else { *cell + value };
    }

    /// What has been written so far.
    pub fn view(&self) -> RowView<'_> {
        RowView {
            layout: self.layout,
            cells: self.cells,
        }
    }
}

/// One lens's part of a row, to be read: the answer that a certificate sees.
#[derive(Clone, Copy)]
pub struct RowView<'a> {
    layout: &'a LensLayout,
    cells: &'a [f64],
}

impl<'a> RowView<'a> {
    /// The part of lens number `lens` in a row of `layout`.
    pub fn new(layout: &'a Layout, lens: usize, row: &'a [f64]) -> Self {
        let layout = &layout.lenses[lens];
        Self {
            layout,
            cells: &row[layout.columns.clone()],
        }
    }

    /// Reads an entry; NaN where nothing was written.
    pub fn get(&self, of: Handle, index: &[usize]) -> f64 {
        self.cells[self.layout.cell(of, index)]
    }
}
