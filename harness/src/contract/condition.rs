//! Conditions between the properties of one object, as a contract writes them:
//! `if = ["duration present"]`, `then = "type is afterDuration"`. The validator
//! asks whether one holds; the generator makes it hold; the malformer makes it
//! fail. All three go through the same few clauses, so a new rule between
//! properties is a row of data.

/// An implication: where all of `when` holds, `then` holds.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The clauses that must all hold for the condition to apply.
    pub when: Vec<Clause>,
    /// The clause that then holds.
    pub then: Clause,
}

/// A statement about one property of an object.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Index of the property in its type's `properties`.
    pub property: usize,
    /// What is said of it.
    pub test: Test,
}

/// What a clause says of its property.
#[derive(Clone, Debug)]
pub enum Test {
    /// `present`: there, and not null.
    Present,
    /// `absent`: missing or null.
    Absent,
    /// `is a|b`: a value of these. Members of an enumeration, `true` or `false`.
    Is(Vec<Box<str>>),
    /// `is not a|b`: missing, null, or another value.
    IsNot(Vec<Box<str>>),
    /// `has items`: a collection that is not empty.
    HasItems,
    /// `is empty`: a collection that is missing, null or empty.
    IsEmpty,
    /// `within 1..31`: an Int32 in this range, bounds included.
    Within(i32, i32),
    /// `not before startDate`: this date and the other (index of the property)
    /// are not both there with this one earlier.
    NotBefore(usize),
}
