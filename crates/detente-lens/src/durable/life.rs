//! What a deal is worth: what each month of peace brings, until the first of breakdown, attack and lapse, and what war at that date is
//! worth from then on. Written as sums over months, so that a package costs a type two dot products.

use std::ops::Range;

use detente_core::{Setting, World};

use super::dates::Dates;
use super::law::{Kind, LAST, Terms};

/// Months, with the month of the deal.
pub(crate) const MONTHS: usize = LAST + 1;

/// An attack that is due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) month: usize,
    /// Chance that nobody has attacked up to then, with this attack.
    pub(super) quiet: f64,
    /// What attacking then costs, times the chance of an own attack then if there was none before.
    pub(super) paid: f64,
    /// What war is worth then if somebody attacks, over who it may be.
    pub(super) war: f64,
}

/// The months of a deal at one discount factor.
#[derive(Clone, Debug, Default)]
struct Months {
    patience: f64,
    /// δ^m times the chance that no background breakdown has come, at the start of each month.
    alive: Vec<f64>,
    /// By date but the last, as far as whole months go: what a point of peace adds from it up to the next, and a point of war a month later at
    /// it and at the next, war being put between them.
    between: Vec<[f64; 3]>,
    /// What peace and war add after those months, the last of [`LAST`] going on for as long as the deal may; war by its month.
    end_peace: f64,
    end: [(usize, f64); 2],
    /// What a point of what follows a lapse adds, by the month of the war that it is where nothing else is said.
    lapse: [(usize, f64); 2],
}

/// The life of deals on some terms.
#[derive(Clone, Debug, Default)]
struct Life {
    terms: Option<Terms>,
    /// By month: chance that the background lets it pass, and that it has let all before pass.
    stays: Vec<f64>,
    calm: Vec<f64>,
    /// By month but the last: its chance of a breakdown, parted between the date before the next month and the date after it.
    parted: Vec<[f64; 2]>,
    /// Whole months before the last one.
    whole: usize,
    /// By discount factor.
    months: Vec<Months>,
}

impl Life {
    /// Lays out what chances of passing each month make up. `discounts`: by discount factor, by month.
    fn lay(&mut self, lasts: f64, (patiences, discounts): (&[f64], &[f64]), dates: &Dates) {
        self.calm.clear();
        self.parted.clear();
        let mut calm = 1.0;
        for (m, stays) in self.stays.iter().enumerate() {
            self.calm.push(calm);
            if m < LAST {
                let ((_, part), breaks) = (dates.at(m + 1), calm * (1.0 - stays));
                self.parted.push([breaks * (1.0 - part), breaks * part]);
            }
            calm *= stays;
        }
        let is_last = |m: &usize| *m == LAST || lasts - (*m as f64) < 1.0;
        self.whole = (0..=LAST).find(is_last).unwrap_or(LAST);
        self.months.resize(patiences.len(), Months::default());
        let discounts = discounts.chunks_exact(MONTHS);
        for ((months, patience), discounts) in self.months.iter_mut().zip(patiences).zip(discounts)
        {
            months.patience = *patience;
            let alive = self.calm[..=self.whole].iter().zip(discounts);
            months.alive.clear();
            months
                .alive
                .extend(alive.map(|(calm, discount)| calm * discount));
            months.between.clear();
            for ends in dates.months().windows(2) {
                if ends[1] > self.whole {
                    break;
                }
                let ([mut peace, mut here, mut there], own) = ([0.0; 3], ends[0]..ends[1]);
                let each = discounts[own.clone()].iter().zip(&self.parted[own.clone()]);
                for ((discount, parted), alive) in each.zip(&months.alive[own]) {
                    peace += alive;
                    here += discount * parted[0];
                    there += discount * parted[1];
                }
                // The last of them leads to the next date itself.
                let [end, _] = self.parted[ends[1] - 1];
                let moved = discounts[ends[1] - 1] * end;
                let sums = [peace, here - moved, there + moved];
                months.between.push(sums);
            }
            months.finish(&self.stays, self.whole, lasts);
        }
    }
}

impl Months {
    /// Whole months like the last, and the part of one in which the deal lapses: a breakdown in that part comes at its end, as it comes at
    /// the end of a whole month.
    fn finish(&mut self, stays: &[f64], m: usize, lasts: f64) {
        let (patience, alive, stays) = (self.patience, self.alive[m], stays[m]);
        let left = (lasts - m as f64).max(0.0);
        let through = patience * stays;
        let later = 1.0 - through;
        if left.is_infinite() {
            self.end_peace = alive * (1.0 - patience) / later;
            self.end = [(m, alive * patience * (1.0 - stays) / later), (m, 0.0)];
            self.lapse = [(m, 0.0); 2];
            return;
        }
        let (whole, part) = (left.floor(), left.fract());
        let lasting = alive * libm::pow(through, whole);
        // A geometric sum over the whole months.
        let months = (alive - lasting) / later;
        let (over, calm) = (libm::pow(patience, part), libm::pow(stays, part));
        self.end_peace = months * (1.0 - patience) + lasting * (1.0 - over);
        // War at a date between two months is worth what lies between its worth in either.
        let next = (m + 1).min(LAST);
        let at = |weight: f64| [(m, weight * (1.0 - part)), (next, weight * part)];
        self.end = at(lasting * over * (1.0 - calm));
        self.end[0].1 += months * patience * (1.0 - stays);
        self.lapse = at(lasting * over * calm);
    }
}

/// The life of a deal as somebody discounts it.
#[derive(Clone, Copy)]
pub(super) struct Lived<'a> {
    life: &'a Life,
    months: &'a Months,
    dates: &'a Dates,
}

impl Lived<'_> {
    /// What peace is worth, by point, and what war is, over the months from one to another. `war`: by date.
    fn stretch(&self, war: &[f64], from: usize, to: usize) -> [f64; 2] {
        let (dates, patience) = (self.dates, self.months.patience);
        let (mut peace, mut worth, mut m) = (0.0, 0.0, from);
        let mut each = |months: Range<usize>| {
            for m in months {
                let alive = self.months.alive[m];
                peace += alive;
                worth += alive * (1.0 - self.life.stays[m]) * dates.value(war, m + 1);
            }
        };
        let (mut place, _) = dates.at(from);
        let all = dates.months();
        if all[place] < from {
            // Up to the next date.
            place += 1;
            let end = all.get(place).map_or(to, |next| to.min(*next));
            each(m..end);
            m = end;
        }
        let mut sums = [0.0; 2];
        while m < to && all.get(place + 1).is_some_and(|next| *next <= to) {
            let [calm, here, there] = self.months.between[place];
            sums[0] += calm;
            sums[1] += here * war[place] + there * war[place + 1];
            place += 1;
            m = all[place];
        }
        each(m..to);
        [
            (1.0 - patience) * (peace + sums[0]),
            patience * (worth + sums[1]),
        ]
    }

    /// D = share · UL + rest: what a point of peace is worth, and what war is, by date; `dues` in the order of their dates.
    /// `lapsed`: what follows a lapse, if it is not war.
    pub(super) fn worth(
        &self,
        (war, lapsed): (&[f64], Option<f64>),
        dues: impl IntoIterator<Item = Due>,
    ) -> [f64; 2] {
        let Self {
            life,
            months,
            dates,
        } = *self;
        let (mut share, mut rest, mut quiet, mut from) = (0.0, 0.0, 1.0, 0);
        let mut stretch = |from: usize, to: usize, quiet: f64| {
            let [peace, worth] = self.stretch(war, from, to);
            share += quiet * peace;
            worth * quiet
        };
        for due in dues {
            if due.month >= months.alive.len() {
                break;
            }
            rest += stretch(from, due.month, quiet);
            let alive = months.alive[due.month];
            rest += alive * ((quiet - due.quiet) * due.war - quiet * due.paid);
            (quiet, from) = (due.quiet, due.month);
        }
        rest += stretch(from, life.whole, quiet);
        for (month, weight) in months.end {
            if weight != 0.0 {
                rest += quiet * weight * dates.value(war, month);
            }
        }
        for (month, weight) in months.lapse {
            if weight != 0.0 {
                let follows = lapsed.unwrap_or_else(|| dates.value(war, month));
                rest += quiet * weight * follows;
            }
        }
        [share + quiet * months.end_peace, rest]
    }

    /// What one point of peace is worth where nobody attacks; a point of war whenever it comes is worth the rest of 1.
    pub(super) fn peace(&self) -> f64 {
        let Self { life, months, .. } = *self;
        let whole: f64 = months.alive[..life.whole].iter().sum();
        (1.0 - months.patience) * whole + months.end_peace
    }
}

/// Lives on all terms that a world has been asked for.
#[derive(Debug, Default)]
pub(super) struct Lives {
    all: Vec<Life>,
    used: usize,
    patiences: Vec<f64>,
    /// Place of each type's discount factor.
    of_type: Vec<usize>,
    /// By discount factor, by month: its power.
    discounts: Vec<f64>,
    /// By kind of deal, by month: what multiplies its rate of breakdown.
    kinds: Vec<(Kind, Vec<f64>)>,
    dates: Dates,
}

impl Lives {
    /// Forgets the world before.
    pub(super) fn start(&mut self, setting: &Setting, world: &World) {
        self.dates.lay(setting, world);
        self.used = 0;
        self.kinds.clear();
        self.patiences.clear();
        self.of_type.clear();
        for t in &world.numbers.types {
            let known = self.patiences.iter().position(|p| *p == t.patience);
            self.of_type.push(known.unwrap_or(self.patiences.len()));
            if known.is_none() {
                self.patiences.push(t.patience);
            }
        }
        self.discounts.clear();
        for patience in &self.patiences {
            let mut power = 1.0;
            for _ in 0..MONTHS {
                self.discounts.push(power);
                power *= patience;
            }
        }
    }

    /// The dates at which wars after deals are worked out.
    pub(super) fn dates(&self) -> &Dates {
        &self.dates
    }

    /// What a point in each month is worth today to a type.
    pub(super) fn discounts(&self, t: usize) -> &[f64] {
        &self.discounts[self.of_type[t] * MONTHS..][..MONTHS]
    }

    /// The place of the life of deals on these terms.
    pub(super) fn on(&mut self, setting: &Setting, world: &World, mut terms: Terms) -> usize {
        if setting.contest.is_some() {
            // A guarantee acts through the war that follows.
            terms.guarantee = 0.0;
        }
        let mut known = self.all[..self.used].iter();
        if let Some(place) = known.position(|life| life.terms == Some(terms)) {
            return place;
        }
        if self.used == self.all.len() {
            self.all.push(Life::default());
        }
        let life = &mut self.all[self.used];
        self.used += 1;
        life.terms = Some(terms);
        let (n, kind) = (&world.numbers.durability[0], terms.kind());
        let known = self.kinds.iter().position(|(known, _)| *known == kind);
        let place = known.unwrap_or_else(|| {
            self.kinds.push((kind, kind.factors(n)));
            self.kinds.len() - 1
        });
        terms.stays(setting, n, &self.kinds[place].1, &mut life.stays);
        let discounts = (&self.patiences[..], &self.discounts[..]);
        life.lay(terms.lasts, discounts, &self.dates);
        self.used - 1
    }

    /// The months of a life as type `t` discounts them.
    pub(super) fn months(&self, place: usize, t: usize) -> Lived<'_> {
        let life = &self.all[place];
        Lived {
            life,
            months: &life.months[self.of_type[t]],
            dates: &self.dates,
        }
    }

    /// Chance that no background breakdown has come by each month.
    pub(super) fn calm(&self, place: usize) -> &[f64] {
        &self.all[place].calm
    }

    /// The same by a date of the months that are followed, which may lie between two of them.
    pub(super) fn calm_at(&self, place: usize, months: f64) -> f64 {
        let life = &self.all[place];
        let whole = detente_core::asks::whole(months).min(LAST);
        life.calm[whole] * libm::pow(life.stays[whole], months - whole as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dates::{Dates, tests::every};
    use super::{Due, Life, Lived, MONTHS};

    /// A deal with a constant rate of breakdown.
    struct Constant(Life, Dates);

    impl Constant {
        fn lived(&self) -> Lived<'_> {
            Lived {
                life: &self.0,
                months: &self.0.months[0],
                dates: &self.1,
            }
        }
    }

    fn months(patience: f64, rate: f64, lasts: f64) -> Constant {
        let mut life = Life {
            stays: vec![libm::exp(-rate); MONTHS],
            ..Life::default()
        };
        let discount = |m: usize| libm::pow(patience, m as f64);
        let discounts: Vec<f64> = (0..MONTHS).map(discount).collect();
        let dates = every();
        life.lay(lasts, (&[patience], &discounts), &dates);
        Constant(life, dates)
    }

    fn worth(months: &Constant, peace: f64, war: f64, dues: &[Due]) -> f64 {
        let [share, rest] = months
            .lived()
            .worth((&[war; MONTHS], None), dues.iter().copied());
        share * peace + rest
    }

    #[test]
    fn a_constant_rate_has_a_closed_form() {
        for (patience, rate, peace, war) in [
            (0.985, 0.002, 60.0, 20.0),
            (0.9, 0.03, 10.0, 55.0),
            (0.999, 0.0, 70.0, 1.0),
        ] {
            let life = months(patience, rate, f64::INFINITY);
            let found = worth(&life, peace, war, &[]);
            let stays: f64 = libm::exp(-rate);
            let whole = 1.0 - patience * stays;
            let exact = ((1.0 - patience) * peace + patience * (1.0 - stays) * war) / whole;
            assert!((found - exact).abs() < 1e-9, "{found} {exact}");
            let share = life.lived().peace();
            assert!((share * peace + (1.0 - share) * war - found).abs() < 1e-9);
        }
    }

    #[test]
    fn a_deal_that_lapses_is_worth_its_months_and_the_war_after_them() {
        for lasts in [0.5, 1.0, 2.25, 30.0] {
            let found = worth(&months(0.97, 0.0, lasts), 50.0, 20.0, &[]);
            let end = libm::pow(0.97, lasts);
            assert!((found - ((1.0 - end) * 50.0 + end * 20.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_lapse_may_lead_elsewhere_than_a_breakdown() {
        for lasts in [0.5, 1.0, 2.25, 30.0] {
            let life = months(0.97, 0.0, lasts);
            let [share, rest] = life.lived().worth((&[20.0; MONTHS], Some(70.0)), []);
            let end = libm::pow(0.97, lasts);
            let exact = (1.0 - end) * 50.0 + end * 70.0;
            assert!((share * 50.0 + rest - exact).abs() < 1e-9);
        }
        // What never lapses leads nowhere.
        let life = months(0.97, 0.01, f64::INFINITY);
        let found = [None, Some(70.0)].map(|to| life.lived().worth((&[20.0; MONTHS], to), []));
        assert_eq!(found[0], found[1]);
    }

    /// Month by month to the lapse, however far off it is.
    fn by_hand(rate: impl Fn(usize) -> f64, lasts: f64, [peace, war, lapsed]: [f64; 3]) -> f64 {
        let (patience, mut alive, mut worth, mut left): (f64, f64, f64, f64) =
            (0.97, 1.0, 0.0, lasts);
        for m in 0.. {
            let part = left.min(1.0);
            let (over, stays) = (libm::pow(patience, part), libm::exp(-rate(m) * part));
            worth += alive * ((1.0 - over) * peace + over * (1.0 - stays) * war);
            alive *= over * stays;
            left -= part;
            if left <= 0.0 {
                break;
            }
        }
        worth + alive * lapsed
    }

    #[test]
    fn a_lapse_comes_at_its_date_however_late() {
        let rate =
            |m: usize| 0.002 * libm::exp(-0.3 * libm::exp(-(m.min(MONTHS - 1) as f64) / 200.0));
        let dates = every();
        let discounts: Vec<f64> = (0..MONTHS).map(|m| libm::pow(0.97, m as f64)).collect();
        for lasts in [
            0.25, 1.0, 17.999, 18.0, 18.5, 239.0, 240.0, 240.5, 241.0, 270.0, 300.25, 1188.0,
        ] {
            let mut life = Life {
                stays: (0..MONTHS).map(|m| libm::exp(-rate(m))).collect(),
                ..Life::default()
            };
            life.lay(lasts, (&[0.97], &discounts), &dates);
            let life = Constant(life, every());
            let [share, rest] = life.lived().worth((&[20.0; MONTHS], Some(70.0)), []);
            let found = share * 50.0 + rest;
            let exact = by_hand(rate, lasts, [50.0, 20.0, 70.0]);
            assert!((found - exact).abs() < 1e-9, "{lasts}: {found} {exact}");
            // All that a point of peace and a point of war are worth is a point.
            let [share, rest] = life.lived().worth((&[1.0; MONTHS], None), []);
            assert!((share + rest - 1.0).abs() < 1e-12, "{lasts}");
            assert!((share - life.lived().peace()).abs() < 1e-12, "{lasts}");
        }
    }

    #[test]
    fn no_month_of_a_lapse_is_a_step() {
        let found = |lasts: f64| {
            let life = months(0.97, 0.02, lasts);
            let [share, rest] = life.lived().worth((&[20.0; MONTHS], Some(70.0)), []);
            share * 50.0 + rest
        };
        for whole in [1.0, 2.0, 18.0, 240.0, 241.0, 300.0] {
            let [before, at, after] = [-1e-9, 0.0, 1e-9].map(|step| found(whole + step));
            let steady = (before - at).abs() < 1e-7 && (after - at).abs() < 1e-7;
            assert!(steady, "{whole}");
        }
    }

    #[test]
    fn an_attack_comes_at_its_date_and_costs_the_attacker() {
        let life = months(0.98, 0.0, f64::INFINITY);
        let due = Due {
            month: 24,
            quiet: 0.6,
            paid: 0.4 * 3.0,
            war: 70.0,
        };
        let found = worth(&life, 50.0, 70.0, &[due]);
        let date = libm::pow(0.98, 24.0);
        let exact = (1.0 - date) * 50.0 + date * (0.4 * (70.0 - 3.0) + 0.6 * 50.0);
        assert!((found - exact).abs() < 1e-9, "{found} {exact}");
    }

    #[test]
    fn of_two_attacks_the_second_finds_what_the_first_left() {
        let life = months(0.99, 0.01, f64::INFINITY);
        let due = |month, quiet| Due {
            month,
            quiet,
            paid: 0.0,
            war: 10.0,
        };
        let both = worth(&life, 50.0, 10.0, &[due(5, 0.5), due(9, 0.2)]);
        // Month by month.
        let (stays, mut alive, mut exact): (f64, f64, f64) = (libm::exp(-0.01), 1.0, 0.0);
        for m in 0..5_000 {
            let attack = match m {
                5 => 0.5,
                9 => 0.6,
                _ => 0.0,
            };
            exact += alive * attack * 10.0;
            alive *= 1.0 - attack;
            exact += alive * (0.01 * 50.0 + 0.99 * (1.0 - stays) * 10.0);
            alive *= 0.99 * stays;
        }
        assert!((both - exact).abs() < 1e-9, "{both} {exact}");
    }
}
