//! How does the negotiation go when it is played? Shares, chances and prices over the worlds in which the talks were played, and the talks of
//! one world of each kind of equilibrium.

mod double;

use std::collections::BTreeMap;

use detente_core::catalogue::talks as told;
use detente_core::talks::{Account, Kind, PRECISIONS, Play, TOLD_MONTHS};
use detente_core::{Handle, Scene, Search, Setting, World};
use detente_evidence::Silence;
use detente_evidence::chapters::talks::{
    Belief, FEWEST_WORLDS, More, OfKind, OfMessage, OfPackage, OfRound, OfType, RARE_DEALS, Shape,
    Talks, Threat,
};
use detente_lens::Stage;
use detente_math::{Mean, effective_size, weighted_mean};

use super::Study;
use crate::run::in_ranges;

/// Kinds of equilibrium of which an example is worked out.
const EXAMPLES: usize = 4;
/// How much more room worlds have that are played again: so many times as many moves.
const TIMES: usize = 2;
/// Worlds that are played again, at least and at most.
const FEWEST: usize = 8;
const MOST: usize = 64;
/// Moves of a game that is dear: of games as dear as this the fewest are played again.
const DEAR: f64 = 150.0;

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
        terms: terms(study, Some(round), answered).unwrap_or_default(),
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
        terms: terms(study, None, answered).unwrap_or_default(),
        threats: threats(study, answered),
        beliefs: beliefs(study),
        worths: worths(study),
        messages: messages(study),
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
        let may = on_menu(study, &package.choice);
        let may = may.iter().filter(|on| **on).count() as f64 / answered.max(1) as f64;
        if may == 0.0 {
            continue;
        }
        let proposed =
            (0..setting.parties.len()).map(|party| table.mean(told::PROPOSES, &[party, p]));
        let mut proposed = proposed.filter(|mean| mean.n > 0);
        let answers = (0..setting.types.len()).map(|t| {
            let own = |of: Handle| table.mean(of, &[t, p]);
            // Over the same worlds as the answers.
            let priors = study.drawn.priors[t].iter().copied();
            let priors = priors.zip(table.column(told::REFUSES, &[t, p]));
            let prior = priors.map(|(prior, own)| if own.is_nan() { own } else { prior });
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

/// By row: may a package be proposed in its world?
fn on_menu(study: &Study, choice: &[u8]) -> Vec<bool> {
    let table = study.table;
    let offers = study.setting().talks.as_ref().map_or(0, |own| own.offers);
    let mut on = vec![false; table.worlds];
    for o in 0..offers {
        let mut same = vec![true; table.worlds];
        for (k, option) in choice.iter().enumerate() {
            let taken = table.column(told::MENU, &[o, k]);
            for (same, taken) in same.iter_mut().zip(taken) {
                *same &= taken == f64::from(*option) + 1.0;
            }
        }
        on.iter_mut().zip(same).for_each(|(on, same)| *on |= same);
    }
    on
}

/// By issue and option: the share of deals that have it, of a round or of all; nothing where they are too few to tell.
fn terms(study: &Study, round: Option<usize>, answered: usize) -> Option<Vec<Vec<Mean>>> {
    let (setting, table) = (study.setting(), study.table);
    let asked = setting.talks.as_ref()?;
    // By offer: by world, how likely it is what is agreed.
    let agreed = (0..asked.offers).map(|o| {
        let column = match round {
            Some(round) => table.column(told::AGREED_IN, &[round, o]),
            None => table.column(told::AGREED_OFFER, &[o]),
        };
        column.map(|x| if x.is_nan() { 0.0 } else { x }).collect()
    });
    let agreed: Vec<Vec<f64>> = agreed.collect();
    let of_row = |row: usize| agreed.iter().map(|own| own[row]).sum::<f64>();
    let deals: Vec<f64> = (0..table.worlds).map(of_row).collect();
    // A world counts by its deals.
    let weights: Vec<f64> = table.weights().zip(&deals).map(|(w, d)| w * d).collect();
    if round.is_some() {
        let common = table.mean(told::DEAL_IN, &[round?]).value >= RARE_DEALS;
        let worlds = effective_size(weights.iter().copied());
        if !common || worlds < FEWEST_WORLDS.min(0.5 * answered as f64) {
            return None;
        }
    }
    let share = |k: usize, option: usize| {
        let mut shares = vec![0.0; table.worlds];
        for (o, agreed) in agreed.iter().enumerate() {
            let taken = table.column(told::MENU, &[o, k]);
            for ((share, taken), agreed) in shares.iter_mut().zip(taken).zip(agreed) {
                *share += if taken == option as f64 + 1.0 {
                    *agreed
                } else {
                    0.0
                };
            }
        }
        let shares = shares.iter().zip(&deals).map(|(own, all)| own / all);
        weighted_mean(shares, weights.iter().copied(), 1)
    };
    let issues = setting.issues.iter().enumerate();
    let told = issues.map(|(k, issue)| (0..issue.options.len()).map(|o| share(k, o)).collect());
    Some(told.collect())
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
        let alike = alike(study, l, own.clone());
        Some(Threat {
            lever: l,
            may,
            made: mean(told::THREATENED),
            by: own
                .map(|t| (t, table.mean(told::ANNOUNCED, &[l, t])))
                .collect(),
            alike,
            believed: mean(told::BELIEVED),
            pulled: mean(told::PULLED),
            price: mean(told::PRICE),
        })
    });
    threats.collect()
}

/// Of the answers in which a lever is announced, the share in which all these types announce it as often.
fn alike(study: &Study, lever: usize, types: std::ops::Range<usize>) -> f64 {
    /// Chances that differ by no more are told apart by nobody; less likely than this it is not announced.
    const DIFFERENT: f64 = 1e-3;
    let table = study.table;
    let mut ends = vec![(1.0_f64, 0.0_f64); table.worlds];
    for t in types.clone() {
        let said = table.column(told::ANNOUNCED, &[lever, t]);
        for ((low, high), x) in ends.iter_mut().zip(said).filter(|(_, x)| !x.is_nan()) {
            (*low, *high) = (low.min(x), high.max(x));
        }
    }
    let announced = ends.iter().filter(|(_, high)| *high > DIFFERENT);
    let same = announced
        .clone()
        .filter(|(low, high)| high - low <= DIFFERENT)
        .count();
    let announced = announced.count();
    if announced == 0 || types.len() < 2 {
        return f64::NAN;
    }
    same as f64 / announced as f64
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

fn messages(study: &Study) -> Vec<OfMessage> {
    let (setting, table) = (study.setting(), study.table);
    let parties = (0..setting.parties.len()).filter_map(|party| {
        let deal = table.mean(told::DEAL_TOLD, &[party]);
        if deal.n == 0 {
            return None;
        }
        let both = table
            .column(told::DEAL_TOLD, &[party])
            .zip(table.column(told::DEAL, &[TOLD_MONTHS]));
        let types = 0..setting.types.len();
        let gains = types.map(|t| (t, table.mean(told::MESSAGE, &[party, t])));
        Some(OfMessage {
            party,
            deal,
            more: table.mean_of(both.map(|(told, plain)| told - plain)),
            gains: gains.filter(|(_, gain)| gain.n > 0).collect(),
        })
    });
    parties.collect()
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
    stage.play_talks(Play::Plain);
    ask(&stage.set(setting, &world, Search::None))
}

/// The first answered worlds once more, with room for more moves: further offers or a further round, as far as the case asks for them.
fn more(study: &Study, kinds: &[f64]) -> Option<More> {
    let table = study.table;
    let mut roomy = study.setting().clone();
    let talks = roomy.talks.as_mut()?;
    talks.moves *= TIMES;
    let rows = again(study, kinds);
    let outcome = detente_lens::talks::outcome;
    let play = |at: std::ops::Range<u64>| -> Vec<_> {
        let own = at.filter_map(|place| rows.get(usize::try_from(place).ok()?));
        let told = own.map(|row| {
            let as_it_is = in_scene(study, *row, study.setting(), outcome)?;
            Some((*row, as_it_is, in_scene(study, *row, &roomy, outcome)?))
        });
        told.collect()
    };
    let played = in_ranges(rows.len() as u64, 1, study.options.threads, play);
    let played: Vec<_> = played.into_iter().flatten().flatten().collect();
    if played.is_empty() {
        return None;
    }
    // As columns of the table, so that worlds count as they do everywhere.
    let column = |of: &dyn Fn(f64, f64) -> f64| {
        let mut column = vec![f64::NAN; table.worlds];
        for (row, (.., before), (.., after)) in &played {
            column[*row] = of(*before, *after);
        }
        table.mean_of(column.iter().copied())
    };
    let added = |of: &dyn Fn((bool, bool)) -> bool| {
        let each = played
            .iter()
            .map(|(_, (rounds, offers, _), more)| (more.0 > *rounds, more.1 > *offers));
        each.filter(|own| of(*own)).count()
    };
    let apart = played
        .iter()
        .map(|(_, (.., before), (.., after))| (after - before).abs());
    Some(More {
        times: TIMES,
        draws: played.len(),
        rounds: added(&|(rounds, _)| rounds),
        offers: added(&|(_, offers)| offers),
        neither: added(&|own| own == (false, false)),
        deal: [column(&|before, _| before), column(&|_, after| after)],
        change: column(&|before, after| after - before),
        most: apart.fold(0.0, f64::max),
    })
}

/// The rows that are played again: the first answered ones, as many as there is time for.
fn again(study: &Study, kinds: &[f64]) -> Vec<usize> {
    let moves = study
        .setting()
        .talks
        .as_ref()
        .map_or(0, |talks| talks.moves);
    // What a game costs grows with the cube of the moves that are not worse than another whatever follows; these have trembles.
    let mut left = vec![0_usize; kinds.len()];
    for a in 0..moves {
        let trembles = study.table.column(told::TREMBLES, &[a]);
        for (left, tremble) in left.iter_mut().zip(trembles) {
            *left += usize::from(!tremble.is_nan());
        }
    }
    let mut rows = Vec::new();
    let mut spent = 0.0;
    let cube = |x: f64| x * x * x;
    for row in (0..kinds.len()).filter(|row| !kinds[*row].is_nan()) {
        if rows.len() >= MOST || rows.len() >= FEWEST && spent >= FEWEST as f64 * cube(DEAR) {
            break;
        }
        rows.push(row);
        spent += cube(left[row] as f64);
    }
    rows
}
