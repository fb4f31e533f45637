//! The reader of objects, streams and filters.

use cqm_pdf::Limits;
use cqm_pdf::syntax::{Document, Object, ReadErrorKind, Reference};

use crate::support::stream;

/// A file of these objects, numbered from 1, with a table.
fn file(objects: &[&[u8]]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(&[format!("{number} 0 obj ").as_bytes(), object, b" endobj\n"].concat());
    }
    let start = pdf.len();
    pdf.extend_from_slice(
        format!("{table}trailer <</Size {}/Root 1 0 R>> startxref {start} %%EOF", objects.len() + 1).as_bytes(),
    );
    pdf
}

/// Reads the only object of a file; returns its debug text, or its error.
fn read(object: &[u8]) -> Result<String, ReadErrorKind> {
    let pdf = file(&[object]);
    let document = Document::open(&pdf, &Limits::default()).unwrap();
    match document.object(Reference { number: 1, generation: 0 }) {
        Ok(Object::String(string)) => Ok(format!("{:?}", String::from_utf8_lossy(&string.bytes()))),
        Ok(Object::Name(name)) => Ok(String::from_utf8_lossy(&name).into_owned()),
        Ok(object) => Ok(format!("{object:?}")),
        Err(error) => Err(error.kind().clone()),
    }
}

#[test]
fn objects_are_read_as_iso_32000_writes_them() {
    for (object, expected) in [
        (&b"null"[..], "Null"),
        (b"true", "Boolean(true)"),
        (b"+17", "Integer(17)"),
        (b"-98", "Integer(-98)"),
        (b"9223372036854775807", "Integer(9223372036854775807)"),
        (b"34.5", "Real(34.5)"),
        (b"-.002", "Real(-0.002)"),
        (b"4.", "Real(4.0)"),
        (b"0.1234567890123456789", "Real(0.12345678901234568)"),
        (b"(a (b) \\) \\\\ \\061\\62\\7 \\\nc)", "\"a (b) ) \\\\ 12\\u{7} c\""),
        (b"(a\r\nb\rc)", "\"a\\nb\\nc\""),
        (b"()", "\"\""),
        (b"<48 65 6C6c 7>", "\"Hellp\""),
        (b"/A#42#2f", "AB/"),
        (b"[1 0 R 1 0]", "Array([Reference(Reference { number: 1, generation: 0 }), Integer(1), Integer(0)])"),
        (b"[1 0 Rx]", "Syntax"),
        (b"12 0 R", "Reference(Reference { number: 12, generation: 0 })"),
    ] {
        match read(object) {
            Ok(found) => assert_eq!(found, expected, "{}", String::from_utf8_lossy(object)),
            Err(error) => {
                assert!(format!("{error:?}").starts_with(expected), "{}: {error:?}", String::from_utf8_lossy(object));
            }
        }
    }
}

#[test]
fn malformed_syntax_is_refused() {
    for object in [
        &b"--5"[..],
        b"5-5",
        b"1e5",
        b".",
        b"99999999999999999999",
        b"(unclosed",
        b"<4g>",
        b"<41",
        b"/A#4",
        b"/A#00",
        b"[1",
        b"<</A>>",
        b"<<1 2>>",
        b"<</A 1",
        b"nul",
        b"{}",
        b"1 2",
        b"<</Length 5>>stream\n12345endstream extra",
        b"<</Length 4>>stream\n12345\nendstream",
        b"<</Length 99999>>stream\n12345\nendstream",
        b"<</Length -1>>stream\n12345\nendstream",
        b"<<>>stream\n12345\nendstream",
        b"<</Length 5>>stream 12345\nendstream",
    ] {
        let error = read(object).unwrap_err();
        assert!(matches!(error, ReadErrorKind::Syntax(_)), "{}: {error:?}", String::from_utf8_lossy(object));
    }
    assert_eq!(read(b"<</A 1/B 2/#41 3>>"), Err(ReadErrorKind::DuplicateKey("A".into())));
    let many: String = (0..40).map(|key| format!("/K{} {key}", key % 39)).collect();
    assert_eq!(read(format!("<<{many}>>").as_bytes()), Err(ReadErrorKind::DuplicateKey("K0".into())));
}

#[test]
fn a_predictor_is_undone() {
    // Rows of three bytes, each with a different PNG filter, computed by hand.
    let data = [&[0, 1, 2, 3][..], &[1, 1, 1, 1], &[2, 0, 0, 0], &[4, 5, 0, 0], &[3, 1, 1, 1]].concat();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &data).unwrap();
    let object = stream("/Filter[/FlateDecode]/DecodeParms[<</Predictor 15/Columns 3>>]", &encoder.finish().unwrap());
    let pdf = file(&[&object]);
    let document = Document::open(&pdf, &Limits::default()).unwrap();
    let object = document.object(Reference { number: 1, generation: 0 }).unwrap();
    let decoded = document.decode(object.as_stream().unwrap()).unwrap();
    assert_eq!(decoded.chunks(3).collect::<Vec<_>>(), [[1, 2, 3], [1, 2, 3], [1, 2, 3], [6, 6, 6], [4, 6, 7]]);
}

#[test]
fn unsupported_features_are_named() {
    let pdf = file(&[&stream("/Filter/LZWDecode", b"x")]);
    let document = Document::open(&pdf, &Limits::default()).unwrap();
    let object = document.object(Reference { number: 1, generation: 0 }).unwrap();
    let error = document.decode(object.as_stream().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "unsupported: the filter LZWDecode (object 1)");
}

#[test]
fn damaged_compressed_data_is_refused() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, b"some text that is compressed").unwrap();
    let data = encoder.finish().unwrap();
    let decode = |data: &[u8]| {
        let pdf = file(&[&stream("/Filter/FlateDecode", data)]);
        let document = Document::open(&pdf, &Limits::default()).unwrap();
        let object = document.object(Reference { number: 1, generation: 0 }).unwrap();
        document.decode(object.as_stream().unwrap()).map(|data| data.into_owned()).map_err(|error| error.kind().clone())
    };
    assert_eq!(decode(&data).unwrap(), b"some text that is compressed");
    assert_eq!(decode(&[&data, &b"\r\n"[..]].concat()).unwrap(), b"some text that is compressed");
    for (data, what) in [
        (data[..data.len() - 1].to_vec(), "cut short"),
        ([&data[..], b"hidden"].concat(), "bytes follow"),
        ([&data[..data.len() - 1], &[data[data.len() - 1] ^ 1]].concat(), "damaged"),
        (Vec::new(), "cut short"),
    ] {
        let error = decode(&data).unwrap_err();
        assert!(error.to_string().contains(what), "{what}: {error}");
    }
}
