//! The folder of the memory: files whose names state what they contain.
//!
//! A file is never changed: a newer one is written beside it, and then the older one is removed. So
//! a crash loses nothing, and neither do two processes at once.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use cqm_files::{Access, Content, FolderLock, NewFile, Staged, TEMPORARY_PREFIX, create_private_folders, read_own};
use cqm_sign::DigestAlgorithm;

use super::{Damage, WriteError};

/// The size limit of a kept file, 4 MiB. No status list is larger.
pub(super) const FILE_LIMIT: u64 = 4 << 20;

/// The number of lists or of CRLs that a folder keeps.
pub(super) const KEPT_LIMIT: usize = 256;

/// The number of names in a folder that are read. Beside kept files, there are a lock and what
/// processes that were killed left behind.
const NAMES_LIMIT: usize = 4096;

/// The time that a process waits for others.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a kept file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    List,
    Crl,
}

impl Kind {
    const ALL: [Self; 2] = [Self::List, Self::Crl];

    fn extension(self) -> &'static str {
        match self {
            Self::List => "jwt",
            Self::Crl => "crl",
        }
    }
}

/// The first 16 bytes of a SHA-256 digest, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShortDigest(String);

impl ShortDigest {
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let digest = DigestAlgorithm::Sha256.digest(parts);
        let first: Vec<u8> = digest.iter().copied().take(16).collect();
        Self(base16ct::lower::encode_string(&first))
    }
}

impl FromStr for ShortDigest {
    type Err = base16ct::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digest = [0; 16];
        match base16ct::lower::decode(text, &mut digest)?.len() {
            16 => Ok(Self(text.to_owned())),
            _ => Err(base16ct::Error::InvalidLength),
        }
    }
}

/// The name of a kept file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileName {
    pub(super) kind: Kind,
    /// What the file is about: the name and root of a list, or the key of a CRL's issuer.
    pub(super) group: ShortDigest,
    pub(super) content: ShortDigest,
}

impl FileName {
    pub(super) fn new(kind: Kind, group: ShortDigest, bytes: &[u8]) -> Self {
        Self { kind, group, content: ShortDigest::of(&[bytes]) }
    }

    /// Reads the name of a file. Returns `None` if it is not a kept file.
    fn read(name: &OsStr) -> Option<Self> {
        let (stem, extension) = name.to_str()?.rsplit_once('.')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.extension() == extension)?;
        let (group, content) = stem.split_once('-')?;
        Some(Self { kind, group: group.parse().ok()?, content: content.parse().ok()? })
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}.{}", self.group.0, self.content.0, self.kind.extension())
    }
}

/// The folder, which need not exist.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn path_of(&self, name: &FileName) -> PathBuf {
        self.0.join(name.to_string())
    }

    /// The names of all kept files, sorted.
    pub(super) fn names(&self) -> io::Result<Vec<FileName>> {
        let mut names = Vec::new();
        for (at, entry) in self.entries()?.enumerate() {
            if at >= NAMES_LIMIT {
                return Err(io::Error::other(format!("it contains more than {NAMES_LIMIT} files")));
            }
            names.extend(FileName::read(&entry?.file_name()));
        }
        names.sort_unstable();
        Ok(names)
    }

    fn entries(&self) -> io::Result<impl Iterator<Item = io::Result<fs::DirEntry>>> {
        match fs::read_dir(&self.0) {
            Ok(entries) => Ok(Some(entries).into_iter().flatten()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None.into_iter().flatten()),
            Err(error) => Err(error),
        }
    }

    /// The content of a kept file; `None` if another process has just removed it.
    pub(super) fn read(&self, name: &FileName) -> Result<Option<Vec<u8>>, Damage> {
        let bytes = match read_own(&self.path_of(name), FILE_LIMIT) {
            Ok(Content::Whole(bytes)) => bytes,
            Ok(Content::LargerThan(limit)) => return Err(Damage::TooLarge { limit }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if ShortDigest::of(&[&bytes]) == name.content { Ok(Some(bytes)) } else { Err(Damage::Changed) }
    }

    /// Waits for the right to change the folder, which is created if needed.
    pub(super) fn lock(&self) -> io::Result<LockedFolder<'_>> {
        create_private_folders(&self.0)?;
        Ok(LockedFolder { folder: self, _lock: FolderLock::acquire(&self.0, PATIENCE)? })
    }
}

/// The folder, while no other process changes it.
pub(super) struct LockedFolder<'a> {
    folder: &'a Folder,
    _lock: FolderLock,
}

impl LockedFolder<'_> {
    /// Writes files, and then removes others.
    pub(super) fn change(&self, added: &[(FileName, Vec<u8>)], removed: &[FileName]) -> Result<(), WriteError> {
        let paths: Vec<PathBuf> = added.iter().map(|(name, _)| self.folder.path_of(name)).collect();
        let contents = added.iter().map(|(_, bytes)| bytes);
        let files: Vec<NewFile<'_>> =
            paths.iter().zip(contents).map(|(path, bytes)| NewFile { path, bytes, access: Access::Owner }).collect();
        Staged::write(&files)?.replace()?;
        for name in removed {
            fs::remove_file(self.folder.path_of(name))?;
        }
        self.remove_temporaries();
        Ok(())
    }

    /// Removes what processes that were killed left behind: whoever writes has the lock.
    fn remove_temporaries(&self) {
        let entries = self.folder.entries().into_iter().flatten().take(NAMES_LIMIT).flatten();
        for entry in
            entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(TEMPORARY_PREFIX.as_bytes()))
        {
            // If it stays, the next process tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_kept_files_are_read() {
        let name = FileName::new(Kind::Crl, ShortDigest::of(&[b"issuer"]), b"crl");
        let text = name.to_string();
        assert_eq!(FileName::read(text.as_ref()), Some(name));
        for other in [
            text.to_uppercase(),
            text.replace("-", ""),
            text.replace(".crl", ".pem"),
            text.replace(".crl", ""),
            format!("{text}.crl"),
            format!("0{text}"),
            text[1..].to_owned(),
            format!("../{text}"),
            ".lock".to_owned(),
        ] {
            assert_eq!(FileName::read(other.as_ref()), None, "{other}");
        }
    }
}
