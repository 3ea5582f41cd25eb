//! What lenses report, as data: one row a quantity, in a file a lens. Columns of a table, pages of `explain`, names in JSON and the
//! handles by which solvers, certificates and reports speak of a quantity all come from that row.

pub mod alternative;
pub mod beliefs;
pub mod durability;
pub mod leverage;
pub mod settlement;
pub mod stability;
pub mod talks;
pub mod veto;

use std::fmt;

use crate::{Dimension as D, Having, LensSpec, Maturity, QuantitySpec, Reference, Unit};

/// A quantity of a lens, by which code speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handle {
    /// The lens.
    pub lens: &'static str,
    /// Place among its quantities.
    pub place: usize,
}

/// Every lens that reports something, by name.
pub static LENSES: &[&LensSpec] = &[
    &alternative::SPEC,
    &beliefs::SPEC,
    &durability::SPEC,
    &leverage::SPEC,
    &settlement::SPEC,
    &stability::SPEC,
    &talks::SPEC,
    &veto::SPEC,
];

/// Lenses to come, by name. Claims may speak of their quantities now; they are checked, and said to await their lens.
pub static PLANNED: &[&LensSpec] = &[];

/// Every quantity that claims may speak of: what the lenses report, and what those to come will report, by name.
pub fn all() -> Vec<&'static LensSpec> {
    let mut specs = [LENSES, PLANNED].concat();
    specs.sort_by_key(|spec| spec.id);
    specs
}

/// The quantity of a name that was read somewhere.
pub fn named(lens: &str, quantity: &str) -> Option<Handle> {
    let spec = LENSES.iter().find(|spec| spec.id == lens)?;
    let place = spec.quantities.iter().position(|q| q.id == quantity)?;
    let lens = spec.id;
    Some(Handle { lens, place })
}

impl fmt::Display for Handle {
    /// "settlement.agreed".
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let spec = LENSES.iter().find(|spec| spec.id == self.lens);
        let quantity = spec.and_then(|spec| spec.quantities.get(self.place));
        write!(f, "{}.{}", self.lens, quantity.map_or("", |q| q.id))
    }
}

/// A probability, a flag or a share.
const CHANCE: (f64, f64) = (0.0, 1.0);
/// Any number.
const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
/// A number not below 0.
const POSITIVE: (f64, f64) = (0.0, f64::INFINITY);

const fn quantity(
    id: &'static str,
    unit: Unit,
    range: (f64, f64),
    dimensions: &'static [D],
    meaning: &'static str,
) -> QuantitySpec {
    QuantitySpec {
        id,
        unit,
        range,
        meaning,
        dimensions,
        settable: false,
    }
}

/// A quantity that a claim can set as an intervention.
const fn settable(
    id: &'static str,
    unit: Unit,
    range: (f64, f64),
    dimensions: &'static [D],
    meaning: &'static str,
) -> QuantitySpec {
    QuantitySpec {
        settable: true,
        ..quantity(id, unit, range, dimensions, meaning)
    }
}

/// A lens's spec, and a handle for each of its quantities under the name of its row.
macro_rules! catalogued {
    (
        id: $id:literal,
        question: $question:literal,
        needs: $needs:literal,
        limits: $limits:literal,
        limits_with: $limits_with:expr,
        maturity: $maturity:expr,
        sources: $sources:expr,
        $(planned: $planned:expr,)?
        quantities: { $($name:ident = $spec:expr;)* }
    ) => {
        /// The lens as data.
        pub static SPEC: LensSpec = LensSpec {
            id: $id,
            question: $question,
            needs: $needs,
            limits: $limits,
            limits_with: $limits_with,
            maturity: $maturity,
            sources: $sources,
            quantities: &[$($spec),*],
            planned: &[$($planned)?],
        };

        /// Places of the quantities.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the handles are")]
        enum Place { $($name),* }

        $(
            #[doc = concat!("`", $id, "`: the quantity of this row.")]
            pub const $name: super::Handle = super::Handle {
                lens: $id,
                place: Place::$name as usize,
            };
        )*

        #[cfg(test)]
        mod tests {
            #[test]
            fn handles_are_called_what_their_quantities_are() {
                $(
                    let of = super::SPEC.quantities[super::$name.place].id;
                    assert_eq!(of.to_uppercase(), stringify!($name));
                )*
            }
        }
    };
}
use catalogued;
