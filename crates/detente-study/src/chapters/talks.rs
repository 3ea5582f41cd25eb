//! How does the negotiation go when it is played? Shares, chances and prices over the worlds in which the talks were played, and the talks of
//! one world of each kind of equilibrium.

mod double;

use std::collections::BTreeMap;

use detente_core::catalogue::talks as told;
use detente_core::talks::{Account, Kind, PRECISIONS, TOLD_MONTHS};
use detente_core::{Handle, Scene, Search, Setting, World};
use detente_evidence::Silence;
use detente_evidence::chapters::talks::{
    Belief, More, OfKind, OfPackage, OfRound, OfType, Shape, Talks, Threat,
};
use detente_lens::Stage;
use detente_math::Mean;

use super::Study;

/// Kinds of equilibrium of which an example is worked out.
const EXAMPLES: usize = 4;
/// Worlds that are played again with more room.
const ROOMY: usize = 3;

/// Are there talks?
pub(super) fn applies(study: &Study) -> bool {
    study.setting().talks.is_some()
}

pub(super) fn tell(study: &Study) -> Option<Talks> {
    let (setting, table) = (study.setting(), study.table);
    let asked = setting.talks.clone()?;
    let kinds: Vec<f64> = table.column(told::KIND, &[]).collect();
    let answered = kinds.iter().filter(|kind| !kind.is_nan()).count();
    let silent = |why: fn(&str) -> bool| {
        let counts = table.silences.iter();
        let own = counts.filter(|((lens, silence), _)| {
            *lens == told::SPEC.id && matches!(silence, Silence::GaveUp(said) if why(said))
        });
        own.map(|(_, count)| *count).sum::<usize>()
    };
    let uncertified = silent(|said| said.contains("certified"));
    let too_large = silent(|said| said.contains("even one offer"));
    let draws = answered + silent(|_| true);
    if draws == 0 {
        return None;
    }
    let mean = |of: Handle, index: &[usize]| table.mean(of, index);
    let months = (0..=TOLD_MONTHS)
        .map(|month| [told::DEAL, told::ENDS_OTHERWISE].map(|of| mean(of, &[month])));
    let rounds = (0..asked.rounds).map(|round| OfRound {
        month: asked.month(round),
        held: mean(told::GOING_ON, &[round]),
        deal: mean(told::DEAL_IN, &[round]),
    });
    let rounds = rounds.filter(|own| own.deal.n > 0);
    Some(Talks {
        draws,
        answered,
        uncertified,
        too_large,
        shapes: shapes(study),
        months: months.collect(),
        rounds: rounds.collect(),
        kept: mean(told::KEPT, &[]),
        known: mean(told::DEAL_KNOWN, &[]),
        at: [0, 1, 2].map(|k| mean(told::DEAL_AT, &[k.min(PRECISIONS.len() - 1)])),
        packages: packages(study, answered),
        terms: terms(study),
        threats: threats(study, answered),
        beliefs: beliefs(study),
        worths: worths(study),
        kinds: kinds_of(study, &kinds, answered),
        crossed: share(table.column(told::CROSSED, &[]), answered, |x| x > 0.0),
        regret: table.column(told::REGRET, &[]).fold(0.0, f64::max),
        more: more(study, &kinds),
        doubling: double::tell(study, mean(told::DEAL, &[TOLD_MONTHS])),
        asked,
    })
}

/// The share of answers of which something holds.
fn share(column: impl Iterator<Item = f64>, answered: usize, holds: impl Fn(f64) -> bool) -> f64 {
    let count = column.filter(|x| holds(*x)).count();
    if answered == 0 {
        return f64::NAN;
    }
    count as f64 / answered as f64
}

fn shapes(study: &Study) -> Vec<Shape> {
    let table = study.table;
    let both = table
        .column(told::ROUNDS, &[])
        .zip(table.column(told::OFFERS, &[]));
    let mut counts: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    let mut all = 0;
    for (rounds, offers) in both.filter(|(rounds, _)| !rounds.is_nan()) {
        *counts
            .entry((rounds.to_bits(), offers.to_bits()))
            .or_default() += 1;
        all += 1;
    }
    let shapes = counts.into_iter().map(|((rounds, offers), count)| Shape {
        rounds: whole(f64::from_bits(rounds)),
        offers: whole(f64::from_bits(offers)),
        share: count as f64 / f64::from(all.max(1)),
    });
    let mut shapes: Vec<Shape> = shapes.collect();
    shapes.sort_by(|a, b| b.share.total_cmp(&a.share));
    shapes
}

fn whole(x: f64) -> usize {
    detente_core::asks::whole(x)
}

fn packages(study: &Study, answered: usize) -> Vec<OfPackage> {
    let (setting, table) = (study.setting(), study.table);
    let mut all = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        let may = table
            .rows()
            .filter(|row| is_on_menu(study, row, &package.choice));
        let may = may.count() as f64 / (answered.max(1)) as f64;
        if may == 0.0 {
            continue;
        }
        let proposed =
            (0..setting.parties.len()).map(|party| table.mean(told::PROPOSES, &[party, p]));
        let mut proposed = proposed.filter(|mean| mean.n > 0);
        let answers = (0..setting.types.len()).map(|t| {
            let own = |of: Handle| table.mean(of, &[t, p]);
            let prior = study.drawn.priors[t].iter().copied();
            (
                t,
                own(told::REFUSES),
                own(told::POSTERIOR),
                table.mean_of(prior),
            )
        });
        all.push(OfPackage {
            package: p,
            may,
            proposed: proposed
                .next()
                .unwrap_or_else(|| table.mean(told::AGREED, &[p])),
            agreed: table.mean(told::AGREED, &[p]),
            answers: answers.filter(|(_, refuses, ..)| refuses.n > 0).collect(),
        });
    }
    all.sort_by(|a, b| b.agreed.value.total_cmp(&a.agreed.value));
    all
}

/// May a package be proposed in the world of a row?
fn is_on_menu(study: &Study, row: &[f64], choice: &[u8]) -> bool {
    let setting = study.setting();
    let offers = setting.talks.as_ref().map_or(0, |talks| talks.offers);
    (0..offers).any(|o| {
        let mut issues = choice.iter().enumerate();
        issues.all(|(k, option)| {
            let column = study.table.layout.column(told::MENU, &[o, k]);
            row[column] == f64::from(*option) + 1.0
        })
    })
}

/// By issue and option: the share of deals that have it.
fn terms(study: &Study) -> Vec<Vec<f64>> {
    let (setting, table) = (study.setting(), study.table);
    let offers = setting.talks.as_ref().map_or(0, |talks| talks.offers);
    let mut sums: Vec<Vec<f64>> = setting
        .issues
        .iter()
        .map(|issue| vec![0.0; issue.options.len()])
        .collect();
    let mut all = 0.0;
    for (row, weight) in table.rows().zip(table.weights()) {
        for o in 0..offers {
            let agreed = row[table.layout.column(told::AGREED_OFFER, &[o])];
            if agreed.is_nan() || agreed == 0.0 {
                continue;
            }
            all += weight * agreed;
            for (k, sums) in sums.iter_mut().enumerate() {
                let option = row[table.layout.column(told::MENU, &[o, k])];
                if let Some(sum) = sums.get_mut(whole(option - 1.0)) {
                    *sum += weight * agreed;
                }
            }
        }
    }
    for sum in sums.iter_mut().flatten() {
        *sum = if all > 0.0 { *sum / all } else { f64::NAN };
    }
    sums
}

fn threats(study: &Study, answered: usize) -> Vec<Threat> {
    let (setting, table) = (study.setting(), study.table);
    let levers = 0..setting.levers.len();
    let threats = levers.filter_map(|l| {
        let part = |least: f64| share(table.column(told::IN_PLAY, &[l]), answered, |x| x >= least);
        let may = [part(1.0), part(2.0)];
        if may[0].is_nan() || may[0] == 0.0 {
            return None;
        }
        let mean = |of: Handle| table.mean(of, &[l]);
        let own = setting.parties[setting.levers[l].by].types.clone();
        Some(Threat {
            lever: l,
            may,
            made: mean(told::THREATENED),
            by: own
                .map(|t| (t, table.mean(told::ANNOUNCED, &[l, t])))
                .collect(),
            believed: mean(told::BELIEVED),
            pulled: mean(told::PULLED),
            price: mean(told::PRICE),
        })
    });
    threats.collect()
}

fn beliefs(study: &Study) -> Vec<Belief> {
    let (setting, table) = (study.setting(), study.table);
    let rounds = setting.talks.as_ref().map_or(0, |talks| talks.rounds);
    let all = (0..setting.types.len()).map(|t| Belief {
        t,
        rounds: (0..rounds)
            .map(|round| table.mean(told::BELIEF_AT, &[t, round]))
            .filter(|mean| mean.n > 0)
            .collect(),
    });
    let several = |belief: &Belief| {
        let party = setting.types[belief.t].party;
        setting.parties[party].types.len() > 1 && !belief.rounds.is_empty()
    };
    all.filter(several).collect()
}

fn worths(study: &Study) -> Vec<OfType> {
    let (setting, table) = (study.setting(), study.table);
    let all = (0..setting.types.len()).map(|t| {
        let worth = table.column(told::WORTH, &[t]);
        let known = table.column(told::WORTH_KNOWN, &[t]);
        let known = known.zip(worth).map(|(known, worth)| known - worth);
        OfType {
            t,
            gain: table.mean(told::GAIN, &[t]),
            last_round: table.mean(told::LAST_ROUND, &[t]),
            known: table.mean_of(known),
        }
    });
    all.filter(|own| own.gain.n > 0).collect()
}

fn kinds_of(study: &Study, kinds: &[f64], answered: usize) -> Vec<OfKind> {
    let table = study.table;
    let deal: Vec<f64> = table.column(told::DEAL, &[TOLD_MONTHS]).collect();
    let mut rows: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (row, kind) in kinds.iter().enumerate().filter(|(_, kind)| !kind.is_nan()) {
        rows.entry(kind.to_bits()).or_default().push(row);
    }
    let mut all: Vec<(u16, Vec<usize>)> = rows
        .into_iter()
        .map(|(kind, rows)| {
            let flags = whole(f64::from_bits(kind));
            (u16::try_from(flags).unwrap_or(0), rows)
        })
        .collect();
    all.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let told = all
        .into_iter()
        .enumerate()
        .map(|(place, (kind, mut rows))| {
            let own = (0..table.worlds).map(|row| {
                if rows.contains(&row) {
                    deal[row]
                } else {
                    f64::NAN
                }
            });
            let own: Vec<f64> = own.collect();
            let mean: Mean = table.mean_of(own.iter().copied());
            rows.sort_by(|a, b| deal[*a].total_cmp(&deal[*b]).then(a.cmp(b)));
            let middle = rows[rows.len() / 2];
            let example = (place < EXAMPLES).then(|| {
                let account = example(study, middle)?;
                Some((table.world(middle), account))
            });
            OfKind {
                kind: Kind(kind),
                share: rows.len() as f64 / answered.max(1) as f64,
                deal: mean,
                example: example.flatten(),
            }
        });
    told.collect()
}

/// The talks of a row's world, point by point.
fn example(study: &Study, row: usize) -> Option<Account> {
    in_scene(study, row, study.setting(), detente_lens::talks::account)
}

/// Asks something of a row's world, in a setting of the same shape.
fn in_scene<T>(
    study: &Study,
    row: usize,
    setting: &Setting,
    ask: impl FnOnce(&Scene) -> Option<T>,
) -> Option<T> {
    let (plan, table) = (study.plan, study.table);
    let uniforms = plan.uniforms(study.options.stream, table.world(row));
    let world: World = plan.world_after(&uniforms, study.overrides, table.learned(row));
    let mut stage = Stage::default();
    stage.play_talks(true);
    ask(&stage.set(setting, &world, Search::None))
}

/// The first answered worlds once more, with room for twice as many moves: further offers or a further round, as far as the case asks for them.
fn more(study: &Study, kinds: &[f64]) -> Vec<More> {
    let mut roomy = study.setting().clone();
    let Some(talks) = &mut roomy.talks else {
        return Vec::new();
    };
    talks.moves *= 2;
    let rows = kinds.iter().enumerate().filter(|(_, kind)| !kind.is_nan());
    let mut found: Vec<More> = Vec::new();
    for (row, _) in rows.take(ROOMY) {
        let outcome = detente_lens::talks::outcome;
        let both = (
            in_scene(study, row, study.setting(), outcome),
            in_scene(study, row, &roomy, outcome),
        );
        let (Some((.., before)), Some((rounds, offers, after))) = both else {
            continue;
        };
        let same = |own: &More| own.rounds == rounds && own.offers == offers;
        let at = found.iter().position(same).unwrap_or(found.len());
        if at == found.len() {
            found.push(More {
                rounds,
                offers,
                draws: 0,
                deal: [0.0; 2],
                most: 0.0,
            });
        }
        let more = &mut found[at];
        more.draws += 1;
        more.deal[0] += before;
        more.deal[1] += after;
        more.most = more.most.max((after - before).abs());
    }
    for more in &mut found {
        more.deal = more.deal.map(|sum| sum / more.draws as f64);
    }
    found
}
