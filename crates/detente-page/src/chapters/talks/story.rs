//! The talks of one world in words: point by point what each type does, what has happened, and what is believed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use detente_core::Setting;
use detente_core::talks::{Line, Taken};
use detente_evidence::chapters::talks::OfKind;

use super::{kind_in_words, lever_name};
use crate::svg::per_hundred;
use crate::words::{and_list, capitalised, in_words};

/// Points that are told of.
const TOLD: usize = 7;
/// Less likely than this, of the type that it is likeliest for, a point is not told of, nor a move.
const SELDOM: f64 = 0.005;

/// The talks of an example world.
pub(super) struct Story {
    pub(super) title: String,
    /// What has happened, and what follows.
    pub(super) points: Vec<(String, String)>,
    /// What is not told.
    pub(super) more: String,
    /// What stands for each offer and lever that is spoken of.
    pub(super) key: Vec<(String, String)>,
}

/// Nothing where the kind has no example.
pub(super) fn story(setting: &Setting, kind: &OfKind) -> Option<Story> {
    let (world, account) = kind.example.as_ref()?;
    let mut points: Vec<Point> = Vec::new();
    for line in account.lines.iter().filter(|line| line.reach >= SELDOM) {
        let party = |line: &Line| setting.types[line.t].party;
        let same = |own: &&mut Point| {
            own.lines[0].after == line.after && party(own.lines[0]) == party(line)
        };
        match points.iter_mut().find(same) {
            Some(point) => point.lines.push(line),
            None => points.push(Point {
                lines: vec![line],
                same: Same::Nothing,
            }),
        }
    }
    let points = merged(points, Same::Before, setting);
    let mut points = merged(points, Same::Announced, setting);
    // What comes first is told first, and what is likelier before what is less so.
    let reach = |point: &Point| {
        let each = point.lines.iter().map(|line| line.reach);
        each.fold(0.0, f64::max)
    };
    points.sort_by_key(|point| (point.lines[0].round, point.lines[0].after.len()));
    let mut likely: Vec<usize> = (0..points.len()).collect();
    likely.sort_by(|a, b| {
        reach(&points[*b])
            .total_cmp(&reach(&points[*a]))
            .then(a.cmp(b))
    });
    likely.truncate(TOLD);
    let told: Vec<&Point> = points
        .iter()
        .enumerate()
        .filter(|(i, _)| likely.contains(i))
        .map(|(_, point)| point)
        .collect();
    let mut spoken: Vec<usize> = told.iter().flat_map(|point| offers_in(point)).collect();
    spoken.sort_unstable();
    spoken.dedup();
    let unlikely = points.len() - told.len();
    let mut teller = Teller {
        setting,
        levers: levers_in(&told),
        spoken,
        believed: BTreeMap::new(),
    };
    Some(Story {
        title: format!(
            "World {world}, the middle one of its kind by its chance of a deal. {}",
            kind_in_words(kind.kind)
        ),
        points: told
            .iter()
            .map(|point| (teller.so_far(point), teller.what_follows(&point.lines)))
            .collect(),
        more: match unlikely {
            0 => String::new(),
            1 => "One more point to which play comes less often stands in the JSON.".to_owned(),
            n => format!(
                "{} more points to which play comes less often stand in the JSON.",
                capitalised(&in_words(n))
            ),
        },
        key: teller.key(&account.offers),
    })
}

/// What a story has said already.
struct Teller<'a> {
    setting: &'a Setting,
    /// Offers that it speaks of, which have letters in turn.
    spoken: Vec<usize>,
    /// Levers that it speaks of, which have numbers where there are several.
    levers: Vec<usize>,
    /// What was said last to be believed of a type.
    believed: BTreeMap<usize, f64>,
}

/// A point of the talks: what each type of a party does that comes there.
struct Point<'a> {
    lines: Vec<&'a Line>,
    /// What of its history is all the same.
    same: Same,
}

/// What of a history is all the same, of those that play comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Same {
    Nothing,
    /// What was announced.
    Announced,
    /// All that was before the round.
    Before,
}

impl Point<'_> {
    /// What has happened, but for what is all the same.
    fn course(&self, same: Same) -> &[Taken] {
        let line = self.lines[0];
        let is_offer = |step: &Taken| matches!(step, Taken::Offered(..));
        let announced = |step: &&Taken| matches!(step, Taken::Announced(..));
        let offers = line.after.iter().filter(|step| is_offer(step)).count();
        let from = match same {
            Same::Nothing => 0,
            // They stand before everything else.
            Same::Announced => line.after.iter().take_while(announced).count(),
            Same::Before if offers > line.round => {
                line.after.iter().rposition(is_offer).unwrap_or(0)
            }
            Same::Before => line.after.len(),
        };
        &line.after[from..]
    }

    /// Do both stand at the same step, but for what is all the same?
    fn stands(&self, other: &Point, same: Same) -> bool {
        let steps = |point: &Point| point.lines[0].moves.iter().map(|(step, _)| *step).next();
        let kind = |step: Option<Taken>| step.map(|step| std::mem::discriminant(&step));
        self.lines[0].round == other.lines[0].round
            && kind(steps(self)) == kind(steps(other))
            && self.course(same) == other.course(same)
    }

    /// Do the same types do the same, and believe the same?
    fn alike(&self, other: &Point) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= SELDOM;
        let makes = |line: &Line| -> Vec<(Taken, f64)> {
            let made = line.moves.iter().copied();
            made.filter(|(_, p)| *p > SELDOM).collect()
        };
        let moves = |a: &Line, b: &Line| {
            let (a, b) = (makes(a), makes(b));
            let mut both = a.iter().zip(&b);
            a.len() == b.len() && both.all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
        };
        let beliefs = |a: &Line, b: &Line| {
            let mut both = a.beliefs.iter().zip(&b.beliefs);
            a.beliefs.len() == b.beliefs.len() && both.all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
        };
        let mut both = self.lines.iter().zip(&other.lines);
        self.lines.len() == other.lines.len()
            && both.all(|(a, b)| a.t == b.t && moves(a, b) && beliefs(a, b))
    }
}

/// Points that differ in nothing but what was before them, as one: where all that differ so are alike.
fn merged<'a>(points: Vec<Point<'a>>, same: Same, setting: &Setting) -> Vec<Point<'a>> {
    let party = |point: &Point| setting.types[point.lines[0].t].party;
    let mut groups: Vec<Vec<Point<'a>>> = Vec::new();
    for point in points {
        let group = groups.iter_mut().find(|own| {
            let kin = party(&own[0]) == party(&point) && own[0].same == point.same;
            kin && point.same == Same::Nothing && own[0].stands(&point, same)
        });
        match group {
            Some(group) => group.push(point),
            None => groups.push(vec![point]),
        }
    }
    let one = groups.into_iter().flat_map(|mut group| {
        if group.len() > 1 && group.iter().all(|own| own.alike(&group[0])) {
            group.truncate(1);
            group[0].same = same;
        }
        group
    });
    one.collect()
}

/// Levers that points speak of, in their order.
fn levers_in(points: &[&Point]) -> Vec<usize> {
    let steps = points.iter().flat_map(|point| {
        let after = point.course(point.same).to_vec();
        let moves = point
            .lines
            .iter()
            .flat_map(|line| &line.moves)
            .map(|(step, _)| *step);
        after.into_iter().chain(moves).collect::<Vec<_>>()
    });
    let lever = |step: Taken| match step {
        Taken::Announced(l, _) | Taken::Pulled(l, _) => Some(l),
        _ => None,
    };
    let mut levers: Vec<usize> = steps.filter_map(lever).collect();
    levers.sort_unstable();
    levers.dedup();
    levers
}

/// Offers that a point speaks of.
fn offers_in(point: &Point) -> Vec<usize> {
    let after = point.course(point.same).iter();
    let moves = point
        .lines
        .iter()
        .flat_map(|line| &line.moves)
        .filter(|(_, p)| *p >= SELDOM)
        .map(|(step, _)| step);
    let offer = |step: &Taken| match step {
        Taken::Offered(_, offer) => *offer,
        _ => None,
    };
    after.chain(moves).filter_map(offer).collect()
}

/// A package by its name, or what it says of each issue.
fn package(setting: &Setting, choice: &[u8]) -> String {
    if let Some(named) = setting.packages.iter().find(|own| own.choice == choice) {
        return format!("“{}”", named.name);
    }
    let parts = setting.issues.iter().zip(choice).map(|(issue, option)| {
        let option = issue
            .options
            .get(usize::from(*option))
            .map_or("–", |option| option.name.as_str());
        format!("{}: {option}", issue.name)
    });
    parts.collect::<Vec<_>>().join("; ")
}

impl Teller<'_> {
    /// What stands for each offer and each lever.
    fn key(&self, offers: &[Vec<u8>]) -> Vec<(String, String)> {
        let all = self.spoken.iter();
        let offers = all.map(|o| {
            (
                self.letter(*o).to_string(),
                package(self.setting, &offers[*o]),
            )
        });
        let levers = self
            .levers
            .iter()
            .map(|l| (self.lever(*l), lever_name(self.setting, *l)));
        offers.chain(levers).collect()
    }

    /// "L", or "L2" where there are several.
    fn lever(&self, lever: usize) -> String {
        let place = self.levers.iter().position(|own| *own == lever);
        match (self.levers.len(), place) {
            (1, _) | (_, None) => "L".to_owned(),
            (_, Some(place)) => format!("L{}", place + 1),
        }
    }

    /// Offers have letters in the order of the story.
    fn letter(&self, offer: usize) -> char {
        let place = self.spoken.iter().position(|own| *own == offer);
        place
            .and_then(|place| (b'A'..=b'Z').map(char::from).nth(place))
            .unwrap_or('?')
    }

    /// "Round 2; A refused by South".
    fn so_far(&self, point: &Point) -> String {
        let line = point.lines[0];
        let name = |p: usize| self.setting.parties[p].name.as_str();
        let lever = |l: usize| self.lever(l);
        let mut said = format!("Round {}", line.round + 1);
        let mut announced: Vec<usize> = Vec::new();
        let after = point.course(point.same);
        for (at, step) in after.iter().enumerate() {
            let _ = match *step {
                Taken::Announced(l, true) => {
                    announced.push(l);
                    write!(said, "; {} announced", lever(l))
                }
                Taken::Announced(l, false) => write!(said, "; {} not announced", lever(l)),
                Taken::Offered(p, None) => write!(said, "; {} offered nothing", name(p)),
                // Its answers say what became of it.
                Taken::Offered(p, Some(o)) => {
                    if matches!(after.get(at + 1), Some(Taken::Answered(..))) {
                        Ok(())
                    } else {
                        write!(said, "; {} offered {}", name(p), self.letter(o))
                    }
                }
                Taken::Answered(p, accepts) => {
                    let answer = if accepts { "accepted" } else { "refused" };
                    let offered = after[..at].iter().rev().find_map(|step| match step {
                        Taken::Offered(_, offer) => *offer,
                        _ => None,
                    });
                    let offered = offered.map_or(String::new(), |o| format!(" {}", self.letter(o)));
                    write!(said, "; {} {answer}{offered}", name(p))
                }
                Taken::Pulled(l, true) => write!(said, "; {} pulled", lever(l)),
                Taken::Pulled(l, false) if announced.contains(&l) => {
                    write!(said, "; {} not carried out", lever(l))
                }
                Taken::Pulled(..) => Ok(()),
                Taken::News(true) => write!(said, "; the news came"),
                Taken::News(false) => write!(said, "; no news came"),
            };
        }
        said
    }

    /// "North: hard offers A; soft offers B in 30 of 100, A in 70. It takes South for hard in 40 of 100."
    fn what_follows(&mut self, point: &[&Line]) -> String {
        let setting = self.setting;
        let party = &setting.parties[setting.types[point[0].t].party];
        let does: Vec<String> = point.iter().map(|line| self.moves(line)).collect();
        let alike = does.iter().all(|own| *own == does[0]);
        let mut said = if party.types.len() == 1 {
            format!("{} {}", party.name, does[0])
        } else if alike && point.len() == party.types.len() {
            let both = if point.len() == 2 {
                "either type"
            } else {
                "every type"
            };
            format!("{}, {both}, {}", party.name, does[0])
        } else {
            let each = point
                .iter()
                .zip(&does)
                .map(|(line, does)| format!("{} {does}", setting.types[line.t].name));
            format!("{}: {}", party.name, each.collect::<Vec<_>>().join("; "))
        };
        said.push('.');
        let believed = self.takes(point[0]);
        if !believed.is_empty() {
            let _ = write!(said, " It takes {}.", and_list(&believed));
        }
        said
    }

    fn moves(&self, line: &Line) -> String {
        let mut made: Vec<&(Taken, f64)> =
            line.moves.iter().filter(|(_, p)| *p >= SELDOM).collect();
        // What is as likely as far as it is written stands in the order of the game.
        let written = |p: f64| (100.0 * p).round();
        made.sort_by(|a, b| written(b.1).total_cmp(&written(a.1)));
        let several = made.len() > 1;
        // Of two ways the other one is what is left.
        let refrains = |step: &Taken| {
            matches!(
                step,
                Taken::Announced(_, false) | Taken::Answered(_, false) | Taken::Pulled(_, false)
            )
        };
        if several {
            made.retain(|(step, _)| !refrains(step));
        }
        let said = made.iter().map(|(step, p)| {
            let how = if several {
                format!(" in {} of 100", per_hundred(Some(*p)))
            } else {
                String::new()
            };
            format!("{}{how}", self.would(*step))
        });
        said.collect::<Vec<_>>().join(", ")
    }

    /// A move as somebody makes it.
    fn would(&self, step: Taken) -> String {
        let lever = |l: usize| self.lever(l);
        match step {
            Taken::Announced(l, true) => format!("announces {}", lever(l)),
            Taken::Announced(l, false) => format!("does not announce {}", lever(l)),
            Taken::Offered(_, Some(o)) => format!("offers {}", self.letter(o)),
            Taken::Offered(_, None) => "offers nothing".to_owned(),
            Taken::Answered(_, true) => "accepts".to_owned(),
            Taken::Answered(_, false) => "refuses".to_owned(),
            Taken::Pulled(l, true) => format!("pulls {}", lever(l)),
            Taken::Pulled(l, false) => format!("does not pull {}", lever(l)),
            Taken::News(true) => "hears the news".to_owned(),
            Taken::News(false) => "hears no news".to_owned(),
        }
    }

    /// What it believes of the others, where nothing else was said last: of each party that has several types the likeliest.
    fn takes(&mut self, line: &Line) -> Vec<String> {
        /// Less is no change to speak of.
        const MOVED: f64 = 0.005;
        let setting = self.setting;
        let mut said = Vec::new();
        for (p, party) in setting.parties.iter().enumerate() {
            let own = line
                .beliefs
                .iter()
                .filter(|(t, _)| setting.types[*t].party == p);
            let own: Vec<(usize, f64)> = own.copied().collect();
            let known = |t: &usize| self.believed.get(t).copied();
            let news = own
                .iter()
                .any(|(t, now)| known(t).is_none_or(|was| (now - was).abs() > MOVED));
            self.believed.extend(own.iter().copied());
            let likeliest = own
                .iter()
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            if let (true, true, Some((t, now))) = (news, own.len() > 1, likeliest) {
                said.push(format!(
                    "{} for {} in {} of 100",
                    party.name,
                    setting.types[*t].name,
                    per_hundred(Some(*now))
                ));
            }
        }
        said
    }
}
