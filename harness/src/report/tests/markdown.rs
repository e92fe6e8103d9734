use super::{Fixture, HOSTILE, finding, finished, heading};
use crate::campaign::{Event, Finding, Note, Standing};
use crate::contract::{Level, rule};
use crate::report::{Markdown, Report};

fn written(room: usize, events: &[Event]) -> String {
    let fixture = Fixture::new();
    let mut out = Vec::new();
    let mut report = Markdown::new(&fixture.contract, heading(), Level::Must, room, &mut out);
    events.iter().for_each(|event| report.on(event).unwrap());
    String::from_utf8(out).unwrap()
}

fn note(reason: &str) -> Note {
    Note { fingerprint: "a-1".to_owned(), reason: reason.to_owned(), link: None, expires: None }
}

/// The lines outside fenced blocks, and the blocks.
fn parts(text: &str) -> (Vec<&str>, Vec<String>) {
    let (mut outside, mut blocks) = (Vec::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let fence = line.len() - line.trim_start_matches('`').len();
        if fence < 3 {
            outside.push(line);
            continue;
        }
        let is_end = |line: &&str| line.len() >= fence && line.bytes().all(|byte| byte == b'`');
        let inside: Vec<&str> = lines.by_ref().take_while(|line| !is_end(line)).collect();
        blocks.push(inside.join("\n"));
    }
    (outside, blocks)
}

#[test]
fn a_summary_says_how_it_ended_and_what_was_found() {
    let one = finding(&Fixture::new(), rule::ENUM_MEMBER, Level::Must, "204 No Content");
    let two = finding(&Fixture::new(), rule::ENUM_CASE, Level::Should, "200 OK");
    let two = Finding { confirmed: (1, 2), ..two };
    let known = Finding { standing: Standing::Known(note("the old gateway")), ..one.clone() };
    let over = Finding { standing: Standing::Expired(note("the older gateway")), ..one.clone() };
    let findings = [one, two, known, over].map(|finding| Event::Finding(Box::new(finding)));
    let fixed = Event::Fixed(Box::new(note("gone")));
    let text = written(1 << 20, &[&findings[..], &[fixed, finished(None)]].concat());
    for said in [
        "**Does not conform: 2 findings, 1 warning, 1 known finding, 1 fixed finding.**",
        "\n| value | 3 / 4 | 12 | 9 | 0 | 3 | 0 | 0 |\n| all | 3 / 4 |",
        "\n### FAIL <code>body/value/enum-member</code> (must)\n",
        "\n### WARN <code>body/value/enum-case</code> (should)\n",
        "\n- was known, and that is over: the older gateway\n",
        "\n- 3 cases, flaky: showed 1 of 2 times when sent again, fingerprint <code>",
        "\n- known: <code>",
        "got 204 No Content: the old gateway\n",
        "take it out of the baseline: <code>a-1</code> (gone)",
        "1,234 requests in 1.5 s.",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let (_, blocks) = parts(&text);
    assert_eq!(blocks.len(), 4);
    assert_eq!(blocks[0], "curl -d '204 No Content'");
    assert_eq!(blocks[3], "policy-harness run --seed 7");
}

#[test]
fn whatever_a_target_answers_is_text() {
    let hostile = [
        HOSTILE,
        "\n````\n# big\n",
        "[a](javascript:b) ![c](d) @someone $x$ www.example.com https://example.com :smile:",
    ]
    .concat();
    let one = finding(&Fixture::new(), rule::ENUM_MEMBER, Level::Must, &hostile);
    let known = Finding { standing: Standing::Known(note(&hostile)), ..one.clone() };
    let events = [Event::Finding(Box::new(one)), Event::Finding(Box::new(known)), finished(Some(&hostile))];
    let text = written(1 << 20, &events);
    assert!(text.is_ascii() && !text.contains('\u{0}') && !text.contains('\u{1b}'), "{text}");
    let (outside, blocks) = parts(&text);
    assert_eq!(blocks.len(), 2, "{text}");
    assert!(blocks[0].starts_with("curl -d 'a\\u0000") && blocks[0].contains("\n````\n# big\n"), "{}", blocks[0]);
    for line in outside {
        let line = line.replace("<code>", "").replace("</code>", "");
        assert!(!line.contains("www.") && !line.contains("http:") && !line.contains(":smile:"), "{line}");
        assert!(!line.contains(['<', '>', '`', '[', ']', '@', '$', '!', '\\']), "{line}");
        // One entity is the only thing that may begin with an ampersand.
        assert!(line.split('&').skip(1).all(|rest| rest.starts_with('#')), "{line}");
        if line.contains('|') {
            assert_eq!(line.matches('|').count(), 9, "{line}");
        }
    }
}

#[test]
fn a_summary_keeps_to_its_room() {
    let fixture = Fixture::new();
    let many: Vec<Event> = (0..50)
        .map(|number| {
            Event::Finding(Box::new(finding(&fixture, rule::ENUM_MEMBER, Level::Must, &"x".repeat(900 + number))))
        })
        .chain([finished(None)])
        .collect();
    let whole = written(1 << 20, &many);
    assert_eq!(whole.matches("### FAIL").count(), 50);
    for room in (0..60_000).step_by(1_500) {
        let text = written(room, &many);
        assert!(text.len() <= room, "{room}");
        let shown = text.matches("### FAIL").count();
        if text.is_empty() {
            assert!(room < 3_000, "{room}");
        } else {
            assert!(text.contains("50 findings") && text.contains("policy-harness run --seed 7"), "{text}");
            assert!(text.contains(&format!("… and {} more findings", 50 - shown)), "{text}");
        }
    }
}
