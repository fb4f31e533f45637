//! The reader and the inspection, held against handmade files, hostile files and third-party files.

mod corpora;
mod foreign;
mod hostile;
mod profile;
mod reader;
mod support;
