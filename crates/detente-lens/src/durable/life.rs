//! What a deal is worth: what each month of peace brings, until the first of breakdown, attack and lapse, and what war at that date is
//! worth from then on. Written as sums over months, so that a package costs a type two dot products.

use detente_core::{Setting, World};

use super::law::{LAST, Terms};

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
pub(super) struct Months {
    /// δ^m times the chance that no background breakdown has come, at the start of each month.
    alive: Vec<f64>,
    /// By month but the last: what a point of peace, and a point of war a month later, add.
    peace: Vec<f64>,
    next: Vec<f64>,
    /// The same for the last month and all that follow; war by its month.
    end_peace: f64,
    end: [(usize, f64); 2],
    /// Is that the month in which the deal lapses?
    lapses: bool,
}

impl Months {
    fn lay(&mut self, patience: f64, stays: &[f64], lasts: f64) {
        self.alive.clear();
        self.peace.clear();
        self.next.clear();
        self.lapses = lasts < LAST as f64 + 1.0;
        let mut alive = 1.0;
        for (m, stays) in stays.iter().enumerate() {
            self.alive.push(alive);
            let left = lasts - m as f64;
            if left <= 0.0 {
                (self.end_peace, self.end) = (0.0, [(m, alive), (m, 0.0)]);
                return;
            }
            if left < 1.0 {
                // Whether it breaks in its last days or lapses after them, what follows is the same, at the same date.
                let over = alive * libm::pow(patience, left);
                let next = (m + 1).min(LAST);
                self.end_peace = alive - over;
                self.end = [(m, over * (1.0 - left)), (next, over * left)];
                return;
            }
            let (peace, next) = (alive * (1.0 - patience), alive * patience * (1.0 - stays));
            if m == LAST {
                let later = 1.0 - patience * stays;
                (self.end_peace, self.end) = (peace / later, [(m, next / later), (m, 0.0)]);
                return;
            }
            self.peace.push(peace);
            self.next.push(next);
            alive *= patience * stays;
        }
    }

    /// D = share · UL + rest: what a point of peace is worth, and what war is, by month; `dues` in the order of their dates.
    /// `lapsed`: what follows a lapse, if it is not war.
    pub(super) fn worth(
        &self,
        (war, lapsed): (&[f64], Option<f64>),
        dues: impl IntoIterator<Item = Due>,
    ) -> [f64; 2] {
        let (mut share, mut rest, mut quiet, mut from) = (0.0, 0.0, 1.0, 0);
        let mut stretch = |from: usize, to: usize, quiet: f64| {
            let peace: f64 = self.peace[from..to].iter().sum();
            let wars = war[from + 1..].iter();
            let wars = self.next[from..to].iter().zip(wars);
            share += quiet * peace;
            wars.map(|(next, war)| next * war).sum::<f64>() * quiet
        };
        for due in dues {
            if due.month >= self.alive.len() {
                break;
            }
            rest += stretch(from, due.month, quiet);
            let alive = self.alive[due.month];
            rest += alive * ((quiet - due.quiet) * due.war - quiet * due.paid);
            (quiet, from) = (due.quiet, due.month);
        }
        rest += stretch(from, self.peace.len(), quiet);
        for (month, weight) in self.end {
            let follows = lapsed.filter(|_| self.lapses).unwrap_or(war[month]);
            rest += quiet * weight * follows;
        }
        [share + quiet * self.end_peace, rest]
    }

    /// What one point of peace is worth where nobody attacks; a point of war whenever it comes is worth the rest of 1.
    pub(super) fn peace(&self) -> f64 {
        self.peace.iter().sum::<f64>() + self.end_peace
    }
}

/// The life of deals on some terms.
#[derive(Clone, Debug, Default)]
struct Life {
    terms: Option<Terms>,
    /// By month: chance that the background lets it pass, and that it has let all before pass.
    stays: Vec<f64>,
    calm: Vec<f64>,
    /// By discount factor.
    months: Vec<Months>,
}

/// Lives on all terms that a world has been asked for.
#[derive(Debug, Default)]
pub(super) struct Lives {
    all: Vec<Life>,
    used: usize,
    patiences: Vec<f64>,
    /// Place of each type's discount factor.
    of_type: Vec<usize>,
}

impl Lives {
    /// Forgets the world before.
    pub(super) fn start(&mut self, world: &World) {
        self.used = 0;
        self.patiences.clear();
        self.of_type.clear();
        for t in &world.numbers.types {
            let known = self.patiences.iter().position(|p| *p == t.patience);
            self.of_type.push(known.unwrap_or(self.patiences.len()));
            if known.is_none() {
                self.patiences.push(t.patience);
            }
        }
    }

    /// The place of the life of deals on these terms.
    pub(super) fn on(&mut self, setting: &Setting, world: &World, terms: Terms) -> usize {
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
        terms.stays(setting, &world.numbers.durability[0], &mut life.stays);
        life.calm.clear();
        let mut calm = 1.0;
        for stays in &life.stays {
            life.calm.push(calm);
            calm *= stays;
        }
        life.months.resize(self.patiences.len(), Months::default());
        for (months, patience) in life.months.iter_mut().zip(&self.patiences) {
            months.lay(*patience, &life.stays, terms.lasts);
        }
        self.used - 1
    }

    /// The months of a life as type `t` discounts them.
    pub(super) fn months(&self, place: usize, t: usize) -> &Months {
        &self.all[place].months[self.of_type[t]]
    }

    /// Chance that no background breakdown has come by each month.
    pub(super) fn calm(&self, place: usize) -> &[f64] {
        &self.all[place].calm
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, MONTHS, Months};

    fn months(patience: f64, rate: f64, lasts: f64) -> Months {
        let mut months = Months::default();
        months.lay(patience, &vec![libm::exp(-rate); MONTHS], lasts);
        months
    }

    fn worth(months: &Months, peace: f64, war: f64, dues: &[Due]) -> f64 {
        let [share, rest] = months.worth((&[war; MONTHS], None), dues.iter().copied());
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
            let share = life.peace();
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
            let [share, rest] = life.worth((&[20.0; MONTHS], Some(70.0)), []);
            let end = libm::pow(0.97, lasts);
            let exact = (1.0 - end) * 50.0 + end * 70.0;
            assert!((share * 50.0 + rest - exact).abs() < 1e-9);
        }
        // What never lapses leads nowhere.
        let life = months(0.97, 0.01, f64::INFINITY);
        let found = [None, Some(70.0)].map(|to| life.worth((&[20.0; MONTHS], to), []));
        assert_eq!(found[0], found[1]);
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
