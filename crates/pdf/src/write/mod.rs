//! The embedder: writes a certificate token and a signature into a letter.

mod content;
mod embed;

pub use embed::{Attachment, EmbedError, SignatureEntries, Unsigned, embed};
