//! The policy itself, the root of every create and update body.

use super::approval::ApprovalSettings;
use super::document;
use super::enumeration::AllowedTargetScope;
use super::error::ModelError;
use super::extension::{CustomExtensionStageSetting, Reference};
use super::field::Collection;
use super::question::Question;
use super::record::record;
use super::review::ReviewSettings;
use super::scalar::DateTimeOffset;
use super::schedule::ExpirationPattern;
use super::settings::{AutomaticRequestSettings, NotificationSettings, RequestorSettings};
use super::subject::SubjectSet;

record! {
    /// Who can get an access package, who approves, and for how long.
    pub struct Policy as "accessPackageAssignmentPolicy" {
        /// Assigned by the service.
        id: String = "id",
        allowed_target_scope: AllowedTargetScope = "allowedTargetScope",
        /// Only an automatic policy has them.
        automatic_request_settings: AutomaticRequestSettings = "automaticRequestSettings",
        created_date_time: DateTimeOffset = "createdDateTime",
        description: String = "description",
        display_name: String = "displayName",
        expiration: ExpirationPattern = "expiration",
        modified_date_time: DateTimeOffset = "modifiedDateTime",
        notification_settings: NotificationSettings = "notificationSettings",
        request_approval_settings: ApprovalSettings = "requestApprovalSettings",
        requestor_settings: RequestorSettings = "requestorSettings",
        review_settings: ReviewSettings = "reviewSettings",
        specific_allowed_targets: Collection<SubjectSet> = "specificAllowedTargets",
        /// A body names the package by its id.
        access_package: Reference = "accessPackage",
        catalog: Reference = "catalog",
        custom_extension_stage_settings: Collection<CustomExtensionStageSetting> =
            "customExtensionStageSettings",
        questions: Collection<Question> = "questions",
    }
}

impl Policy {
    /// Reads a policy: one JSON object, and nothing after it.
    ///
    /// Through serde directly, the model reads only from text in memory, and
    /// names no path; a stage of an unknown type is then refused if its
    /// `@odata.type` follows a member that does not fit the declared stage.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, when a declared member has a value of the
    /// wrong JSON type, or when an object has a declared member twice.
    pub fn from_slice(text: &[u8]) -> Result<Policy, ModelError> {
        document::read(text)
    }

    /// Writes the policy without white space: of every object `@odata.type`
    /// first, then the declared members in the order of the declaration, then
    /// the others.
    ///
    /// # Errors
    ///
    /// Never in practice: no value of the model is beyond JSON.
    pub fn to_vec(&self) -> Result<Vec<u8>, ModelError> {
        document::write(self)
    }
}
