//! The enumerations. A member that is not declared here is kept: Graph adds
//! members to a published enumeration, and a client must live with that.

use std::borrow::Cow;

use super::owned::IntoOwned;
use super::record::ReadInto;
use super::scalar::TextVisitor;
use super::write::Write;

macro_rules! enumeration {
    ($(
        $(#[$meta:meta])*
        $name:ident as $type:literal { $( $variant:ident = $text:literal, )* }
    )*) => { $(
        $(#[$meta])*
        #[doc = concat!("\nGraph v1.0 enumeration `", $type, "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name<'a> {
            $(
                #[doc = concat!("`", $text, "`.")]
                $variant,
            )*
            /// A member that is not declared, as written.
            Other(Cow<'a, str>),
        }

        impl $name<'_> {
            /// The declared members, in the order of their values.
            pub const DECLARED: &'static [$name<'static>] = &[$( $name::$variant, )*];

            /// The member as written.
            pub fn as_str(&self) -> &str {
                match self {
                    $( $name::$variant => $text, )*
                    $name::Other(text) => text,
                }
            }
        }

        impl<'a> From<Cow<'a, str>> for $name<'a> {
            fn from(text: Cow<'a, str>) -> Self {
                match &*text {
                    $( $text => $name::$variant, )*
                    _ => $name::Other(text),
                }
            }
        }

        impl<'a> From<&'a str> for $name<'a> {
            fn from(text: &'a str) -> Self {
                Cow::Borrowed(text).into()
            }
        }

        impl std::fmt::Display for $name<'_> {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Write for $name<'_> {
            fn write(&self, out: &mut Vec<u8>) {
                self.as_str().write(out);
            }
        }

        impl IntoOwned for $name<'_> {
            type Owned = $name<'static>;

            fn into_owned(self) -> $name<'static> {
                match self {
                    $( $name::$variant => $name::$variant, )*
                    $name::Other(text) => $name::Other(Cow::Owned(text.into_owned())),
                }
            }
        }

        impl<'de> ReadInto<'de> for $name<'de> {}

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                const EXPECTING: &str = concat!("a string (a member of ", $type, ")");
                deserializer.deserialize_str(TextVisitor(EXPECTING)).map(Into::into)
            }
        }
    )* };
}

enumeration! {
    /// Who can request access under a policy.
    AllowedTargetScope as "allowedTargetScope" {
        NotSpecified = "notSpecified",
        SpecificDirectoryUsers = "specificDirectoryUsers",
        SpecificConnectedOrganizationUsers = "specificConnectedOrganizationUsers",
        SpecificDirectoryServicePrincipals = "specificDirectoryServicePrincipals",
        AllMemberUsers = "allMemberUsers",
        AllDirectoryUsers = "allDirectoryUsers",
        AllDirectoryServicePrincipals = "allDirectoryServicePrincipals",
        AllConfiguredConnectedOrganizationUsers = "allConfiguredConnectedOrganizationUsers",
        AllExternalUsers = "allExternalUsers",
        AllDirectoryAgentIdentities = "allDirectoryAgentIdentities",
        UnknownFutureValue = "unknownFutureValue",
    }

    /// How an assignment or a series ends.
    ExpirationPatternType as "expirationPatternType" {
        NotSpecified = "notSpecified",
        NoExpiration = "noExpiration",
        AfterDateTime = "afterDateTime",
        AfterDuration = "afterDuration",
    }

    /// What happens to access that nobody reviewed in time.
    ReviewExpirationBehavior as "accessReviewExpirationBehavior" {
        KeepAccess = "keepAccess",
        RemoveAccess = "removeAccess",
        AcceptAccessRecommendation = "acceptAccessRecommendation",
        UnknownFutureValue = "unknownFutureValue",
    }

    /// Whether requestors see who approves.
    ApproverInformationVisibility as "approverInformationVisibility" {
        Default = "default",
        NotVisible = "notVisible",
        Visible = "visible",
        UnknownFutureValue = "unknownFutureValue",
    }

    /// When a custom extension runs.
    CustomExtensionStage as "accessPackageCustomExtensionStage" {
        AssignmentRequestCreated = "assignmentRequestCreated",
        AssignmentRequestApproved = "assignmentRequestApproved",
        AssignmentRequestGranted = "assignmentRequestGranted",
        AssignmentRequestRemoved = "assignmentRequestRemoved",
        AssignmentFourteenDaysBeforeExpiration = "assignmentFourteenDaysBeforeExpiration",
        AssignmentOneDayBeforeExpiration = "assignmentOneDayBeforeExpiration",
        UnknownFutureValue = "unknownFutureValue",
    }

    /// A day of the week.
    DayOfWeek as "dayOfWeek" {
        Sunday = "sunday",
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
    }

    /// Which of the allowed days of a month counts.
    WeekIndex as "weekIndex" {
        First = "first",
        Second = "second",
        Third = "third",
        Fourth = "fourth",
        Last = "last",
    }

    /// The unit and the kind of a recurrence.
    RecurrencePatternType as "recurrencePatternType" {
        Daily = "daily",
        Weekly = "weekly",
        AbsoluteMonthly = "absoluteMonthly",
        RelativeMonthly = "relativeMonthly",
        AbsoluteYearly = "absoluteYearly",
        RelativeYearly = "relativeYearly",
    }

    /// How a recurrence ends.
    RecurrenceRangeType as "recurrenceRangeType" {
        EndDate = "endDate",
        NoEnd = "noEnd",
        Numbered = "numbered",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_and_written() {
        for member in AllowedTargetScope::DECLARED {
            let text = serde_json::to_string(member).unwrap();
            let read: AllowedTargetScope<'_> = serde_json::from_str(&text).unwrap();
            assert_eq!(&read, member);
        }
        assert_eq!(AllowedTargetScope::DECLARED.len(), 11);
        assert_eq!(WeekIndex::Last.to_string(), "last");
    }

    #[test]
    fn an_undeclared_member_is_kept() {
        for text in [r#""Sunday""#, r#""""#, r#""sunday,monday""#] {
            let read: DayOfWeek<'_> = serde_json::from_str(text).unwrap();
            assert!(matches!(read, DayOfWeek::Other(_)));
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        let escaped: DayOfWeek<'_> = serde_json::from_str(r#""sund\u0061y""#).unwrap();
        assert_eq!(escaped, DayOfWeek::Sunday);
    }

    #[test]
    fn what_is_no_string_is_refused() {
        let error = serde_json::from_str::<DayOfWeek<'_>>("1").unwrap_err();
        assert!(error.to_string().contains("a member of dayOfWeek"));
    }
}
