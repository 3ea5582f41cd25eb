//! Two-person bargains over items of three kinds: deal or not, and who got what.

use crate::choice::{Choice, Separated, chances, fit, inclusive};
use crate::table::{Fault, Row, Table, enough};
use crate::trial::{Case, Model, Predictor, Section, Setup, base_rate, trial};

/// Kinds of items.
const KINDS: usize = 3;
/// Most items of a kind, and the most that one is worth.
const MOST: u32 = 99;
/// Most ways to split the items of a bargain.
const SPLITS: u64 = 1024;
const COLUMNS: [&str; 16] = [
    "count0", "count1", "count2", "a_value0", "a_value1", "a_value2", "b_value0", "b_value1",
    "b_value2", "outcome", "a_got0", "a_got1", "a_got2", "b_got0", "b_got1", "b_got2",
];

/// A way to split the items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split {
    /// What the first person gets of each kind; the other gets the rest.
    pub(crate) got: [u32; KINDS],
    /// What it is worth to each.
    pub(crate) worth: [f64; 2],
    /// Is there no split that is better for one and not worse for the other?
    pub(crate) efficient: bool,
}

impl Split {
    fn sum(&self) -> f64 {
        self.worth[0] + self.worth[1]
    }

    fn product(&self) -> f64 {
        self.worth[0] * self.worth[1]
    }

    fn lesser(&self) -> f64 {
        self.worth[0].min(self.worth[1])
    }
}

/// A bargain, all its splits listed.
struct Bargain {
    group: String,
    splits: Vec<Split>,
    /// The split that was agreed on; nothing where there was no deal.
    agreed: Option<usize>,
}

/// Deal or not, of a bargain.
struct Ending<'b>(&'b Bargain);

impl Case for Ending<'_> {
    fn group(&self) -> &str {
        &self.0.group
    }

    fn options(&self) -> usize {
        2
    }

    fn came(&self) -> usize {
        usize::from(self.0.agreed.is_some())
    }
}

/// Who got what, of a deal.
struct Deal<'b>(&'b Bargain, usize);

impl Case for Deal<'_> {
    fn group(&self) -> &str {
        &self.0.group
    }

    fn options(&self) -> usize {
        self.0.splits.len()
    }

    fn came(&self) -> usize {
        self.1
    }
}

/// Reads a table of bargains and puts models of them to the trial: deal or not, and, given a deal, who got what. No deal is worth 0 to both.
/// Bargains over the same items at the same values, whoever holds them, are one group.
///
/// # Errors
/// All faults of the table.
pub fn bargains(text: &str, setup: Setup) -> Result<Vec<Section>, Vec<Fault>> {
    let mut faults = Vec::new();
    let table = Table::read(text, &COLUMNS, &mut faults);
    let read = |row: Row<'_>| bargain(&row, &mut faults);
    let bargains: Vec<Bargain> = table
        .iter()
        .flat_map(Table::rows)
        .filter_map(read)
        .collect();
    enough(bargains.iter().map(|b| b.group.as_str()), &mut faults);
    let deals = bargains.iter().filter(|b| b.agreed.is_some());
    enough(deals.map(|b| b.group.as_str()), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let grouped_by = "items and values, whoever holds them";
    let endings: Vec<Ending> = bargains.iter().map(Ending).collect();
    let deals: Vec<Deal> = bargains
        .iter()
        .filter_map(|b| Some(Deal(b, b.agreed?)))
        .collect();
    let mut ending = trial("deal or not", grouped_by, &endings, &of_endings(), 2, setup);
    let counted = |which: fn(&Split) -> bool| {
        let hits = deals.iter().filter(|d| which(&d.0.splits[d.1])).count();
        100.0 * hits as f64 / deals.len() as f64
    };
    ending.notes.push(format!(
        "Of the deals {:.1} of 100 are efficient: no split is better for one and not worse for the other.",
        counted(|split| split.efficient)
    ));
    let last = of_deals().len() - 1;
    let mut deal = trial(
        "who got what, given a deal",
        grouped_by,
        &deals,
        &of_deals(),
        last,
        setup,
    );
    let splits = deals.iter().map(|d| d.0.splits.len()).sum::<usize>();
    deal.notes.push(format!(
        "A deal was one of {:.1} splits on average.",
        splits as f64 / deals.len() as f64
    ));
    Ok(vec![ending, deal])
}

fn bargain(row: &Row<'_>, faults: &mut Vec<Fault>) -> Option<Bargain> {
    let before = faults.len();
    let mut three = |name: &str| {
        let mut read = |kind: usize| row.whole(&format!("{name}{kind}"), MOST, faults);
        [read(0), read(1), read(2)]
    };
    let [counts, first, second] = [three("count"), three("a_value"), three("b_value")];
    let deal = row.word("outcome", &["disagree", "deal"], faults) == Some(1);
    let mut got = |name: &str| -> [Option<u32>; KINDS] {
        let mut read = |kind: usize| row.whole(&format!("{name}{kind}"), MOST, faults);
        [read(0), read(1), read(2)]
    };
    let shares = deal.then(|| [got("a_got"), got("b_got")]);
    if faults.len() > before {
        return None;
    }
    let [counts, first, second] =
        [counts, first, second].map(|three| three.map(|n| n.unwrap_or(0)));
    let ways: u64 = counts.iter().map(|n| u64::from(*n) + 1).product();
    if ways > SPLITS {
        let said = format!("the items can be split in {ways} ways; at most {SPLITS} are listed");
        faults.push(Fault::new(row.line, "count0", said));
        return None;
    }
    let splits = splits(counts, first, second);
    let mut agreed = None;
    if let Some(shares) = shares {
        let [mine, theirs] = shares.map(|three| three.map(|n| n.unwrap_or(0)));
        for kind in (0..KINDS).filter(|kind| mine[*kind] + theirs[*kind] != counts[*kind]) {
            let said = format!(
                "{} and {} were got of {} items",
                mine[kind], theirs[kind], counts[kind]
            );
            faults.push(Fault::new(row.line, &format!("a_got{kind}"), said));
        }
        agreed = splits.iter().position(|split| split.got == mine);
        agreed?;
    }
    // The same bargain seen from the other side, or with its kinds in another order, is the same.
    let seen = |one: [u32; KINDS], other: [u32; KINDS]| {
        let mut kinds = [0, 1, 2].map(|kind| [counts[kind], one[kind], other[kind]]);
        kinds.sort_unstable();
        format!("{kinds:?}")
    };
    Some(Bargain {
        group: seen(first, second).min(seen(second, first)),
        splits,
        agreed,
    })
}

/// Every way to split items, with what it is worth and whether it is efficient.
pub(crate) fn splits(
    counts: [u32; KINDS],
    first: [u32; KINDS],
    second: [u32; KINDS],
) -> Vec<Split> {
    let mut all = Vec::new();
    for a in 0..=counts[0] {
        for b in 0..=counts[1] {
            for c in 0..=counts[2] {
                let got = [a, b, c];
                let worth = |values: [u32; KINDS], share: [u32; KINDS]| {
                    let each = values.iter().zip(share).map(|(value, n)| value * n);
                    f64::from(each.sum::<u32>())
                };
                let rest = [0, 1, 2].map(|kind| counts[kind] - got[kind]);
                all.push(Split {
                    got,
                    worth: [worth(first, got), worth(second, rest)],
                    efficient: true,
                });
            }
        }
    }
    let worths: Vec<[f64; 2]> = all.iter().map(|split| split.worth).collect();
    for split in &mut all {
        let [mine, theirs] = split.worth;
        let better =
            |other: &[f64; 2]| other[0] >= mine && other[1] >= theirs && *other != split.worth;
        split.efficient = !worths.iter().any(better);
    }
    all
}

/// The greatest of a number over all splits.
fn greatest(bargain: &Bargain, of: fn(&Split) -> f64) -> f64 {
    bargain
        .splits
        .iter()
        .map(of)
        .fold(f64::NEG_INFINITY, f64::max)
}

fn of_endings<'b>() -> Vec<Model<Ending<'b>>> {
    let egalitarian = |b: &Bargain| vec![1.0, greatest(b, Split::lesser)];
    let three = |b: &Bargain| {
        vec![
            1.0,
            greatest(b, Split::lesser),
            greatest(b, Split::sum),
            greatest(b, Split::product).sqrt(),
        ]
    };
    vec![
        base_rate(),
        Model {
            name: "egalitarian point",
            about: "logit on what both can have at once",
            fit: Box::new(move |cases| logit(cases, egalitarian)),
        },
        Model {
            name: "three solutions",
            about: "logit on the egalitarian point, the greatest sum and the root of the greatest Nash product",
            fit: Box::new(move |cases| logit(cases, three)),
        },
        Model {
            name: "nested logit",
            about: "logit on the inclusive value of the splits, their weights fitted on the deals of the training folds",
            fit: Box::new(nested),
        },
    ]
}

fn logit<'b>(
    cases: &[&Ending<'b>],
    features: fn(&Bargain) -> Vec<f64>,
) -> Result<Predictor<Ending<'b>>, Separated> {
    let choices = cases
        .iter()
        .map(|case| Choice::binary(features(case.0), case.came() == 1));
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| {
        let choice = Choice::binary(features(case.0), false);
        chances(&choice.features, &weights)
    }))
}

fn nested<'b>(cases: &[&Ending<'b>]) -> Result<Predictor<Ending<'b>>, Separated> {
    let of_splits = |b: &Bargain| -> Vec<Vec<f64>> { b.splits.iter().map(several).collect() };
    let deals = cases.iter().filter_map(|case| {
        Some(Choice {
            features: of_splits(case.0),
            came: case.0.agreed?,
        })
    });
    let inner = fit(&deals.collect::<Vec<_>>())?;
    let features = move |b: &Bargain| vec![1.0, inclusive(&of_splits(b), &inner)];
    let choices = cases
        .iter()
        .map(|case| Choice::binary(features(case.0), case.came() == 1));
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| {
        let choice = Choice::binary(features(case.0), false);
        chances(&choice.features, &weights)
    }))
}

/// What the fullest model of splits looks at.
fn several(split: &Split) -> Vec<f64> {
    vec![
        split.lesser(),
        split.sum(),
        f64::from(u8::from(split.efficient)),
    ]
}

fn of_deals<'b>() -> Vec<Model<Deal<'b>>> {
    fn model<'b>(
        name: &'static str,
        about: &'static str,
        features: fn(&Split) -> Vec<f64>,
    ) -> Model<Deal<'b>> {
        let of = move |deal: &Deal<'_>| -> Vec<Vec<f64>> {
            deal.0.splits.iter().map(features).collect()
        };
        Model {
            name,
            about,
            fit: Box::new(move |cases| {
                let choices = cases.iter().map(|case| Choice {
                    features: of(case),
                    came: case.came(),
                });
                let weights = fit(&choices.collect::<Vec<_>>())?;
                Ok(Box::new(move |case| chances(&of(case), &weights)))
            }),
        }
    }
    vec![
        Model {
            name: "any split alike",
            about: "the same chance for every split",
            fit: Box::new(|_| {
                Ok(Box::new(|deal| {
                    let count = deal.0.splits.len();
                    vec![1.0 / count as f64; count]
                }))
            }),
        },
        model("sum", "logit over splits on the sum of gains", |s| {
            vec![s.sum()]
        }),
        model("Nash product", "logit on the product of gains", |s| {
            vec![s.product()]
        }),
        model(
            "root of it",
            "logit on the root of the product of gains",
            |s| vec![s.product().sqrt()],
        ),
        model("lesser gain", "logit on the lesser of both gains", |s| {
            vec![s.lesser()]
        }),
        model(
            "lesser, sum, frontier",
            "logit on the lesser gain, the sum, and whether a split is efficient",
            several,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::splits;

    /// Another road: sorted by the first worth, a split is efficient if its second worth is the greatest among those that are as good for
    /// the first, and greater than all that are better for the first.
    #[test]
    fn efficient_splits_are_those_of_a_sweep() {
        let mut seen = 0;
        for bargain in 0..200_u32 {
            let digit = |at: u32, base: u32| (bargain * 7919 + 13 * at * at + at) / (at + 1) % base;
            let counts = [digit(0, 4) + 1, digit(1, 3) + 1, digit(2, 5)];
            let first = [digit(3, 6), digit(4, 4), digit(5, 8)];
            let second = [digit(6, 6), digit(7, 5), digit(8, 3)];
            let all = splits(counts, first, second);
            let expected: u32 = counts.iter().map(|n| n + 1).product();
            assert_eq!(all.len(), expected as usize);
            let mut order: Vec<usize> = (0..all.len()).collect();
            order.sort_by(|a, b| {
                let key = |i: usize| all[i].worth;
                key(*b)[0]
                    .total_cmp(&key(*a)[0])
                    .then(key(*b)[1].total_cmp(&key(*a)[1]))
            });
            let mut best = f64::NEG_INFINITY;
            let mut last = [f64::NAN; 2];
            for place in order {
                let worth = all[place].worth;
                let efficient = worth[1] > best || worth == last;
                assert_eq!(all[place].efficient, efficient, "{:?}", all[place]);
                if efficient {
                    (best, last) = (worth[1], worth);
                    seen += 1;
                }
            }
        }
        assert!(seen > 400, "{seen}");
    }
}
