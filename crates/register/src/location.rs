//! The location of a register: a file or a server.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use cqm_core::printable;
use postgres::{
    Config,
    config::{Host, SslMode},
};

/// The location of a register.
#[derive(Debug, Clone)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Server(Server),
}

/// The path or the URL as it was given, without the query and the password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => printable(&path.to_string_lossy()).fmt(f),
            Self::Server(server) => server.shown.fmt(f),
        }
    }
}

/// A URL `postgres://…` or `postgresql://…` is a server; any other text is the path of a file.
impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Server::new(text).map(Self::Server)
        } else if text.is_empty() {
            Err(LocationError::Empty)
        } else {
            Ok(Self::File(text.into()))
        }
    }
}

/// A PostgreSQL database and the way to log in. Neither its text nor its debug form contains the
/// password.
#[derive(Debug, Clone)]
pub struct Server {
    config: Box<Config>,
    shown: String,
}

impl Server {
    fn new(url: &str) -> Result<Self, LocationError> {
        // The parser's error may quote the URL, and with it the password.
        let mut config: Config = url.parse().map_err(|_| LocationError::Url)?;
        let plain =
            url.split_once('?').is_some_and(|(_, query)| query.split('&').any(|part| part == "sslmode=disable"));
        let is_near = |host: &Host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => true,
        };
        let mut addresses = config.get_hostaddrs().iter();
        let near = config.get_hosts().iter().all(is_near) && addresses.all(std::net::IpAddr::is_loopback);
        if !near && !plain {
            return Err(LocationError::Unencrypted);
        }
        if !matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
            return Err(LocationError::Encrypted);
        }
        config.ssl_mode(SslMode::Disable).application_name("cqm");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        Ok(Self { shown: without_password(url), config: Box::new(config) })
    }

    /// Sets the password if the URL has none.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        if self.config.get_password().is_none() {
            self.config.password(password);
        }
        self
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }
}

/// A URL without its query and without the password before the host.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => url.into(),
    }
}

/// A text is not the location of a register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// The text is empty.
    #[error("the name of the register is empty")]
    Empty,
    /// The URL is not a valid PostgreSQL URL.
    #[error(
        "the URL of the register is not a valid PostgreSQL URL\nhint: write it as in postgres://user@localhost/office"
    )]
    Url,
    /// The connection would not be encrypted.
    #[error(
        "the server of the register is another machine, and the connection to it would not be encrypted\n\
         hint: use a tunnel or a Unix socket; on a network that you trust, add sslmode=disable to the URL"
    )]
    Unencrypted,
    /// The URL asks for TLS.
    #[error("the URL asks for TLS, which cqm does not support\nhint: use a tunnel, or a Unix socket")]
    Encrypted,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, LocationError> {
        text.parse::<Location>().map(|location| location.to_string())
    }

    #[test]
    fn passwords_are_never_shown() {
        for (url, shown) in [
            ("postgres://anna:s%40cret@localhost/office", "postgres://anna@localhost/office"),
            ("postgresql://anna@127.0.0.1:5433/office", "postgresql://anna@127.0.0.1:5433/office"),
            ("postgres:///office?host=/run/postgresql&user=anna&password=secret", "postgres:///office"),
        ] {
            assert_eq!(parse(url).as_deref(), Ok(shown), "{url}");
            let debug = format!("{:?}", url.parse::<Location>().unwrap());
            assert!(!debug.contains("cret"), "{debug}");
        }
        let error = parse("postgres://anna:secret@local host:x/office").unwrap_err();
        assert_eq!(error, LocationError::Url);
    }

    #[test]
    fn an_unencrypted_server_elsewhere_must_be_allowed() {
        for near in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "%2Frun%2Fpostgresql"] {
            assert!(parse(&format!("postgres://{near}/office")).is_ok(), "{near}");
        }
        for far in ["db.example.org", "192.0.2.1", "localhost.example.org", "localhost,192.0.2.1"] {
            assert_eq!(parse(&format!("postgres://{far}/office")), Err(LocationError::Unencrypted), "{far}");
            assert!(parse(&format!("postgres://{far}/office?sslmode=disable")).is_ok(), "{far}");
            let required = format!("postgres://{far}/office?sslmode=require");
            assert_eq!(parse(&required), Err(LocationError::Unencrypted), "{far}");
        }
        let near = "postgres://localhost/office?hostaddr=192.0.2.1";
        assert_eq!(parse(near), Err(LocationError::Unencrypted));
        assert_eq!(parse("postgres://localhost/office?sslmode=require"), Err(LocationError::Encrypted));
    }

    #[test]
    fn anything_else_is_a_file() {
        for file in ["office.db", "/var/lib/cqm/office.db", "postgres.db", "./postgres:/x"] {
            assert_eq!(parse(file).as_deref(), Ok(file));
        }
        assert_eq!(parse(""), Err(LocationError::Empty));
    }
}
