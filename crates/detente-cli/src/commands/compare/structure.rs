//! What differs between two cases besides numbers: what only one of them has, and what both have but otherwise.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};

use detente::Case;
use serde_json::{Value, json};

/// Something that two cases do not have alike.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// What it is, such as "package", and its identifier.
    what: &'static str,
    id: String,
    how: How,
}

#[derive(Debug, PartialEq, Eq)]
enum How {
    FirstOnly,
    SecondOnly,
    /// What of it, in the first and in the second.
    Otherwise(String, String, String),
}

/// A part of a case, and what is said of it in words.
struct Part {
    what: &'static str,
    id: String,
    /// What it is a part of: where only one case has that, this is not worth saying too.
    of: Option<(&'static str, String)>,
    /// What of it, and how it is.
    is: Vec<(String, String)>,
}

/// What differs, in the order of the first case, then what the second alone has. Numbers have paths and are compared elsewhere.
pub(super) fn structure(first: &Case, second: &Case) -> Vec<Change> {
    let (parts, others) = (parts(first, second), parts(second, first));
    let places = |parts: &[Part]| -> BTreeMap<(&'static str, String), usize> {
        let keys = parts.iter().map(|part| (part.what, part.id.clone()));
        keys.zip(0..).collect()
    };
    let (known, other_known) = (places(&parts), places(&others));
    let mut changes = Vec::new();
    let change = |part: &Part, how| Change {
        what: part.what,
        id: part.id.clone(),
        how,
    };
    for part in &parts {
        match other_known.get(&(part.what, part.id.clone())) {
            Some(place) => {
                let differing = differing(&part.is, &others[*place].is);
                changes.extend(differing.map(|how| change(part, how)));
            }
            None if part
                .of
                .as_ref()
                .is_none_or(|of| other_known.contains_key(of)) =>
            {
                changes.push(change(part, How::FirstOnly));
            }
            None => {}
        }
    }
    for part in &others {
        let new = !known.contains_key(&(part.what, part.id.clone()));
        if new && part.of.as_ref().is_none_or(|of| known.contains_key(of)) {
            changes.push(change(part, How::SecondOnly));
        }
    }
    changes
}

fn differing<'a>(
    first: &'a [(String, String)],
    second: &'a [(String, String)],
) -> impl Iterator<Item = How> + 'a {
    let find = |list: &[(String, String)], name: &str| {
        let found = list.iter().find(|(other, _)| other == name);
        found.map_or_else(|| "none".to_owned(), |(_, is)| is.clone())
    };
    let added = second
        .iter()
        .filter(|(name, _)| !first.iter().any(|(other, _)| other == name));
    first.iter().chain(added).filter_map(move |(name, _)| {
        let (a, b) = (find(first, name), find(second, name));
        (a != b).then(|| How::Otherwise(name.clone(), a, b))
    })
}

/// The parts of a case; of what is chosen, only on issues that the other case has too.
fn parts(case: &Case, other: &Case) -> Vec<Part> {
    let has = |id: &str| other.setting.issues.iter().any(|issue| issue.id == id);
    let issues = case.setting.issues.iter().enumerate();
    let mut parts = Parts {
        case,
        shared: issues
            .filter(|(_, issue)| has(&issue.id))
            .map(|(i, _)| i)
            .collect(),
        all: Vec::new(),
    };
    parts.parties();
    parts.issues();
    parts.rules();
    parts.packages();
    parts.no_deal();
    parts.levers();
    parts.readings();
    parts.together();
    parts.all
}

/// The parts of a case as they are gathered.
struct Parts<'a> {
    case: &'a Case,
    /// Issues that the other case has too.
    shared: Vec<usize>,
    all: Vec<Part>,
}

/// What of a part, and how it is.
type Said<'a> = (&'a str, String);

impl<'a> Parts<'a> {
    fn add(
        &mut self,
        what: &'static str,
        id: String,
        of: Option<(&'static str, &str)>,
        is: &[Said],
    ) {
        self.all.push(Part {
            what,
            id,
            of: of.map(|(what, id)| (what, id.to_owned())),
            is: is
                .iter()
                .map(|(of, is)| ((*of).to_owned(), is.clone()))
                .collect(),
        });
    }

    fn parties(&mut self) {
        let setting = &self.case.setting;
        for party in &setting.parties {
            let opening = party.opening.map(|p| setting.packages[p].id.clone());
            let is = [
                ("side", some(party.side.map(|side| format!("{side:?}")))),
                ("roles", listed(party.roles.iter().map(word))),
                ("opening", some(opening)),
            ];
            self.add("party", party.id.clone(), None, &is);
            let types = setting.types[party.types.clone()].iter();
            // A party without named types has one of its own name.
            for kind in types.filter(|kind| kind.id != party.id) {
                let id = format!("{}.{}", party.id, kind.id);
                self.add("type", id, Some(("party", &party.id)), &[]);
            }
        }
    }

    fn issues(&mut self) {
        for issue in &self.case.setting.issues {
            let status_quo = &issue.options[usize::from(issue.status_quo)].id;
            let is = [("status quo", status_quo.clone())];
            self.add("issue", issue.id.clone(), None, &is);
            for option in &issue.options {
                let is = [
                    ("performers", self.named(option.performers.iter())),
                    ("imposed", yes(option.imposed)),
                ];
                let id = format!("{}.{}", issue.id, option.id);
                self.add("option", id, Some(("issue", &issue.id)), &is);
            }
        }
    }

    /// What packages must obey, and whom they must suit.
    fn rules(&mut self) {
        let setting = &self.case.setting;
        for rule in &setting.constraints {
            let then = rule.then.as_ref().map(|then| self.pattern(&then.terms));
            let is = [
                ("where", self.pattern(&rule.when.terms)),
                ("then", then.unwrap_or_else(|| "forbidden".to_owned())),
            ];
            self.add("constraint", rule.id.clone(), None, &is);
        }
        let party = |p: usize| Some(("party", setting.parties[p].id.as_str()));
        for line in &setting.red_lines {
            let holders = line.types.iter().map(|t| setting.types[*t].id.clone());
            let is = [
                ("held by", listed(holders)),
                ("crossed by", self.pattern(&line.when.terms)),
                ("stiffness", word(&line.stiffness)),
            ];
            self.add("red line", line.id.clone(), party(line.party), &is);
        }
        for both in &setting.interactions {
            let is = [("options", self.pattern(&both.when.terms))];
            self.add("interaction", both.id.clone(), party(both.party), &is);
        }
        for gate in &setting.gates {
            self.add("gate", gate.id.clone(), party(gate.party), &[]);
        }
        let signatories = self.named(setting.signatories().iter());
        self.add(
            "signing",
            "by default".to_owned(),
            None,
            &[("parties", signatories)],
        );
    }

    fn packages(&mut self) {
        let setting = &self.case.setting;
        for package in &setting.packages {
            let mut is = self.choice(&package.choice, None);
            is.push((
                "by",
                some(package.by.map(|p| setting.parties[p].id.clone())),
            ));
            // Who performs an option is said of the option, who signs by default of the case.
            let performers = setting.performers(&package.choice);
            let signing = package.needed.without(performers);
            if signing != setting.signatories().without(performers) {
                is.push(("signatories besides performers", self.named(signing.iter())));
            }
            self.add("package", package.id.clone(), None, &is);
        }
    }

    fn no_deal(&mut self) {
        let setting = &self.case.setting;
        if setting.reservations {
            self.add("no deal as", "reservation values".to_owned(), None, &[]);
        }
        if let Some(lottery) = &setting.lottery {
            self.add("no deal as", "lottery".to_owned(), None, &[]);
            for (id, choice) in [("a_wins", &lottery.a_wins), ("b_wins", &lottery.b_wins)] {
                let is = self.choice(choice, None);
                let of = Some(("no deal as", "lottery"));
                self.add("outcome of the lottery", id.to_owned(), of, &is);
            }
        }
        if let Some(process) = &setting.process {
            let today = process.states.get(process.today);
            let today = some(today.map(|state| state.id.clone()));
            self.add(
                "no deal as",
                "process".to_owned(),
                None,
                &[("today", today)],
            );
            let of = Some(("no deal as", "process"));
            let places = process
                .states
                .iter()
                .map(|place| ("state of the process", place));
            let ends = process
                .ends
                .iter()
                .map(|place| ("end of the process", place));
            for (what, place) in places.chain(ends) {
                let is = match &place.like {
                    Some(package) => self.choice(package, None),
                    None => Vec::new(),
                };
                self.add(what, place.id.clone(), of, &is);
            }
            for own in &process.moves {
                let to = &process.at(own.to).id;
                let by = own.by.iter().map(|p| setting.parties[p].id.clone());
                let by = by.collect::<Vec<_>>().join(", ");
                let is = [
                    ("from", process.states[own.from].id.clone()),
                    ("by", by),
                    ("to", to.clone()),
                ];
                self.add("move of the process", own.id.clone(), of, &is);
            }
        }
        let Some(contest) = &setting.contest else {
            return;
        };
        let is = [
            ("line", setting.issues[contest.line_issue].id.clone()),
            ("unit", contest.unit.clone()),
            ("horizon", format!("{} months", contest.horizon)),
            (
                "weapon",
                some(contest.weapon.map(|side| format!("{side:?}"))),
            ),
        ];
        self.add("no deal as", "contest".to_owned(), None, &is);
        let of = Some(("no deal as", "contest"));
        let line = Some(contest.line_issue);
        for (id, choice, but) in [
            ("unsettled", &contest.unsettled, line),
            ("a_decisive", &contest.a_decisive, None),
            ("b_decisive", &contest.b_decisive, None),
            ("armistice", &contest.armistice, line),
        ] {
            let is = self.choice(choice, but);
            self.add("state of the contest", id.to_owned(), of, &is);
        }
        for nest in &contest.nests {
            let is = [("side", format!("{:?}", nest.side))];
            self.add("nest", nest.id.clone(), of, &is);
        }
        for supply in &contest.supplies {
            let is = [
                ("from", setting.parties[supply.from].id.clone()),
                ("nest", contest.nests[supply.nest].id.clone()),
            ];
            self.add("contribution", supply.id.clone(), of, &is);
        }
    }

    /// What a lever sets are numbers with paths of their own.
    fn levers(&mut self) {
        for lever in &self.case.setting.levers {
            let is = [
                ("by", self.case.setting.parties[lever.by].id.clone()),
                ("kind", word(&lever.kind)),
            ];
            self.add("lever", lever.id.clone(), None, &is);
        }
    }

    fn readings(&mut self) {
        for reading in &self.case.readings {
            let mut is = vec![("builds on", listed(reading.includes.iter().cloned()))];
            for replaced in &reading.set {
                let path = &self.case.inputs[replaced.input.0 as usize].path;
                is.push((path, replaced.text.clone()));
            }
            self.add("reading", reading.id.clone(), None, &is);
        }
    }

    fn together(&mut self) {
        for group in &self.case.together {
            let paths = group.inputs.iter();
            let paths = paths.map(|id| self.case.inputs[id.0 as usize].path.clone());
            // The first row says nothing: a number goes with itself.
            let strength = listed(group.factor.iter().skip(1).map(|x| format!("{x:.4}")));
            let is = [("how closely", strength)];
            self.add("numbers drawn together", listed(paths), None, &is);
        }
    }

    fn named(&self, parties: impl Iterator<Item = usize>) -> String {
        listed(parties.map(|p| self.case.setting.parties[p].id.clone()))
    }

    /// An option an issue, but for one issue and those that the other case has not.
    fn choice(&self, choice: &[u8], but: Option<usize>) -> Vec<Said<'a>> {
        let issues = self.shared.iter().filter(|i| Some(**i) != but);
        issues
            .map(|i| {
                let issue = &self.case.setting.issues[*i];
                let chosen = issue.options[usize::from(choice[*i])].id.clone();
                (issue.id.as_str(), chosen)
            })
            .collect()
    }

    /// Options of several issues.
    fn pattern(&self, terms: &[(usize, u64)]) -> String {
        let term = |(issue, mask): &(usize, u64)| {
            let issue = &self.case.setting.issues[*issue];
            let options = issue.options.iter().enumerate();
            let taken = options.filter(|(o, _)| mask >> o & 1 == 1);
            let taken: Vec<&str> = taken.map(|(_, option)| option.id.as_str()).collect();
            format!("{} = {}", issue.id, taken.join(" or "))
        };
        listed(terms.iter().map(term))
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    some(Some(items.collect::<Vec<_>>().join(", ")).filter(|list| !list.is_empty()))
}

fn some(name: Option<String>) -> String {
    name.unwrap_or_else(|| "none".to_owned())
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// A name without fields, as a word.
fn word(name: &impl Debug) -> String {
    format!("{name:?}").to_lowercase()
}

/// Changes, a line each; the first ones unless there is no limit.
pub(super) fn write(said: &mut String, changes: &[Change], most: usize) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(said, "Besides numbers, the cases differ in:");
    for Change { what, id, how } in changes.iter().take(most) {
        let _ = match how {
            How::FirstOnly => writeln!(said, "  {what} {id}: in the first only"),
            How::SecondOnly => writeln!(said, "  {what} {id}: in the second only"),
            How::Otherwise(of, a, b) => writeln!(said, "  {what} {id}, {of}: {a} → {b}"),
        };
    }
    if changes.len() > most {
        let more = changes.len() - most;
        let _ = writeln!(said, "  and {more} more; --all shows them");
    }
}

/// The same for programs.
pub(super) fn as_json(changes: &[Change]) -> Value {
    let change = |Change { what, id, how }: &Change| match how {
        How::FirstOnly => json!({ "what": what, "id": id, "in": "before" }),
        How::SecondOnly => json!({ "what": what, "id": id, "in": "after" }),
        How::Otherwise(of, a, b) => {
            json!({ "what": what, "id": id, "in": "both", "of": of, "before": a, "after": b })
        }
    };
    changes.iter().map(change).collect()
}
