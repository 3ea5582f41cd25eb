//! Statements about what is computed: read, checked against the catalogue of quantities, evaluated world by world.

mod evaluate;
mod parse;
mod quantifier;
mod tokens;

pub(crate) use parse::{Scope, parse, parse_amount, parse_entry};

use detente_diag::Span;

use crate::{InputId, Replacement};

/// A claim that somebody made.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Identifier.
    pub id: String,
    /// The claim in a sentence.
    pub says: String,
    /// Whose it is.
    pub by: String,
    /// When it was made, as written.
    pub on: String,
    /// fact, assessment, causal, conditional, forecast or value; empty if not said.
    pub kind: String,
    /// Places in [`Case::sources`](crate::Case::sources).
    pub sources: Vec<usize>,
    /// Identifiers of the claims that it rests on.
    pub rests_on: Vec<String>,
    /// What is audited.
    pub test: ClaimTest,
    /// Where its name stands.
    pub span: Span,
}

/// What is audited of a claim.
#[derive(Clone, Debug)]
pub enum ClaimTest {
    /// The share of worlds in which it holds.
    Share(Box<ShareTest>),
    /// It cannot be computed, and why.
    NotComputable(String),
}

/// What must hold of a world, and of which worlds.
#[derive(Clone, Debug)]
pub struct ShareTest {
    /// When it is true of a world.
    pub holds_when: Predicate,
    /// Only worlds in which this is true are counted.
    pub given: Option<Predicate>,
    /// What is set before anything is computed.
    pub with: Vec<With>,
    /// Levers of which every set is tried besides.
    pub over: Option<OverLevers>,
}

/// Levers of which every set is tried, those of the set certain to be pulled and the others certain not to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverLevers {
    /// Places in `Setting::levers`.
    pub levers: Vec<usize>,
    /// For which sets the claim must be true.
    pub sets: ForSets,
}

/// For which sets of levers a claim must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForSets {
    /// For one at least.
    Some,
    /// For every one.
    Every,
    /// For some that hold the first lever, and for none without it.
    Necessary,
    /// For every one that holds the first lever.
    Sufficient,
}

impl ForSets {
    /// As written in a case.
    pub fn word(self) -> &'static str {
        ["some", "every", "necessary", "sufficient"][self as usize]
    }

    /// Is the claim true, given whether it is for each set (bit k of a set's place: the k-th lever)? `None`: that cannot be told.
    pub fn holds(self, by_set: &[Option<bool>]) -> Option<bool> {
        let with_first = |wanted: usize| {
            let sets = by_set.iter().enumerate();
            sets.filter(move |(set, _)| set & 1 == wanted)
                .map(|(_, truth)| *truth)
        };
        match self {
            ForSets::Some => any(by_set.iter().copied()),
            ForSets::Every => all(by_set.iter().copied()),
            ForSets::Sufficient => all(with_first(1)),
            ForSets::Necessary => {
                let without = any(with_first(0)).map(|found| !found);
                all([any(with_first(1)), without].into_iter())
            }
        }
    }
}

/// A true part decides, whatever is unknown beside it.
fn any(mut truths: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    if truths.clone().any(|truth| truth == Some(true)) {
        return Some(true);
    }
    truths.all(|truth| truth.is_some()).then_some(false)
}

/// A false part decides, whatever is unknown beside it.
fn all(truths: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    any(truths.map(|truth| truth.map(|t| !t))).map(|found| !found)
}

/// An intervention: something is set, and everything downstream follows.
#[derive(Clone, Debug)]
pub enum With {
    /// An input.
    Input(Replacement),
    /// A quantity that a lens would compute.
    Quantity(QuantityEntry, f64),
}

impl With {
    /// The inputs among what is set.
    pub fn inputs(with: &[Self]) -> impl Iterator<Item = &Replacement> {
        with.iter().filter_map(|one| match one {
            Self::Input(replacement) => Some(replacement),
            Self::Quantity(..) => None,
        })
    }

    /// The quantities among what is set.
    pub fn quantities(with: &[Self]) -> impl Iterator<Item = &QuantityEntry> {
        with.iter().filter_map(|one| match one {
            Self::Quantity(entry, _) => Some(entry),
            Self::Input(_) => None,
        })
    }
}

/// A statement that is true or false of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// As written.
    pub text: String,
    /// How many numbers and names it has once sets are written out.
    pub(crate) terms: usize,
    pub(crate) root: Expr,
}

/// A number that is worked out of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// As written.
    pub text: String,
    /// How many numbers and names it has once sets are written out.
    pub(crate) terms: usize,
    pub(crate) root: Expr,
}

impl Amount {
    /// What it is in a world; NaN where something that it is made of was not computed.
    pub fn value(&self, facts: &dyn Facts) -> f64 {
        self.root.value(facts, false).value
    }

    /// Does it speak of inputs, not of quantities alone?
    pub fn speaks_of_inputs(&self) -> bool {
        self.root.speaks_of_inputs()
    }

    /// The unit of a number that is an input or a quantity as it stands, and not worked out of several.
    pub(crate) fn unit(
        &self,
        unit: &dyn Fn(&Expr) -> Option<&'static str>,
    ) -> Option<&'static str> {
        match &self.root {
            Expr::Input(_) | Expr::Quantity(..) => unit(&self.root),
            _ => None,
        }
    }

    /// Every quantity it speaks of.
    pub fn quantities(&self) -> Vec<&QuantityEntry> {
        self.root.quantities()
    }

    /// Does it look at what something would be without what is set?
    pub fn looks_at_base(&self) -> bool {
        let mut found = false;
        self.root
            .visit(&mut |expr| found |= matches!(expr, Expr::Base(_)));
        found
    }

    /// As [`Predicate::mixed_units`].
    pub(crate) fn mixed_units(
        &self,
        unit: &dyn Fn(&Expr) -> Option<&'static str>,
    ) -> Option<(&'static str, &'static str)> {
        self.root.mixed_units(unit)
    }
}

/// One entry of a quantity of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityEntry {
    /// Lens.
    pub lens: &'static str,
    /// Quantity.
    pub quantity: &'static str,
    /// One index a dimension.
    pub index: Vec<usize>,
    /// Is it computed, or does it await its lens?
    pub computed: bool,
}

/// An expression; tests are 1 or 0, or NaN where they cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Number(f64),
    Input(InputId),
    /// The chance of the type whose prior this is, but for the sum over its party: with what the record taught of it.
    Chance(InputId),
    /// With the least and greatest value that the catalogue states.
    Quantity(QuantityEntry, (f64, f64)),
    /// As it would be without the claim's `with`.
    Base(Box<Expr>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Minus,
    Not,
    Abs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Plus,
    Minus,
    Times,
    Over,
    Least,
    Greatest,
    Below,
    AtMost,
    Above,
    AtLeast,
    Equal,
    And,
    Or,
}

impl Binary {
    /// Does it make a truth out of two numbers?
    fn compares(self) -> bool {
        matches!(
            self,
            Binary::Below | Binary::AtMost | Binary::Above | Binary::AtLeast | Binary::Equal
        )
    }

    /// Does it make a truth out of two truths?
    fn joins(self) -> bool {
        matches!(self, Binary::And | Binary::Or)
    }
}

/// What a predicate is evaluated on.
pub trait Facts {
    /// The value of an input in the world; `base`: without the claim's intervention.
    fn input(&self, id: InputId, base: bool) -> f64;
    /// The value of a quantity in the world; NaN where it was not computed.
    fn quantity(&self, entry: &QuantityEntry, base: bool) -> f64;
    /// What was learned of the type whose prior this is, as [`Plan::apply`](crate::Plan::apply) takes it; `base` as above.
    fn learned(&self, _prior: InputId, _base: bool) -> f64 {
        1.0
    }
}

impl Predicate {
    /// Is it true of a world? `None` where something that decides it was not computed.
    pub fn holds(&self, facts: &dyn Facts) -> Option<bool> {
        let truth = self.root.value(facts, false).value;
        (!truth.is_nan()).then_some(truth > 0.5)
    }

    /// Every input it speaks of.
    pub fn inputs(&self) -> Vec<InputId> {
        let mut found = Vec::new();
        self.root.visit(&mut |expr| {
            if let Expr::Input(id) | Expr::Chance(id) = expr {
                found.push(*id);
            }
        });
        found
    }

    /// Every quantity it speaks of.
    pub fn quantities(&self) -> Vec<&QuantityEntry> {
        self.root.quantities()
    }

    /// Two kinds of number that it adds or compares although they are counted in different units, if it does.
    pub(crate) fn mixed_units(
        &self,
        unit: &dyn Fn(&Expr) -> Option<&'static str>,
    ) -> Option<(&'static str, &'static str)> {
        self.root.mixed_units(unit)
    }

    /// Does it ask whether a number that varies equals another, or itself?
    pub(crate) fn never_or_always(&self) -> bool {
        let mut found = false;
        self.root.visit(&mut |expr| {
            if let Expr::Binary(op, a, b) = expr {
                found |= op.compares() && a == b;
            }
        });
        found
    }

    /// Whether it is true (or false) of every world whatever is computed, judged by the ranges of what it speaks of.
    pub(crate) fn by_construction(&self, bounds: &dyn Fn(InputId) -> (f64, f64)) -> Option<bool> {
        match self.root.range(bounds) {
            (1.0, _) => Some(true),
            (_, 0.0) => Some(false),
            _ => None,
        }
    }
}

impl Expr {
    fn speaks_of_inputs(&self) -> bool {
        let mut found = false;
        self.visit(&mut |expr| found |= matches!(expr, Expr::Input(_) | Expr::Chance(_)));
        found
    }

    fn quantities(&self) -> Vec<&QuantityEntry> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let Expr::Quantity(entry, _) = expr {
                found.push(entry);
            }
        });
        found
    }

    fn mixed_units(
        &self,
        unit: &dyn Fn(&Expr) -> Option<&'static str>,
    ) -> Option<(&'static str, &'static str)> {
        let mut mixed = None;
        self.visit(&mut |expr| {
            if let Expr::Binary(op, a, b) = expr
                && (op.compares() || matches!(op, Binary::Plus | Binary::Minus))
                && let (Some(a), Some(b)) = (a.unit(unit), b.unit(unit))
                && a != b
            {
                mixed.get_or_insert((a, b));
            }
        });
        mixed
    }

    pub(crate) fn visit<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        see(self);
        match self {
            Expr::Number(_) | Expr::Input(_) | Expr::Chance(_) | Expr::Quantity(..) => {}
            Expr::Base(inner) | Expr::Unary(_, inner) => inner.visit(see),
            Expr::Binary(_, a, b) => {
                a.visit(see);
                b.visit(see);
            }
        }
    }

    /// The unit it is counted in; `None` for plain numbers, products and what has none.
    fn unit(&self, of: &dyn Fn(&Expr) -> Option<&'static str>) -> Option<&'static str> {
        match self {
            Expr::Number(_) | Expr::Unary(Unary::Not, _) => None,
            Expr::Input(_) | Expr::Chance(_) | Expr::Quantity(..) => of(self),
            Expr::Base(inner) | Expr::Unary(_, inner) => inner.unit(of),
            Expr::Binary(op, a, b) => match op {
                Binary::Plus | Binary::Minus | Binary::Least | Binary::Greatest => {
                    a.unit(of).or(b.unit(of))
                }
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Binary, Expr, Facts, Predicate, QuantityEntry, Unary};
    use crate::InputId;

    struct Fixed(f64);

    impl Facts for Fixed {
        fn input(&self, _: InputId, base: bool) -> f64 {
            if base { -self.0 } else { self.0 }
        }
        fn quantity(&self, _: &QuantityEntry, _: bool) -> f64 {
            f64::NAN
        }
    }

    fn binary(op: Binary, a: Expr, b: Expr) -> Expr {
        Expr::Binary(op, Box::new(a), Box::new(b))
    }

    fn unknown() -> Expr {
        let entry = QuantityEntry {
            lens: "l",
            quantity: "q",
            index: Vec::new(),
            computed: false,
        };
        Expr::Quantity(entry, (0.0, 1.0))
    }

    #[test]
    fn what_is_unknown_decides_only_where_it_must() {
        let x = || Expr::Input(InputId(0));
        let positive = || binary(Binary::Above, x(), Expr::Number(0.0));
        let unclear = || binary(Binary::Above, unknown(), Expr::Number(0.5));
        let holds = |root: Expr| {
            let predicate = Predicate {
                text: String::new(),
                terms: 0,
                root,
            };
            predicate.holds(&Fixed(2.0))
        };
        assert_eq!(holds(positive()), Some(true));
        assert_eq!(holds(unclear()), None);
        assert_eq!(holds(binary(Binary::Or, positive(), unclear())), Some(true));
        assert_eq!(holds(binary(Binary::And, positive(), unclear())), None);
        let negative = Expr::Unary(Unary::Not, Box::new(positive()));
        assert_eq!(holds(binary(Binary::And, negative, unclear())), Some(false));
        let grew = binary(Binary::Above, x(), Expr::Base(Box::new(x())));
        assert_eq!(holds(grew), Some(true));
    }

    #[test]
    fn what_is_divided_by_zero_is_not_told() {
        let number = Expr::Number;
        let over = |a, b| binary(Binary::Over, number(a), b);
        let zero = || {
            binary(
                Binary::Minus,
                Expr::Input(InputId(0)),
                Expr::Input(InputId(0)),
            )
        };
        let holds = |root: Expr| {
            let predicate = Predicate {
                text: String::new(),
                terms: 0,
                root,
            };
            predicate.holds(&Fixed(2.0))
        };
        for (op, than) in [
            (Binary::Below, 0.0),
            (Binary::Above, 0.0),
            (Binary::AtLeast, f64::MIN),
            (Binary::Equal, 1.0),
        ] {
            for a in [-1.0, 0.0, 1.0] {
                let compared = binary(op, over(a, zero()), number(than));
                assert_eq!(holds(compared.clone()), None, "{a} {op:?}");
                let not = Expr::Unary(Unary::Not, Box::new(compared.clone()));
                assert_eq!(holds(not), None);
                // Beside it, what can be told decides as ever.
                let sure = binary(Binary::Above, number(1.0), number(0.0));
                assert_eq!(
                    holds(binary(Binary::Or, compared.clone(), sure.clone())),
                    Some(true)
                );
                assert_eq!(holds(binary(Binary::And, compared, sure)), None);
            }
        }
        // Nor is what leaves the numbers on the way.
        let huge = binary(Binary::Times, number(1e300), number(1e300));
        let tiny = over(1.0, number(1e-320));
        for beyond in [huge, tiny] {
            assert_eq!(holds(binary(Binary::Above, beyond, number(0.0))), None);
        }
        assert_eq!(
            holds(binary(Binary::Above, over(1.0, number(-0.5)), number(-3.0))),
            Some(true)
        );
    }

    #[test]
    fn ranges_decide_what_is_true_by_construction() {
        let decided = |root: Expr| {
            let predicate = Predicate {
                text: String::new(),
                terms: 0,
                root,
            };
            predicate.by_construction(&|_| (2.0, f64::INFINITY))
        };
        let x = || Expr::Input(InputId(0));
        assert_eq!(
            decided(binary(Binary::AtLeast, unknown(), Expr::Number(0.0))),
            Some(true)
        );
        assert_eq!(
            decided(binary(Binary::Above, unknown(), Expr::Number(0.0))),
            None
        );
        assert_eq!(decided(binary(Binary::Above, unknown(), x())), Some(false));
        let product = binary(Binary::Times, x(), Expr::Unary(Unary::Minus, Box::new(x())));
        assert_eq!(
            decided(binary(Binary::Below, product, Expr::Number(0.0))),
            Some(true)
        );
    }
}
