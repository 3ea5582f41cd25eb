//! Certificate: everything again from the case and the world, by listing packages. No-deal values come from numerical
//! integration, packages from enumeration (all of them up to a limit, random ones above it), blame from its definition.

mod division;
mod judged;
mod listing;
mod points;

use detente_core::{
    DealValue, Fate, INDIFFERENT, PartySet, Preferences, Question, RowView, Verdict, each_profile,
};

use detente_core::Identity;

use crate::durable::{Deals, weighs_all};
use crate::no_deal;
use crate::within;
use detente_core::catalogue::settlement::{
    ACCEPTS, AGREED, BLOCKS, BLOCKS_BY_RED_LINE, CONCEDED, CROSSED, GATE_BELOW_BAR, IN_FORCE,
    MARGIN, OPENS_WITHOUT, PRICE, RATIFIES, ROOM_TO_PRESS, SIZE, ZONE, ZONE_OF, ZONE_POSSIBLE,
    ZONE_WITHOUT_RED_LINES,
};

use judged::Judged;
use listing::Reached;
pub(super) use listing::{is_whole, nash_points, zone_by_profile, zone_listed};

/// Probabilities are sums of products of priors.
const PROBABILITY_TOLERANCE: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    let Question { setting, world } = question;
    let Some((refused, error)) = no_deal::refusals(question) else {
        return Verdict::Silent;
    };
    let kinds = setting.types.iter().enumerate();
    let reservations = kinds.map(|(t, kind)| {
        let bar = refused[kind.party][t] + world.numbers.types[t].aspiration;
        bar - no_deal::promises(question, t)
    });
    let reservations: Vec<f64> = reservations.collect();
    let Some(deals) = Deals::new(question) else {
        return Verdict::Silent;
    };
    let check = Check {
        question,
        answer,
        deals,
        reservations,
        error,
    };
    let result = check.named_packages().and_then(|n| {
        let judged = judged::reached(&check);
        let points = points::check(&check, judged.as_ref())?;
        Ok(n + check.zone(judged.as_ref())? + points)
    });
    match result {
        Ok(checked) => Verdict::Holds(checked),
        Err(fault) => Verdict::Fails(fault),
    }
}

/// What [`verify`] leaves unchecked where packages are too many, or what may follow each is not worked out.
pub(super) fn beyond_budget(question: Question, answer: RowView) -> Option<&'static str> {
    let Question { setting, world } = question;
    let searched = !answer.get(ZONE, &[]).is_nan();
    let follows = !world.numbers.durability.is_empty();
    if !searched {
        None
    } else if follows && !weighs_all(setting) {
        Some(
            "not every package is weighed by what may follow it: the zone and its size were held to the named ones from below, and the points of the bargain were not checked",
        )
    } else if !listing::is_whole(setting) {
        Some(
            "packages are too many to list all of them within the budget: some were drawn and bound the zone from below, and the points of the bargain were not checked",
        )
    } else {
        None
    }
}

struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    deals: Deals<'a>,
    reservations: Vec<f64>,
    /// Greatest error of a reservation, in points.
    error: f64,
}

impl Check<'_> {
    fn margin(&self, t: usize, package: &[u8]) -> f64 {
        let Question { setting, world } = self.question;
        Identity.worth(
            setting,
            world,
            self.deals.additive(),
            t,
            package,
            &[Fate::Deal],
        ) - self.reservations[t]
    }

    /// The margin of any package: of a named one where something may follow a deal, as claimed, which is checked by itself; `None`:
    /// what may follow another one is not worked out here.
    fn margin_of(&self, t: usize, package: &[u8]) -> Option<f64> {
        let Question { setting, world } = self.question;
        if world.numbers.durability.is_empty() {
            return Some(self.margin(t, package));
        }
        let named = setting.packages.iter().position(|p| p.choice == package)?;
        Some(self.answer.get(MARGIN, &[t, named]))
    }

    /// Is the claimed margin of a named package right? Where something may follow a deal, of those that were computed.
    fn is_margin(&self, t: usize, p: usize) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let package = &setting.packages[p];
        let claimed = self.answer.get(MARGIN, &[t, p]);
        let what = || format!("margin of type {t} at {}", package.id);
        if world.numbers.durability.is_empty() {
            return same(claimed, self.margin(t, &package.choice), self.error, what);
        }
        if let Some(ends) = self.deals.named(p, t) {
            let [low, high] = ends.map(|worth| worth - self.reservations[t]);
            let near = claimed.clamp(low, high);
            return same(claimed, near, self.error, what);
        }
        if claimed.is_nan() {
            return Err(what());
        }
        Ok(())
    }

    fn crosses(&self, t: usize, package: &[u8]) -> bool {
        Preferences::crossed(self.question.setting, self.question.world, t, package).is_some()
    }

    /// Margins, and everything that follows from the claimed margins.
    fn named_packages(&self) -> Result<usize, String> {
        let Question { setting, world } = self.question;
        for (p, package) in setting.packages.iter().enumerate() {
            let accepts = |t: usize| {
                self.answer.get(MARGIN, &[t, p]) >= -INDIFFERENT
                    && self.answer.get(CROSSED, &[t, p]) == 0.0
            };
            for t in 0..setting.types.len() {
                self.is_margin(t, p)?;
                self.room_to_press(t, p)?;
                self.conceded(t, p)?;
                let crossed = f64::from(u8::from(self.crosses(t, &package.choice)));
                same(self.answer.get(CROSSED, &[t, p]), crossed, 0.0, || {
                    format!("red lines of type {t} at {}", package.id)
                })?;
            }
            let mut shares = Vec::new();
            for (i, party) in setting.parties.iter().enumerate() {
                let share: f64 = party
                    .types
                    .clone()
                    .map(|t| {
                        if accepts(t) {
                            world.numbers.types[t].prior
                        } else {
                            0.0
                        }
                    })
                    .sum();
                let what = || format!("acceptance of {} by {}", package.id, party.id);
                same(
                    self.answer.get(ACCEPTS, &[i, p]),
                    share,
                    PROBABILITY_TOLERANCE,
                    what,
                )?;
                shares.push(share);
            }
            let agreed: f64 = package.needed.iter().map(|i| shares[i]).product();
            same(
                self.answer.get(AGREED, &[p]),
                agreed,
                PROBABILITY_TOLERANCE,
                || format!("agreement on {}", package.id),
            )?;
            self.gates(p, agreed)?;
            self.blame(p, package.needed, agreed)?;
        }
        Ok(setting.packages.len() * (2 * setting.types.len() + 3 * setting.parties.len() + 1))
    }

    /// What a performer would gain without one of its clauses, by the definition: every clause in turn, every profile of the
    /// others' types. Where what may follow some package without a clause is not worked out here, at least what the others give.
    fn room_to_press(&self, t: usize, p: usize) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let package = &setting.packages[p];
        let claimed = self.answer.get(ROOM_TO_PRESS, &[t, p]);
        if claimed.is_nan() {
            return Ok(());
        }
        let me = setting.types[t].party;
        let performers = setting.performers(&package.choice);
        let (mut most, mut whole): (f64, bool) = (0.0, true);
        for (k, issue) in setting.issues.iter().enumerate() {
            let option = &issue.options[package.choice[k] as usize];
            let mut other = package.choice.clone();
            other[k] = issue.status_quo;
            if !option.performers.contains(me) || !setting.allows(&other) {
                continue;
            }
            let margins: Option<Vec<f64>> = (0..setting.types.len())
                .map(|t| self.margin_of(t, &other))
                .collect();
            let (Some(margins), Some(kept)) = (margins, self.margin_of(t, &package.choice)) else {
                whole = false;
                continue;
            };
            let asked: PartySet = package
                .needed
                .iter()
                .filter(|i| !performers.contains(*i) || setting.signatories().contains(*i))
                .chain(setting.performers(&other).iter())
                .filter(|i| *i != me)
                .collect();
            let mut chance = 0.0;
            each_profile(setting, world, asked, |types, prior| {
                let fine = |t: &usize| margins[*t] >= -INDIFFERENT && !self.crosses(*t, &other);
                chance += if types.iter().all(fine) { prior } else { 0.0 };
            });
            most = most.max(chance * (margins[t] - kept));
        }
        let slack = 2.0 * self.error + PROBABILITY_TOLERANCE;
        let right = if whole {
            (claimed - most).abs() <= slack
        } else {
            claimed >= most - slack
        };
        if right {
            return Ok(());
        }
        let id = &package.id;
        Err(format!(
            "room to press of type {t} at {id}: claimed {claimed}, found {most}"
        ))
    }

    fn conceded(&self, t: usize, p: usize) -> Result<(), String> {
        let setting = self.question.setting;
        let claimed = self.answer.get(CONCEDED, &[t, p]);
        let Some(opening) = setting.parties[setting.types[t].party].opening else {
            return if claimed.is_nan() {
                Ok(())
            } else {
                Err(format!(
                    "a concession of type {t}, whose party has no opening"
                ))
            };
        };
        let worth = |p: usize| {
            self.deals
                .preferences()
                .worth(setting, t, &setting.packages[p].choice)
        };
        same(
            claimed,
            worth(opening) - worth(p),
            PROBABILITY_TOLERANCE,
            || format!("concession of type {t} at package {p}"),
        )
    }

    /// Gates by odds instead of chances, and what is in force.
    fn gates(&self, p: usize, agreed: f64) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let package = &setting.packages[p];
        let taken: Vec<usize> = setting
            .issues
            .iter()
            .zip(&package.choice)
            .map(|(issue, o)| issue.first_option + *o as usize)
            .collect();
        let mut all = agreed;
        for (g, (gate, n)) in setting.gates.iter().zip(&world.numbers.gates).enumerate() {
            let mut log_odds = n.base;
            for (option, beta) in gate.effects.iter().zip(&n.effects) {
                if taken.contains(option) {
                    log_odds += beta;
                }
            }
            let odds = libm::exp((log_odds / n.scale).clamp(-700.0, 700.0));
            let chance = if n.on > 0.0 { odds / (1.0 + odds) } else { 1.0 };
            let what = || format!("gate {} at package {p}", gate.id);
            let claimed = self.answer.get(RATIFIES, &[g, p]);
            let below = self.answer.get(GATE_BELOW_BAR, &[g, p]);
            if n.on > 0.0 {
                same(claimed, chance, PROBABILITY_TOLERANCE, what)?;
                // At the bar itself rounding decides.
                let told = (below == 1.0 && chance <= n.bar + PROBABILITY_TOLERANCE)
                    || (below == 0.0 && chance >= n.bar - PROBABILITY_TOLERANCE);
                if !told {
                    return Err(format!(
                        "{}: below its bar claimed {below}, its chance {chance}",
                        what()
                    ));
                }
            } else if !claimed.is_nan() || !below.is_nan() {
                return Err(format!(
                    "{}, which does not stand: claimed {claimed} and {below}",
                    what()
                ));
            }
            if package.needed.contains(gate.party) {
                all *= chance;
            }
        }
        same(
            self.answer.get(IN_FORCE, &[p]),
            all,
            PROBABILITY_TOLERANCE,
            || format!("what is in force of package {p}"),
        )
    }

    fn blame(&self, p: usize, needed: PartySet, agreed: f64) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let mut blamed = vec![[0.0; 2]; setting.parties.len()];
        each_profile(setting, world, needed, |types, prior| {
            // (party, does a red line forbid it, shortfall) of those who refuse
            let refusing: Vec<(usize, bool, f64)> = needed
                .iter()
                .zip(types)
                .map(|(i, t)| {
                    (
                        i,
                        self.answer.get(CROSSED, &[*t, p]) > 0.0,
                        -self.answer.get(MARGIN, &[*t, p]),
                    )
                })
                .filter(|(_, crossed, shortfall)| *crossed || *shortfall > INDIFFERENT)
                .collect();
            let barred = refusing.iter().any(|(_, crossed, _)| *crossed);
            let candidates: Vec<_> = refusing
                .into_iter()
                .filter(|(_, crossed, _)| *crossed == barred)
                .collect();
            let worst = candidates
                .iter()
                .map(|(_, _, s)| *s)
                .fold(f64::NEG_INFINITY, f64::max);
            let first: Vec<usize> = candidates
                .iter()
                .filter(|(_, _, s)| *s == worst)
                .map(|(i, _, _)| *i)
                .collect();
            for party in &first {
                blamed[*party][0] += prior / first.len() as f64;
                blamed[*party][1] += if barred {
                    prior / first.len() as f64
                } else {
                    0.0
                };
            }
        });
        let mut sum = 0.0;
        for (i, [all, by_line]) in blamed.into_iter().enumerate() {
            let what = || format!("blame of party {i} for package {p}");
            same(
                self.answer.get(BLOCKS, &[i, p]),
                all,
                PROBABILITY_TOLERANCE,
                what,
            )?;
            same(
                self.answer.get(BLOCKS_BY_RED_LINE, &[i, p]),
                by_line,
                PROBABILITY_TOLERANCE,
                what,
            )?;
            sum += all;
        }
        same(sum, 1.0 - agreed, PROBABILITY_TOLERANCE, || {
            format!("blame for package {p}, summed")
        })
    }

    /// Everything that searches claim, against the packages listed. Where not all could be listed, each claim must be at
    /// least what the listed ones reach.
    fn zone(&self, judged: Option<&Judged>) -> Result<usize, String> {
        let setting = self.question.setting;
        if self.answer.get(ZONE, &[]).is_nan() {
            return Ok(0);
        }
        let possible = self.answer.get(ZONE_POSSIBLE, &[]);
        if possible < self.answer.get(ZONE, &[]) - PROBABILITY_TOLERANCE {
            return Err(format!("a zone above what is possible, {possible}"));
        }
        if self.deals.follows() {
            return judged::check(self, judged);
        }
        same(
            possible,
            self.answer.get(ZONE, &[]),
            PROBABILITY_TOLERANCE,
            || "what is possible where D is a sum".to_owned(),
        )?;
        let listing = listing::list(self.question, self.deals.additive(), &self.reservations);
        let near = |size: f64| size.abs() <= self.error;
        let (mut open, mut loose, mut undecided) = (0.0, 0.0, 0.0);
        let mut opens = vec![0.0; setting.parties.len()];
        let mut prices = vec![0.0; setting.parties.len()];
        let named_margin = |t: usize, p: usize| self.margin(t, &setting.packages[p].choice);
        for at in &listing.profiles {
            let prior = &at.prior;
            let named = |respected: &dyn Fn(usize) -> bool| {
                at.named_open(self.question, named_margin, respected)
            };
            let here: Vec<&Reached> = at
                .places
                .iter()
                .zip(&listing.sets)
                .map(|(at, set)| &set[*at])
                .collect();
            let some =
                |size: &dyn Fn(&Reached) -> f64| here.iter().any(|r| size(r) >= -INDIFFERENT);
            // A size within the integration error of zero may fall on either side.
            let doubtful =
                |r: &&Reached| near(r.size) || near(r.loose) || r.without.iter().any(|w| near(*w));
            undecided += if here.iter().any(doubtful) {
                *prior
            } else {
                0.0
            };
            let is_open = some(&|r| r.size) || named(&|_| true);
            open += if is_open { *prior } else { 0.0 };
            let is_loose = some(&|r| r.loose) || named(&|_| false);
            loose += if is_loose { *prior } else { 0.0 };
            for (party, share) in opens.iter_mut().enumerate() {
                let holds = setting.red_lines.iter().any(|line| line.party == party);
                let opens = some(&|r| r.without[party]) || named(&|other| other != party);
                if holds && !is_open && opens {
                    *share += *prior;
                    let most = here.iter().map(|r| r.price[party]).fold(0.0, f64::max);
                    prices[party] += prior * most;
                }
            }
        }
        let reach = |claimed: f64, found: f64, slack: f64, what: &dyn Fn() -> String| {
            let right = if listing.whole {
                within(claimed, found, slack)
            } else {
                claimed >= found - slack
            };
            if right {
                Ok(())
            } else {
                Err(format!(
                    "{}: claimed {claimed}, listed packages give {found}",
                    what()
                ))
            }
        };
        let slack = PROBABILITY_TOLERANCE + undecided;
        reach(self.answer.get(ZONE, &[]), open, slack, &|| {
            "zone".to_owned()
        })?;
        reach(
            self.answer.get(ZONE_WITHOUT_RED_LINES, &[]),
            loose,
            slack,
            &|| "zone without red lines".to_owned(),
        )?;
        if listing.whole {
            for (party, share) in opens.iter().enumerate() {
                same(
                    self.answer.get(OPENS_WITHOUT, &[party]),
                    *share,
                    slack,
                    || format!("zone without the red lines of party {party}"),
                )?;
                let claimed = self.answer.get(PRICE, &[party]);
                if *share <= slack || undecided > 0.0 {
                    continue;
                }
                same(claimed, prices[party] / share, self.error, || {
                    format!("price of the red lines of party {party}")
                })?;
            }
        }
        for (s, set) in listing.sets.iter().enumerate() {
            let parts = listing
                .profiles
                .iter()
                .map(|at| (at.prior, &set[at.places[s]]));
            let found: f64 = parts
                .clone()
                .filter(|(_, r)| r.size.is_finite())
                .map(|(prior, _)| prior)
                .sum();
            let share: f64 = parts
                .clone()
                .filter(|(_, r)| r.size >= -INDIFFERENT)
                .map(|(prior, _)| prior)
                .sum();
            reach(self.answer.get(ZONE_OF, &[s]), share, slack, &|| {
                format!("zone of needed set {s}")
            })?;
            if found > 0.0 {
                let sum: f64 = parts
                    .clone()
                    .filter(|(_, r)| r.size.is_finite())
                    .map(|(prior, r)| prior * r.size)
                    .sum();
                let size = self.answer.get(SIZE, &[s]);
                // A walk that met no package of the set for some types says nothing of a mean over all of them.
                let everywhere = listing.whole || found >= 1.0 - PROBABILITY_TOLERANCE;
                if everywhere {
                    reach(size, sum / found, self.error, &|| {
                        format!("size of needed set {s}")
                    })?;
                }
            }
        }
        Ok(2 + setting.parties.len() + 3 * setting.needed_sets.len())
    }
}

fn same(claimed: f64, found: f64, tolerance: f64, what: impl Fn() -> String) -> Result<(), String> {
    if within(claimed, found, tolerance) {
        Ok(())
    } else {
        Err(format!("{}: claimed {claimed}, found {found}", what()))
    }
}
