//! The PDF embedder, and a strict reader of its own for hostile files.
