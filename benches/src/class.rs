//! The payloads that the benchmarks take: a fixed set for each class, the same in
//! every run, so that two runs measure the same work.

use policy_harness::generate::{Choice, Generator, Goal, Options, Tape, tape_for};
use policy_harness::json::{Tree, ValueKind};
use policy_harness::validate::Validator;

use crate::ground::Ground;
use crate::hostile;

/// A class of payloads.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its name in the output.
    pub name: &'static str,
    /// What the generator is told of the size.
    pub options: Options,
    /// Lengths in bytes that belong to the class.
    pub lengths: (usize, usize),
    /// Payloads in the set.
    pub count: usize,
    /// What becomes of a body that was generated.
    shape: Shape,
}

/// What becomes of a body that was generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Nothing.
    AsMade,
    /// It is told to have two stages of approval, and only those with review settings
    /// are taken.
    Typical,
    /// Every collection gets as many items as stay valid.
    Filled,
    /// It gets annotations that are hard to read.
    Hostile,
}

const PLAIN: Options = Options { size: 80, open: false, styled: false, complete: false };
const NAMELESS: Class = Class { name: "", options: PLAIN, lengths: (0, 0), count: 64, shape: Shape::AsMade };

/// The classes: four sizes, and one that is hard to read.
pub const CLASSES: &[Class] = &[
    Class { name: "tiny", options: Options { size: 4, ..PLAIN }, lengths: (2, 60), ..NAMELESS },
    Class { name: "small", options: Options { size: 20, ..PLAIN }, lengths: (450, 590), ..NAMELESS },
    Class { name: "typical", lengths: (1_200, 1_800), shape: Shape::Typical, ..NAMELESS },
    Class {
        name: "large",
        options: Options { size: 1_500, ..PLAIN },
        lengths: (52 << 10, 76 << 10),
        count: 4,
        shape: Shape::Filled,
    },
    Class { name: "hostile", lengths: (2 << 10, 32 << 10), count: 16, shape: Shape::Hostile, ..NAMELESS },
];

/// A payload, and the tape that it was generated from.
#[derive(Clone, Debug)]
pub struct Made {
    /// What the generator read.
    pub tape: Vec<u8>,
    /// The payload, after everything that its class makes of a body.
    pub payload: Vec<u8>,
}

/// The payloads of a class: valid, no two the same, and of a length that belongs to it.
#[derive(Clone, Debug)]
pub struct Set {
    /// The class.
    pub class: &'static Class,
    /// The payloads.
    pub made: Vec<Made>,
}

impl Set {
    /// The payloads of the class of this name.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn of(ground: &Ground, name: &str) -> Self {
        let class = CLASSES.iter().find(|class| class.name == name).expect("a class of this name is in the table");
        Self { class, made: class.payloads(ground) }
    }

    /// Bytes of all payloads.
    pub fn bytes(&self) -> usize {
        self.made.iter().map(|made| made.payload.len()).sum()
    }
}

/// The sets of all classes.
pub fn sets(ground: &Ground) -> Vec<Set> {
    CLASSES.iter().map(|class| Set { class, made: class.payloads(ground) }).collect()
}

impl Class {
    /// What the generator is told to put at a place.
    pub(crate) fn goal(&self, ground: &Ground) -> Option<Goal<'static>> {
        let Ground { contract, plan } = ground;
        let is_stages =
            |place| plan.places.property(contract, place).is_some_and(|property| &*property.name == "stages");
        let mut places = plan.places.iter().map(|(place, _)| place);
        // The collection stands before its items.
        let place = (self.shape == Shape::Typical).then(|| places.find(|&place| is_stages(place)))?;
        Some(Goal { place: place?, choice: Choice::Items(2) })
    }

    fn payloads(&self, ground: &Ground) -> Vec<Made> {
        let contract = &ground.contract;
        let mut generator = Generator::new(contract, &ground.plan.places, self.options);
        let goal = self.goal(ground);
        let mut validator = Validator::new(contract);
        let mut tree = Tree::new();
        let mut set: Vec<Made> = Vec::new();
        for index in 0..MOST_TRIES {
            let mut tape = vec![0; 4096];
            tape_for(1, index, &mut tape);
            let mut bytes = arbitrary::Unstructured::new(&tape);
            generator.body(&mut Tape::new(&mut bytes), goal, &mut tree);
            match self.shape {
                Shape::AsMade => {}
                Shape::Typical if !is_typical(&tree) => continue,
                Shape::Typical => {}
                Shape::Filled if tree.to_bytes().len() < WORTH_FILLING => continue,
                Shape::Filled => fill(contract.max_items, &mut validator, &mut tree),
                Shape::Hostile => hostile::harden(&mut tree, set.len()),
            }
            let payload = tree.to_bytes();
            let is_new = set.iter().all(|made| made.payload != payload);
            if is_new && (self.lengths.0..=self.lengths.1).contains(&payload.len()) {
                set.push(Made { tape, payload });
            }
            if set.len() == self.count {
                break;
            }
        }
        set
    }
}

/// Bodies that are generated before a set counts as one that cannot be filled.
const MOST_TRIES: u64 = 100_000;
/// Smaller bodies do not become large ones.
const WORTH_FILLING: usize = 8_000;

/// Whether a body has two stages of approval, and review settings.
fn is_typical(tree: &Tree) -> bool {
    let member = |object, name| tree.member(object, name);
    let Some(root) = tree.root() else { return false };
    let stages = member(root, "requestApprovalSettings").and_then(|settings| member(settings, "stages"));
    let review = member(root, "reviewSettings").filter(|&review| tree.kind(review) == ValueKind::Object);
    stages.is_some_and(|stages| tree.children(stages).count() == 2) && review.is_some()
}

/// Repeats the items of every collection, inner ones first, as far as the body
/// stays valid.
fn fill(most: usize, validator: &mut Validator<'_>, tree: &mut Tree) {
    let arrays: Vec<_> = tree.nodes().filter(|&node| tree.kind(node) == ValueKind::Array).collect();
    for array in arrays.into_iter().rev() {
        let items = tree.children_vec(array);
        for count in [most, 3] {
            let copies = count.saturating_sub(items.len());
            let mut more = items.clone();
            more.extend(items.iter().cycle().take(copies).map(|&item| tree.duplicate(item)));
            tree.set_children(array, &more);
            if validator.validate(&tree.to_bytes()).is_empty() {
                break;
            }
            tree.set_children(array, &items);
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_harness::roundtrip::{RoundTrip, round_trip};

    use super::*;
    use crate::plain;

    #[test]
    fn the_sets_are_full_and_valid() {
        let ground = Ground::of("seed");
        let mut validator = Validator::new(&ground.contract);
        for Set { class, made } in sets(ground) {
            assert_eq!(made.len(), class.count, "{}", class.name);
            for Made { payload, .. } in made {
                assert!(validator.validate(&payload).is_empty(), "{}", class.name);
                assert!(matches!(round_trip(&payload), RoundTrip::Same), "{}", class.name);
            }
        }
    }

    #[test]
    fn every_peer_reads_them() {
        for Set { class, made } in sets(Ground::of("seed")) {
            for Made { mut payload, .. } in made {
                let plain = serde_json::from_slice::<plain::Policy>(&payload).unwrap();
                serde_json::from_slice::<plain::FlatPolicy>(&payload).unwrap();
                assert_eq!(sonic_rs::from_slice::<plain::Policy>(&payload).unwrap(), plain, "{}", class.name);
                assert_eq!(simd_json::serde::from_slice::<plain::Policy>(&mut payload).unwrap(), plain);
            }
        }
    }

    #[test]
    fn a_typical_payload_is_of_about_1500_bytes_and_a_small_one_of_519() {
        let ground = Ground::of("seed");
        let mean = |name| {
            let set = Set::of(ground, name);
            set.bytes() / set.made.len()
        };
        assert!((1_400..1_600).contains(&mean("typical")), "{}", mean("typical"));
        assert!((500..540).contains(&mean("small")), "{}", mean("small"));
    }

    #[test]
    fn the_sets_are_the_same_in_every_run() {
        let ground = Ground::of("seed");
        let once: Vec<_> = sets(ground).into_iter().flat_map(|set| set.made).map(|made| made.payload).collect();
        let again: Vec<_> = sets(ground).into_iter().flat_map(|set| set.made).map(|made| made.payload).collect();
        assert_eq!(once, again);
    }

    #[test]
    fn a_hostile_payload_is_deep_or_long_or_wide_or_all_escapes() {
        let set = Set::of(Ground::of("seed"), "hostile");
        let texts: Vec<_> = set.made.iter().map(|made| String::from_utf8_lossy(&made.payload)).collect();
        let depth = |text: &str| {
            let mut open = 0_usize;
            let step = |byte| {
                match byte {
                    b'[' | b'{' => open += 1,
                    b']' | b'}' => open -= 1,
                    _ => {}
                }
                open
            };
            text.bytes().map(step).max().unwrap()
        };
        assert!(texts.iter().any(|text| depth(text) > 80));
        assert!(texts.iter().any(|text| text.matches("\\ud83d\\ude00").count() > 100));
        assert!(texts.iter().any(|text| text.matches("\"@hostile").count() > 200));
        assert!(texts.iter().any(|text| text.matches("\\u00").count() > text.len() / 10));
    }
}
