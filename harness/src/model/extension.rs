//! Other entities, which a policy body names by reference, and the stages at
//! which a custom extension is called.

use super::enumeration::CustomExtensionStage;
use super::record::record;
use super::scalar::Text;

record! {
    /// An entity named by its id: an access package, a catalog, a custom
    /// extension, a group. What else it carries is kept as unknown.
    pub struct Reference<'a> as "entity" {
        id: Text<'a> = "id",
    }
}

record! {
    /// A custom extension and when it is called.
    pub struct CustomExtensionStageSetting<'a> as "customExtensionStageSetting" {
        id: Text<'a> = "id",
        stage: CustomExtensionStage<'a> = "stage",
        /// Names a `customCalloutExtension`.
        custom_extension: Reference<'a> = "customExtension",
    }
}
