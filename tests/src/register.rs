//! An office with a register, on either database.

use std::process::Command;

use serde_json::Value;

use crate::{Run, Workplace, postgres::Postgres};

/// A folder with a register, the test keys, and two dossiers: `company.toml` (company 99, with
/// three sites) and `group.toml` (companies 21, 22, 23, 31 and 4A, with 40 sites).
pub struct RegisterOffice {
    /// The folder.
    pub workplace: Workplace,
    /// The location of the register.
    pub location: String,
}

/// The time of all commands that set no other.
pub const NOW: &str = "2023-05-06T09:30:00Z";

impl RegisterOffice {
    /// Creates an office with an empty register in a file.
    pub fn sqlite() -> Self {
        Self::new("office.db".into())
    }

    /// Creates an office with an empty register in a new database of a server.
    pub fn postgres(server: &Postgres, database: &str) -> Self {
        Self::new(server.database(database))
    }

    fn new(location: String) -> Self {
        let workplace = Workplace::default();
        workplace.copy("fixtures/dossiers/dummy-card-company.toml", "company.toml");
        workplace.copy("fixtures/dossiers/group.toml", "group.toml");
        workplace.copy_keys("keys");
        let office = Self { workplace, location };
        office.cqm("register init").expect(0);
        office
    }

    /// The command `cqm` in the folder, with the register, the person and the time set.
    pub fn command(&self) -> Command {
        let mut command = self.workplace.command("cqm");
        command.env("CQM_REGISTER", &self.location).env("CQM_WHO", "anna").env("CQM_NOW", NOW);
        command
    }

    /// Runs `cqm` with these arguments, separated by spaces.
    pub fn cqm(&self, arguments: &str) -> Run {
        Run::new(self.command().args(arguments.split(' ')))
    }

    /// Runs `cqm` with these arguments at another time.
    pub fn cqm_at(&self, now: &str, arguments: &str) -> Run {
        Run::new(self.command().env("CQM_NOW", now).args(arguments.split(' ')))
    }

    /// Runs `cqm` with `--json`, and returns each line of its output.
    ///
    /// # Panics
    /// If it fails, or prints anything but JSON.
    #[track_caller]
    pub fn json(&self, arguments: &str) -> Vec<Value> {
        let run = self.cqm(&format!("{arguments} --json")).expect(0);
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The entries of the log.
    pub fn log(&self) -> Vec<Value> {
        self.json("register log")
    }

    /// Imports both dossiers.
    pub fn import(&self) {
        self.cqm("register import company.toml --yes").expect(0);
        self.cqm("register import group.toml --yes").expect(0);
    }

    /// Asserts that `register verify` finds nothing wrong.
    ///
    /// # Panics
    ///
    /// If the log or the tables were changed.
    #[track_caller]
    pub fn assert_whole(&self) {
        assert_eq!(self.json("register verify")[0]["whole"], true);
    }
}
