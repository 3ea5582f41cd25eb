//! A module a command.

pub(crate) mod ask;
pub(crate) mod backtest;
pub(crate) mod bench;
pub(crate) mod brief;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod draw;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod export_live;
pub(crate) mod fit;
pub(crate) mod import;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod mcp;
pub(crate) mod merge;
pub(crate) mod new;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod solve;
pub(crate) mod why;
