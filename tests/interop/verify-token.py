"""Verifies a token with PyJWT: verify-token.py TOKEN ROOT.PEM. Prints its claims as JSON.

The key is that of the leaf in x5c, which must lead to the root. PyJWT can only judge dates by
the current time, so verify-token.mjs judges them.
"""

import base64
import json
import sys

import jwt
from cryptography import x509

token_path, root_path = sys.argv[1:]
with open(token_path, encoding="ascii") as file:
    token = file.read()
with open(root_path, "rb") as file:
    root = x509.load_pem_x509_certificate(file.read())

header = jwt.get_unverified_header(token)
chain = [x509.load_der_x509_certificate(base64.b64decode(member, validate=True)) for member in header["x5c"]]
for certificate, issuer in zip(chain, [*chain[1:], root]):
    certificate.verify_directly_issued_by(issuer)
leaf = chain[0]
claims = jwt.decode(
    token,
    leaf.public_key(),
    algorithms=["EdDSA"],
    options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["iss", "jti", "iat", "nbf", "exp"]},
)
print(json.dumps(claims))
