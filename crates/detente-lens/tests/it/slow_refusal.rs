//! What refusing is worth, from the definition of the model alone: chances that levers are pulled, and N.
//!
//! Every set of levers that a refusal may trigger is valued by [`Slow`], and every mean is taken by listing the sets.

use crate::slow_war::Slow;
use detente_core::Trigger;

/// What follows when one party refuses.
pub(crate) struct Refusing<'a, 'b> {
    pub(crate) slow: &'b Slow<'a>,
    /// Levers that the refusal may trigger.
    pub(crate) levers: Vec<usize>,
    /// V under own beliefs by type and set of those levers, one bit each.
    values: Vec<Vec<f64>>,
    /// Chance by lever (of the list) and type of the case; NaN for types of others than the wielder.
    own: Vec<Vec<f64>>,
    /// Δ by lever (of the list) and type of the case, less κ; NaN for types of others than the wielder.
    pub(crate) incentive: Vec<Vec<f64>>,
    /// Chances that are given instead of found, by lever of the list.
    pub(crate) given: Vec<Option<f64>>,
    /// Points that choosing is blurred by.
    noise: f64,
    /// Largest distance of a chance from what the incentive at the end makes of it.
    pub(crate) unrest: f64,
    /// Largest distance of a chance from what it is if sought from everybody pulling everything.
    pub(crate) several: f64,
}

pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

impl<'a, 'b> Refusing<'a, 'b> {
    pub(crate) fn new(slow: &'b Slow<'a>, refuser: usize) -> Self {
        let (setting, world) = (slow.setting, slow.world);
        let mut levers = Vec::new();
        for (l, lever) in setting.levers.iter().enumerate() {
            if lever.trigger == Trigger::Refuse(refuser) && world.numbers.levers[l].on > 0.0 {
                levers.push(l);
            }
        }
        let given = levers.iter().map(|l| {
            let stated = world.numbers.levers[*l].credibility;
            let fixed = world.fixed("leverage", "credibility", &[*l]);
            fixed.or((!stated.is_nan()).then_some(stated))
        });
        let types = setting.types.len();
        let mut this = Self {
            slow,
            given: given.collect(),
            values: Vec::new(),
            own: vec![vec![f64::NAN; types]; levers.len()],
            incentive: vec![vec![f64::NAN; types]; levers.len()],
            noise: world.numbers.behaviour.first().map_or(0.5, |b| b.noise),
            levers,
            unrest: 0.0,
            several: 0.0,
        };
        this.values = (0..types)
            .map(|t| {
                this.sets()
                    .map(|set| slow.value(t, &this.pulled(set)))
                    .collect()
            })
            .collect();
        this.settle(1.0);
        let high = this.own.clone();
        this.settle(0.0);
        let pairs = this.own.iter().flatten().zip(high.iter().flatten());
        let apart = |(a, b): (&f64, &f64)| (a - b).abs();
        this.several = pairs.map(apart).fold(0.0, f64::max);
        this
    }

    /// Every set of the levers, one bit each.
    pub(crate) fn sets(&self) -> std::ops::Range<usize> {
        0..1 << self.levers.len()
    }

    /// The levers of a set.
    pub(crate) fn pulled(&self, set: usize) -> Vec<usize> {
        let levers = self.levers.iter().enumerate();
        levers
            .filter(|(k, _)| set >> k & 1 == 1)
            .map(|(_, l)| *l)
            .collect()
    }

    /// V of a type with a set pulled.
    pub(crate) fn value(&self, t: usize, set: usize) -> f64 {
        self.values[t][set]
    }

    fn wielder(&self, k: usize) -> std::ops::Range<usize> {
        let setting = self.slow.setting;
        setting.parties[setting.levers[self.levers[k]].by]
            .types
            .clone()
    }

    /// Chance that the wielder's type pulls a lever.
    pub(crate) fn own(&self, k: usize, theta: usize) -> f64 {
        self.given[k].unwrap_or(self.own[k][theta])
    }

    /// Chance that a lever is pulled as a type sees it: a wielder's type knows its own.
    pub(crate) fn seen(&self, k: usize, t: usize) -> f64 {
        let types = self.wielder(k);
        if types.contains(&t) {
            return self.own(k, t);
        }
        types
            .map(|theta| self.slow.world.believed(t, theta) * self.own(k, theta))
            .sum()
    }

    /// Chance of a set as a type sees it, some levers certain: levers of one wielder hang on the same type of it, or, with
    /// `apart`, every lever is by itself.
    pub(crate) fn chance_of(
        &self,
        set: usize,
        certain: &[(usize, bool)],
        apart: bool,
        t: usize,
    ) -> f64 {
        let of_lever = |k: usize, chance: f64| {
            let on = set >> k & 1 == 1;
            match certain.iter().find(|(c, _)| *c == k) {
                Some((_, pulled)) => f64::from(u8::from(on == *pulled)),
                None if on => chance,
                None => 1.0 - chance,
            }
        };
        if apart {
            return (0..self.levers.len())
                .map(|k| of_lever(k, self.seen(k, t)))
                .product();
        }
        let setting = self.slow.setting;
        let mut product = 1.0;
        for (p, party) in setting.parties.iter().enumerate() {
            let mine: Vec<usize> = (0..self.levers.len())
                .filter(|k| setting.levers[self.levers[*k]].by == p)
                .collect();
            let by_type = |theta: usize| -> f64 {
                mine.iter()
                    .map(|k| of_lever(*k, self.own(*k, theta)))
                    .product()
            };
            product *= if party.types.contains(&t) {
                by_type(t)
            } else {
                let types = party.types.clone();
                types
                    .map(|theta| self.slow.world.believed(t, theta) * by_type(theta))
                    .sum()
            };
        }
        product
    }

    /// Chance of a set as the analyst forecasts it, the refuser being of type `known`: by the common prior over each other wielder's
    /// types, on which all its levers hang.
    pub(crate) fn forecast(&self, set: usize, known: usize) -> f64 {
        let (setting, world) = (self.slow.setting, self.slow.world);
        let mut product = 1.0;
        for (p, party) in setting.parties.iter().enumerate() {
            let by_type = |theta: usize| -> f64 {
                let mut chance = 1.0;
                for (k, l) in self.levers.iter().enumerate() {
                    if setting.levers[*l].by == p {
                        let own = self.own(k, theta);
                        chance *= if set >> k & 1 == 1 { own } else { 1.0 - own };
                    }
                }
                chance
            };
            let types = party.types.clone();
            if types.contains(&known) {
                product *= by_type(known);
                continue;
            }
            product *= types
                .map(|theta| world.numbers.types[theta].prior * by_type(theta))
                .sum::<f64>();
        }
        product
    }

    /// Δ of a lever to a type of its wielder: the mean change of V over the other levers, less what pulling costs.
    fn delta(&self, k: usize, theta: usize) -> f64 {
        let mut change = 0.0;
        for set in self.sets().filter(|set| set >> k & 1 == 0) {
            let chance = self.chance_of(set, &[(k, false)], true, theta);
            change += chance * (self.value(theta, set | 1 << k) - self.value(theta, set));
        }
        change - self.slow.world.numbers.levers[self.levers[k]].cost
    }

    /// Finds chances that agree with the incentives that they make, from these chances for everybody.
    fn settle(&mut self, from: f64) {
        for k in 0..self.levers.len() {
            for theta in self.wielder(k) {
                self.own[k][theta] = from;
            }
        }
        // Small steps follow the path that whole ones would leap along.
        for round in 0..4_000 {
            let step = if round < 200 { 1.0 } else { 0.2 };
            let mut next = self.own.clone();
            self.unrest = 0.0;
            for (k, own) in next.iter_mut().enumerate() {
                for theta in self.wielder(k) {
                    let delta = self.delta(k, theta);
                    self.incentive[k][theta] = delta;
                    let chance = logistic(delta / self.noise);
                    self.unrest = self.unrest.max((chance - own[theta]).abs());
                    own[theta] += step * (chance - own[theta]);
                }
            }
            self.own = next;
            if self.unrest < 1e-14 {
                return;
            }
        }
    }

    /// Largest distance of other chances (by lever of the case and type of its wielder) from these.
    pub(crate) fn distance(&self, chances: impl Fn(usize, usize) -> f64) -> f64 {
        let mut most: f64 = 0.0;
        for (k, l) in self.levers.iter().enumerate() {
            for theta in self.wielder(k) {
                most = most.max((chances(*l, theta) - self.own(k, theta)).abs());
            }
        }
        most
    }

    /// Takes other chances for these, with the incentives that they make, and notes how far they are from agreeing.
    pub(crate) fn adopt(&mut self, chances: impl Fn(usize, usize) -> f64) {
        for k in 0..self.levers.len() {
            for theta in self.wielder(k) {
                self.own[k][theta] = chances(self.levers[k], theta);
            }
        }
        self.unrest = 0.0;
        for k in 0..self.levers.len() {
            for theta in self.wielder(k) {
                self.incentive[k][theta] = self.delta(k, theta);
                if self.given[k].is_none() {
                    let chance = logistic(self.incentive[k][theta] / self.noise);
                    self.unrest = self.unrest.max((chance - self.own[k][theta]).abs());
                }
            }
        }
    }

    /// N of a type, some levers certain to be pulled or not: what they do to its war, less what its own cost it.
    pub(crate) fn worth_if(&self, t: usize, certain: &[(usize, bool)], apart: bool) -> f64 {
        let mut worth = 0.0;
        for set in self.sets() {
            let mut value = self.value(t, set);
            for (k, l) in self.levers.iter().enumerate() {
                if set >> k & 1 == 1 && self.wielder(k).contains(&t) {
                    value -= self.slow.world.numbers.levers[*l].cost;
                }
            }
            worth += self.chance_of(set, certain, apart, t) * value;
        }
        worth
    }
}
