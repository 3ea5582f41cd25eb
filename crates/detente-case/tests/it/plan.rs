//! A plan draws many numbers together; each must be what its own distribution and its own path say.

use detente_case::{Case, Draw, InputId, Overrides, Plan};
use detente_math::{Distribution, Sampler, Stream, path_key};

use crate::check;

const CASES: [&str; 3] = [
    include_str!("../../../../cases/first-case/case.toml"),
    include_str!("../../../../cases/ukraine-2025/case.toml"),
    include_str!("../../benches/twenty.toml"),
];

/// Every case with its plan, in some worlds of both samplers.
fn worlds(mut examine: impl FnMut(&Case, &Plan, Stream, u64)) {
    for text in CASES {
        let case = check("case.toml", text).case.unwrap();
        let plan = Plan::new(&case);
        for sampler in [Sampler::Pseudo, Sampler::Quasi] {
            for index in [0, 1, 2, 17, 4095] {
                examine(&case, &plan, Stream { sampler, seed: 3 }, index);
            }
        }
    }
}

#[test]
fn every_number_is_its_distributions_at_its_paths_uniform() {
    worlds(|case, plan, stream, index| {
        let values = plan.values(&plan.uniforms(stream, index), &Overrides::default());
        for (input, x) in case.inputs.iter().zip(&values) {
            let alone = match &input.draw {
                Draw::Own(own) => own.quantile(stream.uniform(path_key(&input.path), index)),
                Draw::Inherited(parent) => values[parent.0 as usize],
                // None of these cases ranks weights; `dependence` tests them.
                Draw::Ranked { .. } => *x,
            };
            assert_eq!(x.to_bits(), alone.to_bits(), "{}", input.path);
        }
    });
}

/// Exact and inherited inputs too, whose uniform numbers nobody needed before.
#[test]
fn an_override_meets_the_uniform_of_its_path_and_later_ones_win() {
    let (low, high) = (0.0, 1.0);
    worlds(|case, plan, stream, index| {
        let all = (0..case.inputs.len()).map(InputId::from_index);
        let first = all.clone().map(|id| (id, Distribution::Exact(7.0)));
        let then = all.map(|id| (id, Distribution::Uniform { low, high }));
        let replaced = first.chain(then).collect();
        let values = plan.values(
            &plan.uniforms(stream, index),
            &Overrides {
                replaced,
                ..Overrides::default()
            },
        );
        assert_eq!(values.len(), case.inputs.len());
        for (input, x) in case.inputs.iter().zip(values) {
            let u = stream.uniform(path_key(&input.path), index);
            assert_eq!(x.to_bits(), u.to_bits(), "{}", input.path);
        }
    });
}
