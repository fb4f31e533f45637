//! Name constraints (RFC 5280 section 4.2.1.10): which names an issuer may certify.
//!
//! Every name that a constraint can meet is compared: the subject, the `emailAddress` attributes in
//! it, and the alternative names. A constraint on a form of names that can't be compared makes the
//! answer unknown as soon as a name of this form occurs, so nothing is accepted by being ignored.

mod name;

use const_oid::db::rfc5280;

use crate::{
    asn1::{CONTEXT_0, CONTEXT_1, DerError, Elements, SEQUENCE},
    x509::{
        PathError, X509Certificate,
        constraints::name::{Base, Name},
        general_name::GeneralName,
    },
};

/// The most comparisons of a name with a constraint in one path. An issuer of servers has some
/// hundred names and constraints; a hostile certificate has room for thousands of each.
const MAX_COMPARISONS: usize = 1 << 16;

/// The name constraints of one certificate.
struct Constraints {
    permitted: Vec<Base>,
    excluded: Vec<Base>,
}

/// The result of comparing a name with a constraint on names of its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Inside,
    Outside,
    /// This form can't be compared.
    Unknown,
}

/// A certificate below one with constraints.
struct Below<'a> {
    certificate: &'a X509Certificate,
    names: Vec<Name>,
}

/// Returns the names on a path that violate a name constraint above them. `issuers` are the
/// certificates above the leaf, the leaf's issuer first, the anchor included.
pub(super) fn constraint_errors(leaf: &X509Certificate, issuers: &[&X509Certificate]) -> Vec<PathError> {
    let mut errors = Vec::new();
    let mut comparisons = 0_usize;
    for (at, issuer) in issuers.iter().enumerate() {
        let Some(value) = issuer.extension(rfc5280::ID_CE_NAME_CONSTRAINTS) else { continue };
        let malformed = |subject: &X509Certificate, what: &str| {
            vec![PathError::Malformed { subject: subject.subject(), reason: format!("its {what} can't be read") }]
        };
        let Ok(constraints) = Constraints::read(value) else { return malformed(issuer, "nameConstraints") };
        // Self-issued certificates let an issuer change its key, so they are exempt; a leaf is not.
        let between = issuers.iter().take(at).copied().filter(|below| !below.is_self_issued());
        for certificate in core::iter::once(leaf).chain(between) {
            let Ok(names) = name::names(certificate) else { return malformed(certificate, "names") };
            let below = Below { certificate, names };
            errors.extend(constraints.errors(issuer, &below, &mut comparisons));
            if comparisons > MAX_COMPARISONS {
                return vec![PathError::TooComplex { subject: leaf.subject() }];
            }
        }
    }
    errors
}

impl Constraints {
    fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut elements = Elements::only(value, SEQUENCE)?;
        let mut subtrees = |tag| match elements.optional(tag)? {
            Some(subtrees) => read_subtrees(Elements::new(subtrees.value)),
            None => Ok(Vec::new()),
        };
        let constraints = Self { permitted: subtrees(CONTEXT_0)?, excluded: subtrees(CONTEXT_1)? };
        elements.finish()?;
        Ok(constraints)
    }

    fn errors(&self, issuer: &X509Certificate, below: &Below<'_>, comparisons: &mut usize) -> Option<PathError> {
        let subject = || below.certificate.subject();
        for name in &below.names {
            let subtrees = self.permitted.len().saturating_add(self.excluded.len());
            *comparisons = comparisons.saturating_add(subtrees);
            if *comparisons > MAX_COMPARISONS {
                return None;
            }
            match self.judge(name) {
                Match::Inside => {}
                Match::Outside => {
                    let (name, issuer) = (name.to_string(), issuer.subject());
                    return Some(PathError::NameConstraints { subject: subject(), name, issuer });
                }
                Match::Unknown => {
                    let (form, issuer) = (name.form().as_str(), issuer.subject());
                    return Some(PathError::UnsupportedConstraint { subject: subject(), form, issuer });
                }
            }
        }
        None
    }

    /// Returns whether a name is permitted (`Inside`) or not (`Outside`).
    fn judge(&self, name: &Name) -> Match {
        let results = |bases: &[Base]| -> Vec<Match> {
            bases.iter().filter(|base| base.form() == name.form()).map(|base| base.compare(name)).collect()
        };
        let (permitted, excluded) = (results(&self.permitted), results(&self.excluded));
        if name.is_malformed() && !(permitted.is_empty() && excluded.is_empty())
            || excluded.contains(&Match::Inside)
            || self.excluded.iter().any(|base| base.may_contain_one_of(name))
            || !permitted.is_empty() && permitted.iter().all(|result| *result == Match::Outside)
        {
            Match::Outside
        } else if excluded.contains(&Match::Unknown) || !permitted.is_empty() && !permitted.contains(&Match::Inside) {
            Match::Unknown
        } else {
            Match::Inside
        }
    }
}

fn read_subtrees(mut subtrees: Elements<'_>) -> Result<Vec<Base>, DerError> {
    /// `[0]` and `[1]`, primitive.
    const MINIMUM: u8 = 0x80;
    const MAXIMUM: u8 = 0x81;
    let mut bases = Vec::new();
    while !subtrees.is_empty() {
        let mut subtree = subtrees.enter(SEQUENCE)?;
        let base = GeneralName::read(&mut subtree)?;
        // RFC 5280 allows 0 and nothing else; 0 is the default and is absent in DER.
        let minimum = subtree.optional(MINIMUM)?.is_some_and(|minimum| minimum.value != [0]);
        let maximum = subtree.optional(MAXIMUM)?.is_some();
        subtree.finish()?;
        bases.push(if minimum || maximum { Base::Unsupported(base.form) } else { Base::read(base)? });
    }
    Ok(bases)
}
