//! The types of a contract: what its CSDL declares, resolved so that the
//! engine never looks a name up twice. Types, properties and enumerations are
//! plain tables addressed by small indexes; inheritance is flattened.

use super::rules::RuleId;
use crate::json::{NodeId, Tree};

/// Index of a structured type in [`Schema::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u16);

/// Index of an enumeration in [`Schema::enums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u16);

/// The types of one contract (OData CSDL 4.01).
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Structured types: complex and entity types, in document order.
    pub types: Vec<StructuredType>,
    /// Enumeration types, in document order.
    pub enums: Vec<EnumType>,
}

impl Schema {
    /// The structured type of this qualified name.
    pub fn type_named(&self, name: &str) -> Option<TypeId> {
        let mut types = (0u16..).map(TypeId).zip(&self.types);
        types.find(|(_, declared)| &*declared.name == name).map(|(id, _)| id)
    }

    /// Whether a type is `base` or derived from it.
    pub fn derives(&self, id: TypeId, base: TypeId) -> bool {
        let above = |id: &TypeId| self.types.get(usize::from(id.0)).and_then(|declared| declared.base);
        std::iter::successors(Some(id), above).any(|id| id == base)
    }
}

/// A complex or entity type with the properties of its base types flattened in.
#[derive(Clone, Debug)]
pub struct StructuredType {
    /// Qualified name, `microsoft.graph.singleUser`.
    pub name: Box<str>,
    /// Direct base type.
    pub base: Option<TypeId>,
    /// No value has exactly this type; `@odata.type` must name a derived one.
    pub is_abstract: bool,
    /// All properties, inherited ones first.
    pub properties: Vec<Property>,
    /// Every concrete type a value of this declared type may have: itself if
    /// it is not abstract, then the derived ones in document order.
    pub concrete: Vec<TypeId>,
    /// Naming this type is a point the contract leaves open.
    pub open: Option<RuleId>,
}

impl StructuredType {
    /// The index of the property that a member of this name is.
    pub fn position(&self, tree: &Tree, member: NodeId) -> Option<usize> {
        if tree.has_escapes(member) {
            return self.properties.iter().position(|property| tree.has_name(member, &property.name));
        }
        let name = tree.raw_name(member);
        self.properties.iter().position(|property| property.name.as_bytes() == name)
    }

    /// The property that names an object of this type: its key.
    pub fn key(&self) -> Option<&Property> {
        self.properties.iter().find(|property| property.null_open.is_some())
    }
}

/// A property or navigation property.
#[derive(Clone, Debug)]
pub struct Property {
    /// Name as written in a payload.
    pub name: Box<str>,
    /// What its value (or each item) is.
    pub kind: Kind,
    /// The value is an array.
    pub is_collection: bool,
    /// null is a value of it (single values only; a collection is never null).
    pub nullable: bool,
    /// The target sets it: a well-formed value is accepted and not stored
    /// (Core.Computed).
    pub computed: bool,
    /// Its page calls it read-only, and bodies send it all the same: a value is
    /// accepted, and whether it is stored is not said (Core.Permissions).
    pub read_only: bool,
    /// A plain read leaves it out (OData JSON Format 4.01, 8.3).
    pub is_navigation: bool,
    /// Only a reference is sent here: `id`, `@odata.type` and annotations.
    pub is_reference: bool,
    /// What it refers to, or what the id in it names, has to exist.
    pub must_exist: bool,
    /// The kind of thing whose id stands here, or in the reference here; the user may
    /// say which of them exist.
    pub id_kind: Option<Box<str>>,
    /// Who lacks a role is answered 403, which says nothing of the body.
    pub needs_role: bool,
    /// Sending the property at all is a point the contract leaves open.
    pub open: Option<RuleId>,
    /// null here is a point the contract leaves open, whatever `nullable` says.
    pub null_open: Option<RuleId>,
    /// The empty string here is a point the contract leaves open.
    pub empty_open: bool,
    /// What is promised about values beyond their type; a value outside is a
    /// point the contract leaves open.
    pub facets: Facets,
}

impl Property {
    /// Whether it is a string with any content.
    pub fn is_free_text(&self) -> bool {
        let facets = &self.facets;
        self.kind == Kind::Primitive(Primitive::String)
            && !self.is_collection
            && facets.format.is_none()
            && facets.allowed.is_empty()
    }

    /// Whether a policy that replaces another has to say it, for nothing to be left
    /// out.
    pub fn is_replaced(&self) -> bool {
        !self.computed && self.open.is_none()
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A primitive type.
    Primitive(Primitive),
    /// An enumeration.
    Enum(EnumId),
    /// A complex or entity type.
    Structured(TypeId),
}

impl Kind {
    /// The name of the type in a sentence, without the namespace of the contract.
    pub(super) fn name(self, schema: &Schema) -> String {
        let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        match self {
            Self::Primitive(primitive) => format!("Edm.{primitive:?}"),
            Self::Enum(id) => schema.enums.get(usize::from(id.0)).map(|one| short(&one.name)).unwrap_or_default(),
            Self::Structured(id) => schema.types.get(usize::from(id.0)).map(|one| short(&one.name)).unwrap_or_default(),
        }
    }
}

/// The primitive types that Graph policy contracts use (OData CSDL 4.01, 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.Date`
    Date,
    /// `Edm.DateTimeOffset`
    DateTimeOffset,
    /// `Edm.Duration`
    Duration,
    /// `Edm.Int32`
    Int32,
    /// `Edm.String`
    String,
}

/// Limits that prose states and the type does not.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Smallest and largest Int32 that must be accepted
    /// (Validation.Minimum, Validation.Maximum).
    pub range: Option<(i32, i32)>,
    /// Most items that must be accepted (Validation.MaxItems).
    pub max_items: Option<usize>,
    /// Lexical form of a string that must be accepted.
    pub format: Option<Format>,
    /// The only contents of a string that are sure to be accepted
    /// (Validation.AllowedValues).
    pub allowed: Vec<Box<str>>,
}

/// Lexical forms of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4).
    Guid,
    /// Two letters, optionally a hyphen and two more (`en`, `fr-CA`).
    Language,
}

impl Format {
    /// Whether a string has the form.
    pub fn is_form_of(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Guid => {
                bytes.len() == 36
                    && [8, 13, 18, 23].iter().all(|&at| bytes[at] == b'-')
                    && bytes.iter().filter(|byte| byte.is_ascii_hexdigit()).count() == 32
            }
            Self::Language => match bytes {
                [a, b] => a.is_ascii_alphabetic() && b.is_ascii_alphabetic(),
                [a, b, b'-', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_alphabetic()),
                _ => false,
            },
        }
    }
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct EnumType {
    /// Qualified name.
    pub name: Box<str>,
    /// Members in document order.
    pub members: Vec<Member>,
}

/// A member of an enumeration.
#[derive(Clone, Debug)]
pub struct Member {
    /// Name as written in a payload.
    pub name: Box<str>,
    /// Its number.
    pub value: i32,
    /// The rule that sending it breaks or leaves open (a sentinel, a newer member).
    pub rule: Option<RuleId>,
}
