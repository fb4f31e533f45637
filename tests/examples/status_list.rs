//! Writes a status list of a million entries, one in a hundred not valid, and the token of a
//! certificate with 120 labels: `cargo run --release -p cqm-tests --example status_list -- FOLDER`.
//! Then these commands, in that folder, measure the size of the list and the memory of a question:
//!
//! ```text
//! wc -c list.jwt
//! /usr/bin/time -f '%M kB' cqm verify token.jwt --trust root.pem --status list.jwt \
//!     --at 2024-01-31 --state-dir state
//! ```
//!
//! Prints the sizes of tokens, and of the list of a program with 1,000 certificates and 10,000
//! labels, of which one in a hundred is not valid, now and after a year of renewals.

#![expect(clippy::print_stdout, reason = "the program prints what it measured")]

use std::path::PathBuf;

use cqm_core::{
    Date,
    status::{EntryStatus, Reason},
};
use cqm_status::{ListDraft, TokenDigest};
use cqm_tests::{office, status};

/// A program of 1,000 certificates with ten labels each. The indices of labels and certificates
/// alternate, as in a register that issues one certificate after the other.
fn program() -> ListDraft {
    let certificates = (0..1000_u32).map(|number| number * 11 + 10);
    let tokens = certificates.map(|idx| (idx, TokenDigest::of(&idx.to_be_bytes()))).collect();
    let events = (0..11_000_u32).step_by(100).zip(0..).map(|(idx, day)| {
        let reason = Reason::ALL[usize::try_from(idx / 100).expect("small") % 9];
        let effective = Date::constant(2023, 1, 15).plus_days(day * 3);
        status::event(idx, EntryStatus::Invalid, reason, &effective.to_string())
    });
    ListDraft { issued: 11_000, tokens, ..status::list(&events.collect::<Vec<_>>()) }
}

/// The same program a year later: each certificate that was valid is superseded by a new one, with
/// the same labels.
fn a_year_later(mut list: ListDraft) -> ListDraft {
    let ended: Vec<u32> = list.events.iter().map(|event| event.idx).collect();
    let renewed: Vec<u32> = list.tokens.keys().copied().filter(|idx| !ended.contains(idx)).collect();
    for (number, idx) in (0..).zip(renewed) {
        let effective = Date::constant(2023, 1, 15).plus_days(number % 365);
        list.events.push(status::event(idx, EntryStatus::Invalid, Reason::Superseded, &effective.to_string()));
        list.successors.insert(idx, format!("CQM-2024-{number:04}").parse().expect("a number"));
        list.tokens.insert(list.issued, TokenDigest::of(&list.issued.to_be_bytes()));
        list.issued += 1;
    }
    list
}

fn main() -> std::io::Result<()> {
    let large = status::token(&status::certificate_of_120_labels(), 0);
    println!("token of 5 labels:                                {:>7} bytes", status::issued().token.len());
    println!("token of 120 labels:                              {:>7} bytes", large.len());
    let (program, list) = (program(), |draft: ListDraft| status::sign(draft).len());
    let without = ListDraft { tokens: [].into(), ..program.clone() };
    println!("list of 1,000 certificates and 10,000 labels:     {:>7} bytes", list(program.clone()));
    println!("the same without the tokens:                      {:>7} bytes", list(without.clone()));
    println!(
        "the same without the tokens and the CRLs:         {:>7} bytes",
        list(ListDraft { crls: [].into(), ..without })
    );
    let later = a_year_later(program);
    println!("a year later, each certificate superseded:        {:>7} bytes", list(later.clone()));
    println!(
        "the same without the successors:                  {:>7} bytes",
        list(ListDraft { successors: [].into(), ..later })
    );

    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("list.jwt"), status::sign(status::a_million()))?;
    std::fs::write(folder.join("token.jwt"), status::token(&status::certificate_of_120_labels(), 500_000))?;
    std::fs::write(folder.join("root.pem"), office::test_root())
}
