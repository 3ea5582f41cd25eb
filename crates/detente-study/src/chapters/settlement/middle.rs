//! The middle world: every input at its median. Pictures of single packages need a single world, and this is the one that
//! takes no side; it is nobody's forecast.

use detente_case::{Overrides, Plan};
use detente_core::asks::FLAT;
use detente_core::{PartySet, Preferences, Scene, Search, Setting, World};
use detente_evidence::chapters::settlement::DRAWN;
use detente_evidence::{Cloud, Clouds};
use detente_lens::Stage;
use detente_math::uniform;

/// Combinations up to which the frontier is found by listing them all.
const LISTED: u128 = 5_000_000;

/// Pairs of types shown at most.
const PAIRS: usize = 4;

/// The clouds of the middle world, by pairs of types of the two first signatories.
pub(crate) fn clouds(plan: &Plan, overrides: &Overrides) -> Option<Clouds> {
    let setting = &plan.setting;
    let world = plan.world(&plan.medians(), overrides);
    let mut signatories = setting.signatories().iter();
    let (first, second) = (signatories.next()?, signatories.next()?);
    let mut stage = Stage::default();
    let scene = stage.set(setting, &world, Search::None);
    let asked: Option<Vec<f64>> = (0..setting.types.len())
        .map(|t| scene.asked_of_package(t))
        .collect();
    let asked = asked?;
    let besides = |t: usize| {
        let refusing = scene.reservation(t).unwrap_or(f64::NAN);
        (asked[t] - refusing).abs() > FLAT
    };
    let levers = |t: usize| {
        let both = scene.reservation(t).zip(scene.no_deal_value(t));
        let change = both.map_or(0.0, |(refusing, no_deal)| refusing - no_deal);
        // What is rounding is no change.
        if change.abs() > FLAT { change } else { 0.0 }
    };
    let prior = |t: usize| world.numbers.types[t].prior;
    let seconds = &setting.parties[second].types;
    let mut pairs: Vec<(usize, usize, f64)> = setting.parties[first]
        .types
        .clone()
        .flat_map(|a| seconds.clone().map(move |b| (a, b)))
        .map(|(a, b)| (a, b, prior(a) * prior(b)))
        .collect();
    // The first of equals: the sort is stable, but rounding must not break a tie.
    pairs.sort_by_key(|(.., prior)| std::cmp::Reverse(steps(*prior)));
    let shown = pairs
        .iter()
        .take(PAIRS)
        .map(|(a, b, joint)| {
            let types = (*a, *b);
            let alike = |(.., other): &&(usize, usize, f64)| steps(*other) == steps(*joint);
            Cloud {
                types,
                prior: *joint,
                tied: pairs.iter().filter(alike).count(),
                points: sample(&scene, types),
                frontier: frontier(&scene, types),
                asked: (asked[*a], asked[*b]),
                besides: (besides(*a), besides(*b)),
                levers: (levers(*a), levers(*b)),
                named: named(&scene, types),
            }
        })
        .collect();
    let needed = setting
        .packages
        .iter()
        .fold(PartySet::default(), |all, package| {
            all.union(package.needed)
        });
    let others = needed.iter().filter(|p| *p != first && *p != second);
    Some(Clouds {
        shown,
        pairs: pairs.len(),
        others: others
            .map(|party| {
                let likeliest = likeliest(setting, &world, party);
                let alike = |t: &usize| steps(prior(*t)) == steps(prior(likeliest));
                let types = setting.parties[party].types.clone();
                (likeliest, types.filter(alike).count())
            })
            .collect(),
    })
}

/// A prior in steps of a billionth, so that priors equal but for rounding are equal.
fn steps(prior: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a billion"
    )]
    let steps = (prior * 1e9).round() as u64;
    steps
}

fn named(scene: &Scene, types: (usize, usize)) -> Vec<(f64, f64, bool)> {
    let (setting, world) = (scene.setting, scene.world);
    let shown = |party: usize| {
        [types.0, types.1]
            .into_iter()
            .find(|t| setting.types[*t].party == party)
    };
    let one = |package: &detente_core::NamedPackage| {
        let accepts = |t: usize| {
            let stand = scene.stand(t, &package.choice);
            stand.is_some_and(detente_core::Stand::accepts)
        };
        let suits = package
            .needed
            .iter()
            .all(|party| accepts(shown(party).unwrap_or_else(|| likeliest(setting, world, party))));
        let worth = |t: usize| scene.deal(t, &package.choice);
        (worth(types.0), worth(types.1), suits)
    };
    setting.packages.iter().map(one).collect()
}

fn likeliest(setting: &Setting, world: &World, party: usize) -> usize {
    let prior = |t: &usize| steps(world.numbers.types[*t].prior);
    // The first of equals.
    setting.parties[party]
        .types
        .clone()
        .rev()
        .max_by_key(prior)
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

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};

    use super::clouds;

    /// A named package that both accept lies on the inner side of both lines, whatever is promised and asked besides.
    #[test]
    fn a_package_that_suits_both_is_worth_what_both_ask() {
        let text = include_str!("../../../../detente/tests/it/texts/strike.toml");
        let case = crate::check("strike.toml", text).case.unwrap();
        let set = [
            "lever.training.cost=0",
            "lever.training.flow_cost.dockers=-4",
        ]
        .map(str::to_owned);
        let mut sources = detente_diag::Sources::default();
        let case = case.with_set(&set, &mut sources).unwrap();
        let clouds = clouds(&Plan::new(&case), &Overrides::default()).unwrap();
        let (mut suited, mut besides) = (0, 0);
        for cloud in &clouds.shown {
            besides += usize::from(cloud.besides.0);
            for (x, y, suits) in &cloud.named {
                let enough = *x >= cloud.asked.0 - 1e-9 && *y >= cloud.asked.1 - 1e-9;
                assert!(!*suits || enough, "{x} {y} beside {:?}", cloud.asked);
                suited += usize::from(*suits);
            }
        }
        assert!(suited > 0 && besides > 0);
    }

    /// No package is better for both than the frontier, also where a deal that is broken may be worth more than it says.
    #[test]
    fn the_frontier_bounds_all_packages() {
        let text = include_str!("../../../../detente/tests/it/texts/strike.toml");
        let case = crate::check("strike.toml", text).case.unwrap();
        let clouds = clouds(&Plan::new(&case), &Overrides::default()).unwrap();
        assert_eq!(clouds.shown.len(), 4);
        for cloud in &clouds.shown {
            for (x, y) in &cloud.points {
                let mut frontier = cloud.frontier.iter();
                assert!(
                    frontier.any(|(a, b)| *a >= x - 1e-9 && *b >= y - 1e-9),
                    "{:?}: ({x}, {y}) lies beyond {:?}",
                    cloud.types,
                    cloud.frontier
                );
            }
        }
    }
}
