//! Public trees with type vectors.

mod expansion;
mod finding;
mod finish;
mod games;
mod regret;
mod statement;
