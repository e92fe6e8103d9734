//! Approval: whether it is needed, and the stages a request goes through.
//!
//! A stage needs no `@odata.type`, because its base type is concrete. A stage
//! without a leading tag is therefore read as the base type at once; a tag of
//! an unknown type that comes later turns it into its plain members again.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::enumeration::ApproverInformationVisibility;
use super::field::{Collection, Field};
use super::members::{Members, Name, RawText};
use super::owned::IntoOwned;
use super::record::{Record, record};
use super::scalar::Duration;
use super::subject::SubjectSet;
use super::type_name::{TAG, Tag, short};
use super::union::Early;
use super::write::Write;

const STAGE: &str = "accessPackageApprovalStage";
const DYNAMIC_STAGE: &str = "accessPackageDynamicApprovalStage";

record! {
    /// Whether requests need approval, and whose.
    pub struct ApprovalSettings<'a> as "accessPackageAssignmentApprovalSettings" {
        is_approval_required_for_add: bool = "isApprovalRequiredForAdd",
        is_approval_required_for_update: bool = "isApprovalRequiredForUpdate",
        is_requestor_justification_required: bool = "isRequestorJustificationRequired",
        /// One to three when approval is required.
        stages: Collection<ApprovalStage<'a>> = "stages",
    }
}

record! {
    /// The properties of a stage, whether plain or dynamic.
    pub struct Stage<'a> as "accessPackageApprovalStage" {
        approver_information_visibility: ApproverInformationVisibility<'a> =
            "approverInformationVisibility",
        duration_before_automatic_denial: Duration<'a> = "durationBeforeAutomaticDenial",
        duration_before_escalation: Duration<'a> = "durationBeforeEscalation",
        escalation_approvers: Collection<SubjectSet<'a>> = "escalationApprovers",
        fallback_escalation_approvers: Collection<SubjectSet<'a>> = "fallbackEscalationApprovers",
        fallback_primary_approvers: Collection<SubjectSet<'a>> = "fallbackPrimaryApprovers",
        is_approver_justification_required: bool = "isApproverJustificationRequired",
        is_escalation_enabled: bool = "isEscalationEnabled",
        primary_approvers: Collection<SubjectSet<'a>> = "primaryApprovers",
    }
}

/// A stage of approval.
///
/// Graph v1.0 resource type `accessPackageApprovalStage` and the types derived
/// from it.
#[derive(Clone, Debug, PartialEq)]
pub enum ApprovalStage<'a> {
    /// `accessPackageApprovalStage`; also a stage without `@odata.type`.
    Standard(Stage<'a>),
    /// `accessPackageDynamicApprovalStage`, which declares no property of its
    /// own.
    Dynamic(Stage<'a>),
    /// Every member of an object whose `@odata.type` is no string, or names
    /// none of the types above.
    Other(Members<'a>),
}

impl<'a> ApprovalStage<'a> {
    /// The same, with a copy of every text that is borrowed.
    pub fn into_owned(self) -> ApprovalStage<'static> {
        IntoOwned::into_owned(self)
    }

    /// What `@odata.type` says, when it is a string.
    pub fn odata_type(&self) -> Option<Cow<'_, str>> {
        match self {
            ApprovalStage::Standard(stage) | ApprovalStage::Dynamic(stage) => {
                stage.odata_type.value().map(|name| name.as_str().into())
            }
            ApprovalStage::Other(members) => members.odata_type(),
        }
    }

    /// The properties, when the type is known.
    pub fn stage(&self) -> Option<&Stage<'a>> {
        match self {
            ApprovalStage::Standard(stage) | ApprovalStage::Dynamic(stage) => Some(stage),
            ApprovalStage::Other(_) => None,
        }
    }

    /// The type that the tag says, once everything has been read.
    fn settle<E: Error>(stage: Stage<'a>) -> Result<Self, E> {
        let Field::Value(name) = &stage.odata_type else {
            return match stage.odata_type {
                Field::Null => Self::demote(&stage),
                _ => Ok(ApprovalStage::Standard(stage)),
            };
        };
        match short(name.as_str()) {
            STAGE => Ok(ApprovalStage::Standard(stage)),
            DYNAMIC_STAGE => Ok(ApprovalStage::Dynamic(stage)),
            _ => Self::demote(&stage),
        }
    }

    #[cold]
    fn demote<E: Error>(stage: &Stage<'_>) -> Result<Self, E> {
        let text = serde_json::to_string(stage).map_err(E::custom)?;
        let members: Members<'_> = serde_json::from_str(&text).map_err(E::custom)?;
        Ok(ApprovalStage::Other(members.into_owned()))
    }
}

impl<'a> From<Stage<'a>> for ApprovalStage<'a> {
    fn from(stage: Stage<'a>) -> Self {
        ApprovalStage::Standard(stage)
    }
}

impl Serialize for ApprovalStage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ApprovalStage::Standard(stage) | ApprovalStage::Dynamic(stage) => stage.serialize(serializer),
            ApprovalStage::Other(members) => members.serialize(serializer),
        }
    }
}

impl Write for ApprovalStage<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            ApprovalStage::Standard(stage) | ApprovalStage::Dynamic(stage) => stage.write(out),
            ApprovalStage::Other(members) => members.write_object(out),
        }
    }
}

impl IntoOwned for ApprovalStage<'_> {
    type Owned = ApprovalStage<'static>;

    fn into_owned(self) -> ApprovalStage<'static> {
        match self {
            ApprovalStage::Standard(stage) => ApprovalStage::Standard(stage.into_owned()),
            ApprovalStage::Dynamic(stage) => ApprovalStage::Dynamic(stage.into_owned()),
            ApprovalStage::Other(members) => ApprovalStage::Other(members.into_owned()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ApprovalStage<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StageVisitor)
    }
}

struct StageVisitor;

impl<'de> Visitor<'de> for StageVisitor {
    type Value = ApprovalStage<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(Stage::EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ApprovalStage<'de>, A::Error> {
        let mut stage = Stage::default();
        let Some(name) = map.next_key::<Name<'de>>()? else {
            return Ok(ApprovalStage::Standard(stage));
        };
        if name.as_str() != TAG {
            stage.take(name, &mut map)?;
            stage.read_rest(map)?;
            return ApprovalStage::settle(stage);
        }
        let raw: RawText<'de> = map.next_value()?;
        let early = Early::default();
        let Some(tag) = Tag::new(raw) else {
            let members = early.into_members(Some(raw));
            return members.read_rest(map).map(ApprovalStage::Other);
        };
        match tag.in_graph() {
            STAGE => early.resume(tag.into_name(), map).map(ApprovalStage::Standard),
            DYNAMIC_STAGE => early.resume(tag.into_name(), map).map(ApprovalStage::Dynamic),
            _ => {
                let members = early.into_members(Some(raw));
                members.read_rest(map).map(ApprovalStage::Other)
            }
        }
    }
}
