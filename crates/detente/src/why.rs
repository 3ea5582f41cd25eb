//! Why a party accepts or refuses a package in one world, number by number.

use std::fmt::Write as _;

use detente_case::{Case, Overrides, Plan};
use detente_core::{
    LineStiffness, Preferences, Scene, Search, Setting, Side, Trigger, World, is_enough,
};
use detente_lens::{Part, Stage};
use detente_math::Stream;

use crate::terms::Terms;
use crate::words::{capitalised, genitive, per_hundred, points};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWhy {
    /// No party or package of this name; what it should be, and the nearest name, if one is near.
    Unknown(&'static str, String, Option<String>),
    /// The case does not say what happens without a deal.
    NoAlternative,
}

impl std::fmt::Display for NoWhy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoWhy::Unknown(what, name, near) => {
                write!(f, "the case has no {what} `{name}`")?;
                match near {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => write!(f, "; `detente list` prints them"),
                }
            }
            NoWhy::NoAlternative => write!(
                f,
                "the case does not say what happens without a deal, so nobody accepts or refuses"
            ),
        }
    }
}

impl std::error::Error for NoWhy {}

/// In one world (`None`: every number at its median), for each type of a party: what a named package is worth issue by issue,
/// which red lines it crosses, what no deal is worth by ending, what refusing is, and the margin. As text.
///
/// # Errors
///
/// The party or the package is unknown, or the case has no account of no deal.
pub fn why(
    case: &Case,
    overrides: &Overrides,
    party: &str,
    package: &str,
    world: Option<(Stream, u64)>,
) -> Result<String, NoWhy> {
    let setting = &case.setting;
    let find = |what, name: &str, ids: Vec<&str>| {
        let place = ids.iter().position(|id| *id == name);
        place.ok_or_else(|| {
            let near = detente_diag::nearest(name, ids).map(str::to_owned);
            NoWhy::Unknown(what, name.to_owned(), near)
        })
    };
    let ids = setting.parties.iter().map(|p| p.id.as_str()).collect();
    let party = find("party", party, ids)?;
    let ids = setting.packages.iter().map(|p| p.id.as_str()).collect();
    let package = find("package", package, ids)?;
    if !setting.has_no_deal() {
        return Err(NoWhy::NoAlternative);
    }
    let plan = Plan::new(case);
    let uniforms = match world {
        Some((stream, index)) => plan.uniforms(stream, index),
        None => plan.medians(),
    };
    let drawn = plan.world(&uniforms, overrides);
    let mut stage = Stage::default();
    stage.prepare(setting, &drawn);
    let mut out = String::new();
    let (who, what) = (&setting.parties[party], &setting.packages[package]);
    let which = match world {
        Some((_, index)) => format!("in world {index}"),
        None => "with every number at its median".to_owned(),
    };
    let _ = writeln!(out, "{} and “{}”, {which}", who.name, what.name);
    if !what.needed.contains(party) {
        let _ = writeln!(out, "(the package does not need its consent)");
    }
    let running = setting.levers.iter().zip(&drawn.numbers.levers);
    let running: Vec<&str> = running
        .filter(|(lever, n)| lever.trigger == Trigger::Now && n.on > 0.0)
        .map(|(lever, _)| lever.name.as_str())
        .collect();
    if !running.is_empty() {
        let _ = writeln!(
            out,
            "Levers that run whatever the talks bring: {}",
            running.join(", ")
        );
    }
    for t in who.types.clone() {
        of_type(&mut out, case, &stage, &drawn, t, package);
    }
    Ok(out)
}

fn of_type(out: &mut String, case: &Case, stage: &Stage, world: &World, t: usize, package: usize) {
    let setting = &case.setting;
    let scene = stage.scene(setting, world, Search::None);
    let choice = &setting.packages[package].choice;
    let kind = &setting.types[t];
    if setting.parties[kind.party].types.len() > 1 {
        let prior = per_hundred(world.numbers.types[t].prior);
        let _ = writeln!(out, "\nType “{}” (probability {prior} in 100)", kind.name);
    } else {
        out.push('\n');
    }
    let worth = scene.deal(t, choice);
    let _ = writeln!(out, "  The package is worth {} points:", points(worth));
    let mut rows = worth_rows(&scene, t, choice);
    let prospect = scene.aftermath.prospects.get(package);
    // What it would be worth if nothing could follow it.
    let paper = prospect.map_or(worth, |prospect| prospect.paper[t]);
    let leader = paper - rows.iter().map(|(_, x)| x).sum::<f64>();
    for (what, points) in [
        ("the leader’s office and legacy", leader),
        ("what may follow the deal", worth - paper),
    ] {
        if points.abs() > 1e-9 {
            rows.push((what.to_owned(), points));
        }
    }
    table(out, &rows);

    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
    let crossed: Vec<String> = lines
        .filter(|(line, n)| {
            n.on > 0.0
                && line.stiffness == LineStiffness::Hard
                && line.types.contains(&t)
                && line.when.matches(choice)
        })
        .map(|(line, _)| {
            if line.says.is_empty() {
                line.id.clone()
            } else {
                format!("“{}”", line.says)
            }
        })
        .collect();
    if crossed.is_empty() {
        let _ = writeln!(out, "  It crosses none of its hard red lines.");
    } else {
        let _ = writeln!(out, "  It crosses hard red lines: {}", crossed.join(", "));
    }

    let (Some(value), Some(bar)) = (scene.reservation(t), scene.bar(t)) else {
        return;
    };
    // V and N are two numbers where its refusal may trigger levers, and the parts add up to the first.
    let alone = scene.no_deal_value(t).unwrap_or(value);
    let _ = writeln!(
        out,
        "  {} is worth {} points, under its own beliefs:",
        capitalised(Terms::of(setting).going_on),
        points(alone)
    );
    let parts = stage.no_deal_parts(setting, world, t);
    let rows: Vec<(String, f64)> = parts
        .into_iter()
        .map(|(part, x)| (part_name(setting, part), x))
        .collect();
    table(out, &rows);
    if value != alone {
        let _ = writeln!(
            out,
            "  Levers that its refusal may trigger change that by {}: refusing is worth {} points to it.",
            points(value - alone),
            points(value)
        );
    }
    let promised = scene.refusals.promise(t);
    if promised != 0.0 {
        let _ = writeln!(
            out,
            "  Promises bring it {} points besides once a deal is agreed.",
            points(promised)
        );
    }
    if bar > value {
        let _ = writeln!(out, "  It asks for {} points more.", points(bar - value));
    }
    let Some(stand) = scene.stand(t, choice) else {
        return;
    };
    let verdict = match (is_enough(stand.margin), crossed.is_empty()) {
        (true, true) => "it accepts",
        (true, false) => "it would accept but for its red lines",
        (false, true) => "it refuses",
        (false, false) => "it refuses, and would without its red lines too",
    };
    let sign = if stand.margin >= 0.0 { "+" } else { "" };
    let _ = writeln!(out, "  Margin {sign}{}: {verdict}.", points(stand.margin));
}

/// What the options, interactions and soft red lines of a package are worth, in points.
fn worth_rows(scene: &Scene, t: usize, choice: &[u8]) -> Vec<(String, f64)> {
    let Scene {
        setting,
        world,
        preferences,
        ..
    } = *scene;
    let own = preferences.of_type(t);
    let weights = &world.numbers.types[t].weights;
    let issues = setting.issues.iter().zip(choice).zip(weights);
    let mut rows: Vec<(String, f64)> = issues
        .filter(|(_, weight)| **weight > 0.0)
        .map(|((issue, o), _)| {
            let option = &issue.options[*o as usize];
            let label = format!("{}: {}", issue.name, option.name);
            (label, own[issue.first_option + *o as usize])
        })
        .collect();
    let together = setting
        .interactions
        .iter()
        .zip(preferences.interactions_of(t));
    for (interaction, points) in together {
        if *points != 0.0 && interaction.when.matches(choice) {
            rows.push((label_of(&interaction.says, &interaction.id), *points));
        }
    }
    let base = preferences.base_of(t);
    if setting
        .interactions
        .iter()
        .any(|i| i.party == setting.types[t].party)
        && base != 0.0
    {
        rows.push(("what makes its worst package worth 0".to_owned(), base));
    }
    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
    for (line, n) in lines {
        let soft = line.stiffness == LineStiffness::Soft && n.on > 0.0 && line.types.contains(&t);
        if soft && line.when.matches(choice) {
            let label = format!("crosses {}", label_of(&line.says, &line.id));
            rows.push((label, -n.penalty));
        }
    }
    debug_assert!(Preferences::penalty(setting, world, t, choice) >= 0.0);
    rows
}

fn label_of(says: &str, id: &str) -> String {
    if says.is_empty() {
        id.to_owned()
    } else {
        format!("“{}”", says.trim_end_matches('.'))
    }
}

fn part_name(setting: &Setting, part: Part) -> String {
    let side = |side| {
        let party = setting.parties.iter().find(|p| p.side == Some(side));
        genitive(&party.map_or_else(|| format!("side {side:?}"), |p| p.name.clone()))
    };
    match part {
        Part::Unsettled => "living with nothing settled".to_owned(),
        Part::Armistice => "an armistice that is not from these talks".to_owned(),
        Part::AWins => format!("an outright win of {} side", side(Side::A)),
        Part::BWins => format!("an outright win of {} side", side(Side::B)),
        Part::Escalation => "escalation".to_owned(),
        Part::Costs if setting.reservations => "as the analyst states it".to_owned(),
        Part::Costs => "burdens, scars and costs of fighting".to_owned(),
    }
}

/// Rows of a label and points, the points in a column.
fn table(out: &mut String, rows: &[(String, f64)]) {
    let width = rows
        .iter()
        .map(|(label, _)| label.chars().count())
        .max()
        .unwrap_or(0);
    for (label, x) in rows {
        let _ = writeln!(out, "    {label:width$}  {:>7}", points(*x));
    }
}
