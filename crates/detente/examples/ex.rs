use detente::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let c = check(&a[1], &text).case.unwrap();
    let o = RunOptions { worlds: a[2].parse().unwrap(), searches: a[3].parse().unwrap(), ..RunOptions::default() };
    let t = std::time::Instant::now();
    let table = run(&Plan::new(&c), &Default::default(), o, &Ignored);
    println!("run {:?} width {}", t.elapsed(), table.layout.width());
    let t = std::time::Instant::now();
    let s = summarise(&c, &[], o, &Ignored).unwrap();
    println!("all {:?}", t.elapsed());
    for (p, l) in s.setting.packages.iter().zip(&s.packages) {
        println!("{:28} {:.2} | {}", p.id, l.agreed.value, l.accepts.iter().enumerate().map(|(i,m)| format!("{}{:.2}", if p.needed.contains(i) {"*"} else {" "}, m.value)).collect::<Vec<_>>().join(" "));
    }
    let z = s.zone.clone().unwrap();
    println!("zone {:?} without {:?} opens {:?}", z.open, z.without_red_lines, z.opens_without);
    for l in &z.sets { println!("  {:?} {:.2} size {:?}", l.needed, l.open.value, l.size); }
    let n = s.no_deal.clone().unwrap();
    for (t, v) in s.setting.types.iter().zip(&n.values) { println!("{} {:?}", t.id, v); }
    println!("ended 12 {:?} 120 {:?}", n.ended[11], n.ended.last());
    println!("line 12 {:?}", n.line[4]);
    for r in &s.rivals { println!("{} {:?}", r.label.id, r.zone); }
    println!("{} {:#?}", s.movers.0, &s.movers.1[..s.movers.1.len().min(5)]);
    println!("{:?} {:?} {:?}", s.certified, s.silences, s.statuses);
}
