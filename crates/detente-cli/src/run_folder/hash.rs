//! Hashes that other programs can check.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::output;

/// The text of JSON that is hashed: no blanks, keys in the order of their bytes.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields = fields.iter().map(|(name, value)| {
                format!("{}:{}", Value::from(name.as_str()), canonical(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

/// SHA-256 of a text, in hexadecimal.
pub(crate) fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn of_file(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| output::failed(path, "read", &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut digest = Hashing(Sha256::new());
    std::io::copy(&mut file, &mut digest).map_err(unreadable)?;
    Ok(digest.finish())
}

/// Hashes what is written to it.
pub(crate) struct Hashing(Sha256);

impl Hashing {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{canonical, of_text};

    #[test]
    fn canonical_text_has_sorted_keys_and_no_blanks() {
        let value = json!({ "b": [1, { "z": null, "a": "ü\n" }], "a": true });
        assert_eq!(
            canonical(&value),
            r#"{"a":true,"b":[1,{"a":"ü\n","z":null}]}"#
        );
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-4, one block.
        assert_eq!(
            of_text("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
