//! Stolen keys of the office: what each of them can't do, with twins that show what it can.

mod authorities;
mod letters;
mod lists;
mod tokens;
