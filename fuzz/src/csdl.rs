//! The reader of a contract's types: it bears any text, names a line of it where it is
//! wrong, and what it makes of it holds together.

use policy_harness::contract::{ContractError, Kind, Schema, StructuredType, TypeId};

use crate::planted;

/// Reads the input as a CSDL document.
pub fn csdl(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let read = Schema::from_csdl("input", text);
    // The same text is read as the same again.
    assert_eq!(format!("{:?}", Schema::from_csdl("input", text)), format!("{read:?}"));
    match planted::declared(read) {
        Ok(schema) => holds_together(&schema),
        Err(error) => is_told(text, &error),
    }
}

/// A fault says where it is, and what to do.
fn is_told(text: &str, error: &ContractError) {
    let lines = 1 + text.bytes().filter(|&byte| byte == b'\n').count();
    assert_eq!(error.file(), "input");
    assert!(error.line().is_none_or(|line| (1..=lines).contains(&line)), "{error}");
    assert!(!error.what().is_empty());
}

/// Every index leads somewhere, every name is there once, and no value has an abstract type.
fn holds_together(schema: &Schema) {
    let declared = |id: TypeId| &schema.types[usize::from(id.0)];
    for (index, structured) in (0u16..).zip(&schema.types) {
        let id = TypeId(index);
        assert_eq!(schema.type_named(&structured.name), Some(id), "{}", structured.name);
        for &concrete in &structured.concrete {
            assert!(!declared(concrete).is_abstract && schema.derives(concrete, id), "{}", structured.name);
        }
        if let Some(base) = structured.base {
            let inherited = &declared(base).properties;
            let own = structured.properties.get(..inherited.len()).unwrap_or_default();
            assert!(inherited.iter().zip(own).all(|(one, other)| one.name == other.name), "{}", structured.name);
            assert_eq!(own.len(), inherited.len(), "{}", structured.name);
        }
        leads_somewhere(schema, structured);
    }
}

fn leads_somewhere(schema: &Schema, structured: &StructuredType) {
    for property in &structured.properties {
        match property.kind {
            Kind::Primitive(_) => {}
            Kind::Enum(id) => assert!(!schema.enums[usize::from(id.0)].members.is_empty(), "{}", property.name),
            Kind::Structured(id) => {
                assert!(!schema.types[usize::from(id.0)].concrete.is_empty(), "{}", property.name);
            }
        }
        let others = structured.properties.iter().filter(|other| other.name == property.name);
        assert_eq!(others.count(), 1, "{}", property.name);
    }
}
