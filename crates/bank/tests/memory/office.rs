//! An office with an issuing CA and several signers of lists, and a bank with a folder.

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use cqm_bank::Memory;
use cqm_core::{
    Certificate, Company, Date, Holder, LetterDigest, Signatory, Site, Verdict,
    claims::{Claims, TOKEN_TYPE},
    status::{EntryStatus, Event, ListUri, Reason, StatusReference, StatusReferences},
};
use cqm_keys::{
    CertificateRequest, Crl, CrlReason, KeyAlgorithm, KeyPair, Profile, Revocation, SigningKey, Validity, system_rng,
};
use cqm_sign::{
    Signer as _, jws,
    x509::{Purpose, TrustStore},
};
use cqm_status::{Digest, ListDraft, TokenDigest};
use cqm_verify::{Question, Report, Verifier};

/// The day asked about.
pub(crate) const AT: Date = Date::constant(2024, 1, 31);

/// The day on which lists are issued.
pub(crate) const ISSUED: Date = Date::constant(2024, 1, 15);

/// The number of signers of lists.
pub(crate) const SIGNERS: usize = 3;

pub(crate) struct Office {
    pub(crate) root: KeyPair,
    pub(crate) ca: KeyPair,
    pub(crate) list_signers: Vec<KeyPair>,
    token: String,
}

/// The keys are made once.
pub(crate) static OFFICE: LazyLock<Office> = LazyLock::new(Office::new);

impl Office {
    fn new() -> Self {
        let mut rng = system_rng().unwrap();
        let validity = Validity::new(Date::constant(2023, 1, 1).start(), Date::constant(2030, 1, 1).end()).unwrap();
        let authority = Profile::Authority { path_len: None };
        let root_key = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
        let request = CertificateRequest::new("CN=Root", root_key.spki(), authority, validity).unwrap();
        let root = request.self_sign(&root_key, &mut rng).unwrap();
        let root = KeyPair::new(root_key, vec![root]).unwrap();
        let mut signer = |name: &str, (profile, algorithm), issuer: &KeyPair, above: &[_]| {
            let key = SigningKey::generate(algorithm, &mut rng).unwrap();
            let request = CertificateRequest::new(name, key.spki(), profile, validity).unwrap();
            let own = request.issue(issuer, &mut rng).unwrap();
            KeyPair::new(key, [&[own], above].concat()).unwrap()
        };
        let ca = signer("CN=Issuing CA", (authority, KeyAlgorithm::P256), &root, &[]);
        let above = ca.certificates().to_vec();
        let signer_of = |purpose| (Profile::Signer(purpose), KeyAlgorithm::Ed25519);
        let list_signers = (0..SIGNERS)
            .map(|number| {
                let name = format!("CN=List signer {number}");
                signer(&name, signer_of(Purpose::StatusListSigning), &ca, &above)
            })
            .collect();
        let token_signer = signer("CN=Token signer", signer_of(Purpose::TokenSigning), &ca, &above);
        Self { root, ca, list_signers, token: token(&token_signer) }
    }

    pub(crate) fn trust(&self) -> TrustStore {
        TrustStore::from_certificates(self.root.certificates().to_vec()).unwrap()
    }

    /// A CRL of the issuing CA, from a day on for 35 days, that revokes signers of lists.
    pub(crate) fn crl(&self, number: u64, from: Date, revoked: &[(usize, CrlReason)]) -> Vec<u8> {
        let revocations: Vec<Revocation<'_>> = revoked
            .iter()
            .map(|(signer, reason)| Revocation {
                certificate: &self.list_signers[*signer].certificates()[0],
                reason: *reason,
                at: from.start(),
            })
            .collect();
        crl(&self.ca, number, from, &revocations)
    }

    /// A CRL of the root.
    pub(crate) fn root_crl(&self, from: Date) -> Vec<u8> {
        crl(&self.root, 1, from, &[])
    }

    /// The CRLs of the root and the issuing CA on the day asked about. They revoke no signer.
    pub(crate) fn current_crls(&self) -> Vec<Vec<u8>> {
        vec![self.root_crl(ISSUED), self.crl(1, ISSUED, &[])]
    }
}

pub(crate) fn crl(issuer: &KeyPair, number: u64, from: Date, revocations: &[Revocation<'_>]) -> Vec<u8> {
    let validity = Validity::new(from.start(), from.plus_days(35).end()).unwrap();
    Crl::issue(issuer, number, validity, revocations).unwrap().der().to_vec()
}

/// The token of a certificate with one label; their entries are 0 and 1.
fn token(signer: &KeyPair) -> String {
    let country = || "US".parse().unwrap();
    let number = || "99".parse().unwrap();
    let certificate = Certificate {
        number: "CQM-2023-0099".parse().unwrap(),
        holder: Holder {
            name: "Dummy Card Company".into(),
            address: vec!["1 Main Street".into(), "Boston".into()],
            country: country(),
            companies: vec![Company { number: number(), name: "Dummy Card Company".into() }],
        },
        valid_from: Date::constant(2023, 5, 6),
        valid_until: Date::constant(2024, 5, 5),
        sites: vec![Site {
            company: number(),
            number: "03".parse().unwrap(),
            country: country(),
            city: "Boston, MA".into(),
            subcontractor: None,
            cid: None,
            labels: vec!["69903000DA".parse().unwrap()],
        }],
        signatory: Signatory { name: "Someone".into(), title: "Head of the office".into() },
    };
    let reference = |idx| StatusReference { idx, uri: ListUri::default() };
    let labels = certificate.labels().map(|(_, label)| (label.identity(), reference(1))).collect();
    let references = StatusReferences::new(&certificate, reference(0), labels, 1).unwrap();
    let (letter, iat) = (LetterDigest { size: 0, sha256: [0; 32] }, certificate.valid_from.start());
    let claims = serde_json::to_vec(&Claims::new(&certificate, Some(&references), letter, iat)).unwrap();
    jws::sign_compact(signer, TOKEN_TYPE, &claims, iat).unwrap()
}

/// The content of a list as far as it matters. Entries from 2 on belong to others.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) seq: u64,
    pub(crate) prev: Option<Digest>,
    pub(crate) issued: u32,
    pub(crate) events: Vec<Event>,
    /// The tokens of entries from 2 on.
    pub(crate) tokens: Vec<(u32, TokenDigest)>,
    pub(crate) signer: usize,
    pub(crate) uri: ListUri,
}

impl List {
    /// A list with this number after a list; six entries were given out.
    pub(crate) fn new(seq: u64, before: Option<&[u8]>) -> Self {
        let prev = before.map(Digest::of_list).or((seq > 1).then_some(Digest([7; 32])));
        let uri = ListUri::default();
        Self { seq, prev, issued: 6, events: Vec::new(), tokens: vec![(2, other_token(2))], signer: 0, uri }
    }

    pub(crate) fn with_events(self, events: &[Event]) -> Self {
        Self { events: events.to_vec(), ..self }
    }

    pub(crate) fn sign(&self) -> Vec<u8> {
        let own = (0, TokenDigest::of(OFFICE.token.as_bytes()));
        let draft = ListDraft {
            uri: self.uri.clone(),
            issued_at: ISSUED.start(),
            expires_at: Date::constant(2024, 2, 14).start(),
            ttl: 86_400,
            seq: self.seq,
            prev: self.prev,
            log_head: Digest([0x22; 32]),
            crls: Vec::new(),
            issued: self.issued,
            tokens: self.tokens.iter().copied().chain([own]).collect(),
            events: self.events.clone(),
            successors: [].into(),
        };
        draft.sign(&OFFICE.list_signers[self.signer]).unwrap().into_bytes()
    }
}

/// The stop of an entry, on a day of January.
pub(crate) fn stop(idx: u32, day: i8) -> Event {
    let effective = Date::constant(2024, 1, day);
    Event { idx, status: EntryStatus::Invalid, reason: Reason::FeesOverdue, effective, recorded: effective }
}

pub(crate) fn other_token(number: u8) -> TokenDigest {
    TokenDigest::of(&[number])
}

/// What a bank learned from one run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) report: Report,
    pub(crate) problems: Vec<String>,
}

impl Run {
    pub(crate) fn verdict(&self) -> Verdict {
        self.report.verdict()
    }

    pub(crate) fn has(&self, code: &str) -> bool {
        self.report.findings().iter().any(|finding| finding.code.as_str() == code)
    }

    pub(crate) fn message(&self, code: &str) -> &str {
        let finding = self.report.findings().iter().find(|finding| finding.code.as_str() == code);
        &finding.unwrap_or_else(|| panic!("no {code} in {self:?}")).message
    }
}

/// Asks about the certificate with lists and CRLs, and with the memory in a folder.
pub(crate) fn run_with(folder: &Path, lists: &[Vec<u8>], crls: &[Vec<u8>]) -> Run {
    let mut trust = OFFICE.trust();
    crls.iter().for_each(|crl| trust.add_crl(crl).unwrap());
    let mut verifier = Verifier::new(trust);
    let problems = Memory::new(folder).add_status_lists(&mut verifier, lists);
    let question = Question::new(AT.end());
    let report = verifier.verify(OFFICE.token.as_bytes(), &question);
    Run { report, problems: problems.iter().map(cqm_bank::MemoryError::with_reasons).collect() }
}

/// Asks with one list and current CRLs that revoke no signer.
pub(crate) fn run(folder: &Path, list: &[u8]) -> Run {
    run_with(folder, &[list.to_vec()], &OFFICE.current_crls())
}

/// The names of the kept files with an extension, sorted.
pub(crate) fn kept(folder: &Path, extension: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("status")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(extension)).collect();
    names.sort_unstable();
    names
}

/// The kept lists, sorted.
pub(crate) fn kept_lists(folder: &Path) -> BTreeSet<Vec<u8>> {
    kept(folder, ".jwt").iter().map(|name| fs::read(folder.join("status").join(name)).unwrap()).collect()
}
