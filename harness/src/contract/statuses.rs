//! Sets of HTTP status codes as a contract writes them: `204`, `4xx`, `4xx|501`.

use std::fmt;

/// A set of status codes: whole classes and single codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    /// Classes, by first digit.
    classes: Vec<u8>,
    /// Single codes.
    codes: Vec<u16>,
}

impl Statuses {
    /// Reads `4xx|501`.
    ///
    /// # Errors
    /// The part that is neither a class (`4xx`) nor a code (`100` to `599`).
    ///
    /// ```
    /// use policy_harness::contract::Statuses;
    /// let statuses = Statuses::parse("4xx|501").unwrap();
    /// assert!(statuses.contains(415) && statuses.contains(501));
    /// assert!(!statuses.contains(500));
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut set = Self::default();
        for part in text.split('|').map(str::trim) {
            match part.as_bytes() {
                [digit @ b'1'..=b'5', b'x', b'x'] => set.classes.push(digit - b'0'),
                [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => {
                    set.codes.push(part.parse().map_err(|_| part.to_owned())?);
                }
                _ => return Err(part.to_owned()),
            }
        }
        Ok(set)
    }

    /// Whether `status` is in the set.
    pub fn contains(&self, status: u16) -> bool {
        self.codes.contains(&status) || self.classes.iter().any(|&class| u16::from(class) == status / 100)
    }

    /// Whether no status is in the set.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.codes.is_empty()
    }

    /// The set as a contract writes it.
    ///
    /// ```
    /// use policy_harness::contract::Statuses;
    /// assert_eq!(Statuses::parse("4xx|501").unwrap().written(), "4xx|501");
    /// ```
    pub fn written(&self) -> String {
        self.parts().join("|")
    }

    fn parts(&self) -> Vec<String> {
        let classes = self.classes.iter().map(|class| format!("{class}xx"));
        classes.chain(self.codes.iter().map(u16::to_string)).collect()
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().join(" or "))
    }
}
