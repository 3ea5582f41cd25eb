//! `detente live`: the workbench, a page on this machine alone.

mod disk;
mod guard;
mod page;
mod serve;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::args::Live;
use crate::case_file;
use crate::failure::Failure;
use crate::output;
use disk::Disk;
use guard::Guard;

pub(crate) fn run(args: &Live) -> Result<(), Failure> {
    // A case with faults is opened all the same: they are what its author wants to see. One that cannot be read is not.
    let files = case_file::read(&args.case)?;
    let disk = Disk::new(&args.case, files);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| Failure::Failed(format!("no server can be started: {error}")))?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.map_err(|error| {
            Failure::Failed(format!("{address} cannot be listened on: {error}"))
        })?;
        let bound = listener
            .local_addr()
            .map_err(|error| Failure::Failed(format!("the server has no address: {error}")))?;
        let guard = Guard::new(bound.port())?;
        let url = format!("http://127.0.0.1:{}/?token={}", bound.port(), guard.token());
        output::print(&format!("{url}\n"))?;
        output::note("the workbench is open to this machine alone, to whoever has the address; Ctrl-C ends it");
        if !args.no_open && let Err(error) = open::that_detached(&url) {
            output::note(&format!("no browser could be started ({error}): open the address yourself"));
        }
        serve::serve(listener, Arc::new(serve::Shared::new(guard, disk))).await
    })
}
