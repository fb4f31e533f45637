"""Validates the signature of a PDF with pyHanko: validate-pdf.py PDF ROOT.PEM. Prints one JSON object."""

import json
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

pdf, root = sys.argv[1:]
with open(pdf, "rb") as file:
    reader = PdfFileReader(file, strict=True)
    signatures = reader.embedded_signatures
    status = validate_pdf_signature(
        signatures[0],
        ValidationContext(trust_roots=[load_cert_from_pemder(root)], allow_fetching=False),
    )
    report = {
        "signatures": len(signatures),
        "revisions": reader.xrefs.total_revisions,
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "coverage": status.coverage.name,
        "certified": signatures[0].docmdp_level is not None and signatures[0].docmdp_level.name,
        "docmdp_ok": status.docmdp_ok,
        "bottom_line": status.bottom_line,
        "digest": status.md_algorithm,
    }
print(json.dumps(report))
