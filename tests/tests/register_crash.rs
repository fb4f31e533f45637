//! Processes that are killed at any point, and eight at once: the register stays whole, gives no
//! number twice, and contains everything that was reported as done.

#![expect(clippy::print_stderr, reason = "how many processes were killed belongs to the result")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cqm_tests::{postgres::Postgres, register::RegisterOffice};
use serde_json::{Value, json};

/// Makes the tests of this file run one after the other, because they need processes that take
/// about the same time.
static ALONE: Mutex<()> = Mutex::new(());

/// Pseudo-random numbers, the same in every run (xorshift).
struct Random(u64);

impl Random {
    /// Returns a number of at least 0 and below 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 40).unwrap()) / f64::from(1_u32 << 24)
    }
}

/// The 120 labels of the group.
fn labels_of_the_group(office: &RegisterOffice) -> Vec<String> {
    let holder = &office.json("register show 21")[0];
    let sites = holder["sites"].as_array().unwrap().iter();
    let labels = sites.flat_map(|site| site["labels"].as_array().unwrap());
    labels.map(|label| label["label"].as_str().unwrap().to_owned()).collect()
}

/// The numbers of company 99's issued certificates.
fn issued(office: &RegisterOffice) -> BTreeSet<String> {
    let holder = &office.json("register show 99")[0];
    let certificates = holder["certificates"].as_array().unwrap().iter();
    let issued = certificates.filter(|certificate| certificate["valid_from"].is_string());
    issued.map(|certificate| certificate["number"].as_str().unwrap().to_owned()).collect()
}

/// The first word after `from` if the process reported success before it was killed.
fn told<'a>(said: &'a str, from: &str) -> Option<&'a str> {
    let rest = said.lines().next()?.strip_prefix(from)?;
    rest.split([' ', ',']).next()
}

#[test]
fn a_process_killed_at_any_point_leaves_the_register_whole() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let target = if std::env::var_os("CQM_EXHAUSTIVE").is_some() { 3000 } else { 300 };
    let office = RegisterOffice::sqlite();
    office.import();
    let labels = labels_of_the_group(&office);
    let command = |kind: usize, run: usize| match kind {
        0 => format!("issue --company 99 --keys keys --out {run}.pdf --on 2023-05-06"),
        // Every second run resumes the label that the run before stopped.
        1 if run.is_multiple_of(2) => {
            format!("status stop {} --reason fees-overdue --yes", labels[run / 6 % labels.len()])
        }
        1 => format!("status resume {} --yes", labels[run / 6 % labels.len()]),
        _ => "status publish --keys keys --out list.jwt".to_owned(),
    };
    let mut random = Random(0x2023_0506);
    let (mut killed, mut stops, mut resumed, mut numbers, mut lists) =
        (0, BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    // The time that the last finished process of each kind took. The first of each kind is not
    // killed.
    let mut took = [Duration::ZERO; 3];
    let mut run = 0;
    while killed < target {
        run += 1;
        assert!(run < 4 * target, "most processes were faster than the test");
        let kind = run % 3;
        let arguments = command(kind, run);
        let said = office.workplace.path(format!("{run}.said"));
        let start = Instant::now();
        let mut process = office.command();
        process.args(arguments.split(' ')).stdin(Stdio::null()).stderr(Stdio::null());
        let mut process = process.stdout(File::create(&said).unwrap()).spawn().unwrap();
        let until = start + took[kind].mul_f64(1.1 * random.next());
        let status = loop {
            match process.try_wait().unwrap() {
                Some(status) => break status,
                None if took[kind] > Duration::ZERO && Instant::now() >= until => {
                    process.kill().unwrap();
                    break process.wait().unwrap();
                }
                None => std::thread::sleep(Duration::from_micros(200)),
            }
        };
        match status.code() {
            None => killed += 1,
            Some(0) => took[kind] = start.elapsed(),
            // A process that was killed before it reported anything may have stopped or resumed the
            // label already.
            Some(code) => assert!(code == 2 && kind == 1, "{arguments} ended with {code}"),
        }
        let said = fs::read_to_string(said).unwrap();
        match kind {
            0 => numbers.extend(told(&said, "Issued ").map(|number| (number.to_owned(), run))),
            1 if said.contains("Done.") => {
                let label = labels[run / 6 % labels.len()].clone();
                if run.is_multiple_of(2) {
                    stops.insert((label, run))
                } else {
                    resumed.insert((label, run))
                };
            }
            1 => {}
            _ => lists.extend(told(&said, "Published status list ").map(|seq| seq.parse::<u64>().unwrap())),
        }
        if run.is_multiple_of(60) {
            office.assert_whole();
        }
    }
    office.assert_whole();
    eprintln!(
        "{run} processes, {killed} of them killed; told: {} issued, {} stopped, {} published",
        numbers.len(),
        stops.len(),
        lists.len()
    );

    // Everything that was reported is in the register, and each number was reported once.
    let issued = issued(&office);
    let told: BTreeSet<&String> = numbers.iter().map(|(number, _)| number).collect();
    assert_eq!(told.len(), numbers.len(), "a number was given out twice");
    for (number, run) in &numbers {
        assert!(issued.contains(number), "{number} was told to be issued");
        office.cqm(&format!("register export --certificate {number} --out {run}.again.pdf")).expect(0);
        let written = office.workplace.read(format!("{run}.pdf"));
        assert_eq!(office.workplace.read(format!("{run}.again.pdf")), written);
    }
    let log = office.log();
    let changes: Vec<Value> = log
        .iter()
        .filter(|entry| entry["what"] == json!("status"))
        .map(|entry| serde_json::from_str(entry["details"].as_str().unwrap()).unwrap())
        .collect();
    for (told, status) in [(&stops, "invalid"), (&resumed, "valid")] {
        let done = |label: &str| {
            let is_it = |change: &&Value| {
                let event = &change["events"][0];
                label.starts_with(event["subject"].as_str().unwrap()) && event["status"] == json!(status)
            };
            changes.iter().filter(is_it).count()
        };
        for (label, _) in told {
            let times = told.iter().filter(|(other, _)| other == label).count();
            assert!(done(label) >= times, "{label} was told {times} times to be {status}");
        }
    }
    for seq in &lists {
        office.cqm(&format!("register export --list {seq} --out list-{seq}.jwt")).expect(0);
    }
    // The published file is a list that the register knows, at least as new as the last reported
    // one.
    let published = log.iter().filter(|entry| entry["what"] == json!("published")).count();
    let newest = lists.last().copied().unwrap_or(1);
    let there = office.workplace.read("list.jwt");
    let is_there = |seq: &u64| {
        let name = format!("check-{seq}.jwt");
        office.cqm(&format!("register export --list {seq} --out {name}")).expect(0);
        office.workplace.read(name) == there
    };
    assert!((newest..=u64::try_from(published).unwrap()).any(|seq| is_there(&seq)));

    nothing_signed_lies_around(&office);
}

/// Temporary files have no signed bytes that the register does not have.
fn nothing_signed_lies_around(office: &RegisterOffice) {
    let database = rusqlite::Connection::open(office.workplace.path("office.db")).unwrap();
    let mut statement = database.prepare("SELECT content FROM documents").unwrap();
    let documents: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut left = 0;
    for name in office.workplace.names(".").iter().filter(|name| name.starts_with(".cqm-")) {
        let file = office.workplace.read(name);
        left += 1;
        // Files are reserved with zeros, and may be cut short at any byte.
        let is_known = |document: &Vec<u8>| {
            file.iter().zip(document).all(|(found, known)| found == known || *found == 0)
                && file.len() <= document.len()
        };
        assert!(file.iter().all(|byte| *byte == 0) || documents.iter().any(is_known), "{name} is signed and unknown");
    }
    eprintln!("{left} files were left without a name");
}

/// Eight processes issue and stop in turn while a ninth verifies.
fn eight_at_once(office: &RegisterOffice) {
    const ROUNDS: usize = 4;
    office.import();
    let labels = labels_of_the_group(office);
    let numbers: Vec<String> = std::thread::scope(|scope| {
        let work = |worker: usize| {
            let labels = &labels;
            move || {
                let mut numbers = Vec::new();
                for round in 0..ROUNDS {
                    let run = worker * ROUNDS + round;
                    let issued =
                        &office.json(&format!("issue --company 99 --keys keys --out {run}.pdf --on 2023-05-06"))[0];
                    numbers.push(issued["number"].as_str().unwrap().to_owned());
                    office.cqm(&format!("status stop {} --reason fees-overdue --yes", labels[run])).expect(0);
                }
                numbers
            }
        };
        let workers: Vec<_> = (0..8).map(|worker| scope.spawn(work(worker))).collect();
        for _ in 0..ROUNDS {
            office.assert_whole();
            office.cqm("status publish --keys keys --out list.jwt").expect(0);
        }
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    office.assert_whole();
    let different: BTreeSet<String> = numbers.iter().cloned().collect();
    assert_eq!(different.len(), 8 * ROUNDS, "{numbers:?}");
    assert_eq!(different, issued(office));
    let stopped = labels_of_the_group(office).iter().filter(|label| label.ends_with('S')).count();
    assert_eq!(stopped, 8 * ROUNDS);
    // Each certificate supersedes the one before it, so one is valid.
    let holder = &office.json("register show 99")[0];
    let certificates = holder["certificates"].as_array().unwrap().iter();
    assert_eq!(certificates.filter(|certificate| certificate["event"].is_null()).count(), 1);
    let lists = office.log().iter().filter(|entry| entry["what"] == json!("published")).count();
    assert_eq!(lists, ROUNDS);
}

#[test]
fn eight_processes_lose_nothing_on_sqlite() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    eight_at_once(&RegisterOffice::sqlite());
}

#[test]
fn eight_processes_lose_nothing_on_postgresql() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = Postgres::start() {
        eight_at_once(&RegisterOffice::postgres(&server, "eight"));
    }
}
