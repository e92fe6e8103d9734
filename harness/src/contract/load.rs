//! A contract put together from its files: the CSDL documents, the operations
//! and the rules, each checked against the others.

use std::collections::{BTreeMap, HashSet};

use toml::Spanned;

use super::csdl::Declarations;
use super::document::{self, ContractFile, OperationRow, RuleFile};
use super::error::{ContractError, Place};
use super::hints::Hints;
use super::operation::{Operation, OperationKind};
use super::rows::{self, Rows, Table};
use super::{Changed, Property, Rule, RuleId, Schema, TypeId, resolve};

/// The files of the contracts that are built in.
const FILES: &[(&str, &str)] = &[
    ("beta.hints.toml", include_str!("../../contract/beta.hints.toml")),
    ("beta.rules.toml", include_str!("../../contract/beta.rules.toml")),
    ("beta.toml", include_str!("../../contract/beta.toml")),
    ("graph-beta.csdl.xml", include_str!("../../contract/graph-beta.csdl.xml")),
    ("graph-v1.0.csdl.xml", include_str!("../../contract/graph-v1.0.csdl.xml")),
    ("graph-v1.0.rules.toml", include_str!("../../contract/graph-v1.0.rules.toml")),
    ("policy-harness.csdl.xml", include_str!("../../contract/policy-harness.csdl.xml")),
    ("rules.toml", include_str!("../../contract/rules.toml")),
    ("seed.csdl.xml", include_str!("../../contract/seed.csdl.xml")),
    ("seed.toml", include_str!("../../contract/seed.toml")),
    ("v1.0.csdl.xml", include_str!("../../contract/v1.0.csdl.xml")),
    ("v1.0.hints.toml", include_str!("../../contract/v1.0.hints.toml")),
    ("v1.0.rules.toml", include_str!("../../contract/v1.0.rules.toml")),
    ("v1.0.toml", include_str!("../../contract/v1.0.toml")),
];

/// The contracts that are built in: their names, and the files they start from.
const CONTRACTS: &[(&str, &str)] = &[("seed", "seed.toml"), ("v1.0", "v1.0.toml"), ("beta", "beta.toml")];

/// Those that are meant where all are: the others run only by name.
const ALL: &[&str] = &["seed", "v1.0"];

/// The texts that a contract is made of.
#[derive(Clone, Copy, Debug)]
pub struct ContractSources<'t> {
    /// Name of the file to start from; it names the others.
    pub main: &'t str,
    /// All files: name and text.
    pub files: &'t [(&'t str, &'t str)],
}

/// One contract: a set of operations with the types and rules that hold for them.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Short name, as `--contract` takes it.
    pub name: Box<str>,
    /// What it is, in a line.
    pub title: Box<str>,
    /// The types.
    pub schema: Schema,
    /// The type of a request body.
    pub body: TypeId,
    /// The operations; the first one is the one that takes a body.
    pub operations: Vec<Operation>,
    /// The rules; engine rules first, in the order of [`rule::ENGINE`](super::rule::ENGINE).
    pub rules: Vec<Rule>,
    /// For each type, the rules between its properties.
    pub conditions: Vec<Vec<RuleId>>,
    /// Further type names that the root may carry, without `#`.
    pub root_aliases: Vec<Box<str>>,
    /// Namespaces (with their final dot) in which a type name is a point left open.
    pub open_namespaces: Vec<Box<str>>,
    /// The same for the type name of the root.
    pub open_root_namespaces: Vec<Box<str>>,
    /// What is known beyond the rules.
    pub hints: Hints,
    /// Rules that say nothing in this contract: nothing exercises them.
    pub absent: Vec<RuleId>,
    /// Properties of the body that can carry a mark, by index, the first one first:
    /// strings with any content, by which a policy is found again.
    pub marks: Vec<usize>,
    /// Ids of things that exist, where the user said which: a reference to
    /// something else that has to exist names nothing. Empty where nobody said.
    pub known: Vec<Box<str>>,
    /// Ids of other things that exist, by kind, where the user said which.
    pub ids: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// Rules that the user changed.
    pub changes: Vec<Changed>,
    /// A nested `@odata.type` may leave out its `#`.
    pub hash_optional: bool,
    /// The typed model is one of its bodies: they go through it and back.
    pub has_model: bool,
    /// Longest string, in UTF-16 units, that must be accepted.
    pub max_string: usize,
    /// Most items of any collection that must be accepted.
    pub max_items: usize,
    /// Nesting, in containers, from which a body must be refused.
    pub max_depth: usize,
}

impl Contract {
    /// The contract of this name, from the files built into the crate.
    ///
    /// # Errors
    /// A name that is no contract; the message lists those there are.
    ///
    /// ```
    /// use policy_harness::contract::Contract;
    /// let contract = Contract::named("seed").unwrap();
    /// assert_eq!(contract.operations[0].success, 204);
    /// ```
    pub fn named(name: &str) -> Result<Self, ContractError> {
        let Some((_, main)) = CONTRACTS.iter().find(|(known, _)| *known == name) else {
            let known: Vec<_> = Self::names().collect();
            return Err(ContractError::in_file(name, format!("no such contract; there is {}", known.join(", "))));
        };
        Self::from_sources(&ContractSources { main, files: FILES })
    }

    /// The names that [`Contract::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CONTRACTS.iter().map(|(name, _)| *name)
    }

    /// The names of the contracts that are meant where all are. One that is not
    /// among them is chosen by its name alone.
    pub fn all() -> impl Iterator<Item = &'static str> {
        ALL.iter().copied()
    }

    /// The contract that these files describe.
    ///
    /// # Errors
    /// The first fault: its file, its line where it has one, and what to do.
    pub fn from_sources(sources: &ContractSources<'_>) -> Result<Self, ContractError> {
        let Some((file, text)) = sources.get(sources.main) else {
            return Err(ContractError::in_file(sources.main, "the contract's own file is missing; add it"));
        };
        let main = Main { file, text, sources };
        main.contract(document::read(file, text)?)
    }

    /// The rule behind an id.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[usize::from(id.0)]
    }

    /// The namespaces in which a type name is left open: at the root, or in a value
    /// inside.
    pub fn open_namespaces_at(&self, is_root: bool) -> impl Iterator<Item = &str> {
        let of_root = self.open_root_namespaces.iter().filter(move |_| is_root);
        self.open_namespaces.iter().chain(of_root).map(|namespace| &**namespace)
    }

    /// The contract where these things exist and no others of their kind.
    #[must_use]
    pub fn with_known(mut self, ids: &[String]) -> Self {
        self.known = ids.iter().map(|id| id.as_str().into()).collect();
        self
    }

    /// The operation of this kind, by index.
    pub fn operation(&self, kind: OperationKind) -> Option<usize> {
        self.operations.iter().position(|operation| operation.kind == kind)
    }

    /// Whether its objects are made by an operation. Otherwise they are there, and
    /// the user says which.
    pub fn creates(&self) -> bool {
        self.operation(OperationKind::Create).is_some()
    }

    /// The operation that writes to an object which is there, by index.
    pub fn overwrite(&self) -> Option<usize> {
        self.operation(OperationKind::Replace).or_else(|| self.operation(OperationKind::Add))
    }

    /// The rule of this name.
    pub fn rule_named(&self, id: &str) -> Option<RuleId> {
        (0u16..).zip(&self.rules).find(|(_, rule)| &*rule.id == id).map(|(index, _)| RuleId(index))
    }
}

impl<'t> ContractSources<'t> {
    fn get(&self, name: &str) -> Option<(&'t str, &'t str)> {
        self.files.iter().copied().find(|(known, _)| *known == name)
    }
}

/// The file that a contract starts from, and those it may name.
struct Main<'t> {
    file: &'t str,
    text: &'t str,
    sources: &'t ContractSources<'t>,
}

impl<'t> Main<'t> {
    fn contract(&self, file: ContractFile) -> Result<Contract, ContractError> {
        let schema = self.schema(&file.csdl)?;
        let body = self.body(&schema, &file.body)?;
        let mut rules = self.rules(&file.rules, &schema)?;
        rows::override_rules(&mut rules, &file.overrides, self.file, self.text)?;
        let mut namespaces = file.open_namespaces.iter().chain(&file.open_root_namespaces);
        if let Some(namespace) = namespaces.find(|namespace| !namespace.get_ref().ends_with('.')) {
            return Err(self.fault(namespace, "does not end in a dot; add it"));
        }
        let texts = |names: Vec<Spanned<String>>| names.into_iter().map(|one| one.into_inner().into()).collect();
        Ok(Contract {
            hints: self.hints(&file.hints, &schema, &rules)?,
            absent: self.absent(&file.absent, &rules)?,
            marks: self.marks(&file.marks, &schema, body)?,
            known: Vec::new(),
            ids: BTreeMap::new(),
            changes: Vec::new(),
            conditions: rows::conditions(&schema, &rules),
            operations: self.operations(file.operation)?,
            name: file.name.into(),
            title: file.title.into(),
            schema,
            body,
            rules,
            root_aliases: file.root_aliases.into_iter().map(Into::into).collect(),
            open_namespaces: texts(file.open_namespaces),
            open_root_namespaces: texts(file.open_root_namespaces),
            hash_optional: file.hash_optional,
            has_model: file.model,
            max_string: file.max_string,
            max_items: file.max_items,
            max_depth: file.max_depth,
        })
    }

    fn schema(&self, documents: &[Spanned<String>]) -> Result<Schema, ContractError> {
        let mut declarations = Declarations::default();
        for document in documents {
            let (file, text) = self.named_file(document)?;
            declarations.read(file, text)?;
        }
        resolve::schema(&declarations)
    }

    fn rules(&self, files: &[Spanned<String>], schema: &Schema) -> Result<Vec<Rule>, ContractError> {
        let mut table = Table::default();
        let mut last = self.file;
        for name in files {
            let (file, text) = self.named_file(name)?;
            table.read(&Rows { file, text, schema }, document::read::<RuleFile>(file, text)?)?;
            last = file;
        }
        table.rules(last)
    }

    fn hints(&self, files: &[Spanned<String>], schema: &Schema, rules: &[Rule]) -> Result<Hints, ContractError> {
        let mut hints = Hints::default();
        for name in files {
            let (file, text) = self.named_file(name)?;
            hints.read(file, text, document::read(file, text)?, schema, rules)?;
        }
        Ok(hints)
    }

    /// The rules that say nothing here.
    fn absent(&self, names: &[Spanned<String>], rules: &[Rule]) -> Result<Vec<RuleId>, ContractError> {
        let find = |name: &Spanned<String>| {
            let found = (0u16..).zip(rules).find(|(_, rule)| *rule.id == **name.get_ref());
            found.map(|(index, _)| RuleId(index)).ok_or_else(|| self.fault(name, "is no rule; correct the id"))
        };
        names.iter().map(find).collect()
    }

    /// The properties that can carry a mark.
    fn marks(&self, names: &[Spanned<String>], schema: &Schema, body: TypeId) -> Result<Vec<usize>, ContractError> {
        let properties = schema.types.get(usize::from(body.0)).map(|body| &*body.properties).unwrap_or_default();
        let find = |name: &Spanned<String>| {
            let is_mark = |property: &Property| *property.name == **name.get_ref() && property.is_free_text();
            let wrong = || self.fault(name, "is no string of the body with any content; correct the name");
            properties.iter().position(is_mark).ok_or_else(wrong)
        };
        names.iter().map(find).collect()
    }

    fn body(&self, schema: &Schema, name: &Spanned<String>) -> Result<TypeId, ContractError> {
        let unknown = || self.fault(name, "is no structured type of this contract; correct the name");
        let id = schema.type_named(name.get_ref()).ok_or_else(unknown)?;
        match schema.types.get(usize::from(id.0)) {
            Some(declared) if declared.is_abstract => {
                Err(self.fault(name, "is abstract; name a concrete type as body"))
            }
            _ => Ok(id),
        }
    }

    fn operations(&self, rows: Vec<OperationRow>) -> Result<Vec<Operation>, ContractError> {
        let begins = |row: &OperationRow| matches!(row.kind, OperationKind::Add | OperationKind::Create);
        if !rows.first().is_some_and(begins) {
            let what = "the first [[operation]] stores nothing new; begin with one of kind \"add\" or \"create\"";
            return Err(ContractError::in_file(self.file, what));
        }
        let mut seen = HashSet::new();
        for row in &rows {
            if !seen.insert(row.id.get_ref()) {
                return Err(self.fault(&row.id, "is the id of two operations; rename one"));
            }
            if let Some(fault) = fault_of(row) {
                return Err(self.fault(&row.id, fault));
            }
        }
        Ok(rows.into_iter().map(operation).collect())
    }

    fn named_file(&self, name: &Spanned<String>) -> Result<(&'t str, &'t str), ContractError> {
        self.sources
            .get(name.get_ref())
            .ok_or_else(|| self.fault(name, "is not among the files; add it, or correct the name"))
    }

    fn fault(&self, subject: &Spanned<String>, what: &str) -> ContractError {
        let place = Place::at_offset(self.file, self.text, subject.span().start);
        place.fault(format!("{} {what}", subject.get_ref()))
    }
}

/// What is wrong with an operation.
fn fault_of(row: &OperationRow) -> Option<&'static str> {
    let parameter = row.path.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let one =
        parameter.is_some_and(|(name, rest)| !name.is_empty() && !name.contains('{') && !rest.contains(['{', '}']));
    let none = !row.path.contains(['{', '}']);
    if !row.path.starts_with('/') || row.kind.is_on_object() && !one {
        Some("needs a path that starts with / and has one parameter in braces; correct it")
    } else if !row.kind.is_on_object() && !none {
        Some("is on a collection, whose path has no parameter; remove the braces")
    } else if row.method.is_empty() || !row.method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Some("needs a method in capital letters; correct it")
    } else if !(200..300).contains(&row.success) {
        Some("needs a success between 200 and 299; correct it")
    } else {
        None
    }
}

fn operation(row: OperationRow) -> Operation {
    Operation {
        id: row.id.into_inner().into(),
        kind: row.kind,
        method: row.method.into(),
        path: row.path.into(),
        success: row.success,
        open_methods: row.open_methods.into_iter().map(Into::into).collect(),
    }
}
