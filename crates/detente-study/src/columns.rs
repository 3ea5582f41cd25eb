//! What the columns of a run's table are called.

use detente_core::{Dimension, Setting, Unit};
use detente_lens::conformance;

/// A column of a run's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// As claims write it: `lens.quantity[entry, entry]`.
    pub name: String,
    /// `lens.quantity`.
    pub quantity: String,
    /// Unit.
    pub unit: Unit,
    /// Is it one of a list by month?
    pub monthly: bool,
    /// Its place in a row of a [`Table`](crate::Table).
    pub place: usize,
}

/// What the column is called that says what each world counts.
pub const WEIGHT: &str = "record.weight";

/// The column of what each world counts: it stands beside a row of a [`Table`](crate::Table), behind its last number.
pub fn weight_column(setting: &Setting) -> Column {
    Column {
        name: WEIGHT.to_owned(),
        quantity: WEIGHT.to_owned(),
        unit: Unit::Ratio,
        monthly: false,
        place: columns(setting).len(),
    }
}

/// All columns of the tables of a case, in the order of a row.
pub fn columns(setting: &Setting) -> Vec<Column> {
    let mut columns = Vec::new();
    for spec in conformance::specs() {
        for quantity in spec.quantities {
            let id = format!("{}.{}", spec.id, quantity.id);
            for entries in entries(setting, quantity.dimensions) {
                let name = if entries.is_empty() {
                    id.clone()
                } else {
                    format!("{id}[{}]", entries.join(", "))
                };
                columns.push(Column {
                    name,
                    quantity: id.clone(),
                    unit: quantity.unit,
                    monthly: quantity.dimensions.contains(&Dimension::Month),
                    place: columns.len(),
                });
            }
        }
    }
    columns
}

/// All combinations of entries, the last dimension fastest.
fn entries(setting: &Setting, dimensions: &[Dimension]) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for dimension in dimensions {
        let names: Vec<String> = (0..dimension.size(setting))
            .map(|i| dimension.entry(setting, i))
            .collect();
        let longer = |head: &Vec<String>| {
            let head = head.clone();
            names
                .iter()
                .map(move |name| [head.as_slice(), std::slice::from_ref(name)].concat())
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use detente_core::Layout;
    use detente_core::catalogue::settlement;
    use detente_lens::conformance;

    use super::columns;
    use crate::check;

    #[test]
    fn names_stand_where_the_layout_puts_the_numbers() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let setting = check("case.toml", text).case.unwrap().setting;
        let layout = Layout::new(&setting, &conformance::specs());
        let columns = columns(&setting);
        assert_eq!(columns.len(), layout.width());
        let names: BTreeSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.len(), columns.len(), "no name stands twice");
        let place = |name: &str| columns.iter().position(|c| c.name == name).unwrap();
        let (package, party) = (&setting.packages[1].id, &setting.parties[1].id);
        assert_eq!(
            place(&format!("settlement.accepts[{party}, {package}]")),
            layout.column(settlement::ACCEPTS, &[1, 1])
        );
        assert_eq!(
            place("settlement.zone"),
            layout.column(settlement::ZONE, &[])
        );
    }
}
