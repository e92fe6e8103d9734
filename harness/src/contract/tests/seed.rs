//! The seed contract says what its documents say.

use super::super::{
    Contract, EnumId, Family, Kind, Level, OperationKind, Property, RuleId, StructuredType, TypeId, rule,
};

fn seed() -> Contract {
    Contract::named("seed").unwrap()
}

fn id(contract: &Contract, name: &str) -> TypeId {
    let name = format!("microsoft.graph.{name}");
    contract.schema.type_named(&name).expect(&name)
}

fn of<'c>(contract: &'c Contract, name: &str) -> &'c StructuredType {
    &contract.schema.types[usize::from(id(contract, name).0)]
}

fn names<'c>(properties: impl IntoIterator<Item = &'c Property>) -> Vec<&'c str> {
    properties.into_iter().map(|property| &*property.name).collect()
}

fn property<'c>(contract: &'c Contract, owner: &str, name: &str) -> &'c Property {
    of(contract, owner).properties.iter().find(|property| &*property.name == name).expect(name)
}

#[test]
fn body_and_operations() {
    let contract = seed();
    assert_eq!(contract.body, id(&contract, "accessPackageAssignmentPolicy"));
    let [add, read] = contract.operations.as_slice() else { panic!("two operations") };
    assert_eq!((add.kind, &*add.method, add.success), (OperationKind::Add, "POST", 204));
    assert_eq!((read.kind, &*read.method, read.success), (OperationKind::Read, "GET", 200));
    assert_eq!(add.id_in(&add.path_for("7")), Some("7"));
    assert!(add.path.ends_with("/assignmentPolicy/$ref"));
    assert_eq!((contract.max_string, contract.max_items, contract.max_depth), (1024, 20, 100));
}

#[test]
fn fourteen_subject_sets_can_stand_for_the_abstract_one() {
    let contract = seed();
    let set = of(&contract, "subjectSet");
    assert!(set.is_abstract);
    assert_eq!(set.concrete.len(), 14);
    assert!(!set.concrete.contains(&id(&contract, "subjectSet")));
    assert!(set.concrete.contains(&id(&contract, "identityGovernance.ruleBasedSubjectSet")));
}

#[test]
fn a_type_that_is_not_abstract_comes_first_among_its_own() {
    let contract = seed();
    let expected = ["accessPackageApprovalStage", "accessPackageDynamicApprovalStage"].map(|name| id(&contract, name));
    assert_eq!(of(&contract, "accessPackageApprovalStage").concrete, expected);
}

#[test]
fn inherited_properties_come_first() {
    let contract = seed();
    let question = of(&contract, "accessPackageTextInputQuestion");
    let expected = [
        "id",
        "isAnswerEditable",
        "isRequired",
        "localizations",
        "sequence",
        "text",
        "isSingleLineQuestion",
        "regexPattern",
    ];
    assert_eq!(names(&question.properties), expected);
    assert_eq!(of(&contract, "accessPackageDynamicApprovalStage").properties.len(), 9);
    assert_eq!(of(&contract, "accessPackageAssignmentPolicy").properties.len(), 17);
    assert_eq!(names(&of(&contract, "accessPackageCatalog").properties), ["id"]);
}

#[test]
fn what_the_seed_page_does_not_list_is_open() {
    let contract = seed();
    let policy = of(&contract, "accessPackageAssignmentPolicy");
    let open: Vec<_> = policy.properties.iter().filter(|property| property.open.is_some()).collect();
    assert!(open.iter().all(|property| property.open == Some(rule::PROPERTY_OPEN)));
    let expected = [
        "automaticRequestSettings",
        "notificationSettings",
        "accessPackage",
        "catalog",
        "customExtensionStageSettings",
        "questions",
    ];
    assert_eq!(names(open), expected);
    let newer: Vec<_> = contract.schema.types.iter().filter(|one| one.open == Some(rule::TYPE_NEWER)).collect();
    assert_eq!(newer.len(), 5);
    let member_rules = |wanted: RuleId| {
        let members = contract.schema.enums.iter().flat_map(|one| &one.members);
        members.filter(|member| member.rule == Some(wanted)).map(|member| &*member.name).collect::<Vec<_>>()
    };
    assert_eq!(member_rules(rule::ENUM_NEWER), ["allDirectoryAgentIdentities"]);
    assert_eq!(member_rules(rule::ENUM_SENTINEL), ["unknownFutureValue"; 4]);
    let sentinels = contract.schema.enums.iter().flat_map(|one| &one.members);
    assert_eq!(sentinels.filter(|member| &*member.name == "unknownFutureValue").count(), 4);
}

#[test]
fn references_and_server_set_properties() {
    let contract = seed();
    let policy = of(&contract, "accessPackageAssignmentPolicy");
    let references = policy.properties.iter().filter(|property| property.is_reference);
    assert_eq!(names(references), ["accessPackage", "catalog"]);
    assert!(property(&contract, "customExtensionStageSetting", "customExtension").is_reference);
    let computed = policy.properties.iter().filter(|property| property.computed);
    assert_eq!(names(computed), ["id", "createdDateTime", "modifiedDateTime"]);
    let reference_id = property(&contract, "accessPackage", "id");
    assert!(!reference_id.computed && !reference_id.nullable);
    assert_eq!(reference_id.null_open, Some(rule::NULL_KEY));
}

#[test]
fn facets() {
    let contract = seed();
    let range = |owner, name| property(&contract, owner, name).facets.range;
    assert_eq!(range("requestorManager", "managerLevel"), Some((1, 2)));
    assert_eq!(range("targetManager", "managerLevel"), Some((1, 4)));
    assert_eq!(range("recurrencePattern", "dayOfMonth"), Some((1, 31)));
    assert_eq!(range("recurrenceRange", "numberOfOccurrences"), Some((1, i32::MAX)));
    let stages = property(&contract, "accessPackageAssignmentApprovalSettings", "stages");
    assert_eq!((stages.facets.max_items, stages.is_collection, stages.nullable), (Some(3), true, false));
    assert_eq!(
        &*property(&contract, "attributeRuleMembers", "membershipRule").facets.allowed[0],
        "(user.department -eq \"Sales\")"
    );
}

#[test]
fn what_must_not_be_null() {
    let contract = seed();
    let types = contract.schema.types.iter().filter(|one| one.base.is_none() || !one.properties.is_empty());
    let single = types.flat_map(|one| one.properties.iter().map(move |property| (one, property)));
    let solid = single.filter(|(_, property)| !property.nullable && !property.is_collection && &*property.name != "id");
    let mut solid: Vec<_> = solid.map(|(_, property)| &*property.name).collect();
    solid.sort_unstable();
    solid.dedup();
    let expected = [
        "approverInformationVisibility",
        "dayOfMonth",
        "interval",
        "isAssignmentNotificationDisabled",
        "languageCode",
        "month",
        "numberOfOccurrences",
        "rule",
        "stage",
    ];
    assert_eq!(solid, expected);
}

#[test]
fn every_enumeration_is_used() {
    let contract = seed();
    let kinds: Vec<_> = contract.schema.types.iter().flat_map(|one| &one.properties).map(|one| one.kind).collect();
    for index in (0u16..).take(contract.schema.enums.len()) {
        assert!(kinds.contains(&Kind::Enum(EnumId(index))), "{}", contract.schema.enums[usize::from(index)].name);
    }
}

#[test]
fn engine_rules_are_at_their_index() {
    let contract = seed();
    for (rule, id) in contract.rules.iter().zip(rule::ENGINE) {
        assert_eq!(&*rule.id, *id);
    }
    assert!(contract.rules[..rule::ENGINE.len()].iter().all(|rule| rule.condition.is_none()));
    assert!(contract.rules[rule::ENGINE.len()..].iter().all(|rule| rule.condition.is_some()));
    assert_eq!(contract.rule_named("answer/allow"), Some(rule::ANSWER_ALLOW));
}

#[test]
fn every_rule_is_written_for_people() {
    for rule in seed().rules {
        assert!(rule.statement.ends_with('.'), "{} ends in a full stop", rule.id);
        assert!(rule.statement.len() < 200, "{} is short enough to read", rule.id);
        assert!(!rule.example.is_empty() && !rule.citations.is_empty(), "{}", rule.id);
    }
}

#[test]
fn levels_are_those_of_the_decisions() {
    let contract = seed();
    let outcome = |name: &str| {
        let rule = contract.rule(contract.rule_named(name).expect(name));
        (rule.level, rule.statuses.to_string(), rule.preferred.to_string())
    };
    let must = |statuses: &str, preferred: &str| (Level::Must, statuses.to_owned(), preferred.to_owned());
    let should = |statuses: &str| (Level::Should, statuses.to_owned(), String::new());
    let open = (Level::Unspecified, String::new(), String::new());
    assert_eq!(outcome("body/value/enum-member"), must("4xx", "400"));
    assert_eq!(outcome("body/json/syntax"), must("4xx", "400"));
    assert_eq!(outcome("body/null/non-nullable"), must("4xx", ""));
    assert_eq!(outcome("http/method"), must("4xx or 501", "405"));
    assert_eq!(outcome("http/query/unknown-option"), must("4xx or 501", ""));
    assert_eq!(outcome("http/authorization/missing"), must("401", ""));
    assert_eq!(outcome("http/content-type/other"), must("4xx", "415"));
    assert_eq!(outcome("http/path/unknown-id"), must("4xx", "404"));
    assert_eq!(outcome("http/accept"), should("406"));
    assert_eq!(outcome("body/value/enum-case"), should("4xx"));
    assert_eq!(outcome("body/expiration/both-values"), should("4xx"));
    assert_eq!(outcome("http/message/host"), should("4xx"));
    assert_eq!(outcome("body/value/enum-json-type"), open);
    assert_eq!(outcome("body/null/key"), open);
    assert_eq!(outcome("body/approval/stage-unneeded"), open);
    assert_eq!(outcome("answer/always"), must("", ""));
}

#[test]
fn a_rule_is_refused_by_its_level_and_family() {
    for rule in seed().rules {
        let is_of_requests =
            rule.family.is_of_targets() && !matches!(rule.family, Family::Valid | Family::State | Family::Answer);
        let refused = rule.level != Level::Unspecified && is_of_requests;
        assert_eq!(refused, !rule.statuses.is_empty(), "{}", rule.id);
    }
}

#[test]
fn conditions_hold_on_derived_types() {
    let contract = seed();
    let escalation = contract.rule_named("body/approval/escalation-approvers").unwrap();
    for name in ["accessPackageApprovalStage", "accessPackageDynamicApprovalStage"] {
        assert_eq!(contract.conditions[usize::from(id(&contract, name).0)], [escalation], "{name}");
    }
    assert_eq!(contract.conditions[usize::from(id(&contract, "expirationPattern").0)].len(), 5);
    assert!(contract.conditions[usize::from(id(&contract, "singleUser").0)].is_empty());
}
