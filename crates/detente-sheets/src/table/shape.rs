//! What points are worth to a party of which a table says where it stands, and nothing more.
//!
//! Worth falls from 1 at what is wanted most to 0 at what lies furthest from it. How it falls on the way nobody knows who has a position alone: a party
//! may give up the first step easily and mind the last ones, or the other way round. So the middle is a straight line, and the range goes from
//! (1 − d)² to 1 − d², d the way as a share of the longest: the central nine tenths of a placeholder. Where what is wanted is a range itself, the
//! worth of a point is the least and the greatest over it.

use super::{Issue, Position};
use crate::cell::Stated;

/// What a point is worth, of a hundred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Worth {
    /// As the table states it.
    Stated(Stated),
    /// As follows from where the party stands: low, middle and high.
    Follows([f64; 3]),
}

impl Worth {
    pub(super) fn middle(self) -> f64 {
        match self {
            Self::Stated(stated) => stated.middle(),
            Self::Follows([_, middle, _]) => middle,
        }
    }
}

/// By point: what it is worth to the party.
pub(super) fn worths(issue: &Issue, position: &Position) -> Vec<Worth> {
    let points = issue.points.iter().zip(&position.values);
    points
        .map(|(point, value)| match (value, position.wants) {
            (Some(value), _) => Worth::Stated(value.stated),
            (None, Some(wants)) => Worth::Follows(follows(issue, point.place, wants)),
            // A position without what is wanted has every value stated.
            (None, None) => Worth::Follows([0.0, 50.0, 100.0]),
        })
        .collect()
}

fn follows(issue: &Issue, place: f64, wants: [f64; 3]) -> [f64; 3] {
    // The way to a point as a share of the longest way, from where the party may stand.
    let way = |from: f64| {
        let longest = issue.points.iter().map(|point| (point.place - from).abs());
        (place - from).abs() / longest.fold(f64::MIN_POSITIVE, f64::max)
    };
    let [from, middle, to] = wants.map(way);
    let (mut near, far) = (from.min(middle).min(to), from.max(middle).max(to));
    if (wants[0]..=wants[2]).contains(&place) {
        near = 0.0;
    }
    let low = 100.0 * (1.0 - far) * (1.0 - far);
    let high = 100.0 * (1.0 - near * near);
    [low, (100.0 * (1.0 - middle)).clamp(low, high), high].map(f64::round)
}

/// The point that a party wants most.
pub(super) fn best(issue: &Issue, position: &Position) -> usize {
    let worths = worths(issue, position);
    let order = |p: &usize| {
        let near = |wants: [f64; 3]| (issue.points[*p].place - wants[1]).abs();
        (worths[*p].middle(), -position.wants.map_or(0.0, near))
    };
    let points = (0..worths.len()).rev();
    let best = points.max_by(|a, b| {
        let (a, b) = (order(a), order(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    best.unwrap_or(0)
}

/// What the status quo is worth to a party at the middle of all numbers, in points of its scale; `weights` by position.
pub(super) fn status_quo(issues: &[Issue], own: &[(&Position, f64)]) -> f64 {
    let (mut at, mut least, mut most) = (0.0, 0.0, 0.0);
    for (position, weight) in own {
        let issue = &issues[position.issue];
        let worths = worths(issue, position);
        let middles = || worths.iter().map(|worth| worth.middle());
        at += weight * worths[issue.status_quo].middle();
        least += weight * middles().fold(f64::INFINITY, f64::min);
        most += weight * middles().fold(f64::NEG_INFINITY, f64::max);
    }
    if most > least {
        100.0 * (at - least) / (most - least)
    } else {
        50.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Issue, Point, Position, Said, Value};
    use super::{Worth, best, status_quo, worths};
    use crate::cell::Stated;

    fn issue(places: &[f64]) -> Issue {
        let point = |place: &f64| Point {
            id: format!("at_{place}"),
            name: place.to_string(),
            place: *place,
        };
        Issue {
            id: "issue".to_owned(),
            name: "Issue".to_owned(),
            points: places.iter().map(point).collect(),
            scale: true,
            status_quo: 0,
            said: Said::default(),
        }
    }

    fn position(issue: &Issue, wants: [f64; 3]) -> Position {
        Position {
            party: 0,
            issue: 0,
            weight: None,
            wants: Some(wants),
            values: vec![None; issue.points.len()],
            never: Vec::new(),
            said: Said::default(),
        }
    }

    #[test]
    fn worth_falls_with_the_way_and_its_range_holds_every_manner_of_falling() {
        let issue = issue(&[0.0, 25.0, 50.0, 75.0, 100.0]);
        let own = position(&issue, [100.0; 3]);
        let told = worths(&issue, &own);
        assert_eq!(told[4], Worth::Follows([100.0; 3]));
        assert_eq!(told[0], Worth::Follows([0.0; 3]));
        assert_eq!(told[2], Worth::Follows([25.0, 50.0, 75.0]));
        assert_eq!(told[3], Worth::Follows([56.0, 75.0, 94.0]));
        assert_eq!(best(&issue, &own), 4);
        // From the middle both ends are the furthest.
        let own = position(&issue, [50.0; 3]);
        let told = worths(&issue, &own);
        assert_eq!(
            (told[0], told[4]),
            (Worth::Follows([0.0; 3]), Worth::Follows([0.0; 3]))
        );
        assert_eq!(told[1], told[3]);
        // Anywhere between: the point may be what is wanted most, or some way from it.
        let own = position(&issue, [50.0, 75.0, 100.0]);
        let Worth::Follows([low, middle, high]) = worths(&issue, &own)[2] else {
            panic!("it follows");
        };
        assert_eq!(high, 100.0);
        assert!(low < middle && middle < high, "{low} {middle} {high}");
        assert_eq!(best(&issue, &own), 3);
    }

    #[test]
    fn what_is_stated_stands_and_the_status_quo_has_its_worth() {
        let issue = issue(&[0.0, 50.0, 100.0]);
        let mut own = position(&issue, [100.0; 3]);
        own.values[1] = Some(Value {
            stated: Stated::Exact(90.0),
            said: Said::default(),
        });
        assert_eq!(worths(&issue, &own)[1], Worth::Stated(Stated::Exact(90.0)));
        let issues = [Issue {
            status_quo: 1,
            ..issue
        }];
        assert_eq!(status_quo(&issues, &[(&own, 3.0)]), 90.0);
        assert_eq!(status_quo(&issues, &[]), 50.0);
    }
}
