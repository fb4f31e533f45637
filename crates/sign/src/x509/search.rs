//! The search for a path from a leaf to an anchor.

use cqm_core::UnixTime;

use crate::x509::{PathError, X509Certificate, memo::Memo, purpose::Usage, rules::path_errors, signed::Link};

/// The most intermediates that came with a leaf among which a path is searched, and the most bytes
/// of all of them. The intermediates of the trust store are not limited: the user chose them.
const MAX_INTERMEDIATES: usize = 5;
const MAX_INTERMEDIATES_LENGTH: usize = 1 << 15;
/// The most certificates between a leaf and an anchor.
const MAX_DEPTH: usize = 8;
/// The most signatures that are verified for one path. They keep every search to a fraction of a
/// second.
const MAX_SIGNATURES: usize = 100;

/// A question for the search.
pub(super) struct Search<'a> {
    pub(super) leaf: &'a X509Certificate,
    /// The intermediates that came with the leaf.
    pub(super) own: &'a [X509Certificate],
    /// The intermediates that the user trusts or supplied.
    pub(super) stored: Vec<&'a X509Certificate>,
    pub(super) anchors: &'a [X509Certificate],
    pub(super) usage: Usage,
    pub(super) at: UnixTime,
    pub(super) memo: &'a Memo,
}

/// The certificates above a leaf.
pub(super) struct Issuers {
    /// The leaf's issuer first.
    pub(super) intermediates: Vec<X509Certificate>,
    pub(super) anchor: X509Certificate,
}

/// The anchors at which a path may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Roots,
    /// Certification authorities that someone else certified.
    Others,
}

/// The search was stopped.
struct Stopped;

impl<'a> Search<'a> {
    /// Finds the issuers from the leaf's own up to an anchor.
    ///
    /// A path to a root comes before one that ends earlier: the root's constraints and its CRL
    /// count if the user trusts the root as well as an issuer below it.
    pub(super) fn run(&self) -> Result<Issuers, Vec<PathError>> {
        let too_complex = |_: Stopped| vec![PathError::TooComplex { subject: self.leaf.subject() }];
        let stored = self.stored.iter().copied();
        let candidates = self.reachable().map_err(too_complex)?.into_iter().chain(stored).collect();
        let mut walk = Walk {
            search: self,
            candidates,
            path: Vec::new(),
            signatures: 0,
            refused: None,
            unknown: Vec::new(),
            bad: Vec::new(),
            top: (0, self.leaf),
        };
        for ends in [Ends::Roots, Ends::Others] {
            if let Some(issuers) = walk.go_on(ends).map_err(too_complex)? {
                return Ok(issuers);
            }
        }
        Err(walk.errors())
    }

    /// All own intermediates that can be part of a path from the leaf, judged by their names.
    fn reachable(&self) -> Result<Vec<&'a X509Certificate>, Stopped> {
        let mut reachable: Vec<&X509Certificate> = Vec::new();
        let mut seen = 0_usize;
        let mut length = 0_usize;
        let mut below = self.leaf;
        loop {
            for issuer in self.own.iter().filter(|issuer| below.names_issuer(issuer)) {
                if reachable.contains(&issuer) {
                    continue;
                }
                length = length.saturating_add(issuer.der().len());
                if reachable.len() == MAX_INTERMEDIATES || length > MAX_INTERMEDIATES_LENGTH {
                    return Err(Stopped);
                }
                reachable.push(issuer);
            }
            let Some(next) = reachable.get(seen) else { return Ok(reachable) };
            below = next;
            seen = seen.saturating_add(1);
        }
    }
}

/// A search under way: depth first, one signature at a time.
struct Walk<'a> {
    search: &'a Search<'a>,
    /// What can be between the leaf and an anchor.
    candidates: Vec<&'a X509Certificate>,
    /// The certificates above the leaf so far.
    path: Vec<&'a X509Certificate>,
    signatures: usize,
    /// The errors of the complete path that has the fewest.
    refused: Option<Vec<PathError>>,
    /// The signatures that could not be verified, and those that are not their issuer's.
    unknown: Vec<PathError>,
    bad: Vec<PathError>,
    /// The certificate furthest from the leaf whose issuer is missing, and its distance.
    top: (usize, &'a X509Certificate),
}

impl<'a> Walk<'a> {
    /// Continues the path from its last certificate.
    fn go_on(&mut self, ends: Ends) -> Result<Option<Issuers>, Stopped> {
        let head = self.path.last().copied().unwrap_or(self.search.leaf);
        let mut has_issuer = false;
        for anchor in self.search.anchors.iter().filter(|anchor| head.names_issuer(anchor)) {
            has_issuer = true;
            let is_end = anchor.is_self_issued() == (ends == Ends::Roots);
            if is_end && !self.contains(anchor) && self.is_signed_by(head, anchor)? {
                match self.complete(anchor) {
                    Ok(issuers) => return Ok(Some(issuers)),
                    Err(errors) => self.refuse(errors),
                }
            }
        }
        let candidates = self.candidates.clone();
        for issuer in candidates.into_iter().filter(|issuer| head.names_issuer(issuer)) {
            has_issuer = true;
            if self.path.len() < MAX_DEPTH && !self.contains(issuer) && self.is_signed_by(head, issuer)? {
                self.path.push(issuer);
                let found = self.go_on(ends)?;
                self.path.pop();
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        if !has_issuer && self.path.len() >= self.top.0 {
            self.top = (self.path.len(), head);
        }
        Ok(None)
    }

    /// Returns whether a certificate with the same subject and key is in the path (RFC 4158 section
    /// 5.2).
    fn contains(&self, issuer: &X509Certificate) -> bool {
        self.path
            .iter()
            .any(|other| other.subject_content() == issuer.subject_content() && other.spki() == issuer.spki())
    }

    fn is_signed_by(&mut self, below: &X509Certificate, issuer: &X509Certificate) -> Result<bool, Stopped> {
        self.signatures = self.signatures.saturating_add(1);
        if self.signatures > MAX_SIGNATURES {
            return Err(Stopped);
        }
        let link = below.signed().map(|signed| signed.verify(issuer, self.search.memo, || below.subject()));
        match link {
            Some(Link::Good) => return Ok(true),
            Some(Link::Unknown(error)) if self.unknown.contains(&error) => {}
            Some(Link::Unknown(error)) => self.unknown.push(error),
            Some(Link::Bad) | None => {
                let error = PathError::BadSignature { subject: below.subject() };
                if !self.bad.contains(&error) {
                    self.bad.push(error);
                }
            }
        }
        Ok(false)
    }

    /// Applies the rules to the path, now that all its signatures are good.
    fn complete(&self, anchor: &X509Certificate) -> Result<Issuers, Vec<PathError>> {
        let errors = path_errors(self.search.leaf, &self.path, anchor, self.search.usage, self.search.at);
        if !errors.is_empty() {
            return Err(errors);
        }
        let intermediates = self.path.iter().map(|certificate| (*certificate).clone()).collect();
        Ok(Issuers { intermediates, anchor: anchor.clone() })
    }

    fn refuse(&mut self, errors: Vec<PathError>) {
        if self.refused.as_ref().is_none_or(|fewest| errors.len() < fewest.len()) {
            self.refused = Some(errors);
        }
    }

    /// Returns why there is no path. A complete path says most. If a signature could not be
    /// verified, the missing path might be the one with it.
    fn errors(self) -> Vec<PathError> {
        if let Some(errors) = self.refused {
            return errors;
        }
        if !self.unknown.is_empty() {
            return self.unknown;
        }
        if !self.bad.is_empty() {
            return self.bad;
        }
        let (_, top) = self.top;
        vec![PathError::UnknownIssuer { subject: top.subject(), issuer: top.issuer() }]
    }
}
