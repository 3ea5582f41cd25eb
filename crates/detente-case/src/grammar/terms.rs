//! Words of the case's own, a key a term of the core's table.

use detente_core::TERMS as WORDS;

use super::{Field, Kind, TableSpec, may};

const FIELDS: [Field; WORDS.len()] = {
    let mut fields = [const { may("", Kind::Text, "") }; WORDS.len()];
    let mut i = 0;
    while i < WORDS.len() {
        fields[i] = may(WORDS[i].key, Kind::Text, WORDS[i].doc);
        i += 1;
    }
    fields
};

pub(crate) static TERMS: TableSpec = TableSpec { fields: &FIELDS };
