//! Random processes, other orders of them, and worlds drawn by chance.

use detente_core::{
    Fate, Feature, FeatureKind, FeatureNumbers, Lever, LeverNumbers, MoveNumbers, PartySet,
    PlaceNumbers, Preferences, ProcessMove, ProcessNumbers, ProcessPlace, ProcessSetting,
    ProcessState, RateNumbers, Setting, Target, Trigger, World, leader_term,
};

use crate::fixture::{self, Stream};
use crate::{Identity, States};

/// A state or an end, perhaps like a package.
pub(super) fn place(like: Option<Vec<u8>>) -> ProcessState {
    ProcessState {
        id: "place".into(),
        name: "place".into(),
        like,
        deal: false,
    }
}

/// Adds a lever of a party.
pub(super) fn lever(
    setting: &mut Setting,
    world: &mut World,
    trigger: Trigger,
    by: usize,
    sets: &[(Target, f64)],
) {
    setting.levers.push(Lever {
        id: format!("lever{}", setting.levers.len()),
        by,
        trigger,
        sets: sets.iter().map(|(target, _)| *target).collect(),
        ..Lever::default()
    });
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        credibility: f64::NAN,
        sets: sets.iter().map(|(_, to)| *to).collect(),
        ..LeverNumbers::default()
    });
}

/// The fixture's parties and packages with a process in the place of the contest: up to six states and three ends, each worth points
/// or a package; up to fourteen moves, some at rates that change; levers of every kind that moves it.
pub(super) fn process(case: u64, durable: bool) -> (Setting, World) {
    let (mut setting, mut world) = if durable {
        fixture::durable(case)
    } else {
        fixture::random(case)
    };
    let s = &mut Stream::new(7_000 + case);
    let turn = usize::try_from(case).unwrap();
    setting.contest = None;
    world.numbers.contest.clear();
    setting.levers.clear();
    world.numbers.levers.clear();
    // What options would make of a contest.
    let features = setting.features.iter().zip(&world.numbers.features);
    let kept = features.filter(|(f, _)| !matches!(f.kind, FeatureKind::Sets(_)));
    let (features, sizes) = kept.map(|(f, n)| (*f, n.clone())).unzip();
    setting.features = features;
    world.numbers.features = sizes;
    let sized = |own: &FeatureNumbers<f64>| own.size.is_finite();
    assert!(world.numbers.features.iter().all(sized));
    for own in &mut world.numbers.types {
        own.own_sd = 0.0;
    }
    let (count, ends) = (1 + s.below(6), s.below(4));
    let (types, packages) = (setting.types.len(), setting.packages.len());
    let places = |s: &mut Stream, count: usize, scars: usize| -> (Vec<_>, Vec<_>) {
        let one = |_| {
            let p = s.below(packages);
            let like = (s.unit() < 0.4).then(|| setting.packages[p].choice.clone());
            let mut worth = Vec::new();
            for _ in 0..types {
                worth.push(if like.is_some() && s.unit() < 0.8 {
                    f64::NAN
                } else {
                    s.between(-20.0, 100.0)
                });
            }
            let scar = (0..scars).map(|_| s.between(0.0, 0.4)).collect();
            (place(like), PlaceNumbers { worth, scar })
        };
        (0..count).map(one).unzip()
    };
    let (states, state_numbers) = places(s, count, types);
    let (end_list, end_numbers) = places(s, ends, 0);
    // Whether a final deal is in force draws nothing either.
    let deals = |list: Vec<ProcessState>, odd: usize| -> Vec<ProcessState> {
        let each = list.into_iter().enumerate();
        let deal = |k: usize| (k + turn) % 3 == odd;
        each.map(|(k, own)| ProcessState {
            deal: deal(k),
            ..own
        })
        .collect()
    };
    let mut process = ProcessSetting {
        today: 0,
        states: deals(states, 1),
        ends: deals(end_list, 0),
        ..ProcessSetting::default()
    };
    let mut numbers = ProcessNumbers {
        states: state_numbers,
        ends: end_numbers,
        moves: Vec::new(),
    };
    for from in 0..count {
        for _ in 0..=s.below(2) {
            // Today's state is always left by some move, if there is anywhere to go.
            let to = (from + 1 + s.below((count + ends - 1).max(1))) % (count + ends);
            if to == from {
                continue;
            }
            let later = s.below(3);
            process.moves.push(ProcessMove {
                id: format!("move{}", process.moves.len()),
                name: String::new(),
                from,
                to: match to.checked_sub(count) {
                    None => ProcessPlace::State(to),
                    Some(end) => ProcessPlace::End(end),
                },
                // Whose it is changes no draw of what follows.
                by: PartySet(u32::try_from((turn + process.moves.len()) % 8).unwrap()),
                later: vec![String::new(); later],
            });
            let one = |_| RateNumbers {
                from_month: s.between(0.0, 40.0),
                rate: s.between(0.0, 0.8),
            };
            numbers.moves.push(MoveNumbers {
                later: (0..later).map(one).collect(),
                rate: s.between(0.0, 0.5),
            });
        }
    }
    let ways = process.moves.len();
    setting.process = Some(process);
    world.numbers.process = vec![numbers];
    let mut pulled = vec![
        (Trigger::Now, 2),
        (Trigger::Refuse(0), 1),
        (Trigger::Refuse(0), 2),
        (Trigger::Refuse(1), 0),
    ];
    if durable {
        // What answers a breach; where the process then begins may be another state.
        pulled.extend([(Trigger::Violate(0), 1), (Trigger::Violate(1), 2)]);
        let resumes = Stream::new(9_000 + case).below(count);
        setting.process.as_mut().unwrap().resumes = resumes;
        // What lapses may lead elsewhere too.
        let lapsing: Vec<usize> = setting
            .features
            .iter()
            .filter(|feature| feature.kind == FeatureKind::Lasts)
            .map(|feature| feature.option)
            .collect();
        // Some lapse after the months that are followed one by one, and some at once with an option of another issue that leads elsewhere.
        let late = &mut Stream::new(9_500 + case);
        for own in 0..setting.features.len() {
            if setting.features[own].kind == FeatureKind::Lasts && late.unit() < 0.3 {
                world.numbers.features[own].size = late.between(200.0, 1_300.0);
            }
        }
        let mut lapsing = lapsing;
        if let (Some(own), true) = (lapsing.first().copied(), late.unit() < 0.5) {
            let first = setting
                .features
                .iter()
                .position(|feature| feature.kind == FeatureKind::Lasts && feature.option == own);
            let issue = setting.issues.iter().find(|issue| {
                !(issue.first_option..issue.first_option + issue.options.len()).contains(&own)
            });
            if let (Some(first), Some(issue)) = (first, issue) {
                for option in issue.first_option..issue.first_option + issue.options.len() {
                    setting.features.push(Feature {
                        option,
                        kind: FeatureKind::Lasts,
                    });
                    let size = world.numbers.features[first].size;
                    world.numbers.features.push(FeatureNumbers { size });
                    lapsing.push(option);
                }
            }
        }
        for (k, place) in lapsing.into_iter().enumerate() {
            let issue = setting.issues.iter_mut().find(|issue| {
                (issue.first_option..issue.first_option + issue.options.len()).contains(&place)
            });
            let issue = issue.unwrap();
            issue.options[place - issue.first_option].then = Some((resumes + k) % count);
        }
    }
    for (trigger, by) in pulled {
        let (of, state) = (s.below(types), s.below(count));
        let mut sets = vec![(Target::StateWorth(of, state), s.between(0.0, 100.0))];
        if ways > 0 {
            sets.push((Target::Rate(s.below(ways)), s.between(0.0, 1.0)));
        }
        if ends > 0 {
            let (of, end) = (s.below(types), s.below(ends));
            sets.push((Target::EndWorth(of, end), s.between(0.0, 100.0)));
        }
        if matches!(trigger, Trigger::Refuse(_)) {
            let (of, option) = (s.below(types), s.below(14));
            sets.push((Target::Value(of, option), s.unit()));
        }
        sets.extend(of_moves(&setting, &world, s, types, count));
        lever(&mut setting, &mut world, trigger, by, &sets);
        let own = world.numbers.levers.last_mut().unwrap();
        if s.unit() < 0.5 {
            own.delay = s.between(0.0, 30.0);
        }
        own.cost = s.between(0.0, 3.0);
        own.audience_cost = s.between(0.0, 3.0);
        own.flow_costs = vec![s.between(-5.0, 10.0), s.between(0.0, 5.0)];
        setting.levers.last_mut().unwrap().flow_to = vec![by, (by + 1) % 3];
    }
    believe(&mut setting, &mut world, &mut Stream::new(8_000 + case));
    (setting, world)
}

/// What a lever sets of scars, later rates and their dates.
fn of_moves(
    setting: &Setting,
    world: &World,
    s: &mut Stream,
    types: usize,
    count: usize,
) -> Vec<(Target, f64)> {
    let mut sets = Vec::new();
    if s.unit() < 0.5 {
        let target = Target::StateScar(s.below(types), s.below(count));
        sets.push((target, s.between(0.0, 0.6)));
    }
    let ways = setting.process.as_ref().map_or(0, |p| p.moves.len());
    for m in 0..ways {
        for k in 0..world.numbers.process[0].moves[m].later.len() {
            if s.unit() < 0.3 {
                sets.push((Target::LaterRate(m, k), s.between(0.0, 0.8)));
            }
            if s.unit() < 0.3 {
                sets.push((Target::LaterFrom(m, k), s.between(0.0, 60.0)));
            }
        }
    }
    sets
}

/// Types but the first over- or under-rate some rates, doubt some, and learn.
fn believe(setting: &mut Setting, world: &mut World, s: &mut Stream) {
    let Some(process) = &mut setting.process else {
        return;
    };
    let all = 0..process.moves.len();
    process.believed = all.filter(|_| s.unit() < 0.6).collect();
    let held = process.believed.len();
    for (t, own) in world.numbers.types.iter_mut().enumerate() {
        let mut some = |chance: f64, low: f64, high: f64| -> Vec<f64> {
            let one = |_| {
                if s.unit() < chance {
                    s.between(low, high)
                } else {
                    0.0
                }
            };
            (0..held).map(one).collect()
        };
        own.believes_rates = some(if t == 0 { 0.0 } else { 0.7 }, -0.9, 0.9);
        own.rate_sds = some(if t % 3 == 2 { 0.6 } else { 0.0 }, 0.05, 0.7);
        own.learning_rate = s.between(0.2, 1.4);
        own.open_to_news = if s.unit() < 0.5 {
            s.between(0.1, 0.9)
        } else {
            0.0
        };
    }
}

/// The same process with states, ends and moves listed the other way round.
pub(super) fn turned(setting: &Setting, world: &World) -> (Setting, World) {
    let (mut setting, mut world) = (setting.clone(), world.clone());
    let process = setting.process.as_mut().unwrap();
    let numbers = &mut world.numbers.process[0];
    let (states, ends) = (process.states.len(), process.ends.len());
    let moves = process.moves.len();
    process.today = states - 1 - process.today;
    process.states.reverse();
    process.ends.reverse();
    process.moves.reverse();
    numbers.states.reverse();
    numbers.ends.reverse();
    numbers.moves.reverse();
    for own in &mut process.believed {
        *own = moves - 1 - *own;
    }
    for own in &mut process.moves {
        own.from = states - 1 - own.from;
        own.to = match own.to {
            ProcessPlace::State(s) => ProcessPlace::State(states - 1 - s),
            ProcessPlace::End(e) => ProcessPlace::End(ends - 1 - e),
        };
    }
    for lever in &mut setting.levers {
        for target in &mut lever.sets {
            *target = match *target {
                Target::Rate(m) => Target::Rate(moves - 1 - m),
                Target::StateWorth(t, s) => Target::StateWorth(t, states - 1 - s),
                Target::EndWorth(t, e) => Target::EndWorth(t, ends - 1 - e),
                Target::StateScar(t, s) => Target::StateScar(t, states - 1 - s),
                Target::LaterRate(m, k) => Target::LaterRate(moves - 1 - m, k),
                Target::LaterFrom(m, k) => Target::LaterFrom(moves - 1 - m, k),
                other => other,
            };
        }
    }
    (setting, world)
}

/// V of a type as the mean of lives that are drawn by chance, and its standard error; only levers that run now are pulled.
pub(super) fn simulated(setting: &Setting, world: &World, t: usize, lives: u32) -> (f64, f64) {
    let process = setting.process.as_ref().unwrap();
    let numbers = &world.numbers.process[0];
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let deals = States {
        setting,
        world,
        preferences: &preferences,
        deal_value: &Identity,
    };
    let me = &world.numbers.types[t];
    let running = || {
        let levers = setting.levers.iter().zip(&world.numbers.levers);
        levers.filter(|(lever, own)| lever.trigger == Trigger::Now && own.on > 0.0)
    };
    let set = |wanted: Target, month: u32, stated: f64| {
        let mut now = stated;
        for (lever, own) in running().filter(|(_, own)| f64::from(month) >= own.delay) {
            for (target, to) in lever.sets.iter().zip(&own.sets) {
                now = if *target == wanted { *to } else { now };
            }
        }
        now
    };
    let mut pays = 0.0;
    for (lever, own) in running() {
        for (party, cost) in lever.flow_to.iter().zip(&own.flow_costs) {
            let mine = *party == setting.types[t].party;
            pays += if mine { *cost } else { 0.0 };
        }
    }
    let flow_of = |state: usize| match &process.states[state].like {
        Some(package) if numbers.states[state].worth[t].is_nan() => {
            preferences.worth(setting, t, package) + leader_term(world, t, [Fate::Unsettled])
        }
        _ => numbers.states[state].worth[t],
    };
    let end_of = |end: usize| match &process.ends[end].like {
        Some(package) if numbers.ends[end].worth[t].is_nan() => deals.deal(t, package, &[]),
        _ => numbers.ends[end].worth[t],
    };
    let s = &mut Stream::new(90_000 + world.index * 10 + t as u64);
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..lives {
        let (mut state, mut discount, mut total) = (process.today, 1.0, 0.0);
        // What it does not know is one number, the same all its life.
        let z = detente_math::normal_quantile(s.unit());
        let factor = |m: usize| {
            let place = process.believed.iter().position(|own| *own == m);
            place.map_or(1.0, |place| {
                libm::exp(me.believes_rates[place] + z * me.rate_sds[place])
            })
        };
        let mut month = 0;
        // What is left after this counts for less than a thousandth of a point.
        while discount > 1e-6 {
            let flow = set(Target::StateWorth(t, state), month, flow_of(state)) - pays;
            let scar = numbers.states[state].scar[t];
            let scar = set(Target::StateScar(t, state), month, scar);
            total += discount * ((1.0 - me.patience) * flow - scar);
            discount *= me.patience;
            // Each move waits for a time of its own; the one that is made first within the month is made.
            let mut first: Option<(f64, ProcessPlace)> = None;
            let ways = process.moves.iter().enumerate();
            for (m, way) in ways.filter(|(_, way)| way.from == state) {
                let own = &numbers.moves[m];
                let mut rate = (f64::NEG_INFINITY, own.rate);
                for (k, later) in own.later.iter().enumerate() {
                    let from = set(Target::LaterFrom(m, k), month, later.from_month);
                    if from <= f64::from(month) && from >= rate.0 {
                        rate = (from, set(Target::LaterRate(m, k), month, later.rate));
                    }
                }
                let rate = set(Target::Rate(m), month, rate.1) * factor(m);
                let wait = -libm::log(s.unit()) / rate;
                if wait < 1.0 && first.is_none_or(|(soonest, _)| wait < soonest) {
                    first = Some((wait, way.to));
                }
            }
            match first {
                Some((_, ProcessPlace::End(e))) => {
                    total += discount * set(Target::EndWorth(t, e), month, end_of(e));
                    break;
                }
                Some((_, ProcessPlace::State(to))) => state = to,
                None => {}
            }
            month += 1;
        }
        sum += total;
        squares += total * total;
    }
    let n = f64::from(lives);
    let mean = sum / n;
    let spread = (squares / n - mean * mean).max(0.0);
    (mean, libm::sqrt(spread / n))
}
