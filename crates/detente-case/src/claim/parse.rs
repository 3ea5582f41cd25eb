//! Reads a predicate: precedence climbing over a handful of operators, every fault with its place.

use std::collections::HashMap;
use std::ops::Range;

use detente_core::{Dimension, LensSpec, QuantitySpec, Setting};
use detente_diag::{Code, Diagnostic, Diagnostics, Span, nearest};

use super::tokens::Token;
use super::{Amount, Binary, Expr, Predicate, QuantityEntry, Unary};
use crate::{InputId, Tree};

/// What a predicate may speak of.
pub(crate) struct Scope<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) catalogue: &'a [&'static LensSpec],
    pub(crate) inputs: &'a HashMap<String, InputId>,
    /// Does the claim intervene, so that `base(…)` means something?
    pub(crate) intervenes: bool,
}

/// Greatest depth of brackets: deeper is no statement that anybody made.
const DEEPEST: usize = 40;
/// Words and signs of a statement at most. What joins many without brackets stands as deep as it is long, and whoever walks it needs as
/// much stack.
pub(super) const LONGEST: usize = 4000;
/// Numbers and names at most, once sets are written out.
const TERMS: usize = 20_000;

/// Reads a predicate; `None` if it is at fault, which has then been said.
pub(crate) fn parse(
    tree: &Tree,
    scope: &Scope,
    diagnostics: &mut Diagnostics,
) -> Option<Predicate> {
    let (text, root, terms) = whole(tree, scope, true, diagnostics)?;
    Some(Predicate { text, terms, root })
}

/// Reads a number that is worked out of a world, in the same way.
pub(crate) fn parse_amount(
    tree: &Tree,
    scope: &Scope,
    diagnostics: &mut Diagnostics,
) -> Option<Amount> {
    let (text, root, terms) = whole(tree, scope, false, diagnostics)?;
    Some(Amount { text, terms, root })
}

/// Reads a text to its end: a statement, or a number.
fn whole(
    tree: &Tree,
    scope: &Scope,
    wanted: bool,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Expr, usize)> {
    let text = tree.text()?;
    let mut parser = Parser::new(text, tree.span, scope, diagnostics)?;
    let (root, is_test, at) = parser.expression(0)?;
    if parser.place < parser.tokens.len() {
        let at = parser.here();
        return parser.fault("here the statement should end", at, EXAMPLE);
    }
    match (wanted, is_test) {
        (true, false) => parser.fault("this is a number, not a statement", at, EXAMPLE),
        (false, true) => parser.fault(
            "this is a statement, not a number",
            at,
            "write for instance \"settlement.agreed[PACKAGE]\"; the share of worlds in which a statement is true is that of a claim",
        ),
        _ => Some((text.to_owned(), root, parser.terms)),
    }
}

/// The entry of a quantity under `with`, such as `leverage.credibility[arms]`.
pub(crate) fn parse_entry(
    text: &str,
    at: Span,
    scope: &Scope,
    diagnostics: &mut Diagnostics,
) -> Option<(QuantityEntry, &'static QuantitySpec)> {
    let (name, entries) = match text.split_once('[') {
        Some((name, rest)) => (name, rest.strip_suffix(']')?),
        None => (text, ""),
    };
    let mut parser = Parser {
        text,
        whole: at,
        plain: true,
        scope,
        tokens: Vec::new(),
        place: 0,
        bound: Vec::new(),
        depth: 0,
        terms: 0,
        diagnostics,
    };
    let entry_at = name.len() + 1..name.len() + 1 + entries.len();
    let (spec, quantity, computed) = parser.find(name)?;
    let index = parser.index(spec, quantity, entries, 0..name.len(), entry_at)?;
    let entry = QuantityEntry {
        lens: spec.id,
        quantity: quantity.id,
        index,
        computed,
    };
    Some((entry, quantity))
}

pub(super) const EXAMPLE: &str =
    "write for instance \"settlement.agreed[PACKAGE] >= 0.5 and settlement.zone > 0.9\"";

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    /// The text with its quotes.
    whole: Span,
    /// Are places in the text places in the file?
    plain: bool,
    pub(super) scope: &'a Scope<'a>,
    pub(super) tokens: Vec<(Token, Range<usize>)>,
    pub(super) place: usize,
    /// What the variables of the quantifiers around stand for.
    pub(super) bound: Vec<(String, String)>,
    depth: usize,
    /// Numbers and names read, those of a set's body as often as the set has entries.
    terms: usize,
    diagnostics: &'a mut Diagnostics,
}

/// An expression, whether it is a truth, and where it stands.
pub(super) type Read = (Expr, bool, Range<usize>);

impl<'a> Parser<'a> {
    fn new(
        text: &'a str,
        whole: Span,
        scope: &'a Scope<'a>,
        diagnostics: &'a mut Diagnostics,
    ) -> Option<Self> {
        let mut parser = Self {
            text,
            whole,
            plain: whole.end - whole.start == text.len() + 2,
            scope,
            tokens: Vec::new(),
            place: 0,
            bound: Vec::new(),
            depth: 0,
            terms: 0,
            diagnostics,
        };
        parser.tokenise()?;
        Some(parser)
    }

    /// Binds more tightly the greater `least` is: or 1, and 2, not 3, comparisons 4, sums 5, products 6.
    pub(super) fn expression(&mut self, least: u8) -> Option<Read> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let at = self.here();
            return self.fault("the brackets go too deep", at, "write a simpler statement");
        }
        let mut left = self.operand()?;
        while let Some((Token::Operator(op), at)) = self.tokens.get(self.place).cloned() {
            let binding = match op {
                Binary::Or => 1,
                Binary::And => 2,
                op if op.compares() => 4,
                Binary::Plus | Binary::Minus => 5,
                _ => 6,
            };
            if binding < least {
                break;
            }
            self.place += 1;
            let right = self.expression(binding + 1)?;
            if op.compares() && left.1 {
                let place = left.2.start..right.2.end;
                return self.fault(
                    "comparisons cannot be chained",
                    place,
                    "write 0 < x and x < 1",
                );
            }
            if op == Binary::Over && right.0 == Expr::Number(0.0) {
                return self.fault("nothing can be divided by zero", right.2, EXAMPLE);
            }
            for (_, is_test, place) in [&left, &right] {
                if *is_test != op.joins() {
                    let (found, wanted) = if *is_test {
                        ("a statement", "a number")
                    } else {
                        ("a number", "a statement")
                    };
                    let sign = &self.text[at];
                    let message =
                        format!("`{sign}` takes {wanted} on each side, and this is {found}");
                    return self.fault(&message, place.clone(), EXAMPLE);
                }
            }
            let place = left.2.start..right.2.end;
            let joined = Expr::Binary(op, Box::new(left.0), Box::new(right.0));
            left = (joined, op.compares() || op.joins(), place);
        }
        self.depth -= 1;
        Some(left)
    }

    fn operand(&mut self) -> Option<Read> {
        let Some((token, at)) = self.tokens.get(self.place).cloned() else {
            let at = self.here();
            return self.fault("the statement breaks off", at, EXAMPLE);
        };
        self.place += 1;
        self.terms += 1;
        if self.terms > TERMS {
            let message = format!(
                "this statement has more than {TERMS} numbers and names once its sets are written out"
            );
            return self.fault(
                &message,
                at,
                "sets within sets multiply: go over fewer entries, or make several claims of it",
            );
        }
        match token {
            Token::Number(x) => Some((Expr::Number(x), false, at)),
            Token::Operator(Binary::Minus) => {
                let (inner, is_test, inside) = self.expression(6)?;
                if is_test {
                    return self.fault("a statement has no sign", inside, EXAMPLE);
                }
                Some((
                    Expr::Unary(Unary::Minus, Box::new(inner)),
                    false,
                    at.start..inside.end,
                ))
            }
            Token::Not => {
                let (inner, is_test, inside) = self.expression(3)?;
                if !is_test {
                    return self.fault("only a statement can be denied", inside, EXAMPLE);
                }
                Some((
                    Expr::Unary(Unary::Not, Box::new(inner)),
                    true,
                    at.start..inside.end,
                ))
            }
            Token::Open => {
                let (inner, is_test, _) = self.expression(0)?;
                let end = self.close()?;
                Some((inner, is_test, at.start..end))
            }
            Token::Name(name, None)
                if matches!(self.tokens.get(self.place), Some((Token::Open, _))) =>
            {
                self.call(&name, at)
            }
            Token::Name(name, entries) => self.named(&name, entries, at),
            Token::Operator(_) | Token::Close | Token::Comma | Token::Colon | Token::List(..) => {
                let message = format!(
                    "a name or a number should stand in the place of `{}`",
                    &self.text[at.clone()]
                );
                self.fault(&message, at, EXAMPLE)
            }
        }
    }

    pub(super) fn close(&mut self) -> Option<usize> {
        if let Some((Token::Close, at)) = self.tokens.get(self.place) {
            self.place += 1;
            return Some(at.end);
        }
        let at = self.here();
        self.fault("a bracket is not closed", at, "close it with )")
    }

    /// `min(a, b)`, `max(a, b)`, `abs(a)`, `base(a)`.
    fn call(&mut self, name: &str, at: Range<usize>) -> Option<Read> {
        if self.quantifies() {
            return self.quantified(name, at);
        }
        let known = ["min", "max", "abs", "base"];
        if !known.contains(&name) {
            let message = format!("there is no function `{name}`");
            let help = if name.contains('.') {
                "names of parties and packages stand in [square brackets]"
            } else {
                "the functions are: min, max, abs, base; and any, all, min, max, mean, count over a set: any(p in packages: …)"
            };
            return self.fault(&message, at, help);
        }
        self.place += 1;
        let mut arguments = vec![self.expression(0)?];
        while let Some((Token::Comma, _)) = self.tokens.get(self.place) {
            self.place += 1;
            arguments.push(self.expression(0)?);
        }
        let end = self.close()?;
        if let Some((_, _, place)) = arguments.iter().find(|(_, is_test, _)| *is_test) {
            let message = format!("`{name}` takes numbers, and this is a statement");
            return self.fault(&message, place.clone(), EXAMPLE);
        }
        let count = arguments.len();
        let mut numbers = arguments.into_iter().map(|(expr, ..)| expr);
        let whole = at.start..end;
        let first = numbers.next()?;
        let read = match (name, count) {
            ("abs", 1) => Expr::Unary(Unary::Abs, Box::new(first)),
            ("base", 1) if !self.scope.intervenes => {
                return self.fault("base(…) is what a number would be without what `with` sets, and there is no `with` here", whole, "add `with = { … }`, or leave base() out");
            }
            ("base", 1) if matches!(first, Expr::Base(_)) => {
                return self.fault(
                    "base(…) of base(…) is the same as one",
                    whole,
                    "leave one of them out",
                );
            }
            ("base", 1) => Expr::Base(Box::new(first)),
            ("min", 2..) => numbers.fold(first, |a, b| {
                Expr::Binary(Binary::Least, Box::new(a), Box::new(b))
            }),
            ("max", 2..) => numbers.fold(first, |a, b| {
                Expr::Binary(Binary::Greatest, Box::new(a), Box::new(b))
            }),
            _ => {
                return self.fault(
                    &format!("`{name}` takes another number of arguments than {count}"),
                    whole,
                    "abs(x) and base(x) take one; min(x, y, …) and max(x, y, …) two or more",
                );
            }
        };
        Some((read, false, whole))
    }

    /// An input by its path, or an entry of a quantity.
    fn named(
        &mut self,
        name: &str,
        entries: Option<(String, Range<usize>)>,
        at: Range<usize>,
    ) -> Option<Read> {
        let name = &self.own_or_partys(self.unbound(name), name);
        if let (Some(id), None) = (self.scope.inputs.get(name.as_str()), &entries) {
            return Some((Expr::Input(*id), false, at));
        }
        let name_at = at.start..at.end.min(at.start + name.len());
        let (spec, quantity, computed) = self.find_at(name, name_at.clone())?;
        let (entries, entries_at) = entries.unwrap_or((String::new(), name_at.clone()));
        let index = self.index(spec, quantity, &entries, name_at, entries_at)?;
        let entry = QuantityEntry {
            lens: spec.id,
            quantity: quantity.id,
            index,
            computed,
        };
        Some((Expr::Quantity(entry, quantity.range), false, at))
    }

    fn find(&mut self, name: &str) -> Option<(&'static LensSpec, &'static QuantitySpec, bool)> {
        self.find_at(name, 0..name.len())
    }

    fn find_at(
        &mut self,
        name: &str,
        at: Range<usize>,
    ) -> Option<(&'static LensSpec, &'static QuantitySpec, bool)> {
        let all = || {
            self.scope.catalogue.iter().flat_map(|spec| {
                let now = spec.quantities.iter().map(|q| (*spec, q, true));
                now.chain(spec.planned.iter().map(|q| (*spec, q, false)))
            })
        };
        let full = |(spec, q, _): &(&'static LensSpec, &'static QuantitySpec, bool)| {
            format!("{}.{}", spec.id, q.id)
        };
        let (lens, own) = name.split_once('.').unwrap_or((name, ""));
        if let Some(found) = all().find(|(spec, q, _)| spec.id == lens && q.id == own) {
            return Some(found);
        }
        let names: Vec<String> = all().map(|found| full(&found)).collect();
        let known = names
            .iter()
            .map(String::as_str)
            .chain(self.scope.inputs.keys().map(String::as_str));
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        let lens = self.scope.catalogue.iter().find(|spec| {
            name.strip_prefix(spec.id)
                .is_some_and(|rest| rest.starts_with('.'))
        });
        let help = match (nearest(name, known), lens) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(spec)) => {
                let ids = spec.quantities.iter().chain(spec.planned).map(|q| q.id);
                format!(
                    "{} reports: {}",
                    spec.id,
                    ids.collect::<Vec<_>>().join(", ")
                )
            }
            (None, None) if name.contains('-') => {
                "a minus has a space on each side, since names may hold hyphens".to_owned()
            }
            (None, None) => {
                "`detente list quantities` lists them; a number of the case is named by its path"
                    .to_owned()
            }
        };
        let at = self.span(at);
        self.diagnostics.push(
            Diagnostic::new(
                Code::UNKNOWN_QUANTITY,
                format!("there is no quantity or number `{name}`"),
            )
            .at(at, "not known")
            .help(help),
        );
        None
    }

    /// The index of an entry, one name a dimension.
    fn index(
        &mut self,
        spec: &LensSpec,
        quantity: &QuantitySpec,
        entries: &str,
        name_at: Range<usize>,
        at: Range<usize>,
    ) -> Option<Vec<usize>> {
        let typed: Vec<&str> = if entries.trim().is_empty() {
            Vec::new()
        } else {
            entries.split(',').collect()
        };
        let dimensions = quantity.dimensions;
        if typed.len() != dimensions.len() {
            let shape: Vec<String> = dimensions
                .iter()
                .map(|d| d.name().to_uppercase().replace(' ', "_"))
                .collect();
            let help = if shape.is_empty() {
                format!("write {}.{} without brackets", spec.id, quantity.id)
            } else {
                format!("write {}.{}[{}]", spec.id, quantity.id, shape.join(", "))
            };
            let count = match dimensions.len() {
                0 => "is one number and takes no names".to_owned(),
                1 => "takes one name in brackets".to_owned(),
                n => format!("takes {n} names in brackets"),
            };
            let at = self.span(name_at);
            self.diagnostics.push(
                Diagnostic::new(
                    Code::UNKNOWN_QUANTITY,
                    format!("`{}.{}` {count}", spec.id, quantity.id),
                )
                .at(at, "here")
                .help(help),
            );
            return None;
        }
        let mut index = Vec::new();
        let mut start = at.start;
        for (dimension, piece) in dimensions.iter().zip(typed) {
            let lead = piece.len() - piece.trim_start().len();
            let typed = piece.trim();
            let place = start + lead..start + lead + typed.len();
            let bound = self.bound.iter().rev().find(|(v, _)| v == typed);
            let name = &bound.map_or_else(|| typed.to_owned(), |(_, entry)| entry.clone());
            start += piece.len() + 1;
            index.push(self.entry(*dimension, name, place));
        }
        index.into_iter().collect()
    }

    pub(super) fn entry(
        &mut self,
        dimension: Dimension,
        name: &str,
        at: Range<usize>,
    ) -> Option<usize> {
        let setting = self.scope.setting;
        let known: Vec<String> = (0..dimension.size(setting))
            .map(|i| dimension.entry(setting, i))
            .collect();
        // A set of parties is one whatever the order in which they are named.
        let parties = |entry: &str| {
            let mut all: Vec<String> = entry.split('+').map(|p| p.trim().to_owned()).collect();
            all.sort_unstable();
            all
        };
        let found = known.iter().position(|entry| match dimension {
            Dimension::Needed => parties(entry) == parties(name),
            _ => entry == name,
        });
        if found.is_none() {
            let message = match dimension {
                Dimension::Milestone => format!("month `{name}` is none of those that are told"),
                _ => format!("there is no {} `{name}`", dimension.name()),
            };
            let fault = Diagnostic::new(Code::UNKNOWN_NAME, message);
            let at = self.span(at);
            let fault = fault.at(at, "not defined");
            self.diagnostics.push(match dimension {
                Dimension::Month => fault.help(format!(
                    "months run from 0 to {}",
                    known.len().saturating_sub(1)
                )),
                _ if known.is_empty() => {
                    fault.help(format!("the case has no {}", dimension.name()))
                }
                _ => fault.suggest(name, known.iter().map(String::as_str)),
            });
        }
        found
    }

    /// The place of the next token, or of the end.
    pub(super) fn here(&self) -> Range<usize> {
        match self.tokens.get(self.place) {
            Some((_, at)) => at.clone(),
            None => self.text.len().saturating_sub(1)..self.text.len(),
        }
    }

    pub(super) fn span(&self, at: Range<usize>) -> Span {
        if self.plain && !at.is_empty() && self.text.get(at.clone()).is_some() {
            self.whole.part(at.start + 1..at.end + 1)
        } else {
            self.whole
        }
    }

    pub(super) fn fault<T>(&mut self, message: &str, at: Range<usize>, help: &str) -> Option<T> {
        let at = self.span(at);
        self.diagnostics.push(
            Diagnostic::new(Code::BAD_STATEMENT, message)
                .at(at, "here")
                .help(help),
        );
        None
    }
}
