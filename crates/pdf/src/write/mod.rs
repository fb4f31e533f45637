//! The writer: makes the body of a letter, and adds the token and the signature.

mod body;
mod content;

pub use body::{Body, BodyError, Unsigned};
