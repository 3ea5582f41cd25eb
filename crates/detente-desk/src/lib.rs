//! What the command line and Python share of the machine that they run on: the files of cases and games, faults as they are drawn, how a
//! report is run and by which command it is made again, what memory there is, and solved games as JSON.
//!
//! Nothing here prints, parses arguments or ends a process; what is wrong is handed back.

pub mod case_files;
pub mod drawn;
pub mod game_files;
pub mod memory;
pub mod report;
pub mod solved;
