"""Verifies a token with PyJWT: verify-token.py TOKEN ROOT.PEM. Prints its claims as JSON.

The key is that of the leaf in x5c, from which the chain must lead to the root. PyJWT can only judge dates by
the current time, so verify-token.mjs judges them.
"""

import base64
import hashlib
import itertools
import json
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

token_path, root_path = sys.argv[1:]
with open(token_path, encoding="ascii") as file:
    token = file.read()
with open(root_path, "rb") as file:
    root = x509.load_pem_x509_certificate(file.read())

header = jwt.get_unverified_header(token)
leaf, *chain = [x509.load_der_x509_certificate(base64.b64decode(text, validate=True)) for text in header["x5c"]]
for below, above in itertools.pairwise([leaf, *chain, root]):
    below.verify_directly_issued_by(above)
claims = jwt.decode(
    token,
    leaf.public_key(),
    algorithms=["EdDSA"],
    options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["iss", "jti", "iat", "nbf", "exp"]},
)
# What JAdES adds to the header.
der = leaf.public_bytes(serialization.Encoding.DER)
assert header["x5t#S256"] == base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
assert header["iat"] == claims["iat"]
print(json.dumps(claims))
