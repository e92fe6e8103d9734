//! How a refusal names its place.

use super::*;

/// Path, line and column of a refusal.
fn place(text: &str) -> (String, usize, usize) {
    let error = refused(text);
    (error.path().to_owned(), error.line(), error.column())
}

#[test]
fn a_declared_member_twice_is_refused_at_its_name() {
    let text = r#"{"displayName":"a", "displayName":"a"}"#;
    assert_eq!(place(text), ("displayName".to_owned(), 1, 35));
    assert_eq!(refused(text).what(), "duplicate field `displayName`");
    assert_eq!(refused(text).kind(), FaultKind::Data);
    let tag = r##""@odata.type":"#microsoft.graph.singleUser""##;
    for members in [format!(r#"{tag},"userId":null,"userId":"b""#), format!(r#""userId":null,"userId":"b",{tag}"#)] {
        let error = refused(&with_target(&members));
        assert_eq!(error.path(), "specificAllowedTargets[0].userId");
        assert_eq!(error.what(), "duplicate field `userId`");
    }
    for other in [tag, r#""@odata.type":null"#, r#""@odata.type":"t""#] {
        for members in [format!("{tag},{other}"), format!(r#"{other},"a":1,{tag}"#)] {
            let error = refused(&with_target(&members));
            assert_eq!(error.path(), "specificAllowedTargets[0].@odata.type");
            let error = refused(&with_stage(&members));
            let path = "requestApprovalSettings.stages[0].@odata.type";
            assert_eq!(error.path(), path);
        }
    }
}

#[test]
fn a_wrong_json_type_is_refused_at_its_value() {
    let text = "{\"reviewSettings\":\n {\"isEnabled\": 1}}";
    let path = "reviewSettings.isEnabled".to_owned();
    assert_eq!(place(text), (path, 2, 16));
    let error = refused(r#"{"allowedTargetScope":7}"#);
    assert_eq!(error.path(), "allowedTargetScope");
    assert!(error.what().contains("allowedTargetScope"), "{error}");
    let error = refused(r#"{"specificAllowedTargets":{}}"#);
    assert_eq!(error.path(), "specificAllowedTargets");
    let error = refused(r#"{"specificAllowedTargets":[null,3]}"#);
    assert_eq!(error.path(), "specificAllowedTargets[1]");
    let error = refused(r#"{"@odata.type":5}"#);
    assert_eq!(error.path(), "@odata.type");
}

#[test]
fn a_path_goes_through_types_that_stand_last() {
    let text = r##"{"requestApprovalSettings":{"stages":[{
"primaryApprovers":[null,{"userId":  5,"@odata.type":"#microsoft.graph.singleUser"}],
"@odata.type":"#microsoft.graph.accessPackageDynamicApprovalStage"}]}}"##;
    let path = "requestApprovalSettings.stages[0].primaryApprovers[1].userId";
    assert_eq!(place(text), (path.to_owned(), 2, 38));
    let error = refused(text);
    assert_eq!(error.what(), "invalid type: integer `5`, expected a string");
    assert!(error.to_string().starts_with(path));
}

#[test]
fn a_syntax_fault_is_refused_at_its_place() {
    for (text, path) in [
        ("", ""),
        ("{", ""),
        ("{} x", ""),
        ("{}{}", ""),
        (r#"{"displayName":"a",}"#, ""),
        (r#"{"displayName":}"#, "displayName"),
        (r#"{"displayName":"\ud800"}"#, "displayName"),
        (r#"{"x":[1,]}"#, "x"),
        (r#"{"expiration":{"type":"a""#, "expiration"),
        (r#"{"specificAllowedTargets":[{"x":tru}]}"#, "specificAllowedTargets[0].x"),
    ] {
        let error = refused(text);
        assert_eq!(error.path(), path, "{text}: {error}");
        assert_eq!(error.kind(), FaultKind::Syntax, "{text}: {error}");
        assert!(error.line() == 1, "{text}");
    }
    let bytes = b"{\"displayName\":\"\xff\"}";
    let error = Policy::from_slice(bytes).unwrap_err();
    assert_eq!(error.path(), "displayName");
    assert!(Policy::from_slice(b"{\"x\":\"\xff\"}").is_err());
}

#[test]
fn a_lone_surrogate_is_refused_where_text_is_needed() {
    let text = with_target(r##""userId":"\ud800","@odata.type":"#microsoft.graph.singleUser""##);
    assert_eq!(refused(&text).path(), "specificAllowedTargets[0].userId");
    survives(r#"{"x":"\ud800"}"#);
}

#[test]
fn a_fault_before_broken_syntax_has_a_place() {
    let error = refused(r#"{"displayName":5,"x":[}"#);
    assert_eq!(error.path(), "displayName");
    assert!(error.what().contains("integer"));
}

#[test]
fn a_root_that_is_no_object_is_refused() {
    for text in ["null", "[]", "5", r#""{}""#, "true", "[{}]"] {
        let error = refused(text);
        assert_eq!((error.path(), error.kind()), ("", FaultKind::Data));
        assert_eq!((error.line(), error.column()), (1, 1));
    }
    assert!(refused("null").what().contains("null"));
}
