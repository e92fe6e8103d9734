//! The label of every case is what its bytes say.

use std::collections::BTreeMap;

use policy_harness::case::{Maker, Plan};
use policy_harness::contract::Contract;

#[test]
fn no_case_is_mislabelled() {
    let contract = Contract::named("seed").unwrap();
    let plan = Plan::of(&contract);
    println!("{} places, {} obligations", plan.places.iter().count(), plan.obligations.len());
    let ids = ["11111111-1111-4111-8111-111111111111".to_owned()];
    let mut maker = Maker::new(&contract, &plan, &ids, 4053);
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let count = std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let mut bytes = 0;
    for index in 0..count {
        let Some(case) = maker.make(index) else {
            let obligation = &plan.obligations[index as usize % plan.obligations.len()];
            let key = format!("none: {:?}", obligation.action);
            wrong.entry(key).or_insert_with(|| (0, plan.places.describe(&contract, obligation.place))).0 += 1;
            continue;
        };
        bytes += case.body().len();
        if let Some(mislabelled) = &case.mislabelled {
            let name = |label: &policy_harness::validate::Label| {
                use policy_harness::validate::Label;
                let id = |rule| contract.rule(rule).id.to_string();
                match label {
                    Label::Valid => "valid".to_owned(),
                    Label::Unspecified(rules) => format!("open {:?}", rules.iter().map(|&r| id(r)).collect::<Vec<_>>()),
                    Label::Mixed(rules) => format!("mixed {:?}", rules.iter().map(|&r| id(r)).collect::<Vec<_>>()),
                    Label::Malformed(rule, at) => format!("{} ", id(*rule)) + if at.is_root() { "" } else { "@" },
                }
            };
            let key = format!(
                "{} {}: {} but {}",
                case.operator,
                contract.rule(case.rule).id,
                name(&mislabelled.claimed),
                name(&mislabelled.found)
            );
            wrong
                .entry(key)
                .or_insert_with(|| (0, String::from_utf8_lossy(case.body()).chars().take(600).collect()))
                .0 += 1;
        }
    }
    for (key, (count, body)) in &wrong {
        println!("{count} {key}\n    {body}");
    }
    println!("{} bytes a body", bytes / count as usize);
    assert!(wrong.is_empty());
}
