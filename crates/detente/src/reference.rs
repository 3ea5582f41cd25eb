//! Reference pages, derived from the tables of codes, lenses and quantities.

use std::fmt::Write as _;

use detente_core::{LensSpec, Maturity, QuantitySpec};
use detente_lens::LENSES;

/// The page on a diagnostic code, a lens or a quantity (`lens.quantity`).
///
/// # Errors
///
/// There is none of that name: the nearest name, if one is near.
pub fn explain(topic: &str) -> Result<String, Option<String>> {
    if let Some(info) = detente_diag::find_code(topic) {
        return Ok(info.page.to_owned());
    }
    let specs: Vec<&LensSpec> = LENSES.iter().map(|lens| lens.spec()).collect();
    if let Some(spec) = specs.iter().find(|spec| spec.id == topic) {
        return Ok(lens_page(spec));
    }
    let quantities = || {
        specs.iter().flat_map(|spec| {
            spec.quantities
                .iter()
                .map(move |q| (format!("{}.{}", spec.id, q.id), *spec, q))
        })
    };
    if let Some((name, spec, quantity)) =
        quantities().find(|(name, _, q)| name == topic || q.id == topic)
    {
        return Ok(format!(
            "# {name}\n\n{}.\n\nLens: {}. {}\n",
            quantity_line(quantity),
            spec.id,
            spec.question
        ));
    }
    let mut known: Vec<String> = quantities().map(|(name, ..)| name).collect();
    known.extend(specs.iter().map(|spec| spec.id.to_owned()));
    known.extend(detente_diag::CODES.iter().map(|info| info.code.to_string()));
    Err(detente_diag::nearest(topic, known.iter().map(String::as_str)).map(str::to_owned))
}

fn lens_page(spec: &LensSpec) -> String {
    let mut page = format!(
        "# {}\n\n{}\n\nNeeds {}.\n\n{}\n\n",
        spec.id, spec.question, spec.needs, spec.limits
    );
    let maturity = match spec.maturity {
        Maturity::Planned => "planned",
        Maturity::Early => "early: proven, but its quantities may still be renamed",
        Maturity::Stable => "stable",
    };
    let _ = writeln!(page, "Maturity: {maturity}.\n\n## Quantities\n");
    for quantity in spec.quantities {
        let _ = writeln!(
            page,
            "- `{}.{}` {}",
            spec.id,
            quantity.id,
            quantity_line(quantity)
        );
    }
    page.push_str("\n## Sources\n\n");
    for source in spec.sources {
        let _ = writeln!(page, "- {}: {}", source.who, source.what);
    }
    page
}

fn quantity_line(quantity: &QuantitySpec) -> String {
    let per: Vec<&str> = quantity.dimensions.iter().map(|d| d.name()).collect();
    let per = if per.is_empty() {
        String::new()
    } else {
        format!(" per {}", per.join(" and "))
    };
    let settable = if quantity.settable {
        "; can be set"
    } else {
        ""
    };
    format!(
        "({}{per}{settable}): {}",
        quantity.unit.name(),
        quantity.meaning
    )
}
