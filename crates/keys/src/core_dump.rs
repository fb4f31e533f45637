//! Keeps private keys out of core dumps.

/// Disables core dumps of this process, because they would contain its private keys: the size
/// limit, and on Linux also dumps that go to a program, which ignore that limit.
///
/// A system that refuses leaves core dumps as they are, since a key is of use there too.
#[cfg(unix)]
pub(crate) fn disable() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Other systems have no core dumps.
#[cfg(not(unix))]
pub(crate) fn disable() {}
