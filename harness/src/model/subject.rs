//! Subject sets: the people, groups, agents and rules that a policy names as
//! targets, requestors, approvers or reviewers.

use super::extension::Reference;
use super::field::Collection;
use super::record::record;
use super::scalar::Int32;
use super::union::union;

union! {
    /// A set of subjects.
    pub enum SubjectSet as "subjectSet" {
        "attributeRuleMembers" => AttributeRuleMembers,
        "connectedOrganizationMembers" => ConnectedOrganizationMembers,
        "externalSponsors" => ExternalSponsors,
        "groupMembers" => GroupMembers,
        "identityGovernance.groupBasedSubjectSet" => GroupBasedSubjectSet,
        "identityGovernance.ruleBasedSubjectSet" => RuleBasedSubjectSet,
        "internalSponsors" => InternalSponsors,
        "requestorManager" => RequestorManager,
        "singleServicePrincipal" => SingleServicePrincipal,
        "singleUser" => SingleUser,
        "targetAgentIdentitySponsorsOrOwners" => TargetAgentIdentitySponsorsOrOwners,
        "targetApplicationOwners" => TargetApplicationOwners,
        "targetManager" => TargetManager,
        "targetUserSponsors" => TargetUserSponsors,
    }
}

record! {
    /// The users that a rule on attributes selects.
    pub struct AttributeRuleMembers as "attributeRuleMembers" {
        description: String = "description",
        /// In the syntax of dynamic groups.
        membership_rule: String = "membershipRule",
    }
}

record! {
    /// The users of a connected organization.
    pub struct ConnectedOrganizationMembers as "connectedOrganizationMembers" {
        connected_organization_id: String = "connectedOrganizationId",
        description: String = "description",
    }
}

record! {
    /// The external sponsors of the requestor's connected organization.
    pub struct ExternalSponsors as "externalSponsors" {}
}

record! {
    /// The members of a group.
    pub struct GroupMembers as "groupMembers" {
        /// Read-only by its page, and sent by published bodies.
        description: String = "description",
        group_id: String = "groupId",
    }
}

record! {
    /// Groups, as lifecycle workflows name them.
    pub struct GroupBasedSubjectSet as "identityGovernance.groupBasedSubjectSet" {
        groups: Collection<Reference> = "groups",
    }
}

record! {
    /// A rule, as lifecycle workflows write it.
    pub struct RuleBasedSubjectSet as "identityGovernance.ruleBasedSubjectSet" {
        rule: String = "rule",
    }
}

record! {
    /// The internal sponsors of the requestor's connected organization.
    pub struct InternalSponsors as "internalSponsors" {}
}

record! {
    /// A manager of the requestor.
    pub struct RequestorManager as "requestorManager" {
        /// 1 or 2; 1 is the direct manager.
        manager_level: Int32 = "managerLevel",
    }
}

record! {
    /// One service principal.
    pub struct SingleServicePrincipal as "singleServicePrincipal" {
        description: String = "description",
        service_principal_id: String = "servicePrincipalId",
    }
}

record! {
    /// One user.
    pub struct SingleUser as "singleUser" {
        /// Read-only by its page, and sent by published bodies.
        description: String = "description",
        user_id: String = "userId",
    }
}

record! {
    /// The sponsors or owners of the agent identity that gets access.
    pub struct TargetAgentIdentitySponsorsOrOwners as "targetAgentIdentitySponsorsOrOwners" {}
}

record! {
    /// The owners of the application that gets access.
    pub struct TargetApplicationOwners as "targetApplicationOwners" {}
}

record! {
    /// A manager of the user who gets access.
    pub struct TargetManager as "targetManager" {
        /// 1 to 4; 1 is the direct manager.
        manager_level: Int32 = "managerLevel",
    }
}

record! {
    /// The sponsors of the user who gets access.
    pub struct TargetUserSponsors as "targetUserSponsors" {}
}
