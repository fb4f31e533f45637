//! The answers of status lists about a certificate and its labels
//! (`docs/reference/status-list.md`, section 8).

use std::collections::BTreeMap;

use cqm_core::{
    Certificate, Code, Finding, UnixTime,
    status::{EntryStatus, ListUri, StatusReference, StatusReferences},
};
use cqm_sign::{
    SignatureAlgorithm,
    jws::JwsError,
    x509::{TrustStore, X509Certificate},
};
use cqm_status::{NotIssued, Rollback, Seen, SignedList, StatusListError, VerifiedList};

use super::{Authentic, SignatureEvidence, TrustEvidence};
use crate::report::{EntryReport, SignatureKind, StatusAnswer, StatusReport, StatusReports};

/// The lists that a user gave, and what was seen of each before.
#[derive(Debug, Default)]
pub(crate) struct StatusLists {
    pub(crate) usable: Vec<VerifiedList>,
    /// A finding for each list that cannot be believed. It is unknown which certificates such a
    /// list is about, so these are reported with every certificate.
    pub(crate) unusable: Vec<Finding>,
    seen: BTreeMap<(ListUri, Fingerprint), Seen>,
}

/// The fingerprint of a root. Lists of the same name under different roots are different lists.
type Fingerprint = [u8; 32];

impl StatusLists {
    /// Adds a list, and its CRLs to what is trusted. They may revoke the signer of this or of
    /// another list.
    pub(crate) fn add(&mut self, file: &[u8], trust: &mut TrustStore) {
        match SignedList::parse(file).and_then(|list| list.verify(trust)) {
            Ok(list) => {
                list.list().crls().iter().cloned().for_each(|crl| trust.add_parsed_crl(crl));
                self.usable.push(list);
                self.verify_signers_again(trust);
            }
            Err(error) => self.unusable.push(Finding::new(code(&error), error.to_string())),
        }
    }

    fn verify_signers_again(&mut self, trust: &TrustStore) {
        let unusable = &mut self.unusable;
        self.usable.retain_mut(|list| match list.verify_signer_again(trust) {
            Ok(()) => true,
            Err(error) => {
                unusable.push(Finding::new(code(&error), error.to_string()));
                false
            }
        });
    }

    /// Remembers the newest list that was seen of each name and root.
    pub(crate) fn saw(&mut self, list: &VerifiedList) {
        let seen = Seen::from(list);
        let newest = self.seen.entry((list.list().uri().clone(), list.path().root().fingerprint())).or_insert(seen);
        if newest.seq < seen.seq {
            *newest = seen;
        }
    }

    /// The given lists of a name under a root.
    fn of(&self, uri: &ListUri, root: &X509Certificate) -> impl Iterator<Item = &VerifiedList> {
        self.usable.iter().filter(move |list| list.list().uri() == uri && list.path().root() == root)
    }

    fn newest(&self, uri: &ListUri, root: &X509Certificate) -> Option<&VerifiedList> {
        self.of(uri, root).max_by_key(|list| list.list().seq())
    }

    /// Compares a list with those that were seen before or given with it.
    fn rollback(&self, list: &VerifiedList) -> Option<Rollback> {
        let (uri, root) = (list.list().uri(), list.path().root());
        let seen = self.seen.get(&(uri.clone(), root.fingerprint())).copied();
        seen.into_iter().chain(self.of(uri, root).map(Seen::from)).find_map(|seen| list.check_rollback(seen).err())
    }
}

/// The code for a list that cannot be believed. All of them leave the verdict open.
fn code(error: &StatusListError) -> Code {
    match error {
        StatusListError::Jws(JwsError::Signature(_) | JwsError::KeyIdentifier { .. }) => Code::StatusBadSignature,
        StatusListError::Signer(_) => Code::StatusUntrustedSigner,
        StatusListError::Claim { claim: "iss", .. } => Code::StatusWrongIssuer,
        StatusListError::Disagreement(_) => Code::StatusInconsistent,
        StatusListError::Jws(_)
        | StatusListError::OutlivesSigner { .. }
        | StatusListError::Json(_)
        | StatusListError::Claim { .. }
        | StatusListError::Tokens(_)
        | StatusListError::Crls(_)
        | StatusListError::Entries(_)
        | StatusListError::Events(_) => Code::StatusMalformed,
    }
}

/// The answers of the status lists about one certificate.
pub(crate) struct StatusEvidence<'a> {
    pub(crate) lists: &'a StatusLists,
    /// The newest list of the certificate's name under its root.
    pub(crate) list: Option<&'a VerifiedList>,
    /// What keeps that list from being used.
    pub(crate) problems: Vec<ListProblem>,
    /// Whether that list can be used and names the token.
    pub(crate) is_named: bool,
    /// The status of the certificate and its labels at the time of the question.
    pub(crate) reports: StatusReports,
}

/// The reason that makes an authentic list unusable.
pub(crate) enum ListProblem {
    /// A newer one was seen.
    Rollback(Rollback),
    /// It is older than the certificate.
    BeforeCertificate,
    /// It had expired by the time of the question.
    Stale,
}

impl<'a> StatusEvidence<'a> {
    /// Asks the lists about an authentic certificate.
    pub(crate) fn collect(lists: &'a StatusLists, authentic: Authentic<'_>, at: UnixTime) -> Self {
        let Authentic { claims, root } = authentic;
        let unknown = unknown(&claims.certificate);
        let mut evidence = Self { lists, list: None, problems: Vec::new(), is_named: false, reports: unknown };
        let Some(references) = &claims.status else { return evidence };
        let Some(list) = lists.newest(&references.certificate().uri, root) else { return evidence };
        evidence.list = Some(list);
        evidence.problems = problems(lists, list, references, at);
        // The entries that a token names mean nothing if the office did not issue the token.
        evidence.is_named =
            evidence.problems.is_empty() && list.list().names(references.certificate().idx, claims.token);
        if evidence.is_named {
            evidence.reports = reports(list, &claims.certificate, references, at);
        }
        evidence
    }

    /// The signature of the list.
    pub(crate) fn signature(&self) -> Option<SignatureEvidence> {
        let list = self.list?;
        let trust = TrustEvidence::of_verified(list.path());
        let signed_at = Some(list.list().issued_at());
        let (signer, algorithm) = (list.path().leaf(), SignatureAlgorithm::Ed25519);
        Some(SignatureEvidence::new(SignatureKind::Status, signer, algorithm, signed_at, true, trust))
    }
}

fn problems(lists: &StatusLists, list: &VerifiedList, references: &StatusReferences, at: UnixTime) -> Vec<ListProblem> {
    let mut problems: Vec<ListProblem> = lists.rollback(list).map(ListProblem::Rollback).into_iter().collect();
    if list.list().seq() < references.min_status_seq() {
        problems.push(ListProblem::BeforeCertificate);
    }
    if list.list().is_stale(at) {
        problems.push(ListProblem::Stale);
    }
    problems
}

/// The reports if no list can answer.
fn unknown(certificate: &Certificate) -> StatusReports {
    let unknown = || EntryReport::from(StatusAnswer::Unknown);
    let labels = certificate.labels().map(|(_, label)| (label.identity(), unknown())).collect();
    StatusReports { certificate: unknown(), labels }
}

fn reports(
    list: &VerifiedList,
    certificate: &Certificate,
    references: &StatusReferences,
    at: UnixTime,
) -> StatusReports {
    let label = |identity| match references.label(identity) {
        Some(reference) => report(list, reference, at),
        None => StatusAnswer::Unknown.into(),
    };
    StatusReports {
        certificate: report(list, references.certificate(), at),
        labels: certificate.labels().map(|(_, label)| label.identity()).map(|id| (id, label(id))).collect(),
    }
}

/// Returns the status of an entry in a list.
fn report(list: &VerifiedList, reference: &StatusReference, at: UnixTime) -> EntryReport {
    let list = list.list();
    match list.status_of(reference.idx, at) {
        Err(NotIssued { .. }) => StatusAnswer::Unknown.into(),
        Ok(current) => {
            let answer = match current.status() {
                EntryStatus::Valid => StatusAnswer::Valid,
                EntryStatus::Invalid => StatusAnswer::Stopped,
                EntryStatus::Suspended => StatusAnswer::Suspended,
            };
            let report = StatusReport { answer, event: current.event };
            EntryReport { report, events: list.events_of(reference.idx).to_vec() }
        }
    }
}
