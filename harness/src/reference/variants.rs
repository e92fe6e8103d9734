//! Variants: servers that keep the contract and are still not like the others.
//! Each takes a point that the contract leaves open the other way, or does
//! something that it says nothing of. A run against one finds nothing.

use std::time::Duration;

/// One conforming variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Stable name, as the command line takes it.
    pub id: &'static str,
    /// What the server does, in a sentence.
    pub about: &'static str,
    /// What makes it do so.
    pub habit: Habit,
    /// It does not do what it should, so a run may warn.
    pub warns: bool,
    /// How long after a write a run has to wait for what it wrote.
    pub settle: Duration,
}

/// What a variant does otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// 422 for what is wrong with a body.
    Unprocessable,
    /// Every so many requests this status.
    Busy(u64, u16),
    /// Now and then a second in which every request has 429 or 503.
    Throttles(Word),
    /// Every answer takes this long.
    Slow(Duration),
    /// The connection is closed after each answer.
    Closes,
    /// Reads show instants in UTC and durations in other units.
    Normalizes,
    /// Reads show no nulls.
    OmitsNulls,
    /// Reads show every property.
    ShowsAll,
    /// Reads show type names without `#`.
    NoHash,
    /// Reads show members in another order, with white space and escapes.
    Rewrites,
    /// Answers have headers that nobody asked for.
    ExtraHeaders,
    /// The head of a request is checked in another order.
    OtherOrder,
    /// Every point that is left open is refused.
    RefusesOpen,
    /// What should be refused is accepted.
    AcceptsShould,
    /// 403 to ids that are not known.
    Forbids,
    /// 404 to who lacks the permission.
    Hides,
    /// 501 to methods and options that it does not have.
    NotImplemented,
    /// No policy can be read: this status.
    NoRead(u16),
    /// This status to OPTIONS and HEAD.
    NoOptions(u16),
    /// 204 to a read where there is no policy.
    EmptyRead,
    /// Errors without a body.
    BareErrors,
    /// Errors with everything that an error object may have.
    TalkativeErrors,
    /// Errors whose media type has parameters.
    ErrorParameters,
    /// Messages that are no proper HTTP are not answered.
    HangsUp,
    /// Answers come in chunks.
    Chunks,
    /// 403 to a policy that only some callers may make.
    WantsRole,
    /// Reads and lists show what was so long ago.
    Lags(Duration),
    /// Lists come in pages of so many.
    Pages(usize),
    /// 403 to what was deleted.
    ForbidsDeleted,
    /// What policies name has to exist in its directory.
    Directory,
    /// Policies are shown with members that nobody sent.
    ExtraMembers,
    /// The `Location` of a create is a path, with the key in parentheses.
    RelativeLocation,
}

/// How a server that throttles says when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// 429 with a number of seconds in Retry-After.
    Seconds,
    /// 429 with a date in Retry-After.
    Date,
    /// 503, and not at all.
    Nothing,
}

impl Habit {
    /// Whether it shows under a contract of this name: reading a policy is an offer
    /// of one, lists and deleting are of the other.
    pub fn is_of(self, contract: &str) -> bool {
        match self {
            Self::NoRead(_) | Self::EmptyRead => contract == "seed",
            Self::Pages(_) | Self::ForbidsDeleted | Self::RelativeLocation => contract != "seed",
            _ => true,
        }
    }
}

/// The variant of this name.
///
/// ```
/// assert!(policy_harness::reference::variant("slow").is_some());
/// ```
pub fn variant(id: &str) -> Option<&'static Variant> {
    VARIANTS.iter().find(|variant| variant.id == id)
}

const fn variant_of(id: &'static str, habit: Habit, about: &'static str) -> Variant {
    Variant { id, about, habit, warns: false, settle: Duration::ZERO }
}

/// All of them.
// A row stays a line, so that the table can be read as one.
#[rustfmt::skip]
pub const VARIANTS: &[Variant] = &[
    variant_of("unprocessable", Habit::Unprocessable, "Answers 422 where a body is at fault."),
    variant_of("throttles", Habit::Throttles(Word::Seconds), "Answers 429 for a second now and then, with the seconds in Retry-After."),
    variant_of("throttles-until", Habit::Throttles(Word::Date), "Answers 429 for a second now and then, with a date in Retry-After."),
    variant_of("unavailable", Habit::Throttles(Word::Nothing), "Answers 503 for a second now and then, and does not say for how long."),
    variant_of("gateway-timeouts", Habit::Busy(30, 504), "Answers 504 now and then."),
    variant_of("slow", Habit::Slow(Duration::from_millis(5)), "Takes its time for every answer."),
    variant_of("closes-connections", Habit::Closes, "Closes the connection after each answer."),
    variant_of("chunks", Habit::Chunks, "Answers in chunks, without a length."),
    variant_of("normalizes", Habit::Normalizes, "Reads back instants in UTC and durations in other units."),
    variant_of("omits-nulls", Habit::OmitsNulls, "Reads back no member that is null."),
    variant_of("shows-all", Habit::ShowsAll, "Reads back every property, those that were not sent as null or empty."),
    variant_of("types-without-hash", Habit::NoHash, "Reads back type names without #."),
    variant_of("rewrites", Habit::Rewrites, "Reads back members in another order, with white space and escapes."),
    variant_of("extra-headers", Habit::ExtraHeaders, "Sends headers that nobody asked for."),
    variant_of("other-order", Habit::OtherOrder, "Looks at a request in another order."),
    variant_of("refuses-open", Habit::RefusesOpen, "Refuses everything that the contract leaves open."),
    Variant { id: "accepts-should", habit: Habit::AcceptsShould, about: "Accepts what it should refuse and need not.", warns: true, settle: Duration::ZERO },
    Variant { id: "forbids-unknown-ids", habit: Habit::Forbids, about: "Answers 403 to ids that it does not know.", warns: true, settle: Duration::ZERO },
    variant_of("hides-from-others", Habit::Hides, "Answers 404 to a caller without permission."),
    Variant { id: "not-implemented", habit: Habit::NotImplemented, about: "Answers 501 to methods and options that it does not have.", warns: true, settle: Duration::ZERO },
    variant_of("no-read", Habit::NoRead(404), "Does not offer to read a policy, and has nothing at that path."),
    variant_of("no-read-method", Habit::NoRead(405), "Does not offer to read a policy, and says so by the method."),
    variant_of("no-options", Habit::NoOptions(405), "Refuses OPTIONS and HEAD."),
    variant_of("options-not-implemented", Habit::NoOptions(501), "Does not implement OPTIONS and HEAD."),
    variant_of("no-content-when-unset", Habit::EmptyRead, "Answers 204 to a read where there is no policy yet."),
    variant_of("bare-errors", Habit::BareErrors, "Sends errors without a body."),
    variant_of("talkative-errors", Habit::TalkativeErrors, "Sends errors with details, names of the contract and what was sent."),
    variant_of("error-parameters", Habit::ErrorParameters, "Sends errors with parameters behind their media type."),
    variant_of("hangs-up", Habit::HangsUp, "Closes the connection on what is no proper HTTP."),
    Variant { id: "lags", habit: Habit::Lags(Duration::from_millis(200)), about: "Reads show what was written with a delay.", warns: false, settle: Duration::from_secs(1) },
    variant_of("pages", Habit::Pages(5), "Lists in pages, with a link from each to the next."),
    variant_of("forbids-deleted", Habit::ForbidsDeleted, "Answers 403 to what was deleted."),
    variant_of("extra-members", Habit::ExtraMembers, "Shows policies with members that nobody sent."),
    variant_of("wants-role", Habit::WantsRole, "Answers 403 to policies that only an administrator may make."),
    variant_of("knows-its-own", Habit::Directory, "Refuses policies that name users, groups or other things that its directory does not have."),
    variant_of("relative-location", Habit::RelativeLocation, "Says where a new policy is by a path with the key in parentheses."),
];
