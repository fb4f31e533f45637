//! What kind of file the bytes are.

use cqm_core::{Code, Finding};

/// No letter or token is larger: 16 MiB. Larger files need not be read to be judged.
pub const FILE_SIZE_LIMIT: usize = 16 << 20;

/// The kinds of files that can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// A PDF, or what claims to be one.
    Pdf(&'a [u8]),
    /// A token, without white space around it.
    Token(&'a [u8]),
}

impl<'a> Kind<'a> {
    /// A PDF has its header within the first 1024 bytes (what viewers tolerate); a token has nothing but base64url and
    /// dots.
    pub(crate) fn of(file: &'a [u8]) -> Result<Self, Finding> {
        if file.len() > FILE_SIZE_LIMIT {
            return Err(too_large());
        }
        let start = file.get(..1024).unwrap_or(file);
        if start.windows(5).any(|window| window == b"%PDF-") {
            return Ok(Self::Pdf(file));
        }
        let text = file.trim_ascii();
        let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
        if text.contains(&b'.') && text.iter().all(of_token) {
            return Ok(Self::Token(text));
        }
        let what = if file.is_empty() { "the file is empty" } else { "the file is neither a PDF nor a token" };
        Err(Finding::new(Code::NotACertificate, what))
    }
}

pub(crate) fn too_large() -> Finding {
    let limit = FILE_SIZE_LIMIT >> 20;
    Finding::new(Code::LimitExceeded, format!("the file has more than {limit} MiB, so it was not read"))
}
