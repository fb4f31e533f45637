// Verifies a token with jose: verify-token.mjs TOKEN ROOT.PEM AT. Prints its claims as JSON.
// The key is that of the leaf in x5c, from which the chain must lead to the root. AT is the time to
// judge at, in ISO 8601.

import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeProtectedHeader, jwtVerify } from "jose";

const [tokenPath, rootPath, at] = process.argv.slice(2);
const token = readFileSync(tokenPath, "ascii");
const root = new X509Certificate(readFileSync(rootPath));
const header = decodeProtectedHeader(token);
const chain = header.x5c.map((text) => new X509Certificate(Buffer.from(text, "base64")));
const [leaf] = chain;
[...chain.slice(1), root].forEach((above, at) => {
  if (!chain[at].checkIssued(above) || !chain[at].verify(above.publicKey)) {
    throw new Error("the chain does not lead to the root");
  }
});
// What JAdES adds to the header.
if (header["x5t#S256"] !== createHash("sha256").update(leaf.raw).digest("base64url")) {
  throw new Error("x5t#S256 is not the digest of the leaf");
}
const { payload } = await jwtVerify(token, leaf.publicKey, {
  algorithms: ["EdDSA", "Ed25519"],
  currentDate: new Date(at),
  requiredClaims: ["iss", "jti", "iat", "nbf", "exp"],
  typ: "cqm-certificate+jwt",
});
if (header.iat !== payload.iat) {
  throw new Error("the header and the claims have different times");
}
console.log(JSON.stringify(payload));
