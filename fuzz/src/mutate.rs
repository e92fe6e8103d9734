//! The mutator: an input that is JSON is changed as a tree, so that what comes of it is
//! JSON as well, and mostly a body that goes far into what reads it. The fuzzer's own
//! mutations of bytes are for the rest.

use arbitrary::Unstructured;
use policy_harness::generate::{Tape, tape_for};
use policy_harness::json::{self, Layout, Tree};

use crate::change::{CHANGES, graft};

/// Bytes of choices for one mutation.
const CHOICES: usize = 256;
/// Nesting that is followed; a little more than the contracts let pass.
const DEPTH: usize = 128;
/// Of so many inputs one is left to the mutations of bytes, and takes many changes.
const SHARE: usize = 4;

/// Changes the first `size` bytes of `data`, a JSON text, and answers its new size.
/// None where the text is none, where the change does not fit into `max_size`, and for
/// every fourth seed: these are for the fuzzer's own mutations. The same seed makes the
/// same change.
///
/// ```
/// let mut data = *br#"{"displayName":"Sales","description":null}                        "#;
/// let changed = (0..20).any(|seed| {
///     let mut data = data;
///     policy_harness_fuzz::mutate(&mut data, 42, 66, seed) == Some(42) && data[..2] == *b"{\"" && data[2] == b'd'
/// });
/// assert!(changed);
/// ```
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> Option<usize> {
    with_tape(seed, |tape| {
        if tape.below(SHARE) == 0 {
            return None;
        }
        let mut tree = read(data.get(..size)?)?;
        let times = if tape.below(SHARE) == 0 { 1 + tape.below(SHARE) } else { 1 };
        // What finds no occasion is tried as another change.
        let changes = (0..times * CHANGES.len()).filter_map(|_| tape.pick(CHANGES)?(&mut tree, tape));
        let changed = changes.take(times).count();
        (changed > 0).then(|| written(&tree, data, max_size)).flatten()
    })
}

/// Puts a part of one input into the other and writes what comes of it to `out`: its
/// size, or 0 where one of them is no JSON or the result does not fit.
pub fn cross(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let max_size = out.len();
    with_tape(seed, |tape| {
        let (mut tree, donor) = (read(one)?, read(other)?);
        graft(&mut tree, &donor, tape)?;
        written(&tree, out, max_size)
    })
    .unwrap_or(0)
}

pub(crate) fn with_tape<T>(seed: u32, made: impl FnOnce(&mut Tape<'_, '_>) -> T) -> T {
    let mut choices = [0; CHOICES];
    tape_for(u64::from(seed), 0, &mut choices);
    let mut bytes = Unstructured::new(&choices);
    made(&mut Tape::new(&mut bytes))
}

fn read(text: &[u8]) -> Option<Tree> {
    let mut tree = Tree::new();
    json::read_into(text, &mut tree, Layout::Keep, DEPTH).ok()?;
    Some(tree)
}

fn written(tree: &Tree, data: &mut [u8], max_size: usize) -> Option<usize> {
    let text = tree.to_bytes();
    if text.is_empty() || text.len() > max_size {
        return None;
    }
    data.get_mut(..text.len())?.copy_from_slice(&text);
    Some(text.len())
}
