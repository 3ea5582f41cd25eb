//! What a draw of sampled payoffs costs.

use detente_games::resolve::{Noise, Options, Resolver};
use detente_games::{Tree, families};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

/// Counts what is allocated.
#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

/// Standard deviation of payoffs, as a share of their range.
const SIGMA: f64 = 0.05;
/// Draws of one sample.
const DRAWS: u64 = 200;

/// Draws of crisis(k,k), as solved: library, then along the branch, then in full.
#[divan::bench(args = [2, 3, 4], sample_count = 10)]
fn draws(bencher: Bencher, types: usize) {
    solve(
        bencher,
        types,
        Options {
            audit_every: 0,
            ..Options::default()
        },
    );
}

/// Draws near the tree's own payoffs, nearly all of which a regime of the library fits: these allocate nothing.
#[divan::bench(args = [3, 4], sample_count = 10)]
fn draws_close_by(bencher: Bencher, types: usize) {
    let options = Options {
        audit_every: 0,
        ..Options::default()
    };
    solve_within(bencher, types, options, SIGMA / 50.0);
}

/// The same with one in a hundred traced in full beside.
#[divan::bench(args = [3], sample_count = 10)]
fn audited_draws(bencher: Bencher, types: usize) {
    solve(bencher, types, Options::default());
}

fn solve(bencher: Bencher, types: usize, options: Options) {
    solve_within(bencher, types, options, SIGMA);
}

fn solve_within(bencher: Bencher, types: usize, options: Options, sigma: f64) {
    let game = families::crisis(types, types);
    let tree = Tree::new(&game).expect("perfect recall");
    let noise = Noise::new(&game, &tree, 1, sigma);
    let mut first = |index: u64, payoff: &mut [f64]| noise.payoffs(index, payoff);
    let resolver = Resolver::new(&tree, &mut first, options);
    let mut scratch = resolver.scratch();
    let mut payoff = tree.payoff.clone();
    let mut index = 0;
    bencher.counter(ItemsCount::new(DRAWS)).bench_local(|| {
        for _ in 0..DRAWS {
            noise.payoffs(index, &mut payoff);
            black_box(resolver.draw(&mut scratch, index, black_box(&payoff)));
            index += 1;
        }
    });
}

/// Numbers of a draw alone.
#[divan::bench(args = [3])]
fn payoffs(bencher: Bencher, types: usize) {
    let game = families::crisis(types, types);
    let tree = Tree::new(&game).expect("perfect recall");
    let noise = Noise::new(&game, &tree, 1, SIGMA);
    let mut payoff = tree.payoff.clone();
    let mut index = 0;
    bencher.bench_local(|| {
        noise.payoffs(index, black_box(&mut payoff));
        index += 1;
    });
}
