//! From a table and formulas to numbers.

use detente_diag::{Code, nearest};

use super::formula::{Factor, Formula, Made, Term};
use super::model::Model;
use super::{Named, Request};
use crate::table::{Fault, Row as Line, Table};

/// Words that a column of `factor(…)` may have.
const WORDS: usize = 50;
/// Ways in which a cell says that nothing is known.
const UNKNOWN: [&str; 3] = ["", "NA", "NaN"];

/// A utility, and which weights are its.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The utility.
    pub name: String,
    /// What it is held at besides.
    pub fixed: f64,
    /// Its first weight.
    pub from: usize,
    /// Its terms, a weight each.
    pub terms: Vec<String>,
}

/// What was seen of one game.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The line of the table.
    pub line: usize,
    /// How often each outcome came.
    pub counts: Vec<f64>,
    /// What each weight is multiplied by.
    pub x: Vec<f64>,
    /// The cluster, by its place.
    pub cluster: usize,
    /// What somebody else says beforehand: how likely B resists, and A stands firm.
    pub first: Option<[f64; 2]>,
}

/// Everything that a fit looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What can come.
    pub outcomes: Vec<String>,
    /// The utilities, in the model's order.
    pub blocks: Vec<Block>,
    /// What was seen.
    pub rows: Vec<Seen>,
    /// Names of the clusters.
    pub clusters: Vec<String>,
    /// Rows left out since something that a formula needs is not known.
    pub left_out: usize,
}

impl Design {
    /// How many weights are estimated.
    pub fn weights(&self) -> usize {
        self.blocks.iter().map(|block| block.terms.len()).sum()
    }

    /// Each weight's name: utility and term.
    pub fn names(&self) -> Vec<String> {
        let of = |block: &Block| {
            let name = block.name.clone();
            let terms = block.terms.clone().into_iter();
            terms.map(move |term| format!("{name}: {term}"))
        };
        self.blocks.iter().flat_map(of).collect()
    }

    /// What each utility amounts to in a game.
    pub fn utilities(&self, row: &Seen, weights: &[f64], into: &mut [f64]) {
        for (block, utility) in self.blocks.iter().zip(into) {
            let own = block.from..block.from + block.terms.len();
            let each = row.x[own.clone()].iter().zip(&weights[own]);
            *utility = block.fixed + each.map(|(x, w)| x * w).sum::<f64>();
        }
    }

    /// The usual size of what a weight is multiplied by: the root of its mean square.
    pub fn size(&self, place: usize) -> f64 {
        let squares = self.rows.iter().map(|row| row.x[place] * row.x[place]);
        (squares.sum::<f64>() / self.rows.len() as f64).sqrt()
    }

    /// All that was seen, all rows together.
    pub fn observations(&self) -> f64 {
        self.rows.iter().flat_map(|row| &row.counts).sum()
    }

    /// Reads a table for a request.
    pub(super) fn read(text: &str, request: &Request) -> Result<Self, Vec<Named>> {
        let mut faults = Vec::new();
        let formulas = formulas(request, &mut faults);
        let mut needed: Vec<&str> = request.outcomes.iter().map(String::as_str).collect();
        needed.extend(formulas.iter().flatten().flat_map(Formula::columns));
        needed.extend(request.cluster.as_deref());
        needed.extend(request.first.iter().flatten().map(String::as_str));
        let mut once: Vec<&str> = Vec::new();
        for name in needed {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        let mut plain = Vec::new();
        let table = Table::read(text, &once, &mut plain);
        faults.extend(plain.drain(..).map(|fault| {
            let of_head = fault.line == 1 && !fault.column.is_empty();
            let code = if of_head {
                Code::NO_COLUMN
            } else {
                Code::BAD_CELL
            };
            Named::of(code, &fault)
        }));
        let Some(table) = table else {
            return Err(faults);
        };
        let lines: Vec<Line<'_>> = table.rows().collect();
        let known: Vec<&Line<'_>> = lines
            .iter()
            .filter(|line| once.iter().all(|name| !UNKNOWN.contains(&line.text(name))))
            .collect();
        let names = request.model.utilities(&request.outcomes);
        let columns = columns(names, &formulas, &known, &mut plain);
        let mut rows = Vec::new();
        let mut clusters: Vec<String> = Vec::new();
        let mut empty = 0;
        for line in &known {
            let before = plain.len();
            let counts = request.outcomes.iter().map(|name| {
                let count = line.whole(name, u32::MAX, &mut plain);
                f64::from(count.unwrap_or(0))
            });
            let counts: Vec<f64> = counts.collect();
            let mut x = Vec::new();
            for column in columns.iter().flat_map(|(_, columns)| columns) {
                x.push(column.at(line, &mut plain));
            }
            let first = request.first.as_ref().map(|names| {
                [0, 1].map(|which| {
                    let name = &names[which];
                    let chance = line.number(name, &mut plain).unwrap_or(0.5);
                    if !(0.0..=1.0).contains(&chance) {
                        let said = format!("“{chance}” is not a chance from 0 to 1");
                        plain.push(Fault::new(line.line, name, said));
                    }
                    chance
                })
            });
            if plain.len() > before {
                // A cell that two formulas use is told once.
                let mut told: Vec<Fault> = Vec::new();
                for fault in plain.drain(before..) {
                    if !told.contains(&fault) {
                        told.push(fault);
                    }
                }
                plain.extend(told);
            } else if counts.iter().sum::<f64>() > 0.0 {
                let name = match &request.cluster {
                    Some(name) => line.text(name).to_owned(),
                    None => line.line.to_string(),
                };
                clusters.push(name.clone());
                rows.push((line.line, counts, x, first, name));
            } else {
                empty += 1;
            }
        }
        faults.extend(plain.iter().map(|fault| Named::of(Code::BAD_CELL, fault)));
        if faults.is_empty() && rows.is_empty() {
            let said = "no row is left: in each something is not known, or nothing came";
            faults.push(Named::new(Code::BAD_CELL, "the table", said));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        clusters.sort_unstable();
        clusters.dedup();
        let place = |name: &String| clusters.binary_search(name).expect("listed");
        let rows = rows.into_iter().map(|(line, counts, x, first, name)| Seen {
            line,
            counts,
            x,
            cluster: place(&name),
            first,
        });
        let rows: Vec<Seen> = rows.collect();
        let mut from = 0;
        let blocks = columns.iter().map(|((name, fixed), columns)| {
            let block = Block {
                name: name.clone(),
                fixed: *fixed,
                from,
                terms: columns.iter().map(|column| column.label.clone()).collect(),
            };
            from += columns.len();
            block
        });
        Ok(Self {
            outcomes: request.outcomes.clone(),
            blocks: blocks.collect(),
            left_out: lines.len() - known.len() + empty,
            rows,
            clusters,
        })
    }
}

/// The formula of each utility, in the model's order; one that is not given is 0.
fn formulas(request: &Request, faults: &mut Vec<Named>) -> Vec<Option<Formula>> {
    let names = request.model.utilities(&request.outcomes);
    let mut found: Vec<Option<Formula>> = vec![None; names.len()];
    for text in &request.utilities {
        let place = format!("--utility “{text}”");
        match Formula::read(text) {
            Err(misread) => {
                let place = format!("{place}, character {}", misread.at);
                faults.push(Named::new(Code::BAD_FORMULA, place, misread.said));
            }
            Ok(formula) => match names.iter().position(|name| *name == formula.name) {
                Some(which) if found[which].is_none() => found[which] = Some(formula),
                Some(_) => {
                    let said = format!("“{}” has a formula already", formula.name);
                    faults.push(Named::new(Code::BAD_FORMULA, place, said));
                }
                None => {
                    let near = nearest(&formula.name, names.iter().map(String::as_str));
                    let said = match near {
                        Some(near) => format!(
                            "“{}” is no utility of this model; is “{near}” meant?",
                            formula.name
                        ),
                        None => format!(
                            "“{}” is no utility of this model, which has: {}",
                            formula.name,
                            names.join(", ")
                        ),
                    };
                    faults.push(Named::new(Code::BAD_FORMULA, place, said));
                }
            },
        }
    }
    let right = request.model.outcomes();
    if right.is_some_and(|count| count != request.outcomes.len()) || request.outcomes.len() < 2 {
        let wanted = match request.model {
            Model::CrisisSignalling => {
                "four columns, as sq,cd,sf,bd: the status quo, B concedes, A stands firm, A backs down"
            }
            Model::Crisis(_) => "three columns, as sq,capit,war: the status quo, B gives way, war",
            Model::Logit => "two columns at least, the first of which the others are held against",
        };
        let said = format!(
            "{} columns are given; expected {wanted}",
            request.outcomes.len()
        );
        faults.push(Named::new(Code::BAD_FORMULA, "--outcome", said));
    }
    if faults.is_empty() {
        if found
            .iter()
            .flatten()
            .all(|formula| formula.terms.is_empty())
        {
            let said = format!(
                "nothing is to be estimated; give formulas, as in --utility '{} ~ 1'",
                names[0]
            );
            faults.push(Named::new(Code::BAD_FORMULA, "--utility", said));
        }
        same_everywhere(request.model, &names, &found, faults);
    }
    found
}

/// A term in all utilities of a player moves all of them alike, which nobody sees (Lewis & Schultz 2003).
fn same_everywhere(
    model: Model,
    names: &[String],
    found: &[Option<Formula>],
    faults: &mut Vec<Named>,
) {
    for (player, own) in model.players() {
        let of = |which: &usize| found[*which].as_ref();
        let Some(first) = of(&own[0]) else { continue };
        for term in &first.terms {
            let has = |which: &usize| of(which).is_some_and(|formula| formula.terms.contains(term));
            if own.iter().all(has) {
                let all: Vec<&str> = own.iter().map(|which| names[*which].as_str()).collect();
                let said = format!(
                    "“{term}” stands in all of {player}'s utilities ({}), and only their differences count; leave it out of one",
                    all.join(", ")
                );
                faults.push(Named::new(Code::NOT_APART, "--utility", said));
            }
        }
    }
}

/// What a weight is multiplied by.
struct Column {
    label: String,
    parts: Vec<Part>,
}

/// A factor of it: made of a column, or a mark for a word.
#[derive(Clone)]
enum Part {
    Made(Factor),
    Mark(String, String),
}

impl Column {
    fn at(&self, line: &Line<'_>, faults: &mut Vec<Fault>) -> f64 {
        self.parts
            .iter()
            .map(|part| part.at(line, faults))
            .product()
    }
}

impl Part {
    fn at(&self, line: &Line<'_>, faults: &mut Vec<Fault>) -> f64 {
        let factor = match self {
            Part::Mark(column, word) => return f64::from(u8::from(line.text(column) == word)),
            Part::Made(factor) => factor,
        };
        let text = line.text(&factor.column);
        let Some(number) = text.parse::<f64>().ok().filter(|x| x.is_finite()) else {
            let said = format!(
                "“{text}” is not a number; if the column holds words, write factor({})",
                factor.column
            );
            faults.push(Fault::new(line.line, &factor.column, said));
            return 0.0;
        };
        let wrong = match factor.made {
            Made::Log if number <= 0.0 => Some("above 0"),
            Made::Root if number < 0.0 => Some("0 or above"),
            _ => None,
        };
        if let Some(expected) = wrong {
            let said = format!("“{text}” was expected to be {expected}, for {factor}");
            faults.push(Fault::new(line.line, &factor.column, said));
            return 0.0;
        }
        match factor.made {
            Made::Log => libm::log(number),
            Made::Root => number.sqrt(),
            Made::Power(power) => (0..power).map(|_| number).product(),
            Made::Number | Made::Words(_) => number,
        }
    }
}

/// The columns of each utility: a term of words has a column for each word but one.
fn columns(
    names: Vec<String>,
    formulas: &[Option<Formula>],
    lines: &[&Line<'_>],
    faults: &mut Vec<Fault>,
) -> Vec<((String, f64), Vec<Column>)> {
    let each = names.into_iter().zip(formulas).map(|(name, formula)| {
        let terms = formula.iter().flat_map(|formula| &formula.terms);
        let columns = terms.flat_map(|term| spread(term, lines, faults)).collect();
        let fixed = formula.as_ref().map_or(0.0, |formula| formula.fixed);
        ((name, fixed), columns)
    });
    each.collect()
}

fn spread(term: &Term, lines: &[&Line<'_>], faults: &mut Vec<Fault>) -> Vec<Column> {
    let mut found = vec![Column {
        label: if term.factors.is_empty() {
            Term::CONSTANT.to_owned()
        } else {
            String::new()
        },
        parts: Vec::new(),
    }];
    for factor in &term.factors {
        let ways: Vec<(String, Option<String>)> = match &factor.made {
            Made::Words(base) => {
                let words = words(&factor.column, base.as_deref(), lines, faults);
                let name = &factor.column;
                let each = words.into_iter();
                each.map(|word| (format!("{name}={word}"), Some(word)))
                    .collect()
            }
            _ => vec![(factor.to_string(), None)],
        };
        let mut next = Vec::new();
        for column in &found {
            for (label, word) in &ways {
                let part = match word {
                    Some(word) => Part::Mark(factor.column.clone(), word.clone()),
                    None => Part::Made(factor.clone()),
                };
                let joint = if column.label.is_empty() { "" } else { ":" };
                let mut parts = column.parts.clone();
                parts.push(part);
                next.push(Column {
                    label: format!("{}{joint}{label}", column.label),
                    parts,
                });
            }
        }
        found = next;
    }
    found
}

/// The words of a column but the one that the others are held against.
fn words(
    column: &str,
    base: Option<&str>,
    lines: &[&Line<'_>],
    faults: &mut Vec<Fault>,
) -> Vec<String> {
    let mut words: Vec<&str> = lines.iter().map(|line| line.text(column)).collect();
    words.sort_unstable();
    words.dedup();
    let fault = if words.len() > WORDS {
        Some(format!(
            "{} different words, where factor({column}) may have {WORDS}",
            words.len()
        ))
    } else {
        base.filter(|base| !words.contains(base))
            .map(|base| format!("“{base}” is none of its words: {}", words.join(", ")))
    };
    if let Some(said) = fault {
        let known = faults
            .iter()
            .any(|fault| fault.column == column && fault.said == said);
        if !known {
            faults.push(Fault::new(1, column, said));
        }
        return Vec::new();
    }
    let Some(first) = words.first().copied() else {
        return Vec::new();
    };
    let base = base.unwrap_or(first);
    let others = words.iter().filter(|word| **word != base);
    others.map(|word| (*word).to_owned()).collect()
}
