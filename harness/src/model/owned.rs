//! From what borrows to what owns: a policy that was read points into its text, and
//! one that outlives the text takes its strings with it.

use super::field::{Collection, Field};

/// What can take over all that it borrows.
pub(super) trait IntoOwned {
    /// The same, of nobody's text.
    type Owned: 'static;

    /// Copies what is borrowed.
    fn into_owned(self) -> Self::Owned;
}

impl IntoOwned for bool {
    type Owned = Self;

    fn into_owned(self) -> Self {
        self
    }
}

impl<T: IntoOwned> IntoOwned for Field<T> {
    type Owned = Field<T::Owned>;

    fn into_owned(self) -> Self::Owned {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Value(value) => Field::Value(value.into_owned()),
        }
    }
}

impl<T: IntoOwned> IntoOwned for Collection<T> {
    type Owned = Collection<T::Owned>;

    fn into_owned(self) -> Self::Owned {
        self.into_iter().map(|item| item.map(T::into_owned)).collect()
    }
}
