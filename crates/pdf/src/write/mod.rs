//! The embedder: writes a certificate token and a signature into a letter.

mod content;
mod embed;
mod fonts;
mod tidy;

pub use embed::{Attachment, EmbedError, SignatureEntries, Unsigned, embed};
pub use tidy::tidied;
