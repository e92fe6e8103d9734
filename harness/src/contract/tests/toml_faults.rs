//! Faults of the TOML files: the contract's own, its rules, their clauses.

use super::super::{Contract, ContractSources, Level};
use super::{MAIN, MORE, TYPES, check, load, row, rules};

#[test]
fn faults_of_the_main_file() {
    check(&[
        ("title = ", "titel = ", "small.toml:", "titel"),
        ("csdl = [", "csdl = \"", "small.toml:3: ", "correct the file"),
        ("\"more.xml\"]", "\"less.xml\"]", "small.toml:3: ", "less.xml is not among the files"),
        ("rules = [\"rules.toml\"]", "rules = [\"rows.toml\"]", "small.toml:4: ", "rows.toml"),
        ("body = \"n.s.Body\"", "body = \"n.s.Buddy\"", "small.toml:5: ", "n.s.Buddy is no structured type"),
        ("body = \"n.s.Body\"", "body = \"n.s.Base\"", "small.toml:5: ", "abstract"),
        ("\"inner.\"", "\"inner\"", "small.toml:7: ", "dot"),
        ("kind = \"add\"", "kind = \"read\"", "small.toml: ", "first [[operation]]"),
        ("kind = \"add\"", "kind = \"sub\"", "small.toml:16: ", "sub"),
        ("/things/{id}", "/things/{id}/{name}", "small.toml:15: ", "one parameter"),
        ("\"POST\"", "\"post\"", "small.toml:15: ", "capital"),
        ("success = 204", "success = 404", "small.toml:15: ", "200"),
        (
            "success = 204\n",
            "success = 204\n[[override]]\nrule = \"nothing\"\nlevel = \"must\"\n",
            "small.toml:21: ",
            "no rule",
        ),
        (
            "success = 204\n",
            "success = 204\n[[override]]\nrule = \"data/rule\"\nlevel = \"must\"\n",
            "small.toml:21: ",
            "lacks statuses",
        ),
    ]);
    let twice = MAIN.to_owned() + MAIN.split_once("\n\n").unwrap().1;
    assert!(load(&twice, TYPES, MORE, &rules()).unwrap_err().what().contains("two operations"));
    let sources = ContractSources { main: "small.toml", files: &[] };
    assert!(Contract::from_sources(&sources).unwrap_err().what().contains("missing"));
    assert!(Contract::named("sneed").unwrap_err().what().contains("there is seed"));
}

#[test]
fn faults_of_rules() {
    check(&[
        ("id = \"body/null/key\"", "id = \"body/null/kay\"", "rules.toml:", "body/null/kay has no condition"),
        ("id = \"body/null/key\"", "id = \"data/rule\"", "rules.toml:", "data/rule has no condition"),
        ("id = \"body/null/key\"", "id = \"body/null/item\"", "rules.toml:", "second row"),
        ("then = \"flag present\"", "", "rules.toml:", "both type and then"),
        ("type = \"n.s.Base\"", "", "rules.toml:", "both type and then"),
        ("type = \"n.s.Base\"", "type = \"n.s.Nobody\"", "rules.toml:", "n.s.Nobody is no structured type"),
        ("type = \"n.s.Base\"", "level = \"must\"", "rules.toml:", "duplicate key"),
        ("statement = \"s\"", "statement = \"\"", "rules.toml:2: ", "lacks a text"),
        ("citations = [\"c\"]", "citations = []", "rules.toml:2: ", "lacks a text"),
        ("level = \"unspecified\"", "level = \"must\"", "rules.toml:2: ", "lacks statuses"),
        ("level = \"unspecified\"", "level = \"unspecified\"\nstatuses = \"4xx\"", "rules.toml:2: ", "remove them"),
        ("level = \"unspecified\"", "level = \"should\"\nstatuses = \"4x\"", "rules.toml:2: ", "`4x`"),
        (
            "level = \"unspecified\"",
            "level = \"must\"\nstatuses = \"4xx\"\npreferred = \"501\"",
            "rules.toml:2: ",
            "prefers 501",
        ),
        ("level = \"unspecified\"", "level = \"maybe\"", "rules.toml:4: ", "maybe"),
        ("example = \"e\"", "example = \"e\"\nthen = \"flag present\"", "rules.toml:2: ", "checked by the engine"),
    ]);
    let short = rules().replacen("[[rule]]\nid = \"accept/body\"", "[[rule]]\nid = \"accept/bodies\"", 1);
    assert!(load(MAIN, TYPES, MORE, &short).is_err());
    let without = rules().replacen(&row("answer/allow"), "", 1);
    let missing = load(MAIN, TYPES, MORE, &without).unwrap_err();
    assert!(missing.what().contains("answer/allow, which has no row") && missing.file() == "rules.toml");
}

#[test]
fn faults_of_clauses() {
    let on_body = |clause: &str| {
        let old = "type = \"n.s.Base\"\nthen = \"flag present\"";
        let rules = rules().replacen(
            old,
            &format!("type = \"n.s.Body\"\nif = [\"colour is red|blue\"]\nthen = \"{clause}\""),
            1,
        );
        load(MAIN, TYPES, MORE, &rules).map(|_| ()).map_err(|error| error.to_string())
    };
    for sound in [
        "flag absent",
        "flag is true",
        "colour is not red",
        "names has items",
        "names is empty",
        "number within -1..31",
        "last not before first",
    ] {
        assert_eq!(on_body(sound), Ok(()), "{sound}");
    }
    for (clause, what) in [
        ("flags present", "no property `flags`"),
        ("flag", "is not understood"),
        ("flag exists", "is not understood"),
        ("flag is maybe", "no value of flag"),
        ("colour is red|", "speaks of ``"),
        ("colour is green", "`green`"),
        ("number is 3", "no value of number"),
        ("names is red", "single value"),
        ("flag has items", "needs a collection"),
        ("colour within 1..2", "needs an Edm.Int32"),
        ("number within 1", "has no range"),
        ("number within 2..1", "has no range"),
        ("last not before number", "two Edm.Date"),
        ("last not before nobody", "no property `nobody`"),
    ] {
        let message = on_body(clause).expect_err(clause);
        assert!(message.starts_with("rules.toml:") && message.contains(what), "{clause}: {message}");
    }
}

#[test]
fn overrides_change_level_and_statuses() {
    let main = format!(
        "{MAIN}\n[[override]]\nrule = \"data/rule\"\nlevel = \"must\"\nstatuses = \"4xx\"\npreferred = \"400\"\n"
    );
    let contract = load(&main, TYPES, MORE, &rules()).unwrap();
    let changed = contract.rule(contract.rule_named("data/rule").unwrap());
    assert_eq!((changed.level, changed.preferred.contains(400)), (Level::Must, true));
}
