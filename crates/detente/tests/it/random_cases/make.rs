//! Random valid cases: a sketch, and over it levers of every trigger, what may follow a deal, refusals, what types believe of one
//! another, messengers, successions, and ranges instead of numbers.

use std::collections::BTreeSet;

use crate::invariance::sheet::{Sheet, Value};
use crate::invariance::sketches::{lasting, sketch};
use crate::simulation::Random;

/// Levers that answer a breach are generated.
const BREACHES: bool = true;
/// Levers of guarantors; the checker refuses more.
const GUARANTORS: usize = 2;
/// Months of a contest: a war this short is over in most worlds, and its certificates take a fraction of a second.
const HORIZONS: [f64; 3] = [18.0, 24.0, 36.0];

/// Number `seed` of the random cases, each number exact.
pub(crate) fn exact(seed: u64) -> Sheet {
    let mut random = Random::new(seed + 9_000_000);
    let lasts = random.chance(0.6);
    made(seed, random, lasts)
}

/// The same with nothing that may follow a deal.
pub(crate) fn on_paper(seed: u64) -> Sheet {
    made(seed, Random::new(seed + 13_000_000), false)
}

fn made(seed: u64, random: Random, lasts: bool) -> Sheet {
    // Every account of no deal as often: sketches have a contest in two of four.
    let kind = [2 * (seed / 3 % 2), 1, 3][usize::try_from(seed % 3).expect("small")];
    let base = 4 * seed + kind;
    let mut maker = Maker {
        sheet: if lasts { lasting(base) } else { sketch(base) },
        random,
        lasts,
        taken: BTreeSet::new(),
    };
    maker.shorten();
    maker.fewer_packages();
    maker.levers();
    maker.refusals();
    maker.minds();
    maker.features();
    maker.sheet
}

/// The same with ranges for most of its numbers.
pub(crate) fn spread(seed: u64) -> Sheet {
    let mut sheet = exact(seed);
    let random = &mut Random::new(seed + 11_000_000);
    for line in &mut sheet.lines {
        if let Value::Number(x) = line.value
            && x != 0.0
            && let Some(most) = greatest(&line.path)
            && random.chance(0.6)
        {
            let width = random.between(0.02, 0.25);
            let ends = [x * (1.0 - width), x * (1.0 + width)].map(|x| (x * 1e4).round() / 1e4);
            // An end on a number's bound is refused.
            let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]).min(0.999 * most));
            if low < high {
                line.value = Value::Text(format!("{low:?} to {high:?}"));
            }
        }
    }
    sheet
}

/// The greatest that a number may be; `None`: it stays exact, since it must be, or since a part more or less of it is out of bounds.
fn greatest(path: &str) -> Option<f64> {
    let keys: Vec<&str> = path.split('/').collect();
    let last = keys[keys.len() - 1];
    let exact = [
        "patience",
        "horizon",
        "position",
        "low",
        "support",
        "start",
        "endures",
        "own_sd",
        "loses_office",
        "substitution",
        "compelled_bar",
    ];
    let of_option = keys[0] == "issue" || keys.contains(&"about");
    let stays = match keys[0] {
        "durability" => ["sample_mean", "rebuild", "force", "fades"].contains(&keys[1]),
        "turnover" | "messenger" => true,
        "observable" => last == "noise",
        // A leader's share of its legacy, not the points that it is worth.
        _ => last == "legacy" && keys.contains(&"if"),
    };
    let of_contest = keys[0] == "contest" && last == "share";
    if stays || of_option || of_contest || exact.contains(&last) || last.contains(".capacity.") {
        return None;
    }
    let before = keys.get(keys.len().wrapping_sub(2)).copied();
    let share = ["prior", "credibility", "chance"].contains(&last)
        || last.contains(".value.")
        || before == Some("value")
        || before == Some("announces");
    Some(match last {
        // A belief about a chance moves its log odds.
        "chance" if before == Some("believes") => f64::INFINITY,
        _ if share => 1.0,
        "noise" => 2.0,
        _ if last.contains("contest.supply.") => 2.0,
        _ => f64::INFINITY,
    })
}

struct Maker {
    sheet: Sheet,
    random: Random,
    /// May anything follow a deal?
    lasts: bool,
    /// Numbers that a lever sets already.
    taken: BTreeSet<String>,
}

impl Maker {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        (self.random.between(low, high) * 1e4).round() / 1e4
    }

    fn put(&mut self, path: String, low: f64, high: f64) {
        let x = self.between(low, high);
        self.sheet.number(path, x);
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.random.below(all.len() as u64)].clone()
    }

    fn has(&self, path: &str) -> bool {
        self.sheet.get(path).is_some()
    }

    fn is_contest(&self) -> bool {
        self.has("contest/edge")
    }

    /// Shorter wars; and doubt, which a certificate integrates a hundred times, in one case of many and where nothing follows a deal.
    fn shorten(&mut self) {
        let horizon = self.pick(&HORIZONS);
        let doubts = !self.lasts && self.random.chance(0.06);
        self.sheet
            .lines
            .retain(|line| doubts || !line.path.ends_with("/own_sd"));
        for line in &mut self.sheet.lines {
            match (line.path.as_str(), &mut line.value) {
                ("contest/horizon", Value::Number(x)) => *x = horizon,
                // What a short horizon leaves out must be small.
                ("contest/other_end", Value::Number(x)) => *x += 0.12,
                _ => {}
            }
            if line.path.ends_with("sets/contest.other_end")
                && let Value::Number(x) = &mut line.value
            {
                *x += 0.12;
            }
        }
        let sets = |path: &str| {
            path.split_once("/sets/")
                .map(|(_, target)| target.to_owned())
        };
        self.taken = self
            .sheet
            .lines
            .iter()
            .filter_map(|l| sets(&l.path))
            .collect();
    }

    fn fewer_packages(&mut self) {
        let packages = self.sheet.under("package");
        let kept = 1 + self.random.below(packages.len() as u64);
        for package in &packages[kept..] {
            self.sheet = self.sheet.without(&format!("package/{package}"));
        }
    }

    /// Is a number of a party, or of a type, the number of some type?
    fn is_anybodys(&self, path: &str) -> bool {
        let Some((party, number)) = path.split_once('/') else {
            return false;
        };
        let types = self.sheet.under(&format!("party/{party}/type"));
        let states = |t: &String| self.has(&format!("party/{party}/type/{t}/{number}"));
        number.starts_with("type/") || types.is_empty() || !types.iter().all(states)
    }

    /// May the option hold without a deal? What others are worth no lever of a refusal moves.
    fn holds(&self, issue: &str, option: &str) -> bool {
        if self.sheet.get("contest/line_issue") == Some(&Value::Text(issue.to_owned())) {
            return true;
        }
        let states = [
            "contest/unsettled",
            "contest/ending/a_decisive",
            "contest/ending/b_decisive",
            "contest/ending/armistice",
            "lottery/a_wins",
            "lottery/b_wins",
        ];
        let accounts = self.sheet.under("contest").len() + self.sheet.under("lottery").len();
        accounts > 0
            && states
                .iter()
                .filter(|state| self.is_contest() == state.starts_with("contest"))
                .any(|state| {
                    let chosen = self.sheet.get(&format!("{state}/choose/{issue}"));
                    let chosen = chosen.or(self.sheet.get(&format!("issue/{issue}/status_quo")));
                    chosen == Some(&Value::Text(option.to_owned()))
                })
    }

    /// A number that a lever may set, and what to; none twice.
    fn target(&mut self, values: bool) -> Option<(String, f64)> {
        let mut targets: Vec<(String, f64, f64)> = Vec::new();
        if self.is_contest() {
            for (key, low, high) in [
                ("edge", -0.5, 0.5),
                ("other_end", 0.1, 0.25),
                ("decisive", 0.002, 0.03),
                ("capacity.A.low", 0.4, 1.0),
                ("capacity.B.low", 0.4, 1.0),
            ] {
                targets.push((format!("contest.{key}"), low, high));
            }
            for supply in self.sheet.under("contest/supply") {
                targets.push((format!("contest.supply.{supply}.level"), 0.2, 1.8));
            }
        }
        for line in &self.sheet.lines {
            // A number of a party whose types all state their own moves nothing.
            let own = line.path.strip_prefix("party/");
            if own.is_some_and(|own| !self.is_anybodys(own)) {
                continue;
            }
            let dotted = line.path.replace('/', ".");
            match line.path.split('/').collect::<Vec<_>>()[..] {
                ["party", .., "burden"] if self.is_contest() => targets.push((dotted, 0.0, 20.0)),
                ["party", .., "scar"] if self.is_contest() => targets.push((dotted, 0.0, 0.2)),
                ["party", .., issue, "value", option] if values && self.holds(issue, option) => {
                    targets.push((dotted, 0.0, 1.0));
                }
                _ => {}
            }
        }
        targets.retain(|(target, ..)| !self.taken.contains(target));
        if targets.is_empty() {
            return None;
        }
        let (target, low, high) = self.pick(&targets);
        self.taken.insert(target.clone());
        let to = self.between(low, high);
        Some((target, to))
    }

    /// A lever's own numbers, without what it sets.
    fn lever(&mut self, l: usize, by: &str, kind: &str, trigger: &str) {
        let path = format!("lever/m{l}");
        for (key, said) in [("by", by), ("kind", kind), ("trigger", trigger)] {
            self.sheet.text(format!("{path}/{key}"), said);
        }
        self.put(format!("{path}/cost"), 0.0, 4.0);
        for (key, often, low, high) in [
            ("delay", 0.4, 0.0, 6.0),
            ("audience_cost", 0.4, 0.0, 4.0),
            ("credibility", 0.3, 0.05, 0.95),
        ] {
            if self.random.chance(often) {
                self.put(format!("{path}/{key}"), low, high);
            }
        }
        if self.is_contest() && self.random.chance(0.3) {
            self.put(format!("{path}/escalation"), -0.3, 0.5);
        }
        if self.random.chance(0.2) {
            let switch = Value::Switch(self.random.chance(0.5));
            self.sheet.put(format!("{path}/on"), switch);
        }
        if self.random.chance(0.3) {
            let mut types = self.sheet.under(&format!("party/{by}/type"));
            if types.is_empty() {
                types.push(by.to_owned());
            }
            let of = self.pick(&types);
            self.put(format!("{path}/announces/{of}"), 0.1, 0.9);
        }
    }

    fn levers(&mut self) {
        let parties = self.sheet.under("party");
        let stated = self.has("party/p0/reservation");
        let known = |lever: &String| {
            let trigger = self.sheet.get(&format!("lever/{lever}/trigger"));
            trigger == Some(&Value::Text("accept".to_owned()))
        };
        let levers = self.sheet.under("lever");
        let mut guarantors = levers.iter().filter(|lever| known(lever)).count();
        for l in 0..self.random.below(5) {
            let by = self.pick(&parties);
            let other = self.pick(&parties);
            let trigger = self.random.below(3);
            let kind = ["stick", "pressure", "assurance", "carrot"][self.random.below(4)];
            if trigger == 0 && !stated && by != other {
                // What a refusal brings.
                let Some((target, to)) = self.target(true) else {
                    continue;
                };
                self.lever(l, &by, kind, &format!("refuse({other})"));
                self.sheet.number(format!("lever/m{l}/sets/{target}"), to);
                if self.is_contest() && self.random.chance(0.6) {
                    self.put(format!("lever/m{l}/flow_cost/{other}"), -2.0, 25.0);
                }
            } else if trigger == 1 && by != other {
                // What a deal brings.
                self.lever(l, &by, "carrot", "accept");
                self.put(format!("lever/m{l}/flow_cost/{by}"), 0.0, 2.0);
                self.put(format!("lever/m{l}/flow_cost/{other}"), -6.0, -0.5);
                if self.is_contest()
                    && self.lasts
                    && self.random.chance(0.3)
                    && let Some((target, to)) = self.target(false)
                    && guarantors < GUARANTORS
                {
                    guarantors += 1;
                    self.sheet.number(format!("lever/m{l}/sets/{target}"), to);
                }
            } else if BREACHES && self.lasts && self.is_contest() {
                // What a breach brings.
                let violator = ["p0", "p1"][self.random.below(2)];
                let trigger = format!("violate({violator})");
                let known = self.sheet.lines.iter();
                let known = known.filter(|line| line.value == Value::Text(trigger.clone()));
                if by == violator || known.count() > 1 {
                    continue;
                }
                if let Some((target, to)) = self.target(false) {
                    self.lever(l, &by, kind, &trigger);
                    self.sheet.number(format!("lever/m{l}/sets/{target}"), to);
                }
            }
        }
    }

    fn refusals(&mut self) {
        for party in self.sheet.under("party") {
            if !self.is_contest() || !self.random.chance(0.25) {
                continue;
            }
            let path = format!("party/{party}/refusal");
            self.sheet.text(format!("{path}/says"), "It fights on.");
            self.put(format!("{path}/line_loss"), 5.0, 60.0);
            self.put(format!("{path}/compelled_bar"), 0.2, 0.9);
            if self.random.chance(0.5) {
                self.put(format!("{path}/crack/p0"), -4.0, 1.0);
            }
        }
    }

    /// What types believe of one another, messengers, successions.
    fn minds(&mut self) {
        let parties = self.sheet.under("party");
        for party in &parties {
            for other in parties.iter().filter(|other| *other != party) {
                let types = self.sheet.under(&format!("party/{other}/type"));
                if types.len() < 2 || !self.random.chance(0.2) {
                    continue;
                }
                for t in types {
                    let path = format!("party/{party}/believes/about/{other}.{t}");
                    self.put(path, 0.1, 0.9);
                }
            }
        }
        let about = if self.is_contest() {
            "contest.edge"
        } else if self.has("lottery/chance") {
            "lottery.chance"
        } else {
            return;
        };
        if self.random.chance(0.15) {
            self.sheet.text("observable/w0/says", "A count.");
            self.sheet.text("observable/w0/about", about);
            self.put("observable/w0/noise".to_owned(), 0.2, 1.0);
            let (by, to) = (self.pick(&parties), self.pick(&parties));
            if by != to {
                for (key, said) in [
                    ("by", &*by),
                    ("to", &*to),
                    ("about", "w0"),
                    ("says", "A tip."),
                ] {
                    self.sheet.text(format!("messenger/m0/{key}"), said);
                }
                self.put("messenger/m0/distortion".to_owned(), -0.5, 0.5);
            }
        }
        let typed = parties.iter().filter(|party| {
            let types = self.sheet.under(&format!("party/{party}/type"));
            types.len() > 1
        });
        let typed: Vec<String> = typed.cloned().collect();
        if self.lasts && self.is_contest() && !typed.is_empty() && self.random.chance(0.3) {
            let party = self.pick(&typed);
            self.sheet.text("turnover/u0/says", "An election.");
            self.sheet.text("turnover/u0/party", party.clone());
            self.sheet.text("turnover/u0/on", "2025-06-01");
            for t in self.sheet.under(&format!("party/{party}/type")) {
                self.put(format!("turnover/u0/prior/{t}"), 0.1, 0.9);
            }
        }
    }

    /// What options do besides: harm to an alliance, numbers of a war that resumes; other failures and targets.
    fn features(&mut self) {
        for issue in self.sheet.under("issue") {
            for option in self.sheet.under(&format!("issue/{issue}/option")) {
                let path = format!("issue/{issue}/option/{option}");
                if self.random.chance(0.06) {
                    self.put(format!("{path}/crack/p1"), -3.0, 1.0);
                }
                if self.lasts && self.is_contest() && self.random.chance(0.1) {
                    let key = ["contest.capacity.B.low", "contest.edge"][self.random.below(2)];
                    let x = self.between(0.4, 0.9);
                    let x = if key == "contest.edge" { x - 0.6 } else { x };
                    self.sheet.number(format!("{path}/sets/{key}"), x);
                }
            }
        }
        // A guarantor's lever is refused where no option guarantees anything.
        let guarantees = |path: &String| path.ends_with("/guarantee") && path.starts_with("issue/");
        let mut paths = self.sheet.lines.iter().map(|line| &line.path);
        if self.lasts && self.is_contest() && !paths.any(guarantees) {
            self.put("issue/i0/option/o0/guarantee".to_owned(), 0.2, 0.9);
        }
        if self.lasts && self.random.chance(0.2) {
            self.sheet.text("durability/failure/clash/says", "A clash.");
            self.put("durability/failure/clash/rate".to_owned(), 0.01, 0.03);
            self.sheet.text("durability/target/other/says", "Another.");
            self.sheet.text("durability/target/other/by", "p0");
            self.put("durability/target/other/worth".to_owned(), -10.0, 10.0);
        }
    }
}
