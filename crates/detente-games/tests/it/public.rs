//! Public trees.
use detente_games::public::{Dcfr, Evaluator, PublicTree, VectorProfile, Finish, finish};
use detente_games::families;

#[test]
fn poke() {
    for (name, game) in [("kuhn", families::kuhn()), ("leduc", families::leduc()), ("c22", families::public_crisis(2,2)), ("c33", families::public_crisis(3,3)), ("c24", families::public_crisis(2,4)), ("c44", families::public_crisis(4,4)), ("c66", families::public_crisis(6,6)),("c88", families::public_crisis(8,8)), ("c1616", families::public_crisis(16,16))] {
        let tree = PublicTree::new(&game);
        for floors in [vec![1e-2], vec![1e-2,1e-3], vec![1e-2,1e-3,1e-4]] {
        let t = std::time::Instant::now();
        let done = finish(&tree, &Finish{floors: floors.clone(), ..Finish::default()}, &mut || true);
        println!("{name} {floors:?} {:?} met {} rounds {} eq {} conv {:.3e} cond {:?} {:?} value {:?}", t.elapsed(), done.met, done.rounds, done.equations, done.values.nash_conv(), done.values.conditional, done.values.worst, done.values.value);
        }
    }
}
