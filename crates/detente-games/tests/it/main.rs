//! Tests of the crate from outside, one binary.

mod basics;
mod certificate;
mod known;
mod logit;
mod oracles;
