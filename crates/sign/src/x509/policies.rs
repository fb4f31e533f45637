//! Certificate policies (RFC 5280 sections 6.1.2 to 6.1.5).
//!
//! A user can't demand a policy, so they decide only if a certificate on the path does
//! (`requireExplicitPolicy`). Then there must be a policy that every certificate names, or maps.
//! RFC 5280 keeps a tree of them, whose size can grow exponentially. Whether it has a leaf can be
//! told from the policies that are expected at each depth, as in the graph of RFC 9618.

use std::collections::{BTreeMap, BTreeSet};

use const_oid::db::rfc5280;

use crate::{
    asn1::{DerError, Elements, INTEGER, OBJECT_IDENTIFIER, SEQUENCE},
    x509::{PathError, X509Certificate},
};

/// The content octets of an OID.
type Policy<'a> = &'a [u8];

/// The content octets of `anyPolicy` (RFC 5280 section 4.2.1.4).
const ANY_POLICY: Policy<'static> = &[0x55, 0x1d, 0x20, 0x00];

/// The state of the algorithm after some certificates.
struct State<'a> {
    /// The policies that the next certificate may name; empty if no policy is left.
    expected: BTreeSet<Policy<'a>>,
    /// After how many more certificates a policy is required, mapping is forbidden, and `anyPolicy`
    /// stands only for itself. Longer than any path at first.
    explicit: u32,
    mapping: u32,
    any: u32,
}

/// The extensions of a certificate that are about policies.
struct Policies<'a> {
    named: Option<BTreeSet<Policy<'a>>>,
    mappings: BTreeMap<Policy<'a>, BTreeSet<Policy<'a>>>,
    require_explicit: Option<u32>,
    inhibit_mapping: Option<u32>,
    inhibit_any: Option<u32>,
}

/// Returns the fault in the policies of a path. `issuers` are the certificates above the leaf, the
/// leaf's issuer first, the anchor included. The constraints of the anchor count, its policies do
/// not.
pub(super) fn policy_error(leaf: &X509Certificate, issuers: &[&X509Certificate]) -> Option<PathError> {
    let (anchor, intermediates) = issuers.split_last()?;
    let mut state =
        State { expected: BTreeSet::from([ANY_POLICY]), explicit: u32::MAX, mapping: u32::MAX, any: u32::MAX };
    let malformed = |certificate: &X509Certificate| {
        let reason = "its policies can't be read, or map anyPolicy".to_owned();
        Some(PathError::Malformed { subject: certificate.subject(), reason })
    };
    let refused = |certificate: &X509Certificate| Some(PathError::Policy { subject: certificate.subject() });
    let Ok(of_anchor) = Policies::read(anchor) else { return malformed(anchor) };
    state.constrain(&of_anchor);
    for certificate in intermediates.iter().rev() {
        let Ok(policies) = Policies::read(certificate) else { return malformed(certificate) };
        state.take(&policies, certificate.is_self_issued());
        if state.is_refused() {
            return refused(certificate);
        }
        state.map(&policies.mappings);
        if !certificate.is_self_issued() {
            state.count_down();
        }
        state.constrain(&policies);
    }
    let Ok(policies) = Policies::read(leaf) else { return malformed(leaf) };
    state.take(&policies, false);
    if state.is_refused() {
        return refused(leaf);
    }
    state.explicit = state.explicit.saturating_sub(1);
    if policies.require_explicit == Some(0) {
        state.explicit = 0;
    }
    if state.is_refused() { refused(leaf) } else { None }
}

impl<'a> State<'a> {
    fn is_refused(&self) -> bool {
        self.explicit == 0 && self.expected.is_empty()
    }

    /// Keeps the policies that the certificate names too (section 6.1.3 (d) and (e)).
    fn take(&mut self, policies: &Policies<'a>, is_self_issued_intermediate: bool) {
        let Some(named) = &policies.named else {
            self.expected.clear();
            return;
        };
        let any_counts = self.any > 0 || is_self_issued_intermediate;
        let expected = core::mem::take(&mut self.expected);
        let wild = expected.contains(ANY_POLICY);
        let common =
            named.iter().copied().filter(|policy| *policy != ANY_POLICY && (wild || expected.contains(policy)));
        self.expected.extend(common);
        if any_counts && named.contains(ANY_POLICY) {
            self.expected.extend(expected);
        }
    }

    /// Replaces policies by those that the issuer maps them to (section 6.1.4 (b)).
    fn map(&mut self, mappings: &BTreeMap<Policy<'a>, BTreeSet<Policy<'a>>>) {
        let expected = core::mem::take(&mut self.expected);
        let wild = expected.contains(ANY_POLICY);
        self.expected.extend(expected.iter().copied().filter(|policy| !mappings.contains_key(policy)));
        if self.mapping > 0 {
            let used = mappings.iter().filter(|(policy, _)| wild || expected.contains(*policy));
            self.expected.extend(used.flat_map(|(_, mapped)| mapped.iter().copied()));
        }
    }

    /// Section 6.1.4 (h).
    fn count_down(&mut self) {
        for count in [&mut self.explicit, &mut self.mapping, &mut self.any] {
            *count = count.saturating_sub(1);
        }
    }

    /// Section 6.1.4 (i) and (j).
    fn constrain(&mut self, policies: &Policies<'_>) {
        let least = |count: u32, limit: Option<u32>| limit.map_or(count, |limit| count.min(limit));
        self.explicit = least(self.explicit, policies.require_explicit);
        self.mapping = least(self.mapping, policies.inhibit_mapping);
        self.any = least(self.any, policies.inhibit_any);
    }
}

impl<'a> Policies<'a> {
    fn read(certificate: &'a X509Certificate) -> Result<Self, DerError> {
        let sequence = |oid| certificate.extension(oid).map(|value| Elements::only(value, SEQUENCE)).transpose();
        let named = sequence(rfc5280::ID_CE_CERTIFICATE_POLICIES)?.map(read_policies).transpose()?;
        let mappings = sequence(rfc5280::ID_CE_POLICY_MAPPINGS)?.map(read_mappings).transpose()?.unwrap_or_default();
        let (require_explicit, inhibit_mapping) = match sequence(rfc5280::ID_CE_POLICY_CONSTRAINTS)? {
            Some(mut constraints) => {
                /// `[0]` and `[1]`, primitive.
                const REQUIRE_EXPLICIT_POLICY: u8 = 0x80;
                const INHIBIT_POLICY_MAPPING: u8 = 0x81;
                let mut limit = |tag| constraints.optional(tag)?.map(|element| number(element.value)).transpose();
                let limits = (limit(REQUIRE_EXPLICIT_POLICY)?, limit(INHIBIT_POLICY_MAPPING)?);
                constraints.finish()?;
                limits
            }
            None => (None, None),
        };
        let inhibit_any = match certificate.extension(rfc5280::ID_CE_INHIBIT_ANY_POLICY) {
            Some(value) => {
                let mut elements = Elements::new(value);
                let limit = number(elements.expect(INTEGER)?)?;
                elements.finish()?;
                Some(limit)
            }
            None => None,
        };
        Ok(Self { named, mappings, require_explicit, inhibit_mapping, inhibit_any })
    }
}

/// Reads the policies of `certificatePolicies`. Qualifiers are for people.
fn read_policies(mut elements: Elements<'_>) -> Result<BTreeSet<Policy<'_>>, DerError> {
    let mut policies = BTreeSet::new();
    while !elements.is_empty() {
        policies.insert(elements.enter(SEQUENCE)?.expect(OBJECT_IDENTIFIER)?);
    }
    Ok(policies)
}

fn read_mappings(mut elements: Elements<'_>) -> Result<BTreeMap<Policy<'_>, BTreeSet<Policy<'_>>>, DerError> {
    let mut mappings = BTreeMap::<_, BTreeSet<_>>::new();
    while !elements.is_empty() {
        let mut mapping = elements.enter(SEQUENCE)?;
        let (from, to) = (mapping.expect(OBJECT_IDENTIFIER)?, mapping.expect(OBJECT_IDENTIFIER)?);
        mapping.finish()?;
        // Section 4.2.1.5: anyPolicy is never mapped.
        if from == ANY_POLICY || to == ANY_POLICY {
            return Err(DerError::Value);
        }
        mappings.entry(from).or_default().insert(to);
    }
    Ok(mappings)
}

/// Reads a number of certificates. One that does not fit is longer than any path.
fn number(octets: &[u8]) -> Result<u32, DerError> {
    match octets.first() {
        None => Err(DerError::Value),
        Some(first) if first & 0x80 != 0 => Err(DerError::Value),
        Some(_) => {
            let value =
                octets.iter().try_fold(0_u32, |value, octet| value.checked_mul(256)?.checked_add(u32::from(*octet)));
            Ok(value.unwrap_or(u32::MAX))
        }
    }
}
