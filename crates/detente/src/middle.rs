//! The middle world: every input at its median. Pictures of single packages need a single world, and this is the one that
//! takes no side; it is nobody's forecast.

use detente_case::{Overrides, Plan};
use detente_core::{PartySet, Preferences, Scene, Setting, World};
use detente_lens::Stage;
use detente_math::uniform;

/// Packages drawn in the cloud.
const DRAWN: u64 = 2500;
/// Combinations up to which the frontier is found by listing them all.
const LISTED: u128 = 5_000_000;

/// Packages seen by two types.
#[derive(Clone, Debug)]
pub(crate) struct Cloud {
    /// The two types.
    pub(crate) types: (usize, usize),
    /// Worth of packages drawn at random, to both, in points.
    pub(crate) points: Vec<(f64, f64)>,
    /// Packages on the frontier that cross no hard red line of the two, first type's worth increasing; empty if there are
    /// too many combinations to list.
    pub(crate) frontier: Vec<(f64, f64)>,
    /// No-deal values of all types of the two parties: (type, points).
    pub(crate) no_deal: Vec<(usize, f64)>,
    /// Named packages: worth to both, and does every party they need accept, as its likeliest type?
    pub(crate) named: Vec<(f64, f64, bool)>,
}

/// The cloud of the middle world for the two first signatories, each as its likeliest type.
pub(crate) fn cloud(plan: &Plan, overrides: &Overrides) -> Option<Cloud> {
    let setting = &plan.setting;
    let world = plan.world(&plan.medians(), overrides);
    let mut pair = setting.signatories().iter();
    let (first, second) = (pair.next()?, pair.next()?);
    let mut stage = Stage::default();
    let scene = stage.set(setting, &world, false);
    let types = (
        likeliest(setting, &world, first),
        likeliest(setting, &world, second),
    );
    let reservation = |t: usize| scene.reservation(t);
    let no_deal: Option<Vec<(usize, f64)>> = [first, second]
        .into_iter()
        .flat_map(|party| setting.parties[party].types.clone())
        .map(|t| Some((t, reservation(t)?)))
        .collect();
    let named = setting.packages.iter().map(|package| {
        let accepts = |t: usize| {
            let crossed = Preferences::crossed(setting, &world, t, &package.choice).is_some();
            !crossed && reservation(t).is_some_and(|n| scene.deal(t, &package.choice) >= n)
        };
        let suits = package
            .needed
            .iter()
            .all(|party| accepts(likeliest(setting, &world, party)));
        (
            scene.deal(types.0, &package.choice),
            scene.deal(types.1, &package.choice),
            suits,
        )
    });
    Some(Cloud {
        types,
        points: sample(&scene, types),
        frontier: frontier(&scene, types),
        no_deal: no_deal?,
        named: named.collect(),
    })
}

fn likeliest(setting: &Setting, world: &World, party: usize) -> usize {
    let prior = |t: &usize| world.numbers.types[*t].prior;
    // The first of equals.
    setting.parties[party]
        .types
        .clone()
        .rev()
        .max_by(|a, b| prior(a).total_cmp(&prior(b)))
        .unwrap_or(0)
}

fn sample(scene: &Scene, types: (usize, usize)) -> Vec<(f64, f64)> {
    let setting = scene.setting;
    let whole = setting.combination_count() <= u128::from(DRAWN);
    let mut points: Vec<(f64, f64)> = if whole {
        let mut all = Vec::new();
        walk(
            setting,
            0,
            &mut vec![0; setting.issues.len()],
            &mut |package| {
                all.push((scene.deal(types.0, package), scene.deal(types.1, package)));
            },
        );
        all
    } else {
        (0..DRAWN)
            .map(|number| {
                let options = setting.issues.iter().enumerate();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "below 64"
                )]
                let pick = |(k, issue): (usize, &detente_core::Issue)| {
                    (uniform(0xC10D, k as u64, number) * issue.options.len() as f64) as u8
                };
                options.map(pick).collect::<Vec<u8>>()
            })
            .filter(|package| setting.allows(package))
            .map(|package| (scene.deal(types.0, &package), scene.deal(types.1, &package)))
            .collect()
    };
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    points
}

fn walk(setting: &Setting, level: usize, package: &mut Vec<u8>, visit: &mut impl FnMut(&[u8])) {
    if level == setting.issues.len() {
        if setting.allows(package) {
            visit(package);
        }
        return;
    }
    for o in 0..setting.issues[level].options.len() {
        package[level] = u8::try_from(o).unwrap_or(0);
        walk(setting, level + 1, package, visit);
    }
}

/// Undominated packages among those that the constraints allow and no hard red line of the two types forbids.
fn frontier(scene: &Scene, types: (usize, usize)) -> Vec<(f64, f64)> {
    if scene.setting.combination_count() > LISTED {
        return Vec::new();
    }
    // On paper first: soft penalties only lower, so a package whose unpenalised worth is dominated is out.
    let mut best = Vec::new();
    walk(
        scene.setting,
        0,
        &mut vec![0; scene.setting.issues.len()],
        &mut |package| {
            let high = |t| scene.preferences.worth(scene.setting, t, package);
            if dominated(&best, high(types.0), high(types.1)) {
                return;
            }
            let crossed =
                |t| Preferences::crossed(scene.setting, scene.world, t, package).is_some();
            if crossed(types.0) || crossed(types.1) {
                return;
            }
            let (x, y) = (scene.deal(types.0, package), scene.deal(types.1, package));
            if !dominated(&best, x, y) {
                best.retain(|(a, b)| *a > x || *b > y);
                best.push((x, y));
            }
        },
    );
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    best
}

fn dominated(frontier: &[(f64, f64)], x: f64, y: f64) -> bool {
    frontier.iter().any(|(a, b)| *a >= x && *b >= y)
}

/// Names of a set of parties.
pub(crate) fn party_names(setting: &Setting, set: PartySet) -> Vec<String> {
    set.iter()
        .map(|p| setting.parties[p].name.clone())
        .collect()
}
