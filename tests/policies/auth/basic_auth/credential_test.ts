import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isBasic, readCredential } from "../../../../src/policies/auth/basic_auth/credential.ts";

const base64 = (text: string | Uint8Array) =>
  (typeof text === "string" ? new TextEncoder().encode(text) : text).toBase64();

const ROWS: readonly (readonly [what: string, header: string, expected: readonly [string, string] | null])[] = [
  ["RFC 7617's example", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", ["Aladdin", "open sesame"]],
  ["RFC 7617's example in UTF-8", "Basic dGVzdDoxMjPCow==", ["test", "123£"]],
  ["another case, more spaces", "bASIC   QWxhZGRpbjpvcGVuIHNlc2FtZQ==", ["Aladdin", "open sesame"]],
  ["colons in the password", `Basic ${base64("a:b:c:")}`, ["a", "b:c:"]],
  ["decomposed characters", `Basic ${base64("u\u0308:e\u0301")}`, ["\u00fc", "\u00e9"]],
  ["a byte order mark, which is a character", `Basic ${base64("\ufeffa:b")}`, ["\ufeffa", "b"]],
  ["nothing", "Basic", null],
  ["nothing but a space", "Basic ", null],
  ["no colon", `Basic ${base64("alice")}`, null],
  ["no user", `Basic ${base64(":secret")}`, null],
  ["no password", `Basic ${base64("alice:")}`, null],
  ["a control character in the user", `Basic ${base64("a\nb:c")}`, null],
  ["a NUL in the password", `Basic ${base64("a:b\0c")}`, null],
  ["latin-1", `Basic ${base64(new Uint8Array([0x61, 0x3a, 0xa3]))}`, null],
  ["base64 without padding", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ", null],
  [
    "base64url",
    `Basic ${base64("a:\u00ff\u00bf").replaceAll("+", "-").replaceAll("/", "_").replace("w7/Cvw==", "w7_Cvw==")}`,
    null,
  ],
  ["bits behind the end", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==", null],
  ["two of them", "Basic QTpi, Basic QTpi", null],
  ["parameters", "Basic user=a, password=b", null],
  ["something that nobody types", `Basic ${base64("a:" + "b".repeat(3000))}`, null],
];

Deno.test("readCredential() reads user and password, and nothing that is malformed", () => {
  for (const [what, header, expected] of ROWS) {
    const read = readCredential(header);
    assert.deepEqual(read === null ? null : [read.user, read.password], expected, what);
  }
});

Deno.test("isBasic() knows the scheme by its whole word", () => {
  for (const header of ["Basic a", "basic a", "BASIC", "Basic "]) assert.ok(isBasic(header), header);
  for (const header of ["", "Bearer a", "Basics a", "Basic\ta", "Basic=a", " Basic a"]) {
    assert.ok(!isBasic(header), header);
  }
});

Deno.test("readCredential() never throws, and gives back what was written", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readCredential(`Basic ${text}`)));
  const plain = fc.string({ unit: "binary", minLength: 1, maxLength: 8 }).map((text) =>
    // deno-lint-ignore no-control-regex -- what no credential has
    text.replace(/[\x00-\x1f\x7f]/g, "_")
  );
  fc.assert(fc.property(plain.map((user) => user.replaceAll(":", "_")), plain, (user, password) => {
    const text = `${user}:${password}`;
    if (text.normalize("NFC") !== text) return;
    assert.deepEqual(readCredential(`Basic ${base64(text)}`), { user, password });
  }));
});
