//! Random small cases of exact numbers: two to four parties, two to four issues, one of the three accounts of no deal.

use super::sheet::{Sheet, Value};
use crate::simulation::Random;

/// An account of no deal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    Contest,
    Lottery,
    Stated,
}

/// A case in the making.
struct Maker {
    random: Random,
    sheet: Sheet,
    account: Account,
    parties: usize,
    /// Options by issue.
    options: Vec<usize>,
    /// The issue that is the line, and its options without a position.
    line: Option<(usize, Vec<usize>)>,
    /// By issue: the option that holds today.
    today: Vec<usize>,
    /// Rules (issue, options): forbidden together, or the last asked for if the others hold.
    rules: Vec<(Pattern, bool)>,
    leaders: bool,
}

type Pattern = Vec<(usize, Vec<usize>)>;

/// Case number `seed`. Two in four have a contest, one a lottery, one stated values; four in ten have leaders.
pub(crate) fn sketch(seed: u64) -> Sheet {
    let mut random = Random::new(seed + 7_000_000);
    let account = [
        Account::Contest,
        Account::Lottery,
        Account::Contest,
        Account::Stated,
    ][usize::try_from(seed % 4).expect("small")];
    let parties = 2 + random.below(3);
    let options: Vec<usize> = (0..2 + random.below(3))
        .map(|_| 2 + random.below(3))
        .collect();
    let mut maker = Maker {
        today: options.iter().map(|n| random.below(*n as u64)).collect(),
        leaders: random.chance(0.4),
        random,
        sheet: Sheet::default(),
        account,
        parties,
        options,
        line: None,
        rules: Vec::new(),
    };
    maker.issues(seed % 12 == 2);
    maker.rules();
    maker.packages();
    for p in 0..parties {
        maker.party(p);
    }
    match account {
        Account::Contest => maker.contest(),
        Account::Lottery => {
            let chance = maker.tenth_of_thousand(0.2, 0.8);
            maker.sheet.number("lottery/chance", chance);
            for end in ["a_wins", "b_wins"] {
                maker.state(&format!("lottery/{end}"));
            }
        }
        Account::Stated => {}
    }
    maker.sheet
}

impl Maker {
    /// A number between two others, with four digits after the point, so that a case can be read.
    fn tenth_of_thousand(&mut self, low: f64, high: f64) -> f64 {
        (self.random.between(low, high) * 1e4).round() / 1e4
    }

    fn issues(&mut self, imposed: bool) {
        if self.account == Account::Contest {
            let issue = self.random.below(self.options.len() as u64);
            let count = self.options[issue];
            let bare = (0..count).filter(|o| *o != self.today[issue]);
            let bare: Vec<usize> = bare.filter(|_| count > 2).take(1).collect();
            let bare = if self.random.chance(0.5) {
                bare
            } else {
                Vec::new()
            };
            self.line = Some((issue, bare));
        }
        for i in 0..self.options.len() {
            self.sheet.text(
                format!("issue/i{i}/status_quo"),
                format!("o{}", self.today[i]),
            );
            for o in 0..self.options[i] {
                let path = format!("issue/i{i}/option/o{o}");
                self.sheet
                    .text(format!("{path}/name"), format!("Option {o}"));
                if let Some((issue, bare)) = &self.line
                    && *issue == i
                    && !bare.contains(&o)
                {
                    let position = self.tenth_of_thousand(-100.0, 100.0);
                    self.sheet.number(format!("{path}/position"), position);
                }
                if o != self.today[i] && self.random.chance(0.25) {
                    let performer = self.random.below(self.parties as u64);
                    let by = Value::List(vec![format!("p{performer}")]);
                    self.sheet.put(format!("{path}/performed_by"), by);
                }
                if imposed && i == 0 && o == 1 {
                    self.sheet
                        .put(format!("{path}/imposed"), Value::Switch(true));
                }
            }
        }
    }

    /// One option, or a few but not all, of one issue or two.
    fn pattern(&mut self, issues: usize) -> Pattern {
        let mut order: Vec<usize> = (0..self.options.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, self.random.below(i as u64 + 1));
        }
        let of_issue = |i: usize| {
            let count = self.options[i] as u64;
            let (first, more) = (self.random.below(count), self.random.below(count - 1));
            let chosen = (0..=more).map(|k| (first + k) % self.options[i]);
            (i, chosen.collect())
        };
        order.into_iter().take(issues).map(of_issue).collect()
    }

    fn put_pattern(&mut self, path: &str, pattern: &Pattern) {
        for (i, chosen) in pattern {
            let list = chosen.iter().map(|o| format!("o{o}")).collect();
            self.sheet.put(format!("{path}/i{i}"), Value::List(list));
        }
    }

    fn rules(&mut self) {
        for c in 0..self.random.below(3) {
            let pattern = self.pattern(2);
            let implies = self.random.chance(0.5);
            self.rules.push((pattern.clone(), implies));
            if !self.leaves_any() {
                self.rules.pop();
                continue;
            }
            if implies {
                self.put_pattern(&format!("constraint/c{c}/if"), &pattern[..1].to_vec());
                self.put_pattern(&format!("constraint/c{c}/then"), &pattern[1..].to_vec());
            } else {
                self.put_pattern(&format!("constraint/c{c}/forbid"), &pattern);
            }
        }
    }

    /// Does some package with a place on the line obey every rule?
    fn leaves_any(&self) -> bool {
        let count: usize = self.options.iter().product();
        (0..count).any(|mut left| {
            let digits = self.options.iter().map(|n| {
                let digit = left % n;
                left /= n;
                digit
            });
            self.obeys(&digits.collect::<Vec<_>>())
        })
    }

    fn obeys(&self, package: &[usize]) -> bool {
        let rule = |(pattern, implies): &(Pattern, bool)| {
            let mut takes = pattern
                .iter()
                .map(|(i, chosen)| chosen.contains(&package[*i]));
            let (first, second) = (takes.next() == Some(true), takes.next() == Some(true));
            !first || second == *implies
        };
        let mut line = self.line.iter();
        line.all(|(i, bare)| !bare.contains(&package[*i])) && self.rules.iter().all(rule)
    }

    /// A package that obeys every rule; with a place on the line, if there is one.
    fn package(&mut self) -> Vec<usize> {
        loop {
            let counts = self.options.iter();
            let package: Vec<usize> = counts.map(|n| self.random.below(*n as u64)).collect();
            if self.obeys(&package) {
                return package;
            }
        }
    }

    /// What an outcome chooses; what is as today may be left out.
    fn state(&mut self, path: &str) {
        let package = self.package();
        for (i, o) in package.into_iter().enumerate() {
            if i == 0 || o != self.today[i] {
                self.sheet
                    .text(format!("{path}/choose/i{i}"), format!("o{o}"));
            }
        }
    }

    fn packages(&mut self) {
        if self.random.chance(0.3) {
            let list = (0..self.parties.min(3)).map(|p| format!("p{p}")).collect();
            self.sheet.put("case/signatories", Value::List(list));
        }
        for k in 0..2 + self.random.below(3) {
            self.state(&format!("package/k{k}"));
            if self.random.chance(0.2) {
                let list = vec!["p1".to_owned(), "p0".to_owned()];
                self.sheet
                    .put(format!("package/k{k}/signatories"), Value::List(list));
            }
        }
    }

    fn party(&mut self, p: usize) {
        let path = format!("party/p{p}");
        let side = match p {
            0 => "A",
            1 => "B",
            _ => ["A", "B", "none"][self.random.below(3)],
        };
        let role =
            ["belligerent", "patron", "mediator"][if p < 2 { 0 } else { self.random.below(3) }];
        self.sheet.text(format!("{path}/side"), side);
        self.sheet
            .put(format!("{path}/roles"), Value::List(vec![role.to_owned()]));
        if self.random.chance(0.5) {
            self.sheet.text(format!("{path}/opening"), "k0");
        }
        // Who signs by default cares about every issue, so that no two options are the same to all.
        let cares: Vec<usize> = (0..self.options.len())
            .filter(|i| p == 0 || *i == p % self.options.len() || self.random.chance(0.8))
            .collect();
        let tied = usize::from(self.random.chance(0.5));
        let leads = self.leaders && self.random.chance(0.7);
        self.mind(&path, &cares, tied, leads);
        for x in 0..tied {
            let pattern = self.pattern(2);
            self.put_pattern(&format!("{path}/interaction/x{x}/when"), &pattern);
            self.sheet
                .text(format!("{path}/interaction/x{x}/says"), "Together.");
        }
        let types = self.random.below(4);
        for t in 0..types {
            let path = format!("{path}/type/t{t}");
            let prior = self.tenth_of_thousand(0.1, 1.0);
            self.sheet.number(format!("{path}/prior"), prior);
            if self.random.chance(0.75) {
                self.mind(&path, &cares, tied, leads);
            }
        }
        for r in 0..self.random.below(3) {
            let path = format!("{path}/redline/r{r}");
            let issues = 1 + self.random.below(2);
            let pattern = self.pattern(issues);
            self.put_pattern(&format!("{path}/when"), &pattern);
            self.sheet.text(format!("{path}/says"), "Not this.");
            let hard = self.random.chance(0.6);
            self.sheet
                .text(format!("{path}/kind"), if hard { "hard" } else { "soft" });
            if !hard {
                let penalty = self.tenth_of_thousand(1.0, 20.0);
                self.sheet.number(format!("{path}/penalty"), penalty);
            }
            if types > 1 && self.random.chance(0.6) {
                let holders = (0..types - 1).map(|t| format!("t{t}")).collect();
                self.sheet
                    .put(format!("{path}/types"), Value::List(holders));
            }
            if self.random.chance(0.1) {
                self.sheet.put(format!("{path}/on"), Value::Switch(false));
            }
        }
        if self.random.chance(0.4) {
            let path = format!("{path}/gate/g0");
            for (key, low, high) in [("base", -1.0, 1.0), ("scale", 0.5, 2.0)] {
                let x = self.tenth_of_thousand(low, high);
                self.sheet.number(format!("{path}/{key}"), x);
            }
            for i in 0..self.options.len() {
                let (o, x) = (self.random.below(2), self.tenth_of_thousand(-2.0, 2.0));
                self.sheet.number(format!("{path}/effect/i{i}.o{o}"), x);
            }
        }
    }

    /// The numbers of a party, or of one of its types.
    fn mind(&mut self, path: &str, cares: &[usize], tied: usize, leads: bool) {
        for i in cares {
            let weight = self.tenth_of_thousand(5.0, 50.0);
            self.sheet
                .number(format!("{path}/issue/i{i}/weight"), weight);
            for o in 0..self.options[*i] {
                let value = self.tenth_of_thousand(0.0, 1.0);
                self.sheet
                    .number(format!("{path}/issue/i{i}/value/o{o}"), value);
            }
        }
        for x in 0..tied {
            let worth = self.tenth_of_thousand(-30.0, 30.0);
            self.sheet
                .number(format!("{path}/interaction/x{x}/worth"), worth);
        }
        let numbers: &[(&str, f64, f64)] = match self.account {
            Account::Contest => &[
                ("patience", 0.92, 0.985),
                ("burden", 0.0, 12.0),
                ("scar", 0.0, 0.1),
                ("escalation_cost", 0.0, 50.0),
                ("believes/edge", -0.4, 0.4),
                ("believes/escalation", -1.0, 1.0),
            ],
            Account::Lottery => &[("fighting_cost", 0.0, 25.0), ("believes/chance", -1.0, 1.0)],
            Account::Stated => &[("reservation", 20.0, 65.0)],
        };
        for (key, low, high) in numbers {
            let x = self.tenth_of_thousand(*low, *high);
            self.sheet.number(format!("{path}/{key}"), x);
        }
        if self.account == Account::Contest && self.random.chance(0.3) {
            let doubt = self.tenth_of_thousand(0.0, 0.3);
            self.sheet.number(format!("{path}/believes/own_sd"), doubt);
        }
        if !path.contains("type") && self.random.chance(0.3) {
            let aspiration = self.tenth_of_thousand(0.0, 8.0);
            self.sheet.number(format!("{path}/aspiration"), aspiration);
        }
        if !leads {
            return;
        }
        for key in ["legacy", "office"] {
            let x = self.tenth_of_thousand(2.0, 15.0);
            self.sheet.number(format!("{path}/leader/{key}"), x);
        }
        for fate in [
            "deal",
            "imposed",
            "line_lost",
            "unsettled",
            "a_decisive",
            "b_decisive",
            "armistice",
            "escalation",
        ] {
            let (share, loses) = (
                self.tenth_of_thousand(-1.0, 1.0),
                self.tenth_of_thousand(0.0, 0.8),
            );
            self.sheet
                .number(format!("{path}/leader/if/{fate}/legacy"), share);
            self.sheet
                .number(format!("{path}/leader/if/{fate}/loses_office"), loses);
        }
    }

    fn contest(&mut self) {
        let issue = self.line.as_ref().expect("a contest has a line").0;
        self.sheet.text("contest/line_issue", format!("i{issue}"));
        self.sheet.text("contest/unit", "km2");
        self.sheet.number("contest/horizon", 72.0);
        for (key, low, high) in [
            ("edge", -0.5, 0.5),
            ("pace", 2.0, 20.0),
            ("volatility", 3.0, 15.0),
            ("start", -40.0, 40.0),
            ("decisive", 0.002, 0.03),
            ("decisive_slope", 0.5, 3.0),
            ("other_end", 0.03, 0.08),
            ("escalation", 0.001, 0.02),
            ("escalation_slope", 0.5, 3.0),
        ] {
            let x = self.tenth_of_thousand(low, high);
            self.sheet.number(format!("contest/{key}"), x);
        }
        let weapon = ["A", "B", "none"][self.random.below(3)];
        self.sheet.text("contest/weapon", weapon);
        for state in [
            "unsettled",
            "ending/a_decisive",
            "ending/b_decisive",
            "ending/armistice",
        ] {
            self.state(&format!("contest/{state}"));
        }
        for side in ["A", "B"] {
            for (key, low, high) in [("from_month", 0.0, 30.0), ("low", 0.45, 1.0)] {
                let x = self.tenth_of_thousand(low, high);
                self.sheet
                    .number(format!("contest/capacity/{side}/{key}"), x);
            }
        }
        let mut targets = vec![
            ("contest.edge".to_owned(), -0.6, 0.6),
            ("contest.other_end".to_owned(), 0.02, 0.06),
            ("contest.capacity.A.low".to_owned(), 0.4, 1.0),
            ("contest.capacity.B.from_month".to_owned(), 0.0, 20.0),
        ];
        for (party, key, high) in [("p0", "burden", 20.0), ("p1", "scar", 0.2)] {
            // A type's own number is not its party's.
            let own = self.sheet.get(&format!("party/{party}/type/t0/{key}"));
            let of_type = if own.is_some() { ".type.t0" } else { "" };
            targets.push((format!("party.{party}{of_type}.{key}"), 0.0, high));
        }
        for n in 0..self.random.below(4) {
            let path = format!("contest/nest/n{n}");
            self.sheet.text(format!("{path}/side"), ["A", "B"][n % 2]);
            for (key, low, high) in [("weight", 0.2, 2.0), ("substitution", -2.0, 1.0)] {
                let x = self.tenth_of_thousand(low, high);
                self.sheet.number(format!("{path}/{key}"), x);
            }
            for j in 0..=self.random.below(3) {
                let path = format!("contest/supply/s{n}{j}");
                let from = self.random.below(self.parties as u64);
                self.sheet.text(format!("{path}/from"), format!("p{from}"));
                self.sheet.text(format!("{path}/nest"), format!("n{n}"));
                for (key, low, high) in [
                    ("share", 0.1, 0.8),
                    ("level", 0.5, 1.5),
                    ("buffer", 0.0, 6.0),
                    ("ramp", 0.0, 6.0),
                ] {
                    let x = self.tenth_of_thousand(low, high);
                    self.sheet.number(format!("{path}/{key}"), x);
                }
                targets.push((format!("contest.supply.s{n}{j}.level"), 0.1, 1.6));
            }
        }
        for l in 0..self.random.below(4) {
            let path = format!("lever/l{l}");
            let by = self.random.below(self.parties as u64);
            self.sheet.text(format!("{path}/by"), format!("p{by}"));
            self.sheet.text(format!("{path}/kind"), "stick");
            self.sheet.text(format!("{path}/trigger"), "now");
            let on = self.random.chance(0.8);
            self.sheet.put(format!("{path}/on"), Value::Switch(on));
            for (key, low, high) in [
                ("delay", 0.0, 8.0),
                ("escalation", -0.3, 0.5),
                ("cost", 0.0, 5.0),
            ] {
                let x = self.tenth_of_thousand(low, high);
                self.sheet.number(format!("{path}/{key}"), x);
            }
            let (to, cost) = (
                self.random.below(self.parties as u64),
                self.tenth_of_thousand(-2.0, 6.0),
            );
            self.sheet.number(format!("{path}/flow_cost/p{to}"), cost);
            for _ in 0..=self.random.below(2) {
                let (target, low, high) =
                    targets.swap_remove(self.random.below(targets.len() as u64));
                let x = self.tenth_of_thousand(low, high);
                self.sheet.number(format!("{path}/sets/{target}"), x);
            }
        }
    }
}

/// Case number `seed` where something may follow a deal: breakdown, attacks, forces rebuilt, guarantees, deals that lapse, a guarantor.
pub(crate) fn lasting(seed: u64) -> Sheet {
    let mut sheet = sketch(seed);
    let mut owned = Random::new(seed + 8_000_000);
    let random = &mut owned;
    let mut between = |low: f64, high: f64| (random.between(low, high) * 1e4).round() / 1e4;
    for (key, low, high) in [
        ("background", 0.002, 0.02),
        ("guarantee", -2.0, -0.2),
        ("verification", -0.8, 0.0),
        ("separation", -0.8, 0.0),
        ("imposed", 0.2, 1.0),
        ("mediated", 0.1, 0.5),
        ("fades", 24.0, 60.0),
        ("sample_mean/guarantee", 0.0, 0.4),
        ("sample_mean/verification", 0.0, 0.4),
        ("sample_mean/separation", 0.0, 0.4),
        ("rebuild/A", 6.0, 60.0),
        ("rebuild/B", 6.0, 60.0),
        ("force/A", 0.7, 1.5),
        ("force/B", 0.7, 1.5),
    ] {
        sheet.number(format!("durability/{key}"), between(low, high));
    }
    sheet.number("behaviour/noise", between(0.5, 2.0));
    for issue in sheet.under("issue") {
        for option in sheet.under(&format!("issue/{issue}/option")) {
            let path = format!("issue/{issue}/option/{option}");
            for (feature, often, low, high) in [
                ("guarantee", 0.4, 0.2, 0.9),
                ("verification", 0.3, 0.1, 0.9),
                ("separation", 0.3, 0.1, 0.9),
                ("lasts", 0.1, 2.0, 40.0),
            ] {
                if between(0.0, 1.0) < often {
                    sheet.number(format!("{path}/{feature}"), between(low, high));
                }
            }
        }
    }
    for party in sheet.under("party") {
        sheet.number(format!("party/{party}/renege_cost"), between(0.0, 10.0));
    }
    if sheet.get("contest/edge").is_some() {
        let path = "lever/l5";
        for (key, said) in [("by", "p1"), ("kind", "assurance"), ("trigger", "accept")] {
            sheet.text(format!("{path}/{key}"), said);
        }
        for (key, low, high) in [
            ("delay", 0.0, 3.0),
            ("cost", 0.0, 6.0),
            ("audience_cost", 0.0, 6.0),
            ("escalation", 0.0, 0.5),
            ("sets/contest.edge", -0.6, 0.6),
        ] {
            sheet.number(format!("{path}/{key}"), between(low, high));
        }
    }
    sheet
}

/// The same case in whole steps, so that packages tie: all weights the same, values in halves, and points in tens. The first
/// two options of an issue are the worst and the best to every other party, the best and the worst to the rest.
pub(crate) fn whole_steps(sheet: &Sheet) -> Sheet {
    let mut sheet = sheet.clone();
    for line in &mut sheet.lines {
        let Value::Number(x) = &mut line.value else {
            continue;
        };
        let keys: Vec<&str> = line.path.split('/').collect();
        *x = match keys[..] {
            ["party", "p0" | "p2", .., "value", "o0"] => 0.0,
            ["party", "p0" | "p2", .., "value", "o1"] | ["party", .., "value", "o0"] => 1.0,
            ["party", .., "value", "o1"] => 0.0,
            ["party", .., "value", _] => (*x * 2.0).round() / 2.0,
            ["party", .., "weight"] => 10.0,
            [
                "party",
                ..,
                "worth" | "reservation" | "aspiration" | "penalty" | "fighting_cost",
            ] => (*x / 10.0).round() * 10.0,
            _ => *x,
        };
    }
    sheet
}
