//! Subject sets: the people, groups, agents and rules that a policy names as
//! targets, requestors, approvers or reviewers.

use super::extension::Reference;
use super::field::Collection;
use super::record::record;
use super::scalar::{Int32, Text};
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
    pub struct AttributeRuleMembers<'a> as "attributeRuleMembers" {
        description: Text<'a> = "description",
        /// In the syntax of dynamic groups.
        membership_rule: Text<'a> = "membershipRule",
    }
}

record! {
    /// The users of a connected organization.
    pub struct ConnectedOrganizationMembers<'a> as "connectedOrganizationMembers" {
        connected_organization_id: Text<'a> = "connectedOrganizationId",
        description: Text<'a> = "description",
    }
}

record! {
    /// The external sponsors of the requestor's connected organization.
    pub struct ExternalSponsors<'a> as "externalSponsors" {}
}

record! {
    /// The members of a group.
    pub struct GroupMembers<'a> as "groupMembers" {
        /// Read-only by its page, and sent by published bodies.
        description: Text<'a> = "description",
        group_id: Text<'a> = "groupId",
    }
}

record! {
    /// Groups, as lifecycle workflows name them.
    pub struct GroupBasedSubjectSet<'a> as "identityGovernance.groupBasedSubjectSet" {
        groups: Collection<Reference<'a>> = "groups",
    }
}

record! {
    /// A rule, as lifecycle workflows write it.
    pub struct RuleBasedSubjectSet<'a> as "identityGovernance.ruleBasedSubjectSet" {
        rule: Text<'a> = "rule",
    }
}

record! {
    /// The internal sponsors of the requestor's connected organization.
    pub struct InternalSponsors<'a> as "internalSponsors" {}
}

record! {
    /// A manager of the requestor.
    pub struct RequestorManager<'a> as "requestorManager" {
        /// 1 or 2; 1 is the direct manager.
        manager_level: Int32<'a> = "managerLevel",
    }
}

record! {
    /// One service principal.
    pub struct SingleServicePrincipal<'a> as "singleServicePrincipal" {
        description: Text<'a> = "description",
        service_principal_id: Text<'a> = "servicePrincipalId",
    }
}

record! {
    /// One user.
    pub struct SingleUser<'a> as "singleUser" {
        /// Read-only by its page, and sent by published bodies.
        description: Text<'a> = "description",
        user_id: Text<'a> = "userId",
    }
}

record! {
    /// The sponsors or owners of the agent identity that gets access.
    pub struct TargetAgentIdentitySponsorsOrOwners<'a> as "targetAgentIdentitySponsorsOrOwners" {}
}

record! {
    /// The owners of the application that gets access.
    pub struct TargetApplicationOwners<'a> as "targetApplicationOwners" {}
}

record! {
    /// A manager of the user who gets access.
    pub struct TargetManager<'a> as "targetManager" {
        /// 1 to 4; 1 is the direct manager.
        manager_level: Int32<'a> = "managerLevel",
    }
}

record! {
    /// The sponsors of the user who gets access.
    pub struct TargetUserSponsors<'a> as "targetUserSponsors" {}
}
