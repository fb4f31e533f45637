// Verifies a token with jose: verify-token.mjs TOKEN ROOT.PEM AT. Prints its claims as JSON.
// The key is that of the leaf in x5c, which the root must have issued. AT is the time to judge at, in
// ISO 8601.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeProtectedHeader, jwtVerify } from "jose";

const [tokenPath, rootPath, at] = process.argv.slice(2);
const token = readFileSync(tokenPath, "ascii");
const root = new X509Certificate(readFileSync(rootPath));
const leaf = new X509Certificate(Buffer.from(decodeProtectedHeader(token).x5c[0], "base64"));
if (!leaf.checkIssued(root) || !leaf.verify(root.publicKey)) {
  throw new Error("the root did not issue the leaf");
}
const { payload } = await jwtVerify(token, leaf.publicKey, {
  algorithms: ["EdDSA", "Ed25519"],
  currentDate: new Date(at),
  requiredClaims: ["iss", "jti", "iat", "nbf", "exp"],
  typ: "cqm-certificate+jwt",
});
console.log(JSON.stringify(payload));
