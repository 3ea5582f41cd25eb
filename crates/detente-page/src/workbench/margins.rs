//! Why a party takes a package or refuses it, as a waterfall a type: from what the package is worth to what it gains by signing.

use detente_core::Setting;
use detente_evidence::{TypeWhy, Why};
use serde_json::{Value, json};

use crate::svg::{responsive, waterfall};
use crate::terms::Terms;
use crate::why::{part_name, worth_name};
use crate::words::capitalised;

/// What is made of the answer to “why”: by type, its margin, whether it accepts, its hard red lines that are crossed, and the picture.
pub fn margins(setting: &Setting, why: &Why) -> Value {
    let types = why.types.iter();
    let types: Vec<Value> = types.map(|of| margin(setting, why, of)).collect();
    json!({
        "party": setting.parties[why.party].id,
        "name": setting.parties[why.party].name,
        "needed": setting.packages[why.package].needed.contains(why.party),
        "types": types,
    })
}

fn margin(setting: &Setting, why: &Why, of: &TypeWhy) -> Value {
    let kind = &setting.types[of.of];
    let several = setting.parties[kind.party].types.len() > 1;
    let crossed = of.crossed.iter().map(|place| &setting.red_lines[*place]);
    let crossed: Vec<&str> = crossed
        .map(|line| {
            if line.says.is_empty() {
                line.id.as_str()
            } else {
                line.says.as_str()
            }
        })
        .collect();
    let refusing = of.refusing.as_ref();
    let margin = refusing.and_then(|refusing| refusing.margin);
    let accepts = margin.map(|(_, is_enough)| is_enough && of.crossed.is_empty());
    json!({
        "name": if several { kind.name.as_str() } else { setting.parties[kind.party].name.as_str() },
        "prior": of.prior,
        "worth": of.worth,
        "no_deal": refusing.map(|refusing| refusing.value),
        "margin": margin.map(|(margin, _)| margin),
        "accepts": accepts,
        "crossed": crossed,
        "picture": picture(setting, why, of),
    })
}

/// The waterfall: what is worth something in the package, then what refusing is worth, with the levers that it triggers, what is asked
/// beyond that, and what promises bring. The steps are those that `why` prints; their sum is its margin.
fn picture(setting: &Setting, why: &Why, of: &TypeWhy) -> Option<String> {
    /// Below this a step cannot be seen.
    const SEEN: f64 = 0.05;
    let refusing = of.refusing.as_ref()?;
    let (margin, _) = refusing.margin?;
    let step = |label: String, change: f64| waterfall::Step {
        label: capitalised(&label),
        change,
        error: 0.0,
        placeholder: false,
    };
    let going_on = Terms::of(setting).going_on;
    let parts = of.parts.iter();
    let mut steps: Vec<waterfall::Step> = parts
        .map(|(part, x)| step(worth_name(setting, *part), *x))
        .collect();
    steps.push(step("promises".to_owned(), refusing.promised));
    let parts = refusing.parts.iter();
    steps.extend(
        parts.map(|(part, x)| step(format!("{going_on}: {}", part_name(setting, *part)), -x)),
    );
    steps.push(step(
        "levers that its refusal may trigger".to_owned(),
        refusing.alone - refusing.value,
    ));
    steps.push(step(
        "what it asks beyond that".to_owned(),
        refusing.value - refusing.bar,
    ));
    let small: f64 = steps
        .iter()
        .map(|s| s.change)
        .filter(|x| x.abs() < SEEN)
        .sum();
    steps.retain(|s| s.change.abs() >= SEEN);
    if small.abs() >= SEEN {
        steps.push(step("the rest, in small pieces".to_owned(), small));
    }
    let chart = waterfall::Waterfall {
        title: format!(
            "{} and “{}”",
            setting.types[of.of].name, setting.packages[why.package].name
        ),
        desc: "What the package is worth piece by piece, less what refusing is worth, with every number at its median.".to_owned(),
        id: format!("margin-{}", setting.types[of.of].id.replace('.', "-")),
        unit: "points".to_owned(),
        start: waterfall::Total { label: "Nothing".to_owned(), value: 0.0, placeholder: false },
        steps,
        end: waterfall::Total { label: "Margin".to_owned(), value: margin, placeholder: false },
        decimals: Some(1),
        ..waterfall::Waterfall::default()
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}
