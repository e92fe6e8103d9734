use jiff::civil::Date;

use super::{Addition, Baseline, Edited, date, edit};

fn fault(text: &str) -> String {
    Baseline::read("known.toml", text).unwrap_err().to_string()
}

fn addition(fingerprint: &str) -> Addition {
    Addition {
        fingerprint: fingerprint.to_owned(),
        contract: Some("seed".to_owned()),
        rule: Some("body/value/enum-member".to_owned()),
        shows: "/x: got 204\u{0}\n No Content".to_owned(),
        reason: "a \"quoted\" reason\n\u{1}".to_owned(),
        link: Some("https://issues.example/1".to_owned()),
        expires: date("2027-01-31"),
    }
}

fn edited(text: &str, additions: &[Addition], prune: &[&str]) -> Edited {
    let prune: Vec<String> = prune.iter().map(|&text| text.to_owned()).collect();
    let edited = edit("known.toml", text, additions, &prune).unwrap();
    Baseline::read("known.toml", &edited.text).unwrap();
    edited
}

#[test]
fn all_that_an_entry_says_is_read() {
    let text = "[[finding]]\nfingerprint = 'a'\nreason = 'r'\nlink = 'l'\nexpires = 2028-02-29\ncontract = 'seed'\nrule = 'x/y'\n\n[[finding]]\nfingerprint = 'b'\nreason = 's'\n";
    let baseline = Baseline::read("known.toml", text).unwrap();
    let [one, two] = &baseline.entries[..] else { panic!("{baseline:?}") };
    assert_eq!((&*one.note.fingerprint, &*one.note.reason, one.note.link.as_deref()), ("a", "r", Some("l")));
    assert_eq!((one.expires, one.note.expires.as_deref()), (Some(Date::constant(2028, 2, 29)), Some("2028-02-29")));
    assert!(one.is_about("seed") && !one.is_about("v1.0") && two.is_about("v1.0"));
    assert_eq!((two.expires, two.contract.as_deref(), two.rule.as_deref()), (None, None, None));
    assert_eq!(Baseline::read("known.toml", "# nothing yet\n").unwrap(), Baseline::default());
}

#[test]
fn a_fault_says_where_and_what_to_do() {
    let entry = "[[finding]]\nfingerprint = 'a'\nreason = 'r'\n";
    for (text, words) in [
        (
            "\n[[findings]]\nfingerprint = 'a'\n",
            "known.toml:2: `findings` is no key of a baseline; did you mean `finding`?",
        ),
        ("finding = 3\n", "known.toml:1: write each finding below a line [[finding]]"),
        ("# one\n[[finding]]\nreason = 'r'\n", "known.toml:2: this [[finding]] has no fingerprint; a run prints it"),
        ("[[finding]]\nfingerprint = 'a'\n", "known.toml:1: this [[finding]] has no reason; say why"),
        ("[[finding]]\nfingerprint = 'a'\nreason = ' '\n", "known.toml:3: reason is empty"),
        ("[[finding]]\nfingerprint = 7\n", "known.toml:2: fingerprint is no string"),
        (
            &format!("{entry}expire = 2027-01-31\n"),
            "known.toml:4: `expire` is no key of a baseline; did you mean `expires`?",
        ),
        (
            &format!("{entry}zzz = 1\n"),
            "known.toml:4: `zzz` is no key of a baseline; there is: fingerprint, reason, link, expires",
        ),
        (&format!("{entry}expires = '2027-01-31'\n"), "known.toml:4: expires is no date; write a day without quotes"),
        (&format!("{entry}expires = 2027-01-31T00:00:00Z\n"), "known.toml:4: expires is no date"),
        (&format!("{entry}\n{entry}"), "known.toml:5: a has a second entry; keep one"),
        (&format!("{entry}expires = 2027-02-30\n"), "known.toml:4: "),
        ("[[finding]]\nfingerprint 'a'\n", "known.toml:2: "),
    ] {
        let told = fault(text);
        assert!(told.starts_with(words), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    // One finding in each of two contracts is two.
    let two = format!("{entry}contract = 'seed'\n{entry}contract = 'v1.0'\n");
    assert_eq!(Baseline::read("known.toml", &two).unwrap().entries.len(), 2);
}

#[test]
fn no_text_is_too_odd() {
    let whole = "[[finding]]\nfingerprint = 'a'\nreason = 'é'\nexpires = 2027-01-31\n";
    for end in (0..whole.len()).filter(|&end| whole.is_char_boundary(end)) {
        let _ = Baseline::read("known.toml", &whole[..end]);
    }
    for text in
        ["\u{feff}", "finding.a = 1", "[finding]\nreason = 'x'", "[[finding]]\n[[finding.finding]]", "finding = [{}]"]
    {
        let _ = Baseline::read("known.toml", text);
    }
}

#[test]
fn an_addition_leaves_alone_what_is_there() {
    let text = "# Ours.\n\n# the old gateway\n[[finding]] # still\n  fingerprint   = 'a'\nreason = \"r\"   # why\n\n# the end\n";
    let edited = edited(text, &[addition("b"), addition("a"), addition("b")], &[]);
    assert_eq!((&edited.added[..], &edited.kept[..]), (&["b".to_owned()][..], &["a".to_owned(), "b".to_owned()][..]));
    let begin = text.strip_suffix("\n# the end\n").unwrap();
    assert!(edited.text.starts_with(begin) && edited.text.contains("# the end\n"), "{}", edited.text);
    let entry = &Baseline::read("known.toml", &edited.text).unwrap().entries[1];
    assert_eq!(entry.note.reason, "a \"quoted\" reason\n\u{1}");
    assert_eq!((entry.expires, entry.contract.as_deref()), (date("2027-01-31"), Some("seed")));
    assert!(edited.text.contains("# /x: got 204   No Content\n[[finding]]\n"), "{}", edited.text);
    assert!(edited.text.contains("\nexpires = 2027-01-31\n"), "{}", edited.text);
}

#[test]
fn the_first_entry_makes_the_file() {
    let edited = edited("", &[addition("a")], &[]);
    assert!(edited.text.starts_with("# /x: got 204"), "{}", edited.text);
    // An empty file with words in it keeps them.
    let edited = self::edited("# What we know of.\n", &[addition("a")], &[]);
    assert!(edited.text.contains("# What we know of.\n"), "{}", edited.text);
}

#[test]
fn the_same_finding_of_another_contract_is_another() {
    let of = |contract: &str| Addition { contract: Some(contract.to_owned()), ..addition("a") };
    let edited = edited("", &[of("seed"), of("v1.0"), of("seed")], &[]);
    assert_eq!((edited.added.len(), edited.kept.len()), (2, 1));
}

#[test]
fn what_is_taken_out_leaves_the_rest() {
    let entry = |name: &str| format!("# about {name}\n[[finding]]\nfingerprint = '{name}'\nreason = 'r'\n");
    let text = format!("# Ours.\n\n{}\n{}\n{}", entry("a"), entry("b"), entry("c"));
    let edited = edited(&text, &[], &["a", "zz"]);
    assert_eq!((&edited.pruned[..], &edited.missing[..]), (&["a".to_owned()][..], &["zz".to_owned()][..]));
    assert_eq!(edited.text.replace("\n\n", "\n"), format!("# Ours.\n{}{}", entry("b"), entry("c")));
    let edited = self::edited(&text, &[], &["a", "b", "c"]);
    assert_eq!(edited.text.trim(), "# Ours.");
    // And in again.
    let edited = self::edited(&text, &[addition("b")], &["b"]);
    assert!(edited.added == ["b"] && edited.text.contains("about c") && !edited.text.contains("about b"));
}
