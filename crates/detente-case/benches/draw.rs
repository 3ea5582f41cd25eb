//! How fast worlds are drawn, on one thread and into buffers that are re-used. Items are uncertain inputs: worlds × the
//! inputs of the case that are neither exact nor inherited.

use detente_case::{Case, Draw, Overrides, Plan, Uniforms, check};
use detente_math::{Distribution, Sampler, Stream};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const TWENTY: &str = include_str!("twenty.toml");
const FIRST: &str = include_str!("../../../cases/first-case/case.toml");
const UKRAINE: &str = include_str!("../../../cases/ukraine-2025/case.toml");

/// Worlds of one sample.
const WORLDS: usize = 1000;

const SAMPLERS: [Sampler; 2] = [Sampler::Pseudo, Sampler::Quasi];

fn main() {
    divan::main();
}

#[divan::bench(args = SAMPLERS)]
fn twenty(bencher: Bencher, sampler: Sampler) {
    let case = case(TWENTY);
    assert_eq!(uncertain(&case), 20);
    draw(bencher, &case, sampler, &Overrides::default());
}

/// The same with a range in the place of the PERT distribution, whose quantile has no closed form.
#[divan::bench(args = SAMPLERS)]
fn twenty_without_pert(bencher: Bencher, sampler: Sampler) {
    let case = case(&TWENTY.replace("pert(30, 40, 60)", "30 to 60"));
    assert_eq!(uncertain(&case), 20);
    draw(bencher, &case, sampler, &Overrides::default());
}

#[divan::bench(args = SAMPLERS)]
fn first_case(bencher: Bencher, sampler: Sampler) {
    draw(bencher, &case(FIRST), sampler, &Overrides::default());
}

#[divan::bench(args = SAMPLERS)]
fn ukraine(bencher: Bencher, sampler: Sampler) {
    draw(bencher, &case(UKRAINE), sampler, &Overrides::default());
}

/// Under all readings at once: what overrides cost.
#[divan::bench(args = SAMPLERS)]
fn ukraine_under_readings(bencher: Bencher, sampler: Sampler) {
    let case = case(UKRAINE);
    let set = case.readings.iter().flat_map(|reading| &reading.set);
    let overrides = Overrides {
        replaced: set.map(|r| (r.input, r.distribution.clone())).collect(),
        ..Overrides::default()
    };
    draw(bencher, &case, sampler, &overrides);
}

fn case(text: &str) -> Case {
    let checked = check(&[("bench", text)], &[]);
    checked
        .case
        .expect("the cases of the benches have no errors")
}

/// Inputs with a distribution of their own.
fn uncertain(case: &Case) -> usize {
    let own = |draw: &Draw| match draw {
        Draw::Own(distribution) => !matches!(distribution, Distribution::Exact(_)),
        Draw::Inherited(_) => false,
        Draw::Ranked { .. } => true,
    };
    case.inputs.iter().filter(|input| own(&input.draw)).count()
}

fn draw(bencher: Bencher, case: &Case, sampler: Sampler, overrides: &Overrides) {
    let plan = Plan::new(case);
    let stream = Stream { sampler, seed: 1 };
    let (mut uniforms, mut values) = (Uniforms::default(), Vec::new());
    let mut world = plan.world(&plan.medians(), overrides);
    bencher
        .counter(ItemsCount::new(WORLDS * uncertain(case)))
        .bench_local(|| {
            for index in 0..WORLDS as u64 {
                plan.draw_uniforms(black_box(stream), index, &mut uniforms);
                plan.apply(&uniforms, overrides, &[], &mut values, &mut world);
                black_box(&world);
            }
        });
}
