//! The common parts of the two judges of PDFs: matrices, ToUnicode CMaps, colours, runs and lines
//! of text.
//!
//! [`letter`](crate::letter) is strict and [`any`](crate::any) is tolerant; where they read the
//! same thing differently, the difference is a parameter here (`cmap.rs`).

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

pub(crate) mod cmap;
mod color;
pub(crate) mod glyph_map;
mod matrix;
mod run;

pub use color::Color;
pub use run::{PageText, TextLine, TextRun};

pub(crate) use matrix::Matrix;
