//! Tests across the crates, one module for each topic:
//! `cargo test -p cqm-tests --test all tampering::`.

mod any_pdf;
mod bad_letters;
mod bad_tokens;
mod budgets;
mod clauses;
mod command_line;
mod documents;
mod files;
mod fuzzing;
mod headline;
mod house;
mod insider;
mod interop;
mod look_alikes;
mod reader;
mod readme;
mod register;
mod register_crash;
mod register_failures;
mod status;
mod status_command;
mod status_form;
mod status_successors;
mod status_tokens;
mod tampering;
mod terminal;
mod token_document;
mod transcripts;
mod trust;
