// Verifies a token with jose: verify-token.mjs TOKEN ROOT.PEM AT. Prints its claims as JSON.
// The key is that of the leaf in x5c, which must lead to the root. AT is the time to judge at, in
// ISO 8601.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeProtectedHeader, jwtVerify } from "jose";

const [tokenPath, rootPath, at] = process.argv.slice(2);
const token = readFileSync(tokenPath, "ascii");
const root = new X509Certificate(readFileSync(rootPath));
const chain = decodeProtectedHeader(token).x5c.map((member) => new X509Certificate(Buffer.from(member, "base64")));
chain.forEach((certificate, at) => {
  const issuer = chain[at + 1] ?? root;
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
    throw new Error("the chain does not lead to the root");
  }
});
const leaf = chain[0];
const { payload } = await jwtVerify(token, leaf.publicKey, {
  algorithms: ["EdDSA", "Ed25519"],
  currentDate: new Date(at),
  requiredClaims: ["iss", "jti", "iat", "nbf", "exp"],
  typ: "cqm-certificate+jwt",
});
console.log(JSON.stringify(payload));
