//! The PDF embedder, and a strict reader of its own for hostile files.

mod embed;
mod limits;
pub mod profile;
pub mod read;

pub use embed::{Attachment, EmbedError, SignatureEntries, Unsigned, embed};
pub use limits::{Limit, Limits};
