//! Commands that run in a temporary folder, and their results.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cqm_core::Date;

use crate::{cqm, office, output, repository};

/// The result of a command.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 if a signal ended the command, as a panic does in a release build.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end.
    ///
    /// # Panics
    ///
    /// If it does not start, its output is not UTF-8, or it panics.
    pub fn new(command: &mut Command) -> Self {
        let output = output(command);
        let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("{command:?} wrote {error}"));
        let run =
            Self { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!run.stderr.contains("panicked"), "{command:?} panicked: {}", run.stderr);
        run
    }

    /// Asserts the exit code.
    ///
    /// # Panics
    ///
    /// If it differs; the message has the command's output.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}{}", self.stdout, self.stderr);
        self
    }
}

/// A temporary folder for running `cqm`, removed with the value.
#[derive(Debug)]
pub struct Workplace {
    folder: tempfile::TempDir,
}

impl Default for Workplace {
    fn default() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for temporary files") }
    }
}

impl Workplace {
    /// A folder with a bank's files: the letter of three sites, its token, and the root of the test
    /// keys.
    pub fn of_a_bank() -> Self {
        let workplace = Self::default();
        workplace.write("letter.pdf", &office::issued().pdf);
        workplace.write("letter.jwt", &office::issued().token);
        workplace.write("root.pem", office::test_root());
        workplace
    }

    /// A folder with the office's files: a dossier in order, and the test keys.
    pub fn of_the_office() -> Self {
        let workplace = Self::default();
        workplace.copy("fixtures/dossiers/dummy-card-company.toml", "dossier.toml");
        workplace.copy_keys("keys");
        workplace
    }

    /// Copies the test keys into a folder.
    pub fn copy_keys(&self, name: &str) {
        fs::create_dir(self.path(name)).expect("a new folder");
        for entry in fs::read_dir(repository("keys-test")).expect("the test keys") {
            let file = entry.expect("a file").file_name();
            self.copy(Path::new("keys-test").join(&file), Path::new(name).join(&file));
        }
    }

    /// Copies a file of the repository.
    pub fn copy(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        fs::copy(repository(from), self.path(to)).expect("a copy");
    }

    /// Writes a file.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file");
    }

    /// Reads a file.
    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Makes a file of `size` zero bytes that take no space on the disk.
    pub fn write_sparse(&self, name: &str, size: u64) {
        fs::File::create(self.path(name)).and_then(|file| file.set_len(size)).expect("a sparse file");
    }

    /// The path of something in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of everything in a folder, hidden files too, in alphabetical order.
    pub fn names(&self, folder: impl AsRef<Path>) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a file").file_name().into_string().expect("a plain name")).collect();
        names.sort_unstable();
        names
    }

    /// A program that runs in the folder, without the settings of the user who runs the tests.
    pub fn command(&self, program: &str) -> Command {
        self.settle(if program == "cqm" { cqm() } else { Command::new(program) })
    }

    /// Runs `cqm` with these arguments, separated by spaces.
    pub fn cqm(&self, arguments: &str) -> Run {
        Run::new(self.command("cqm").args(arguments.split(' ')))
    }

    /// Verifies signatures and dates only, on a day on which the fixtures are in date; `arguments`
    /// are added.
    pub fn verify(&self, arguments: &str) -> Run {
        self.verify_at(office::IN_DATE, arguments)
    }

    /// Verifies signatures and dates only, on any day; `arguments` are added.
    pub fn verify_at(&self, at: Date, arguments: &str) -> Run {
        self.cqm(&format!("verify --trust root.pem --without-status --at {at} {arguments}"))
    }

    fn settle(&self, mut command: Command) -> Command {
        command.current_dir(self.folder.path()).env("XDG_STATE_HOME", self.path(".state"));
        for variable in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "CQM_PASSPHRASE",
            "CQM_REGISTER",
            "CQM_WHO",
            "CQM_NOW",
        ] {
            command.env_remove(variable);
        }
        command
    }
}
