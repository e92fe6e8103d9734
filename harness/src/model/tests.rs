//! The model as a whole: what survives, and that no text is too much.

mod refused;

use super::*;

/// What the model makes of a policy.
fn rewritten(text: &str) -> String {
    let policy = Policy::from_slice(text.as_bytes()).unwrap();
    let bytes = policy.to_vec();
    assert_eq!(Policy::from_slice(&bytes).unwrap(), policy);
    String::from_utf8(bytes).unwrap()
}

fn survives(text: &str) {
    assert_eq!(rewritten(text), text);
}

fn refused(text: &str) -> ModelError {
    Policy::from_slice(text.as_bytes()).unwrap_err()
}

/// A policy with one target.
fn with_target(members: &str) -> String {
    format!(r#"{{"specificAllowedTargets":[{{{members}}}]}}"#)
}

fn target(members: &str) -> SubjectSet<'static> {
    let policy = Policy::from_slice(with_target(members).as_bytes()).unwrap().into_owned();
    let mut targets = policy.specific_allowed_targets.into_value().unwrap();
    targets.remove(0).unwrap()
}

/// A policy with one stage.
fn with_stage(members: &str) -> String {
    format!(r#"{{"requestApprovalSettings":{{"stages":[{{{members}}}]}}}}"#)
}

fn stage(members: &str) -> ApprovalStage<'static> {
    let policy = Policy::from_slice(with_stage(members).as_bytes()).unwrap().into_owned();
    let settings = policy.request_approval_settings.into_value().unwrap();
    settings.stages.into_value().unwrap().remove(0).unwrap()
}

#[test]
fn three_states_survive() {
    survives("{}");
    survives(r#"{"displayName":null}"#);
    survives(r#"{"displayName":""}"#);
    survives(r#"{"specificAllowedTargets":null}"#);
    survives(r#"{"specificAllowedTargets":[]}"#);
    survives(r#"{"specificAllowedTargets":[null]}"#);
    survives(r#"{"catalog":null,"questions":[null,null]}"#);
}

#[test]
fn declared_members_are_written_in_order() {
    let text = r##"{"x":1,"displayName":"d","id":"i","@v.y":2,"@odata.type":"#t"}"##;
    let written = r##"{"@odata.type":"#t","id":"i","displayName":"d","x":1,"@v.y":2}"##;
    assert_eq!(rewritten(text), written);
}

#[test]
fn unknown_members_survive_at_every_object() {
    survives(
        r##"{"displayName":"d","expiration":{"type":"noExpiration","@v.x":{"a" : 1.0}},"accessPackage":{"id":"p","name":[1e2]},"@odata.context":"c","displayName@v.y":-0,"z":1,"z":1}"##,
    );
    survives(r#"{"reviewSettings":{"schedule":{"recurrence":{"range":{"x":1E+2},"y":0.10}}}}"#);
}

#[test]
fn lexemes_survive() {
    for number in ["1.0", "1e2", "-0", "2147483648", "31", "1E400"] {
        survives(&format!(
            r#"{{"reviewSettings":{{"schedule":{{"recurrence":{{"pattern":{{"interval":{number}}}}}}}}}}}"#
        ));
    }
    survives(r#"{"expiration":{"duration":"P1DT0.123456789012S","endDateTime":"2030-02-30"}}"#);
    survives(r#"{"allowedTargetScope":"String","expiration":{"type":"duration"}}"#);
}

#[test]
fn names_are_read_through_escapes() {
    let policy = Policy::from_slice(br#"{"displ\u0061yName":"\u00e4","n\u0065w":1}"#).unwrap();
    assert_eq!(policy.display_name, Field::Value("ä".into()));
    assert_eq!(policy.unknown.get("new").unwrap().get(), "1");
    let set = target(r##""@odata\u002etype":"#microsoft\u002egraph.singleUser","userId":"u""##);
    assert!(matches!(set, SubjectSet::SingleUser(_)));
}

#[test]
fn every_subject_set_is_read_wherever_its_type_stands() {
    let members = [
        ("attributeRuleMembers", r#""membershipRule":"r""#),
        ("connectedOrganizationMembers", r#""connectedOrganizationId":"c""#),
        ("externalSponsors", r#""v":1.0"#),
        ("groupMembers", r#""groupId":"g""#),
        ("identityGovernance.groupBasedSubjectSet", r#""groups":[{"id":"g"}]"#),
        ("identityGovernance.ruleBasedSubjectSet", r#""rule":"r""#),
        ("internalSponsors", r#""v":1.0"#),
        ("requestorManager", r#""managerLevel":1e0"#),
        ("singleServicePrincipal", r#""servicePrincipalId":"s""#),
        ("singleUser", r#""userId":"u""#),
        ("targetAgentIdentitySponsorsOrOwners", r#""v":1.0"#),
        ("targetApplicationOwners", r#""v":1.0"#),
        ("targetManager", r#""managerLevel":4"#),
        ("targetUserSponsors", r#""v":1.0"#),
    ];
    for (name, member) in members {
        for prefix in ["#", ""] {
            let tag = format!(r#""@odata.type":"{prefix}microsoft.graph.{name}""#);
            let first = format!("{tag},{member},\"z\":2");
            let last = format!("{member},\"z\":2,{tag}");
            let between = format!("{member},{tag},\"z\":2");
            assert!(!matches!(target(&first), SubjectSet::Other(_)), "{name}");
            assert_eq!(target(&first), target(&last));
            assert_eq!(target(&first), target(&between));
            survives(&with_target(&first));
            assert_eq!(rewritten(&with_target(&last)), with_target(&first));
        }
    }
}

#[test]
fn every_question_is_read_wherever_its_type_stands() {
    for (name, member) in [
        (
            "accessPackageMultipleChoiceQuestion",
            r#""sequence":2.0,"choices":[{"localizations":[{"text":"t","x":0}],"text":null},null]"#,
        ),
        ("accessPackageTextInputQuestion", r#""isRequired":true,"regexPattern":"[a-z]\\d""#),
    ] {
        let tag = format!(r##""@odata.type":"#microsoft.graph.{name}""##);
        let first = format!(r#"{{"questions":[{{{tag},{member}}}]}}"#);
        let last = format!(r#"{{"questions":[{{{member},{tag}}}]}}"#);
        survives(&first);
        assert_eq!(rewritten(&last), first);
    }
}

#[test]
fn every_stage_is_read_wherever_its_type_stands() {
    let member = r#""durationBeforeEscalation":"PT0S","isEscalationEnabled":false"#;
    assert!(matches!(stage(member), ApprovalStage::Standard(_)));
    assert!(matches!(stage(""), ApprovalStage::Standard(_)));
    for (name, dynamic) in [("accessPackageApprovalStage", false), ("accessPackageDynamicApprovalStage", true)] {
        let tag = format!(r##""@odata.type":"#microsoft.graph.{name}""##);
        let first = format!("{tag},{member}");
        let last = format!("{member},{tag}");
        let read = stage(&first);
        assert_eq!(matches!(read, ApprovalStage::Dynamic(_)), dynamic);
        assert!(read.stage().is_some());
        assert_eq!(stage(&last), read);
        survives(&with_stage(&first));
        assert_eq!(rewritten(&with_stage(&last)), with_stage(&first));
    }
}

#[test]
fn an_unknown_type_keeps_everything() {
    for tag in [
        r##""@odata.type":"#contoso.singleUser""##,
        r#""@odata.type":"microsoft.graph.internal.singleUser""#,
        r#""@odata.type":null"#,
        r#""@odata.type":5.0"#,
        r#""@odata.type":"\ud800""#,
        r#""@odata.type":"""#,
        r#""v":0"#,
    ] {
        let first = format!(r#"{tag},"userId":{{"a" : 1.0}},"userId":2"#);
        let last = format!(r#""userId":{{"a" : 1.0}},"userId":2,{tag}"#);
        for members in [&first, &last] {
            assert!(matches!(target(members), SubjectSet::Other(_)));
            survives(&with_target(members));
        }
    }
    let set = target(r##""@odata.type":"#v.x""##);
    assert_eq!(set.odata_type().as_deref(), Some("#v.x"));
}

#[test]
fn a_stage_of_an_unknown_type_keeps_everything() {
    for tag in [r##""@odata.type":"#v.x""##, r#""@odata.type":null"#] {
        let first = format!(r#"{tag},"isEscalationEnabled":{{"a" : 1.0}}"#);
        assert!(matches!(stage(&first), ApprovalStage::Other(_)));
        survives(&with_stage(&first));
        let last = format!(r#""isEscalationEnabled":true,"v":1.0,{tag}"#);
        let moved = format!(r#"{tag},"isEscalationEnabled":true,"v":1.0"#);
        assert_eq!(rewritten(&with_stage(&last)), with_stage(&moved));
    }
    // What only fits when the type is known to be another.
    for tag in [r##""@odata.type":"#v.x""##, r#""@odata.type":7"#] {
        let last = format!(r#""isEscalationEnabled":"maybe",{tag}"#);
        let moved = format!(r#"{tag},"isEscalationEnabled":"maybe""#);
        assert_eq!(rewritten(&with_stage(&last)), with_stage(&moved));
    }
}

#[test]
fn a_subject_made_by_hand_names_its_type() {
    let user = SingleUser { user_id: Field::Value("u".into()), ..SingleUser::default() };
    let text = serde_json::to_string(&SubjectSet::from(user)).unwrap();
    assert_eq!(text, r##"{"@odata.type":"#microsoft.graph.singleUser","userId":"u"}"##);
}

#[test]
fn deep_nests_do_not_overflow() {
    const DEPTH: usize = 100_000;
    let arrays = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let objects = format!("{}0{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH));
    for nest in [&arrays, &objects] {
        survives(&format!(r#"{{"x":{nest}}}"#));
        survives(&with_target(&format!(r#""@odata.type":{nest}"#)));
        survives(&with_target(&format!(r#""userId":{nest},"z":1"#)));
        survives(&with_stage(&format!(r#""@odata.type":{nest}"#)));
        for name in ["displayName", "expiration", "specificAllowedTargets"] {
            let text = format!(r#"{{"{name}":{nest}}}"#);
            let read = Policy::from_slice(text.as_bytes());
            // An expiration of unknown members only is read.
            assert_eq!(read.is_ok(), name == "expiration" && nest == &objects);
        }
        let last = format!(r##""userId":{nest},"@odata.type":"#microsoft.graph.singleUser""##);
        let error = refused(&with_target(&last));
        assert_eq!(error.path(), "specificAllowedTargets[0].userId");
        refused(nest.get(..DEPTH).unwrap());
    }
    refused(&arrays);
    Policy::from_slice(objects.as_bytes()).unwrap();
}

#[test]
fn cut_texts_never_panic() {
    let text = with_stage(
        r##""x":[1,{"y":"\u00e4"}],"primaryApprovers":[{"userId":"ü","@odata.type":"#microsoft.graph.singleUser"},null]"##,
    );
    for end in 0..text.len() {
        let error = Policy::from_slice(&text.as_bytes()[..end]).unwrap_err();
        assert_eq!(error.kind(), FaultKind::Syntax, "{end}");
    }
    for at in 0..text.len() {
        for byte in [b'"', b'\\', b'{', b']', b',', b'0', 0, 0xff] {
            let mut changed = text.clone().into_bytes();
            changed[at] = byte;
            if let Ok(policy) = Policy::from_slice(&changed) {
                let bytes = policy.to_vec();
                assert_eq!(Policy::from_slice(&bytes).unwrap(), policy);
            }
        }
    }
}

#[test]
fn published_bodies_round_trip() {
    let Some(folder) = std::env::var_os("POLICY_HARNESS_SHARED") else {
        println!("skipped: POLICY_HARNESS_SHARED is not set");
        return;
    };
    let folder = std::path::Path::new(&folder).join("examples/valid");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read(&path).unwrap();
        let policy = Policy::from_slice(&text).unwrap();
        let written = policy.to_vec();
        assert_eq!(Policy::from_slice(&written).unwrap(), policy);
        let before: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let after: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(after, before, "{}", path.display());
        read += 1;
    }
    assert!(read > 0);
}
