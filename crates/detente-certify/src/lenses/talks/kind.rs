//! What kind of equilibrium it is, flag by flag.

use detente_core::catalogue::talks::KIND;
use detente_core::talks::{DIFFERENT, Kind, NEVER};

use super::Check;
use super::histories::{Own, Place, What};
use super::play::Reach;

/// Part of a bound by which a chance may miss it.
const NEAR: f64 = 0.1;

impl Check<'_> {
    /// Each flag must be as it is found; it may be either where a chance misses its bound by little.
    pub(super) fn kind(&self, reach: &Reach) -> Result<usize, String> {
        let claimed = self.answer.get(KIND, &[]);
        let [all, least] =
            [1.0 - NEAR, 1.0 + NEAR].map(|part| self.flags(reach, part * NEVER, part * DIFFERENT));
        let found = (0..1 << Kind::ALL.len())
            .map(Kind)
            .find(|kind| f64::from(kind.0) == claimed);
        let Some(found) = found else {
            return Err(format!("no kind of equilibrium: {claimed}"));
        };
        for (flag, (may, must)) in Kind::ALL.iter().zip(all.into_iter().zip(least)) {
            if may == must && found.has(*flag) != may {
                return Err(format!(
                    "kind {claimed}: flag {} should {}be set",
                    flag.0,
                    if may { "" } else { "not " }
                ));
            }
        }
        Ok(Kind::ALL.len())
    }

    /// The flags, in their order, where chances above a number count as some, and types play differently whose chances differ by more than
    /// another.
    fn flags(&self, reach: &Reach, some: f64, differs: f64) -> [bool; Kind::ALL.len()] {
        let h = &self.histories;
        let ends = |of: &dyn Fn(&Place) -> bool| -> f64 {
            let places = h.places.iter().zip(&reach.plain);
            let own = places.filter(|(place, _)| place.next.is_empty() && of(place));
            own.map(|(_, by)| by.iter().sum::<f64>()).sum()
        };
        let deal = |place: &Place| matches!(place.what, What::Deal(_));
        let deals = ends(&deal);
        let late = ends(&|place| deal(place) && place.round > 0);
        let carried = ends(&|place| place.paid.iter().any(|(.., pulled)| *pulled));
        let (mut screens, mut signals) = (false, false);
        let (mut threat, mut bluff, mut idle) = (false, false, false);
        for (at, place) in h.places.iter().enumerate() {
            // How likely each type that play brings here makes each move.
            let comes = |own: &&Own| -> f64 {
                let mine = h.with(h.player(place.by), own.t);
                mine.map(|p| reach.plain[at][p]).sum()
            };
            let there: Vec<&Own> = place.own.iter().filter(|own| comes(own) > some).collect();
            let differ = (0..place.next.len()).any(|next| {
                let chances = || there.iter().map(|own| self.makes(own, next));
                let most = chances().fold(f64::NEG_INFINITY, f64::max);
                most - chances().fold(f64::INFINITY, f64::min) > differs
            });
            match place.what {
                What::Answer(_) => screens |= differ,
                What::Offer(_) => signals |= differ,
                What::Say(l) => {
                    signals |= differ;
                    for own in there.iter().filter(|own| self.makes(own, 0) > some) {
                        threat = true;
                        idle |= there.len() > 1 && !differ;
                        bluff |= self.carries_out(reach, l, own.t) < 1.0 - differs;
                    }
                }
                _ => {}
            }
        }
        [
            deals > some,
            deals > 1.0 - some,
            late > some,
            screens,
            threat,
            bluff,
            carried > some,
            signals,
            idle,
        ]
    }

    /// How likely a type makes a place's move.
    pub(super) fn makes(&self, own: &Own, next: usize) -> f64 {
        let Some(k) = own.moves.iter().position(|made| *made == next) else {
            return 0.0;
        };
        let told = own
            .first
            .map_or(own.by_chance[k], |first| self.told.plays[first + k]);
        if told.is_nan() { 0.0 } else { told }
    }

    /// How likely a type that has announced a lever pulls it when its time first comes.
    fn carries_out(&self, reach: &Reach, l: usize, t: usize) -> f64 {
        let h = &self.histories;
        let mut due = Vec::new();
        for (at, place) in h.places.iter().enumerate() {
            let before = place.paid.iter().any(|(of, ..)| *of == l);
            if place.what == What::Pull(l) && place.said.contains(l) && !before {
                due.extend(h.with(h.player(place.by), t).map(|p| (at, p)));
            }
        }
        let (mut all, mut pulled) = (0.0, 0.0);
        for ((at, p), weight) in due.iter().zip(reach.weights(&due)) {
            all += weight;
            if weight > 0.0 {
                let (_, own) = h.own(&h.places[*at], &h.profiles[*p]);
                pulled += weight * self.makes(own, 0);
            }
        }
        pulled / all
    }
}
