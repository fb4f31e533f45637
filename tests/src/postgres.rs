//! A PostgreSQL server for one test: a cluster in a temporary folder, on a loopback port.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{interop, succeed};

/// A running server. It ends when the value is dropped, and at the latest with the thread that
/// started it.
pub struct Postgres {
    programs: PathBuf,
    port: u16,
    server: Child,
    // Dropped after the server.
    folder: tempfile::TempDir,
}

/// The password of the user `office`, a superuser, as a URL has it.
const PASSWORD: &str = "p%40ss";

impl Postgres {
    /// Starts a server, if PostgreSQL is installed.
    ///
    /// # Panics
    /// If it does not start, or is missing under `CQM_INTEROP=required`.
    pub fn start() -> Option<Self> {
        let programs = interop::postgres()?;
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let data = folder.path().join("data");
        let password = folder.path().join("password");
        std::fs::write(&password, "p@ss").expect("a file");
        own(folder.path());
        succeed(
            as_user(&programs.join("initdb"))
                .arg("--pgdata")
                .arg(&data)
                .args(["--username=office", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"])
                .arg("--pwfile")
                .arg(&password),
        );
        // Another process may take the port in between; then the server ends, and another port is
        // tried.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
            let mut server = as_user(&programs.join("postgres"))
                .arg("-D")
                .arg(&data)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
                .args(["-c", "fsync=off", "-c", "max_connections=40"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("PostgreSQL starts");
            if is_ready(&mut server, &programs, port) {
                return Some(Self { programs, port, server, folder });
            }
            let _ = server.kill();
            let _ = server.wait();
        }
        panic!("PostgreSQL found no port");
    }

    /// The URL of a new, empty database.
    pub fn database(&self, name: &str) -> String {
        succeed(
            Command::new(self.programs.join("createdb"))
                .args(["--host=127.0.0.1", "--username=office", &format!("--port={}", self.port), name])
                .env("PGPASSWORD", "p@ss"),
        );
        format!("postgres://office:{PASSWORD}@127.0.0.1:{}/{name}", self.port)
    }

    /// The folder of the cluster.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Immediate shutdown, because the folder of the cluster is removed anyway.
        let _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn is_ready(server: &mut Child, programs: &Path, port: u16) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end && matches!(server.try_wait(), Ok(None)) {
        let answers = TcpStream::connect(("127.0.0.1", port)).is_ok()
            && Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()
                .is_ok_and(|status| status.success());
        if answers {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

/// Runs a program as another user if the test runs as root, which PostgreSQL refuses. The program
/// ends with the thread that started it.
fn as_user(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    }
    command.args(["--pdeathsig=QUIT", "--"]).arg(program).current_dir("/");
    command
}

/// Gives the folder to the user of [`as_user`].
fn own(folder: &Path) {
    if is_root() {
        succeed(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(folder));
    }
}
