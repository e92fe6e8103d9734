//! The smaller settings of a policy: who can request, what happens without a
//! request, and who hears of it.

use super::field::Collection;
use super::record::record;
use super::scalar::Duration;
use super::subject::SubjectSet;

record! {
    /// Assignments that are made and removed without a request.
    pub struct AutomaticRequestSettings<'a> as "accessPackageAutomaticRequestSettings" {
        grace_period_before_access_removal: Duration<'a> = "gracePeriodBeforeAccessRemoval",
        remove_access_when_target_leaves_allowed_targets: bool =
            "removeAccessWhenTargetLeavesAllowedTargets",
        request_access_for_allowed_targets: bool = "requestAccessForAllowedTargets",
    }
}

record! {
    /// Whether people are told about their assignments.
    pub struct NotificationSettings<'a> as "accessPackageNotificationSettings" {
        is_assignment_notification_disabled: bool = "isAssignmentNotificationDisabled",
    }
}

record! {
    /// Who can request, for whom, and what.
    pub struct RequestorSettings<'a> as "accessPackageAssignmentRequestorSettings" {
        allow_custom_assignment_schedule: bool = "allowCustomAssignmentSchedule",
        enable_on_behalf_requestors_to_add_access: bool = "enableOnBehalfRequestorsToAddAccess",
        enable_on_behalf_requestors_to_remove_access: bool =
            "enableOnBehalfRequestorsToRemoveAccess",
        enable_on_behalf_requestors_to_update_access: bool =
            "enableOnBehalfRequestorsToUpdateAccess",
        enable_targets_to_self_add_access: bool = "enableTargetsToSelfAddAccess",
        enable_targets_to_self_remove_access: bool = "enableTargetsToSelfRemoveAccess",
        enable_targets_to_self_update_access: bool = "enableTargetsToSelfUpdateAccess",
        on_behalf_requestors: Collection<SubjectSet<'a>> = "onBehalfRequestors",
    }
}
