"""Makes the signed PDFs of tests/samples with foreign tools: make-samples.py FOLDER.

A letter as vendors have it today is signed by pyHanko, by @signpdf (sign-sample.mjs), and with a
CMS that OpenSSL makes. None of the files has a certificate token. The keys are made anew in each run
and thrown away, so every run makes different files, with their root.pem and root.crl.pem.
tests/tests/any_pdf.rs has a table of the files and their verdicts.
"""

import datetime
import hashlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile

from asn1crypto import cms as asn1_cms
from asn1crypto import keys as asn1_keys
from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

FOLDER = pathlib.Path(sys.argv[1])
HERE = pathlib.Path(__file__).parent
FROM = datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc)
UNTIL = datetime.datetime(2032, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
SIGNED_AT = datetime.datetime(2023, 5, 6, 12, 0, 0, tzinfo=datetime.timezone.utc)
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class Party:
    """A key with its X.509 certificate, issued by another party or by itself."""

    def __init__(self, name, key, issuer=None, purpose=DOCUMENT_SIGNING, is_ca=False, critical=False):
        self.key = key
        self.issuer = issuer
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        is_root = issuer is None
        is_ca = is_ca or is_root
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_root else issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(FROM)
            .not_valid_after(UNTIL)
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    (key if is_root else issuer.key).public_key()
                ),
                critical=False,
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not is_ca,
                    content_commitment=not is_ca,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=is_ca,
                    crl_sign=is_ca,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
        )
        if not is_ca:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical)
        self.certificate = builder.sign((self if is_root else issuer).key, hashes.SHA256())

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self):
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def asn1_certificate(self):
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    def asn1_key(self):
        der = serialization.Encoding.DER
        key = self.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return asn1_keys.PrivateKeyInfo.load(key)

    def signer(self, **options):
        """The signer for pyHanko. The root is not put into the CMS."""
        others = SimpleCertificateStore()
        if self.issuer.issuer is not None:
            others.register(self.issuer.asn1_certificate())
        return signers.SimpleSigner(self.asn1_certificate(), self.asn1_key(), others, **options)


def new_rsa(bits=2048):
    return rsa.generate_private_key(65537, bits)


def new_ec():
    return ec.generate_private_key(ec.SECP256R1())


# The library under @signpdf reads only X.509 certificates that were signed with RSA.
ROOT = Party("Samples Root", new_rsa())
OFFICE = Party("Samples Office, RSA", new_rsa(), ROOT)
CLERK = Party("Samples Clerk, RSA of 1024 bits", new_rsa(1024), ROOT)
DIRECTOR = Party("Samples Director, P-256", new_ec(), ROOT)
REVOKED = Party("Samples Former Director", new_ec(), ROOT)
WEB_SERVER = Party("samples.example", new_ec(), ROOT, x509.oid.ExtendedKeyUsageOID.SERVER_AUTH)
MODERN = Party("Samples Clerk, P-521", ec.generate_private_key(ec.SECP521R1()), ROOT)
MODERN_CA = Party("Samples Issuing CA, P-521", ec.generate_private_key(ec.SECP521R1()), ROOT, is_ca=True)
BRANCH = Party("Samples Branch, P-256", new_ec(), MODERN_CA)
CLOCK = Party("Samples Clock", new_rsa(), ROOT, x509.oid.ExtendedKeyUsageOID.TIME_STAMPING, critical=True)
STRANGER = Party("Samples Stranger", new_ec(), Party("Other Root", new_ec()))


def revocation_list():
    revoked = (
        x509.RevokedCertificateBuilder()
        .serial_number(REVOKED.certificate.serial_number)
        .revocation_date(FROM)
        .build()
    )
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ROOT.certificate.subject)
        .last_update(FROM)
        .next_update(UNTIL)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ROOT.key.public_key()), critical=False
        )
        .add_revoked_certificate(revoked)
    )
    return builder.sign(ROOT.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <ffff> endcodespacerange
2 beginbfrange <0003> <000c> <0030> <0010> <0029> <0041> endbfrange
1 beginbfchar <0030> <00660069> endbfchar
endcmap end end"""


def glyphs(text):
    """Text in the composite font of the letter: digits from 3 on, capitals from 16 on."""
    codes = (ord(c) - 0x30 + 3 if c.isdigit() else ord(c) - 0x41 + 16 for c in text)
    return "<" + "".join(f"{code:04x}" for code in codes) + ">"


CONTENT = f"""BT /Plain 16 Tf 1 0 0 1 72 760 Tm (Statement of Quality) Tj ET
BT /Plain 10 Tf 72 720 Td 14 TL (Dummy Card Company, valid until 2024-05-05) Tj
T* (Card body, Shenzhen: 39902000DA.) Tj
T* [(Personalization: P9) -20 (90) 15 (2000) 30 (DA)] TJ
T* [(Inlay, Porto: ) <3639393031303030> (\\104\\101)] TJ
T* (A company number alone, 9902, or nine characters, 3990200DA, is no label) Tj ET
BT /Named 10 Tf 1 0 0 1 72 600 Tm (\\200\\201\\201\\202\\203\\204\\203\\203\\203\\205\\206) Tj ET
BT /Wide 10 Tf 1 0 0 1 72 580 Tm {glyphs("99903")} Tj {glyphs("000DA")} Tj ET
q 1 0 0 1 72 540 cm /Stamp Do Q
BT /Plain 8 Tf 0 1 -1 0 560 72 Tm (Turned: ) Tj (499) Tj (02000DA) Tj ET
"""

STAMP = "BT /F 9 Tf (Stamp 59902001DA) Tj ET"

# Each object of the letter, from 1 on.
OBJECTS = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]/Resources 5 0 R>>",
    "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
    f"<</Length {len(CONTENT)}>>stream\n{CONTENT}\nendstream",
    "<</Font<</Plain 6 0 R/Named 7 0 R/Wide 8 0 R>>/XObject<</Stamp 11 0 R>>>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding<</Type/Encoding/Differences"
    "[128/three/nine/two/zero/one/D/A]>>>>",
    "<</Type/Font/Subtype/Type0/BaseFont/Wide/Encoding/Identity-H/DescendantFonts[9 0 R]/ToUnicode 10 0 R>>",
    "<</Type/Font/Subtype/CIDFontType2/BaseFont/Wide/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    "/Supplement 0>>/FontDescriptor 12 0 R/DW 600/W[3 12 556]>>",
    f"<</Length {len(TO_UNICODE)}>>stream\n{TO_UNICODE.decode()}\nendstream",
    f"<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F 6 0 R>>>>/Length {len(STAMP)}>>stream\n"
    f"{STAMP}\nendstream",
    "<</Type/FontDescriptor/FontName/Wide/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800"
    "/Descent -200/CapHeight 700/StemV 80>>",
]


def letter(catalog="", objects=OBJECTS):
    """A letter with labels, as one revision with a table; `catalog` is added to its catalog."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    for number, text in enumerate(objects, 1):
        table += f"{len(out):010} 00000 n \n"
        if number == 1:
            text = text[:-2] + catalog + ">>"
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + table.encode() + trailer.encode()


def layered():
    """The letter with a layer that is off: a line of its content is in it."""
    line = "T* (Card body, Shenzhen: 39902000DA.) Tj"
    hidden = CONTENT.replace(line, f"/OC /Draft BDC {line} EMC")
    assert hidden != CONTENT
    group = f"{len(OBJECTS) + 1} 0 R"
    changes = {
        4: f"<</Length {len(hidden)}>>stream\n{hidden}\nendstream",
        5: OBJECTS[4][:-2] + f"/Properties<</Draft {group}>>>>",
    }
    objects = [changes.get(number, text) for number, text in enumerate(OBJECTS, 1)]
    objects.append("<</Type/OCG/Name(Draft)>>")
    return letter(f"/OCProperties<</OCGs[{group}]/D<</OFF[{group}]>>>>", objects)


def with_attachment(pdf):
    with tempfile.TemporaryDirectory() as folder:
        token = pathlib.Path(folder, "certificate.jwt")
        token.write_bytes(b"eyJhbGciOiJFZERTQSJ9.e30.c2ln")
        return qpdf(pdf, "--add-attachment", token, "--")


def qpdf(pdf, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.pdf"), pathlib.Path(folder, "out.pdf")
        source.write_bytes(pdf)
        subprocess.run(["qpdf", *options, source, target], check=True)
        return target.read_bytes()


class PdfSigner(signers.PdfSigner):
    """pyHanko's signer with a fixed time."""

    def init_signing_session(self, *arguments, **options):
        session = super().init_signing_session(*arguments, **options)
        session.system_time = SIGNED_AT
        return session


def encrypted(pdf, bits, *options, user=""):
    """Encrypts with qpdf."""
    return qpdf(pdf, "--allow-weak-crypto", "--encrypt", user, "owner", str(bits), *options, "--")


def pyhanko(pdf, party, field="Signature1", subfilter=fields.SigSeedSubFilter.PADES, **options):
    """Signs with pyHanko, which adds a revision."""
    signer_options = {"prefer_pss": True} if options.pop("pss", False) else {}
    password = options.pop("password", "")
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=subfilter, signer_key_usage=set(), **options
    )
    signer = PdfSigner(metadata, party.signer(**signer_options))
    file = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    if file.prev.encrypted:
        file.encrypt(password)
    return signer.sign_pdf(file).getvalue()


def time_stamped(pdf, party):
    """Adds a document time stamp."""
    stamper = timestamps.DummyTimeStamper(
        party.asn1_certificate(), party.asn1_key(), certs_to_embed=SimpleCertificateStore(), fixed_dt=SIGNED_AT
    )
    file = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.PdfTimeStamper(stamper).timestamp_pdf(file, "sha256").getvalue()


def annotated(pdf):
    """Adds a revision with a text over the letter."""
    file = IncrementalPdfFileWriter(io.BytesIO(pdf))
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (72, 700, 300, 720))),
            pdf_name("/Contents"): generic.pdf_string("19902000DA"),
            pdf_name("/DA"): generic.pdf_string("/Helv 10 Tf 0 g"),
        }
    )
    file.register_annotation(page_reference(file), file.add_object(note))
    out = io.BytesIO()
    file.write(out)
    return out.getvalue()


def page_reference(file):
    return file.find_page_for_modification(0)[0]


PLACE = b"0" * 8192


def with_cms(pdf, make, subfilter="adbe.pkcs7.detached"):
    """Adds a revision with a signature field; `make` returns the CMS over the signed bytes."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    size = len(OBJECTS) + 1
    out = bytearray(pdf)
    offsets = {}

    def add(number, text):
        offsets[number] = len(out)
        out.extend(f"{number} 0 obj\n{text}\nendobj\n".encode())

    add(1, OBJECTS[0][:-2] + f"/AcroForm<</Fields[{size} 0 R]/SigFlags 3>>>>")
    add(3, OBJECTS[2][:-2] + f"/Annots[{size} 0 R]>>")
    add(size, f"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R/V {size + 1} 0 R>>")
    time = SIGNED_AT.strftime("D:%Y%m%d%H%M%S+00'00'")
    add(
        size + 1,
        f"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/{subfilter}/M({time})"
        f"/ByteRange[0 0000000000 0000000000 0000000000]/Contents<{PLACE.decode()}>>>",
    )
    table = len(out)
    out += b"xref\n"
    for number, offset in sorted(offsets.items()):
        out += f"{number} 1\n{offset:010} 00000 n \n".encode()
    out += f"trailer\n<</Size {size + 2}/Root 1 0 R/Prev {start}>>\nstartxref\n{table}\n%%EOF\n".encode()
    begin = out.index(b"<" + PLACE)
    end = begin + len(PLACE) + 2
    hole = b"[0 0000000000 0000000000 0000000000]"
    numbers = f"[0 {begin:010} {end:010} {len(out) - end:010}]".encode()
    # PDF allows zeros before a number.
    out[out.index(hole) : out.index(hole) + len(hole)] = numbers
    cms = make(bytes(out[:begin]) + bytes(out[end:]))
    digits = cms.hex().encode()
    out[begin + 1 : begin + 1 + len(digits)] = digits
    return bytes(out)


def openssl(party, *options):
    """A maker of CMS with OpenSSL's command line."""

    def make(content):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "key.pem").write_bytes(party.key_pem())
            (folder / "certificate.pem").write_bytes(party.pem())
            (folder / "content").write_bytes(content)
            command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-in", "content"]
            command += ["-signer", "certificate.pem", "-inkey", "key.pem", "-out", "cms", *options]
            subprocess.run(command, cwd=folder, check=True)
            return (folder / "cms").read_bytes()

    return make


def pkcs7_sha1(party):
    """A maker of CMS that have the SHA-1 of the content inside."""
    make = openssl(party, "-md", "sha1", "-nodetach")
    return lambda content: make(hashlib.sha1(content).digest())


def split(der):
    """The elements in these bytes."""
    while der:
        length = parser.peek(der)
        yield der[:length]
        der = der[length:]


def unsorted(party, sign_as_sent):
    """A maker of CMS whose signed attributes are in the wrong order. The signature covers what is
    sent, or the order of DER."""
    make = openssl(party)

    def reverse(content):
        der = make(content)
        info = asn1_cms.ContentInfo.load(der)["content"]["signer_infos"][0]
        sent = info["signed_attrs"].dump()
        content = b"".join(reversed(list(split(info["signed_attrs"].contents))))
        changed = sent[: len(sent) - len(content)] + content
        if sign_as_sent:
            # In a signature the tag is that of a SET.
            signature = party.key.sign(b"\x31" + changed[1:], padding.PKCS1v15(), hashes.SHA256())
            der = der.replace(info["signature"].native, signature)
        assert der.count(sent) == 1
        return der.replace(sent, changed)

    return reverse


def indefinite(der, levels=3):
    """The same CMS in BER: the outer levels have indefinite lengths, as streaming writers use them."""
    _, method, _, _, rest, _ = parser.parse(der)
    if not levels or method != 1:
        return der
    parts = []
    while rest:
        length = parser.peek(rest)
        parts.append(rest[:length])
        rest = rest[length:]
    return der[:1] + b"\x80" + b"".join(indefinite(part, levels - 1) for part in parts) + b"\0\0"


def signpdf(party):
    """A letter that pdf-lib writes and @signpdf signs."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bundle = pkcs12.serialize_key_and_certificates(
            b"signer", party.key, party.certificate, None, serialization.BestAvailableEncryption(b"samples")
        )
        (folder / "signer.p12").write_bytes(bundle)
        target = folder / "out.pdf"
        time = SIGNED_AT.isoformat()
        subprocess.run(["node", HERE / "sign-sample.mjs", folder / "signer.p12", "samples", time, target], check=True)
        return target.read_bytes()


def main():
    plain = letter()
    pades = pyhanko(plain, DIRECTOR)
    old = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    no_changes = {"certify": True, "docmdp_permissions": fields.MDPPerm.NO_CHANGES}
    samples = {
        "unsigned": plain,
        "pyhanko-pades": pades,
        "pyhanko-pkcs7": pyhanko(plain, OFFICE, subfilter=old),
        "pyhanko-pss": pyhanko(plain, OFFICE, pss=True),
        "pyhanko-object-streams": pyhanko(qpdf(plain, "--object-streams=generate"), DIRECTOR),
        "pyhanko-linearized": pyhanko(qpdf(plain, "--linearize"), DIRECTOR),
        "pyhanko-certified": pyhanko(plain, DIRECTOR, **no_changes),
        "pyhanko-twice": pyhanko(pyhanko(plain, OFFICE), DIRECTOR, field="Signature2"),
        "pyhanko-annotated": annotated(pades),
        "pyhanko-stranger": pyhanko(plain, STRANGER),
        "pyhanko-revoked": pyhanko(plain, REVOKED),
        "pyhanko-web-server": pyhanko(plain, WEB_SERVER),
        "pyhanko-script": pyhanko(letter("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), DIRECTOR),
        "openssl": with_cms(plain, openssl(OFFICE)),
        "openssl-ber": with_cms(plain, lambda content: indefinite(openssl(OFFICE)(content))),
        "openssl-key-identifier": with_cms(plain, openssl(OFFICE, "-keyid")),
        "openssl-no-attributes": with_cms(plain, openssl(OFFICE, "-noattr")),
        "openssl-content-inside": with_cms(plain, openssl(OFFICE, "-nodetach", "-nocerts")),
        "openssl-sha1": with_cms(plain, openssl(OFFICE, "-md", "sha1")),
        "openssl-rsa-1024": with_cms(plain, openssl(CLERK)),
        "openssl-sha224": with_cms(plain, openssl(OFFICE, "-md", "sha224")),
        "openssl-sha3": with_cms(plain, openssl(OFFICE, "-md", "sha3-256")),
        "openssl-p521": with_cms(plain, openssl(MODERN)),
        "openssl-unsorted": with_cms(plain, unsorted(OFFICE, sign_as_sent=True)),
        "openssl-unsorted-der": with_cms(plain, unsorted(OFFICE, sign_as_sent=False)),
        "openssl-pkcs7-sha1": with_cms(plain, pkcs7_sha1(OFFICE), subfilter="adbe.pkcs7.sha1"),
        "pyhanko-time-stamp": time_stamped(plain, CLOCK),
        "pyhanko-p521-ca": pyhanko(plain, BRANCH),
        "pyhanko-layers": pyhanko(layered(), DIRECTOR),
        "signpdf": signpdf(OFFICE),
        "encrypted": encrypted(plain, 256),
        "encrypted-rc4-40": pyhanko(encrypted(plain, 40), DIRECTOR),
        "encrypted-rc4-128": pyhanko(encrypted(plain, 128, "--use-aes=n"), DIRECTOR),
        "encrypted-aes-128": pyhanko(encrypted(plain, 128, "--use-aes=y"), DIRECTOR),
        "encrypted-aes-256": pyhanko(encrypted(plain, 256), DIRECTOR),
        "encrypted-object-streams": pyhanko(
            qpdf(encrypted(plain, 256), "--object-streams=generate"), DIRECTOR
        ),
        "encrypted-metadata": pyhanko(encrypted(plain, 128, "--cleartext-metadata"), DIRECTOR),
        "encrypted-password": pyhanko(encrypted(plain, 256, user="secret"), DIRECTOR, password="secret"),
        "encrypted-token": encrypted(with_attachment(plain), 256),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, pdf in samples.items():
        (FOLDER / f"{name}.pdf").write_bytes(pdf)
    (FOLDER / "root.pem").write_bytes(ROOT.pem())
    (FOLDER / "root.crl.pem").write_bytes(revocation_list())


main()
