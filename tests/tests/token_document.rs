//! The worked example of `docs/reference/certificate-token.md` is what the office issues.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_tests::{office::issued, repository};
use serde_json::Value;

#[test]
fn the_example_is_what_the_office_issues() {
    let page = std::fs::read_to_string(repository("docs/reference/certificate-token.md")).unwrap();
    let blocks: Vec<String> = page
        .split_once("## 8. Example")
        .expect("the section")
        .1
        .split("\n\n")
        .filter(|block| !block.is_empty() && block.lines().all(|line| line.starts_with("    ")))
        .map(|block| block.lines().map(str::trim).collect())
        .collect();
    let [claims, token] = blocks.as_slice() else { panic!("{} blocks", blocks.len()) };
    assert_eq!(token, &issued().token);
    let payload = token.split('.').nth(1).expect("three parts");
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(claims).unwrap(), payload);
}
