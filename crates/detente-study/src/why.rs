//! Why a party accepts or refuses a package in one world, number by number.

use detente_case::{Case, Overrides, Plan};
use detente_core::{LineStiffness, Preferences, Scene, Search, Setting, Trigger, World, is_enough};
use detente_evidence::{Refusing, TypeWhy, Why, Worth};
use detente_lens::Stage;
use detente_math::Stream;

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
/// which red lines it crosses, what no deal is worth by ending, what refusing is, and the margin.
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
) -> Result<Why, NoWhy> {
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
    let levers = setting.levers.iter().zip(&drawn.numbers.levers).enumerate();
    let running = levers.filter(|(_, (lever, n))| lever.trigger == Trigger::Now && n.on > 0.0);
    let types = setting.parties[party].types.clone();
    Ok(Why {
        party,
        package,
        world: world.map(|(_, index)| index),
        running: running.map(|(l, _)| l).collect(),
        types: types
            .map(|t| of_type(setting, &stage, &drawn, t, package))
            .collect(),
    })
}

fn of_type(setting: &Setting, stage: &Stage, world: &World, t: usize, package: usize) -> TypeWhy {
    let scene = stage.scene(setting, world, Search::None);
    let choice = &setting.packages[package].choice;
    let worth = scene.deal(t, choice);
    let mut parts = worth_parts(&scene, t, choice);
    let prospect = scene.aftermath.prospects.get(package);
    // What it would be worth if nothing could follow it.
    let paper = prospect.map_or(worth, |prospect| prospect.paper[t]);
    let leader = paper - parts.iter().map(|(_, x)| x).sum::<f64>();
    for (what, points) in [(Worth::Leader, leader), (Worth::Aftermath, worth - paper)] {
        if points.abs() > 1e-9 {
            parts.push((what, points));
        }
    }
    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
    let crossed = lines.enumerate().filter(|(_, (line, n))| {
        n.on > 0.0
            && line.stiffness == LineStiffness::Hard
            && line.types.contains(&t)
            && line.when.matches(choice)
    });
    let refusing = scene.reservation(t).zip(scene.bar(t));
    TypeWhy {
        of: t,
        prior: world.numbers.types[t].prior,
        worth,
        parts,
        crossed: crossed.map(|(place, _)| place).collect(),
        refusing: refusing.map(|(value, bar)| Refusing {
            // V and N are two numbers where its refusal may trigger levers, and the parts add up to the first.
            alone: scene.no_deal_value(t).unwrap_or(value),
            parts: stage.no_deal_parts(setting, world, t),
            value,
            promised: scene.refusals.promise(t),
            bar,
            margin: {
                let stand = scene.stand(t, choice);
                stand.map(|stand| (stand.margin, is_enough(stand.margin)))
            },
        }),
    }
}

/// What the options, interactions and soft red lines of a package are worth, in points.
fn worth_parts(scene: &Scene, t: usize, choice: &[u8]) -> Vec<(Worth, f64)> {
    let Scene {
        setting,
        world,
        preferences,
        ..
    } = *scene;
    let own = preferences.of_type(t);
    let weights = &world.numbers.types[t].weights;
    let issues = setting.issues.iter().zip(choice).zip(weights).enumerate();
    let mut parts: Vec<(Worth, f64)> = issues
        .filter(|(_, (_, weight))| **weight > 0.0)
        .map(|(k, ((issue, o), _))| {
            let o = *o as usize;
            (Worth::Option(k, o), own[issue.first_option + o])
        })
        .collect();
    let together = setting
        .interactions
        .iter()
        .zip(preferences.interactions_of(t));
    for (place, (interaction, points)) in together.enumerate() {
        if *points != 0.0 && interaction.when.matches(choice) {
            parts.push((Worth::Together(place), *points));
        }
    }
    let base = preferences.base_of(t);
    if setting
        .interactions
        .iter()
        .any(|i| i.party == setting.types[t].party)
        && base != 0.0
    {
        parts.push((Worth::Base, base));
    }
    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
    for (place, (line, n)) in lines.enumerate() {
        let soft = line.stiffness == LineStiffness::Soft && n.on > 0.0 && line.types.contains(&t);
        if soft && line.when.matches(choice) {
            parts.push((Worth::SoftLine(place), -n.penalty));
        }
    }
    debug_assert!(Preferences::penalty(setting, world, t, choice) >= 0.0);
    parts
}
