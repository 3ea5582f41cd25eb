//! Reading and writing game files: `cargo bench -p detente-games --bench files`.

use detente_diag::{Diagnostics, FileId};
use detente_games::{efg, families};
use divan::Bencher;

fn main() {
    divan::main();
}

/// The crisis family with as many types a side as threats: 337 to 164,865 nodes.
const SIZES: [usize; 4] = [4, 8, 16, 32];

#[divan::bench(args = SIZES)]
fn read(bencher: Bencher<'_, '_>, size: usize) {
    let text = efg::write(&families::crisis(size, size));
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| {
            efg::read(
                divan::black_box(&text),
                FileId(0),
                &mut Diagnostics::default(),
            )
            .expect("no errors")
        });
}

#[divan::bench(args = SIZES)]
fn write(bencher: Bencher<'_, '_>, size: usize) {
    let game = families::crisis(size, size);
    bencher.bench(|| efg::write(divan::black_box(&game)));
}
