//! `@odata.type` (OData JSON Format 4.01, 4.5.3): the names that a type goes by,
//! and those that only the target may know.

use super::definitions::{Definitions, any_of};
use super::json::Json;
use super::pattern::{any_case, literal};
use super::value::{matching, one_of};
use crate::contract::{TYPE, TypeId, rule};

impl Definitions<'_> {
    /// The values of `@odata.type` that name this type.
    pub(super) fn type_name(&self, id: TypeId, is_body: bool) -> Json {
        let contract = self.contract;
        let name = &self.structured(id).name;
        let aliases = if is_body { &*contract.root_aliases } else { &[] };
        let mut promised: Vec<String> = [name].into_iter().chain(aliases).map(|name| format!("#{name}")).collect();
        if contract.hash_optional && !is_body {
            promised.push(name.to_string());
        }
        let mut names = vec![one_of(promised)];
        if self.is_open(rule::TYPE_FORM) {
            // Without # at the root, behind a URL, in another letter case.
            let aliases: String = aliases.iter().map(|alias| format!("|{}", literal(alias))).collect();
            let pattern = format!("^(([\\s\\S]*#)?{}{aliases})$", any_case(name));
            let comment = format!("Left open by {}.", contract.rule(rule::TYPE_FORM).id);
            names.push(matching(&pattern).with("$comment", comment));
        }
        any_of(names)
    }

    /// Whether there are names of types that the contract knows nothing of.
    pub(super) fn has_open_types(&self) -> bool {
        self.is_open(rule::TYPE_FORM) && !self.contract.open_namespaces.is_empty()
    }

    /// An object of a type in a namespace that is left open: whatever it holds.
    pub(super) fn open_type(&self, is_body: bool) -> Json {
        Json::object([
            ("$comment", self.comment(rule::TYPE_FORM)),
            ("type", "object".into()),
            ("required", Json::strings([TYPE])),
            ("properties", Json::object([(TYPE, self.open_type_name(is_body))])),
        ])
    }

    /// Its name. Another name of the body's type is none, but for the URL that
    /// may stand before it.
    pub(super) fn open_type_name(&self, is_body: bool) -> Json {
        let contract = self.contract;
        let aliases = if is_body { &*contract.root_aliases } else { &[] };
        let namespaces: Vec<String> = contract.open_namespaces_at(is_body).map(literal).collect();
        let in_namespace = format!("^([\\s\\S]*#)?({})[^#]*$", namespaces.join("|"));
        let behind_url = aliases.iter().map(|alias| format!("^[\\s\\S]+#{}$", literal(alias)));
        let patterns = (!namespaces.is_empty()).then_some(in_namespace).into_iter().chain(behind_url);
        let pattern = patterns.collect::<Vec<_>>().join("|");
        let known: Vec<String> = aliases.iter().flat_map(|alias| [format!("#{alias}"), alias.to_string()]).collect();
        let known = (!known.is_empty()).then(|| one_of(known));
        matching(&pattern).with_some("not", known)
    }
}
