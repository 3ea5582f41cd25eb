//! The schema: every table of a shipped case is in it, and where the feature `validator` is on, it is put to a real validator.

use serde_json::Value;

use crate::{CASES, files};

fn as_json(text: &str) -> Value {
    /// TOML dates have no JSON counterpart; a schema sees them as text.
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Table(table) => table
                .into_iter()
                .map(|(key, value)| (key, convert(value)))
                .collect(),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Datetime(date) => Value::String(date.to_string()),
            toml::Value::String(text) => Value::String(text),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(on) => on.into(),
        }
    }
    convert(toml::from_str(text).unwrap())
}

/// Keys that the schema does not know, at their places: what a validator says first of a misspelt key, without one.
fn unknown(schema: &Value, case: &Value, at: &str, found: &mut Vec<String>) {
    let Some(table) = case.as_object() else {
        return;
    };
    let closed = schema["additionalProperties"] == Value::Bool(false);
    for (key, value) in table {
        let at = format!("{at}.{key}");
        if let Some(known) = schema["properties"].get(key) {
            unknown(known, value, &at, found);
        } else if closed {
            found.push(at);
        } else {
            unknown(&schema["additionalProperties"], value, &at, found);
        }
    }
}

#[test]
fn every_key_of_a_shipped_case_is_known() {
    if cfg!(not(feature = "validator")) {
        println!(
            "SKIPPED the validator, which takes a tenth of the build (cargo test -p detente --features validator)"
        );
    }
    let schema: Value = serde_json::from_str(&detente::schema()).unwrap();
    let of = |text: &str| {
        let mut found = Vec::new();
        unknown(&schema, &as_json(text), "", &mut found);
        found
    };
    for name in CASES {
        for (file, text) in files(name) {
            assert_eq!(of(text), Vec::<String>::new(), "{name}, {file}");
        }
    }
    let misspelt = crate::text("first-case").replacen("burden = ", "burdn = ", 1);
    let found = of(&misspelt);
    assert!(
        found.len() == 1 && found[0].rsplit('.').next() == Some("burdn"),
        "{found:?}"
    );
}

#[cfg(feature = "validator")]
mod validated {
    use serde_json::Value;

    use super::as_json;
    use crate::{CASES, text};

    fn validator() -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(&detente::schema()).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    }

    #[test]
    fn every_shipped_case_is_valid() {
        let validator = validator();
        for name in CASES {
            let faults: Vec<String> = validator
                .iter_errors(&as_json(text(name)))
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert_eq!(faults, Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn what_the_checker_refuses_by_shape_is_invalid() {
        let validator = validator();
        let whole = text("first-case");
        assert!(validator.is_valid(&as_json(whole)));
        for (from, to) in [
            ("burden = \"10 to 22\"", "burdn = \"10 to 22\""),
            ("side = \"A\"", "side = \"C\""),
            ("roles = [\"belligerent\"]", "roles = \"belligerent\""),
            ("as_of = 2024-06-01\n", ""),
            ("patience = \"0.975 to 0.992\"", "patience = 3"),
            ("position = 0\n", "position = { valu = 0 }\n"),
        ] {
            assert!(whole.contains(from), "{from}");
            assert!(
                !validator.is_valid(&as_json(&whole.replacen(from, to, 1))),
                "{to} should be invalid"
            );
        }
    }

    /// One file of a folder need not hold what another holds, nor does it make anything else valid.
    #[test]
    fn a_file_of_a_folder_need_not_hold_all() {
        let validator = validator();
        let part = "[case]\nname = \"A price\"\nas_of = 2024-06-01\n";
        assert!(validator.is_valid(&as_json(part)));
        assert!(validator.is_valid(&as_json("[source.paper]\ntitle = \"A paper\"\n")));
        assert!(!validator.is_valid(&as_json("[case]\nname = \"A price\"\n")));
        assert!(!validator.is_valid(&as_json("[sauce.paper]\ntitle = \"A paper\"\n")));
    }
}
