//! The independent witness of the validator: the contract as JSON Schema, read
//! by a JSON Schema validator that shares no code with this crate. Both look at
//! the same bodies, and every difference between what they say has its entry in
//! `known-differences/json-schema.toml`. `POLICY_HARNESS_CASES=100000` compares
//! more bodies than the usual 10,000, `POLICY_HARNESS_SEED` others.

use std::collections::{BTreeMap, BTreeSet};

use boon::{Compiler, SchemaIndex, Schemas};
use policy_harness::case::{Case, Maker, Plan};
use policy_harness::contract::{Contract, ContractSources, Kind, Level, Test};
use policy_harness::export::{json_schema, openapi};
use policy_harness::validate::{Label, Validator};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Deserialize;
use serde_json::Value;

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

fn contract() -> Contract {
    Contract::named("seed").unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The other validator.
struct Witness {
    schemas: Schemas,
    schema: SchemaIndex,
}

impl Witness {
    /// Compiles the schema at a place in a document. A schema that is none by
    /// the metaschema of its dialect does not compile.
    fn new(document: Value, place: &str) -> Result<Self, String> {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("urn:test:document", document).map_err(|error| error.to_string())?;
        let schema = compiler.compile(&format!("urn:test:document#{place}"), &mut schemas);
        Ok(Self { schema: schema.map_err(|error| format!("{error:#}"))?, schemas })
    }

    fn accepts(&self, body: &Value) -> bool {
        self.schemas.validate(body, self.schema).is_ok()
    }
}

/// A body, and what this project says of it.
struct Body {
    /// What a reader makes of its bytes.
    read: Option<Value>,
    rule: String,
    operator: &'static str,
    /// It breaks no rule of level must or should.
    is_fine: bool,
    shown: String,
}

impl Body {
    fn of(contract: &Contract, case: &Case) -> Option<Self> {
        let is_fine = match &case.label {
            Label::Valid | Label::Unspecified(_) => true,
            Label::Malformed(..) => false,
            // Never sent.
            Label::Mixed(_) => return None,
        };
        let bytes = case.request.body.as_deref()?;
        let start: String = String::from_utf8_lossy(bytes).chars().take(500).collect();
        Some(Self {
            read: serde_json::from_slice(bytes).ok(),
            rule: contract.rule(case.rule).id.to_string(),
            operator: case.operator,
            is_fine,
            shown: format!("case {}, {}: {start}", case.index, case.label.name()),
        })
    }

    /// A body that no case stands behind: the first rule of level must or should
    /// that it breaks is what counts, whatever else it does.
    fn judged(contract: &Contract, validator: &mut Validator<'_>, body: Value) -> Self {
        let text = body.to_string();
        let mut broken = validator.validate(text.as_bytes()).iter().map(|violation| contract.rule(violation.rule));
        let broken = broken.find(|rule| rule.level != Level::Unspecified);
        Self {
            rule: broken.map_or("accept/body", |rule| &rule.id).to_owned(),
            operator: "none",
            is_fine: broken.is_none(),
            shown: text.chars().take(500).collect(),
            read: Some(body),
        }
    }
}

/// So many bodies that a schema can see, and those between them that it cannot:
/// the obligations in order, then random ones.
fn bodies(contract: &Contract, seen: u64) -> Vec<Body> {
    let plan = Plan::of(contract);
    let ids = ["11111111-1111-4111-8111-111111111111".to_owned()];
    let mut maker = Maker::new(contract, &plan, &ids, setting("POLICY_HARNESS_SEED", 4053));
    let (mut bodies, mut left) = (Vec::new(), seen);
    // A schema is that of a body which stores something anew.
    let makes = |index| maker.make(index).filter(|case| case.operation == 0);
    for body in (0..).filter_map(makes).filter_map(|case| Body::of(contract, &case)) {
        left -= u64::from(body.read.is_some());
        bodies.push(body);
        if left == 0 {
            break;
        }
    }
    bodies
}

/// An entry of the file of known differences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    rule: String,
    #[serde(default)]
    operators: Vec<String>,
    /// The one contract where it is so; all of them if left out.
    contract: Option<String>,
    schema: Says,
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum Says {
    #[serde(rename = "accepts")]
    Accepts,
    #[serde(rename = "refuses")]
    Refuses,
    #[serde(rename = "never sees")]
    NeverSees,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownDifferences {
    difference: Vec<Difference>,
}

impl Difference {
    fn covers(&self, body: &Body) -> bool {
        self.rule == body.rule && (self.operators.is_empty() || self.operators.iter().any(|name| name == body.operator))
    }
}

fn known_differences(contract: &Contract) -> Vec<Difference> {
    let file: KnownDifferences = toml::from_str(include_str!("known-differences/json-schema.toml")).unwrap();
    let is_here = |entry: &Difference| entry.contract.as_ref().is_none_or(|name| **name == *contract.name);
    file.difference.into_iter().filter(is_here).collect()
}

/// How the schema differs from what this project says, if it does.
fn difference(witness: &Witness, body: &Body) -> Option<Says> {
    match &body.read {
        None => Some(Says::NeverSees),
        Some(value) if witness.accepts(value) == body.is_fine => None,
        Some(_) if body.is_fine => Some(Says::Refuses),
        Some(_) => Some(Says::Accepts),
    }
}

/// What is wrong with the schema, or with the list of known differences, by what
/// the bodies show.
fn faults(witness: &Witness, bodies: &[Body], known: &[Difference]) -> BTreeSet<String> {
    let mut faults = BTreeMap::new();
    let mut used = vec![false; known.len()];
    for body in bodies {
        let says = difference(witness, body);
        let entry = known.iter().position(|entry| entry.covers(body));
        match (says, entry) {
            (None, None) => {}
            (says, Some(entry)) if says == Some(known[entry].schema) => used[entry] = true,
            (Some(says), _) => {
                let name = format!("{} ({}): the schema {says:?} what differs", body.rule, body.operator);
                faults.entry(name).or_insert(&*body.shown);
            }
            (None, Some(_)) => {
                let name = format!("{} ({}): a known difference that is none here", body.rule, body.operator);
                faults.entry(name).or_insert(&*body.shown);
            }
        }
    }
    let unused = known.iter().zip(used).filter(|(_, used)| !used);
    let unused = unused.map(|(entry, _)| format!("{}: a known difference that no body shows", entry.rule));
    faults.iter().map(|(name, first)| format!("{name}\n    {first}")).chain(unused).collect()
}

fn listed(faults: &BTreeSet<String>) -> String {
    faults.iter().cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn ten_thousand_bodies_are_what_the_schema_says() {
    for name in Contract::names() {
        are_what_the_schema_says(&Contract::named(name).unwrap());
    }
}

fn are_what_the_schema_says(contract: &Contract) {
    let witness = Witness::new(parsed(&json_schema(contract)), "").unwrap();
    let bodies = bodies(contract, setting("POLICY_HARNESS_CASES", 10_000));
    let known = known_differences(contract);
    assert!(known.iter().all(|entry| contract.rule_named(&entry.rule).is_some() && entry.reason.ends_with('.')));
    let found = faults(&witness, &bodies, &known);
    assert!(found.is_empty(), "{} differences that are not known:\n{}", found.len(), listed(&found));
    // Both kinds of body, and every rule that a body can break.
    let fine = bodies.iter().filter(|body| body.is_fine).count();
    assert!(fine > bodies.len() / 4 && fine < bodies.len() * 9 / 10, "{fine} of {} are fine", bodies.len());
    let rules: BTreeSet<&str> = bodies.iter().map(|body| &*body.rule).collect();
    let unseen: Vec<&str> = contract
        .rules
        .iter()
        .filter(|rule| rule.id.starts_with("body/") && rule.level != Level::Unspecified)
        .filter(|rule| !contract.absent.iter().any(|id| contract.rule(*id).id == rule.id))
        // Nobody says here what exists.
        .filter(|rule| &*rule.id != "body/reference/unknown")
        .map(|rule| &*rule.id)
        .filter(|id| !rules.contains(id))
        .collect();
    assert!(unseen.is_empty(), "rules that no body breaks: {unseen:?}");
}

/// The schema of a body in OpenAPI is the same.
#[test]
fn the_bodies_of_openapi_are_the_same() {
    let contract = contract();
    let document = parsed(&openapi(&contract, "/v1.0"));
    let path = contract.operations[0].path.replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
    let place = format!("/paths/{path}/post/requestBody/content/application~1json/schema");
    let witness = Witness::new(document, &place).unwrap();
    let found = faults(&witness, &bodies(&contract, 10_000), &known_differences(&contract));
    assert!(found.is_empty(), "{}", listed(&found));
}

/// Every reference leads somewhere, every operation is there with its success, and
/// the error object is as the contract says.
#[test]
fn openapi_is_whole() {
    let contract = contract();
    let document = parsed(&openapi(&contract, "/v1.0"));
    for document in [&document, &parsed(&json_schema(&contract))] {
        for place in places(document).iter().filter(|place| place.ends_with("/$ref")) {
            // A path may end like that too.
            let Some(to) = document.pointer(place).and_then(Value::as_str) else { continue };
            assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{place}: {to}");
        }
    }
    for operation in &contract.operations {
        let described = &document["paths"][&*operation.path][operation.method.to_lowercase()];
        assert!(described["responses"][operation.success.to_string()].is_object(), "{}", operation.id);
    }
    let witness = Witness::new(document, "/components/schemas/error").unwrap();
    assert!(witness.accepts(&serde_json::json!({"error": {"code": "a", "message": "b", "innerError": {}}})));
    for wrong in [r#"{"error":{"code":"","message":"b"}}"#, r#"{"error":{"code":"a"}}"#, r#"{"message":"b"}"#, "[]"] {
        assert!(!witness.accepts(&parsed(wrong)), "{wrong}");
    }
}

/// Bodies that nobody planned: a value of one put somewhere into another, so that
/// rules are broken together, beside points left open, and inside them.
fn spliced(contract: &Contract, count: u64) -> Vec<Body> {
    let values: Vec<Value> = bodies(contract, 9_000).into_iter().filter_map(|body| body.read).collect();
    let mut validator = Validator::new(contract);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(setting("POLICY_HARNESS_SEED", 4053));
    let mut below = |most: usize| (random.next_u64() % most.max(1) as u64) as usize;
    let mut spliced = || {
        let mut body = values[below(values.len())].clone();
        let other = &values[below(values.len())];
        let (to, from) = (places(&body), places(other));
        let part = other.pointer(&from[below(from.len())]).unwrap().clone();
        *body.pointer_mut(&to[below(to.len())]).unwrap() = part;
        Body::judged(contract, &mut validator, body)
    };
    (0..count).map(|_| spliced()).collect()
}

#[test]
fn spliced_bodies_are_what_the_schema_says() {
    let contract = contract();
    let witness = Witness::new(parsed(&json_schema(&contract)), "").unwrap();
    let mut bodies = spliced(&contract, setting("POLICY_HARNESS_CASES", 10_000));
    // A known difference: what is nested too deep is refused by the one, and by the
    // other only where it does not fit for another reason.
    bodies.retain(|body| body.rule != "body/json/depth");
    let found = faults(&witness, &bodies, &[]);
    assert!(found.is_empty(), "{}", listed(&found));
    let fine = bodies.iter().filter(|body| body.is_fine).count();
    assert!(fine > bodies.len() / 10 && fine < bodies.len() * 9 / 10, "{fine} of {} are fine", bodies.len());
}

/// Pointers to all values of a body.
fn places(value: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut below = |name: &str, child| {
        let name = name.replace('~', "~0").replace('/', "~1");
        places.extend(self::places(child).into_iter().map(|rest| format!("/{name}{rest}")));
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| below(&index.to_string(), item)),
        Value::Object(members) => members.iter().for_each(|(name, member)| below(name, member)),
        _ => {}
    }
    places
}

/// The forms of durations, dates and instants, one text after the other.
#[test]
fn texts_are_what_the_schema_says() {
    let contract = contract();
    let witness = Witness::new(parsed(&json_schema(&contract)), "").unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(setting("POLICY_HARNESS_SEED", 4053));
    let mut bodies = Vec::new();
    let mut validator = Validator::new(&contract);
    for _ in 0..setting("POLICY_HARNESS_CASES", 10_000) {
        let (duration, date, instant) = (duration(&mut random), date(&mut random), instant(&mut random));
        bodies.extend([
            serde_json::json!({"expiration": {"type": "afterDuration", "duration": duration}}),
            serde_json::json!({"reviewSettings": {"schedule": {"recurrence": {"range": {"endDate": date}}}}}),
            serde_json::json!({"createdDateTime": instant}),
        ]);
    }
    let bodies: Vec<Body> = bodies.into_iter().map(|body| Body::judged(&contract, &mut validator, body)).collect();
    let found = faults(&witness, &bodies, &[]);
    assert!(found.is_empty(), "{}", listed(&found));
    let rules: BTreeSet<&str> = bodies.iter().map(|body| &*body.rule).collect();
    let expected = [
        "accept/body",
        "body/value/date",
        "body/value/date-time",
        "body/value/date-time-offset",
        "body/value/date-with-time",
        "body/value/duration",
        "body/value/duration-units",
        "body/value/impossible-date",
    ];
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), expected);
}

fn any<'t>(random: &mut Xoshiro256PlusPlus, texts: &[&'t str]) -> &'t str {
    texts[(random.next_u64() % texts.len() as u64) as usize]
}

/// Parts of durations, mostly in their order.
fn duration(random: &mut Xoshiro256PlusPlus) -> String {
    const NUMBERS: [&str; 9] =
        ["0", "1", "36", "007", "10675199", "10675200", "1.5", "0.12345678", "99999999999999999999"];
    let mut text = any(random, &["", "", "", "-", "+"]).to_owned() + any(random, &["P", "P", "P", "P", "p", "T"]);
    for unit in ["Y", "W", "D", "T", "H", "M", "S"] {
        let chance = if matches!(unit, "Y" | "W") { 12 } else { 2 };
        if random.next_u64().is_multiple_of(chance) {
            let number = if unit == "T" { "" } else { any(random, &NUMBERS) };
            text = text + number + unit;
        }
    }
    match random.next_u64() % 16 {
        0 => text.to_lowercase(),
        1 => text.replacen(char::is_numeric, "", 1),
        2 => text + " ",
        _ => text,
    }
}

fn date(random: &mut Xoshiro256PlusPlus) -> String {
    let year = ["2024", "2023", "1900", "2000", "0000", "0001", "9999", "12024", "12100", "-0004", "024", "02024"];
    let month = ["01", "02", "02", "02", "04", "09", "11", "12", "00", "13", "1"];
    let day = ["01", "28", "29", "29", "30", "31", "00", "32", "1"];
    let after = ["", "", "", "", "", "T00:00:00Z", "T", " ", "Z"];
    let (year, month) = (any(random, &year), any(random, &month));
    format!("{year}-{month}-{}{}", any(random, &day), any(random, &after))
}

fn instant(random: &mut Xoshiro256PlusPlus) -> String {
    let date = date(random).trim_end_matches(|last: char| !last.is_ascii_digit()).to_owned();
    let hour = ["00", "12", "23", "24", "1"];
    let minute = ["00", "59", "60"];
    let second = [":00", ":59", ":60", ":61", "", ":00.1", ":59.1234567", ":00.12345678", ":00."];
    let offset = ["Z", "z", "+02:00", "-13:59", "+14:00", "+99:00", "+00:60", "+2:00", "", "+02"];
    let parts = [
        any(random, &["T", "T", "T", "T", "t", " "]),
        any(random, &hour),
        any(random, &[":", ":", ":", ""]),
        any(random, &minute),
        any(random, &second),
        any(random, &offset),
    ];
    date + &parts.concat()
}

/// The seed contract with other levels: these rules are left open, and these are
/// a must.
fn contract_with(open: &[&str], must: &[&str]) -> Contract {
    let open = open.iter().map(|rule| format!("[[override]]\nrule = \"{rule}\"\nlevel = \"unspecified\"\n"));
    let must = must.iter();
    let must = must.map(|rule| format!("[[override]]\nrule = \"{rule}\"\nlevel = \"must\"\nstatuses = \"4xx\"\n"));
    let main: String = [include_str!("../contract/seed.toml").to_owned()].into_iter().chain(open).chain(must).collect();
    let files = [
        ("seed.toml", &*main),
        ("rules.toml", include_str!("../contract/rules.toml")),
        ("graph-v1.0.rules.toml", include_str!("../contract/graph-v1.0.rules.toml")),
        ("policy-harness.csdl.xml", include_str!("../contract/policy-harness.csdl.xml")),
        ("graph-v1.0.csdl.xml", include_str!("../contract/graph-v1.0.csdl.xml")),
        ("seed.csdl.xml", include_str!("../contract/seed.csdl.xml")),
        ("v1.0.hints.toml", include_str!("../contract/v1.0.hints.toml")),
    ];
    Contract::from_sources(&ContractSources { main: "seed.toml", files: &files }).unwrap()
}

/// Rules between properties that JSON Schema can say: not the order of two dates,
/// and not where a whole object would have to hold nothing that is left open.
fn sayable_conditions(contract: &Contract) -> impl Iterator<Item = &str> {
    contract.rules.iter().filter_map(|rule| {
        let (on, condition) = rule.condition.as_ref()?;
        let properties = &contract.schema.types[usize::from(on.0)].properties;
        let is_object = |property: usize| matches!(properties[property].kind, Kind::Structured(_));
        let is_order = matches!(condition.then.test, Test::NotBefore(_));
        (!is_order && !condition.properties().any(is_object)).then_some(&*rule.id)
    })
}

/// The export follows the levels, and says each kind of condition.
#[test]
fn other_levels_make_another_schema() {
    let open = ["body/value/quoted", "body/value/enum-case", "body/value/enum-number"];
    let seed = contract();
    let mut must: Vec<&str> = sayable_conditions(&seed).collect();
    assert!(must.len() > 15, "{must:?}");
    must.extend([
        "body/property/open",
        "body/property/reference-member",
        "body/type/form",
        "body/type/newer",
        "body/null/key",
        "body/value/date-form",
        "body/value/date-time-form",
        "body/value/duration-form",
        "body/value/enum-json-type",
        "body/value/enum-newer",
        "body/value/enum-ordinal",
        "body/value/enum-sentinel",
    ]);
    let contract = contract_with(&open, &must);
    let witness = Witness::new(parsed(&json_schema(&contract)), "").unwrap();
    let mut bodies = bodies(&contract, 10_000);
    bodies.extend(spliced(&contract, 10_000));
    bodies.retain(|body| body.read.is_some() && body.rule != "body/json/depth");
    let known =
        known_differences(&contract).into_iter().filter(|entry| entry.schema == Says::Accepts).collect::<Vec<_>>();
    let found = faults(&witness, &bodies, &known);
    assert!(found.is_empty(), "{}", listed(&found));
}

/// Constraints of the schema, and a rule that some body breaks unnoticed once
/// its constraint is gone. The last takes away what a valid body needs.
const PLANTED: &[(&str, &str)] = &[
    ("/$defs/microsoft.graph.accessPackageAssignmentPolicy.body/additionalProperties", "body/property/undeclared"),
    ("/$defs/microsoft.graph.accessPackageAssignmentPolicy.body/properties/displayName/type", "body/value/json-type"),
    (
        "/$defs/microsoft.graph.accessPackageAssignmentPolicy.body/properties/specificAllowedTargets/type",
        "body/null/collection",
    ),
    (
        "/$defs/microsoft.graph.accessPackageAssignmentPolicy.body/properties/specificAllowedTargets/items",
        "body/null/item",
    ),
    ("/$defs/microsoft.graph.allowedTargetScope/enum", "body/value/enum-member"),
    ("/$defs/microsoft.graph.targetManager/properties/managerLevel/maximum", "body/value/int32-range"),
    ("/$defs/microsoft.graph.targetManager/properties/managerLevel/type", "body/value/quoted"),
    ("/$defs/Edm.Date.open/pattern", "body/value/impossible-date"),
    ("/$defs/Edm.DateTimeOffset.open/pattern", "body/value/date-time-offset"),
    ("/$defs/Edm.Duration.open/anyOf/0/pattern", "body/value/duration-units"),
    ("/$defs/microsoft.graph.subjectSet/required", "body/type/missing"),
    ("/$defs/microsoft.graph.singleUser/properties/@odata.type", "body/type/unknown"),
    ("/$defs/microsoft.graph.expirationPattern/allOf/0/then", "body/expiration/both-values"),
    ("/$defs/microsoft.graph.expirationPattern/allOf/1/then", "body/expiration/duration-type"),
    ("/$defs/microsoft.graph.expirationPattern/allOf/2/then", "body/expiration/end-type"),
    ("/$defs/microsoft.graph.expirationPattern/allOf/3/then", "body/expiration/duration-missing"),
    ("/$defs/microsoft.graph.expirationPattern/allOf/4/then", "body/expiration/end-missing"),
    ("/$defs/microsoft.graph.accessPackageAssignmentPolicy.body/properties/displayName", "accept/value"),
];

#[test]
fn a_schema_that_lacks_a_constraint_is_found_out() {
    let contract = contract();
    let schema = parsed(&json_schema(&contract));
    let bodies = bodies(&contract, 10_000);
    for (place, rule) in PLANTED {
        let mut weakened = schema.clone();
        let (above, name) = place.rsplit_once('/').unwrap();
        let above = weakened.pointer_mut(above).unwrap_or_else(|| panic!("{place}")).as_object_mut().unwrap();
        assert!(above.remove(name).is_some(), "{place}");
        let found = faults(&Witness::new(weakened, "").unwrap(), &bodies, &known_differences(&contract));
        assert!(found.iter().any(|fault| fault.starts_with(&format!("{rule} "))), "{place}: {}", listed(&found));
    }
}

/// An entry too few, one that no body shows and one that is too wide are faults;
/// so is a schema that the metaschema refuses.
#[test]
fn a_list_of_differences_that_is_wrong_is_found_out() {
    let contract = contract();
    let witness = Witness::new(parsed(&json_schema(&contract)), "").unwrap();
    let bodies = bodies(&contract, 10_000);
    let with = |rule: &str, operators: &[&str]| {
        let operators = operators.iter().map(|&name| name.to_owned()).collect();
        let entry = Difference {
            rule: rule.to_owned(),
            operators,
            contract: None,
            schema: Says::Accepts,
            reason: String::new(),
        };
        let known: Vec<Difference> = known_differences(&contract).into_iter().chain([entry]).collect();
        listed(&faults(&witness, &bodies, &known))
    };
    let without = known_differences(&contract).into_iter().skip(1).collect::<Vec<_>>();
    assert!(
        listed(&faults(&witness, &bodies, &without))
            .contains("body/json/duplicate-name (member-twice): the schema Accepts")
    );
    assert!(with("body/value/json-type", &[]).contains("a known difference that is none here"));
    assert!(with("body/value/json-type", &["no-such"]).contains("a known difference that no body shows"));
    assert!(
        Witness::new(serde_json::json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": 7}), "")
            .is_err()
    );
}
