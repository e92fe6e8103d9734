//! The contract `beta`: bodies that clients send to beta break no must, bodies of
//! v1.0 do, and what the contract judges is judged as in v1.0.

use std::path::PathBuf;

use policy_harness::contract::{Contract, Level, OperationKind, Rule, RuleId};
use policy_harness::validate::Validator;

fn beta() -> Contract {
    Contract::named("beta").unwrap()
}

/// The rules of this level that a body breaks as one that creates a policy.
fn broken<'c>(contract: &'c Contract, body: &str, level: Level) -> Vec<&'c str> {
    let mut validator = Validator::new(contract);
    let violations = validator.validate_as(OperationKind::Create, body.as_bytes());
    let rules = violations.iter().map(|violation| contract.rule(violation.rule));
    rules.filter(|rule| rule.level == level).map(|rule| &*rule.id).collect()
}

/// A body of the parts that every one of them has, and these.
fn policy(members: &str) -> String {
    format!(r#"{{"accessPackageId":"7c1f5e2a-90b4-4d3e-8a67-15d2c3b4e5f6","displayName":"Guests"{members}}}"#)
}

/// What clients were seen to send, with other values.
fn sent_by_clients() -> Vec<String> {
    let parts = [
        "",
        // No end at all, and what goes with it.
        r##","@odata.type":"#microsoft.graph.accessPackageAssignmentPolicy","canExtend":false,"description":"All guests","durationInDays":0,"expirationDateTime":null,"questions":[]"##,
        // An id that is none yet, and an end at an instant.
        r#","id":"","durationInDays":0,"expirationDateTime":"2041-05-17T08:09:10Z","canExtend":true"#,
        // Reviews by the users themselves, with nanoseconds.
        r#","accessReviewSettings":{"isEnabled":true,"recurrenceType":"weekly","reviewerType":"Self","startDateTime":"2031-02-03T04:05:06.789012345Z","durationInDays":3,"isAccessRecommendationEnabled":false,"isApprovalJustificationRequired":true,"accessReviewTimeoutBehavior":"acceptAccessRecommendation"},"requestApprovalSettings":{"isApprovalRequired":false,"isApprovalRequiredForExtension":false,"isRequestorJustificationRequired":false,"approvalMode":"NoApproval"},"requestorSettings":{"scopeType":"NoSubjects","acceptRequests":true}"#,
        // Questions of both kinds.
        r##","questions":[{"@odata.type":"#microsoft.graph.accessPackageTextInputQuestion","isRequired":true,"sequence":1,"text":{"defaultText":"Why?","localizedTexts":[{"text":"Warum?","languageCode":"de"}]}},{"@odata.type":"#microsoft.graph.accessPackageMultipleChoiceQuestion","sequence":2,"allowsMultipleSelection":false,"choices":[{"actualValue":"north","displayValue":{"defaultText":"North","localizedTexts":[{"text":"Norden","languageCode":"de"}]}}]}]"##,
        // An empty description, and no reviewers.
        r#","description":"","durationInDays":90,"accessReviewSettings":{"isEnabled":true,"startDateTime":"2030-07-08T00:00:00Z","reviewers":[],"reviewerType":"Manager","recurrenceType":"halfyearly","durationInDays":14}"#,
        // Numbers as strings: a should, no must.
        r##","durationInDays":"45","requestorSettings":{"scopeType":"AllExistingDirectoryMemberUsers","acceptRequests":true,"allowedRequestors":[]},"requestApprovalSettings":{"isApprovalRequired":true,"approvalMode":"SingleStage","approvalStages":[{"approvalStageTimeOutInDays":"7","isEscalationEnabled":false,"escalationTimeInMinutes":"1440","escalationApprovers":[],"primaryApprovers":[{"@odata.type":"#microsoft.graph.singleUser","isBackup":true,"id":"2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901","description":"Whoever is on duty"}]}]},"accessReviewSettings":null"##,
        // User sets without an id.
        r##","requestApprovalSettings":{"isApprovalRequired":true,"approvalStages":[{"primaryApprovers":[{"@odata.type":"#microsoft.graph.requestorManager","isBackup":false},{"@odata.type":"#microsoft.graph.internalSponsors"},{"@odata.type":"#microsoft.graph.groupMembers","id":"3c4d5e6f-7081-4923-a4b5-c6d7e8f90123","isBackup":true}]}]}"##,
        r#","accessPackageNotificationSettings":{"isAssignmentNotificationDisabled":true}"#,
        r#","verifiableCredentialSettings":{"credentialTypes":[{"credentialType":"Employee","issuers":["did:example:1"]}]}"#,
        r#","customExtensionStageSettings":[{"stage":"assignmentRequestGranted","customExtension":{"@odata.type":"\u0023microsoft.graph.accessPackageAssignmentRequestWorkflowExtension","id":"4d5e6f70-8192-4a34-b5c6-d7e8f9012345"}}]"#,
    ];
    let by_reference =
        r#"{"displayName":"Guests","accessPackage":{"id":"7c1f5e2a-90b4-4d3e-8a67-15d2c3b4e5f6"}}"#.to_owned();
    parts.into_iter().map(policy).chain([by_reference]).collect()
}

#[test]
fn what_clients_send_breaks_no_must() {
    let contract = beta();
    for body in sent_by_clients() {
        assert_eq!(broken(&contract, &body, Level::Must), [""; 0], "{body}");
    }
}

/// The bodies of the table of observed ones that a service took as they are.
#[test]
fn what_a_service_took_breaks_no_must() {
    let Some(folder) = std::env::var_os("POLICY_HARNESS_SHARED").map(PathBuf::from) else {
        println!("skipped: POLICY_HARNESS_SHARED names no folder with observed bodies");
        return;
    };
    let contract = beta();
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("realworld")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ["30-", "33-", "36-", "50-"].iter().any(|number| name.starts_with(number)) {
            let body = std::fs::read_to_string(&path).unwrap();
            assert_eq!(broken(&contract, &body, Level::Must), [""; 0], "{name}");
            count += 1;
        }
    }
    assert_eq!(count, 4);
}

#[test]
fn what_beta_leaves_open_is_open() {
    let contract = beta();
    for (members, rule) in [
        (r#","id":"""#, "body/value/string-format"),
        (r#","requestorSettings":{"scopeType":"Everybody"}"#, "body/value/string-format"),
        (r#","accessReviewSettings":{"recurrenceType":"annually"}"#, "body/value/string-format"),
        (r#","verifiableCredentialSettings":{"credentialTypes":[{"issuers":[null]}]}"#, "body/null/primitive-item"),
        (r#","durationInDays":3661"#, "body/value/range"),
        (r#","customExtensionHandlers":[]"#, "body/property/open"),
        (r#","accessPackage":{"id":"7c1f5e2a-90b4-4d3e-8a67-15d2c3b4e5f6"}"#, "body/access-package/twice"),
        (r#","durationInDays":5,"expirationDateTime":"2041-05-17T08:09:10Z""#, "body/expiration/two-ends"),
        (r#","requestApprovalSettings":{"isApprovalRequired":true}"#, "body/approval/stage-missing"),
    ] {
        let body = policy(members);
        assert_eq!(broken(&contract, &body, Level::Unspecified), [rule], "{body}");
        assert!([Level::Must, Level::Should].iter().all(|&level| broken(&contract, &body, level).is_empty()), "{body}");
    }
}

#[test]
fn what_beta_does_not_have_breaks_a_must() {
    let contract = beta();
    for (body, rule) in [
        (r#"{"displayName":"Guests"}"#.to_owned(), "body/access-package/missing"),
        (
            r#"{"displayName":"Guests","accessPackageId":null,"accessPackage":null}"#.to_owned(),
            "body/access-package/missing",
        ),
        (r#"{"displayName":"Guests","accessPackage":{}}"#.to_owned(), "body/reference/no-id"),
        (policy(r#","allowedTargetScope":"allMemberUsers""#), "body/property/undeclared"),
        (policy(r#","notificationSettings":{}"#), "body/property/undeclared"),
        (policy(r#","questions":[null]"#), "body/null/item"),
        (policy(r#","questions":[{"isRequired":true}]"#), "body/type/missing"),
        (
            policy(
                r##","questions":[{"@odata.type":"#microsoft.graph.accessPackageTextInputQuestion","text":"Why?"}]"##,
            ),
            "body/value/json-type",
        ),
        (
            policy(
                r##","accessReviewSettings":{"reviewers":[{"@odata.type":"#microsoft.graph.internalSponsors","id":"3c4d5e6f-7081-4923-a4b5-c6d7e8f90123"}]}"##,
            ),
            "body/property/undeclared",
        ),
        (policy(r#","accessReviewSettings":{"accessReviewTimeoutBehavior":"keep"}"#), "body/value/enum-member"),
    ] {
        assert_eq!(broken(&contract, &body, Level::Must), [rule], "{body}");
    }
}

/// The id that stands alone has to exist as the one in a reference has.
#[test]
fn the_access_package_exists() {
    let contract = beta().with_known(&["7C1F5E2A-90B4-4D3E-8A67-15D2C3B4E5F6".to_owned()]);
    assert_eq!(broken(&contract, &policy(""), Level::Must), [""; 0]);
    let other = |id: &str| policy("").replace("7c1f5e2a-90b4-4d3e-8a67-15d2c3b4e5f6", id);
    let unknown = other("7c1f5e2a-90b4-4d3e-8a67-15d2c3b4e5f7");
    assert_eq!(broken(&contract, &unknown, Level::Must), ["body/reference/unknown"]);
    // What is no id is left open alone.
    assert_eq!(broken(&contract, &other("guests"), Level::Must), [""; 0]);
    assert_eq!(broken(&contract, &other("guests"), Level::Unspecified), ["body/value/string-format"]);
}

/// Nothing is judged in beta that is not judged in the same way in v1.0.
#[test]
fn judged_as_in_v1() {
    let (beta, v1) = (beta(), Contract::named("v1.0").unwrap());
    let is_absent = |contract: &Contract, id: RuleId| contract.absent.contains(&id);
    let mut judged = 0;
    for (number, rule) in (0u16..).zip(&beta.rules) {
        if rule.level == Level::Unspecified || is_absent(&beta, RuleId(number)) {
            continue;
        }
        let same = v1.rule_named(&rule.id).unwrap_or_else(|| panic!("v1.0 has no rule {}", rule.id));
        let outcome = |rule: &Rule| (rule.level, rule.statuses.to_string(), rule.preferred.to_string(), rule.creates);
        assert!(!is_absent(&v1, same), "{}", rule.id);
        assert_eq!(outcome(v1.rule(same)), outcome(rule), "{}", rule.id);
        judged += 1;
    }
    assert!(judged > 90, "{judged}");
}
