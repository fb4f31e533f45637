//! A certificate as the pages of a tagged PDF/A-3b letter, the same bytes for the same input.
