import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { parseDictionary } from "structured-headers";
import type { Exchange } from "../../../../src/core/exchange.ts";
import {
  type PublicKeyAlgorithm,
  publicKeyCheck,
  readPublicKey,
  sharedKeyCheck,
  type SignatureCheck,
} from "../../../../src/policies/auth/hmac/algorithms.ts";
import { signatureBase } from "../../../../src/policies/auth/hmac/signature_base.ts";
import { isInnerList } from "../../../../src/policies/auth/hmac/signature_input.ts";
import { SignedRequest } from "../../../../src/policies/auth/hmac/signed_request.ts";
import { makeExchange } from "../../../support/exchange.ts";
import { SHARED, SignedBed } from "./signed_request.ts";

/** B.1, the public halves. */
const RSA_PSS = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`;
const P256 = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`;
const ED25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;

const DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
const BODY = '{"hello": "world"}';
const CREATED = 1_618_884_473;

const REQUEST_FIELDS: [string, string][] = [
  ["host", "example.com"],
  ["date", "Tue, 20 Apr 2021 02:07:55 GMT"],
  ["content-type", "application/json"],
  ["content-digest", DIGEST],
  ["content-length", "18"],
];

/** B.2: test-request. */
function testRequest(fields: [string, string][] = [], body: Uint8Array | null = null): Exchange {
  return makeExchange({
    method: "POST",
    path: "/foo",
    query: "?param=Value&Pet=dog",
    authority: "example.com",
    scheme: "https",
    headers: [...REQUEST_FIELDS, ...fields],
    body,
  });
}

/** B.3: what the proxy behind the client sends on. */
const CERT = "MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIElud" +
  "GVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQ" +
  "gAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAf" +
  "BgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYE" +
  "PYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5" +
  "XarmPk0wmuydBVoU4hBVZ1yhk=";

const internalRequest = () =>
  makeExchange({
    method: "POST",
    path: "/foo",
    query: "?param=Value&Pet=dog",
    authority: "service.internal.example",
    scheme: "https",
    headers: [
      ["host", "service.internal.example"],
      ["date", "Tue, 20 Apr 2021 02:07:55 GMT"],
      ["content-type", "application/json"],
      ["content-length", "18"],
      ["client-cert", `:${CERT}:`],
    ],
  });

function publicCheck(pem: string, algorithm: PublicKeyAlgorithm): SignatureCheck {
  const key = readPublicKey(pem, algorithm);
  if (typeof key === "string") throw new Error(key);
  return publicKeyCheck(key, algorithm);
}

interface Vector {
  readonly section: string;
  readonly check: SignatureCheck;
  readonly request: () => Exchange;
  readonly input: string;
  /** The text that the RFC prints, without its last line. */
  readonly lines: readonly string[];
  readonly signature: string;
}

const VECTORS: readonly Vector[] = [
  {
    section: "B.2.1, rsa-pss-sha512 that covers nothing",
    check: publicCheck(RSA_PSS, "rsa-pss-sha512"),
    request: testRequest,
    input: `();created=${CREATED};keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
    lines: [],
    signature:
      "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckz" +
      "XaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+" +
      "O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bL" +
      "hdxO5Nyt8C8ssinQ98Xw9Q==",
  },
  {
    section: "B.2.2, rsa-pss-sha512 that covers a few",
    check: publicCheck(RSA_PSS, "rsa-pss-sha512"),
    request: testRequest,
    input: '("@authority" "content-digest" "@query-param";name="Pet")' +
      `;created=${CREATED};keyid="test-key-rsa-pss";tag="header-example"`,
    lines: ['"@authority": example.com', `"content-digest": ${DIGEST}`, '"@query-param";name="Pet": dog'],
    signature: "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSo" +
      "wOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh" +
      "62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb" +
      "0rQl3/XaVe4bXTugEjHSw==",
  },
  {
    section: "B.2.3, rsa-pss-sha512 that covers all",
    check: publicCheck(RSA_PSS, "rsa-pss-sha512"),
    request: testRequest,
    input: '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length")' +
      `;created=${CREATED};keyid="test-key-rsa-pss"`,
    lines: [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@query": ?param=Value&Pet=dog',
      '"@authority": example.com',
      '"content-type": application/json',
      `"content-digest": ${DIGEST}`,
      '"content-length": 18',
    ],
    signature: "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768" +
      "ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9" +
      "o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL" +
      "2FUo5fTIztsDZKEgM4cUA==",
  },
  {
    section: "B.2.5, hmac-sha256",
    check: sharedKeyCheck(Buffer.from(SHARED, "base64")),
    request: testRequest,
    input: `("date" "@authority" "content-type");created=${CREATED};keyid="test-shared-secret"`,
    lines: [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@authority": example.com',
      '"content-type": application/json',
    ],
    signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
  },
  {
    section: "B.2.6, ed25519",
    check: publicCheck(ED25519, "ed25519"),
    request: testRequest,
    input: '("date" "@method" "@path" "@authority" "content-type" "content-length")' +
      `;created=${CREATED};keyid="test-key-ed25519"`,
    lines: [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
    ],
    signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
  },
  {
    section: "B.3, ecdsa-p256-sha256",
    check: publicCheck(P256, "ecdsa-p256-sha256"),
    request: internalRequest,
    input: '("@path" "@query" "@method" "@authority" "client-cert")' + `;created=${CREATED};keyid="test-key-ecc-p256"`,
    lines: [
      '"@path": /foo',
      '"@query": ?param=Value&Pet=dog',
      '"@method": POST',
      '"@authority": service.internal.example',
      `"client-cert": :${CERT}:`,
    ],
    signature: "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==",
  },
];

for (const { section, check, request, input, lines, signature } of VECTORS) {
  Deno.test(`RFC 9421 ${section}: the text is the printed one, and the signature is right for it alone`, async () => {
    const member = parseDictionary(`sig=${input}`).get("sig")!;
    assert.ok(isInnerList(member));
    const base = signatureBase(member, new SignedRequest(request(), "https"));
    const text = [...lines, `"@signature-params": ${input}`].join("\n");
    assert.equal(base?.text, text);
    const bytes = new Uint8Array(Buffer.from(signature, "base64"));
    assert.equal(await check(text, bytes), true);
    assert.equal(await check(text.replace("created=1", "created=2"), bytes), false);
    for (const at of [0, bytes.length - 1]) {
      const other = bytes.slice();
      other[at] ^= 1;
      assert.equal(await check(text, other), false);
    }
    for (const length of [0, 1, bytes.length - 1]) assert.equal(await check(text, bytes.subarray(0, length)), false);
    assert.equal(await check(text, new Uint8Array([...bytes, ...bytes])), false);
    assert.equal(await check(text, new Uint8Array(bytes.length)), false);
  });
}

/** The policy with the keys of the RFC, at the time of its examples. */
function bedOfRfc(components: readonly Lowercase<string>[]): SignedBed {
  const bed = new SignedBed({
    keys: {
      "test-key-rsa-pss": { publicKey: RSA_PSS, algorithm: "rsa-pss-sha512", consumer: "pss" },
      "test-key-ecc-p256": { publicKey: P256, algorithm: "ecdsa-p256-sha256", consumer: "ec" },
      "test-key-ed25519": { publicKey: ED25519, algorithm: "ed25519", consumer: "ed" },
    },
    components,
  });
  bed.env.clock.setWall(CREATED * 1_000 + 5_000);
  return bed;
}

const fieldsOf = ({ input, signature }: Vector): [string, string][] => [
  ["signature-input", `s=${input}`],
  ["signature", `s=:${signature}:`],
];

Deno.test("RFC 9421: hmac() lets its signed requests pass, body and all", async () => {
  const [, few, all, , ed, ttrp] = VECTORS;
  const bytes = new TextEncoder().encode(BODY);
  const cases: [Vector, Lowercase<string>[], Exchange, string][] = [
    [few, ["@authority"], testRequest(fieldsOf(few), bytes), "pss"],
    [all, ["@method", "@authority", "@path", "@query", "date"], testRequest(fieldsOf(all), bytes), "pss"],
    [ed, ["@method", "@authority", "@path"], testRequest(fieldsOf(ed)), "ed"],
  ];
  for (const [{ section }, components, exchange, consumer] of cases) {
    const { status, reason } = await bedOfRfc(components).send(exchange);
    assert.equal(status, 200, `${section}: ${reason}`);
    assert.equal(exchange.identity?.consumer, consumer);
  }
  const internal = internalRequest();
  for (const [name, value] of fieldsOf(ttrp)) internal.headers.add(name, value);
  assert.equal((await bedOfRfc(["@path", "client-cert"]).send(internal)).status, 200);
  const other = testRequest(fieldsOf(all), new TextEncoder().encode(BODY.replace("world", "w0rld")));
  assert.equal((await bedOfRfc(["@method"]).send(other)).status, 401);
  // Its body is not covered.
  assert.equal((await bedOfRfc(["@method"]).send(testRequest(fieldsOf(ed), bytes))).status, 401);
});
