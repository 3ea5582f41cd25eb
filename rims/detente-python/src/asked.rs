//! Quantities by the names that claims and tables use: `settlement.agreed[mediators_terms]`, or all entries of `settlement.agreed`.

use detente::{Column, Handle, Setting, columns, handles};

/// An entry that is asked for: where it stands, and the names of its places.
pub(crate) struct Entry {
    pub(crate) column: Column,
    pub(crate) of: Handle,
    pub(crate) index: Vec<usize>,
    pub(crate) names: Vec<String>,
}

/// The entries of a name: one, or all of a quantity whose entries are not said. An error says which name is near.
pub(crate) fn entries(setting: &Setting, typed: &str) -> Result<Vec<Entry>, String> {
    let bare = |name: &str| -> String { name.chars().filter(|c| !c.is_whitespace()).collect() };
    let wanted = bare(typed);
    let all = columns(setting);
    let whole = !wanted.contains('[');
    let found: Vec<&Column> = all
        .iter()
        .filter(|c| bare(&c.name) == wanted || whole && c.quantity == wanted)
        .collect();
    if found.is_empty() {
        return Err(unknown(&all, typed, &wanted));
    }
    let entry = |column: &Column| {
        let (lens, quantity) = column.quantity.split_once('.')?;
        let of = handles::named(lens, quantity)?;
        let spec = detente::catalogue().into_iter().find(|s| s.id == lens)?;
        let dimensions = spec.quantities.get(of.place)?.dimensions;
        let first = all.iter().position(|c| c.quantity == column.quantity)?;
        // Entries stand in a row with the last dimension fastest.
        let mut rest = column.place.checked_sub(all[first].place)?;
        let (mut index, mut names) = (Vec::new(), Vec::new());
        for dimension in dimensions.iter().rev() {
            let size = dimension.size(setting).max(1);
            index.push(rest % size);
            names.push(dimension.entry(setting, rest % size));
            rest /= size;
        }
        index.reverse();
        names.reverse();
        let column = column.clone();
        Some(Entry {
            column,
            of,
            index,
            names,
        })
    };
    Ok(found.into_iter().filter_map(entry).collect())
}

/// What is said of a name that nothing has.
fn unknown(all: &[Column], typed: &str, wanted: &str) -> String {
    let quantity = wanted.split('[').next().unwrap_or_default();
    let known = all.iter().any(|c| c.quantity == quantity);
    let names: Vec<&str> = if known {
        let of = all.iter().filter(|c| c.quantity == quantity);
        of.map(|c| c.name.as_str()).collect()
    } else {
        let mut names: Vec<&str> = all.iter().map(|c| c.quantity.as_str()).collect();
        names.dedup();
        names
    };
    let near = if known {
        detente::diag::nearest(typed, names.iter().copied())
    } else {
        detente::diag::nearest(quantity, names.iter().copied())
    };
    match near {
        Some(near) => format!("the case has no quantity `{typed}`; did you mean `{near}`?"),
        None if known && names.len() <= 12 => {
            format!(
                "the case has no quantity `{typed}`; it has: {}",
                names.join(", ")
            )
        }
        None => format!(
            "the case has no quantity `{typed}`; `detente.quantities()` lists them, an entry is asked for as in `{}`",
            all.iter()
                .find(|c| c.name.contains('['))
                .map_or("", |c| c.name.as_str())
        ),
    }
}

/// What a quantity means.
pub(crate) fn meaning(quantity: &str) -> Option<&'static str> {
    let (lens, quantity) = quantity.split_once('.')?;
    let spec = detente::catalogue().into_iter().find(|s| s.id == lens)?;
    let spec = spec.quantities.iter().find(|q| q.id == quantity)?;
    Some(spec.meaning)
}
