//! What parties agree to, each line read off the table of worlds.

mod middle;
mod undecided;

use detente_case::{Case, Draw};
use detente_core::catalogue::{durability, settlement};
use detente_core::{Handle, MILESTONES, Setting, Solution};
use detente_evidence::{
    Division, GateLine, Headline, NeededLine, PackageLine, QUANTILES, Settlement, SolutionLine,
    Zone,
};
use detente_math::{Mean, quantile_sorted};
use undecided::sureness;

use crate::headline::broken;
use crate::run::Table;
use crate::summarise::drawn::Drawn;
pub(crate) use middle::clouds;

/// All of it but the middle world's packages, which are not read off the table. Other chapters begin with what it leads with.
pub(crate) fn tell(case: &Case, headline: Headline, table: &Table, drawn: &Drawn) -> Settlement {
    let setting = &case.setting;
    Settlement {
        packages: (0..setting.packages.len())
            .map(|p| package_line((setting, headline), table, drawn, p))
            .collect(),
        gates: gates(case, table, drawn),
        zone: zone(setting, table),
        clouds: None,
    }
}

fn quantiles<const N: usize>(sorted: &[f64], at: [f64; N]) -> [f64; N] {
    at.map(|p| quantile_sorted(sorted, p))
}

fn package_line(
    (setting, headline): (&Setting, Headline),
    table: &Table,
    drawn: &Drawn,
    p: usize,
) -> PackageLine {
    let parties = 0..setting.parties.len();
    let types = 0..setting.types.len();
    let of = |quantity: Handle, i: usize| table.mean(quantity, &[i, p]);
    let blocks: Vec<(f64, f64)> = parties
        .clone()
        .map(|i| {
            (
                of(settlement::BLOCKS, i).value,
                of(settlement::BLOCKS_BY_RED_LINE, i).value,
            )
        })
        .collect();
    let first = parties
        .clone()
        .rev()
        .max_by(|a, b| blocks[*a].0.total_cmp(&blocks[*b].0));
    PackageLine {
        accepts: parties
            .clone()
            .map(|i| of(settlement::ACCEPTS, i))
            .collect(),
        behind: parties
            .clone()
            .map(|i| behind(table, p, first.unwrap_or(i), i))
            .collect(),
        alone: parties.map(|i| alone(setting, table, p, i)).collect(),
        blocks,
        margins: types
            .clone()
            .map(|t| quantiles(&table.sorted(settlement::MARGIN, &[t, p]), QUANTILES))
            .collect(),
        crossed_of: (0..setting.parties.len())
            .map(|i| crossed_of(setting, table, drawn, i, p))
            .collect(),
        freed: (0..setting.parties.len())
            .map(|i| freed(setting, table, drawn, i, p))
            .collect(),
        crossed: types.map(|t| of(settlement::CROSSED, t).value).collect(),
        agreed: table.mean(settlement::AGREED, &[p]),
        in_force: table.mean(settlement::IN_FORCE, &[p]),
        kept: table.mean(durability::KEPT, &[p]),
        tempted: table.mean(durability::SIGNED_TEMPTED, &[p]),
        broken: {
            let all = MILESTONES.iter().copied().chain(headline.kept_months);
            all.filter_map(|m| Some((m, broken(headline, table, p, m)?)))
                .collect()
        },
        sureness: sureness(setting, table, drawn, p),
    }
}

/// How often the package crosses a hard red line of a party, its types by their priors in each world.
fn crossed_of(setting: &Setting, table: &Table, drawn: &Drawn, party: usize, p: usize) -> f64 {
    let mut sums = vec![0.0; table.worlds];
    for t in setting.parties[party].types.clone() {
        let crossed = table.column(settlement::CROSSED, &[t, p]);
        let worlds = crossed.zip(&drawn.priors[t]);
        for (sum, (crossed, prior)) in sums.iter_mut().zip(worlds) {
            *sum += prior * crossed;
        }
    }
    table.mean_of(sums.iter().copied()).value
}

/// How much more often a party would accept if none of its red lines were hard: how often only they make it refuse, its types by their priors
/// in each world.
fn freed(setting: &Setting, table: &Table, drawn: &Drawn, party: usize, p: usize) -> Mean {
    let mut sums = vec![0.0; table.worlds];
    for t in setting.parties[party].types.clone() {
        let crossed = table.column(settlement::CROSSED, &[t, p]);
        let margins = table.column(settlement::MARGIN, &[t, p]);
        let worlds = crossed.zip(margins).zip(&drawn.priors[t]);
        for (sum, ((crossed, margin), prior)) in sums.iter_mut().zip(worlds) {
            let kept_back = if margin >= 0.0 { crossed } else { 0.0 * margin };
            *sum += prior * kept_back;
        }
    }
    table.mean_of(sums.iter().copied())
}

/// How much more often `first` than `party` is the package's first blocker: a mean of differences, on the same worlds.
fn behind(table: &Table, p: usize, first: usize, party: usize) -> Mean {
    let (ahead, after) = ([first, p], [party, p]);
    let ahead = table.column(settlement::BLOCKS, &ahead);
    let after = table.column(settlement::BLOCKS, &after);
    table.mean_of(ahead.zip(after).map(|(a, b)| a - b))
}

/// How often a party alone of those needed refuses. Types are independent across parties within a world, so in each world
/// this is its chance to refuse times the others' chances to accept.
fn alone(setting: &Setting, table: &Table, p: usize, party: usize) -> Mean {
    let needed = setting.packages[p].needed;
    let accepts = |i: usize| -> Vec<f64> { table.column(settlement::ACCEPTS, &[i, p]).collect() };
    let refuses = |a: f64| {
        if needed.contains(party) {
            1.0 - a
        } else {
            0.0 * a
        }
    };
    let mut chances: Vec<f64> = accepts(party).into_iter().map(refuses).collect();
    for other in needed.iter().filter(|i| *i != party) {
        for (chance, a) in chances.iter_mut().zip(accepts(other)) {
            *chance *= a;
        }
    }
    table.mean_of(chances.iter().copied())
}

fn zone(setting: &Setting, table: &Table) -> Option<Zone> {
    let open = table.mean(settlement::ZONE, &[]);
    if open.n == 0 {
        return None;
    }
    let mut sets = Vec::new();
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let size = table.sorted(settlement::SIZE, &[s]);
        if size.is_empty() {
            continue;
        }
        sets.push(NeededLine {
            needed: *needed,
            open: table.mean(settlement::ZONE_OF, &[s]),
            size: quantiles(&size, QUANTILES),
            sizes: (0..20)
                .map(|i| quantile_sorted(&size, (f64::from(i) + 0.5) / 20.0))
                .collect(),
            solutions: Solution::ALL
                .into_iter()
                .filter_map(|solution| solution_line(setting, table, s, solution))
                .collect(),
            lottery: {
                let sizes = table.sorted(settlement::LOTTERY_SIZE, &[s]);
                (!sizes.is_empty()).then(|| quantiles(&sizes, QUANTILES))
            },
            given_up: table.mean(settlement::FRONTIER_GIVEN_UP, &[s]),
            most: {
                let most = table.sorted(settlement::LOTTERY_MOST, &[s]);
                (!most.is_empty()).then(|| quantiles(&most, QUANTILES))
            },
            division: {
                let score = table.mean(settlement::ADJUSTED_WINNER, &[s]);
                let share = |k| table.mean(settlement::ADJUSTED_WINNER_SHARE, &[s, k]).value;
                (score.n > 0).then(|| Division {
                    score,
                    shares: (0..setting.issues.len()).map(share).collect(),
                })
            },
        });
    }
    Some(Zone {
        open,
        possible: {
            // Bounds are sought in fewer worlds than zones: what they add there is added to what was found everywhere.
            let found = table.column(settlement::ZONE, &[]);
            let possible = table.column(settlement::ZONE_POSSIBLE, &[]);
            let more: Vec<f64> = possible
                .zip(found)
                .map(|(most, zone)| most - zone)
                .collect();
            let more = table.mean_of(more.iter().copied());
            // The two means are of different worlds: their errors add up at most like this.
            Mean {
                value: (open.value + more.value).min(1.0),
                error: (open.error * open.error + more.error * more.error).sqrt(),
                n: open.n,
            }
        },
        without_red_lines: table.mean(settlement::ZONE_WITHOUT_RED_LINES, &[]),
        opens_without: (0..setting.parties.len())
            .map(|i| table.mean(settlement::OPENS_WITHOUT, &[i]).value)
            .collect(),
        sets,
    })
}

fn solution_line(
    setting: &Setting,
    table: &Table,
    s: usize,
    solution: Solution,
) -> Option<SolutionLine> {
    let place = solution as usize;
    let options: Vec<Mean> = (0..setting.option_count())
        .map(|o| table.mean(settlement::SOLUTION_OPTION, &[s, place, o]))
        .collect();
    options.first().filter(|mean| mean.n > 0)?;
    let margins = |i| table.sorted(settlement::SOLUTION_MARGIN, &[s, place, i]);
    Some(SolutionLine {
        solution,
        options: options.iter().map(|mean| mean.value).collect(),
        margins: (0..setting.parties.len())
            .map(|i| quantiles(&margins(i), QUANTILES))
            .collect(),
        ties: table.mean(settlement::SOLUTION_TIES, &[s, place]),
    })
}

/// Gates at home that stand in some world, with the support that was found for packages.
fn gates(case: &Case, table: &Table, drawn: &Drawn) -> Vec<GateLine> {
    let setting = &case.setting;
    let standing = |of, g: usize, p: usize| {
        let chances = table.column(of, &[g, p]);
        let standing = chances.zip(&drawn.gates[g]);
        table.mean_of(standing.map(|(chance, on)| if *on { chance } else { f64::NAN }))
    };
    let line = |g: usize| {
        let on = drawn.gates[g].iter().map(|on| f64::from(u8::from(*on)));
        let on = table.mean_of(on).value;
        let found = case.published.iter().filter(|found| found.gate == g);
        GateLine {
            gate: g,
            stands: if on.is_nan() { 0.0 } else { on },
            passes: (0..setting.packages.len())
                .map(|p| standing(settlement::RATIFIES, g, p))
                .collect(),
            below_bar: (0..setting.packages.len())
                .map(|p| standing(settlement::GATE_BELOW_BAR, g, p))
                .collect(),
            published: found
                .map(|found| {
                    let at = match &case.inputs[found.support.0 as usize].draw {
                        Draw::Own(d) => [0.05, 0.5, 0.95].map(|u| d.quantile(u)),
                        _ => [f64::NAN; 3],
                    };
                    (found.package, at, found.says.clone())
                })
                .collect(),
        }
    };
    let all = (0..setting.gates.len()).map(line);
    all.filter(|line| line.stands > 0.0).collect()
}
