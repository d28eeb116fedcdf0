import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { TOKEN_FAULTS, type TokenFault } from "../../../../src/policies/auth/jwt/token_fault.ts";
import { base64url, GOOD, hmacToken, Signer, START, unsigned } from "../../../support/token_signer.ts";
import { JwtBed } from "../jwt_bed.ts";

const EC = await Signer.make("ES256", "ec"),
  ED = await Signer.make("EdDSA", "ed"),
  RSA = await Signer.make("RS256", "rsa");
const STRANGER = await Signer.make("ES256", "ec");
const KEYS = { keys: { keys: [EC.jwk, ED.jwk, RSA.jwk] } };
const TOKEN = await EC.token(), [HEADER, PAYLOAD, SIGNATURE] = TOKEN.split(".");

/** A token that is signed by the right key and made of other parts. */
const signed = (claims: object | string, header: object | string = {}) => EC.token(claims, header);

/** The raw text of claims that are right but for what stands between. */
const claims = (rest: string) => `{"aud":"api",${rest}}`;

async function signedBytes(header: Uint8Array, payload: Uint8Array): Promise<string> {
  const text = `${base64url(header)}.${base64url(payload)}`;
  return `${text}.${base64url(await EC.sign(text))}`;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const ES_HEADER = '{"alg":"ES256","kid":"ec"}';

/** Signatures as another encoding, or as other numbers. */
function der(signature: Uint8Array): Uint8Array {
  const integer = (part: Uint8Array) => {
    const padded = part[0] >= 0x80 ? [0, ...part] : [...part];
    return [2, padded.length, ...padded];
  };
  const body = [...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

const RAW = new Uint8Array(Buffer.from(SIGNATURE, "base64url"));
const withSignature = (signature: Uint8Array) => `${HEADER}.${PAYLOAD}.${base64url(signature)}`;
/** The order of P-256: numbers from it on are none of the signature's. */
const ORDER = Uint8Array.from(Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex"));

/** The other spelling of the last character: the same bytes for whoever does not look at the bits left over. */
function respelled(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1];
}

const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

type Case = readonly [name: string, token: string, fault: TokenFault];

const FORM: readonly Case[] = [
  ["nothing but dots", "..", "malformed"],
  ["one part", HEADER, "foreign"],
  ["two parts", `${HEADER}.${PAYLOAD}`, "foreign"],
  ["four parts", `${TOKEN}.`, "foreign"],
  ["five parts, as if encrypted", `${HEADER}..${PAYLOAD}.${SIGNATURE}.${SIGNATURE}`, "foreign"],
  ["a dot in front", `.${TOKEN}`, "foreign"],
  ["no signature", `${HEADER}.${PAYLOAD}.`, "malformed"],
  ["no payload", `${HEADER}..${SIGNATURE}`, "malformed"],
  ["no header", `.${PAYLOAD}.${SIGNATURE}`, "malformed"],
  ["padding", `${HEADER}.${PAYLOAD}.${SIGNATURE}==`, "malformed"],
  ["padding of the header", `${HEADER}=.${PAYLOAD}.${SIGNATURE}`, "malformed"],
  ["the alphabet of plain base64", TOKEN.replace(/.$/, "+"), "malformed"],
  ["a slash", TOKEN.replace(/.$/, "/"), "malformed"],
  ["a space within", `${HEADER}. ${PAYLOAD}.${SIGNATURE}`, "malformed"],
  ["a tab within", `${HEADER}.\t${PAYLOAD}.${SIGNATURE}`, "malformed"],
  ["a character of latin-1", `${HEADER}.${PAYLOAD}.é${SIGNATURE}`, "malformed"],
  ["a NUL", `${HEADER}.${PAYLOAD}.${SIGNATURE}\0`, "malformed"],
  ["a comma and another token", `${TOKEN}, ${TOKEN}`, "foreign"],
  ["a quote around", `"${TOKEN}"`, "malformed"],
  ["a number of characters that no bytes have", `${HEADER}.${PAYLOAD}.${SIGNATURE}AAA`, "malformed"],
  ["bits left over in the signature", `${HEADER}.${PAYLOAD}.${respelled(SIGNATURE)}`, "malformed"],
  [
    "JSON in place of compact form",
    JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
    "foreign",
  ],
  ["a scheme of its own", `Bearer ${TOKEN}`, "malformed"],
  ["more than 16 KiB", "a".repeat(16_400), "long"],
];

const HEADERS: readonly Case[] = [
  ["a header that is a list", await signed(GOOD, '["ES256"]'), "malformed"],
  ["a header that is a text", await signed(GOOD, '"ES256"'), "malformed"],
  ["a header that is null", await signed(GOOD, "null"), "malformed"],
  ["a header that is no JSON", await signed(GOOD, "{alg:ES256}"), "malformed"],
  ["a header with text behind it", await signed(GOOD, `${ES_HEADER}x`), "malformed"],
  ["a header with a byte order mark", await signed(GOOD, `\ufeff${ES_HEADER}`), "malformed"],
  [
    "a header in UTF-16",
    await signedBytes(new Uint8Array(Buffer.from(ES_HEADER, "utf16le")), bytes(JSON.stringify(GOOD))),
    "malformed",
  ],
  ["a header with alg twice", await signed(GOOD, '{"alg":"none","alg":"ES256","kid":"ec"}'), "malformed"],
  [
    "a header with alg twice, once in escapes",
    await signed(GOOD, '{"alg":"ES256","\\u0061lg":"ES256","kid":"ec"}'),
    "malformed",
  ],
  ["a header with kid twice", await signed(GOOD, '{"alg":"ES256","kid":"x","kid":"ec"}'), "malformed"],
  ["no alg", await signed(GOOD, '{"kid":"ec"}'), "malformed"],
  ["an alg that is a list", await signed(GOOD, '{"alg":["ES256"]}'), "malformed"],
  ["an alg that is null", await signed(GOOD, '{"alg":null}'), "malformed"],
  ["a kid that is a number", await signed(GOOD, { kid: 1 }), "malformed"],
  ["a kid that is null", await signed(GOOD, { kid: null }), "malformed"],
  ["a typ that is a number", await signed(GOOD, { typ: 1 }), "malformed"],
  ["an alg of the object's prototype", await signed(GOOD, { alg: "constructor" }), "algorithm"],
  ["alg in lower case", await signed(GOOD, { alg: "es256" }), "algorithm"],
  ["alg with a space", await signed(GOOD, { alg: "ES256 " }), "algorithm"],
  ...["none", "None", "NONE", "nOnE", ""].flatMap((alg): Case[] => [
    [`alg "${alg}" and a signature`, unsigned({ alg, kid: "ec" }, GOOD, RAW), "algorithm"],
    [`alg "${alg}" and none`, unsigned({ alg, kid: "ec" }), "malformed"],
  ]),
  ["an extension that must be understood", await signed(GOOD, { crit: ["exp"], exp: 1 }), "critical"],
  ["an empty crit", await signed(GOOD, { crit: [] }), "critical"],
  ["a crit that is a text", await signed(GOOD, { crit: "b64" }), "critical"],
  ["unencoded content", await signed(GOOD, { b64: false, crit: ["b64"] }), "critical"],
  ["a kid of nobody", await signed(GOOD, { kid: "nobody" }), "key"],
  ["a kid that looks like a path", await signed(GOOD, { kid: "../../../../dev/null" }), "key"],
  ["a kid that looks like SQL", await signed(GOOD, { kid: "x' UNION SELECT 'key" }), "key"],
  ["a kid of the object's prototype", await signed(GOOD, { kid: "__proto__" }), "key"],
  ["the kid of a key for another alg", await signed(GOOD, { kid: "rsa" }), "key"],
];

const BROUGHT = {
  kid: "ec",
  jwk: STRANGER.jwk,
  jku: "https://evil.example/keys",
  x5u: "https://evil.example/c",
  x5c: ["AA"],
};

const SIGNATURES: readonly Case[] = [
  ["a stranger's signature", await STRANGER.token(), "signature"],
  ["a stranger's signature with his key in the header", await STRANGER.token(GOOD, BROUGHT), "signature"],
  [
    "the signature of another text",
    `${HEADER}.${base64url(JSON.stringify({ ...GOOD, sub: "eve" }))}.${SIGNATURE}`,
    "signature",
  ],
  ["a signature in DER", withSignature(der(RAW)), "signature"],
  ["a signature that is too short", withSignature(RAW.subarray(0, 63)), "signature"],
  ["a signature that is too long", withSignature(Uint8Array.from([...RAW, 0])), "signature"],
  ["zeros", withSignature(new Uint8Array(64)), "signature"],
  ["r = 0", withSignature(Uint8Array.from([...new Uint8Array(32), ...RAW.subarray(32)])), "signature"],
  ["s = 0", withSignature(Uint8Array.from([...RAW.subarray(0, 32), ...new Uint8Array(32)])), "signature"],
  ["r and s the order of the curve", withSignature(Uint8Array.from([...ORDER, ...ORDER])), "signature"],
  ["one byte", withSignature(Uint8Array.of(1)), "signature"],
  ["HS256 by the public key's PEM", await hmacToken(RSA.pem, GOOD, { alg: "HS256", kid: "rsa" }), "algorithm"],
  ["HS256 by the public key's PEM, trimmed", await hmacToken(RSA.pem.trim(), GOOD, { alg: "HS256" }), "algorithm"],
  ["HS256 by the public key's JWK", await hmacToken(JSON.stringify(RSA.jwk), GOOD, { alg: "HS256" }), "algorithm"],
  ["HS256 by nothing", await hmacToken(new Uint8Array(1), GOOD, { alg: "HS256" }), "algorithm"],
  ["RS256 that says PS256", await RSA.token(GOOD, { alg: "PS256" }), "signature"],
  ["RS256 that says RS512, which is not among them", await RSA.token(GOOD, { alg: "RS512" }), "algorithm"],
  ["EdDSA by its zero point", unsigned({ alg: "EdDSA", kid: "ed" }, GOOD, new Uint8Array(64)), "signature"],
];

const CLAIMS: readonly Case[] = [
  ["claims that are a list", await signed("[]"), "malformed"],
  ["claims that are a text", await signed('"ann"'), "malformed"],
  ["claims that are a number", await signed("1"), "malformed"],
  ["claims that are a token", await signed(TOKEN), "malformed"],
  [
    "claims in broken UTF-8",
    await signedBytes(bytes(ES_HEADER), Uint8Array.from([...bytes('{"sub":"'), 0xc3, 0x28, ...bytes('"}')])),
    "malformed",
  ],
  [
    "claims in an overlong form",
    await signedBytes(bytes(ES_HEADER), Uint8Array.from([...bytes('{"sub":"'), 0xc0, 0xaf, ...bytes('"}')])),
    "malformed",
  ],
  [
    "a surrogate in UTF-8",
    await signedBytes(bytes(ES_HEADER), Uint8Array.from([...bytes('{"sub":"'), 0xed, 0xa0, 0x80, ...bytes('"}')])),
    "malformed",
  ],
  ["sub twice", await signed(claims(`"sub":"ann","sub":"root","exp":${GOOD.exp}`)), "malformed"],
  ["a name twice, deep within", await signed(claims(`"exp":${GOOD.exp},"a":[{"b":{"c":1,"c":2}}]`)), "malformed"],
  ["a bomb of lists", await signed(claims(`"exp":${GOOD.exp},"a":${deep("[", "]", 3_000)}`)), "malformed"],
  ["a bomb of objects", await signed(claims(`"exp":${GOOD.exp},"a":${deep('{"a":', "}", 1_000)}`)), "malformed"],
  ["comments", await signed(claims(`"exp":${GOOD.exp}/**/`)), "malformed"],
  ["exp as a text", await signed({ ...GOOD, exp: String(GOOD.exp) }), "malformed"],
  ["exp as a list", await signed({ ...GOOD, exp: [GOOD.exp] }), "malformed"],
  ["exp as null", await signed({ ...GOOD, exp: null }), "malformed"],
  ["exp as true", await signed({ ...GOOD, exp: true }), "malformed"],
  ["exp as NaN", await signed(claims('"exp":NaN')), "malformed"],
  ["exp beyond all numbers", await signed(claims('"exp":1e999')), "malformed"],
  ["no exp", await signed({ aud: "api" }), "endless"],
  ["exp of long ago", await signed({ ...GOOD, exp: 1 }), "expired"],
  ["exp of 0", await signed({ ...GOOD, exp: 0 }), "expired"],
  ["exp below 0", await signed({ ...GOOD, exp: -GOOD.exp }), "expired"],
  ["exp right now, leeway apart", await signed({ ...GOOD, exp: START - 30 }), "expired"],
  ["nbf to come", await signed({ ...GOOD, nbf: START + 31 }), "early"],
  ["nbf as a text", await signed({ ...GOOD, nbf: "0" }), "malformed"],
  ["iat as a text", await signed({ ...GOOD, iat: "0" }), "malformed"],
  ["sub as a number", await signed({ ...GOOD, sub: 1 }), "malformed"],
  ["iss as a list", await signed({ ...GOOD, iss: ["a"] }), "malformed"],
  ["aud as a number", await signed({ ...GOOD, aud: 1 }), "malformed"],
  ["aud as an object", await signed({ ...GOOD, aud: { api: true } }), "malformed"],
  ["aud with a number in it", await signed({ ...GOOD, aud: ["api", 1] }), "malformed"],
  ["no aud", await signed({ exp: GOOD.exp }), "audience"],
  ["an empty aud", await signed({ ...GOOD, aud: [] }), "audience"],
  ["another aud", await signed({ ...GOOD, aud: ["api2", "API", "api "] }), "audience"],
];

Deno.test("jwt() passes what the tables below spoil", async () => {
  const bed = new JwtBed(KEYS);
  for (const good of [TOKEN, await ED.token(), await RSA.token(), await signed(GOOD, { ...BROUGHT, x5c: [] })]) {
    assert.equal((await bed.ask(good)).status, 200);
  }
  const huge = await signed(claims('"exp":1e300,"a":{"b":[{"c":1},{"c":2}],"__proto__":1}'));
  assert.equal((await bed.ask(huge)).status, 200, "a date in a far future is one, and a name may stand in two objects");
  assert.equal((await bed.ask(await signed({ ...GOOD, exp: START - 29.5 }))).status, 200, "leeway");
  assert.equal((await bed.ask(await signed({ ...GOOD, nbf: START + 29.5 }))).status, 200, "leeway");
  assert.equal(
    (await bed.ask(await EC.token(GOOD, '{"alg":"ES256"}'))).status,
    200,
    "without a kid all keys are tried",
  );
});

for (const [what, cases] of Object.entries({ form: FORM, header: HEADERS, signature: SIGNATURES, claims: CLAIMS })) {
  Deno.test(`jwt() refuses tokens whose ${what} is wrong, and says nothing of why`, async () => {
    const bed = new JwtBed({ ...KEYS, failures: false });
    for (const [name, token, fault] of cases) {
      const { status, reply, reason, exchange } = await bed.ask(token);
      assert.deepEqual([status, reason], [401, TOKEN_FAULTS[fault]], name);
      assert.equal(reply.header("www-authenticate"), 'Bearer realm="gateway", error="invalid_token"', name);
      assert.deepEqual([exchange.error, exchange.auth], ["credential_invalid", "invalid"], name);
      assert.equal(exchange.identity, undefined, name);
    }
    assert.equal(bed.passed.length, 0);
    assert.deepEqual(bed.env.logged, []);
  });
}
