//! Access reviews: who looks at existing assignments, and how often.

use super::enumeration::ReviewExpirationBehavior;
use super::field::Collection;
use super::record::record;
use super::schedule::Schedule;
use super::subject::SubjectSet;

record! {
    /// The reviews of the assignments of a policy.
    pub struct ReviewSettings<'a> as "accessPackageAssignmentReviewSettings" {
        expiration_behavior: ReviewExpirationBehavior<'a> = "expirationBehavior",
        fallback_reviewers: Collection<SubjectSet<'a>> = "fallbackReviewers",
        is_enabled: bool = "isEnabled",
        is_recommendation_enabled: bool = "isRecommendationEnabled",
        is_reviewer_justification_required: bool = "isReviewerJustificationRequired",
        is_self_review: bool = "isSelfReview",
        primary_reviewers: Collection<SubjectSet<'a>> = "primaryReviewers",
        schedule: Schedule<'a> = "schedule",
    }
}
