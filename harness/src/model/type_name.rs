//! The content of `@odata.type`, kept as written: with or without `#`, in any
//! namespace. It decides which type an object is read as.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::members::RawText;
use super::owned::IntoOwned;
use super::record::ReadInto;
use super::scalar::{TextVisitor, text_scalar};
use super::write::Write;

/// The annotation that names the type of an object.
pub(super) const TAG: &str = "@odata.type";

/// The namespace of Microsoft Graph, with its dot.
pub(super) const NAMESPACE: &str = "microsoft.graph.";

text_scalar! {
    /// The content of `@odata.type`.
    TypeName = "a string";
}

impl TypeName<'_> {
    /// The content without the `#` before it.
    pub fn qualified(&self) -> &str {
        qualified(self.as_str())
    }
}

/// A tag that is a string.
pub(super) struct Tag<'de>(Cow<'de, str>);

impl<'de> Tag<'de> {
    pub(super) fn new(raw: RawText<'de>) -> Option<Tag<'de>> {
        text(raw.0).map(Tag)
    }

    /// The name within Microsoft Graph's namespace, or the empty text.
    pub(super) fn in_graph(&self) -> &str {
        short(&self.0)
    }

    /// The tag to keep.
    pub(super) fn into_name(self) -> TypeName<'de> {
        TypeName::new(self.0)
    }
}

/// The name within Microsoft Graph's namespace, or the empty text.
pub(super) fn short(name: &str) -> &str {
    qualified(name).strip_prefix(NAMESPACE).unwrap_or_default()
}

/// The content of a raw value that is a string.
pub(super) fn text(raw: &str) -> Option<Cow<'_, str>> {
    let content = raw.strip_prefix('"')?.strip_suffix('"')?;
    if content.as_bytes().contains(&b'\\') {
        serde_json::from_str(raw).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(content))
    }
}

fn qualified(name: &str) -> &str {
    name.strip_prefix('#').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_written() {
        for name in ["#microsoft.graph.singleUser", "microsoft.graph.x", "#", ""] {
            let text = serde_json::to_string(name).unwrap();
            let read: TypeName<'_> = serde_json::from_str(&text).unwrap();
            assert_eq!(read.as_str(), name);
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        assert_eq!(TypeName::new("#a.b").qualified(), "a.b");
    }

    #[test]
    fn only_graph_names_have_a_short_form() {
        assert_eq!(short("#microsoft.graph.singleUser"), "singleUser");
        assert_eq!(short("microsoft.graph.singleUser"), "singleUser");
        assert_eq!(short("#contoso.singleUser"), "");
        assert_eq!(short("##microsoft.graph.singleUser"), "");
    }

    #[test]
    fn text_of_a_raw_string() {
        assert_eq!(text(r#""a\u0062""#).as_deref(), Some("ab"));
        assert_eq!(text("5"), None);
        assert_eq!(text(r#""\ud800""#), None);
    }
}
