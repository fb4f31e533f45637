//! The system's randomness.

use getrandom::SysRng;
use rand_core::{TryRng, UnwrapErr};

/// The operating system's randomness, for keys, serial numbers and salts.
///
/// # Errors
/// If the system has no randomness. A system that delivered once does not fail later, so the
/// returned generator does not fail.
pub fn system_rng() -> Result<UnwrapErr<SysRng>, NoRandomness> {
    let mut rng = SysRng;
    rng.try_next_u64().map_err(|error| NoRandomness(error.to_string()))?;
    Ok(UnwrapErr(rng))
}

/// The operating system delivered no randomness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system delivered no randomness for keys: {0}")]
pub struct NoRandomness(String);
