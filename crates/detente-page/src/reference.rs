//! Reference pages, derived from the tables of codes, lenses, quantities and keys of the language.

use std::fmt::Write as _;

use detente_case::{Case, Draw, Status};
use detente_core::{LensSpec, Maturity, QuantitySpec};

use crate::keys::{key_page, key_page_of_number, places, word};
use crate::terms::unit_in;
use crate::words::short;

/// The page on a diagnostic code, a lens or a quantity (`lens.quantity`).
///
/// # Errors
///
/// There is none of that name: the nearest name, if one is near.
pub fn explain(topic: &str) -> Result<String, Option<String>> {
    if let Some(info) = detente_diag::find_code(topic) {
        return Ok(info.page.to_owned());
    }
    let specs = detente_core::catalogue::all();
    if let Some(spec) = specs.iter().find(|spec| spec.id == topic) {
        // A lens and the table that it reads may share a name.
        let key = key_page(topic).map_or(String::new(), |key| format!("\n{key}"));
        return Ok(lens_page(spec) + &key);
    }
    let quantities = || {
        specs.iter().flat_map(|spec| {
            let all = spec.quantities.iter().chain(spec.planned);
            all.map(move |q| (format!("{}.{}", spec.id, q.id), *spec, q))
        })
    };
    if let Some((name, spec, quantity)) =
        quantities().find(|(name, _, q)| name == topic || q.id == topic)
    {
        let awaits = if spec.planned.iter().any(|q| q.id == quantity.id) {
            " Not computed yet: claims may speak of it already."
        } else {
            ""
        };
        // A quantity and a key may share a name too.
        let key = key_page(topic).map_or(String::new(), |key| format!("\n{key}"));
        return Ok(format!(
            "# {name}\n\n{}.\n\nLens: {}. {}{awaits}\n{key}",
            quantity_line(quantity),
            spec.id,
            spec.question
        ));
    }
    if let Some(page) = key_page(topic)
        .or_else(|| places(topic))
        .or_else(|| word(topic))
    {
        return Ok(page);
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
    for (having, limit) in spec.limits_with {
        let _ = writeln!(page, "{}: {limit}\n", having.words());
    }
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
    for quantity in spec.planned {
        let _ = writeln!(
            page,
            "- `{}.{}` (not computed yet) {}",
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

/// What a case says of one of its numbers.
///
/// # Errors
///
/// The case has no number at this path: the nearest path, if one is near.
pub fn explain_input(case: &Case, path: &str) -> Result<String, Option<String>> {
    let Some(input) = case.inputs.iter().find(|input| input.path == path) else {
        let known = case.inputs.iter().map(|input| input.path.as_str());
        return Err(detente_diag::nearest(path, known).map(str::to_owned));
    };
    let mut page = key_page_of_number(path).unwrap_or_else(|| format!("# {path}\n"));
    // What counts the line in general has a name of its own in a case.
    let unit = unit_in(input.unit, &case.setting);
    page = page.replace(
        &format!("\nUnit: {};", input.unit),
        &format!("\nUnit: {unit};"),
    );
    let _ = match (input.status, input.text.as_str()) {
        (Status::Default, text) => writeln!(
            page,
            "\nThe case does not say, and answers depend on it: {text} (default)."
        ),
        (_, "") => writeln!(page, "\nThe case does not say."),
        (status, text) => writeln!(page, "\nThe case says: {text} ({}).", status.name()),
    };
    match &input.draw {
        Draw::Own(d) if d.exact().is_some() => {}
        Draw::Own(d) => {
            let at = [0.05, 0.5, 0.95].map(|u| short(d.quantile(u)));
            let shape = d.shape();
            let _ = writeln!(
                page,
                "Drawn {shape}: 5 % {}, median {}, 95 % {}.",
                at[0], at[1], at[2]
            );
        }
        Draw::Inherited(same) => {
            let _ = writeln!(
                page,
                "The same number as {}.",
                case.inputs[same.0 as usize].path
            );
        }
        Draw::Ranked { .. } => page.push_str("Only its rank is known.\n"),
    }
    for expert in &input.experts {
        let median = short(expert.distribution.quantile(0.5));
        let dated = match expert.on.as_str() {
            "" => expert.by.clone(),
            on => format!("{}, {on}", expert.by),
        };
        let why = match expert.why.as_str() {
            "" => String::new(),
            why => format!(" ({why})"),
        };
        let _ = writeln!(page, "- {dated}: median {median}{why}");
    }
    let said = &input.said;
    let private = said
        .private_to
        .map(|p| case.setting.parties[p].name.clone());
    for (what, text) in [
        ("Why", said.why.clone()),
        ("By", said.by.clone()),
        ("On", said.on.clone()),
        ("Look again", said.revisit.clone()),
        ("Known to", private.unwrap_or_default()),
    ] {
        if !text.is_empty() {
            let _ = writeln!(page, "{what}: {}", ended(&text));
        }
    }
    for source in &input.sources {
        let source = &case.sources[*source];
        let _ = writeln!(page, "Source {}: {}", source.id, ended(&source.title));
    }
    Ok(page)
}

/// A text with a full stop at its end, or the sign that it ends in itself.
fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
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

#[cfg(test)]
mod tests {
    use super::{ended, explain_input};

    #[test]
    fn a_text_ends_in_one_full_stop() {
        for (text, one) in [
            ("a guess", "a guess."),
            ("A guess.", "A guess."),
            ("Why not? ", "Why not?"),
            ("and so on …", "and so on …"),
        ] {
            assert_eq!(ended(text), one);
        }
        let text = include_str!("../../../cases/first-case/case.toml");
        let why = "burden = { value = \"10 to 22\", why = \"A guess.\" }";
        let text = text.replace("burden = \"10 to 22\"", why);
        let case = crate::check("case.toml", &text).case.unwrap();
        let said = case
            .inputs
            .iter()
            .filter(|input| !input.said.why.is_empty());
        let mut told = 0;
        for input in said {
            let page = explain_input(&case, &input.path).unwrap();
            assert!(page.contains("Why: ") && !page.contains("..\n"), "{page}");
            told += 1;
        }
        assert!(told > 0);
    }
}
