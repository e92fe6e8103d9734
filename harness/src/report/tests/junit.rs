use std::fs::File;

use quick_xml::events::Event as Xml;

use super::{Fixture, HOSTILE, case, finding, finished, heading, obligation};
use crate::campaign::Event;
use crate::contract::{Level, rule};
use crate::judge::Verdict;
use crate::report::{Junit, JunitFile, Report};

/// An element with its attributes, and the text in it.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn attribute(&self, wanted: &str) -> &str {
        self.attributes.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value)
    }
}

/// Reads a document and refuses what XML 1.0 refuses or advises against: any
/// character outside its `Char`, control characters, and noncharacters.
fn strict(text: &str) -> Vec<Element> {
    let is_allowed = |character: char| {
        let is_noncharacter = u32::from(character) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&character);
        matches!(character, '\n' | ' '..) && !('\u{7f}'..='\u{9f}').contains(&character) && !is_noncharacter
    };
    assert_eq!(text.chars().find(|&character| !is_allowed(character)), None, "{text}");
    assert!(!text.contains("]]>"), "{text}");
    let mut reader = quick_xml::Reader::from_str(text);
    let mut elements = Vec::new();
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Xml::Start(start) | Xml::Empty(start) => {
                depth += usize::from(matches!(event, Xml::Start(_)));
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = attribute.value.into_owned();
                    assert!(!value.contains('<'), "{value}");
                    let value = quick_xml::escape::unescape(&value).unwrap().into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                let name = start.name().as_ref().to_owned();
                elements.push(Element { name, attributes: attributes.collect(), text: String::new() });
            }
            Xml::Text(inner) => {
                assert!(depth > 0 || inner.trim().is_empty(), "text outside the document");
                elements.last_mut().into_iter().for_each(|last| last.text.push_str(inner));
            }
            Xml::GeneralRef(name) => {
                let reference = format!("&{};", &**name);
                let text = quick_xml::escape::unescape(&reference).unwrap().into_owned();
                elements.last_mut().unwrap().text.push_str(&text);
            }
            Xml::End(_) => depth -= 1,
            Xml::Decl(_) => {}
            Xml::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(depth, 0);
    elements
}

fn written(level: Level, events: impl Fn(&Fixture) -> Vec<Event>) -> Vec<Element> {
    let fixture = Fixture::new();
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut file = JunitFile::new(File::create(path.path()).unwrap(), &["seed"]).unwrap();
    let mut report = Junit::new(&fixture.contract, &fixture.plan, heading(), level, &mut file);
    for event in events(&fixture) {
        report.on(&event).unwrap();
    }
    strict(&std::fs::read_to_string(path.path()).unwrap())
}

fn tests_of<'e>(elements: &'e [Element], rule: &str) -> Vec<&'e Element> {
    let is_it = |element: &&Element| element.name == "testcase" && element.attribute("name").starts_with(rule);
    elements.iter().filter(is_it).collect()
}

/// The element behind the test case of this name.
fn behind<'e>(elements: &'e [Element], name: &str) -> &'e Element {
    let at = elements.iter().position(|element| element.name == "testcase" && element.attribute("name") == name);
    &elements[at.unwrap() + 1]
}

#[test]
fn whatever_a_payload_holds_is_text() {
    let elements = written(Level::Must, |fixture| {
        vec![
            case(fixture, obligation(fixture, rule::ENUM_MEMBER), Verdict::Fail),
            case(fixture, obligation(fixture, rule::INT32_RANGE), Verdict::NotRun),
            Event::Finding(Box::new(finding(fixture, rule::ENUM_MEMBER, Level::Must, HOSTILE))),
            Event::Finding(Box::new(finding(fixture, rule::ACCEPT_BODY, Level::Should, HOSTILE))),
            finished(Some(HOSTILE)),
        ]
    });
    let failure = behind(&elements, "body/value/enum-member");
    assert_eq!((&*failure.name, failure.attribute("type")), ("failure", "must"));
    // Nothing is lost: each character can be told.
    let escaped = "a\\u0000\\u000b\\u001b[31m]]><b>&amp; \"q\" 'p' |x| ``` \\ufffe\\uffff\\u007f\\u0085\\u00e9\\ud834\\udd1e\\ud800\\u000d";
    assert!(failure.attribute("message").starts_with(&format!("/{escaped}\\u000a</failure>")), "{failure:?}");
    assert!(failure.text.contains(&format!("curl -d '{escaped}\n</failure><script>")), "{failure:?}");
    assert!(!elements.iter().any(|element| element.name == "script" || element.name == "b"));
    let skipped = behind(&elements, "body/value/int32-range");
    assert!(skipped.name == "skipped" && skipped.attribute("message").starts_with(escaped), "{skipped:?}");
    let warning = behind(&elements, "accept/body");
    assert!(warning.name == "system-out" && warning.text.contains(escaped), "{warning:?}");
    assert!(behind(&elements, super::super::junit::RUN).attribute("message").starts_with(escaped));
}

#[test]
fn a_failure_says_all_that_is_needed_to_believe_it() {
    let elements = written(Level::Must, |fixture| {
        let one = finding(fixture, rule::ENUM_MEMBER, Level::Must, "204 No Content");
        let two = finding(fixture, rule::ENUM_MEMBER, Level::Must, "200 OK");
        vec![Event::Finding(Box::new(one)), Event::Finding(Box::new(two)), finished(None)]
    });
    let tests = tests_of(&elements, "body/value/enum-member");
    let names: Vec<&str> = tests.iter().map(|test| test.attribute("name")).collect();
    let fingerprint = format!("{}-00000006", rule::ENUM_MEMBER.0);
    assert_eq!(names, ["body/value/enum-member", &format!("body/value/enum-member ({fingerprint})")]);
    assert!(tests.iter().all(|test| test.attribute("classname") == "policy-harness.seed.add"));
    let second = behind(&elements, names[1]);
    assert_eq!(second.attribute("message"), "/200 OK: got 200 OK, expected 4xx 200 OK");
    for said in ["body/value/enum-member (must)", "OData ABNF, enumValue", "curl -d '200 OK'", &fingerprint] {
        assert!(second.text.contains(said), "{second:?}");
    }
    let all = &elements[0];
    assert_eq!((&*all.name, all.attribute("failures"), all.attribute("errors")), ("testsuites", "2", "0"));
}

#[test]
fn a_rule_is_passed_only_where_it_was_looked_at() {
    let elements = written(Level::Should, |fixture| {
        vec![
            case(fixture, obligation(fixture, rule::ENUM_MEMBER), Verdict::Pass),
            case(fixture, obligation(fixture, rule::ENUM_MEMBER), Verdict::Pass),
            case(fixture, obligation(fixture, rule::INT32_RANGE), Verdict::Inconclusive),
            Event::Finding(Box::new(finding(fixture, rule::ACCEPT_BODY, Level::Should, "x"))),
            finished(Some("interrupted")),
        ]
    });
    let passed = tests_of(&elements, "body/value/enum-member");
    assert_eq!((passed.len(), passed[0].attribute("time")), (1, "0.500"));
    assert_eq!(behind(&elements, "body/value/enum-member").name, "testcase");
    // Answers were seen that a rule on answers holds for, and none for another one.
    assert_eq!(behind(&elements, "answer/always").name, "testcase");
    for (name, reason) in [
        ("answer/allow", "no answer came that could break it"),
        ("body/value/int32-range", "the answer says nothing"),
        ("body/json/syntax", "interrupted"),
    ] {
        let skipped = behind(&elements, name);
        assert_eq!((&*skipped.name, skipped.attribute("message")), ("skipped", reason), "{name}");
    }
    // Of level should, and that level was chosen.
    assert_eq!(behind(&elements, "accept/body").name, "failure");
    // What the contract leaves open is no test.
    assert!(tests_of(&elements, "body/value/int32-form").is_empty());
}

#[test]
fn a_run_that_does_not_come_to_its_end_is_an_error() {
    let path = tempfile::NamedTempFile::new().unwrap();
    let fixture = Fixture::new();
    // What was there before is gone, however long it was.
    std::fs::write(path.path(), "x".repeat(100_000)).unwrap();
    let file = File::options().write(true).open(path.path()).unwrap();
    let mut file = JunitFile::new(file, &["seed", "v1.0"]).unwrap();
    let read = || strict(&std::fs::read_to_string(path.path()).unwrap());
    assert_eq!((read()[0].attribute("tests"), read()[0].attribute("errors")), ("2", "2"));
    let mut report = Junit::new(&fixture.contract, &fixture.plan, heading(), Level::Must, &mut file);
    report.on(&finished(None)).unwrap();
    // One contract is done, the other one not yet.
    let elements = read();
    assert_eq!(elements[0].attribute("errors"), "1");
    let errors: Vec<&str> =
        elements.iter().filter(|element| element.name == "error").map(|error| error.attribute("message")).collect();
    assert_eq!(errors, ["the run did not get to its end"]);
}
