//! The writer: makes the body of a letter, and adds the token and the signature.

mod body;
mod content;
mod fonts;
mod tidy;

pub use body::{Body, BodyError, Unsigned};
pub use tidy::tidied;
