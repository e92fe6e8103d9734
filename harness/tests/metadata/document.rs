//! A CSDL document as facts: lines that say one thing each, so that two documents
//! differ where their sets of lines do.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde::Deserialize;

/// Who declares something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// The contract's document of types.
    Document,
    /// The published metadata.
    Metadata,
}

/// A type: what it is, and its properties or members.
#[derive(Debug, Default)]
struct Declared {
    /// The kind of type, and whether it is abstract, or open.
    kind: String,
    base: Option<String>,
    /// A fact for each property or member, and the type that it leads to.
    parts: Vec<(String, Option<String>)>,
}

/// The types of a document by their qualified names.
#[derive(Debug, Default)]
pub(crate) struct Document {
    types: BTreeMap<String, Declared>,
    /// Types of which only an id is sent where they are referred to.
    pub(crate) references: BTreeSet<String>,
}

impl Document {
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut document = Self::default();
        let (mut schema, mut name, mut target) = (Schema::default(), None, None);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) | Event::Empty(element) => {
                    let element = Element::of(&element);
                    match element.name.as_str() {
                        "Schema" => schema = Schema::of(&element),
                        "ComplexType" | "EntityType" | "EnumType" => name = Some(document.declare(&schema, &element)),
                        "Property" | "NavigationProperty" | "Member" => {
                            let owner = name.as_ref().and_then(|name| document.types.get_mut(name)).unwrap();
                            target = owner.part(&schema, &element, name.as_deref().unwrap_or_default());
                        }
                        "Annotation" if element.is("Term", "Harness.Reference") => {
                            document.references.extend(target.clone());
                        }
                        _ => {}
                    }
                }
                Event::Eof => return document,
                _ => {}
            }
        }
    }

    fn declare(&mut self, schema: &Schema, element: &Element) -> String {
        let name = format!("{}.{}", schema.namespace, element.attribute("Name").unwrap());
        let flags = [("Abstract", " abstract"), ("OpenType", " open"), ("IsFlags", " of flags")];
        let flags = flags.into_iter().filter(|(flag, _)| element.is(flag, "true")).map(|(_, word)| word);
        let kind = [element.name.as_str()].into_iter().chain(flags).collect();
        let base = element.attribute("BaseType").map(|base| schema.qualified(base));
        self.types.insert(name.clone(), Declared { kind, base, parts: Vec::new() });
        name
    }

    /// All that the document says.
    pub(crate) fn facts(&self) -> BTreeSet<String> {
        self.types.iter().flat_map(|(name, declared)| declared.facts(name, true)).collect()
    }

    /// Its properties and members, whatever it says of them.
    fn paths(&self) -> BTreeSet<&str> {
        self.types.values().flat_map(|declared| &declared.parts).map(|(fact, _)| path(fact)).collect()
    }

    /// What it says of the types that a value of `root` reaches. Of what `other` only
    /// refers to, and of what derives from that, the properties are left out; what a
    /// property leads to that `other` has not is one difference and not many.
    pub(crate) fn reached(&self, root: &str, other: &Self) -> BTreeSet<String> {
        let (shared, references) = (other.paths(), &other.references);
        let mut facts = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut next = vec![(root.to_owned(), false)];
        while let Some((name, is_reference)) = next.pop() {
            let Some(declared) = self.types.get(&name) else { continue };
            if !seen.insert(name.clone()) {
                continue;
            }
            let is_reference = is_reference || references.contains(&name);
            facts.extend(declared.facts(&name, !is_reference));
            next.extend(declared.base.iter().map(|base| (base.clone(), is_reference && references.contains(base))));
            // Every entity derives from the one that derives from nothing.
            let is_root_of_all = declared.base.is_none() && declared.kind.starts_with("EntityType");
            let derived = self.types.iter().filter(|(_, other)| !is_root_of_all && other.base.as_ref() == Some(&name));
            next.extend(derived.map(|(name, _)| (name.clone(), is_reference)));
            if !is_reference {
                let shared = declared.parts.iter().filter(|(fact, _)| shared.contains(path(fact)));
                next.extend(shared.filter_map(|(_, target)| target.clone()).map(|name| (name, false)));
            }
        }
        facts
    }
}

/// What a fact is about.
fn path(fact: &str) -> &str {
    fact.split(": ").next().unwrap_or(fact)
}

impl Declared {
    fn facts(&self, name: &str, has_parts: bool) -> Vec<String> {
        let base = self.base.as_ref().map(|base| format!(" from {base}")).unwrap_or_default();
        let own = format!("{} {name}{base}", self.kind);
        let parts = self.parts.iter().filter(|_| has_parts).map(|(fact, _)| fact.clone());
        [own].into_iter().chain(parts).collect()
    }

    /// Adds a property or a member; the answer is the type that a property leads to.
    fn part(&mut self, schema: &Schema, element: &Element, owner: &str) -> Option<String> {
        let path = format!("{} {owner}/{}", element.name, element.attribute("Name").unwrap());
        let Some(declared) = element.attribute("Type") else {
            self.parts.push((format!("{path} = {}", element.attribute("Value").unwrap()), None));
            return None;
        };
        let item = declared.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        let target = schema.qualified(item.unwrap_or(declared));
        // Whether null is an item the metadata leaves out mostly, and a document decides.
        let solid = if item.is_none() && element.is("Nullable", "false") { " not null" } else { "" };
        let many = if item.is_some() { "many " } else { "" };
        let contained = if element.is("ContainsTarget", "true") { " contained" } else { "" };
        self.parts.push((format!("{path}: {many}{target}{solid}{contained}"), Some(target.clone())));
        Some(target)
    }
}

/// The namespace that declarations stand in, and its alias.
#[derive(Debug, Default)]
struct Schema {
    namespace: String,
    alias: Option<String>,
}

/// The alias of the main namespace, which other schemas use too.
const GRAPH: (&str, &str) = ("graph", "microsoft.graph");

impl Schema {
    fn of(element: &Element) -> Self {
        Self {
            namespace: element.attribute("Namespace").unwrap().to_owned(),
            alias: element.attribute("Alias").map(str::to_owned),
        }
    }

    fn qualified(&self, name: &str) -> String {
        let own = self.alias.as_deref().map(|alias| (alias, &*self.namespace));
        let resolved = [own, Some(GRAPH)].into_iter().flatten().find_map(|(alias, namespace)| {
            let last = name.strip_prefix(alias)?.strip_prefix('.')?;
            Some(format!("{namespace}.{last}"))
        });
        resolved.unwrap_or_else(|| name.to_owned())
    }
}

/// An element without its content.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        Self { name: start.local_name().as_ref().to_owned(), attributes: attributes.collect() }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.attribute(name) == Some(value)
    }
}
