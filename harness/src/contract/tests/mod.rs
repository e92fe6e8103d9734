//! Every fault of a contract's files is found, and says where it is and what
//! to do. Each test writes one fault into a small contract that is sound.

mod csdl_faults;
mod seed;
mod toml_faults;

use super::{Contract, ContractError, ContractSources, rule};

const MAIN: &str = r#"name = "small"
title = "A small contract"
csdl = ["types.xml", "more.xml"]
rules = ["rules.toml"]
body = "n.s.Body"
root_aliases = []
open_namespaces = ["inner."]
open_root_namespaces = []
hash_optional = true
max_string = 10
max_items = 2
max_depth = 9

[[operation]]
id = "add"
kind = "add"
method = "POST"
path = "/things/{id}"
success = 204
"#;

const TYPES: &str = r#"<Edmx>
<Reference Uri="core"><Include Namespace="Org.OData.Core.V1" Alias="Core"/></Reference>
<Reference Uri="validation"><Include Namespace="Org.OData.Validation.V1" Alias="Validation"/></Reference>
<DataServices>
<Schema Namespace="policyHarness.V1" Alias="Harness"/>
<Schema Namespace="n.s" Alias="n">
<EnumType Name="Colour"><Member Name="red" Value="0"/><Member Name="blue" Value="1"/></EnumType>
<ComplexType Name="Base" Abstract="true"><Property Name="flag" Type="Edm.Boolean"/></ComplexType>
<ComplexType Name="Body" BaseType="n.Base">
<Property Name="colour" Type="n.Colour"/>
<Property Name="names" Type="Collection(Edm.String)" Nullable="false"/>
<Property Name="first" Type="Edm.Date"/>
<Property Name="last" Type="Edm.Date"/>
<Property Name="number" Type="Edm.Int32"><Annotation Term="Validation.Minimum" Int="3"/></Property>
</ComplexType>
</Schema>
</DataServices>
</Edmx>
"#;

const MORE: &str = r#"<Edmx>
<Reference Uri="types.xml"><Include Namespace="n.s"/><Include Namespace="policyHarness.V1" Alias="Harness"/></Reference>
<DataServices><Schema Namespace="more">
<Annotations Target="n.s.Body/flag"><Annotation Term="Harness.Rule" String="body/property/open"/></Annotations>
</Schema></DataServices>
</Edmx>
"#;

/// A row for each check of the engine, and one rule of data.
fn rules() -> String {
    let mut text = String::new();
    for id in rule::ENGINE {
        text += &row(id);
    }
    text += &row("data/rule");
    text + "type = \"n.s.Base\"\nthen = \"flag present\"\n"
}

fn row(id: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\nfamily = \"value\"\nlevel = \"unspecified\"\n\
         statement = \"s\"\ncitations = [\"c\"]\nexample = \"e\"\n"
    )
}

fn load(main: &str, types: &str, more: &str, rules: &str) -> Result<Contract, ContractError> {
    let files = [("small.toml", main), ("types.xml", types), ("more.xml", more), ("rules.toml", rules)];
    Contract::from_sources(&ContractSources { main: "small.toml", files: &files })
}

/// The fault after `old` became `new` in the one file that has it.
fn fault(old: &str, new: &str) -> String {
    let rules = rules();
    let files = [MAIN, TYPES, MORE, &rules];
    assert_eq!(files.iter().filter(|text| text.contains(old)).count(), 1, "{old} is in one file");
    let [main, types, more, rules] = files.map(|text| text.replacen(old, new, 1));
    load(&main, &types, &more, &rules).expect_err(new).to_string()
}

/// Checks faults: what is replaced, by what, and how the message begins and goes on.
fn check(cases: &[(&str, &str, &str, &str)]) {
    for (old, new, place, what) in cases {
        let message = fault(old, new);
        assert!(message.starts_with(place) && message.contains(what), "{old} -> {new}\n{message}");
        assert!(message.contains(';'), "says what to do: {message}");
    }
}

#[test]
fn the_small_contract_is_sound() {
    let contract = load(MAIN, TYPES, MORE, &rules()).unwrap();
    let body = &contract.schema.types[usize::from(contract.body.0)];
    assert_eq!(body.properties.len(), 6);
    assert_eq!(body.properties[0].open, Some(rule::PROPERTY_OPEN));
    assert_eq!(body.properties[5].facets.range, Some((3, i32::MAX)));
    // Said of Body, so not of its base.
    assert_eq!(contract.schema.types[0].properties[0].open, None);
}

/// Half a document is a fault or a smaller contract, never a panic; so is one
/// with a character changed.
#[test]
fn damaged_documents_do_not_panic() {
    let rules = rules();
    for cut in 0..TYPES.len() {
        let _ = load(MAIN, &TYPES[..cut], MORE, &rules);
        let mut damaged = TYPES.to_owned();
        damaged.replace_range(cut..=cut, ["<", "&", "\"", "/", "0"][cut % 5]);
        let _ = load(MAIN, &damaged, MORE, &rules);
    }
    for cut in 0..MAIN.len() {
        let _ = load(&MAIN[..cut], TYPES, MORE, &rules);
    }
}
