//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use cqm_core::{Date, UnixTime};

/// The current time.
pub(crate) fn now() -> anyhow::Result<UnixTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock of this machine is before 1970")?;
    Ok(UnixTime::new(i64::try_from(since.as_secs())?))
}

/// The current UTC day.
pub(crate) fn today() -> anyhow::Result<Date> {
    now()?.date().context("the clock of this machine is beyond the calendar")
}
