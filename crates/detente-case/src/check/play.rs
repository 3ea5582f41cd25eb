//! What parties can do and learn, and what may follow a deal or a refusal: from tables that have been read to settings and numbers.

use detente_core::{
    AttackTarget, BaseRate, BehaviourNumbers, DurabilityNumbers, Feature, FeatureKind,
    FeatureNumbers, Label, Messenger, MessengerNumbers, Observable, ObservableNumbers, Refusal,
    RefusalNumbers, Turnover, TurnoverNumbers,
};
use detente_diag::{Code, Diagnostic};
use detente_math::Distribution;

use super::builder::{Builder, plain};
use super::dates::months_between;
use super::parties::name_of;
use super::planned::entries;
use crate::grammar::numbers as n;
use crate::{Draw, Input, InputId, NumberField, Status, Tree};

/// Features of options that are shares, by their keys.
const FEATURES: [(&str, FeatureKind); 4] = [
    ("guarantee", FeatureKind::Guarantee),
    ("verification", FeatureKind::Verification),
    ("separation", FeatureKind::Separation),
    ("lasts", FeatureKind::Lasts),
];

impl Builder<'_> {
    /// Everything of this file; the tables have been read and the contest's numbers have their places.
    pub(super) fn build_play(&mut self) {
        self.build_behaviour();
        self.build_abouts();
        self.build_features();
        self.build_refusals();
        self.build_durability();
        self.build_turnovers();
    }

    /// The input at a path, or one of this value that nobody stated.
    fn at(&mut self, path: String, field: NumberField, unstated: f64) -> InputId {
        if let Some(id) = self.by_path.get(&path) {
            return *id;
        }
        let id = self.register(Input::unstated(path, field, None));
        self.inputs[id.0 as usize].draw = Draw::Own(Distribution::Exact(unstated));
        id
    }

    /// A number that names no source of its own has that of the table around it.
    pub(super) fn sourced_by(&mut self, number: InputId, table: &Tree) {
        let sources = self
            .sources
            .resolve_all(table.get("source"), self.diagnostics);
        let input = &mut self.inputs[number.0 as usize];
        if !sources.is_empty() && input.sources.is_empty() && input.status == Status::Placeholder {
            input.status = Status::Quoted;
            input.sources = sources;
        }
    }

    /// A number whose absence means something: not a number where it is not stated.
    pub(super) fn unless_stated(
        &mut self,
        path: &str,
        tree: &Tree,
        key: &str,
        field: NumberField,
    ) -> InputId {
        let id = self.number(path, Some(tree), key, field);
        let input = &mut self.inputs[id.0 as usize];
        if input.span.is_none() {
            input.draw = Draw::Own(Distribution::Exact(f64::NAN));
        }
        id
    }

    /// Which types of a lever's wielder announce it, and how likely.
    pub(super) fn announcements(
        &mut self,
        path: &str,
        tree: &Tree,
        by: Option<usize>,
    ) -> (Vec<usize>, Vec<InputId>) {
        let (mut types, mut chances) = (Vec::new(), Vec::new());
        for (kind, value) in entries(tree.get("announces")) {
            let path = format!("{path}.announces.{}", kind.text);
            let id = self.input(path, Some(value), n::ANNOUNCES, None);
            let Some(party) = by else { continue };
            if let Some(own) = self.types[party].resolve_key(kind, self.diagnostics)
                && let Some(party) = self.setting.parties.get(party)
            {
                types.push(party.types.start + own);
                chances.push(id);
            }
        }
        (types, chances)
    }

    fn build_behaviour(&mut self) {
        let noise = self.at("behaviour.noise".to_owned(), n::CHOICE_NOISE, 0.5);
        let precision = self.at("behaviour.precision".to_owned(), n::PRECISION, 2.0);
        self.shape
            .behaviour
            .push(BehaviourNumbers { noise, precision });
    }

    /// What every type believes of every other: what it says, or its party, or else the common prior.
    fn build_abouts(&mut self) {
        for t in 0..self.shape.types.len() {
            let kind = &self.setting.types[t];
            let party = &self.setting.parties[kind.party];
            let of_party = format!("party.{}.believes.about", party.id);
            let of_type = format!("party.{}.type.{}.believes.about", party.id, kind.id);
            let others = self.setting.types.iter().zip(&self.shape.types);
            let about = others.map(|(other, numbers)| {
                let whose = &self.setting.parties[other.party].id;
                let said = |whole: &str| {
                    let path = format!("{whole}.{whose}.{}", other.id);
                    self.by_path.get(&path).copied()
                };
                said(&of_type)
                    .or_else(|| said(&of_party))
                    .unwrap_or(numbers.prior)
            });
            self.shape.types[t].about = about.collect();
        }
    }

    fn build_features(&mut self) {
        let whole = self.tree;
        let mut option = 0;
        for (issue, table) in entries(whole.get("issue")) {
            for (id, tree) in entries(table.get("option")) {
                let path = format!("issue.{}.option.{}", issue.text, id.text);
                for (key, kind) in FEATURES {
                    if let Some(size) = self.by_path.get(&format!("{path}.{key}")).copied() {
                        self.feature(option, kind, size);
                    }
                }
                for (party, _) in entries(tree.get("crack")) {
                    let size = self.by_path.get(&format!("{path}.crack.{}", party.text));
                    let party = self.parties.find(&party.text);
                    if let (Some(size), Some(party)) = (size.copied(), party) {
                        self.feature(option, FeatureKind::Crack(party), size);
                    }
                }
                for (target, _) in entries(tree.get("sets")) {
                    let size = self.by_path.get(&format!("{path}.sets.{}", target.text));
                    if let Some(size) = size.copied() {
                        let mut targets = self.targets(&target.text);
                        targets.retain(|target| target.is_of_contest());
                        if targets.is_empty() {
                            let message = format!("an option cannot set `{}`", target.text);
                            let fault = Diagnostic::new(Code::UNKNOWN_PATH, message);
                            self.fault(fault.at(target.span, "not a number of the contest").help(
                                "it can set levels of contributions, numbers of the contest as a whole, capacities, burdens and scars",
                            ));
                        }
                        for target in targets {
                            self.feature(option, FeatureKind::Sets(target), size);
                        }
                    }
                }
                option += 1;
            }
        }
    }

    fn feature(&mut self, option: usize, kind: FeatureKind, size: InputId) {
        self.setting.features.push(Feature { option, kind });
        self.shape.features.push(FeatureNumbers { size });
    }

    fn build_refusals(&mut self) {
        let whole = self.tree;
        for (p, (party, tree)) in entries(whole.get("party")).iter().enumerate() {
            let Some(tree) = tree.get("refusal") else {
                continue;
            };
            let path = format!("party.{}.refusal", party.text);
            let line_loss = self.at(format!("{path}.line_loss"), n::LINE_LOSS, f64::NAN);
            let endures = self.at(format!("{path}.endures"), n::ENDURES, 36.0);
            let compelled_bar = self.at(format!("{path}.compelled_bar"), n::COMPELLED_BAR, 0.5);
            let (mut crack, mut sizes) = (Vec::new(), Vec::new());
            for (to, _) in entries(tree.get("crack")) {
                let size = self.by_path.get(&format!("{path}.crack.{}", to.text));
                if let (Some(size), Some(to)) = (size.copied(), self.parties.find(&to.text)) {
                    crack.push(to);
                    sizes.push(size);
                }
            }
            self.setting.refusals.push(Refusal {
                party: p,
                says: tree.get("says").and_then(plain).unwrap_or_default(),
                crack,
            });
            self.shape.refusals.push(RefusalNumbers {
                line_loss,
                endures,
                compelled_bar,
                crack: sizes,
            });
        }
    }

    fn build_durability(&mut self) {
        let Some(tree) = self.tree.get("durability") else {
            return;
        };
        let mut one = |key: &str, field: NumberField| {
            self.at(
                format!("durability.{key}"),
                field,
                field.default.map_or(0.0, |default| default.value),
            )
        };
        let numbers = DurabilityNumbers {
            background: one("background", n::BACKGROUND),
            guarantee: one("guarantee", n::LOWERS),
            verification: one("verification", n::LOWERS),
            separation: one("separation", n::LOWERS),
            imposed: one("imposed", n::RAISES),
            mediated: one("mediated", n::RAISES),
            fades: one("fades", n::FADES),
            kept_months: one("kept_months", n::KEPT_MONTHS),
            mean_guarantee: one("sample_mean.guarantee", n::SAMPLE_FEATURE),
            mean_verification: one("sample_mean.verification", n::SAMPLE_FEATURE),
            mean_separation: one("sample_mean.separation", n::SAMPLE_FEATURE),
            rebuild: ["A", "B"]
                .map(|s| one(&format!("rebuild.{s}"), n::REBUILD))
                .into(),
            force: ["A", "B"]
                .map(|s| one(&format!("force.{s}"), n::FORCE))
                .into(),
            failures: Vec::new(),
            base_shares: Vec::new(),
            base_years: Vec::new(),
            targets: Vec::new(),
        };
        self.shape.durability.push(numbers);
        let (mut failures, mut shares, mut years, mut worths) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (key, table) in entries(tree.get("failure")) {
            let path = format!("durability.failure.{}.rate", key.text);
            let rate = self.at(path, n::BACKGROUND, 0.0);
            self.sourced_by(rate, table);
            failures.push(rate);
            // A failure has no name: what it says defines it.
            let says = table.get("says").and_then(plain);
            self.setting.failures.push(Label {
                id: key.text.clone(),
                name: says.unwrap_or_else(|| name_of(table, &key.text)),
            });
        }
        for (key, table) in entries(tree.get("base_rate")) {
            let path = format!("durability.base_rate.{}", key.text);
            let share = self.at(format!("{path}.share"), n::BASE_SHARE, f64::NAN);
            self.sourced_by(share, table);
            shares.push(share);
            years.push(self.at(format!("{path}.years"), n::YEARS, f64::NAN));
            self.setting.base_rates.push(BaseRate {
                id: key.text.clone(),
                says: table.get("says").and_then(plain).unwrap_or_default(),
            });
        }
        for (key, table) in entries(tree.get("target")) {
            let path = format!("durability.target.{}.worth", key.text);
            worths.push(self.at(path, n::TARGET_WORTH, 0.0));
            let by = table.get("by").and_then(Tree::text);
            self.setting.targets.push(AttackTarget {
                id: key.text.clone(),
                name: name_of(table, &key.text),
                by: by.and_then(|by| self.parties.find(by)).unwrap_or(0),
            });
        }
        if let Some(numbers) = self.shape.durability.first_mut() {
            numbers.failures = failures;
            numbers.base_shares = shares;
            numbers.base_years = years;
            numbers.targets = worths;
        }
    }

    fn build_turnovers(&mut self) {
        let whole = self.tree;
        for (key, tree) in entries(whole.get("turnover")) {
            let party = tree.get("party").and_then(Tree::text);
            let Some(party) = party.and_then(|party| self.parties.find(party)) else {
                continue;
            };
            let path = format!("turnover.{}.prior", key.text);
            let kinds = self.types[party].list.clone();
            let prior = kinds
                .iter()
                .map(|kind| self.at(format!("{path}.{kind}"), n::PRIOR, 0.0));
            let prior = prior.collect();
            let on = tree.get("on").and_then(plain).unwrap_or_default();
            let month = months_between(&self.setting.as_of, &on);
            self.shape.turnovers.push(TurnoverNumbers { prior });
            self.setting.turnovers.push(Turnover {
                id: key.text.clone(),
                party,
                on,
                month: month.unwrap_or(0),
            });
        }
    }

    pub(super) fn build_observables(&mut self) {
        let whole = self.tree;
        for (key, tree) in entries(whole.get("observable")) {
            let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
            let noise = self.at(format!("observable.{}.noise", key.text), n::NOISE, 1.0);
            self.shape.observables.push(ObservableNumbers { noise });
            self.setting.observables.push(Observable {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                about: text("about"),
                places: Vec::new(),
                ends: [f64::NAN; 2],
                on: text("on"),
                settles: text("settles"),
            });
        }
        for (key, tree) in entries(whole.get("messenger")) {
            let path = format!("messenger.{}.distortion", key.text);
            let distortion = self.at(path, n::DISTORTION, 0.0);
            self.shape.messengers.push(MessengerNumbers { distortion });
            let text = |key: &str| tree.get(key).and_then(Tree::text);
            let [by, to] = ["by", "to"].map(|k| text(k).and_then(|p| self.parties.find(p)));
            let about = text("about").and_then(|o| self.observables.find(o));
            self.setting.messengers.push(Messenger {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                by: by.unwrap_or(0),
                to: to.unwrap_or(0),
                about: about.unwrap_or(0),
            });
        }
        // Where in a world the numbers stand that observables tell of.
        let mut visited = Vec::new();
        self.shape.map(&mut |id| visited.push(self.own(*id)));
        let mut observables = std::mem::take(&mut self.setting.observables);
        for observable in &mut observables {
            let Some(id) = self.by_path.get(&observable.about).map(|id| self.own(*id)) else {
                continue;
            };
            let places = visited.iter().enumerate();
            let places = places.filter(|(_, other)| **other == id);
            observable.places = places.map(|(place, _)| place).collect();
            if let Draw::Own(distribution) = &self.inputs[id.0 as usize].draw {
                observable.ends = [1.0 / 6.0, 5.0 / 6.0].map(|u| distribution.quantile(u));
            }
        }
        self.setting.observables = observables;
    }

    /// The input that a number is the same as.
    fn own(&self, id: InputId) -> InputId {
        match &self.inputs[id.0 as usize].draw {
            Draw::Inherited(same) => self.own(*same),
            Draw::Own(_) | Draw::Ranked { .. } => id,
        }
    }
}
