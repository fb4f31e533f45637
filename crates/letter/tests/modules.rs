//! The modules of the crate use each other in one direction only.

use std::{collections::BTreeSet, fs, path::Path};

/// The order of the modules, as `lib.rs` lists it.
fn order(lib: &str) -> Vec<&str> {
    let list = lib.split("//! # Modules").nth(1).unwrap();
    let items = list.lines().filter_map(|line| line.strip_prefix("//! - ")?.split_once(": "));
    items.flat_map(|(names, _)| names.split(", ")).map(|name| name.trim_matches('`')).collect()
}

/// The modules that a file names in its `use crate::` statements.
fn uses(source: &str) -> BTreeSet<String> {
    let statements = source.split("use crate::").skip(1).map(|rest| rest.split(';').next().unwrap());
    // Without the inner lists, as in `parts::{closing::Closing}`.
    let outer = statements.map(|statement| {
        let mut lists = statement.split("::{");
        let first = lists.next().unwrap().to_owned();
        lists.fold(first, |outer, list| outer + "::" + list.split_once('}').unwrap().1)
    });
    let is_path = |character: char| character.is_alphanumeric() || "_:".contains(character);
    let modules = outer.flat_map(|outer| {
        let words = outer.split(|character| !is_path(character));
        words.filter_map(|word| Some(word.split_once("::")?.0.to_owned())).collect::<Vec<_>>()
    });
    modules.collect()
}

#[test]
fn each_module_uses_only_modules_above_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(folder.join("lib.rs")).unwrap();
    let order = order(&lib);
    let place = |name: &str| order.iter().position(|other| *other == name).unwrap_or_else(|| panic!("`{name}`"));
    let (mut files, mut arrows) = (0, 0);
    for entry in fs::read_dir(&folder).unwrap().chain(fs::read_dir(folder.join("parts")).unwrap()) {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(&folder).unwrap().with_extension("");
        let name = name.iter().next().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|extension| extension != "rs") || name == "lib" {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        assert_eq!(source.matches("crate::").count(), source.matches("use crate::").count(), "{}", path.display());
        assert!(!source.contains("super::"), "{}", path.display());
        let uses = uses(&source);
        for used in &uses {
            assert!(place(used) < place(name), "{} uses `{used}`", path.display());
        }
        files += 1;
        arrows += uses.len();
    }
    assert!(files > 15 && arrows > 30, "{files} files, {arrows} arrows");
}
