//! The decisions of the program office over its register and keys: issue, stop, publish.
