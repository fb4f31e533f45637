//! The kind of a file, decided once and before anything expensive.
//!
//! Each kind is one file here: it reads the bytes into [`Evidence`]. A new kind is a new file, a
//! variant of [`Input`], and its line in [`identify`] and [`Input::read`].

mod any_pdf;
mod letter;
mod token;

use cqm_core::{Code, Finding, UnixTime};
use cqm_pdf::Limits;
use cqm_sign::x509::TrustStore;

use crate::{evidence::Evidence, policy::PdfPolicy};
use any_pdf::AnyPdf;

/// The largest file that is judged: 16 MiB. Larger files are refused unread.
pub const FILE_SIZE_LIMIT: usize = 16 << 20;

/// The context that reading an input needs.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) trust: &'a TrustStore,
    pub(crate) limits: &'a Limits,
    /// The time of the question.
    pub(crate) at: UnixTime,
}

/// A file of a known kind.
pub(crate) enum Input<'a> {
    /// A PDF that names a certificate token, or that is too broken to tell.
    Letter(&'a [u8]),
    /// A certificate token, without white space around it.
    Token(&'a [u8]),
    /// A PDF without a certificate token.
    AnyPdf(Box<AnyPdf<'a>>),
}

/// A file that is not judged.
pub(crate) struct Refusal {
    /// The only finding of the report.
    pub(crate) finding: Finding,
    /// Whether it is a PDF that another [`PdfPolicy`] would judge.
    pub(crate) is_pdf_without_token: bool,
}

impl From<Finding> for Refusal {
    fn from(finding: Finding) -> Self {
        Self { finding, is_pdf_without_token: false }
    }
}

impl<'a> Input<'a> {
    /// Identifies the kind of a file.
    pub(crate) fn identify(file: &'a [u8], limits: &Limits, policy: PdfPolicy) -> Result<Self, Refusal> {
        match Form::of(file)? {
            Form::Token(bytes) => Ok(Self::Token(bytes)),
            Form::Pdf(bytes) => match AnyPdf::look(bytes, limits, policy)? {
                Some(pdf) => Ok(Self::AnyPdf(Box::new(pdf))),
                None => Ok(Self::Letter(bytes)),
            },
        }
    }

    /// Reads the input. Whatever is wrong with it is among the findings of the evidence.
    pub(crate) fn read(&self, context: Context<'_>) -> Evidence<'static> {
        match self {
            Self::Letter(bytes) => letter::read(bytes, context),
            Self::Token(bytes) => token::read(bytes, context),
            Self::AnyPdf(pdf) => pdf.read(context),
        }
    }
}

/// The outer form of a file, from its first bytes.
pub(crate) enum Form<'a> {
    /// A PDF, or a file that claims to be one.
    Pdf(&'a [u8]),
    /// A token, without white space around it.
    Token(&'a [u8]),
}

impl<'a> Form<'a> {
    /// A PDF has its header within the first 1024 bytes, which is what viewers tolerate. A token
    /// consists of base64url characters and dots only.
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
        let what = match (file.is_empty(), picture(file)) {
            (true, _) => "the file is empty".to_owned(),
            (_, Some(kind)) => format!("the file is a picture ({kind}): ask for the signed PDF itself"),
            _ => "the file is neither a PDF nor a token: ask for the signed PDF itself".to_owned(),
        };
        Err(Finding::new(Code::NotACertificate, what))
    }
}

/// The format of a picture, such as the photo or the scan of a letter.
fn picture(file: &[u8]) -> Option<&'static str> {
    const STARTS: &[(&[u8], &str)] = &[
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF8", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"BM", "BMP"),
    ];
    let of_container = |brand: &[u8]| file.get(4..8) == Some(b"ftyp") && file.get(8..12) == Some(brand);
    let by_start = STARTS.iter().find(|(start, _)| file.starts_with(start)).map(|(_, kind)| *kind);
    by_start
        .or_else(|| [b"heic", b"heix", b"mif1"].iter().any(|brand| of_container(*brand)).then_some("HEIC"))
        .or_else(|| of_container(b"avif").then_some("AVIF"))
        .or_else(|| (file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP")).then_some("WebP"))
}

/// The finding for a file over [`FILE_SIZE_LIMIT`].
pub(crate) fn too_large() -> Finding {
    let limit = FILE_SIZE_LIMIT >> 20;
    Finding::new(Code::LimitExceeded, format!("the file has more than {limit} MiB, so it was not read"))
}
