//! Language, checker and engine for a language model that drafts a case, by the Model Context Protocol on standard input and output.
//!
//! The model drafts, the engine decides: no tool returns a share or a chance that was not computed here, and no number that a model drafts
//! enters a case as measured or quoted. Nothing but the protocol is on standard output; the end of standard input ends the server.

mod case;
mod draft;
mod tools;
mod work;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio;

use crate::failure::Failure;
use case::Root;
use tools::Server;

/// Serves until standard input ends.
pub(crate) fn serve(root: Option<&Path>) -> Result<(), Failure> {
    let root = root.map(Root::open).transpose()?;
    let ended = Arc::new(AtomicBool::new(false));
    let server = Server::new(root, ended.clone());
    let failed = |what: &dyn std::fmt::Display| Failure::Failed(format!("the server: {what}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let done = runtime.block_on(async {
        match server.serve(stdio()).await {
            Ok(running) => running
                .waiting()
                .await
                .map(|_| ())
                .map_err(|error| failed(&error)),
            // Who leaves before saying a word has asked for nothing.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    });
    // Nobody waits for what is still computed.
    ended.store(true, Ordering::SeqCst);
    runtime.shutdown_background();
    done
}
