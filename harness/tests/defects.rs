//! The harness on trial: each planted defect of the reference server is found,
//! and the finding names the rule that the defect breaks.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_harness::campaign::{self, Event, Finding};
use policy_harness::case::Plan;
use policy_harness::contract::Contract;
use policy_harness::reference::{self, DEFECTS, Defect};
use policy_harness::target::{Endpoint, EndpointOptions};

/// The findings of a run against a server with this defect.
async fn findings(contract: &Arc<Contract>, plan: &Arc<Plan>, defect: Option<&'static Defect>) -> Vec<Finding> {
    let options = reference::Options { defects: defect.into_iter().collect(), ..reference::Options::default() };
    let token = Some(options.token.clone().into());
    let server = reference::start(Arc::clone(contract), options).await.unwrap();
    let endpoint = Endpoint::new(&server.base_url(), EndpointOptions { token, ..EndpointOptions::default() }).unwrap();
    let ids = server.assignments().to_vec();
    let options = campaign::Options { seed: 7, cases: 200, ids, ..campaign::Options::default() };
    let mut findings = Vec::new();
    let sink = |event: &Event| {
        if let Event::Finding(finding) = event {
            findings.push((**finding).clone());
        }
    };
    campaign::run(Arc::clone(contract), Arc::clone(plan), endpoint, options, std::future::pending(), sink)
        .await
        .unwrap();
    server.stop().await;
    findings
}

/// One of each family and effect; the variable takes them all.
fn chosen() -> Vec<&'static Defect> {
    if std::env::var_os("POLICY_HARNESS_ALL_DEFECTS").is_some() {
        return DEFECTS.iter().collect();
    }
    let mut rules = BTreeMap::new();
    for defect in DEFECTS {
        let family = defect.rule.rsplit_once('/').map_or(defect.rule, |(family, _)| family);
        rules.entry(family).or_insert(defect);
    }
    rules.into_values().collect()
}

#[test]
fn every_planted_defect_is_found_under_its_rule() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let contract = Arc::new(Contract::named("seed").unwrap());
    let plan = Arc::new(Plan::of(&contract));
    let mut missed = Vec::new();
    let defects = chosen();
    assert!(defects.len() >= 10);
    for defect in &defects {
        let began = std::time::Instant::now();
        let findings = runtime.block_on(findings(&contract, &plan, Some(defect)));
        let rules: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} ({}; {})", contract.rule(finding.rule).id, finding.symptom, finding.place))
            .collect();
        let is_found = findings.iter().any(|finding| *contract.rule(finding.rule).id == *defect.rule);
        if !is_found || findings.len() > 3 {
            missed.push(format!("{} [{}] found {}: {rules:#?}", defect.id, defect.rule, findings.len()));
        }
        println!(
            "{:<44} {:<36} {} findings in {:.1} s",
            defect.id,
            defect.rule,
            findings.len(),
            began.elapsed().as_secs_f64()
        );
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), defects.len(), missed.join("\n"));
}

#[test]
fn a_server_without_defects_has_no_findings() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let contract = Arc::new(Contract::named("seed").unwrap());
    let plan = Arc::new(Plan::of(&contract));
    let findings = runtime.block_on(findings(&contract, &plan, None));
    assert!(findings.is_empty(), "{findings:#?}");
}
