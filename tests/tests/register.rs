//! The office's register from the command line, on both databases.

use cqm_tests::{postgres::Postgres, register::RegisterOffice};
use serde_json::{Value, json};

/// Runs a test on SQLite and on PostgreSQL.
fn on_both(name: &str, test: impl Fn(&RegisterOffice)) {
    test(&RegisterOffice::sqlite());
    if let Some(server) = Postgres::start() {
        test(&RegisterOffice::postgres(&server, name));
    }
}

#[test]
fn the_day_of_an_office() {
    on_both("day", |office| {
        let run = office.cqm("register import company.toml").expect(2);
        assert!(run.stderr.contains("no terminal") && run.stderr.contains("\nhint: --yes"), "{}", run.stderr);
        assert_eq!(office.log().len(), 1, "nothing was changed");

        let imported = &office.json("register import company.toml --yes")[0];
        assert_eq!(imported["labels_approved"].as_array().unwrap().len(), 5);
        assert_eq!(office.json("register import company.toml --yes")[0]["changed"], json!(false));

        let first = &office.json("issue --company 99 --keys keys --out first.pdf --on 2023-05-06")[0];
        assert_eq!((&first["number"], &first["labels"]), (&json!("CQM-2023-0099"), &json!(5)));
        office.cqm("status publish --keys keys --out list.jwt").expect(0);

        office.cqm("status stop 39902000DA --reason fees-overdue --yes").expect(0);
        office.cqm("status publish --keys keys --out list.jwt").expect(0);
        let label = &office.json("register show 39902000DA")[0];
        assert_eq!((&label["label"], &label["event"]["reason"]), (&json!("39902000DS"), &json!("fees-overdue")));

        let second = &office.json("issue --company 99 --keys keys --out second.pdf --on 2023-06-01")[0];
        assert_eq!(second["labels"], json!(4), "a stopped label is not listed");
        assert_eq!(second["superseded"], json!(["CQM-2023-0099"]));
        assert_eq!(second["number"], json!("CQM-2023-0100"));
        let superseded = &office.json("register show CQM-2023-0099")[0]["certificate"];
        assert_eq!(superseded["status"], json!("valid until 2024-05-05"), "today, in May, it still is");

        // A third one begins on the same day: the list names the one that replaced each.
        let third = &office.json("issue --company 99 --keys keys --out third.pdf --on 2023-06-01")[0];
        assert_eq!(third["superseded"], json!(["CQM-2023-0100"]));
        office.cqm("status publish --keys keys --out list.jwt").expect(0);
        let list = &office.json("status show list.jwt")[0];
        let successors: Vec<&Value> =
            list["successors"].as_array().unwrap().iter().map(|successor| &successor["number"]).collect();
        assert_eq!(successors, ["CQM-2023-0100", "CQM-2023-0101"]);
        let verify = "verify first.pdf --trust keys/root.pem --status list.jwt --at 2023-06-01 --json";
        let run = office.cqm(&format!("{verify} --state-dir state")).expect(1);
        assert!(run.stdout.contains(r#""successor":"CQM-2023-0100""#), "{}", run.stdout);

        let what: Vec<Value> = office.log().iter().map(|entry| entry["what"].clone()).collect();
        let all = "created imported issued published status published issued issued published";
        assert_eq!(what, all.split(' ').collect::<Vec<_>>());
        assert!(office.log().iter().all(|entry| entry["who"] == json!("anna")));
        office.assert_whole();
    });
}

#[test]
fn a_group_gets_one_letter_by_any_of_its_companies() {
    let office = RegisterOffice::sqlite();
    office.import();
    let issued = &office.json("issue --company 4A --keys keys --out group.pdf --on 2023-05-06")[0];
    assert_eq!(
        (&issued["number"], &issued["labels"], &issued["sites"]),
        (&json!("CQM-2023-0121"), &json!(120), &json!(40))
    );
    let holder = &office.json("register show 21")[0];
    assert_eq!(
        holder["companies"],
        json!([
            {"number": "21", "name": "Ångström Kort AS"},
            {"number": "22", "name": "Cartes Étoile SA"},
            {"number": "23", "name": "Žuraw Karte d.o.o."},
            {"number": "31", "name": "Κάρτες Αστερίας ΑΕ"},
            {"number": "4A", "name": "青鸟卡业"},
        ])
    );
    let run = office.cqm("issue --company 98 --keys keys --out other.pdf").expect(2);
    assert!(run.stderr.contains("company 98 is not in the register"), "{}", run.stderr);
}

/// A register of version 1 without a holder, upgraded.
#[test]
fn a_register_of_version_1_is_upgraded() {
    let office = RegisterOffice::sqlite();
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    let downgrade = "ALTER TABLE companies DROP COLUMN name; UPDATE register SET version = 1;";
    database.execute_batch(downgrade).unwrap();
    drop(database);
    let run = office.cqm("register list").expect(2);
    assert!(run.stderr.contains("`cqm register upgrade`"), "{}", run.stderr);
    assert_eq!(office.json("register upgrade")[0], json!({"register": "office.db", "before": 1, "after": 2}));
    assert_eq!(office.log().last().unwrap()["what"], "upgraded");
    assert_eq!(office.json("register upgrade")[0]["before"], 2);
    assert_eq!(office.log().len(), 2, "a register of this version stays as it is");
    office.import();
    office.assert_whole();
    // A later version is not understood.
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    database.execute_batch("UPDATE register SET version = 3").unwrap();
    for command in ["register list", "register upgrade"] {
        assert!(office.cqm(command).expect(2).stderr.contains("version 3"), "{command}");
    }
}

#[test]
fn a_company_gets_a_new_name() {
    let office = RegisterOffice::sqlite();
    office.import();
    assert!(office.cqm("register import group.toml --yes").expect(0).stdout.contains("Nothing changes."));
    let group = String::from_utf8(office.workplace.read("group.toml")).unwrap();
    office.workplace.write("group.toml", group.replacen("Cartes Étoile SA", "Étoile Cartes SA", 1));
    let run = office.cqm("register import group.toml --yes").expect(0);
    assert!(run.stdout.contains("22 gets the name Étoile Cartes SA"), "{}", run.stdout);
    assert_eq!(office.json("register show 21")[0]["companies"][1]["name"], "Étoile Cartes SA");
    office.assert_whole();
}

#[test]
fn the_rules_are_those_of_a_dossier() {
    let office = RegisterOffice::sqlite();
    let dossier = "fixtures/dossiers/broken/fees-unpaid.toml";
    office.workplace.copy(dossier, "unpaid.toml");
    office.cqm("register import unpaid.toml --yes").expect(0);
    let from_register = office.cqm("issue --company 99 --keys keys --out letter.pdf --on 2023-05-06").expect(1);
    let from_dossier = office.cqm("issue unpaid.toml --keys keys --out letter.pdf --on 2023-05-06").expect(1);
    assert!(from_register.stderr.contains("rule.fees-unpaid"), "{}", from_register.stderr);
    assert_eq!(from_register.stderr, from_dossier.stderr);
    assert_eq!(office.log().len(), 2, "nothing was issued");

    // After payment the certificate gets the number that was not used.
    office.cqm("register import company.toml --yes").expect(0);
    let issued = &office.json("issue --company 99 --keys keys --out letter.pdf --on 2023-05-06")[0];
    assert_eq!(issued["number"], json!("CQM-2023-0099"));
    office.assert_whole();
}

#[test]
fn recognition_ends_after_six_months_or_becomes_approval() {
    let office = RegisterOffice::sqlite();
    let dossier = String::from_utf8(office.workplace.read("company.toml")).unwrap();
    office.workplace.write("company.toml", dossier.replace("\"69901000DA\"", "\"69901000DR\""));
    office.cqm("register import company.toml --yes").expect(0);
    let label = |at| {
        let run = office.cqm_at(at, "register show 69901000DA --json").expect(0);
        serde_json::from_str::<Value>(&run.stdout).unwrap()
    };
    let recognized = label("2023-11-05T23:59:59Z");
    assert_eq!(
        (&recognized["label"], &recognized["status"]),
        (&json!("69901000DR"), &json!("recognized until 2023-11-05"))
    );
    assert_eq!(label("2023-11-06T00:00:00Z")["status"], json!("recognition ended on 2023-11-05"));

    let issued = &office.json("issue --company 99 --keys keys --out first.pdf --on 2023-05-06")[0];
    assert_eq!(issued["labels"], json!(4), "a letter never lists a recognition");

    office.workplace.write("company.toml", &dossier);
    office.cqm_at("2023-09-01T09:00:00Z", "register import company.toml --yes").expect(0);
    let approved = label("2023-11-06T00:00:00Z");
    assert_eq!((&approved["label"], &approved["approved"]), (&json!("69901000DA"), &json!("2023-09-01")));
    assert_eq!(approved["idx"], recognized["idx"], "an entry of the status list is kept");
    office.workplace.write("company.toml", dossier.replace("\"69901000DA\"", "\"69901000DR\""));
    let run = office.cqm("register import company.toml --yes").expect(2);
    assert!(run.stderr.contains("approved on 2023-09-01"), "{}", run.stderr);
    office.assert_whole();
}

#[test]
fn numbers_are_given_out_once() {
    let office = RegisterOffice::sqlite();
    office.import();
    let dossier = String::from_utf8(office.workplace.read("company.toml")).unwrap();
    for (from, to, says) in [
        (
            "companies = [\"99\"]",
            "companies = [{ number = \"99\", name = \"A\" }, { number = \"21\", name = \"B\" }]",
            "a dossier is of one holder",
        ),
        ("country = \"PT\"", "country = \"ES\"", "numbers of sites are given out once"),
        ("CQM-2023-0099", "CQM-2023-0121", "was given to Ångström & Étoile Card Group"),
        ("69901000DA", "69902000DA", "69902000DA"),
        ("69901000DA", "69901000DS", "written as stopped"),
    ] {
        office.workplace.write("other.toml", dossier.replacen(from, to, 1));
        let run = office.cqm("register import other.toml --yes").expect(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
    assert_eq!(office.log().len(), 3);
    office.workplace.write("other.toml", dossier.replacen("city = \"Porto\"", "city = \"Braga\"", 1));
    let changed = &office.json("register import other.toml --yes")[0];
    assert_eq!(changed["sites_changed"], json!(["99-01"]));
    office.assert_whole();
}

#[test]
fn the_loss_of_gvcp_stops_what_needs_it_at_once() {
    on_both("gvcp", |office| {
        office.import();
        // 99-02 makes and personalizes cards; a label for inlays there would remain.
        let dossier = String::from_utf8(office.workplace.read("company.toml")).unwrap();
        office.workplace.write("more.toml", dossier.replacen("\"P9902000DA\"", "\"P9902000DA\", \"69902000DA\"", 1));
        office.cqm("register import more.toml --yes").expect(0);
        office.cqm("status stop 49902000DA --reason audit-failed --yes").expect(0);
        let stopped = &office.json("status stop --site 99-02 --reason gvcp-decertified --yes")[0];
        let labels: Vec<&Value> = stopped.as_array().unwrap().iter().map(|change| &change["label"]).collect();
        assert_eq!(labels, [&json!("39902000DA"), &json!("P9902000DA")]);
        assert_eq!(office.json("register show 69902000DA")[0]["label"], json!("69902000DA"));
        let run = office.cqm("status stop --site 99-02 --reason gvcp-decertified --yes").expect(2);
        assert!(run.stderr.contains("no label that needs GVCP"), "{}", run.stderr);
        // Any other reason concerns the whole site.
        let rest = &office.json("status stop --site 99-02 --reason audit-failed --yes")[0];
        assert_eq!(rest[0]["label"], json!("69902000DA"));
        office.assert_whole();
    });
}

#[test]
fn what_was_ended_stays_so_and_what_was_suspended_comes_back() {
    let office = RegisterOffice::sqlite();
    office.import();
    office.cqm("issue --company 99 --keys keys --out letter.pdf --on 2023-05-06").expect(0);
    let refused = |arguments: &str, says: &str| {
        let before = office.log().len();
        let run = office.cqm(&format!("{arguments} --yes")).expect(2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert_eq!(office.log().len(), before);
    };
    refused("status resume 39902000DA", "is not suspended");
    office.cqm("status suspend 39902000DA --reason audit-report-overdue --effective 2023-06-01 --yes").expect(0);
    refused("status suspend 39902000DA --reason fees-overdue --effective 2023-07-01", "suspended since 2023-06-01");
    refused("status resume 39902000DA --effective 2023-05-31", "not before it");
    let announced = office.cqm("register show 39902000DA").expect(0).stdout;
    assert!(announced.contains("; suspended from 2023-06-01 on (audit-report-overdue)"), "{announced}");
    assert_eq!(office.json("register show 39902000DA")[0]["announced"]["effective"], json!("2023-06-01"));
    // A stop from today on is also in effect in June.
    let stopped = &office.json("status stop 39902000DA --reason audit-failed --yes")[0];
    assert_eq!(stopped[0]["effective"], json!("2023-05-06"));
    let label = office.cqm_at("2023-06-15T00:00:00Z", "register show 39902000DA --json").expect(0);
    assert!(label.stdout.contains("39902000DS"), "{}", label.stdout);
    assert_eq!(office.json("register show 39902000DA")[0]["announced"], json!(null), "it changes nothing any more");
    refused("status stop 39902000DA --reason audit-failed", "invalid since");

    office.cqm("status revoke CQM-2023-0099 --reason key-compromise --yes").expect(0);
    refused("status resume CQM-2023-0099", "a revoked certificate stays so");
    refused("status revoke CQM-2023-0098 --reason key-compromise", "not in the register");
    refused("status revoke CQM-2023-0121 --reason key-compromise", "is not issued yet");
    refused("status revoke CQM-2023-0099 --reason superseded", "superseded by issuing the next one");
    refused("status stop 39902000DA --reason key-compromise", "revoke the certificate");
    // Late notice is reported.
    let run = office.cqm("status stop 49902000DA --reason fees-overdue --effective 2023-05-04 --yes").expect(0);
    assert!(run.stderr.contains("warning: it took effect on 2023-05-04"), "{}", run.stderr);
    office.assert_whole();
}

#[test]
fn lists_are_replaced_by_newer_lists_alone() {
    let office = RegisterOffice::sqlite();
    office.import();
    office.workplace.write("precious", "not a list");
    let run = office.cqm("status publish --keys keys --out precious").expect(2);
    assert!(run.stderr.contains("exists already"), "{}", run.stderr);
    assert_eq!(office.workplace.read("precious"), b"not a list");
    assert_eq!(office.log().len(), 3, "no list was published");

    office.cqm("status publish --keys keys --out list.jwt").expect(0);
    let first = office.workplace.read("list.jwt");
    office.cqm("status publish --keys keys --out list.jwt").expect(0);
    assert_ne!(office.workplace.read("list.jwt"), first);
    office.cqm("register export --list 1 --out first.jwt").expect(0);
    assert_eq!(office.workplace.read("first.jwt"), first);
    // The list of another register is not replaced.
    let other = RegisterOffice::sqlite();
    other.cqm("status publish --keys keys --out list.jwt").expect(0);
    office.workplace.write("other.jwt", other.workplace.read("list.jwt"));
    office.cqm("status publish --keys keys --out other.jwt").expect(2);
}

#[test]
fn what_was_issued_can_be_written_again() {
    let office = RegisterOffice::sqlite();
    office.import();
    office.cqm("issue --company 99 --keys keys --out letter.pdf --on 2023-05-06").expect(0);
    office.cqm("register export --certificate CQM-2023-0099 --out again.pdf").expect(0);
    assert_eq!(office.workplace.read("again.pdf"), office.workplace.read("letter.pdf"));
    assert_eq!(office.workplace.read("again.jwt"), office.workplace.read("letter.jwt"));
    office.cqm("register export --company 99 --out again.toml").expect(0);
    assert_eq!(office.workplace.read("again.toml"), office.workplace.read("company.toml"));
    office.cqm("register export --certificate CQM-2023-0121 --out group.pdf").expect(2);
}

/// Changes a register with SQL, and returns what `register verify` reports.
fn tampered(sql: &str) -> Value {
    let office = RegisterOffice::sqlite();
    office.import();
    office.cqm("issue --company 99 --keys keys --out letter.pdf --on 2023-05-06").expect(0);
    office.cqm("status stop 39902000DA --reason fees-overdue --yes").expect(0);
    office.cqm("status publish --keys keys --out list.jwt").expect(0);
    office.assert_whole();
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    database.execute_batch(sql).unwrap();
    drop(database);
    let run = office.cqm("register verify --json").expect(1);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_change_behind_the_logs_back_is_found_and_named() {
    let free = "DROP TRIGGER log_unchanged; DROP TRIGGER log_kept; DROP TRIGGER documents_unchanged; \
                DROP TRIGGER events_kept; DROP TRIGGER labels_kept;";
    for (sql, entry, says) in [
        ("UPDATE log SET who = 'mallory' WHERE seq = 3", json!(3), "its hash"),
        (
            "UPDATE log SET details = replace(details, 'fees-overdue', 'vendor-request') WHERE seq = 5",
            json!(5),
            "its hash",
        ),
        ("DELETE FROM log WHERE seq = 2", json!(2), "missing"),
        ("DELETE FROM log WHERE seq = 6", Value::Null, "lists 1 is in no entry"),
        ("DELETE FROM log", Value::Null, "empty"),
        ("DELETE FROM events", json!(5), "events 1 is missing"),
        (
            "UPDATE certificates SET valid_until = '2033-05-05' WHERE idx IS NOT NULL",
            json!(4),
            "2033-05-05 as valid_until",
        ),
        ("UPDATE labels SET idx = 900 WHERE label = '39902000D'", json!(2), "900 as idx"),
        ("UPDATE counters SET next = 3 WHERE name = 'entry'", json!(4), "3 as next"),
        ("UPDATE documents SET content = x'00' WHERE sha256 IN (SELECT pdf FROM certificates)", json!(4), "document"),
        ("INSERT INTO companies VALUES ('98', 1, NULL)", Value::Null, "companies 98 is in no entry"),
    ] {
        let found = tampered(&format!("{free} {sql}"));
        assert_eq!(found["entry"], entry, "{sql}: {found}");
        assert!(found["what"].as_str().unwrap().contains(says), "{sql}: {found}");
    }
}

#[test]
fn the_log_and_the_documents_refuse_changes() {
    let office = RegisterOffice::sqlite();
    office.import();
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    for sql in ["UPDATE log SET who = 'mallory'", "DELETE FROM log", "DELETE FROM documents", "DELETE FROM labels"] {
        assert!(database.execute_batch(sql).is_err(), "{sql}");
    }
    drop(database);
    office.assert_whole();
    let Some(server) = Postgres::start() else { return };
    let office = RegisterOffice::postgres(&server, "kept");
    office.import();
    let mut database = postgres::Client::connect(&office.location, postgres::NoTls).unwrap();
    for sql in
        ["UPDATE cqm.log SET who = 'mallory'", "DELETE FROM cqm.log", "TRUNCATE cqm.log", "DELETE FROM cqm.labels"]
    {
        assert!(database.batch_execute(sql).is_err(), "{sql}");
    }
    office.assert_whole();
}
