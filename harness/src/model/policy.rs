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
use super::scalar::{DateTimeOffset, Text};
use super::schedule::ExpirationPattern;
use super::settings::{AutomaticRequestSettings, NotificationSettings, RequestorSettings};
use super::subject::SubjectSet;
use super::write::Write;

record! {
    /// Who can get an access package, who approves, and for how long.
    pub struct Policy<'a> as "accessPackageAssignmentPolicy" {
        /// Assigned by the service.
        id: Text<'a> = "id",
        allowed_target_scope: AllowedTargetScope<'a> = "allowedTargetScope",
        /// Only an automatic policy has them.
        automatic_request_settings: AutomaticRequestSettings<'a> = "automaticRequestSettings",
        created_date_time: DateTimeOffset<'a> = "createdDateTime",
        description: Text<'a> = "description",
        display_name: Text<'a> = "displayName",
        expiration: ExpirationPattern<'a> = "expiration",
        modified_date_time: DateTimeOffset<'a> = "modifiedDateTime",
        notification_settings: NotificationSettings<'a> = "notificationSettings",
        request_approval_settings: ApprovalSettings<'a> = "requestApprovalSettings",
        requestor_settings: RequestorSettings<'a> = "requestorSettings",
        review_settings: ReviewSettings<'a> = "reviewSettings",
        specific_allowed_targets: Collection<SubjectSet<'a>> = "specificAllowedTargets",
        /// A body names the package by its id.
        access_package: Reference<'a> = "accessPackage",
        catalog: Reference<'a> = "catalog",
        custom_extension_stage_settings: Collection<CustomExtensionStageSetting<'a>> =
            "customExtensionStageSettings",
        questions: Collection<Question<'a>> = "questions",
    }
}

impl<'a> Policy<'a> {
    /// Reads a policy: one JSON object, and nothing after it. It borrows from the text
    /// what the text has as it is: [`Policy::into_owned`] makes it last longer.
    ///
    /// Through serde directly, the model reads only from text in memory, and
    /// names no path; a stage of an unknown type is then refused if its
    /// `@odata.type` follows a member that does not fit the declared stage.
    ///
    /// ```
    /// use policy_harness::model::Policy;
    /// let policy = Policy::from_slice(br#"{"displayName":"Sales"}"#)?;
    /// assert_eq!(policy.display_name.value().unwrap().as_str(), "Sales");
    /// let kept: Policy<'static> = policy.into_owned();
    /// assert_eq!(kept.to_vec(), br#"{"displayName":"Sales"}"#);
    /// # Ok::<(), policy_harness::model::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is not JSON, when a declared member has a value of the
    /// wrong JSON type, or when an object has a declared member twice.
    pub fn from_slice(text: &'a [u8]) -> Result<Policy<'a>, ModelError> {
        document::read(text)
    }

    /// Writes the policy without white space: of every object `@odata.type`
    /// first, then the declared members in the order of the declaration, then
    /// the others. `Serialize` writes the same.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(USUAL_LENGTH);
        self.write_into(&mut out);
        out
    }

    /// The same, behind what the buffer holds.
    pub fn write_into(&self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

/// Bytes of most policies.
const USUAL_LENGTH: usize = 2048;
