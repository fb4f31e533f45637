//! The words of the status list: entries, events, reasons and references
//! (`docs/reference/status-list.md`).
//!
//! | to | use |
//! | --- | --- |
//! | name the status of a certificate or a label | [`EntryStatus`] |
//! | record a change of it | [`Event`], with a [`Reason`] |
//! | name a status list | [`ListUri`] |
//! | find the entries of a certificate and its labels | [`StatusReferences`] |

mod entry;
mod event;
mod list;
mod reason;
mod reference;

pub use entry::{EntryStatus, EntryStatusError, NOT_ISSUED};
pub use event::Event;
pub use list::{DEFAULT_LIST, ListUri, ListUriError, MAX_SEQ};
pub use reason::{Reason, ReasonError};
pub use reference::{StatusReference, StatusReferenceError, StatusReferences};
