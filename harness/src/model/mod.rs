//! The typed model of `accessPackageAssignmentPolicy` (Microsoft Graph v1.0)
//! and of every type that a create or update body can carry. Reading and
//! writing lose nothing: absent, null and value are told apart, members and
//! types that Graph does not declare are kept, and numbers keep their text.
//!
//! [`Policy::from_slice`] and [`Policy::to_vec`] are the way in and out. What is
//! read borrows from its text; `into_owned` makes it stand alone.

mod approval;
mod document;
mod enumeration;
mod error;
mod extension;
mod field;
mod located;
mod members;
mod owned;
mod policy;
mod question;
mod read;
mod record;
mod review;
mod scalar;
mod schedule;
mod settings;
mod subject;
mod type_name;
mod union;
mod write;

#[cfg(test)]
mod tests;

pub use approval::{ApprovalSettings, ApprovalStage, Stage};
pub use enumeration::{
    AllowedTargetScope, ApproverInformationVisibility, CustomExtensionStage, DayOfWeek, ExpirationPatternType,
    RecurrencePatternType, RecurrenceRangeType, ReviewExpirationBehavior, WeekIndex,
};
pub use error::{FaultKind, ModelError};
pub use extension::{CustomExtensionStageSetting, Reference};
pub use field::{Collection, Field};
pub use members::{Members, Raw};
pub use policy::Policy;
pub use question::{AnswerChoice, LocalizedText, MultipleChoiceQuestion, Question, TextInputQuestion};
pub use review::ReviewSettings;
pub use scalar::{Date, DateTimeOffset, Duration, Int32, Text};
pub use schedule::{ExpirationPattern, PatternedRecurrence, RecurrencePattern, RecurrenceRange, Schedule};
pub use settings::{AutomaticRequestSettings, NotificationSettings, RequestorSettings};
pub use subject::{
    AttributeRuleMembers, ConnectedOrganizationMembers, ExternalSponsors, GroupBasedSubjectSet, GroupMembers,
    InternalSponsors, RequestorManager, RuleBasedSubjectSet, SingleServicePrincipal, SingleUser, SubjectSet,
    TargetAgentIdentitySponsorsOrOwners, TargetApplicationOwners, TargetManager, TargetUserSponsors,
};
pub use type_name::TypeName;
