//! All packages that are worth the same, counted without listing them.
//!
//! Whatever part of a package leads to the frontier is itself on the frontier of the parts: something better in its place would make the
//! whole better. So the packages with the margins of a frontier's vector are the ways through the partial sums that were kept, if every
//! sum remembers all ways that led to it, and every choice those of its group that are worth the same.

/// The ways through kept partial sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ways {
    /// In the order in which groups were added: which group, and by class the choices of it that are worth the same.
    steps: Vec<(usize, Vec<Vec<u32>>)>,
    /// By partial sum, the empty one first and each after those that it extends: how many groups it holds, where its ways begin and end,
    /// and how many packages come to it.
    sums: Vec<(usize, usize, usize, f64)>,
    /// The partial sum that is extended, and by which class.
    from: Vec<(u32, u32)>,
    /// By vector of the frontier: its sum.
    ends: Vec<u32>,
}

/// What led to partial sums, as they were found.
pub(super) struct Found<'a> {
    /// By partial sum: the first way.
    pub(super) trail: &'a [(u32, u32)],
    /// Further ways: the sum, the one that is extended, the class. By rising sum.
    pub(super) also: &'a [(u32, u32, u32)],
    /// By step: its first sum.
    pub(super) starts: &'a [u32],
}

impl Ways {
    /// Keeps what leads to these sums.
    pub(super) fn new(steps: Vec<(usize, Vec<Vec<u32>>)>, found: &Found, ends: &[u32]) -> Self {
        let also_of = |sum: u32| {
            let from = found.also.partition_point(|(of, ..)| *of < sum);
            let to = found.also.partition_point(|(of, ..)| *of <= sum);
            &found.also[from..to]
        };
        let ways_of = |sum: u32| {
            let first = found.trail[sum as usize];
            std::iter::once(first).chain(
                also_of(sum)
                    .iter()
                    .map(|(_, parent, class)| (*parent, *class)),
            )
        };
        let mut needed = vec![false; found.trail.len()];
        for end in ends {
            needed[*end as usize] = true;
        }
        for sum in (1..found.trail.len()).rev().filter(|s| *s > 0) {
            if needed[sum] {
                for (parent, _) in ways_of(u32::try_from(sum).expect("limited")) {
                    needed[parent as usize] = true;
                }
            }
        }
        let mut place = vec![u32::MAX; found.trail.len()];
        let mut own = Self {
            steps,
            ..Self::default()
        };
        for sum in (0..found.trail.len()).filter(|s| needed[*s] || *s == 0) {
            place[sum] = u32::try_from(own.sums.len()).expect("limited");
            if sum == 0 {
                own.sums.push((0, 0, 0, 1.0));
                continue;
            }
            let number = u32::try_from(sum).expect("limited");
            let held = found.starts.partition_point(|first| *first <= number);
            let from = own.from.len();
            own.from
                .extend(ways_of(number).map(|(parent, class)| (place[parent as usize], class)));
            let classes = &own.steps[held - 1].1;
            let packages = own.from[from..]
                .iter()
                .map(|(parent, class)| {
                    own.sums[*parent as usize].3 * classes[*class as usize].len() as f64
                })
                .sum();
            own.sums.push((held, from, own.from.len(), packages));
        }
        own.ends = ends.iter().map(|end| place[*end as usize]).collect();
        own
    }

    /// How many packages have the margins of a vector, and by group and choice the share of them that takes it. `choices`: how many each
    /// group has.
    pub(super) fn of(&self, vector: usize, choices: &[usize]) -> (f64, Vec<Vec<f64>>) {
        let mut shares: Vec<Vec<f64>> = choices.iter().map(|n| vec![0.0; *n]).collect();
        let end = self.ends[vector] as usize;
        let mut flow = vec![0.0; end + 1];
        flow[end] = 1.0;
        for sum in (1..=end).rev() {
            let (held, from, to, packages) = self.sums[sum];
            if flow[sum] == 0.0 {
                continue;
            }
            let (group, classes) = &self.steps[held - 1];
            for (parent, class) in &self.from[from..to] {
                let same = &classes[*class as usize];
                let each = flow[sum] * self.sums[*parent as usize].3 / packages;
                for choice in same {
                    shares[*group][*choice as usize] += each;
                }
                flow[*parent as usize] += each * same.len() as f64;
            }
        }
        (self.sums[end].3, shares)
    }

    /// Forgets a vector.
    #[cfg(test)]
    pub(super) fn forget(&mut self, vector: usize) {
        self.ends.remove(vector);
    }
}
