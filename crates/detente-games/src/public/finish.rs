//! TODO
pub struct Finish;
pub struct Finished;
pub fn finish() {}
pub fn finish_tree() {}
