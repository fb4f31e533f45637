//! What someone with stolen keys of the office can sign: a genuine letter or list is taken apart,
//! changed, and signed again with chosen keys.
//!
//! | stolen key | use |
//! | --- | --- |
//! | document signer's | [`Letter::take_apart`], change [`Letter::body`], then [`Letter::sign`] |
//! | token signer's | [`claims_changed`], or [`Letter::with_claims`] |
//! | both | [`Letter::with_claims`], then [`Letter::sign`] |
//! | status signer's | [`claims_changed`] |
//! | issuing CA's | [`Authority`] |
//!
//! Nothing here uses the reader that is under test. The tail of a letter is written from the words
//! of `docs/reference/pdf-profile.md`, section 3.

mod authority;
mod tail;

use cqm_keys::Role;
use cqm_sign::Signer;
use serde_json::Value;

pub use authority::{Authority, Extension};

use crate::{
    SignedPdf,
    office::{digest, issued, jws_parts, signed_by, test_key},
    vectors::{self, By, Vector},
};

/// A letter in its three parts. The tail follows from them.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The pages: everything before the token's object.
    pub body: Vec<u8>,
    /// The certificate token.
    pub token: String,
    /// The signature of the PDF, in DER.
    pub cms: Vec<u8>,
}

impl Letter {
    /// Takes a letter apart.
    ///
    /// # Panics
    /// If it isn't one.
    pub fn take_apart(pdf: &[u8]) -> Self {
        let body = tail::body(pdf).expect("an attachment after the body");
        Self { body: body.to_vec(), token: tail::token(&pdf[body.len()..]), cms: SignedPdf::cut(pdf).cms }
    }

    /// The letter with changed claims, signed with the token signer's key.
    #[must_use]
    pub fn with_claims(self, change: impl FnOnce(&mut Value)) -> Self {
        Self { token: claims_changed(Role::TokenSigner, &self.token, change), ..self }
    }

    /// The letter with a token for its own body, signed with the token signer's key.
    #[must_use]
    pub fn with_own_digest(self) -> Self {
        let digest = serde_json::to_value(digest(&self.body)).expect("a digest");
        self.with_claims(|claims| claims["cqm"]["letter"] = digest)
    }

    /// The letter with a tail that fits, and the signature that it had.
    pub fn assemble(&self) -> Vec<u8> {
        tail::assemble(&self.body, &self.token, &self.cms)
    }

    /// The letter with a tail that fits, and a new signature of the PDF.
    ///
    /// # Panics
    /// If the token can't be read, or the signer does not sign.
    pub fn sign(&self, signer: &dyn Signer) -> Vec<u8> {
        tail::sign(&self.body, &self.token, signer)
    }
}

/// A token or a list with changed claims, signed again with the key of a role. `iat` in the header
/// is that of the claims.
///
/// # Panics
/// If it isn't a JWS.
pub fn claims_changed(role: Role, jws: &str, change: impl FnOnce(&mut Value)) -> String {
    let (header, payload) = jws_parts(jws);
    let [mut header, mut claims]: [Value; 2] =
        [header.as_bytes(), &payload].map(|part| serde_json::from_slice(part).expect("JSON"));
    change(&mut claims);
    header["iat"] = claims["iat"].clone();
    signed_by(role, &header.to_string(), claims.to_string().as_bytes())
}

/// A vector whose pages are not those of the letter.
#[derive(Clone, Debug)]
pub struct PageAttack {
    /// The name of the vector that the office has signed with both keys.
    pub name: String,
    /// Its pages under the genuine token, signed with the document signer's key.
    pub pdf: Vec<u8>,
}

impl PageAttack {
    /// The attack of a vector. `None` if it leaves the pages as they are, or is not an attack.
    fn new(name: String, vector: &Vector) -> Option<Self> {
        let body = tail::body(&vector.pdf)?;
        let is_attack = vector.header.by == By::Office && vector.header.verdict == "invalid";
        let is_of_pages = is_attack && body != tail::body(&issued().pdf)?;
        is_of_pages.then(|| {
            let pdf = tail::sign(body, &issued().token, &test_key(Role::DocumentSigner));
            Self { name, pdf }
        })
    }
}

/// Every attack on the pages of a letter, with the document signer's key only.
pub fn page_attacks() -> impl Iterator<Item = PageAttack> {
    vectors::of_other_families().filter_map(|(name, vector)| PageAttack::new(name, vector))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_comes_out_as_it_went_in() {
        let letter = Letter::take_apart(&issued().pdf);
        assert_eq!(letter.token, issued().token);
        assert_eq!(letter.assemble(), issued().pdf);
        assert_eq!(letter.sign(&test_key(Role::DocumentSigner)), issued().pdf);
    }
}
