//! Tests of the crate from outside, one binary.

mod backward;
mod basics;
mod certificate;
mod logit;
mod signalling;
