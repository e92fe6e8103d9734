//! A CSDL document (OData CSDL XML 4.01) as declarations: types, enumerations
//! and annotations with their names qualified, nothing looked up yet. What the
//! loader does not understand is a fault, for a typing error that is skipped
//! would quietly test less.

use std::collections::{HashMap, HashSet};

use super::error::{ContractError, Place};
use super::xml::Element;

/// What one or more documents declare.
#[derive(Debug, Default)]
pub(super) struct Declarations<'t> {
    /// Complex and entity types.
    pub(super) types: Vec<TypeDecl<'t>>,
    /// Enumerations.
    pub(super) enums: Vec<EnumDecl<'t>>,
    /// Annotations, those inside elements and those of `<Annotations>` alike.
    pub(super) annotations: Vec<Annotation<'t>>,
}

/// `<ComplexType>` or `<EntityType>`.
#[derive(Debug)]
pub(super) struct TypeDecl<'t> {
    pub(super) name: String,
    pub(super) base: Option<String>,
    pub(super) is_abstract: bool,
    pub(super) properties: Vec<PropertyDecl<'t>>,
    pub(super) place: Place<'t>,
}

/// `<Property>` or `<NavigationProperty>`.
#[derive(Debug)]
pub(super) struct PropertyDecl<'t> {
    pub(super) name: String,
    pub(super) of: String,
    pub(super) is_collection: bool,
    pub(super) nullable: bool,
    pub(super) is_navigation: bool,
    pub(super) place: Place<'t>,
}

/// `<EnumType>`.
#[derive(Debug)]
pub(super) struct EnumDecl<'t> {
    pub(super) name: String,
    pub(super) members: Vec<(String, i32)>,
    pub(super) place: Place<'t>,
}

/// `<Annotation>` with what it is about.
#[derive(Debug)]
pub(super) struct Annotation<'t> {
    /// Qualified name of a type, or that with `/` and a property or member.
    pub(super) target: String,
    /// Qualified name of the term.
    pub(super) term: String,
    pub(super) value: Value,
    pub(super) place: Place<'t>,
}

/// The constant expressions that contracts use.
#[derive(Debug)]
pub(super) enum Value {
    /// None given: the term's default.
    Default,
    Bool(bool),
    Int(i64),
    String(String),
    /// A member by the qualified name of its enumeration, `/` and its own name.
    Enum(String),
    /// A collection of strings, or of records with a `Value` string.
    Strings(Vec<String>),
}

impl<'t> Declarations<'t> {
    /// Adds what a document declares.
    pub(super) fn read(&mut self, file: &'t str, text: &str) -> Result<(), ContractError> {
        let root = Element::read(file, text)?;
        if root.name != "Edmx" {
            return Err(root
                .place
                .fault(format!("<{}> is not the root of a CSDL document; write <edmx:Edmx>", root.name)));
        }
        let services = root.children.iter().filter(|child| child.name == "DataServices");
        let schemas: Vec<_> = services.flat_map(|services| &services.children).collect();
        let names = Names::of(&root, &schemas)?;
        for schema in schemas {
            self.schema(schema, &names)?;
        }
        Ok(())
    }

    fn schema(&mut self, schema: &Element<'t>, names: &Names) -> Result<(), ContractError> {
        let namespace = schema.required("Namespace")?;
        for child in &schema.children {
            match child.name.as_str() {
                "ComplexType" | "EntityType" => self.structured(child, namespace, names)?,
                "EnumType" => self.enumeration(child, namespace, names)?,
                "Annotations" => {
                    child.only_attributes(&["Target"])?;
                    let target = names.qualify_path(child.required("Target")?, child.place)?;
                    for annotation in &child.children {
                        self.annotation(annotation, &child.name, &target, names)?;
                    }
                }
                // Declared for readers and other tools; this loader knows its terms.
                "Term" => {}
                _ => return Err(child.unexpected("Schema")),
            }
        }
        Ok(())
    }

    fn structured(&mut self, element: &Element<'t>, namespace: &str, names: &Names) -> Result<(), ContractError> {
        element.only_attributes(&["Name", "BaseType", "Abstract"])?;
        let name = format!("{namespace}.{}", element.required("Name")?);
        let base = element.attribute("BaseType").map(|base| names.qualify(base, element.place)).transpose()?;
        let mut properties = Vec::new();
        for child in &element.children {
            match child.name.as_str() {
                "Property" | "NavigationProperty" => properties.push(self.property(child, &name, names)?),
                "Annotation" => self.annotation(child, &element.name, &name, names)?,
                "Key" => {}
                _ => return Err(child.unexpected(&element.name)),
            }
        }
        let is_abstract = element.flag("Abstract")?.unwrap_or(false);
        self.types.push(TypeDecl { name, base, is_abstract, properties, place: element.place });
        Ok(())
    }

    fn property(
        &mut self,
        element: &Element<'t>,
        owner: &str,
        names: &Names,
    ) -> Result<PropertyDecl<'t>, ContractError> {
        element.only_attributes(&["Name", "Type", "Nullable", "ContainsTarget", "Precision"])?;
        let name = element.required("Name")?.to_owned();
        let declared = element.required("Type")?;
        let item = declared.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        let nullable = element.flag("Nullable")?;
        if item.is_some() && element.name == "Property" && nullable != Some(false) {
            return Err(element
                .place
                .fault(format!("the collection {name} leaves open whether null is an item; say Nullable=\"false\"")));
        }
        let target = format!("{owner}/{name}");
        for child in &element.children {
            self.annotation(child, &element.name, &target, names)?;
        }
        Ok(PropertyDecl {
            name,
            of: names.qualify(item.unwrap_or(declared), element.place)?,
            is_collection: item.is_some(),
            nullable: item.is_none() && nullable.unwrap_or(true),
            is_navigation: element.name == "NavigationProperty",
            place: element.place,
        })
    }

    fn enumeration(&mut self, element: &Element<'t>, namespace: &str, names: &Names) -> Result<(), ContractError> {
        element.only_attributes(&["Name"])?;
        let name = format!("{namespace}.{}", element.required("Name")?);
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        for child in &element.children {
            if child.name != "Member" {
                return Err(child.unexpected("EnumType"));
            }
            child.only_attributes(&["Name", "Value"])?;
            let member = child.required("Name")?;
            let value = child.required("Value")?;
            let bad = |_| child.place.fault(format!("member {member} has the value `{value}`; write a whole number"));
            if !seen.insert(member) {
                return Err(child.place.fault(format!("{name} has the member {member} twice; keep one")));
            }
            members.push((member.to_owned(), value.parse().map_err(bad)?));
            let target = format!("{name}/{member}");
            for annotation in &child.children {
                self.annotation(annotation, "Member", &target, names)?;
            }
        }
        if members.is_empty() {
            return Err(element.place.fault(format!("{name} has no members; add a <Member>")));
        }
        self.enums.push(EnumDecl { name, members, place: element.place });
        Ok(())
    }

    fn annotation(
        &mut self,
        element: &Element<'t>,
        parent: &str,
        target: &str,
        names: &Names,
    ) -> Result<(), ContractError> {
        if element.name != "Annotation" {
            return Err(element.unexpected(parent));
        }
        element.only_attributes(&["Term", "Bool", "EnumMember", "Int", "String"])?;
        let term = names.qualify(element.required("Term")?, element.place)?;
        let value = match element.attribute("EnumMember") {
            Some(member) => Value::Enum(names.qualify_path(member, element.place)?),
            None => value(element)?,
        };
        self.annotations.push(Annotation { target: target.to_owned(), term, value, place: element.place });
        Ok(())
    }
}

fn value(annotation: &Element<'_>) -> Result<Value, ContractError> {
    if let Some(flag) = annotation.flag("Bool")? {
        return Ok(Value::Bool(flag));
    }
    if let Some(number) = annotation.attribute("Int") {
        let bad = |_| annotation.place.fault(format!("Int is `{number}`; write a whole number"));
        return number.parse().map(Value::Int).map_err(bad);
    }
    if let Some(text) = annotation.attribute("String") {
        return Ok(Value::String(text.to_owned()));
    }
    match annotation.children.as_slice() {
        [] => Ok(Value::Default),
        [collection] if collection.name == "Collection" => {
            collection.children.iter().map(item).collect::<Result<_, _>>().map(Value::Strings)
        }
        [other, ..] => Err(other.unexpected("Annotation")),
    }
}

/// `<String>text</String>`, or the record that `Validation.AllowedValues` asks for.
fn item(element: &Element<'_>) -> Result<String, ContractError> {
    match (element.name.as_str(), element.children.as_slice()) {
        ("String", []) => Ok(element.text.clone()),
        ("Record", [value]) if value.attribute("Property") == Some("Value") => {
            value.required("String").map(str::to_owned)
        }
        _ => Err(element.place.fault(
            "this item is not understood; write <String>…</String> \
             or <Record><PropertyValue Property=\"Value\" String=\"…\"/></Record>",
        )),
    }
}

/// The namespaces of a document by name and alias.
struct Names(HashMap<String, String>);

impl Names {
    fn of(root: &Element<'_>, schemas: &[&Element<'_>]) -> Result<Self, ContractError> {
        let references = root.children.iter().filter(|child| child.name == "Reference");
        let includes = references.flat_map(|reference| &reference.children);
        let mut names = HashMap::from([("Edm".to_owned(), "Edm".to_owned())]);
        for element in includes.chain(schemas.iter().copied()) {
            if !matches!(element.name.as_str(), "Include" | "Schema") {
                return Err(element.unexpected("Reference or DataServices"));
            }
            let namespace = element.required("Namespace")?;
            for name in [Some(namespace), element.attribute("Alias")].into_iter().flatten() {
                let known = names.insert(name.to_owned(), namespace.to_owned());
                if known.is_some_and(|known| known != namespace) {
                    return Err(element.place.fault(format!("{name} stands for two namespaces; rename one")));
                }
            }
        }
        Ok(Self(names))
    }

    /// A qualified name with its alias resolved.
    fn qualify(&self, name: &str, place: Place<'_>) -> Result<String, ContractError> {
        let (prefix, last) = name.rsplit_once('.').unwrap_or(("", name));
        match self.0.get(prefix) {
            Some(namespace) if !last.is_empty() => Ok(format!("{namespace}.{last}")),
            _ => Err(place.fault(format!(
                "`{name}` is not in a namespace of this document; write namespace.name, \
                 and give the namespace an <edmx:Include> or a <Schema>"
            ))),
        }
    }

    /// The same for `type/property`.
    fn qualify_path(&self, path: &str, place: Place<'_>) -> Result<String, ContractError> {
        match path.split_once('/') {
            None => self.qualify(path, place),
            Some((name, rest)) => Ok(format!("{}/{rest}", self.qualify(name, place)?)),
        }
    }
}
