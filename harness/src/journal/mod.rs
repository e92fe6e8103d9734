//! What a run writes down of itself: a journal of every case and answer, with
//! which a run that was killed is gone on with and several are put together; and
//! findings as files, which can be sent again.

mod finding;
mod form;
mod line;
mod read;
mod write;

pub use finding::FindingFile;
pub use form::{CaseForm, FaultForm, FormError};
pub use line::{CampaignLine, CaseLine, Line, ReducedLine, RunLine, VERSION};
pub use read::{JournalError, Reader};
pub use write::Writer;
