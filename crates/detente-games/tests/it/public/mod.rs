//! Public trees with type vectors.

mod expansion;
mod finish;
mod games;
mod regret;
mod statement;
