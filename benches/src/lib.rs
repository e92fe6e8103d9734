//! What the benchmarks measure, in one place: the payloads, the stages that work
//! on them, and how two stages are compared. The programs below `benches/benches`
//! measure these same stages, each in its own way: time, ratios, allocations,
//! instructions.

mod campaign;
mod cases;
mod class;
mod ground;
mod hostile;
pub mod plain;
mod plot;
mod rate;
mod ratio;
mod serialization;
mod stage;
mod validation;

pub use campaign::{Ran, in_process};
pub use cases::{Cases, case_stages};
pub use class::{CLASSES, Class, Made, Set, sets};
pub use ground::Ground;
pub use plot::{Chart, Panel};
pub use rate::{grouped, megabytes, time};
pub use ratio::{Measured, compare, measure};
pub use serialization::{parsers, round_trips, serializers};
pub use stage::{Stage, named};
pub use validation::{generators, validators};
