//! The lock of a folder.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::open::open_own;

/// The name of the file in the folder that is locked. It is empty, and stays.
const NAME: &str = ".lock";

/// The time between two attempts.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to change a folder, which one process at a time has. Dropping it gives it back; so
/// does the end of the process.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits until no other process has the lock, but no longer than `patience`.
    ///
    /// The file `.lock` is created if needed. If it exists, it is neither changed nor followed.
    ///
    /// # Errors
    /// If another process has kept the lock all the time, if `.lock` is a link or something else
    /// that is not a file, or if the system refuses.
    pub fn acquire(folder: &Path, patience: Duration) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = open_own(&folder.join(NAME), &mut options)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    let message = format!("another process has locked it for {} seconds", patience.as_secs_f32());
                    return Err(io::Error::new(io::ErrorKind::TimedOut, message));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SHORT: Duration = Duration::from_millis(60);

    #[test]
    fn one_at_a_time_has_the_lock_and_waiting_ends() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::acquire(folder.path(), SHORT).unwrap();
        let start = Instant::now();
        let error = FolderLock::acquire(folder.path(), SHORT).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= SHORT && start.elapsed() < Duration::from_secs(5));
        drop(lock);
        FolderLock::acquire(folder.path(), SHORT).unwrap();
    }

    #[test]
    fn an_existing_file_keeps_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs::write(&path, "a letter").unwrap();
        FolderLock::acquire(folder.path(), SHORT).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"a letter");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join(NAME), folder.path().join("target"));
        fs::write(&target, "a letter").unwrap();
        for target in [&target, &folder.path().join("missing"), Path::new("/dev/zero")] {
            std::os::unix::fs::symlink(target, &path).unwrap();
            let error = FolderLock::acquire(folder.path(), SHORT).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
            fs::remove_file(&path).unwrap();
        }
        assert!(!folder.path().join("missing").exists());
        fs::create_dir(&path).unwrap();
        FolderLock::acquire(folder.path(), SHORT).unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_keeps_nobody_waiting() {
        use crate::read_own;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        FolderLock::acquire(folder.path(), SHORT).unwrap_err();
        read_own(&path, 10).unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn only_a_file_of_a_limited_size_is_read_as_ones_own() {
        use crate::{Content, read_own};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&path, "a letter").unwrap();
        assert!(matches!(read_own(&path, 8).unwrap(), Content::Whole(bytes) if bytes == b"a letter"));
        assert!(matches!(read_own(&path, 7).unwrap(), Content::LargerThan(7)));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(read_own(&link, 8).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        read_own(folder.path(), 8).unwrap_err();
        assert_eq!(read_own(&folder.path().join("missing"), 8).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
