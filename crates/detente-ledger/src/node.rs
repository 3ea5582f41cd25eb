//! An entry as plain data: how it is written, and the text of it that is hashed.

use std::fmt::Write as _;

use detente_case::{Tree, TreeKind};
use sha2::{Digest as _, Sha256};

/// What stands at the top of a new ledger.
pub const HEAD: &str = "\
# A ledger of signed forecasts, written by `detente ledger`: entries are added below, none is ever changed. Each holds the hash of the one
# before, so that `detente ledger verify` names what was put in, taken out or changed by hand.
format = 1
";

/// What stands before the text of an entry when it is hashed, so that no hash of anything else can pass for one.
const DOMAIN: &str = "detente ledger entry, format 1\n";

/// What the first entry has in the place of the hash of the one before.
pub const GENESIS: &str = "the beginning";

/// A value of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Number(f64),
    Switch(bool),
    List(Vec<Node>),
    Table(Vec<(&'static str, Node)>),
}

impl Node {
    pub(crate) fn texts(list: impl IntoIterator<Item = String>) -> Self {
        Node::List(list.into_iter().map(Node::Text).collect())
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Node::Text(text.to_owned())
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Self {
        Node::Number(number)
    }
}

impl From<usize> for Node {
    fn from(number: usize) -> Self {
        Node::Number(number as f64)
    }
}

/// The text of an entry that is hashed: JSON without blanks, keys in the order of their bytes, its own hash left out. Every leaf is a text:
/// `t:` and a text or a date as written, `n:` and the sixteen hexadecimal digits of a number's 64 bits, `s:true` or `s:false`. It depends on
/// neither the order of keys nor blanks, comments, quotes and ways to write a number.
pub fn canonical(entry: &Tree) -> String {
    let mut out = String::new();
    put(entry, &mut Vec::new(), &mut out);
    out
}

fn put<'t>(tree: &'t Tree, path: &mut Vec<&'t str>, out: &mut String) {
    match &tree.kind {
        TreeKind::Table(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.text.as_bytes());
            out.push('{');
            let mut first = true;
            for (key, value) in entries {
                if path[..] == ["chain"] && key.text == "hash" {
                    continue;
                }
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                quote(&key.text, out);
                out.push(':');
                path.push(&key.text);
                put(value, path, out);
                path.pop();
            }
            out.push('}');
        }
        TreeKind::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                // What stands in a list is never the chain of the entry.
                path.push("");
                put(item, path, out);
                path.pop();
            }
            out.push(']');
        }
        TreeKind::Text(text) | TreeKind::Date(text) => quote(&format!("t:{text}"), out),
        TreeKind::Number(number) => quote(&format!("n:{:016x}", number.to_bits()), out),
        TreeKind::Switch(on) => quote(&format!("s:{on}"), out),
    }
}

/// A text as JSON writes it (RFC 8259), with the short escapes where there are any.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// SHA-256 of an entry, in hexadecimal.
pub(crate) fn hash(entry: &Tree) -> String {
    let mut digest = Sha256::new();
    digest.update(DOMAIN.as_bytes());
    digest.update(canonical(entry).as_bytes());
    let bytes = digest.finalize();
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// An entry as TOML: its own keys, then its tables.
pub(crate) fn written(entry: &[(&'static str, Node)]) -> String {
    let mut out = String::from("\n[[entry]]\n");
    let plain = |node: &Node| !matches!(node, Node::Table(_));
    for (key, node) in entry.iter().filter(|(_, node)| plain(node)) {
        line(key, node, &mut out);
    }
    for (key, node) in entry {
        if let Node::Table(fields) = node {
            let _ = writeln!(out, "[entry.{key}]");
            for (key, node) in fields {
                line(key, node, &mut out);
            }
        }
    }
    out
}

fn line(key: &str, node: &Node, out: &mut String) {
    let _ = write!(out, "{key} = ");
    value(node, out);
    out.push('\n');
}

fn value(node: &Node, out: &mut String) {
    match node {
        Node::Text(text) => basic(text, out),
        // Whole numbers stay so, others in the shortest form that reads back to the same bits.
        Node::Number(x) if x.fract() == 0.0 && x.abs() < 9e15 => {
            let _ = write!(out, "{x:.0}");
        }
        Node::Number(x) => {
            let _ = write!(out, "{x:?}");
        }
        Node::Switch(on) => {
            let _ = write!(out, "{on}");
        }
        Node::List(items) if items.len() > 1 => {
            out.push_str("[\n");
            for item in items {
                out.push_str("  ");
                value(item, out);
                out.push_str(",\n");
            }
            out.push(']');
        }
        Node::List(items) => {
            out.push('[');
            for item in items {
                value(item, out);
            }
            out.push(']');
        }
        Node::Table(_) => unreachable!("tables of an entry hold no tables"),
    }
}

/// A basic string of TOML: what moves the cursor or cannot be seen is escaped.
fn basic(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
