//! Statements and numbers over a set: `any(p in packages: settlement.agreed[p] > 0.5)`, `mean(t in north: alternative.value[t])`.

use std::ops::Range;

use detente_core::Dimension;

use super::parse::{Parser, Read};
use super::tokens::Token;
use super::{Binary, Expr};

/// Quantifiers, and whether they take statements.
const QUANTIFIERS: [(&str, bool); 6] = [
    ("any", true),
    ("all", true),
    ("count", true),
    ("min", false),
    ("max", false),
    ("mean", false),
];

/// Entries of a set at most, so that no statement grows without end.
const MOST: usize = 64;

/// Sets that go by a word of their own.
const SETS: [(&str, Dimension); 4] = [
    ("packages", Dimension::Package),
    ("types", Dimension::Type),
    ("parties", Dimension::Party),
    ("levers", Dimension::Lever),
];

impl Parser<'_> {
    /// Does `(NAME in` come next?
    pub(super) fn quantifies(&self) -> bool {
        let next = |k: usize| self.tokens.get(self.place + k).map(|(token, _)| token);
        matches!(next(0), Some(Token::Open))
            && matches!(next(1), Some(Token::Name(_, None)))
            && matches!(next(2), Some(Token::Name(word, _)) if word == "in")
    }

    /// `any(x in SET: …)` and its kin, the place being at the bracket.
    pub(super) fn quantified(&mut self, name: &str, at: Range<usize>) -> Option<Read> {
        let Some((_, of_tests)) = QUANTIFIERS.iter().find(|(known, _)| *known == name) else {
            let message = format!("`{name}` does not go over a set");
            let help = "those that do are: any, all, count, min, max, mean";
            return self.fault(&message, at, help);
        };
        let Some((Token::Name(variable, None), _)) = self.tokens.get(self.place + 1).cloned()
        else {
            return None;
        };
        self.place += 3;
        let (entries, types, set_at) = self.set()?;
        if !matches!(self.tokens.get(self.place), Some((Token::Colon, _))) {
            let at = self.here();
            return self.fault(
                "a colon should stand behind the set",
                at,
                "write any(p in packages: settlement.agreed[p] > 0.5)",
            );
        }
        self.place += 1;
        if entries.is_empty() || entries.len() > MOST {
            let message = format!("this set has {} entries", entries.len());
            return self.fault(&message, set_at, "a set has 1 to 64 entries");
        }
        let start = self.place;
        let mut bodies = Vec::new();
        for entry in &entries {
            self.place = start;
            self.bound.push((variable.clone(), entry.clone()));
            let body = self.expression(0);
            self.bound.pop();
            let (body, is_test, place) = body?;
            if is_test != *of_tests {
                let wanted = if *of_tests { "a statement" } else { "a number" };
                let message = format!("`{name}` takes {wanted} here");
                return self.fault(
                    &message,
                    place,
                    "any, all, count take statements; min, max, mean take numbers",
                );
            }
            bodies.push(body);
        }
        let end = self.close()?;
        let joined = match name {
            "any" => fold(bodies, Binary::Or),
            "all" => fold(bodies, Binary::And),
            "min" => fold(bodies, Binary::Least),
            "max" => fold(bodies, Binary::Greatest),
            "count" => fold(bodies, Binary::Plus),
            _ => self.mean(bodies, &entries, types),
        };
        let is_test = matches!(name, "any" | "all");
        Some((joined?, is_test, at.start..end))
    }

    /// The entries of a set, and whether they are types.
    fn set(&mut self) -> Option<(Vec<String>, bool, Range<usize>)> {
        let Some((token, at)) = self.tokens.get(self.place).cloned() else {
            let at = self.here();
            return self.fault("the statement breaks off", at, "name a set behind `in`");
        };
        // `in[a, b]`, without a space, reads as a name with its entries.
        if let Some((Token::Name(_, Some((inside, place))), _)) = self.tokens.get(self.place - 1) {
            return Some((split(inside), false, place.clone()));
        }
        self.place += 1;
        let setting = self.scope.setting;
        let entries_of = |dimension: Dimension, within: Range<usize>| -> Vec<String> {
            within.map(|i| dimension.entry(setting, i)).collect()
        };
        match token {
            Token::List(inside, _) => {
                let entries = split(&inside);
                let types = entries_of(Dimension::Type, 0..setting.types.len());
                let all_types = entries.iter().all(|entry| types.contains(entry));
                Some((entries, all_types, at))
            }
            Token::Name(word, None) => {
                if let Some((_, dimension)) = SETS.iter().find(|(set, _)| *set == word) {
                    let entries = entries_of(*dimension, 0..dimension.size(setting));
                    return Some((entries, *dimension == Dimension::Type, at));
                }
                let party = setting.parties.iter().find(|party| party.id == word);
                if let Some(party) = party {
                    return Some((entries_of(Dimension::Type, party.types.clone()), true, at));
                }
                let message = format!("there is no set `{word}`");
                self.fault(
                    &message,
                    at,
                    "a set is packages, types, parties, levers, a party (its types), or a list: [first, second]",
                )
            }
            _ => self.fault(
                "a set should stand here",
                at,
                "a set is packages, types, parties, levers, a party (its types), or a list: [first, second]",
            ),
        }
    }

    /// The mean: over types by their chances, over anything else plain.
    fn mean(&self, bodies: Vec<Expr>, entries: &[String], types: bool) -> Option<Expr> {
        let weight = |entry: &String| {
            let path = match entry.split_once('.') {
                Some((party, own)) => format!("party.{party}.type.{own}.prior"),
                None => format!("party.{entry}.prior"),
            };
            let prior = self.scope.inputs.get(&path).filter(|_| types);
            prior.map_or(Expr::Number(1.0), |id| Expr::Chance(*id))
        };
        let weights: Vec<Expr> = entries.iter().map(weight).collect();
        let weighted = weights.iter().zip(bodies).map(|(weight, body)| {
            Expr::Binary(Binary::Times, Box::new(weight.clone()), Box::new(body))
        });
        let sum = fold(weighted.collect(), Binary::Plus)?;
        let all = fold(weights, Binary::Plus)?;
        Some(Expr::Binary(Binary::Over, Box::new(sum), Box::new(all)))
    }

    /// A path with the variables of the quantifiers around replaced, where they stand between dots.
    pub(super) fn unbound(&self, name: &str) -> String {
        if self.bound.is_empty() {
            return name.to_owned();
        }
        let segments = name.split('.').map(|segment| {
            let bound = self.bound.iter().rev().find(|(v, _)| v == segment);
            // Of a type its own name: the path has said whose it is.
            bound.map_or(segment, |(_, entry)| {
                entry.rsplit('.').next().unwrap_or(entry)
            })
        });
        segments.collect::<Vec<_>>().join(".")
    }

    /// The path that a quantifier made of `typed`: the party's number where a type states none of its own.
    pub(super) fn own_or_partys(&self, path: String, typed: &str) -> String {
        if path == typed || self.scope.inputs.contains_key(&path) {
            return path;
        }
        let segments: Vec<&str> = path.split('.').collect();
        let ["party", party, "type", _, rest @ ..] = &segments[..] else {
            return path;
        };
        let partys = format!("party.{party}.{}", rest.join("."));
        if self.scope.inputs.contains_key(&partys) {
            partys
        } else {
            path
        }
    }
}

fn split(list: &str) -> Vec<String> {
    let names = list.split(',').map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Joins parts by halves, so that what is joined is as shallow as can be.
fn fold(mut parts: Vec<Expr>, by: Binary) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let second = parts.split_off(parts.len() / 2);
    let (first, second) = (fold(parts, by)?, fold(second, by)?);
    Some(Expr::Binary(by, Box::new(first), Box::new(second)))
}
