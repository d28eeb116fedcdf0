import { strict as assert } from "node:assert";
import { isDigestOf, readContentDigest } from "../../../../src/policies/auth/hmac/content_digest.ts";
import { digestOf } from "./signed_request.ts";

const encoder = new TextEncoder();

/** RFC 9530, appendices B and D, and RFC 9421's own. */
const VECTORS: readonly [body: string, field: string][] = [
  ['{"hello": "world"}\n', "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"],
  [
    '{"hello": "world"}\n',
    "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:",
  ],
  ["", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"],
  ['{"hello": "world"}', "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"],
  [
    '{"hello": "world"}',
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
  ],
];

Deno.test("readContentDigest(): the examples of RFC 9530 are digests of their bodies and of no others", () => {
  for (const [body, field] of VECTORS) {
    const digests = readContentDigest(field);
    assert.ok(digests !== null, field);
    assert.equal(isDigestOf(digests, encoder.encode(body)), true, field);
    assert.equal(isDigestOf(digests, encoder.encode(body + " ")), false, field);
  }
});

Deno.test("readContentDigest(): of several that it knows all must be right, others are passed by", () => {
  const right = digestOf("a"), wrong = digestOf("b", "sha512");
  const holds = (field: string) => isDigestOf(readContentDigest(field)!, encoder.encode("a"));
  assert.equal(holds(`md5=:AAAA:, ${right}, unixsum=3`), true);
  assert.equal(holds(`${right}, ${digestOf("a", "sha512")}`), true);
  assert.equal(holds(`${right}, ${wrong}`), false);
});

Deno.test("readContentDigest(): what can be read in two ways, or not at all, is no digest", () => {
  const right = digestOf("a"), bytes = right.slice("sha-256=".length);
  const fields = [
    null,
    "",
    "md5=:AAAA:",
    "sha-256",
    "sha-256=1",
    `sha-256="${bytes}"`,
    "sha-256=:AAAA:",
    "sha-256=::",
    `sha-512=${bytes}`,
    `${right}, ${right}`,
    `${right}, ${digestOf("b")}`,
    `${right},`,
    `SHA-256=${bytes}`,
    `sha-256=${bytes.slice(0, -1)}`,
    `sha-256=(${bytes})`,
    "sha-256=:!!!!:",
    "\u00ff",
    "a".repeat(9_000),
  ];
  for (const field of fields) assert.equal(readContentDigest(field), null, String(field));
});
