//! Tests of deal values.
