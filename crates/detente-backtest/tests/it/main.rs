//! Scores, folds, intervals and fits against closed forms and against slow independent ways; readers on small invented tables.

mod crises;
mod estimates;
mod fits;
mod published;
mod readers;
mod scores;
mod trials;
