//! Tests of the crate from outside, one binary.

mod basics;
mod certificate;
mod logit;
mod oracles;
