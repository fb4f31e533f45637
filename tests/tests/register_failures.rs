//! Faults of the register's database: each ends with a clear error, a hint where one helps, and
//! without a partial change.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cqm_tests::{Run, postgres::Postgres, register::RegisterOffice, skipped};
use serde_json::json;

const STOP: &str = "status stop 39902000DA --reason fees-overdue --yes";
const ISSUE: &str = "issue --company 99 --keys keys --out letter.pdf --on 2023-05-06";

#[track_caller]
fn whole(office: &RegisterOffice, entries: i64) {
    let verified = &office.json("register verify")[0];
    assert_eq!((&verified["whole"], &verified["entries"]), (&json!(true), &json!(entries)));
}

/// An office in a file with both dossiers: three entries of the log.
fn office() -> RegisterOffice {
    let office = RegisterOffice::sqlite();
    office.import();
    office
}

#[test]
fn a_register_is_its_owners_alone_and_is_made_once() {
    let office = office();
    let mode = fs::metadata(office.workplace.path("office.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let run = office.cqm("register init").expect(2);
    assert!(run.stderr.contains("there is something already") && run.stderr.contains("\nhint: "), "{}", run.stderr);
    whole(&office, 3);
}

#[test]
fn files_that_are_no_register() {
    let office = office();
    let database = office.workplace.read("office.db");
    rusqlite::Connection::open(office.workplace.path("foreign.db"))
        .unwrap()
        .execute_batch("CREATE TABLE register (id INTEGER, version INTEGER); INSERT INTO register VALUES (1, 1)")
        .unwrap();
    office.workplace.write("text.db", "This is no database, and it is long enough to be looked at as one. ".repeat(20));
    office.workplace.write("empty.db", "");
    for (file, says) in [
        ("missing.db", "there is no register\nhint: `cqm register init`"),
        ("keys", "it is not a register of cqm"),
        ("text.db", "it is not a register of cqm"),
        ("empty.db", "it is not a register of cqm"),
        ("foreign.db", "it is not a register of cqm"),
    ] {
        for command in [STOP, ISSUE, "register list", "register verify"] {
            let run = office.cqm(&format!("{command} --register {file}")).expect(2);
            let shown = run.stderr.replace("  because ", "");
            let (says, hint) = says.split_once('\n').unwrap_or((says, ""));
            assert!(shown.contains(says) && shown.contains(hint), "{file}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("`{file}`")), "{}", run.stderr);
        }
    }
    assert_eq!(office.workplace.read("office.db"), database);
    assert_eq!(office.workplace.read("empty.db"), b"");
}

#[test]
fn a_register_of_a_later_version_is_left_alone() {
    let office = office();
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    database.execute("UPDATE register SET version = 3", []).unwrap();
    drop(database);
    let run = office.cqm(STOP).expect(2);
    assert!(run.stderr.contains("of version 3, this cqm knows version 2"), "{}", run.stderr);
}

#[test]
fn a_damaged_file_is_refused_or_found() {
    let office = office();
    office.cqm(ISSUE).expect(0);
    let good = office.workplace.read("office.db");
    let (mut refused, mut found) = (0, 0);
    // One page at a time; the first has the header.
    for page in 0..good.len() / 4096 {
        let mut damaged = good.clone();
        damaged[page * 4096..][..4096].fill(0x5a);
        office.workplace.write("damaged.db", &damaged);
        let run = office.cqm("register verify --register damaged.db");
        match run.code {
            1 => found += 1,
            2 => {
                refused += 1;
                assert!(run.stderr.contains("damaged") || run.stderr.contains("no register"), "{}", run.stderr);
            }
            code => {
                // The page is unused or belongs to an index.
                assert_eq!(code, 0, "{}{}", run.stdout, run.stderr);
            }
        }
    }
    assert!(refused + found > good.len() / 4096 / 2, "{refused} refused, {found} found of {}", good.len() / 4096);
    office.workplace.write("short.db", &good[..good.len() / 2]);
    office.cqm("register verify --register short.db").expect(2);
}

#[test]
fn no_room_for_the_database() {
    let office = office();
    let cqm = office.command().get_program().to_owned();
    for command in [STOP, ISSUE, "status publish --keys keys --out list.jwt", "register import company.toml --yes"] {
        if command.contains("import") {
            let dossier = String::from_utf8(office.workplace.read("company.toml")).unwrap();
            office.workplace.write("company.toml", dossier.replacen("Porto", "Braga", 1));
        }
        let mut bash = office.workplace.command("bash");
        bash.env("CQM", &cqm).env("CQM_REGISTER", &office.location).env("CQM_WHO", "anna");
        // Limits files to 1 kB; the signal is ignored, so that writing fails instead.
        bash.args([
            "-c",
            &format!("ulimit -f 1; trap '' XFSZ; exec $CQM {command} 2>&1 | cat; exit ${{PIPESTATUS[0]}}"),
        ]);
        let run = Run::new(&mut bash).expect(2);
        assert!(run.stdout.contains("error: "), "{}", run.stdout);
        whole(&office, 3);
    }
    assert!(!office.workplace.names(".").iter().any(|name| name.ends_with(".jwt") || name.ends_with("pdf")));
}

#[test]
fn a_full_disk() {
    let office = office();
    let cqm = office.command().get_program().to_owned();
    fs::create_dir(office.workplace.path("small")).unwrap();
    let script = "mount -t tmpfs -o size=400k none small || exit 77
        cp office.db small/office.db; head -c 1M /dev/zero >small/rest 2>/dev/null
        $CQM status stop 39902000DA --reason fees-overdue --yes --register small/office.db; first=$?
        rm small/rest
        $CQM register verify --register small/office.db || exit 78
        $CQM register log --register small/office.db | grep -c ' status ' ; exit $first";
    let mut bash = office.workplace.command("unshare");
    bash.env("CQM", &cqm).env("CQM_WHO", "anna").args(["--mount", "--map-root-user", "bash", "-c", script]);
    let Ok(output) = bash.output() else { return skipped("there is no `unshare`") };
    let (code, said) = (output.status.code(), String::from_utf8_lossy(&output.stderr));
    if code == Some(77) || said.contains("unshare failed") || said.contains("unshare:") {
        return skipped("no small disk can be made here");
    }
    assert_eq!(code, Some(2), "{said}{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains("the disk is full") && said.contains("\nhint: make room"), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("\n0\n"), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_place_that_takes_no_letter_gets_no_certificate() {
    let office = office();
    for out in ["/proc/letter.pdf", "nowhere/letter.pdf"] {
        office.cqm(&format!("issue --company 99 --keys keys --out {out} --on 2023-05-06")).expect(2);
        office.cqm(&format!("status publish --keys keys --out {out}")).expect(2);
    }
    whole(&office, 3);
}

#[test]
fn a_register_that_may_only_be_read() {
    let office = office();
    let folder = office.workplace.path(".");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(office.workplace.path("office.db"), fs::Permissions::from_mode(0o444)).unwrap();
    // Root may write every file, so another user runs it.
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(office.command().get_program());
    command.current_dir(&folder).env("CQM_REGISTER", &office.location).env("CQM_WHO", "anna").args(STOP.split(' '));
    let run = match command.output() {
        Ok(output) if output.status.code() == Some(2) => String::from_utf8_lossy(&output.stderr).into_owned(),
        _ => return skipped("no other user can run cqm here"),
    };
    assert!(run.contains("can't be written to") || run.contains("file system failed"), "{run}");
    fs::set_permissions(office.workplace.path("office.db"), fs::Permissions::from_mode(0o600)).unwrap();
    whole(&office, 3);
}

#[test]
fn who_writes_waits_for_the_other() {
    let office = office();
    let other = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut stop = office.command();
    let stop = stop.args(STOP.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    // Readers don't wait for writers.
    whole(&office, 3);
    other.execute_batch("ROLLBACK").unwrap();
    assert!(stop.wait_with_output().unwrap().status.success());
    whole(&office, 4);
}

#[test]
fn a_server_that_goes_away() {
    let Some(server) = Postgres::start() else { return };
    let office = RegisterOffice::postgres(&server, "away");
    office.import();
    let client = || postgres::Client::connect(&office.location, postgres::NoTls).unwrap();
    // One connection holds the lock and another watches, because a transaction sees only the
    // activity at its start.
    let (mut holder, mut other) = (client(), client());
    for command in [STOP, ISSUE] {
        // The connection is cut while the command waits for the lock.
        holder.batch_execute("BEGIN; LOCK TABLE cqm.log IN EXCLUSIVE MODE").unwrap();
        let mut process = office.command();
        let process = process.args(command.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE application_name = 'cqm' AND wait_event_type = 'Lock'";
        while other.query(cut, &[]).unwrap().is_empty() {
            assert!(Instant::now() < end, "the command does not wait");
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = process.wait_with_output().unwrap();
        holder.batch_execute("ROLLBACK").unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("went away") && said.contains("\nhint: "), "{said}");
        whole(&office, 3);
    }
    assert!(!office.workplace.path("letter.pdf").exists());

    let wrong = office.location.replace("p%40ss", "wr%40ng");
    let run = office.cqm(&format!("{STOP} --register {wrong}")).expect(2);
    assert!(run.stderr.contains("refused the user") && !run.stderr.contains("wr"), "{}", run.stderr);
    let none = office.location.replace(":p%40ss", "");
    office.cqm(&format!("register verify --register {none}")).expect(2);
    let run = Run::new(office.command().env("PGPASSWORD", "p@ss").args(["register", "verify", "--register", &none]));
    run.expect(0);
    let missing = office.location.replace("/away", "/nothing");
    let run = office.cqm(&format!("{STOP} --register {missing}")).expect(2);
    assert!(run.stderr.contains("refused the user"), "{}", run.stderr);
    let empty = server.database("empty");
    let run = office.cqm(&format!("{STOP} --register {empty}")).expect(2);
    assert!(run.stderr.contains("there is no register"), "{}", run.stderr);

    drop((holder, other));
    drop(server);
    let run = office.cqm(STOP).expect(2);
    assert!(run.stderr.contains("can't be reached") && run.stderr.contains("\nhint: "), "{}", run.stderr);
    assert!(!run.stderr.contains("p%40ss") && !run.stderr.contains("p@ss"), "{}", run.stderr);
}
