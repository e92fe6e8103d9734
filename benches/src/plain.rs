//! The policy as somebody writes it who only wants to read and write it: structs
//! and enums with serde's derives. Absent and null are one, unknown members are
//! dropped, and what a type is not known of is an error. The model is measured
//! beside it, to see what it costs to lose nothing.
//!
//! An abstract type is an enum that `@odata.type` tells apart ([`Policy`]), or one
//! struct with the members of all its types, which reads quicker ([`FlatPolicy`]).

use serde::{Deserialize, Serialize};

/// A policy whose abstract types are enums.
pub type Policy = Record<SubjectSet, Question>;
/// A policy whose abstract types are structs with the members of all their types.
pub type FlatPolicy = Record<FlatSubjectSet, FlatQuestion>;

macro_rules! records {
    ($( $(#[$meta:meta])* $name:ident $(<$($generic:ident),+>)? { $($field:ident: $kind:ty,)* } )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name $(<$($generic),+>)? {
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $field: Option<$kind>,
            )*
        }
    )* };
}

records! {
    /// `accessPackageAssignmentPolicy`.
    Record<S, Q> {
        id: String,
        allowed_target_scope: AllowedTargetScope,
        automatic_request_settings: AutomaticRequestSettings,
        created_date_time: String,
        description: String,
        display_name: String,
        expiration: Expiration,
        modified_date_time: String,
        notification_settings: NotificationSettings,
        request_approval_settings: ApprovalSettings<S>,
        requestor_settings: RequestorSettings<S>,
        review_settings: ReviewSettings<S>,
        specific_allowed_targets: Vec<S>,
        access_package: Reference,
        catalog: Reference,
        custom_extension_stage_settings: Vec<CustomExtensionStageSetting>,
        questions: Vec<Q>,
    }
    /// `accessPackageAutomaticRequestSettings`.
    AutomaticRequestSettings {
        grace_period_before_access_removal: String,
        remove_access_when_target_leaves_allowed_targets: bool,
        request_access_for_allowed_targets: bool,
    }
    /// `accessPackageNotificationSettings`.
    NotificationSettings {
        is_assignment_notification_disabled: bool,
    }
    /// `accessPackageAssignmentApprovalSettings`.
    ApprovalSettings<S> {
        is_approval_required_for_add: bool,
        is_approval_required_for_update: bool,
        is_requestor_justification_required: bool,
        stages: Vec<Stage<S>>,
    }
    /// `accessPackageApprovalStage`.
    Stage<S> {
        approver_information_visibility: Visibility,
        duration_before_automatic_denial: String,
        duration_before_escalation: String,
        escalation_approvers: Vec<S>,
        fallback_escalation_approvers: Vec<S>,
        fallback_primary_approvers: Vec<S>,
        is_approver_justification_required: bool,
        is_escalation_enabled: bool,
        primary_approvers: Vec<S>,
    }
    /// `accessPackageAssignmentRequestorSettings`.
    RequestorSettings<S> {
        allow_custom_assignment_schedule: bool,
        enable_on_behalf_requestors_to_add_access: bool,
        enable_on_behalf_requestors_to_remove_access: bool,
        enable_on_behalf_requestors_to_update_access: bool,
        enable_targets_to_self_add_access: bool,
        enable_targets_to_self_remove_access: bool,
        enable_targets_to_self_update_access: bool,
        on_behalf_requestors: Vec<S>,
    }
    /// `accessPackageAssignmentReviewSettings`.
    ReviewSettings<S> {
        expiration_behavior: ReviewExpirationBehavior,
        fallback_reviewers: Vec<S>,
        is_enabled: bool,
        is_recommendation_enabled: bool,
        is_reviewer_justification_required: bool,
        is_self_review: bool,
        primary_reviewers: Vec<S>,
        schedule: Schedule,
    }
    /// `entitlementManagementSchedule`.
    Schedule {
        expiration: Expiration,
        recurrence: Recurrence,
        start_date_time: String,
    }
    /// `patternedRecurrence`.
    Recurrence {
        pattern: Pattern,
        range: Range,
    }
    /// `entity`.
    Reference {
        id: String,
    }
    /// `customExtensionStageSetting`.
    CustomExtensionStageSetting {
        id: String,
        stage: CustomExtensionStage,
        custom_extension: Reference,
    }
    /// `accessPackageAnswerChoice`.
    AnswerChoice {
        actual_value: String,
        localizations: Vec<LocalizedText>,
        text: String,
    }
    /// `accessPackageLocalizedText`.
    LocalizedText {
        language_code: String,
        text: String,
    }
}

/// `expirationPattern`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expiration {
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date_time: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<ExpirationKind>,
}

/// `recurrencePattern`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pattern {
    #[serde(skip_serializing_if = "Option::is_none")]
    day_of_month: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_of_week: Option<Vec<DayOfWeek>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_day_of_week: Option<DayOfWeek>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<WeekIndex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<i32>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<PatternKind>,
}

/// `recurrenceRange`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Range {
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_of_occurrences: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrence_time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<RangeKind>,
}

macro_rules! unions {
    ($( $(#[$meta:meta])* $name:ident, $flat:ident {
        $( $tag:literal $(or $alias:literal)? => $variant:ident { $($field:ident: $kind:ty,)* } )*
    } all { $($all:ident: $all_kind:ty,)* } )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "@odata.type")]
        #[expect(missing_docs, reason = "the tags and the members say what they are")]
        pub enum $name {
            $(
                #[serde(rename = $tag $(, alias = $alias)?, rename_all = "camelCase")]
                $variant {
                    $(
                        #[serde(skip_serializing_if = "Option::is_none")]
                        $field: Option<$kind>,
                    )*
                },
            )*
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $flat {
            #[serde(rename = "@odata.type", skip_serializing_if = "Option::is_none")]
            odata_type: Option<String>,
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $all: Option<$all_kind>,
            )*
        }
    )* };
}

unions! {
    /// `subjectSet`.
    SubjectSet, FlatSubjectSet {
        "#microsoft.graph.attributeRuleMembers" or "microsoft.graph.attributeRuleMembers" =>
            AttributeRuleMembers { description: String, membership_rule: String, }
        "#microsoft.graph.connectedOrganizationMembers" or "microsoft.graph.connectedOrganizationMembers" =>
            ConnectedOrganizationMembers { connected_organization_id: String, description: String, }
        "#microsoft.graph.externalSponsors" or "microsoft.graph.externalSponsors" => ExternalSponsors {}
        "#microsoft.graph.groupMembers" or "microsoft.graph.groupMembers" =>
            GroupMembers { description: String, group_id: String, }
        "#microsoft.graph.identityGovernance.groupBasedSubjectSet"
            or "microsoft.graph.identityGovernance.groupBasedSubjectSet" =>
            GroupBasedSubjectSet { groups: Vec<Reference>, }
        "#microsoft.graph.identityGovernance.ruleBasedSubjectSet"
            or "microsoft.graph.identityGovernance.ruleBasedSubjectSet" =>
            RuleBasedSubjectSet { rule: String, }
        "#microsoft.graph.internalSponsors" or "microsoft.graph.internalSponsors" => InternalSponsors {}
        "#microsoft.graph.requestorManager" or "microsoft.graph.requestorManager" =>
            RequestorManager { manager_level: i32, }
        "#microsoft.graph.singleServicePrincipal" or "microsoft.graph.singleServicePrincipal" =>
            SingleServicePrincipal { description: String, service_principal_id: String, }
        "#microsoft.graph.singleUser" or "microsoft.graph.singleUser" =>
            SingleUser { description: String, user_id: String, }
        "#microsoft.graph.targetAgentIdentitySponsorsOrOwners"
            or "microsoft.graph.targetAgentIdentitySponsorsOrOwners" => TargetAgentIdentitySponsorsOrOwners {}
        "#microsoft.graph.targetApplicationOwners" or "microsoft.graph.targetApplicationOwners" =>
            TargetApplicationOwners {}
        "#microsoft.graph.targetManager" or "microsoft.graph.targetManager" => TargetManager { manager_level: i32, }
        "#microsoft.graph.targetUserSponsors" or "microsoft.graph.targetUserSponsors" => TargetUserSponsors {}
    } all {
        connected_organization_id: String,
        description: String,
        group_id: String,
        groups: Vec<Reference>,
        manager_level: i32,
        membership_rule: String,
        rule: String,
        service_principal_id: String,
        user_id: String,
    }
    /// `accessPackageQuestion`.
    Question, FlatQuestion {
        "#microsoft.graph.accessPackageMultipleChoiceQuestion"
            or "microsoft.graph.accessPackageMultipleChoiceQuestion" =>
            MultipleChoice {
                id: String,
                is_answer_editable: bool,
                is_required: bool,
                localizations: Vec<LocalizedText>,
                sequence: i32,
                text: String,
                choices: Vec<AnswerChoice>,
                is_multiple_selection_allowed: bool,
            }
        "#microsoft.graph.accessPackageTextInputQuestion" or "microsoft.graph.accessPackageTextInputQuestion" =>
            TextInput {
                id: String,
                is_answer_editable: bool,
                is_required: bool,
                localizations: Vec<LocalizedText>,
                sequence: i32,
                text: String,
                is_single_line_question: bool,
                regex_pattern: String,
            }
    } all {
        id: String,
        is_answer_editable: bool,
        is_required: bool,
        localizations: Vec<LocalizedText>,
        sequence: i32,
        text: String,
        choices: Vec<AnswerChoice>,
        is_multiple_selection_allowed: bool,
        is_single_line_question: bool,
        regex_pattern: String,
    }
}

macro_rules! enumerations {
    ($( $name:ident { $($member:ident),* } )*) => { $(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[expect(missing_docs, reason = "the members say what they are")]
        pub enum $name { $($member),* }
    )* };
}

enumerations! {
    AllowedTargetScope {
        NotSpecified, SpecificDirectoryUsers, SpecificConnectedOrganizationUsers,
        SpecificDirectoryServicePrincipals, AllMemberUsers, AllDirectoryUsers, AllDirectoryServicePrincipals,
        AllConfiguredConnectedOrganizationUsers, AllExternalUsers, AllDirectoryAgentIdentities, UnknownFutureValue
    }
    ExpirationKind { NotSpecified, NoExpiration, AfterDateTime, AfterDuration }
    ReviewExpirationBehavior { KeepAccess, RemoveAccess, AcceptAccessRecommendation, UnknownFutureValue }
    Visibility { Default, NotVisible, Visible, UnknownFutureValue }
    CustomExtensionStage {
        AssignmentRequestCreated, AssignmentRequestApproved, AssignmentRequestGranted, AssignmentRequestRemoved,
        AssignmentFourteenDaysBeforeExpiration, AssignmentOneDayBeforeExpiration, UnknownFutureValue
    }
    DayOfWeek { Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday }
    WeekIndex { First, Second, Third, Fourth, Last }
    PatternKind { Daily, Weekly, AbsoluteMonthly, RelativeMonthly, AbsoluteYearly, RelativeYearly }
    RangeKind { EndDate, NoEnd, Numbered }
}
