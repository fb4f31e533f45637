"""Verifies a status list with PyJWT and decodes it: read-status-list.py LIST ROOT.PEM. Prints entries, events, successors, tokens and CRLs as JSON.

The key is that of the leaf in x5c, from which the chain must lead to the root. Entries and events are decoded
as docs/reference/status-list.md describes, with Python's zlib. PyJWT can only judge dates by the
current time, so dates are not judged.
"""

import base64
import datetime
import hashlib
import itertools
import json
import sys
import zlib

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

list_path, root_path = sys.argv[1:]
with open(list_path, encoding="ascii") as file:
    token = file.read()
with open(root_path, "rb") as file:
    root = x509.load_pem_x509_certificate(file.read())

header = jwt.get_unverified_header(token)
assert header["typ"] == "statuslist+jwt"
leaf, *chain = [x509.load_der_x509_certificate(base64.b64decode(text, validate=True)) for text in header["x5c"]]
for below, above in itertools.pairwise([leaf, *chain, root]):
    below.verify_directly_issued_by(above)
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

successors = []
if "successors" in claims["cqm"]:
    columns = json.loads(inflate(claims["cqm"]["successors"]))
    successors = list(zip(itertools.accumulate(columns["idx"]), columns["number"], strict=True))

# What JAdES adds to the header.
der = leaf.public_bytes(serialization.Encoding.DER)
assert header["x5t#S256"] == base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
assert header["iat"] == claims["iat"]

tokens = base64.urlsafe_b64decode(claims["cqm"]["issued"]["tokens"] + "=" * (-len(claims["cqm"]["issued"]["tokens"]) % 4))
issued = [
    [idx, tokens[16 * at : 16 * at + 16].hex()] for at, idx in enumerate(itertools.accumulate(claims["cqm"]["issued"]["idx"]))
]
assert len(tokens) == 16 * len(issued)
crls = [base64.b64decode(text, validate=True) for text in claims["cqm"]["crls"]]
authorities = {authority.subject: authority for authority in [root, *chain]}
for crl in map(x509.load_der_x509_crl, crls):
    assert crl.is_signature_valid(authorities[crl.issuer].public_key())
print(
    json.dumps(
        {"entries": entries, "events": events, "successors": successors, "issued": issued, "crls": [hashlib.sha256(crl).hexdigest() for crl in crls]}
    )
)
