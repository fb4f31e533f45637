//! The `cqm` command.
fn main() {}
