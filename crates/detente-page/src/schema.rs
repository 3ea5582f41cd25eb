//! The JSON Schema of the case language, from the same option table that the checker walks.

use detente_case::{Domain, Field, Kind, LONG_NUMBER, NumberField, ROOT, TableSpec};
use serde_json::{Map, Value, json};

/// Dialect of the schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema as JSON text. Editors that know TOML use it to complete keys and underline faults while one types; names,
/// references and the text of numbers are left to `detente check`.
pub fn schema() -> String {
    let mut document = table(&ROOT);
    // The tables of a folder's files are put together, so that none of them need hold all.
    if let Value::Object(document) = &mut document {
        document.remove("required");
    }
    let head = json!({
        "$schema": DIALECT,
        "$defs": { "long": long() },
        "title": "A case of detente",
        "description": "Who negotiates over what, what each wants, and what happens without a deal.",
    });
    if let (Value::Object(document), Value::Object(head)) = (&mut document, head) {
        let rest = std::mem::take(document);
        document.extend(head);
        document.extend(rest);
    }
    format!("{document:#}\n")
}

fn table(spec: &TableSpec) -> Value {
    let properties: Map<String, Value> = spec
        .fields
        .iter()
        .map(|field| (field.key.to_owned(), property(field)))
        .collect();
    let required: Vec<&str> = spec
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.key)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn property(field: &Field) -> Value {
    let mut value = kind(&field.kind);
    if let Value::Object(value) = &mut value {
        let said = match value.get("description") {
            Some(Value::String(unit)) => format!("{}; {unit}", field.doc),
            _ => field.doc.to_owned(),
        };
        value.insert("description".to_owned(), Value::String(said));
    }
    value
}

fn kind(kind: &Kind) -> Value {
    let text = || json!({ "type": "string" });
    let map = |values: Value| json!({ "type": "object", "additionalProperties": values });
    match kind {
        Kind::Text | Kind::Name(_) | Kind::Path | Kind::Predicate | Kind::Amount => text(),
        Kind::Trigger => {
            json!({ "type": "string", "pattern": "^(now|accept|(refuse|violate)\\([a-z0-9_-]+\\))$" })
        }
        Kind::Strength => json!({ "anyOf": [
            { "type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1 },
            { "enum": ["weak", "fair", "strong", "opposite weak", "opposite fair", "opposite strong"] },
        ] }),
        Kind::Date => json!({ "type": ["string", "integer"] }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Words(words) => json!({ "type": "array", "items": { "enum": words } }),
        Kind::Names(_) | Kind::Texts | Kind::PathList => {
            json!({ "type": "array", "items": text() })
        }
        Kind::Number(field) => number(*field),
        Kind::Table(spec) => table(spec),
        Kind::Map(spec) => named(&table(spec)),
        Kind::NumberMap(field, _) => map(number(*field)),
        Kind::Choice => map(text()),
        Kind::Pattern => map(json!({ "type": "array", "items": text() })),
        Kind::Tables(spec) => json!({ "type": "array", "items": table(spec) }),
        Kind::Paths => {
            map(json!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, reference()] }))
        }
    }
}

fn named(values: &Value) -> Value {
    json!({ "type": "object", "propertyNames": { "pattern": "^[a-z0-9_-]+$" }, "additionalProperties": values })
}

fn number(field: NumberField) -> Value {
    let mut exact = json!({ "type": "number" });
    if let Value::Object(exact) = &mut exact {
        let mut bound = |key: &str, x: f64| exact.insert(key.to_owned(), json!(x));
        match field.domain {
            Domain::Share | Domain::Switch => {
                bound("minimum", 0.0);
                bound("maximum", 1.0);
            }
            Domain::Positive => {
                bound("exclusiveMinimum", 0.0);
            }
            Domain::NotNegative => {
                bound("minimum", 0.0);
            }
            Domain::Within(low, high) => {
                bound("minimum", low);
                bound("maximum", high);
            }
            Domain::Signed => {}
        }
    }
    let default = field.default.map_or(String::new(), |default| {
        format!(", {} if left out", default.text())
    });
    json!({ "description": format!("unit: {}{default}", field.unit), "anyOf": [exact, { "type": "string" }, reference()] })
}

/// Where the long form of a number is defined, once.
fn reference() -> Value {
    json!({ "$ref": "#/$defs/long" })
}

/// The long form of a number.
fn long() -> Value {
    let mut long = table(&LONG_NUMBER);
    long["oneOf"] = json!([{ "required": ["value"] }, { "required": ["experts"] }]);
    long["properties"]["value"] =
        json!({ "type": ["boolean", "number", "string"], "description": "the number" });
    let expert = &mut long["properties"]["experts"]["items"]["properties"];
    expert["value"] = json!({ "type": ["number", "string"], "description": "the number" });
    long
}
