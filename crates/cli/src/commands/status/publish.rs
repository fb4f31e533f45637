//! `cqm status publish`: signs the status list and writes it to a file.

use cqm_files::shown;
use cqm_office::{PublishedList, PublishingKeys, publish};
use serde_json::json;

use crate::{
    args::status::PublishArgs,
    exit::Exit,
    office, passphrase,
    terminal::{STRONG, outln, print_json, print_warning, styled},
};

pub(super) fn run(arguments: &PublishArgs) -> anyhow::Result<Exit> {
    let PublishArgs { keys, out, valid_for, location, stamp, json } = arguments;
    let stamp = office::stamp(stamp)?;
    let keys = PublishingKeys::load(keys, &|role| passphrase::existing(&role.key_file()))?;
    let mut register = location.open()?;
    let published = publish(&mut register, &keys, out, *valid_for, &stamp)?;
    let PublishedList { seq, expires_at, shortened_by, is_newest } = published;
    if let Some(issuer) = &shortened_by {
        print_warning(format_args!(
            "list {seq} ends at {expires_at}, earlier than asked for: then the next CRL of {issuer:?} is due"
        ));
    }
    let out = shown(out);
    if *json {
        print_json(&json!({
            "file": out.to_string(), "seq": seq, "issued_at": stamp.at, "expires_at": expires_at, "newest": is_newest,
            "shortened_by": shortened_by,
        }))?;
    } else {
        outln!("{}, good until {expires_at}", styled(STRONG, format_args!("Published status list {seq}")));
        match is_newest {
            true => outln!("  {out}"),
            false => outln!("  {out} holds a newer list already"),
        }
    }
    Ok(Exit::Valid)
}
