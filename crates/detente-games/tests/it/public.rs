//! Public trees.
use detente_games::public::{Dcfr, Evaluator, PublicTree, VectorProfile};
use detente_games::families;

#[test]
fn poke() {
    for (name, game) in [("kuhn", families::kuhn()), ("leduc", families::leduc()), ("c44", families::public_crisis(4,4)), ("c88", families::public_crisis(8,8)), ("c1616", families::public_crisis(16,16))] {
        let tree = PublicTree::new(&game);
        println!("{name} public nodes {} actions {}", game.nodes().len(), game.actions());
        let mut d = Dcfr::new(&tree);
        let mut e = Evaluator::new(&tree);
        let mut p = VectorProfile::uniform(&tree);
        for n in [100, 200, 700, 9000] {
            d.iterate(n);
            d.average(&mut p);
            let v = e.values(&p);
            println!("  {} value {:?} conv {:.3e} cond {:?} {:?}", d.iterations(), v.value, v.nash_conv(), v.conditional, v.worst);
        }
    }
}
