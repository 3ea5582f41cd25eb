//! The engine of the workbench behind three functions that a browser's script calls: it asks for room, writes a question there as UTF-8, has it
//! answered, and reads the answer where it is told to. Memory is only ever touched through the vectors that hold both; the script is given
//! their places, and a place is good until the next call.
#![allow(
    unsafe_code,
    reason = "`no_mangle` alone, which gives each function its name"
)]

use std::cell::RefCell;

thread_local! {
    /// The question and the answer; a worker has one thread.
    static ROOM: RefCell<(Vec<u8>, Vec<u8>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

/// Room for a question of so many bytes: where it begins.
#[unsafe(no_mangle)]
pub extern "C" fn question_room(length: usize) -> *mut u8 {
    ROOM.with_borrow_mut(|(question, _)| {
        question.clear();
        question.resize(length, 0);
        question.as_mut_ptr()
    })
}

/// Answers the question that stands in the room; how many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    let question = ROOM.with_borrow_mut(|(question, _)| std::mem::take(question));
    let told = detente_live::answer(&String::from_utf8_lossy(&question), &detente::Ignored);
    ROOM.with_borrow_mut(|(_, answer)| {
        *answer = told.into_bytes();
        answer.len()
    })
}

/// Where the answer begins.
#[unsafe(no_mangle)]
pub extern "C" fn answer_place() -> *const u8 {
    ROOM.with_borrow(|(_, answer)| answer.as_ptr())
}
