//! Reading and writing: the model beside what else there is. To read includes to
//! give the memory back; to write goes into a buffer that is used again.

use std::hint::black_box;

use policy_harness::json::{Layout, Tree, read_into};
use policy_harness::model::Policy;
use policy_harness::roundtrip::round_trip;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::class::Set;
use crate::plain;
use crate::stage::Stage;

/// Everything that reads a payload, and the copy of its bytes, than which nothing is
/// quicker.
pub fn parsers(set: &Set) -> Vec<Stage<'_>> {
    let on = |name, work: fn(&[u8])| on_payload(name, set, work);
    let mut tree = Tree::new();
    let (mut copied, mut buffers, mut copy) = (Vec::new(), simd_json::Buffers::default(), Vec::new());
    vec![
        on("model", |body| drop(black_box(Policy::from_slice(body)))),
        on("model, owned", |body| drop(black_box(Policy::from_slice(body).map(Policy::into_owned)))),
        on("derive", |body| drop(black_box(serde_json::from_slice::<plain::Policy>(body)))),
        on("derive, flat", |body| drop(black_box(serde_json::from_slice::<plain::FlatPolicy>(body)))),
        on("sonic-rs", |body| drop(black_box(sonic_rs::from_slice::<plain::Policy>(body)))),
        on("sonic-rs, flat", |body| drop(black_box(sonic_rs::from_slice::<plain::FlatPolicy>(body)))),
        // It writes into what it reads, so a caller who keeps the bytes needs a copy.
        on_payload("simd-json, flat", set, move |body| {
            copied.clear();
            copied.extend_from_slice(body);
            let read = simd_json::serde::from_slice_with_buffers::<plain::FlatPolicy>(&mut copied, &mut buffers);
            black_box(read).ok();
        }),
        on("Value", |body| drop(black_box(serde_json::from_slice::<Value>(body)))),
        on("syntax only", |body| drop(black_box(serde_json::from_slice::<IgnoredAny>(body)))),
        on_payload("tree", set, move |body| {
            black_box(read_into(body, &mut tree, Layout::Keep, usize::MAX)).ok();
        }),
        on_payload("memcpy", set, move |body| {
            copy.clear();
            copy.extend_from_slice(body);
            black_box(&copy);
        }),
    ]
}

/// Everything that writes a policy that was read.
pub fn serializers(set: &Set) -> Vec<Stage<'_>> {
    vec![
        writes("model", set, Policy::from_slice, |policy, out| {
            policy.write_into(out);
            true
        }),
        writes("derive", set, serde_json::from_slice::<plain::Policy>, |policy, out| {
            serde_json::to_writer(out, policy).is_ok()
        }),
        writes("derive, flat", set, serde_json::from_slice::<plain::FlatPolicy>, |policy, out| {
            serde_json::to_writer(out, policy).is_ok()
        }),
        writes("sonic-rs", set, serde_json::from_slice::<plain::Policy>, |policy, out| {
            sonic_rs::to_writer(out, policy).is_ok()
        }),
        writes("sonic-rs, flat", set, serde_json::from_slice::<plain::FlatPolicy>, |policy, out| {
            sonic_rs::to_writer(out, policy).is_ok()
        }),
        writes("Value", set, serde_json::from_slice::<Value>, |value, out| serde_json::to_writer(out, value).is_ok()),
        writes(
            "memcpy",
            set,
            |body: &[u8]| Ok::<_, ()>(body.to_vec()),
            |body, out| {
                out.extend_from_slice(body);
                true
            },
        ),
    ]
}

/// There and back and there again: as the harness does it, which stops where the
/// bytes are the same, and all four steps.
pub fn round_trips(set: &Set) -> Vec<Stage<'_>> {
    let mut written = Vec::new();
    vec![
        on_payload("round trip", set, |body| {
            black_box(round_trip(body));
        }),
        on_payload("four steps", set, move |body| {
            black_box(parse_write_parse_compare(body, &mut written));
        }),
    ]
}

fn parse_write_parse_compare(body: &[u8], written: &mut Vec<u8>) -> Option<bool> {
    let policy = Policy::from_slice(body).ok()?;
    written.clear();
    policy.write_into(written);
    let again = Policy::from_slice(written).ok()?;
    Some(again == policy)
}

pub(crate) fn on_payload<'s>(name: &'static str, set: &'s Set, mut work: impl FnMut(&[u8]) + 's) -> Stage<'s> {
    Stage::new(name, set.made.len(), move |index| work(&set.made[index].payload))
}

/// Reads all payloads before, and writes them.
fn writes<'s, T: 's, E>(
    name: &'static str,
    set: &'s Set,
    read: impl Fn(&'s [u8]) -> Result<T, E>,
    write: impl Fn(&T, &mut Vec<u8>) -> bool + 's,
) -> Stage<'s> {
    let values: Vec<T> = set.made.iter().filter_map(|made| read(&made.payload).ok()).collect();
    let mut out = Vec::new();
    Stage::new(name, values.len(), move |index| {
        out.clear();
        black_box(write(&values[index], &mut out));
    })
}
