//! What statements come to in a world, and what they can come to in any.
//!
//! Two numbers are equal when they differ by no more than [`EQUAL`] of the greatest number that either is made of, a quantity counting as 1
//! at least. Every number is computed, and what is the same on paper differs in its last digits: without this `a + b = c` would be decided
//! by rounding. All comparisons go by it, so that exactly one of `a < b`, `a = b`, `a > b` is true.

use super::{Binary, Expr, Facts, Unary};
use crate::InputId;

/// Differences up to this part of the greatest number involved are none.
const EQUAL: f64 = 1e-9;

/// A number, and the greatest magnitude that it was made of.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) value: f64,
    scale: f64,
}

impl Made {
    fn of(value: f64) -> Self {
        Self {
            value,
            scale: value.abs(),
        }
    }

    fn truth(holds: bool) -> Self {
        Self::of(f64::from(u8::from(holds)))
    }

    fn unknown() -> Self {
        Self::of(f64::NAN)
    }

    fn equals(self, other: Self) -> bool {
        equal(self.value, other.value, self.scale.max(other.scale))
    }
}

fn equal(a: f64, b: f64, scale: f64) -> bool {
    // Infinite numbers equal themselves, and nothing is within a part of infinity.
    a == b || scale.is_finite() && (a - b).abs() <= EQUAL * scale
}

impl Expr {
    pub(super) fn value(&self, facts: &dyn Facts, base: bool) -> Made {
        match self {
            Expr::Number(x) => Made::of(*x),
            Expr::Input(id) => Made::of(facts.input(*id, base)),
            Expr::Chance(id) => Made::of(facts.input(*id, base) * facts.learned(*id, base)),
            Expr::Quantity(entry, _) => {
                let value = facts.quantity(entry, base);
                Made {
                    value,
                    scale: value.abs().max(1.0),
                }
            }
            Expr::Base(inner) => inner.value(facts, true),
            Expr::Unary(op, inner) => {
                let made = inner.value(facts, base);
                let value = match op {
                    Unary::Minus => -made.value,
                    Unary::Not => 1.0 - made.value,
                    Unary::Abs => made.value.abs(),
                };
                Made { value, ..made }
            }
            Expr::Binary(op, a, b) => op.value(a.value(facts, base), b.value(facts, base)),
        }
    }

    /// Its value if it speaks of nothing that varies.
    fn constant(&self) -> Option<Made> {
        struct Nothing;
        impl Facts for Nothing {
            fn input(&self, _: InputId, _: bool) -> f64 {
                f64::NAN
            }
            fn quantity(&self, _: &super::QuantityEntry, _: bool) -> f64 {
                f64::NAN
            }
        }
        let mut varies = false;
        self.visit(&mut |expr| {
            varies |= matches!(expr, Expr::Input(_) | Expr::Chance(_) | Expr::Quantity(..));
        });
        (!varies).then(|| self.value(&Nothing, false))
    }

    /// Least and greatest value it could take (interval arithmetic, so perhaps too wide).
    pub(super) fn range(&self, bounds: &dyn Fn(InputId) -> (f64, f64)) -> (f64, f64) {
        match self {
            Expr::Number(x) => (*x, *x),
            Expr::Input(id) => bounds(*id),
            // However much was learned of it.
            Expr::Chance(_) => (0.0, f64::INFINITY),
            Expr::Quantity(_, range) => *range,
            Expr::Base(inner) => inner.range(bounds),
            Expr::Unary(op, inner) => {
                let (low, high) = inner.range(bounds);
                match op {
                    Unary::Minus => (-high, -low),
                    Unary::Not => (1.0 - high, 1.0 - low),
                    Unary::Abs if low >= 0.0 => (low, high),
                    Unary::Abs if high <= 0.0 => (-high, -low),
                    Unary::Abs => (0.0, high.max(-low)),
                }
            }
            Expr::Binary(op, a, b) => {
                if op.compares()
                    && let (Some(a), Some(b)) = (a.constant(), b.constant())
                {
                    let truth = op.value(a, b).value;
                    return (truth, truth);
                }
                op.range(a.range(bounds), b.range(bounds))
            }
        }
    }
}

impl Binary {
    fn value(self, a: Made, b: Made) -> Made {
        let (x, y) = (a.value, b.value);
        let greater = a.scale.max(b.scale);
        let unknown = x.is_nan() || y.is_nan();
        let made = |value: f64, scale| {
            // What leaves the numbers on the way is not told.
            if value.is_infinite() && x.is_finite() && y.is_finite() {
                return Made::unknown();
            }
            Made { value, scale }
        };
        match self {
            Binary::Plus => made(x + y, greater),
            Binary::Minus => made(x - y, greater),
            Binary::Times => made(x * y, a.scale * b.scale),
            // What is divided by nothing is not told either.
            Binary::Over if equal(y, 0.0, b.scale) => Made::unknown(),
            // What a divisor lost to rounding, the quotient loses as a part of itself.
            Binary::Over => made(x / y, a.scale / y.abs() * (b.scale / y.abs())),
            // Kleene's logic: a false part decides "and", a true part decides "or", whatever is unknown beside it.
            Binary::And if x == 0.0 || y == 0.0 => Made::truth(false),
            Binary::Or if x == 1.0 || y == 1.0 => Made::truth(true),
            _ if unknown => Made::unknown(),
            Binary::And => Made::truth(true),
            Binary::Or => Made::truth(false),
            Binary::Least => made(x.min(y), greater),
            Binary::Greatest => made(x.max(y), greater),
            Binary::Below => Made::truth(x < y && !a.equals(b)),
            Binary::AtMost => Made::truth(x <= y || a.equals(b)),
            Binary::Above => Made::truth(x > y && !a.equals(b)),
            Binary::AtLeast => Made::truth(x >= y || a.equals(b)),
            Binary::Equal => Made::truth(a.equals(b)),
        }
    }

    fn range(self, (a, b): (f64, f64), (c, d): (f64, f64)) -> (f64, f64) {
        let unsure = (0.0, 1.0);
        let sure = |holds: bool, fails: bool| match (holds, fails) {
            (true, _) => (1.0, 1.0),
            (_, true) => (0.0, 0.0),
            _ => unsure,
        };
        // 0 · ∞ is 0 here: an end of a range, not a limit.
        let times = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
        let widest = |ends: [f64; 4]| {
            (
                ends.into_iter().fold(f64::INFINITY, f64::min),
                ends.into_iter().fold(f64::NEG_INFINITY, f64::max),
            )
        };
        // Below, and not equal.
        let below = |x: f64, y: f64| x < y && !equal(x, y, x.abs().max(y.abs()).max(1.0));
        match self {
            Binary::Plus => (a + c, b + d),
            Binary::Minus => (a - d, b - c),
            Binary::Times => widest([times(a, c), times(a, d), times(b, c), times(b, d)]),
            Binary::Over if c > 0.0 || d < 0.0 => widest([a / c, a / d, b / c, b / d]),
            Binary::Over => (f64::NEG_INFINITY, f64::INFINITY),
            Binary::Below => sure(below(b, c), a >= d),
            Binary::AtMost => sure(b <= c, below(d, a)),
            Binary::Above => sure(below(d, a), b <= c),
            Binary::AtLeast => sure(a >= d, below(b, c)),
            Binary::Equal => sure(a == b && c == d && a == c, below(b, c) || below(d, a)),
            Binary::And | Binary::Least => (a.min(c), b.min(d)),
            Binary::Or | Binary::Greatest => (a.max(c), b.max(d)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Binary, Expr, Facts, Predicate, QuantityEntry, Unary};
    use crate::InputId;

    /// Inputs and quantities by place.
    struct World([f64; 3]);

    impl Facts for World {
        fn input(&self, id: InputId, _: bool) -> f64 {
            self.0[id.0 as usize]
        }
        fn quantity(&self, entry: &QuantityEntry, _: bool) -> f64 {
            self.0[entry.index[0]]
        }
    }

    fn binary(op: Binary, a: Expr, b: Expr) -> Expr {
        Expr::Binary(op, Box::new(a), Box::new(b))
    }

    fn input(place: usize) -> Expr {
        Expr::Input(InputId::from_index(place))
    }

    fn quantity(place: usize) -> Expr {
        let entry = QuantityEntry {
            lens: "l",
            quantity: "q",
            index: vec![place],
            computed: true,
        };
        Expr::Quantity(entry, (f64::NEG_INFINITY, f64::INFINITY))
    }

    fn holds(op: Binary, a: Expr, b: Expr, world: [f64; 3]) -> bool {
        let predicate = Predicate {
            text: String::new(),
            terms: 0,
            root: binary(op, a, b),
        };
        predicate.holds(&World(world)).unwrap()
    }

    /// Exactly one of below, equal and above is true, and the others follow.
    fn order(a: &Expr, b: &Expr, world: [f64; 3]) -> i8 {
        let is = |op| holds(op, a.clone(), b.clone(), world);
        let found = [Binary::Below, Binary::Equal, Binary::Above].map(is);
        assert_eq!(found.iter().filter(|x| **x).count(), 1, "{found:?}");
        assert_eq!(is(Binary::AtMost), found[0] || found[1]);
        assert_eq!(is(Binary::AtLeast), found[2] || found[1]);
        i8::from(found[2]) - i8::from(found[0])
    }

    #[test]
    fn what_is_equal_on_paper_is_equal() {
        let number = Expr::Number;
        let sum = binary(Binary::Plus, number(0.1), number(0.2));
        assert_eq!(order(&sum, &number(0.3), [0.0; 3]), 0);
        // The same set against nothing: the difference is as small as what it was made of makes rounding.
        let rest = binary(Binary::Minus, sum, number(0.3));
        assert_eq!(order(&rest, &number(0.0), [0.0; 3]), 0);
        for x in [1e-12, 1.0, 3e7] {
            let world = [x / 3.0, x / 7.0, x / 3.0 + x / 7.0];
            let back = binary(Binary::Minus, input(2), input(1));
            assert_eq!(order(&back, &input(0), world), 0, "{x}");
            let ratio = binary(Binary::Over, input(0), input(1));
            let seven = binary(Binary::Times, ratio, number(3.0));
            assert_eq!(order(&seven, &number(7.0), world), 0, "{x}");
        }
    }

    #[test]
    fn small_numbers_of_a_case_are_told_apart_and_noise_of_a_quantity_is_not() {
        let zero = Expr::Number(0.0);
        assert_eq!(order(&input(0), &zero, [1e-12, 0.0, 0.0]), 1);
        assert_eq!(order(&input(0), &input(1), [1e-12, 2e-12, 0.0]), -1);
        assert_eq!(order(&quantity(0), &zero, [-1e-12, 0.0, 0.0]), 0);
        assert_eq!(order(&quantity(0), &zero, [1e-6, 0.0, 0.0]), 1);
        assert_eq!(
            order(&quantity(0), &quantity(1), [60.0, 60.0 + 1e-6, 0.0]),
            -1
        );
        assert_eq!(
            order(&quantity(0), &quantity(1), [60.0, 60.0 + 1e-9, 0.0]),
            0
        );
        let infinite = [f64::INFINITY, 1.0, 0.0];
        assert_eq!(order(&quantity(0), &quantity(1), infinite), 1);
        assert_eq!(order(&quantity(0), &quantity(0), infinite), 0);
    }

    #[test]
    fn constants_are_compared_as_worlds_compare_them() {
        let decided = |root: Expr| {
            let predicate = Predicate {
                text: String::new(),
                terms: 0,
                root,
            };
            predicate.by_construction(&|_| (0.5, 0.5))
        };
        let sum = || binary(Binary::Plus, Expr::Number(0.1), Expr::Number(0.2));
        let three = || Expr::Number(0.3);
        assert_eq!(decided(binary(Binary::Equal, sum(), three())), Some(true));
        assert_eq!(decided(binary(Binary::Above, sum(), three())), Some(false));
        let half = binary(Binary::Over, sum(), Expr::Number(0.6));
        assert_eq!(decided(binary(Binary::Equal, half, input(0))), None);
        let not = |e| Expr::Unary(Unary::Not, Box::new(e));
        let differ = not(binary(Binary::Equal, input(0), Expr::Number(0.4)));
        assert_eq!(decided(differ), Some(true));
    }
}
