import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import fc from "fast-check";
import { PasswordHash, readPasswordHash } from "../../src/settings/password_hash.ts";
import { Refusal } from "../../src/settings/scalar.ts";
import { HASHES } from "../policies/auth/basic_auth/hashes.ts";

const SALT = "A".repeat(22), HASH = "A".repeat(43), BCRYPT = "a".repeat(53);

Deno.test("readPasswordHash() knows the hashes that others have published", () => {
  const kinds = HASHES.map(([, hash]) => (readPasswordHash(hash) as PasswordHash).kind);
  const expected = [..."bbbbaaassdd"].map((kind) => ({ b: "bcrypt", a: "argon2", s: "scrypt", d: "sha256" })[kind]);
  assert.deepEqual(kinds, expected);
});

const WEAK: readonly (readonly [text: string, message: string])[] = [
  ["{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "this is SHA-1 in one round, which does not protect a password"],
  ["{SSHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "this is SHA-1 in one round, which does not protect a password"],
  ["$apr1$abcdefgh$aaaaaaaaaaaaaaaaaaaaaa", "this is MD5, which does not protect a password"],
  ["$1$abcdefgh$aaaaaaaaaaaaaaaaaaaaaa", "this is MD5, which does not protect a password"],
  ["$6$abcdefgh$aaaaaaaaaaaaaaaaaaaaaa", "this is a hash of crypt(3), which is not known here"],
  ["$5$abcdefgh$aaaaaaaaaaaaaaaaaaaaaa", "this is a hash of crypt(3), which is not known here"],
  ["a".repeat(64), "this is a bare digest, which does not protect a password"],
  ["5f4dcc3b5aa765d61d8327deb882cf99", "this is a bare digest, which does not protect a password"],
  ["hunter2", "this is no hash of a password that is known here: argon2, bcrypt or scrypt"],
  ["rqXexS6ZhobKA", "this is no hash of a password that is known here: argon2, bcrypt or scrypt"],
  ["", "this is no hash of a password that is known here: argon2, bcrypt or scrypt"],
  [`$2b$10$${"a".repeat(52)}`, "this hash is not whole"],
  [`$2b$10$${BCRYPT}\n`, "this hash is not whole"],
  ["$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "this hash is not whole"],
  [`$2b$03$${BCRYPT}`, "this bcrypt hash takes too much to check, or too little to be one"],
  [`$2b$15$${BCRYPT}`, "this bcrypt hash takes too much to check, or too little to be one"],
  [
    `$argon2id$v=19$m=1048576,t=2,p=1$${SALT}$${HASH}`,
    "this argon2 hash takes too much to check, or too little to be one",
  ],
  [
    `$argon2id$v=19$m=65536,t=99,p=1$${SALT}$${HASH}`,
    "this argon2 hash takes too much to check, or too little to be one",
  ],
  [`$argon2id$v=19$m=7,t=1,p=1$${SALT}$${HASH}`, "this argon2 hash takes too much to check, or too little to be one"],
  [`$argon2id$v=19$m=64,t=1,p=0$${SALT}$${HASH}`, "this argon2 hash takes too much to check, or too little to be one"],
  [`$scrypt$ln=30,r=8,p=1$${SALT}$${HASH}`, "this scrypt hash takes too much to check, or too little to be one"],
  [`$scrypt$ln=16,r=1,p=1$${SALT}$${HASH}`, "this scrypt hash takes too much to check, or too little to be one"],
  [`$scrypt$ln=0,r=8,p=1$${SALT}$${HASH}`, "this scrypt hash takes too much to check, or too little to be one"],
];

Deno.test("readPasswordHash() says of other texts what they are, and what to write", () => {
  for (const [text, message] of WEAK) {
    const refusal = readPasswordHash(text);
    assert.ok(refusal instanceof Refusal, text);
    assert.deepEqual([refusal.message, refusal.remedy], [message, "what `gatewright password` prints"], text);
  }
});

Deno.test("readPasswordHash() takes what is common", () => {
  for (
    const text of [
      `$2y$14$${BCRYPT}`,
      `$argon2id$v=19$m=65536,t=3,p=4$${SALT}$${HASH}`,
      `$argon2d$v=19$m=262144,t=4,p=1$${SALT}$${HASH}`,
      `$scrypt$ln=17,r=8,p=1$${SALT}$${HASH}`,
      `SHA256:${"A".repeat(64)}`,
    ]
  ) assert.ok(readPasswordHash(text) instanceof PasswordHash, text);
});

Deno.test("no text that is refused is in its message, and no hash is in what prints a PasswordHash", () => {
  fc.assert(fc.property(fc.string({ minLength: 6 }), (text) => {
    const read = readPasswordHash(text);
    assert.ok(read instanceof Refusal && !read.message.includes(text));
  }));
  const hash = readPasswordHash(HASHES[0][1]);
  assert.ok(!`${JSON.stringify(hash)}${inspect(hash, { showHidden: true })}${Deno.inspect(hash)}`.includes("CCCC"));
});
