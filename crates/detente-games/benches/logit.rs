//! The limit of quantal response, its certificate, and what a shipped game costs whole. Aims, one thread: crisis(4,4) in 50 ms, (8,8) in 2 s.

use detente_diag::{Diagnostics, FileId};
use detente_games::solve::{Options, solve};
use detente_games::{Certifier, Tolerance, Tree, efg, families, logit};
use divan::Bencher;

fn main() {
    divan::main();
}

/// Types a side, and threats.
#[divan::bench(args = [2, 3, 4, 6, 8], sample_count = 10)]
fn crisis_to_its_limit(bencher: Bencher, size: usize) {
    let tree = Tree::new(&families::crisis(size, size)).expect("perfect recall");
    bencher.bench_local(|| logit::limit(&tree, &logit::Options::default(), &mut |_| true));
}

#[divan::bench(args = [2, 4, 8], sample_count = 20)]
fn crisis_certificate(bencher: Bencher, size: usize) {
    let tree = Tree::new(&families::crisis(size, size)).expect("perfect recall");
    let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
    let mut certifier = Certifier::new(&tree);
    let tolerance = Tolerance::default();
    bencher.bench_local(|| certifier.certify(&tree, &trace.branches[0].answer, &tolerance));
}

/// Read, solved by every method that fits, certified, tried in exact fractions.
#[divan::bench(args = [
    ("chain-store", include_str!("../games/chain-store.efg")),
    ("crisis-signalling", include_str!("../games/crisis-signalling.efg")),
    ("crisis-3-3", include_str!("../games/crisis-3-3.efg")),
    ("jury-unanimity", include_str!("../games/jury-unanimity.efg")),
    ("schooling", include_str!("../games/schooling.efg")),
    ("sunk-costs", include_str!("../games/sunk-costs.efg")),
    ("ultimatum", include_str!("../games/ultimatum.efg")),
].iter().map(|(name, text)| Shipped(name, text)), sample_count = 10)]
fn shipped_game(bencher: Bencher, game: &Shipped) {
    bencher.bench_local(|| {
        let mut diagnostics = Diagnostics::default();
        let game = efg::read(game.1, FileId(0), &mut diagnostics).expect("no errors");
        let tree = Tree::new(&game).expect("perfect recall");
        solve(&game, &tree, &Options::default(), &mut |_| true)
    });
}

/// Name and text of a game.
struct Shipped(&'static str, &'static str);

impl std::fmt::Display for Shipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
