import { strict as assert } from "node:assert";
import { compactVerify } from "jose";
import { KeySet } from "../../../../src/policies/auth/jwt/key_set.ts";
import { KeyFault, readPublicKey } from "../../../../src/policies/auth/jwt/public_key.ts";
import { hmacToken } from "../../../support/token_signer.ts";
import { JwtBed } from "../jwt_bed.ts";

/** RFC 7515, appendix A: what its first three examples sign. */
const PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
/** Its `exp`. */
const EXPIRES = 1_300_819_380_000;

const SECRET = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const A1 = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`;

const RSA = {
  kty: "RSA",
  n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-" +
    "pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapH" +
    "g665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4F" +
    "RWyuXpoQ",
  e: "AQAB",
};
const A2 = `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.` +
  "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t" +
  "1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j" +
  "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ" +
  "Ge77Rw";

const EC = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
const A3 = `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.` +
  "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/** RFC 8037, appendix A. */
const ED = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const ED_TOKEN = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
  "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

/** RFC 7515 §A.4. */
const P521 = {
  kty: "EC",
  crv: "P-521",
  x: "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
  y: "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
};
const A4 =
  "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB3" +
  "4XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";

/** A policy in the year of the vectors. */
function bedOf2011(options: object): JwtBed {
  const bed = new JwtBed({ audience: "any", ...options }, { secrets: { KEY: SECRET } });
  bed.env.clock.setWall(EXPIRES - 1_000);
  return bed;
}

const SIGNED: readonly (readonly [name: string, token: string, options: object])[] = [
  ["RFC 7515 §A.1 and RFC 7519 §3.1, HS256", A1, { secret: { env: "KEY" }, encoding: "base64url" }],
  ["RFC 7515 §A.2, RS256", A2, { publicKey: RSA }],
  ["RFC 7515 §A.3, ES256", A3, { publicKey: EC }],
];

for (const [name, token, options] of SIGNED) {
  Deno.test(`jwt() takes the token of ${name}, and none that differs from it`, async () => {
    const bed = bedOf2011(options), { status, exchange } = await bed.ask(token);
    assert.equal(status, 200);
    assert.deepEqual(exchange.identity?.claims, {
      iss: "joe",
      exp: EXPIRES / 1_000,
      "http://example.com/is_root": true,
    });
    const [header, payload, signature] = token.split(".");
    const other = signature[10] === "A" ? "B" : "A";
    const changed = `${header}.${payload}.${signature.slice(0, 10)}${other}${signature.slice(11)}`;
    assert.equal((await bed.ask(changed)).reason, "the token's signature is not right");
    bed.env.clock.setWall(EXPIRES + 30_000);
    bed.env.clock.advance(300_000);
    assert.equal((await bed.ask(token)).reason, "the token has expired");
  });
}

Deno.test("jwt() refuses the unsecured token of RFC 7515 §A.5 and RFC 7519 §6.1", async () => {
  const token = `eyJhbGciOiJub25lIn0.${PAYLOAD}.`;
  for (const [, , options] of SIGNED) assert.equal((await bedOf2011(options).ask(token)).status, 401);
});

Deno.test("jwt() refuses the detached content of RFC 7797 §4, signed as it may be", async () => {
  const secret = { secret: { env: "KEY" }, encoding: "base64url" };
  const header = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
  const sentence = `${header}..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY`;
  assert.match((await bedOf2011(secret).ask(sentence)).reason, /a header parameter that must be understood/);
  const bytes = new Uint8Array(Uint8Array.fromBase64(SECRET, { alphabet: "base64url" }));
  const token = await hmacToken(bytes, { exp: EXPIRES }, { alg: "HS256", b64: true, crit: ["b64"] });
  assert.match((await bedOf2011(secret).ask(token)).reason, /a header parameter that must be understood/);
  const quiet = await hmacToken(bytes, { exp: EXPIRES }, { alg: "HS256", b64: false });
  assert.match((await bedOf2011(secret).ask(quiet)).reason, /a header parameter that must be understood/);
});

const SIGNATURES: readonly (readonly [name: string, token: string, jwk: object, alg: "EdDSA" | "ES512"])[] = [
  ["RFC 8037 §A.4 and §A.5, Ed25519", ED_TOKEN, ED, "EdDSA"],
  ["RFC 7515 §A.4, ES512", A4, P521, "ES512"],
];

for (const [name, token, jwk, alg] of SIGNATURES) {
  Deno.test(`the signature of ${name} is right by a key that was read here, and its text is no token`, async () => {
    const key = readPublicKey(jwk, [alg]);
    assert.ok(!(key instanceof KeyFault));
    const [imported] = (await KeySet.of([key], () => assert.fail())).candidates(alg, undefined);
    assert.ok(await compactVerify(token, imported, { algorithms: [alg] }));
    const { reason } = await bedOf2011({ publicKey: jwk, algorithms: alg }).ask(token);
    assert.equal(reason, "this is no signed token in compact form");
  });
}
