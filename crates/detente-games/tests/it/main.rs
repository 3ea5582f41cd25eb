//! Tests of the crate from outside, one binary.

mod backward;
mod basics;
mod certificate;
mod files;
mod formats;
mod known;
mod logit;
mod meaning;
mod oracles;
mod public;
mod resolve;
mod signalling;
mod solve;
mod stakes;
