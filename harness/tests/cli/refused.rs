//! `check` on bodies that others sent and published, where POLICY_HARNESS_SHARED
//! names the folder with their tables: each gets the verdict that its table and the
//! decisions on the contract justify, and the member that is to blame is named.

use std::path::PathBuf;

use policy_harness::check::{Checker, Severity, Violation, check};
use policy_harness::contract::{Contract, OperationKind};
use serde::Deserialize;

fn tables() -> Option<PathBuf> {
    let folder = std::env::var_os("POLICY_HARNESS_SHARED").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with tables of bodies");
    }
    folder
}

/// What is to be told of a body.
struct Verdict {
    file: &'static str,
    operation: OperationKind,
    /// The contract that it must be taken for.
    contract: &'static str,
    worst: Option<Severity>,
    /// Places that are named, with the rule and a part of what is suggested.
    named: &'static [(&'static str, &'static str, &'static str)],
}

use OperationKind::{Create, Replace};
use Severity::{Error, Note, Warning};

const REAL: &[Verdict] = &[
    Verdict {
        file: "03-ps-1970-expiration-type-duration",
        operation: Create,
        contract: "v1.0",
        worst: Some(Error),
        named: &[("/expiration/type", "body/value/enum-member", "afterDuration")],
    },
    // The service refuses it, and no row decides it: the type is a string.
    Verdict {
        file: "06-ps-2213-recurrence-annually",
        operation: Create,
        contract: "beta",
        worst: Some(Note),
        named: &[("/accessReviewSettings/recurrenceType", "body/value/string-format", "annual")],
    },
    Verdict {
        file: "09-dotnet-489-no-odata-type",
        operation: Create,
        contract: "beta",
        worst: Some(Error),
        named: &[
            ("/requestorSettings/allowedRequestors/0", "body/type/missing", "connectedOrganizationMembers"),
            ("/requestApprovalSettings/approvalStages/0/primaryApprovers/0", "body/type/missing", "singleUser"),
        ],
    },
    Verdict {
        file: "13-azuread-903-id-on-requestor-manager",
        operation: Create,
        contract: "beta",
        worst: Some(Error),
        named: &[(
            "/requestApprovalSettings/approvalStages/0/primaryApprovers/0/id",
            "body/property/undeclared",
            "belongs to",
        )],
    },
    Verdict {
        file: "19-hcl-patch-disable-auto-assignment",
        operation: Replace,
        contract: "v1.0",
        worst: Some(Error),
        named: &[
            ("/accessPackageNotificationSettings", "body/property/undeclared", "notificationSettings"),
            ("/requestorSettings", "update/resets", "read the policy first"),
        ],
    },
    Verdict {
        file: "21-ps-2425-put-wipes-expiration-only",
        operation: Replace,
        contract: "v1.0",
        worst: Some(Warning),
        named: &[
            ("/accessPackage", "update/reference", "$expand=accessPackage"),
            ("/requestorSettings", "update/resets", ""),
            ("/requestApprovalSettings", "update/resets", ""),
            ("/reviewSettings", "update/resets", ""),
        ],
    },
    Verdict {
        file: "27-docs-v1-dynamic-approver-beta-shape",
        operation: Create,
        contract: "beta",
        worst: Some(Error),
        named: &[("/customExtensionStageSettings/0/stage", "body/value/enum-member", "")],
    },
    Verdict { file: "30-azuread-acc-simple", operation: Create, contract: "beta", worst: None, named: &[] },
    Verdict { file: "33-hamilton-acc-create", operation: Create, contract: "beta", worst: Some(Note), named: &[] },
    Verdict { file: "36-m365dsc-example-create", operation: Create, contract: "beta", worst: Some(Note), named: &[] },
    Verdict { file: "38-script-auto-assignment", operation: Create, contract: "v1.0", worst: None, named: &[] },
    Verdict {
        file: "41-python-raw-string-booleans",
        operation: Create,
        contract: "v1.0",
        worst: Some(Warning),
        named: &[
            ("/questions/0/sequence", "body/value/quoted", "write 1"),
            ("/requestorSettings/enableTargetsToSelfAddAccess", "body/value/quoted", "write true"),
        ],
    },
    // Decided: no such member of v1.0, although the service was seen to accept it.
    Verdict {
        file: "42-v1-put-roundtrip-script",
        operation: Replace,
        contract: "v1.0",
        worst: Some(Error),
        named: &[
            ("/specificAllowedTargets/0/isBackup", "body/property/undeclared", "beta"),
            ("/accessPackage", "update/reference", "$expand=accessPackage"),
        ],
    },
    // Decided as well, and seen to be accepted.
    Verdict {
        file: "46-bicep-no-approval-with-justification",
        operation: Create,
        contract: "beta",
        worst: Some(Error),
        named: &[("/allowedTargetScope", "body/property/undeclared", "scopeType")],
    },
    Verdict {
        file: "50-script-2020-numbers-as-strings",
        operation: Create,
        contract: "beta",
        worst: Some(Warning),
        named: &[("/durationInDays", "body/value/quoted", "write 30")],
    },
];

#[test]
fn every_real_body_gets_the_verdict_that_is_justified() {
    let Some(folder) = tables() else { return };
    let contracts = ["v1.0", "beta"].map(|name| Contract::named(name).unwrap());
    let [v1, beta] = &contracts;
    let mut files: Vec<String> = std::fs::read_dir(folder.join("realworld"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
        .collect();
    files.sort();
    assert_eq!(files, REAL.iter().map(|verdict| verdict.file).collect::<Vec<_>>());
    for verdict in REAL {
        let body = std::fs::read(folder.join(format!("realworld/{}.json", verdict.file))).unwrap();
        let checked = Checker::new(v1).or(beta).check(&body, verdict.operation);
        let told = format!("{}: {:#?}", verdict.file, checked.violations);
        assert_eq!(&*checked.contract.name, verdict.contract, "{told}");
        assert_eq!(worst(&checked.violations), verdict.worst, "{told}");
        for (pointer, rule, suggestion) in verdict.named {
            assert!(is_named(&checked.violations, pointer, rule, suggestion), "{pointer} in {told}");
        }
        // An error says that it was seen to be accepted, where it was.
        if ["42", "46"].iter().any(|number| verdict.file.starts_with(number)) {
            let errors = checked.violations.iter().filter(|one| one.severity() == Error);
            assert!(errors.clone().count() > 0 && errors.clone().all(|one| one.note.is_some()), "{told}");
        }
    }
}

fn worst(violations: &[Violation]) -> Option<Severity> {
    violations.iter().map(Violation::severity).max()
}

fn is_named(violations: &[Violation], pointer: &str, rule: &str, suggestion: &str) -> bool {
    violations.iter().any(|one| {
        one.pointer.to_string() == pointer
            && *one.rule == *rule
            && one.suggestion.as_deref().unwrap_or_default().contains(suggestion)
    })
}

#[derive(Deserialize)]
struct Manifest {
    valid: Vec<Entry>,
    invalid: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    op: String,
}

/// The contract and the operation of an entry; none where no contract has it.
fn sent(op: &str) -> Option<(&'static str, OperationKind)> {
    let (method, path) = op.split_once(' ')?;
    match (method, path.rsplit('/').next()?) {
        ("POST", "assignmentPolicies") => Some(("v1.0", Create)),
        ("PUT", "{id}") => Some(("v1.0", Replace)),
        ("POST", "$ref") if path.contains("/assignmentPolicy/") => Some(("seed", OperationKind::Add)),
        _ => None,
    }
}

/// Faults of structure among the published invalid bodies: where each is, and its
/// rule. Bodies without a line break rules that no schema has.
const STRUCTURAL: &str = include_str!("refused.tsv");

#[test]
fn no_published_valid_body_gets_an_error_and_every_structural_fault_is_named() {
    let Some(folder) = tables() else { return };
    let text = std::fs::read(folder.join("examples/manifest.json")).unwrap();
    let manifest: Manifest = serde_json::from_slice(&text).unwrap();
    let contracts = ["seed", "v1.0"].map(|name| Contract::named(name).unwrap());
    let violations = |entry: &Entry| {
        let (contract, operation) = sent(&entry.op)?;
        let body = std::fs::read(folder.join("examples").join(&entry.file)).unwrap();
        let contract = contracts.iter().find(|one| *one.name == *contract).unwrap();
        Some(check(&body, contract, operation))
    };
    let valid: Vec<_> = manifest.valid.iter().filter_map(|entry| Some((&entry.file, violations(entry)?))).collect();
    assert!(valid.len() >= 20);
    for (file, violations) in valid {
        assert!(worst(&violations) != Some(Error), "{file}: {violations:#?}");
    }
    let lines: Vec<Vec<&str>> = STRUCTURAL.lines().map(|line| line.split('\t').collect()).collect();
    for line in &lines {
        let [file, pointer, rule] = line.as_slice() else { panic!("{line:?}") };
        let entry = manifest.invalid.iter().find(|entry| entry.file == *file).expect(file);
        let violations = violations(entry).expect(file);
        let is_named = violations.iter().any(|one| one.pointer.to_string() == *pointer && *one.rule == **rule);
        assert!(is_named, "{file} {pointer} {rule}: {violations:#?}");
    }
    assert!(lines.len() >= 60, "{}", lines.len());
}
