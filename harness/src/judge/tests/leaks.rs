//! What must be seen as a leak, the traps in which none must be seen, and
//! answers of any bytes.

use super::super::*;
use super::{MEMBER, answer, judge_as, refusal, request};
use crate::contract::rule;
use crate::target::{Answer, Credentials, Request};

fn error(message: &str) -> Answer {
    let mut body = br#"{"error":{"code":"invalid","message":""#.to_vec();
    crate::json::encode_into(message, &mut body);
    body.extend_from_slice(b"\"}}");
    Answer { body, ..refusal(400) }
}

/// The kinds of leak that are seen in an answer to a request with this body.
fn leaks(body: &str, answer: &Answer) -> Vec<Leak> {
    let found = judge_as(&request(body), MEMBER, Ok(answer)).faults;
    let leak = |fault: Fault| match fault.symptom {
        Symptom::Leak(leak, words) if fault.rule == rule::ANSWER_LEAK => {
            assert!(!words.contains("s3cret"));
            Some(leak)
        }
        _ => None,
    };
    found.into_iter().filter_map(leak).collect()
}

#[test]
fn leaks_are_seen() {
    use Leak::{FilePath, StackTrace, TypeName};
    for (message, wanted) in [
        ("no\r\n   at Contoso.Web.Policies.Post(String id, Policy policy)", StackTrace),
        ("failed    at Contoso.Web.Policies.<Post>d__4.MoveNext() and so on", StackTrace),
        ("at Contoso.Post() in Policies.cs:line 41", StackTrace),
        ("Traceback (most recent call last):\n  boom", StackTrace),
        ("File \"app.py\", line 12, in post", StackTrace),
        ("thread 'main' panicked at src/policy.rs:12:5:\nboom", StackTrace),
        ("boom\n\tat com.contoso.Policies.post(Policies.java:12)", StackTrace),
        ("(Policies.java:12)", StackTrace),
        ("at post (policies.js:4:11)", StackTrace),
        ("panic in policies.go:31", StackTrace),
        ("System.ArgumentNullException: Value cannot be null.", TypeName),
        ("see 'System.Collections.Generic.List`1[System.String]'", TypeName),
        ("Microsoft.OData.Core.ODataException", TypeName),
        ("Newtonsoft.Json.JsonReaderException: no", TypeName),
        ("java.lang.IllegalStateException", TypeName),
        ("json: cannot unmarshal string into Go struct field Policy.name of type int", TypeName),
        ("in serde_json::error::Error", TypeName),
        ("ActionController::BadRequestError", TypeName),
        (r"cannot read C:\inetpub\wwwroot\web.config", FilePath),
        (r"cannot read D:\Program Files\x", FilePath),
        ("cannot open '/usr/share/app/policies.dll'.", FilePath),
        ("/home/app/main.py:12", FilePath),
        ("/var/lib/policies.db is locked", FilePath),
        ("the token s3cret-token is not valid", Leak::Credentials),
    ] {
        assert_eq!(leaks("{}", &error(message)), [wanted], "{message}");
    }
    let page = answer(400, &[], "<pre>System.ArgumentNullException s3cret-token C:\\app\\s3cret-token</pre>");
    assert_eq!(leaks("{}", &page), [Leak::Credentials, TypeName], "the gravest besides the credentials");
    let mut header = refusal(401);
    header.headers.push(("www-authenticate".to_owned(), b"Bearer error=\"s3cret-token\"".to_vec()));
    assert_eq!(leaks("{}", &header), [Leak::Credentials]);
    let basic = Request { credentials: Credentials::Verbatim("Basic c29tZTpvbmU="), ..request("{}") };
    let found = judge_as(&basic, MEMBER, Ok(&error("no user behind c29tZTpvbmU=")));
    assert_eq!(found.faults[0].symptom.to_string(), "credentials in the answer");
    let scheme = Request { credentials: Credentials::Verbatim("Negotiate"), ..request("{}") };
    let found = judge_as(&scheme, MEMBER, Ok(&error("no Negotiate here")));
    assert_eq!(found.verdict, Verdict::Pass);
}

#[test]
fn what_is_no_leak_is_let_alone() {
    for message in [
        "/requestApprovalSettings/stages/0 is wrong",
        "/requestApprovalSettings/stages/0/primaryApprovers/1/@odata.type: unknown",
        "at /home/0",
        "at /usr/name",
        "line 3, column 12: expected `,` or `}`",
        "Error at line 1 position 4: requestorSettings.allowedRequestors(0)",
        "POST /v1.0/identityGovernance/entitlementManagement/assignments/1/assignmentPolicy/$ref",
        "see https://learn.example/dotnet/api/System.Text.Json.JsonException?view=1",
        "see https://example.rs:8080/home/policy.py and http://example.go:80/usr/a.dll",
        "see /home/index.html",
        "#microsoft.graph.singleUser, microsoft.graph.identityGovernance.x, Microsoft.Graph.SingleUser",
        "Microsoft.IGAELM.EC.FrontEnd.ExternalModel.accessPackageAssignmentPolicy",
        "graph.singleUser",
        "Microsoft.EntitlementManagement",
        "File System.Please look there",
        "the operating system.Then try again",
        "code C:1, ratio 3:\\, a:\\ b",
        "fe80::a and ::1 are addresses",
        "an Edm.Duration such as P1DT2H, at least one (or two)",
        "ArgumentNullException",
        "Org.OData.Core.V1.Computed",
        "EntitlementManagement::InvalidPolicy",
        "2026-11-24T01:02:03.004Z at 12:30:11",
        "\u{e9}\u{5d0}:\\\u{e9}\u{5d0}\u{fffd} at \u{10ffff}.cs:line",
    ] {
        assert_eq!(leaks("{}", &error(message)), [], "{message}");
    }
}

#[test]
fn an_echo_is_no_leak() {
    for (body, message) in [
        (r#"{"displayName":"System.ArgumentNullException"}"#, "'System.ArgumentNullException' is taken."),
        (r#"{"a":"C:\\Users\\me"}"#, r"C:\Users\me is no member"),
        (r#"{"a":"\u0043:\\Users\\me"}"#, r"C:\Users\me is no member"),
        (r"{'a':'C:\Users\me'", r"unexpected ' in {'a':'C:\Users\me'"),
        (r#"{"/usr/bin/x.sh":1}"#, "no property /usr/bin/x.sh"),
        (r#"{"a":"Traceback (most recent call last)"}"#, "not: Traceback (most recent call last)"),
        (r#"{"a":"x\n\tat a.b(c.java:1)"}"#, "not: x\n\tat a.b(c.java:1)"),
    ] {
        assert_eq!(leaks(body, &error(message)), [], "{message}");
        assert_ne!(leaks("{}", &error(message)), [], "{message}");
    }
    let token = r#"{"a":"s3cret-token"}"#;
    assert_eq!(leaks(token, &error("s3cret-token")), [Leak::Credentials]);
    let more = error("System.ArgumentNullException and System.ArgumentException");
    assert_eq!(leaks(r#"{"a":"System.ArgumentNullException"}"#, &more), [Leak::TypeName]);
}

/// Pieces that bring every pattern to its edges.
const PIECES: &[&str] = &[
    "  at ",
    "\tat ",
    "a.b",
    "(",
    ")",
    "File \"",
    "\", line ",
    "12",
    ":",
    ".java:",
    ".rs:",
    ".cs:line ",
    "/usr/",
    ".dll",
    "C:\\",
    ":\\",
    "System.",
    "Microsoft.",
    "::",
    "\u{e9}",
    "\u{10ffff}",
    "\u{85}",
    "\u{a0}",
    "'",
    " ",
    "#",
    ".",
    "\n",
    "x",
];

#[test]
fn no_answer_brings_the_judge_down() {
    let mut state = 7_u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    for _ in 0..5_000 {
        let message: String = (0..next(12)).map(|_| PIECES[next(PIECES.len())]).collect();
        leaks("{}", &error(&message));
        let mut page = answer(400, &[], &message);
        if !page.body.is_empty() {
            let at = next(page.body.len());
            page.body[at] = u8::try_from(next(256)).unwrap();
        }
        leaks(&message, &page);
    }
}

#[test]
fn a_hostile_answer_costs_little() {
    for piece in ["  at ", "x.go:1", "a:\\", "File \"", "System.", "/usr/", "::"] {
        let page = answer(400, &[], &piece.repeat((64 << 10) / piece.len()));
        let start = std::time::Instant::now();
        leaks("{}", &page);
        assert!(start.elapsed() < std::time::Duration::from_secs(5), "{piece}");
    }
}
