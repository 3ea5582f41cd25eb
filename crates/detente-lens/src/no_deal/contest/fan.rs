//! Contests that share what they are made of.
//!
//! A world asks for hundreds of contests: after each deal, at several edges, with different levers and starts of the line. They differ by
//! little, so that each part is worked out once: supplies by what levers and options set ([`Course`]), hazards, survival and sums over
//! blocks of months by what is believed ([`Edge`]), and only what a knot sees of the line by where it starts ([`Prices`]). A part is
//! known by all that it is computed from, so that what is remembered changes no answer.

use std::collections::HashMap;

use detente_core::{
    ContestNumbers, ContestSetting, Lever, LeverNumbers, LeverProfile, OwnBeliefs, Setting, Target,
    Trigger, TypeSet, World,
};

use super::course::Course;
use super::edge::Edge;
use super::hinge::Correction;
use super::lanes::Lanes;
use super::prices::Prices;

/// Courses and edges that are remembered at most, should nobody say that a world is over.
const COURSES: usize = 64;
const EDGES: usize = 1024;
/// Settings of contests that are kept from world to world at most.
const CONTESTS: usize = 8;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Fan {
    correction: Correction,
    /// The settings of the contests that courses are of: one but where talks change it.
    contests: Vec<ContestSetting>,
    courses: Pool<(Read, Course)>,
    /// The course asked for last.
    course: usize,
    lanes: Pool<Lanes>,
    edges: Pool<Edge>,
    /// Edges by course, discount factors, horizon, and what is believed about edge and escalation.
    known: HashMap<(usize, usize, usize, [u64; 2]), usize>,
    /// An edge that is not remembered.
    passing: Edge,
}

/// Things in use, and room for more.
#[derive(Debug)]
struct Pool<T> {
    all: Vec<T>,
    used: usize,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            used: 0,
        }
    }
}

impl<T: Default> Pool<T> {
    fn used(&self) -> &[T] {
        &self.all[..self.used]
    }

    /// The place of another one, whatever it holds from earlier use.
    fn take(&mut self) -> usize {
        if self.used == self.all.len() {
            self.all.push(T::default());
        }
        self.used += 1;
        self.used - 1
    }
}

/// All that a course is computed from.
#[derive(Debug, Default)]
struct Read {
    /// The place of its contest's setting.
    contest: usize,
    numbers: ContestNumbers<f64>,
    levers: LeverProfile,
    running: Vec<Running>,
}

/// The same of a lever that runs.
#[derive(Debug)]
struct Running {
    trigger: Trigger,
    sets: Vec<Target>,
    delay: f64,
    escalation: f64,
    to: Vec<f64>,
}

impl Running {
    fn new(lever: &Lever, n: &LeverNumbers<f64>) -> Self {
        Self {
            trigger: lever.trigger,
            sets: lever.sets.clone(),
            delay: n.delay,
            escalation: n.escalation,
            to: n.sets.clone(),
        }
    }

    /// The same in the room of another.
    fn become_of(&mut self, lever: &Lever, n: &LeverNumbers<f64>) {
        self.trigger = lever.trigger;
        self.sets.clone_from(&lever.sets);
        (self.delay, self.escalation) = (n.delay, n.escalation);
        self.to.clone_from(&n.sets);
    }
}

impl Read {
    /// Notes it down in the room that there is.
    fn note(
        &mut self,
        setting: &Setting,
        contest: usize,
        world: &World,
        numbers: &ContestNumbers<f64>,
        levers: LeverProfile,
    ) {
        (self.contest, self.levers) = (contest, levers);
        self.numbers.clone_from(numbers);
        let all = setting.levers.iter().zip(&world.numbers.levers).enumerate();
        let mut count = 0;
        for (_, (lever, n)) in all.filter(|(l, _)| levers.contains(*l)) {
            match self.running.get_mut(count) {
                Some(running) => running.become_of(lever, n),
                None => self.running.push(Running::new(lever, n)),
            }
            count += 1;
        }
        self.running.truncate(count);
    }

    fn is_of(
        &self,
        setting: &Setting,
        contest: usize,
        world: &World,
        numbers: &ContestNumbers<f64>,
        levers: LeverProfile,
    ) -> bool {
        let all = setting.levers.iter().zip(&world.numbers.levers).enumerate();
        let mut running = all.filter(|(l, _)| levers.contains(*l));
        let same = |known: &Running| {
            running.next().is_some_and(|(_, (lever, n))| {
                known.delay == n.delay
                    && known.escalation == n.escalation
                    && known.to == n.sets
                    && known.trigger == lever.trigger
                    && known.sets == lever.sets
            })
        };
        self.levers == levers
            && self.contest == contest
            && self.running.iter().all(same)
            && self.numbers == *numbers
            && running.next().is_none()
    }
}

impl Fan {
    /// Lets go of a world that is over.
    pub(super) fn forget(&mut self) {
        self.courses.used = 0;
        self.lanes.used = 0;
        if self.contests.len() > CONTESTS {
            self.contests.clear();
        }
        self.forget_edges();
    }

    /// The place of a contest's setting.
    fn kind(&mut self, contest: &ContestSetting) -> usize {
        let known = self.contests.iter().position(|known| known == contest);
        known.unwrap_or_else(|| {
            self.contests.push(contest.clone());
            self.contests.len() - 1
        })
    }

    fn forget_edges(&mut self) {
        self.edges.used = 0;
        self.known.clear();
    }

    /// The place of a course.
    pub(super) fn course(
        &mut self,
        setting: &Setting,
        contest: &ContestSetting,
        world: &World,
        numbers: &ContestNumbers<f64>,
        levers: LeverProfile,
    ) -> usize {
        let mut kind = self.kind(contest);
        let is = |(read, _): &(Read, Course)| read.is_of(setting, kind, world, numbers, levers);
        let known = self.courses.used();
        if known.get(self.course).is_some_and(is) {
            return self.course;
        }
        if let Some(place) = known.iter().position(is) {
            self.course = place;
            return place;
        }
        if self.courses.used == COURSES {
            self.forget();
            kind = self.kind(contest);
        }
        let place = self.courses.take();
        let (read, course) = &mut self.courses.all[place];
        read.note(setting, kind, world, numbers, levers);
        course.lay(setting, contest, world, numbers, levers);
        self.course = place;
        place
    }

    pub(super) fn at(&self, course: usize) -> &Course {
        &self.courses.used()[course].1
    }

    /// Places of the discount factors of some types, up to month `end`: of as many as are followed side by side, and of the next.
    pub(super) fn lanes(
        &mut self,
        world: &World,
        mut types: TypeSet,
        end: usize,
        to: &mut Vec<usize>,
    ) {
        to.clear();
        let numbers = &world.numbers.types;
        types.0 &= u64::MAX >> (64 - numbers.len().clamp(1, 64));
        while types.0 != 0 {
            let mut known = self.lanes.used().iter();
            let place = known.position(|lanes| lanes.serve(types, numbers, end));
            let place = place.unwrap_or_else(|| {
                let place = self.lanes.take();
                self.lanes.all[place].lay(types, numbers, end);
                place
            });
            types.0 &= !self.lanes.all[place].types.0;
            to.push(place);
        }
    }

    pub(super) fn lanes_at(&self, place: usize) -> &Lanes {
        &self.lanes.used()[place]
    }

    /// Prices of a contest on a course, at some discount factors, as `own` beliefs see it with the edge moved by `shift`, followed up to a
    /// horizon, from a start of the line. `shift`: one of many that nobody will ask for again; nothing: the edge is remembered.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing")]
    pub(super) fn price(
        &mut self,
        course: usize,
        lanes: usize,
        own: OwnBeliefs,
        shift: Option<f64>,
        horizon: usize,
        start: f64,
        knots: &[f64],
        to: &mut Prices,
    ) {
        let believed = [own.edge.to_bits(), own.escalation.to_bits()];
        let key = (course, lanes, horizon, believed);
        let known = self.known.get(&key).filter(|_| shift.is_none()).copied();
        let place = known.or_else(|| {
            shift.is_none().then(|| {
                if self.edges.used == EDGES {
                    self.forget_edges();
                }
                let place = self.edges.take();
                self.known.insert(key, place);
                place
            })
        });
        let edge = match place {
            Some(place) => &mut self.edges.all[place],
            None => &mut self.passing,
        };
        let course = &self.courses.all[course].1;
        let lanes = &self.lanes.all[lanes];
        if known.is_none() {
            let shift = shift.unwrap_or(0.0);
            match lanes.width() {
                4 => edge.lay::<4>(course, lanes, own, shift, horizon),
                8 => edge.lay::<8>(course, lanes, own, shift, horizon),
                12 => edge.lay::<12>(course, lanes, own, shift, horizon),
                _ => edge.lay::<16>(course, lanes, own, shift, horizon),
            }
        }
        let correction = &self.correction;
        match lanes.width() {
            4 => to.lay::<4>(course, lanes, edge, start, knots, correction),
            8 => to.lay::<8>(course, lanes, edge, start, knots, correction),
            12 => to.lay::<12>(course, lanes, edge, start, knots, correction),
            _ => to.lay::<16>(course, lanes, edge, start, knots, correction),
        }
    }
}
