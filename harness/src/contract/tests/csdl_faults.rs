//! Faults of CSDL documents: of the XML, of what they declare, of annotations.

use super::{MAIN, MORE, TYPES, check, load, rules};

#[test]
fn faults_of_xml() {
    check(&[
        ("<Edmx>\n<Reference Uri=\"core\"", "<Edmx><Reference Uri=core", "types.xml:1: ", "not well-formed"),
        ("</ComplexType>\n</Schema>", "</EntityType>\n</Schema>", "types.xml:15: ", "not well-formed"),
        ("</Schema>\n</DataServices>\n</Edmx>", "</Schema>", "types.xml:4: ", "never closed"),
        ("<DataServices><Schema Namespace=\"more\">", "<!DOCTYPE a><a>", "more.xml:3: ", "DOCTYPE"),
        ("<DataServices>\n<Schema", "<DataServices>&lol;<Schema", "types.xml:4: ", "&lol;"),
    ]);
    let deep = format!("<Edmx>{}", "<a>".repeat(100_000));
    assert!(load(MAIN, &deep, MORE, &rules()).unwrap_err().what().contains("nested more than"));
    assert!(load(MAIN, "", MORE, &rules()).unwrap_err().what().contains("no element"));
    assert!(load(MAIN, "<a/><b/>", MORE, &rules()).unwrap_err().what().contains("second root"));
    assert!(load(MAIN, "<a/>", MORE, &rules()).unwrap_err().what().contains("not the root"));
}

#[test]
fn faults_of_declarations() {
    check(&[
        ("Type=\"n.Colour\"", "Type=\"n.Color\"", "types.xml:10: ", "no type n.s.Color"),
        ("Type=\"n.Colour\"", "Type=\"m.Colour\"", "types.xml:10: ", "not in a namespace"),
        ("Type=\"n.Colour\"", "", "types.xml:10: ", "no attribute Type"),
        (
            "Type=\"n.Colour\"",
            "Type=\"n.Base\"/><Property Name=\"colour\" Type=\"n.Colour\"",
            "types.xml:9: ",
            "colour twice",
        ),
        ("<Property Name=\"first\"", "<Property Name=\"flag\"", "types.xml:9: ", "flag twice"),
        ("BaseType=\"n.Base\"", "BaseType=\"n.Body\"", "types.xml:9: ", "circle"),
        ("BaseType=\"n.Base\"", "BaseType=\"n.Colour\"", "types.xml:9: ", "cannot derive"),
        ("<EnumType Name=\"Colour\">", "<EnumType Name=\"Base\">", "types.xml:7: ", "declared twice"),
        ("Name=\"blue\"", "Name=\"red\"", "types.xml:7: ", "red twice"),
        ("Value=\"1\"", "Value=\"one\"", "types.xml:7: ", "whole number"),
        (" Nullable=\"false\"", "", "types.xml:11: ", "Nullable"),
        (" Nullable=\"false\"", " Nullable=\"no\"", "types.xml:11: ", "true or false"),
        (" Nullable=\"false\"", " Nulable=\"false\"", "types.xml:11: ", "Nulable"),
        ("<Property Name=\"last\"", "<Propertie Name=\"last\"", "types.xml:13: ", ""),
        ("<EnumType Name=\"Colour\">", "<Action/><EnumType Name=\"Colour\">", "types.xml:7: ", "<Action>"),
        ("Alias=\"Validation\"", "Alias=\"Core\"", "types.xml:3: ", "two namespaces"),
        ("Type=\"n.Colour\"", "Type=\"n.Nobody\"", "types.xml:10: ", "no type"),
    ]);
    let lonely = TYPES.replace("Type=\"n.Colour\"", "Type=\"n.Lonely\"");
    let lonely = lonely.replace("<EnumType", "<ComplexType Name=\"Lonely\" Abstract=\"true\"/><EnumType");
    assert!(load(MAIN, &lonely, MORE, &rules()).unwrap_err().what().contains("no concrete type"));
}

#[test]
fn faults_of_annotations() {
    check(&[
        ("Body/flag", "Nobody/flag", "more.xml:4: ", "n.s.Nobody/flag"),
        ("Body/flag", "Body/flags", "more.xml:4: ", "n.s.Body/flags"),
        ("Body/flag", "Colour/green", "more.xml:4: ", "n.s.Colour/green"),
        ("Harness.Rule", "Harness.Role", "more.xml:4: ", "policyHarness.V1.Role"),
        ("String=\"body/property/open\"", "String=\"body/open\"", "more.xml:4: ", "body/open"),
        ("String=\"body/property/open\"", "Int=\"3\"", "more.xml:4: ", "rule id"),
        (
            "Term=\"Harness.Rule\" String=\"body/property/open\"",
            "Term=\"Harness.Format\" String=\"guid\"",
            "more.xml:4: ",
            "does not fit",
        ),
        (
            "Term=\"Harness.Rule\" String=\"body/property/open\"",
            "Term=\"Harness.Reference\"",
            "more.xml:4: ",
            "does not fit",
        ),
        ("Int=\"3\"", "Int=\"3000000000\"", "types.xml:14: ", "Int32"),
        ("Int=\"3\"/>", "Int=\"3\"/><Annotation Term=\"Validation.Maximum\" Int=\"2\"/>", "types.xml:14: ", "empty"),
        ("Int=\"3\"/>", "><Null/></Annotation>", "types.xml:14: ", "<Null>"),
    ]);
}

#[test]
fn long_chains_of_base_types_are_a_fault() {
    let chain: String =
        (0..100).map(|index| format!("<ComplexType Name=\"T{}\" BaseType=\"n.T{index}\"/>", index + 1)).collect();
    let types = TYPES.replace("<EnumType", &format!("<ComplexType Name=\"T0\"/>{chain}<EnumType"));
    assert!(load(MAIN, &types, MORE, &rules()).unwrap_err().what().contains("circle"));
}
