//! The three states of a property. JSON tells a member that is not there from
//! one that is null, and Graph answers differently to the two, so the model
//! must not fold them together.

/// A property of a payload: absent, null, or a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// The member is not written.
    #[default]
    Absent,
    /// The member is written as null.
    Null,
    /// The member has a value.
    Value(T),
}

/// The items of a collection; an item that is null is `None`.
pub type Collection<T> = Vec<Option<T>>;

impl<T> Field<T> {
    /// Whether the member is not written.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Whether the member is written as null.
    pub fn is_null(&self) -> bool {
        matches!(self, Field::Null)
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// The value to change, if there is one.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }

    /// The value by move, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null => None,
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Field::Value(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_value_is_a_value() {
        let mut field = Field::from(3);
        if let Some(value) = field.value_mut() {
            *value += 1;
        }
        assert_eq!(field.value(), Some(&4));
        assert_eq!(field.into_value(), Some(4));
        assert_eq!(Field::<i32>::Null.into_value(), None);
        assert_eq!(Field::<i32>::Absent.value(), None);
    }
}
