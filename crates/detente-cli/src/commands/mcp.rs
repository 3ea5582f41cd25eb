//! `detente mcp`

use crate::args::Mcp;
use crate::failure::Failure;

#[cfg(feature = "mcp")]
pub(crate) fn run(args: &Mcp) -> Result<(), Failure> {
    crate::mcp::serve(args.root.as_deref())
}

/// Without the feature the command is there, so that whoever asks for it learns how to get it.
#[cfg(not(feature = "mcp"))]
pub(crate) fn run(_: &Mcp) -> Result<(), Failure> {
    Err(Failure::BadInput(
        "this build of detente has no MCP server: build one with `cargo build --release --features detente-cli/mcp`"
            .to_owned(),
    ))
}
