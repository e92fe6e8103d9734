//! Declarations become a [`Schema`]: names turn into indexes, properties of
//! base types move into the types derived from them, annotations into facts.

use std::collections::{HashMap, HashSet};

use super::annotate::{self, Term};
use super::csdl::{Annotation, Declarations, EnumDecl, PropertyDecl, TypeDecl};
use super::error::{ContractError, Place};
use super::schema::{EnumId, EnumType, Facets, Kind, Member, Primitive, Property, Schema, StructuredType, TypeId};

/// Base types above one another; Graph has four.
const MAX_BASES: usize = 16;
/// Types, and enumerations.
const MAX_TYPES: usize = 1 << 12;
/// Properties of all types together, inherited ones counted again.
const MAX_PROPERTIES: usize = 1 << 16;

/// The schema that the declarations amount to.
pub(super) fn schema(declarations: &Declarations<'_>) -> Result<Schema, ContractError> {
    let names = Names::of(declarations)?;
    let annotations = Annotations::of(declarations, &names)?;
    let bases = bases(&declarations.types, &names)?;
    let lineages = lineages(&declarations.types, &bases)?;
    let properties = properties(&declarations.types, &lineages, &names, &annotations)?;
    let concrete = concrete(&declarations.types, &lineages);
    let mut types = Vec::with_capacity(declarations.types.len());
    for (((decl, base), properties), concrete) in declarations.types.iter().zip(bases).zip(properties).zip(concrete) {
        types.push(StructuredType {
            name: decl.name.as_str().into(),
            base,
            is_abstract: decl.is_abstract,
            properties,
            concrete,
            open: annotations.rule(&decl.name)?,
        });
    }
    let enums = declarations.enums.iter().map(|decl| enumeration(decl, &annotations)).collect::<Result<_, _>>()?;
    let schema = Schema { types, enums };
    check_targets(&schema, &declarations.annotations)?;
    check_inhabited(&schema, declarations, &names)?;
    Ok(schema)
}

impl Schema {
    /// The types that one CSDL document declares, with what it says of them itself.
    /// `file` is what its faults call it.
    ///
    /// # Errors
    /// The first fault, with its line where it has one, and what to do.
    ///
    /// ```
    /// use policy_harness::contract::Schema;
    /// let text = r#"<Edmx><DataServices><Schema Namespace="a">
    ///   <ComplexType Name="point"><Property Name="x" Type="Edm.Int32"/></ComplexType>
    /// </Schema></DataServices></Edmx>"#;
    /// let schema = Schema::from_csdl("point.xml", text)?;
    /// assert_eq!(&*schema.types[0].properties[0].name, "x");
    /// let error = Schema::from_csdl("point.xml", &text.replace("Edm.Int32", "Edm.Int23")).unwrap_err();
    /// assert_eq!((error.file(), error.line()), ("point.xml", Some(2)));
    /// # Ok::<(), policy_harness::contract::ContractError>(())
    /// ```
    pub fn from_csdl(file: &str, text: &str) -> Result<Self, ContractError> {
        let mut declarations = Declarations::default();
        declarations.read(file, text)?;
        schema(&declarations)
    }
}

/// Qualified names and what they stand for.
struct Names<'d>(HashMap<&'d str, Kind>);

impl<'d> Names<'d> {
    fn of(declarations: &'d Declarations<'_>) -> Result<Self, ContractError> {
        let types = (0u16..)
            .zip(&declarations.types)
            .map(|(index, decl)| (decl.name.as_str(), Kind::Structured(TypeId(index)), decl.place));
        let enums = (0u16..)
            .zip(&declarations.enums)
            .map(|(index, decl)| (decl.name.as_str(), Kind::Enum(EnumId(index)), decl.place));
        let past_types = declarations.types.get(MAX_TYPES).map(|decl| decl.place);
        let past_enums = declarations.enums.get(MAX_TYPES).map(|decl| decl.place);
        if let Some(place) = past_types.or(past_enums) {
            return Err(place.fault(format!("more than {MAX_TYPES} types; split the contract")));
        }
        let mut names = HashMap::new();
        for (name, kind, place) in types.chain(enums) {
            if names.insert(name, kind).is_some() {
                return Err(place.fault(format!("{name} is declared twice; remove or rename one")));
            }
        }
        Ok(Self(names))
    }

    fn kind(&self, name: &str, place: Place<'_>) -> Result<Kind, ContractError> {
        if let Some(&kind) = self.0.get(name) {
            return Ok(kind);
        }
        let primitive = match name {
            "Edm.Boolean" => Primitive::Boolean,
            "Edm.Date" => Primitive::Date,
            "Edm.DateTimeOffset" => Primitive::DateTimeOffset,
            "Edm.Duration" => Primitive::Duration,
            "Edm.Int32" => Primitive::Int32,
            "Edm.String" => Primitive::String,
            _ => {
                return Err(place.fault(format!(
                    "no type {name}; declare it in a CSDL document of this contract, or correct the name"
                )));
            }
        };
        Ok(Kind::Primitive(primitive))
    }
}

/// Annotations by target.
struct Annotations<'d, 't>(HashMap<&'d str, Vec<&'d Annotation<'t>>>);

impl<'d, 't> Annotations<'d, 't> {
    fn of(declarations: &'d Declarations<'t>, names: &Names<'_>) -> Result<Self, ContractError> {
        let mut by_target: HashMap<&str, Vec<_>> = HashMap::new();
        for annotation in &declarations.annotations {
            let owner = annotation.target.split('/').next().unwrap_or_default();
            if !names.0.contains_key(owner) {
                return Err(unknown_target(annotation));
            }
            by_target.entry(&annotation.target).or_default().push(annotation);
        }
        Ok(Self(by_target))
    }

    fn on(&self, target: &str) -> &[&'d Annotation<'t>] {
        self.0.get(target).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rule on a type or member, where nothing else may be said.
    fn rule(&self, target: &str) -> Result<Option<super::RuleId>, ContractError> {
        let mut rule = None;
        for annotation in self.on(target) {
            match Term::of(annotation)? {
                Term::Description => {}
                Term::Rule => rule = Some(annotate::engine_rule(annotation)?),
                _ => {
                    let what = format!("{} says nothing about {target}; move it to a property", annotation.term);
                    return Err(annotation.place.fault(what));
                }
            }
        }
        Ok(rule)
    }
}

fn unknown_target(annotation: &Annotation<'_>) -> ContractError {
    annotation.place.fault(format!(
        "nothing is called {}; declare it, or correct the target (type, type/property or type/member)",
        annotation.target
    ))
}

fn bases(types: &[TypeDecl<'_>], names: &Names<'_>) -> Result<Vec<Option<TypeId>>, ContractError> {
    let base = |decl: &TypeDecl<'_>| match &decl.base {
        None => Ok(None),
        Some(base) => match names.kind(base, decl.place)? {
            Kind::Structured(id) => Ok(Some(id)),
            _ => Err(decl.place.fault(format!("{base} is not a structured type; {} cannot derive from it", decl.name))),
        },
    };
    types.iter().map(base).collect()
}

/// For each type its bases, nearest first.
fn lineages(types: &[TypeDecl<'_>], bases: &[Option<TypeId>]) -> Result<Vec<Vec<TypeId>>, ContractError> {
    let base_of = |id: TypeId| bases.get(usize::from(id.0)).copied().flatten();
    let lineage = |(decl, base): (&TypeDecl<'_>, &Option<TypeId>)| {
        let lineage: Vec<_> = std::iter::successors(*base, |&id| base_of(id)).take(MAX_BASES + 1).collect();
        if lineage.len() > MAX_BASES {
            return Err(decl.place.fault(format!(
                "the base types of {} go round in a circle, or are more than {MAX_BASES}; correct a BaseType",
                decl.name
            )));
        }
        Ok(lineage)
    };
    types.iter().zip(bases).map(lineage).collect()
}

/// For each type its properties, inherited ones first, annotations applied. A
/// type comes after its base, so that what is said of the base is inherited.
fn properties(
    types: &[TypeDecl<'_>],
    lineages: &[Vec<TypeId>],
    names: &Names<'_>,
    annotations: &Annotations<'_, '_>,
) -> Result<Vec<Vec<Property>>, ContractError> {
    let mut order: Vec<_> = types.iter().zip(lineages).enumerate().collect();
    order.sort_by_key(|(_, (_, lineage))| lineage.len());
    let mut flat: Vec<Vec<Property>> = vec![Vec::new(); types.len()];
    let mut total = 0;
    for (index, (decl, lineage)) in order {
        let base = lineage.first().and_then(|base| flat.get(usize::from(base.0)));
        total += base.map_or(0, Vec::len) + decl.properties.len();
        if total > MAX_PROPERTIES {
            return Err(decl.place.fault(format!("more than {MAX_PROPERTIES} properties; split the contract")));
        }
        let mut properties = base.cloned().unwrap_or_default();
        for property in &decl.properties {
            properties.push(own_property(property, names)?);
        }
        check_names(decl, &properties)?;
        for property in &mut properties {
            let target = format!("{}/{}", decl.name, property.name);
            for annotation in annotations.on(&target) {
                annotate::apply(annotation, property)?;
            }
        }
        if let Some(slot) = flat.get_mut(index) {
            *slot = properties;
        }
    }
    Ok(flat)
}

fn own_property(decl: &PropertyDecl<'_>, names: &Names<'_>) -> Result<Property, ContractError> {
    Ok(Property {
        name: decl.name.as_str().into(),
        kind: names.kind(&decl.of, decl.place)?,
        is_collection: decl.is_collection,
        nullable: decl.nullable,
        computed: false,
        read_only: false,
        is_navigation: decl.is_navigation,
        is_reference: false,
        must_exist: false,
        id_kind: None,
        needs_role: false,
        open: None,
        null_open: None,
        empty_open: false,
        facets: Facets::default(),
    })
}

fn check_names(decl: &TypeDecl<'_>, properties: &[Property]) -> Result<(), ContractError> {
    let mut seen = HashSet::new();
    match properties.iter().find(|property| !seen.insert(&*property.name)) {
        None => Ok(()),
        Some(twice) => Err(decl
            .place
            .fault(format!("{} has the property {} twice, perhaps from its base; remove one", decl.name, twice.name))),
    }
}

/// An annotation of a property or member that nothing has would be lost.
fn check_targets(schema: &Schema, annotations: &[Annotation<'_>]) -> Result<(), ContractError> {
    let properties = schema
        .types
        .iter()
        .flat_map(|declared| declared.properties.iter().map(|property| format!("{}/{}", declared.name, property.name)));
    let members = schema
        .enums
        .iter()
        .flat_map(|declared| declared.members.iter().map(|member| format!("{}/{}", declared.name, member.name)));
    let paths: HashSet<String> = properties.chain(members).collect();
    let lost = annotations.iter().find(|one| one.target.contains('/') && !paths.contains(&one.target));
    lost.map_or(Ok(()), |one| Err(unknown_target(one)))
}

/// For each type the concrete types that a value of it may have.
fn concrete(types: &[TypeDecl<'_>], lineages: &[Vec<TypeId>]) -> Vec<Vec<TypeId>> {
    let ids = || (0u16..).map(TypeId).zip(types).filter(|(_, decl)| !decl.is_abstract).map(|(id, _)| id);
    let mut concrete = vec![Vec::new(); types.len()];
    let mut add = |to: TypeId, id: TypeId| {
        if let Some(list) = concrete.get_mut(usize::from(to.0)) {
            list.push(id);
        }
    };
    ids().for_each(|id| add(id, id));
    for id in ids() {
        for &base in lineages.get(usize::from(id.0)).into_iter().flatten() {
            add(base, id);
        }
    }
    concrete
}

fn enumeration(decl: &EnumDecl<'_>, annotations: &Annotations<'_, '_>) -> Result<EnumType, ContractError> {
    let mut members = Vec::with_capacity(decl.members.len());
    for (name, value) in &decl.members {
        let rule = annotations.rule(&format!("{}/{name}", decl.name))?;
        members.push(Member { name: name.as_str().into(), value: *value, rule });
    }
    Ok(EnumType { name: decl.name.as_str().into(), members })
}

/// A property whose type has no concrete type could never have a value.
fn check_inhabited(schema: &Schema, declarations: &Declarations<'_>, names: &Names<'_>) -> Result<(), ContractError> {
    for property in declarations.types.iter().flat_map(|decl| &decl.properties) {
        let Kind::Structured(TypeId(index)) = names.kind(&property.of, property.place)? else {
            continue;
        };
        if schema.types.get(usize::from(index)).is_some_and(|declared| declared.concrete.is_empty()) {
            return Err(property.place.fault(format!(
                "{} has the type {}, which is abstract and has no concrete type; declare one",
                property.name, property.of
            )));
        }
    }
    Ok(())
}
