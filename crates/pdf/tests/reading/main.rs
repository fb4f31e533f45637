//! The reader and both judges, tested with handmade files, hostile files and third-party files.

mod any;
mod bounds;
mod corpora;
mod encrypted;
mod hostile;
mod letter;
mod reader;
mod support;
mod wall;
