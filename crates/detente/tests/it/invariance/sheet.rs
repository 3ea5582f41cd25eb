//! A case as a list of keys with their values, so that rewriting it is rewriting lines.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::simulation::Random;

/// What stands under a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Switch(bool),
    Text(String),
    List(Vec<String>),
}

/// A key of the case, its parts joined by slashes, and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) value: Value,
}

impl Line {
    fn keys(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    fn negate(&mut self) {
        if let Value::Number(x) = &mut self.value {
            *x = -*x;
        }
    }
}

/// A case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
}

/// What must be turned round when the sides change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Sides,
    Positions,
    Start,
    Edge,
    BelievedEdge,
    Chance,
    BelievedChance,
    Endings,
    Fates,
    Capacities,
    Weapon,
    Nests,
    Levers,
    Forces,
}

impl Turn {
    pub(crate) const ALL: [Turn; 14] = [
        Turn::Sides,
        Turn::Positions,
        Turn::Start,
        Turn::Edge,
        Turn::BelievedEdge,
        Turn::Chance,
        Turn::BelievedChance,
        Turn::Endings,
        Turn::Fates,
        Turn::Capacities,
        Turn::Weapon,
        Turn::Nests,
        Turn::Levers,
        Turn::Forces,
    ];

    /// Which part of the case a line belongs to, if it is one that a side's place matters to.
    fn of(line: &Line) -> Option<Self> {
        Some(match line.keys()[..] {
            ["party", _, "side"] => Turn::Sides,
            ["issue", _, "option", _, "position"] => Turn::Positions,
            ["contest", "start"] => Turn::Start,
            ["contest", "edge"] => Turn::Edge,
            [.., "believes", "edge"] => Turn::BelievedEdge,
            ["lottery", "chance"] => Turn::Chance,
            [.., "believes", "chance"] => Turn::BelievedChance,
            ["contest", "ending", ..] | ["lottery", _, "choose", _] => Turn::Endings,
            [.., "leader", "if", _, _] => Turn::Fates,
            ["contest", "capacity", ..] => Turn::Capacities,
            ["contest", "weapon"] => Turn::Weapon,
            ["contest", "nest", _, "side"] => Turn::Nests,
            ["lever", _, "sets", _] | ["issue", _, "option", _, "sets", _] => Turn::Levers,
            ["durability", "rebuild" | "force", _] => Turn::Forces,
            _ => return None,
        })
    }
}

/// Exchanges two words wherever they stand.
pub(crate) fn exchange(text: &str, a: &str, b: &str) -> String {
    text.replace(a, "\0").replace(b, a).replace('\0', b)
}

/// The text with each of its words (letters, digits, `_` and `-`) replaced by what it is called in `names`.
pub(crate) fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let of_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !of_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        out.push_str(names.get(word).map_or(word, String::as_str));
        let next = tail.find(of_word).unwrap_or(tail.len());
        out.push_str(&tail[..next]);
        rest = &tail[next..];
    }
    out
}

impl Sheet {
    pub(crate) fn number(&mut self, path: impl Into<String>, value: f64) {
        self.put(path, Value::Number(value));
    }

    pub(crate) fn text(&mut self, path: impl Into<String>, value: impl Into<String>) {
        self.put(path, Value::Text(value.into()));
    }

    pub(crate) fn put(&mut self, path: impl Into<String>, value: Value) {
        let path = path.into();
        self.lines.push(Line { path, value });
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        let line = self.lines.iter().find(|line| line.path == path);
        line.map(|line| &line.value)
    }

    /// The different keys right under `path`, in the order of the text.
    pub(crate) fn under(&self, path: &str) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for line in &self.lines {
            let below = line
                .path
                .strip_prefix(path)
                .and_then(|p| p.strip_prefix('/'));
            let key = below.and_then(|p| p.split('/').next());
            if let Some(key) = key.filter(|key| !keys.iter().any(|k| k == key)) {
                keys.push(key.to_owned());
            }
        }
        keys
    }

    /// The option that a package takes on every issue.
    pub(crate) fn choice(&self, package: &str) -> BTreeMap<String, String> {
        let issues = self.under("issue").into_iter();
        let taken = issues.map(|issue| {
            let chosen = self.get(&format!("package/{package}/choose/{issue}"));
            let today = self.get(&format!("issue/{issue}/status_quo"));
            let Some(Value::Text(option)) = chosen.or(today) else {
                panic!("{issue} has no status quo");
            };
            (issue, option.clone())
        });
        taken.collect()
    }

    /// The case as TOML.
    pub(crate) fn toml(&self) -> String {
        let mut text = String::from("case.name = \"A sketch\"\ncase.as_of = 2024-06-01\n");
        for line in &self.lines {
            let keys = line.keys().into_iter().map(|key| {
                let plain = !key.contains('.');
                let quoted = || format!("\"{key}\"");
                if plain { key.to_owned() } else { quoted() }
            });
            let key = keys.collect::<Vec<_>>().join(".");
            match &line.value {
                Value::Number(x) => writeln!(text, "{key} = {x:?}"),
                Value::Switch(on) => writeln!(text, "{key} = {on}"),
                Value::Text(said) => writeln!(text, "{key} = {said:?}"),
                Value::List(list) => writeln!(text, "{key} = {list:?}"),
            }
            .expect("a string takes anything");
        }
        text
    }

    /// Everything in another order: parties, types, issues, options, rules, packages, levers, contributions, keys, lists.
    pub(crate) fn shuffled(&self, random: &mut Random) -> Self {
        let mut sheet = self.clone();
        shuffle(&mut sheet.lines, random);
        for line in &mut sheet.lines {
            if let Value::List(list) = &mut line.value {
                shuffle(list, random);
            }
        }
        sheet
    }

    /// Every holder's weights (a party's, or a type's own), times a number of its own, and its interactions, which are on
    /// the same scale, unless they are left out.
    pub(crate) fn scaled(&self, interactions: bool, random: &mut Random) -> Self {
        let mut factors: BTreeMap<String, f64> = BTreeMap::new();
        let mut sheet = self.clone();
        for line in &mut sheet.lines {
            let keys: Vec<&str> = line.path.split('/').collect();
            let [holder @ .., "issue" | "interaction", _, what] = &keys[..] else {
                continue;
            };
            if *what == "weight" || *what == "worth" && interactions {
                let factor = factors.entry(holder.join("/"));
                let factor = *factor.or_insert_with(|| random.log_between(0.02, 50.0));
                if let Value::Number(x) = &mut line.value {
                    *x *= factor;
                }
            }
        }
        sheet
    }

    /// Every holder's values of each issue squeezed into a part of the way from 0 to 1, and its weight, unless that is left
    /// out, raised by as much.
    pub(crate) fn squeezed(&self, weights: bool, random: &mut Random) -> Self {
        let mut parts: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        let mut sheet = self.clone();
        for line in &mut sheet.lines {
            let keys: Vec<&str> = line.path.split('/').collect();
            let (holder, value) = match &keys[..] {
                [holder @ .., "value", _] => (holder.join("/"), true),
                [holder @ .., "weight"] if holder[0] == "party" => (holder.join("/"), false),
                // What a lever makes an option worth is on the same scale.
                ["lever", _, "sets", target] if target.contains(".value.") => {
                    let (holder, _) = target.split_once(".value.").unwrap_or((target, ""));
                    (holder.replace('.', "/"), true)
                }
                _ => continue,
            };
            let part = parts.entry(holder).or_insert_with(|| {
                let width = random.between(0.2, 0.9);
                (random.between(0.0, 1.0 - width), width)
            });
            if let Value::Number(x) = &mut line.value {
                if value {
                    *x = part.0 + part.1 * *x;
                } else if weights {
                    *x /= part.1;
                }
            }
        }
        sheet
    }

    /// Side A and side B in each other's place, all but what is left out.
    pub(crate) fn mirrored(&self, left_out: Option<Turn>) -> Self {
        let mut sheet = self.clone();
        for line in &mut sheet.lines {
            let Some(turn) = Turn::of(line).filter(|turn| Some(*turn) != left_out) else {
                continue;
            };
            match turn {
                Turn::Positions
                | Turn::Start
                | Turn::Edge
                | Turn::BelievedEdge
                | Turn::BelievedChance => line.negate(),
                Turn::Chance => {
                    if let Value::Number(x) = &mut line.value {
                        *x = 1.0 - *x;
                    }
                }
                Turn::Endings | Turn::Fates => {
                    for kind in ["decisive", "wins"] {
                        let ends = [format!("a_{kind}"), format!("b_{kind}")];
                        line.path = exchange(&line.path, &ends[0], &ends[1]);
                    }
                }
                Turn::Levers => {
                    if line.path.ends_with("contest.edge") {
                        line.negate();
                    }
                    line.path = exchange(&line.path, "capacity.A", "capacity.B");
                }
                Turn::Forces => {
                    let side = line.path.split_off(line.path.len() - 1);
                    line.path += &exchange(&side, "A", "B");
                }
                Turn::Capacities => line.path = exchange(&line.path, "/A/", "/B/"),
                Turn::Sides | Turn::Weapon | Turn::Nests => {
                    if let Value::Text(side) = &mut line.value {
                        *side = exchange(side, "A", "B");
                    }
                }
            }
        }
        sheet
    }

    /// One option of an issue once more: worth the same to all, performed by the same, and under the same rules unless
    /// they are left out.
    pub(crate) fn with_copy(&self, issue: &str, option: &str, copy: &str, rules: bool) -> Self {
        let mut sheet = self.clone();
        for line in &self.lines {
            let mut keys = line.keys();
            let effect = format!("{issue}.{copy}");
            let worth = format!("issue.{issue}.value.{option}");
            let own_worth;
            match &mut keys[..] {
                ["lever", _, "sets", target] if target.ends_with(&worth) => {
                    own_worth = target.replace(&worth, &format!("issue.{issue}.value.{copy}"));
                    *target = &own_worth;
                }
                ["issue", i, "option", o, ..] | [.., "issue", i, "value", o]
                    if *i == issue && *o == option =>
                {
                    *o = copy;
                }
                [.., "effect", o] if **o == format!("{issue}.{option}") => *o = &effect,
                _ => continue,
            }
            sheet.put(keys.join("/"), line.value.clone());
        }
        for line in sheet.lines.iter_mut().filter(|_| rules) {
            let ruled = ["when", "forbid", "if", "then"].map(|rule| format!("/{rule}/{issue}"));
            let holds = ruled.iter().any(|end| line.path.ends_with(end));
            if let Value::List(list) = &mut line.value
                && holds
                && list.iter().any(|o| o == option)
            {
                list.push(copy.to_owned());
            }
        }
        sheet
    }

    /// The same case in which every party is of a type that is known: `pick` chooses one of so many.
    pub(crate) fn pinned(&self, mut pick: impl FnMut(usize) -> usize) -> Self {
        let mut sheet = self.clone();
        for party in self.under("party") {
            let types = self.under(&format!("party/{party}/type"));
            if types.is_empty() {
                continue;
            }
            let own = &types[pick(types.len())];
            for line in &mut sheet.lines {
                if let ["party", p, "type", t, "prior"] =
                    line.path.split('/').collect::<Vec<_>>()[..]
                    && p == party
                {
                    line.value = Value::Number(if t == own { 1.0 } else { 0.0 });
                }
            }
        }
        sheet
    }

    /// The same case with one combination of options forbidden, and without the named packages that take it.
    pub(crate) fn forbidding(&self, package: &BTreeMap<String, String>) -> Self {
        let mut sheet = self.clone();
        for named in self.under("package") {
            if self.choice(&named) == *package {
                let own = format!("package/{named}/");
                sheet.lines.retain(|line| !line.path.starts_with(&own));
                let of_it = |line: &Line| line.value != Value::Text(named.clone());
                sheet.lines.retain(of_it);
            }
        }
        for (issue, option) in package {
            let path = format!("constraint/forbidden/forbid/{issue}");
            sheet.put(path, Value::List(vec![option.clone()]));
        }
        sheet
    }

    /// The same case in which everybody sees the war as the analyst does.
    pub(crate) fn in_common(&self) -> Self {
        const KINDS: [&str; 4] = ["edge", "own_sd", "escalation", "chance"];
        let mut sheet = self.clone();
        sheet.lines.retain(|line| {
            let path: Vec<&str> = line.path.split('/').collect();
            !matches!(path[..], [.., "believes", kind] if KINDS.contains(&kind))
        });
        sheet
    }

    /// The same case without what stands under `path`.
    pub(crate) fn without(&self, path: &str) -> Self {
        let mut sheet = self.clone();
        let below = format!("{path}/");
        sheet.lines.retain(|line| !line.path.starts_with(&below));
        sheet
    }
}

/// Fisher and Yates.
fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for i in (1..list.len()).rev() {
        list.swap(i, random.below(i as u64 + 1));
    }
}
