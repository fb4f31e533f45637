//! What the folder contains about the given lists, and what has to change in it.

use std::{collections::BTreeMap, io};

use cqm_sign::x509::{Crl, TrustStore, X509Certificate};
use cqm_status::{History, SignedList, VerifiedList};
use cqm_verify::Verifier;

use super::{
    Damage, Given, MemoryError, WriteError,
    folder::{FileName, Folder, KEPT_LIMIT, Kind, LockedFolder, ShortDigest},
};

/// The state of the folder, together with what was given.
pub(super) struct Recall {
    /// The histories of the given lists: what was seen before, and the lists themselves.
    pub(super) histories: Vec<History>,
    pub(super) problems: Vec<MemoryError>,
    names: Vec<FileName>,
    added: Vec<(FileName, Vec<u8>)>,
    removed: Vec<FileName>,
}

impl Recall {
    /// Reads the folder. The verifier remembers its CRLs.
    pub(super) fn read(folder: &Folder, verifier: &mut Verifier, given: &[Given<'_>]) -> io::Result<Self> {
        let names = folder.names()?;
        let mut recall =
            Self { histories: Vec::new(), problems: Vec::new(), names, added: Vec::new(), removed: Vec::new() };
        let crls = recall.crls(folder);
        verifier.remember_crls(crls.iter().map(|(_, crl)| crl.clone()));
        let trust = verifier.trust();
        let mut groups: BTreeMap<ShortDigest, Vec<&Given<'_>>> = BTreeMap::new();
        for list in given {
            groups.entry(group_of_list(&list.list)).or_default().push(list);
        }
        let mut authorities: Vec<X509Certificate> = trust.roots().to_vec();
        for (group, given) in groups {
            let kept = recall.lists(folder, &group, &given, &trust.without_crls());
            authorities.extend(given.iter().flat_map(|given| given.list.path().intermediates()).cloned());
            authorities.extend(kept.iter().flat_map(|(_, list)| list.path().intermediates()).cloned());
            recall.merge_lists(&group, kept, &given, trust);
        }
        recall.merge_crls(&crls, trust, &authorities);
        Ok(recall)
    }

    /// Returns whether nothing has to change, and nothing changed while it was read.
    pub(super) fn is_settled(&self, folder: &Folder) -> io::Result<bool> {
        Ok(self.added.is_empty() && self.removed.is_empty() && folder.names()? == self.names)
    }

    /// Returns whether something was seen for the first time.
    pub(super) fn has_news(&self) -> bool {
        !self.added.is_empty()
    }

    /// Stores what is new, and removes what is superfluous.
    pub(super) fn write(&self, folder: &LockedFolder<'_>) -> Result<(), WriteError> {
        for kind in [Kind::List, Kind::Crl] {
            let kept = self.names.iter().filter(|name| name.kind == kind).count();
            let added = self.added.iter().filter(|(name, _)| name.kind == kind).count();
            if added > 0 && kept >= KEPT_LIMIT {
                return Err(WriteError::Full { limit: KEPT_LIMIT });
            }
        }
        folder.change(&self.added, &self.removed)
    }

    /// Reads the kept files of a kind, and of a group if one is given. Files that prove nothing
    /// become problems.
    fn kept<T>(
        &mut self,
        folder: &Folder,
        kind: Kind,
        group: Option<&ShortDigest>,
        mut read: impl FnMut(Vec<u8>) -> Result<T, Damage>,
    ) -> Vec<(FileName, T)> {
        let mut kept = Vec::new();
        let is_asked = |name: &&FileName| name.kind == kind && group.is_none_or(|group| name.group == *group);
        for name in self.names.iter().filter(is_asked).take(KEPT_LIMIT) {
            match folder.read(name).and_then(|bytes| bytes.map(&mut read).transpose()) {
                Ok(content) => kept.extend(content.map(|content| (name.clone(), content))),
                Err(error) => self.problems.push(MemoryError::Damaged { path: folder.path_of(name), error }),
            }
        }
        kept
    }

    fn crls(&mut self, folder: &Folder) -> Vec<(FileName, Crl)> {
        self.kept(folder, Kind::Crl, None, |bytes| Ok(Crl::read(&bytes)?))
    }

    fn lists(
        &mut self,
        folder: &Folder,
        group: &ShortDigest,
        given: &[&Given<'_>],
        trust: &TrustStore,
    ) -> Vec<(FileName, VerifiedList)> {
        self.kept(folder, Kind::List, Some(group), |bytes| {
            // Most often the kept list is the given one, and need not be verified again.
            let list = match given.iter().find(|given| given.file == bytes) {
                Some(given) => given.list.clone(),
                None => SignedList::parse(&bytes)?.verify(trust)?,
            };
            match group_of_list(&list) == *group {
                true => Ok(list),
                false => Err(Damage::AnotherList { found: list.list().uri().clone() }),
            }
        })
    }

    /// Adds the given lists to the kept ones. Lists of signers whose keys were stolen are
    /// forgotten.
    fn merge_lists(
        &mut self,
        group: &ShortDigest,
        kept: Vec<(FileName, VerifiedList)>,
        given: &[&Given<'_>],
        trust: &TrustStore,
    ) {
        let mut history = History::default();
        for list in kept.iter().map(|(_, list)| list).chain(given.iter().map(|given| &given.list)) {
            if !trust.is_compromised(list.path()) {
                history.add(list.clone());
            }
        }
        let is_needed = |list: &VerifiedList| history.lists().iter().any(|needed| needed.digest() == list.digest());
        self.removed.extend(kept.iter().filter(|(_, list)| !is_needed(list)).map(|(name, _)| name.clone()));
        for given in given.iter().filter(|given| is_needed(&given.list)) {
            let name = FileName::new(Kind::List, group.clone(), given.file);
            let is_kept = kept.iter().any(|(kept, _)| *kept == name);
            if !is_kept && !self.added.iter().any(|(added, _)| *added == name) {
                self.added.push((name, given.file.to_vec()));
            }
        }
        self.histories.push(history);
    }

    /// Adds the given CRLs to the kept ones. Of those that one key has signed, only the newest is
    /// needed.
    fn merge_crls(&mut self, kept: &[(FileName, Crl)], trust: &TrustStore, authorities: &[X509Certificate]) {
        let mut by_issuer: BTreeMap<ShortDigest, Vec<(FileName, &Crl)>> = BTreeMap::new();
        for crl in trust.crls() {
            let Some(issuer) = authorities.iter().find(|authority| crl.is_issued_by(authority)) else { continue };
            let group = group_of_crls(issuer);
            let crls = by_issuer.entry(group.clone()).or_insert_with(|| {
                let own = kept.iter().filter(|(name, kept)| name.group == group && kept.is_issued_by(issuer));
                own.map(|(name, kept)| (name.clone(), kept)).collect()
            });
            let name = FileName::new(Kind::Crl, group, crl.der());
            if crls.iter().all(|(known, _)| *known != name) {
                crls.push((name, crl));
            }
        }
        for mut crls in by_issuer.into_values() {
            // If two are of the same age, their digests decide, so that the choice is always the
            // same.
            crls.sort_by(|(name, crl), (other, other_crl)| (crl.age(), name).cmp(&(other_crl.age(), other)));
            let newest = crls.pop();
            let is_kept = |name: &FileName| kept.iter().any(|(kept, _)| kept == name);
            self.removed.extend(crls.into_iter().map(|(name, _)| name).filter(is_kept));
            if let Some((name, crl)) = newest.filter(|(name, _)| !is_kept(name)) {
                self.added.push((name, crl.der().to_vec()));
            }
        }
    }
}

/// A list of the same name under another root is another list.
fn group_of_list(list: &VerifiedList) -> ShortDigest {
    ShortDigest::of(&[&list.path().root().fingerprint(), list.list().uri().as_str().as_bytes()])
}

fn group_of_crls(issuer: &X509Certificate) -> ShortDigest {
    ShortDigest::of(&[issuer.spki()])
}
