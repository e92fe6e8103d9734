//! The steady state: once its buffers are as large as they have to be, a body is
//! generated, written and labelled without a single allocation.

use densa_alloc::{CountingAllocator, measure};
use policy_harness_benches::{Ground, generators, named, sets};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

#[test]
fn a_labelled_body_takes_no_memory_of_its_own() {
    let ground = Ground::of("seed");
    for set in sets(ground) {
        let mut stage = named(generators(ground, &set), "generate, write, label");
        stage.all();
        let ((), counted) = measure(|| stage.all());
        let requests = counted.allocs + counted.reallocs;
        assert_eq!(requests, 0, "for {} bodies of the class {}", stage.count(), set.class.name);
    }
}
