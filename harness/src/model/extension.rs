//! Other entities, which a policy body names by reference, and the stages at
//! which a custom extension is called.

use super::enumeration::CustomExtensionStage;
use super::record::record;

record! {
    /// An entity named by its id: an access package, a catalog, a custom
    /// extension, a group. What else it carries is kept as unknown.
    pub struct Reference as "entity" {
        id: String = "id",
    }
}

record! {
    /// A custom extension and when it is called.
    pub struct CustomExtensionStageSetting as "customExtensionStageSetting" {
        id: String = "id",
        stage: CustomExtensionStage = "stage",
        /// Names a `customCalloutExtension`.
        custom_extension: Reference = "customExtension",
    }
}
