//! A conformance harness for Microsoft Graph policy APIs: it makes valid and
//! malformed policies, takes them through a typed model and back, sends them to
//! a target, and compares every answer with what the contract expects.
//!
//! The first contract, `seed`, is *Add accessPackageAssignmentPolicy to an
//! assignment* of Microsoft Graph v1.0. The contract is data; apart from the
//! typed [`model`], nothing in this crate knows a property of it by name.
//!
//! # Seven ways to use it
//!
//! - **Test a service.** The program `policy-harness` does it from the command
//!   line; `campaign::run` is the same as a function, and tells what happens in
//!   events (features `target` and `reference`).
//! - **Test a service in its own tests.** `conformance::assert` is one test,
//!   `conformance::suite` has one for each obligation; the service may be in the
//!   same process (feature `conformance`).
//! - **Say why a body is refused.** [`check::check`] names every fault, with line and
//!   column, what was expected, and what to write instead.
//! - **Make payloads.** [`generate::Generator`] makes valid bodies,
//!   [`case::Maker`] whole cases, malformed ones included; each carries the
//!   label that [`validate`] read from its final bytes.
//! - **Try a typed model.** [`roundtrip::round_trip`] takes bytes through
//!   [`model::Policy`] and back, and names the place where something was lost.
//!   `client::run` does so with the model of a client in any language (feature
//!   `cli`).
//! - **Fuzz, and test properties.** Every choice of the generator is read from a
//!   tape of bytes ([`generate::Tape`]), whoever made them: a fuzzer, a property
//!   test, or a seed. [`shrink::Shrinker`] makes a counterexample small; with
//!   the feature `proptest`, `strategy` joins the two.
//! - **Measure.** Generating, validating and the round trip do no I/O, read no
//!   clock and share nothing, so they can be timed as they are.
//!
//! # Make a body, and validate it
//!
//! ```
//! use arbitrary::Unstructured;
//! use policy_harness::contract::{Contract, rule};
//! use policy_harness::generate::{Generator, Options, Places, Tape, tape_for};
//! use policy_harness::json::Tree;
//! use policy_harness::validate::Validator;
//!
//! let contract = Contract::named("seed")?;
//! let places = Places::of(&contract);
//! let mut generator = Generator::new(&contract, &places, Options::default());
//!
//! // A fuzzer's input would do as well as these bytes of seed 7, case 0.
//! let mut bytes = [0; 4096];
//! tape_for(7, 0, &mut bytes);
//! let mut tree = Tree::new();
//! generator.body(&mut Tape::new(&mut Unstructured::new(&bytes)), None, &mut tree);
//!
//! let mut validator = Validator::new(&contract);
//! assert!(validator.validate(&tree.to_bytes()).is_empty());
//!
//! // A body that is not valid: which rule, and where.
//! let violations = validator.validate(br#"{"allowedTargetScope":"Everybody"}"#);
//! assert_eq!(violations[0].rule, rule::ENUM_MEMBER);
//! assert_eq!(violations[0].at.to_string(), "/allowedTargetScope");
//! # Ok::<(), policy_harness::contract::ContractError>(())
//! ```
//!
//! # Take a body through the typed model
//!
//! ```
//! use policy_harness::model::Policy;
//! use policy_harness::roundtrip::{RoundTrip, round_trip};
//!
//! // A member that Graph does not declare, and a number as it was written.
//! let body = br#"{"displayName":"Sales","newInGraph":[1.50],"expiration":null}"#;
//! assert!(matches!(round_trip(body), RoundTrip::Same));
//!
//! let policy = Policy::from_slice(body)?;
//! assert_eq!(policy.to_vec(), br#"{"displayName":"Sales","expiration":null,"newInGraph":[1.50]}"#);
//!
//! // A value of the wrong JSON type is refused, and the error says where.
//! let error = Policy::from_slice(br#"{"displayName":1}"#).unwrap_err();
//! assert!(error.to_string().starts_with("displayName: "));
//! # Ok::<(), policy_harness::model::ModelError>(())
//! ```
//!
//! # Make cases from a fuzzer's input
//!
//! ```
//! use policy_harness::case::{Maker, Plan};
//! use policy_harness::contract::Contract;
//! use policy_harness::{json, shrink::Shrinker};
//!
//! let contract = Contract::named("seed")?;
//! let plan = Plan::of(&contract);
//! let ids = ["00000001-3a5c-4d1e-9b7f-000000000001".to_owned()];
//! let mut maker = Maker::new(&contract, &plan, &ids, 0);
//!
//! // The bytes decide everything.
//! let input = b"what a fuzzer, or a property test, came up with";
//! let case = maker.from_bytes(input).unwrap();
//! assert!(case.mislabelled.is_none());
//!
//! // What fails is made small on the payload's tree, whoever found it.
//! let mut shrinker = Shrinker::new(json::read(br#"{"a":[1,2,{"b":"x"}],"c":null}"#).unwrap());
//! while let Some(candidate) = shrinker.next_candidate() {
//!     if candidate.to_bytes().contains(&b'x') {
//!         shrinker.accept();
//!     }
//! }
//! assert_eq!(shrinker.best().to_bytes(), br#"{"a":[{"b":"x"}]}"#);
//! # Ok::<(), policy_harness::contract::ContractError>(())
//! ```
//!
//! # Features
//!
//! A feature adds modules and never changes a result.
//!
//! - `cli` (default): the command line and clients in other languages, with
//!   `report` and `reference`.
//! - `conformance`: a conformance suite for the tests of a service, with `report`.
//! - `report`: reports on a campaign and baselines, with `target`.
//! - `target`: campaigns against an HTTP endpoint or a service in this process.
//! - `reference`: the embedded reference server and its planted defects.
//! - `proptest`: the module `strategy`, payloads with their labels for property
//!   tests.
//!
//! Without any of them the crate is contract, exports, JSON, generator, operators,
//! validator, model, round trip, cases, judge and shrinker, and has eleven direct
//! dependencies.
//!
//! # What is deliberately absent
//!
//! - No guessing of a contract from an OpenAPI description or from Rust types:
//!   the contract is written down with its sources, and the typed model is
//!   written by hand, so that each can show the other wrong.
//! - No `async` in what makes, labels and judges a case: only talking to a
//!   target, and being one, is asynchronous.
//! - No clock and no randomness in what makes and judges cases: a seed and an
//!   index decide every byte.
//! - No output outside `cli`, and `conformance::suite`, which is the front of a test
//!   program: everything else answers with values, errors and events.
//! - No verdict on what the documentation leaves open: it is observed and
//!   reported.

#![forbid(unsafe_code)]

// Findings that are known already.
#[cfg(feature = "report")]
pub mod baseline;
// Campaigns: every obligation once, then random cases, and findings from what fails.
#[cfg(feature = "target")]
pub mod campaign;
// Cases: one request each, and what is expected of its answer.
pub mod case;
// What is wrong with somebody's body, in words, with the place and the way out.
pub mod check;
// The command line: it prints, reads the environment and ends the process.
#[cfg(feature = "cli")]
pub mod cli;
// Clients in any language, by their round trip.
#[cfg(feature = "cli")]
pub mod client;
// Whether what was read back means what was sent.
pub mod compare;
// A conformance suite for the tests of a service.
#[cfg(feature = "conformance")]
pub mod conformance;
// The contract as data: types, operations, rules.
pub mod contract;
// The obligations of a contract as files.
pub mod corpus;
// The lexical forms of dates, instants, durations and numbers in OData.
pub mod edm;
// The contract as JSON Schema and OpenAPI.
pub mod export;
// Valid bodies from a tape of bytes.
pub mod generate;
// A short hash that is the same everywhere.
mod hash;
// JSON with exact bytes.
// What a run writes down of itself, so that another can go on with it.
#[cfg(feature = "target")]
pub mod journal;
pub mod json;
// What a run put into a target and has not taken away again.
pub mod ledger;
// What a target must hold through a sequence.
pub mod life;
// An expectation and an answer in, a verdict out.
pub mod judge;
// Operators that make a case break exactly one rule.
pub mod malform;
// The typed model of a policy, written by hand.
pub mod model;
// The word that somebody may have meant.
mod near;
// The embedded reference server, and its planted defects.
#[cfg(feature = "reference")]
pub mod reference;
// Reports, each made from the events of a campaign.
#[cfg(feature = "report")]
pub mod report;
// Bytes → typed model → bytes → typed model, and what was lost.
pub mod roundtrip;
// The harness on trial against its own reference servers.
#[cfg(all(feature = "reference", feature = "target"))]
pub mod selftest;
// The one shrinker: smaller payloads that still show the same.
pub mod shrink;
// Pairwise coverage: which two kinds of value meet in one object.
pub mod pairs;
// Strategies for property tests.
#[cfg(feature = "proptest")]
pub mod strategy;
// Requests, answers, and the HTTP endpoint that they are exchanged with.
pub mod target;
// Policies of the typed model from a tape of bytes.
mod typed;
// Bytes → violations; where every label comes from.
pub mod validate;
