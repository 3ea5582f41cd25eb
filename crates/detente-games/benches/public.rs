//! Regret minimisation in vector form. Aims, one thread: 1,000 iterations of Leduc poker in 50 ms; an iteration of a crisis game with
//! 1,310,720 actions in 25 ms.

use detente_games::public::{
    Dcfr, Evaluator, Finish, PublicTree, TreeDcfr, VectorProfile, expand, find, finish, finish_tree,
};
use detente_games::{Tree, families};
use divan::Bencher;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn leduc_thousand_iterations(bencher: Bencher) {
    let tree = PublicTree::new(&families::leduc());
    bencher.bench_local(|| {
        let mut dcfr = Dcfr::new(&tree);
        dcfr.iterate(1000);
        dcfr
    });
}

#[divan::bench(sample_count = 20)]
fn leduc_hundred_iterations_on_the_tree(bencher: Bencher) {
    let game = expand(&families::leduc()).game;
    let tree = Tree::new(&game).expect("perfect recall");
    bencher.bench_local(|| {
        let mut dcfr = TreeDcfr::new(&tree).expect("two players");
        dcfr.iterate(100);
        dcfr
    });
}

/// Types and threats; 5 actions for each pair of them.
#[divan::bench(args = [8, 64, 512], sample_count = 20)]
fn crisis_iteration(bencher: Bencher, size: usize) {
    let tree = PublicTree::new(&families::public_crisis(size, size));
    let mut dcfr = Dcfr::new(&tree);
    dcfr.iterate(3);
    bencher.bench_local(|| dcfr.iterate(1));
}

#[divan::bench(args = [8, 64, 512], sample_count = 10)]
fn crisis_evaluation(bencher: Bencher, size: usize) {
    let tree = PublicTree::new(&families::public_crisis(size, size));
    let profile = VectorProfile::uniform(&tree);
    let mut evaluator = Evaluator::new(&tree);
    bencher.bench_local(|| evaluator.values(&profile));
}

#[divan::bench(args = [4, 8, 16, 32], sample_count = 5)]
fn crisis_to_conditional_regret_nil(bencher: Bencher, size: usize) {
    let tree = PublicTree::new(&families::public_crisis(size, size));
    bencher.bench_local(|| finish(&tree, &Finish::default(), &mut || true));
}

/// Finding the public tree of a game that was read.
#[divan::bench(args = [8, 16, 32], sample_count = 5)]
fn crisis_found(bencher: Bencher, size: usize) {
    let game = families::crisis(size, size);
    bencher.bench_local(|| find(&game).expect("a public tree"));
}

/// The same game solved by its tree, beside `crisis_to_conditional_regret_nil`.
#[divan::bench(args = [8, 16], sample_count = 3)]
fn crisis_to_conditional_regret_nil_on_the_tree(bencher: Bencher, size: usize) {
    let tree = Tree::new(&families::crisis(size, size)).expect("perfect recall");
    bencher.bench_local(|| finish_tree(&tree, &Finish::default(), &mut || true));
}
