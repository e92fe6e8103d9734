//! Annotations and control information (OData JSON Format 4.01, 4.5 and 20):
//! members whose name has an `@`.

use super::validator::Validator;
use crate::contract::{StructuredType, TYPE, rule};
use crate::json::{NodeId, ValueKind};

impl Validator<'_> {
    /// A member whose name has an `@`; `index` is its place among the members.
    pub(super) fn annotation(&mut self, object: NodeId, member: NodeId, structured: &StructuredType, index: usize) {
        if self.tree.has_name(member, TYPE) {
            if index > 0 && self.tree.children(object).count() > 1 {
                self.shown.insert(rule::ACCEPT_MEMBER_ORDER);
            }
            return;
        }
        let is_string = self.tree.kind(member) == ValueKind::String;
        let mut buffer = std::mem::take(&mut self.text);
        let name = self.tree.name_in(member, &mut buffer);
        let (target, term) = name.split_once('@').unwrap_or((name, ""));
        let is_accepted = match term {
            "odata.id" | "odata.context" => target.is_empty() && is_string,
            _ if term.starts_with("odata.") => false,
            _ => is_qualified(term) && (target.is_empty() || declares(structured, target)),
        };
        self.text = buffer;
        if is_accepted {
            self.shown.insert(rule::ACCEPT_ANNOTATION);
        } else {
            self.push_name(rule::CONTROL_INFORMATION, member);
        }
    }
}

/// A namespace and a name.
fn is_qualified(term: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    term.contains('.') && term.split('.').all(is_name)
}

fn declares(structured: &StructuredType, name: &str) -> bool {
    structured.properties.iter().any(|property| *property.name == *name)
}
