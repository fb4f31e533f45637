//! Encryption that anyone can undo: the standard security handler with an empty user password (ISO
//! 32000-2, 7.6.4).
//!
//! Files are often encrypted only to set permissions. Every viewer opens them without asking, so
//! they are judged like others. The cryptography is that of lopdf.

use std::collections::BTreeMap;

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, Aes256CryptFilter, CryptFilter as _, Rc4CryptFilter};
use lopdf::encryption::{DecryptionError, PasswordAlgorithm};
use md5::{Digest as _, Md5};

use super::{Dictionary, Document, Entry, Object, Position, ReadError, ReadErrorKind, Reference, Stream};

/// The most crypt filters of a file. Writers define one.
const MOST_FILTERS: usize = 32;

/// The string that is encrypted to verify a password (7.6.4.3.2).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// The key of an encrypted file, and what it encrypts with which method.
pub(super) struct Decryption {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    embedded_files: Method,
    named: BTreeMap<Vec<u8>, Method>,
    /// Whether streams of the type `/Metadata` are encrypted.
    metadata: bool,
}

/// The method of a crypt filter (7.6.6, table 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Identity,
    Rc4,
    Aes128,
    Aes256,
}

impl std::fmt::Debug for Decryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key: _, strings, streams, .. } = self;
        f.debug_struct("Decryption").field("strings", strings).field("streams", streams).finish_non_exhaustive()
    }
}

impl Decryption {
    /// Derives the key of a document from the empty password. `None` if it is not encrypted.
    /// Strings and streams of `document` must still be read as they are.
    pub(super) fn with_empty_password(document: &Document<'_>) -> Result<Option<Self>, ReadError> {
        let Some(encrypt) = encrypt_of(document)? else { return Ok(None) };
        let handler = Handler { document, encrypt };
        if handler.name(b"Filter")?.as_deref() != Some(b"Standard") {
            return Err(unsupported(
                "it is encrypted for certain recipients, or by a handler that is not the standard one",
            ));
        }
        let (version, revision) = (handler.integer(b"V")?.unwrap_or(0), handler.integer(b"R")?.unwrap_or(0));
        // Only these pairs have a meaning (7.6.2, table 20; 7.6.4.2, table 21).
        if !matches!((version, revision), (1 | 2, 2 | 3) | (4, 4) | (5, 5 | 6)) {
            return Err(unsupported("its version or revision of the standard security handler is not known"));
        }
        let key = handler.key(version, revision)?;
        let named = if version < 4 { BTreeMap::new() } else { handler.filters()? };
        let of_name = |key: &[u8], otherwise: Method| match handler.name(key)? {
            None => Ok(otherwise),
            Some(name) => named_method(&named, &name),
        };
        let (strings, streams) = if version < 4 {
            (Method::Rc4, Method::Rc4)
        } else {
            (of_name(b"StrF", Method::Identity)?, of_name(b"StmF", Method::Identity)?)
        };
        let embedded_files = if version < 4 { streams } else { of_name(b"EFF", streams)? };
        let metadata = !matches!(handler.value(b"EncryptMetadata")?, Object::Boolean(false));
        Ok(Some(Self { key, strings, streams, embedded_files, named, metadata }))
    }

    /// Undoes the encryption of a string in this object.
    pub(super) fn string(&self, string: &[u8], holder: Reference) -> Result<Vec<u8>, ReadError> {
        self.undo(self.strings, string, holder)
    }

    /// Undoes the encryption of a stream's data. `crypt` is the name of its own filter, if the
    /// first of its filters is `Crypt`. `None` if the data is not encrypted.
    pub(super) fn stream(
        &self,
        stream: &Stream<'_>,
        crypt: Option<&[u8]>,
        reference: Reference,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let kind = stream.dictionary.name(b"Type");
        let method = match (crypt, kind) {
            (_, Some(b"XRef")) => Method::Identity,
            (Some(name), _) => named_method(&self.named, name)?,
            (None, Some(b"Metadata")) if !self.metadata => Method::Identity,
            (None, Some(b"EmbeddedFile")) => self.embedded_files,
            (None, _) => self.streams,
        };
        match method {
            Method::Identity => Ok(None),
            method => self.undo(method, stream.raw, reference).map(Some),
        }
    }

    fn undo(&self, method: Method, data: &[u8], reference: Reference) -> Result<Vec<u8>, ReadError> {
        let id = (reference.number, reference.generation);
        let plain = match method {
            Method::Identity => return Ok(data.to_vec()),
            Method::Rc4 => Rc4CryptFilter.compute_key(&self.key, id).and_then(|key| Rc4CryptFilter.decrypt(&key, data)),
            Method::Aes128 => {
                Aes128CryptFilter.compute_key(&self.key, id).and_then(|key| Aes128CryptFilter.decrypt(&key, data))
            }
            Method::Aes256 => Aes256CryptFilter.decrypt(&self.key, data),
        };
        plain.map_err(|_| {
            let kind = ReadErrorKind::Filter("encrypted data that its key does not decrypt");
            ReadError::new(kind, Position::Object(reference.number))
        })
    }
}

/// The encryption dictionary that all sections name.
fn encrypt_of<'o>(document: &'o Document<'_>) -> Result<Option<Dictionary<'o>>, ReadError> {
    let newest = document.trailer()?.get(b"Encrypt");
    // A viewer that reads another trailer would read other text.
    let differs = |encrypt: &Object<'_>| Some(encrypt) != newest;
    if document.sections().iter().filter_map(|section| section.trailer.get(b"Encrypt")).any(differs) {
        return Err(unsupported("its revisions are encrypted in different ways"));
    }
    let Some(encrypt) = newest else { return Ok(None) };
    if let Some(reference) = encrypt.as_reference()
        && matches!(document.entry(reference.number), Entry::Compressed { .. })
    {
        return Err(unsupported("its encryption dictionary is in an object stream"));
    }
    match document.resolve(encrypt)?.into_owned() {
        Object::Dictionary(encrypt) => Ok(Some(encrypt)),
        other => Err(other.instead_of("a dictionary", Position::File)),
    }
}

/// The encryption dictionary, read by its keys.
struct Handler<'o> {
    document: &'o Document<'o>,
    encrypt: Dictionary<'o>,
}

impl Handler<'_> {
    fn value(&self, key: &[u8]) -> Result<Object<'_>, ReadError> {
        Ok(self.document.lookup(&self.encrypt, key)?.into_owned())
    }

    fn integer(&self, key: &[u8]) -> Result<Option<i64>, ReadError> {
        Ok(self.value(key)?.as_integer())
    }

    fn name(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(self.value(key)?.as_name().map(<[u8]>::to_vec))
    }

    /// A copy of the dictionary in the types of lopdf, with what the derivation of the key needs.
    fn copy(&self, version: i64, revision: i64) -> Result<lopdf::Document, ReadError> {
        let mut copy = lopdf::Dictionary::new();
        let mut set = |key: &str, value: lopdf::Object| copy.set(key, value);
        set("V", version.into());
        set("R", revision.into());
        set("P", self.integer(b"P")?.unwrap_or(0).into());
        set("EncryptMetadata", (!matches!(self.value(b"EncryptMetadata")?, Object::Boolean(false))).into());
        // Versions 1, 4 and 5 have keys of one length, whatever `/Length` says.
        if let (2, Some(length)) = (version, self.integer(b"Length")?) {
            set("Length", length.into());
        }
        for (key, length) in [("O", 48), ("U", 48), ("OE", 32), ("UE", 32), ("Perms", 16)] {
            // Some writers fill up these strings.
            let length = if version < 5 { 32 } else { length };
            if let Object::String(string) = self.value(key.as_bytes())? {
                let bytes = string.bytes();
                set(key, lopdf::Object::string_literal(bytes.get(..length).unwrap_or(&bytes)));
            }
        }
        let mut document = lopdf::Document::new();
        document.objects.insert((1, 0), copy.into());
        document.trailer.set("Encrypt", lopdf::Object::Reference((1, 0)));
        document.trailer.set("ID", vec![lopdf::Object::string_literal(self.identifier()?)]);
        Ok(document)
    }

    /// The first file identifier. A file without one has an empty one.
    fn identifier(&self) -> Result<Vec<u8>, ReadError> {
        let id = self.document.lookup(self.document.trailer()?, b"ID")?;
        let Some(first) = id.as_array().and_then(|id| id.first()) else { return Ok(Vec::new()) };
        let first = self.document.resolve(first)?;
        Ok(first.as_string().map(|string| string.bytes().into_owned()).unwrap_or_default())
    }

    fn key(&self, version: i64, revision: i64) -> Result<Vec<u8>, ReadError> {
        let document = self.copy(version, revision)?;
        let algorithm = PasswordAlgorithm::try_from(&document)
            .map_err(|error| unsupported(&format!("its encryption dictionary can't be used: {error}")))?;
        // For revisions 5 and 6 this also verifies the password.
        let key = algorithm.compute_file_encryption_key(&document, b"").map_err(|error| match error {
            DecryptionError::IncorrectPassword => password_needed(),
            error => unsupported(&format!("its encryption dictionary can't be used: {error}")),
        })?;
        if revision < 5 && !self.is_password_empty(&key, revision)? {
            return Err(password_needed());
        }
        Ok(key)
    }

    /// Compares `/U` with what the empty password gives (7.6.4.4.3 and 7.6.4.4.4).
    fn is_password_empty(&self, key: &[u8], revision: i64) -> Result<bool, ReadError> {
        let rc4 = |key: &[u8], data: &[u8]| Rc4CryptFilter.encrypt(key, data).unwrap_or_default();
        let expected = if revision == 2 {
            rc4(key, &PADDING)
        } else {
            let mut digest = Md5::new();
            digest.update(PADDING);
            digest.update(self.identifier()?);
            (0..20_u8).fold(digest.finalize().to_vec(), |data, round| {
                let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
                rc4(&key, &data)
            })
        };
        let user = self.value(b"U")?;
        Ok(user.as_string().is_some_and(|user| user.bytes().starts_with(&expected)))
    }

    /// The methods of the crypt filters in `/CF`.
    fn filters(&self) -> Result<BTreeMap<Vec<u8>, Method>, ReadError> {
        let filters = self.value(b"CF")?;
        let Some(filters) = filters.as_dictionary() else { return Ok(BTreeMap::new()) };
        let mut methods = BTreeMap::new();
        for (name, filter) in filters.iter().take(MOST_FILTERS) {
            let filter = self.document.resolve(filter)?;
            let method = match filter.as_dictionary().and_then(|filter| filter.name(b"CFM")) {
                Some(b"V2") => Method::Rc4,
                Some(b"AESV2") => Method::Aes128,
                Some(b"AESV3") => Method::Aes256,
                // A filter that is not used may be anything.
                _ => continue,
            };
            methods.insert(name.to_vec(), method);
        }
        Ok(methods)
    }
}

fn named_method(named: &BTreeMap<Vec<u8>, Method>, name: &[u8]) -> Result<Method, ReadError> {
    match (name, named.get(name)) {
        (b"Identity", _) => Ok(Method::Identity),
        (_, Some(method)) => Ok(*method),
        (_, None) => Err(unsupported("it uses a crypt filter of an unknown method")),
    }
}

fn password_needed() -> ReadError {
    ReadError::new(ReadErrorKind::PasswordNeeded, Position::File)
}

fn unsupported(what: &str) -> ReadError {
    ReadError::new(ReadErrorKind::Encryption(what.to_owned()), Position::File)
}
