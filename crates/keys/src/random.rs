//! The system's randomness.

use getrandom::SysRng;
use rand_core::{TryRng, UnwrapErr};

/// The operating system's randomness, for keys, serial numbers and salts.
///
/// # Errors
/// When the system has none to give. Once it has given some it does not stop, so the generator itself cannot fail.
pub fn system_rng() -> Result<UnwrapErr<SysRng>, NoRandomness> {
    let mut rng = SysRng;
    rng.try_next_u64().map_err(|error| NoRandomness(error.to_string()))?;
    Ok(UnwrapErr(rng))
}

/// The system gave no randomness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness to make keys from: {0}")]
pub struct NoRandomness(String);
