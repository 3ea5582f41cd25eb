//! A module a command.

pub(crate) mod check;
pub(crate) mod draw;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod report;
