//! The exported JSON Schema as a witness: it is read by a validator that shares no
//! code with this project.

use boon::{Compiler, SchemaIndex, Schemas};
use policy_harness::export::json_schema;
use serde_json::Value;

use crate::subject::contract;

thread_local! {
    static COMPILED: (Schemas, SchemaIndex) = compiled();
}

fn compiled() -> (Schemas, SchemaIndex) {
    const PLACE: &str = "urn:policy-harness:body";
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let document = serde_json::from_str(&json_schema(contract())).expect("the export is JSON");
    compiler.add_resource(PLACE, document).expect("the place is a URL");
    let schema = compiler.compile(PLACE, &mut schemas).expect("the export is a schema");
    (schemas, schema)
}

/// Whether a body fits the schema; none where the reader before it refuses the text.
pub(crate) fn fits(body: &[u8]) -> Option<bool> {
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(COMPILED.with(|(schemas, schema)| schemas.validate(&value, *schema).is_ok()))
}
