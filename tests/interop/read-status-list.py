"""Verifies a status list with PyJWT and decodes it: read-status-list.py LIST ROOT.PEM. Prints entries and events as JSON.

The key is that of the leaf in x5c, which must lead to the root. Entries and events are decoded
as docs/reference/status-list.md describes, with Python's zlib. PyJWT can only judge dates by the
current time, so dates are not judged.
"""

import base64
import datetime
import itertools
import json
import sys
import zlib

import jwt
from cryptography import x509

list_path, root_path = sys.argv[1:]
with open(list_path, encoding="ascii") as file:
    token = file.read()
with open(root_path, "rb") as file:
    root = x509.load_pem_x509_certificate(file.read())

header = jwt.get_unverified_header(token)
assert header["typ"] == "statuslist+jwt"
chain = [x509.load_der_x509_certificate(base64.b64decode(member, validate=True)) for member in header["x5c"]]
for certificate, issuer in zip(chain, [*chain[1:], root]):
    certificate.verify_directly_issued_by(issuer)
leaf = chain[0]
claims = jwt.decode(
    token,
    leaf.public_key(),
    algorithms=["EdDSA"],
    options={"verify_exp": False, "verify_iat": False, "require": ["iss", "sub", "iat", "exp"]},
)


def inflate(text):
    return zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


bits = claims["status_list"]["bits"]
entries = [
    byte >> shift & (1 << bits) - 1 for byte in inflate(claims["status_list"]["lst"]) for shift in range(0, 8, bits)
]
columns = json.loads(inflate(claims["cqm"]["events"]))
events = [
    [idx, status, columns["reasons"][reason], effective, str(datetime.date.fromisoformat(effective) + datetime.timedelta(days=days))]
    for idx, status, reason, effective, days in zip(
        itertools.accumulate(columns["idx"]),
        columns["status"],
        columns["reason"],
        columns["effective"],
        columns["recorded_after"],
        strict=True,
    )
]
print(json.dumps({"entries": entries, "events": events}))
