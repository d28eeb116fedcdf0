import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";
import { BodyError } from "../../../src/core/body.ts";
import type { Consumers } from "../../../src/core/consumers.ts";
import { NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { secret } from "../../../src/core/secret.ts";
import { sharedKeyCheck } from "../../../src/policies/auth/hmac/algorithms.ts";
import { hmac, hmacDefinition } from "../../../src/policies/auth/hmac.ts";
import { makeEnv, readText, ScriptedBody } from "../../support/exchange.ts";
import {
  digestOf,
  type Line,
  NOW,
  PLAIN,
  plainRequest,
  postRequest,
  SHARED,
  signatureFields,
  SignedBed,
  type Signing,
} from "./hmac/signed_request.ts";
import { makeExchange } from "../../support/exchange.ts";

const encoder = new TextEncoder();

Deno.test("hmac() lets a signed request pass and knows whose key it is", async () => {
  const consumers: Consumers = {
    ...NO_CONSUMERS,
    named: (name) => name === "shop" ? { name, groups: ["partners"] } : undefined,
  };
  const key = { secret: secret.env("KEY"), encoding: "base64" } as const;
  const cases = [
    [{}, { method: "hmac", subject: "k" }],
    [{ consumer: "shop" }, { method: "hmac", subject: "k", consumer: "shop", groups: ["partners"] }],
    [{ consumer: "other" }, { method: "hmac", subject: "k", consumer: "other" }],
    [{ consumer: "shop", groups: ["a"] }, { method: "hmac", subject: "k", consumer: "shop", groups: ["a"] }],
  ] as const;
  for (const [owner, identity] of cases) {
    const bed = new SignedBed({ keys: { k: { ...key, ...owner } } }, { consumers }), exchange = plainRequest();
    const { status, reason } = await bed.send(exchange);
    assert.equal(status, 200, reason);
    assert.deepEqual({ ...exchange.identity }, identity);
    assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  }
});

Deno.test("hmac() hides the signature from the upstream, unless it is kept", async () => {
  for (const keep of [false, true]) {
    const exchange = plainRequest({}, { headers: [["x-other", "1"]] });
    await new SignedBed({ keep }).send(exchange);
    assert.equal(exchange.headers.has("signature"), keep);
    assert.equal(exchange.headers.has("signature-input"), keep);
    assert.equal(exchange.headers.get("x-other"), "1");
  }
});

Deno.test("hmac() says what to sign to those who have not", async () => {
  const bed = new SignedBed({ tag: "my-app", label: "mine", components: ["@method", "date"], realm: "orders" });
  for (
    const [body, components] of [[null, '"@method" "date"'], [
      encoder.encode("a"),
      '"@method" "date" "content-digest"',
    ]] as const
  ) {
    const { status, reply, reason } = await bed.send(makeExchange({ body }));
    assert.equal(status, 401);
    assert.equal(JSON.parse(await readText(reply.body)).code, "credential_missing");
    assert.equal(reply.headers.get("www-authenticate"), 'Signature realm="orders"');
    assert.equal(reply.headers.get("accept-signature"), `mine=(${components});created;tag="my-app"`);
    assert.equal(reason, "the request is not signed");
  }
  const bad = await new SignedBed().send(plainRequest({ key: new Uint8Array(32) }));
  assert.equal(JSON.parse(await readText(bad.reply.body)).code, "credential_invalid");
  assert.equal(
    bad.reply.headers.get("accept-signature"),
    'sig=("@method" "@authority" "@path" "@query");created',
  );
});

/** Signatures that are right, but not what is asked for. */
const REFUSED: readonly [what: string, signing: Partial<Signing>, why: RegExp][] = [
  ["another key", { key: Buffer.from(SHARED) }, /is not right/],
  ["an unknown key", { parameters: `;created=${NOW};keyid="x"` }, /key is not known/],
  ["no key id", { parameters: `;created=${NOW}` }, /key is not known/],
  ["no time", { parameters: ';keyid="k"' }, /no created/],
  ["a time that is no whole number", { parameters: `;created=${NOW}.5;keyid="k"` }, /no whole numbers/],
  ["a time in quotes", { parameters: `;created="${NOW}";keyid="k"` }, /no whole numbers/],
  ["a date", { parameters: `;created=@${NOW};keyid="k"` }, /malformed/],
  ["an end that is no whole number", { parameters: `;created=${NOW};expires="x";keyid="k"` }, /no whole numbers/],
  ["another algorithm", { parameters: `;created=${NOW};keyid="k";alg="ed25519"` }, /not that of its key/],
  ["an algorithm that is no text", { parameters: `;created=${NOW};keyid="k";alg=hmac-sha256` }, /not that of its key/],
  ["a nonce that is no text", { parameters: `;created=${NOW};keyid="k";nonce=5` }, /nonce/],
  ["a nonce that is too long", { parameters: `;created=${NOW};keyid="k";nonce="${"n".repeat(257)}"` }, /nonce/],
  ["nothing", { lines: [] }, /does not cover all/],
  ["no method", { lines: PLAIN.slice(1) }, /does not cover all/],
  ["no query", { lines: PLAIN.slice(0, 3) }, /does not cover all/],
  ["a component twice", { lines: [...PLAIN, PLAIN[0]] }, /twice/],
  ["a component twice, otherwise written", {
    lines: [...PLAIN, ['"x";sf;key="a"', "1"], ['"x";key="a";sf', "1"]],
  }, /twice/],
  ["a field that is not there", { lines: [...PLAIN, ['"date"', ""]] }, /has not/],
  ["a component that is not known", { lines: [...PLAIN, ['"@unknown"', ""]] }, /not known/],
  ["the signature's own parameters", { lines: [...PLAIN, ['"@signature-params"', ""]] }, /not known/],
  ["a component that is no text", { lines: [...PLAIN, ["date", "x"]] }, /not known/],
  [
    "the path of another request",
    { lines: PLAIN.map(([c, v]): Line => [c, v === "/orders" ? "/order" : v]) },
    /not right/,
  ],
];

Deno.test("hmac() refuses a signature that is of another key, time or request, or does not cover enough", async () => {
  for (const [what, signing, why] of REFUSED) {
    const exchange = plainRequest(signing, { headers: [["x", "a=1"]] });
    const { status, passed, reason } = await new SignedBed().send(exchange);
    assert.equal(status, 401, what);
    assert.match(reason, why, what);
    assert.equal(passed, null);
    assert.deepEqual([exchange.credentialed, exchange.identity, exchange.auth], [false, undefined, "invalid"]);
  }
});

Deno.test("hmac() takes more than is asked for, and components that say as much", async () => {
  const bed = new SignedBed(), target = "http://gateway.test:8080/orders?a=1";
  const signings: Partial<Signing>[] = [
    { lines: [...PLAIN, ['"x"', "a=1"], ['"x";key="a"', "1"], ['"@query-param";name="a"', "1"]] },
    { lines: [['"@method"', "GET"], ['"@target-uri"', target]] },
    { lines: [['"@method"', "GET"], ['"@authority"', "gateway.test:8080"], ['"@request-target"', "/orders?a=1"]] },
    { parameters: `;keyid="k";alg="hmac-sha256";created=${NOW};expires=${NOW + 1};nonce="1";x;y=:AAAA:` },
    { label: "*a.b-c_9" },
  ];
  for (const signing of signings) {
    const { status, reason } = await bed.send(plainRequest(signing, { headers: [["x", "a=1"]] }));
    assert.equal(status, 200, reason);
  }
});

Deno.test("hmac() takes the clients' scheme where the config knows it", async () => {
  const lines: Line[] = [['"@method"', "GET"], ['"@target-uri"', "https://gateway.test/orders?a=1"]];
  const request = () => plainRequest({ lines }, { authority: "Gateway.test:443" });
  assert.equal((await new SignedBed().send(request())).status, 401);
  assert.equal((await new SignedBed({ scheme: "https" }).send(request())).status, 200);
});

Deno.test("hmac() takes signatures of its window, on both sides, and none beyond it or their end", async () => {
  const cases: [created: number, expires: number | null, status: number, why: RegExp][] = [
    [0, null, 200, /^$/],
    [-59, null, 200, /^$/],
    [-60, null, 401, /too old/],
    [-3_600, null, 401, /too old/],
    [60, null, 200, /^$/],
    [61, null, 401, /in the future/],
    [999_999_999_999 - NOW, null, 401, /in the future/],
    [-NOW - 5, null, 401, /too old/],
    [-10, 1, 200, /^$/],
    [-10, 0, 401, /too old/],
    [-10, -20, 401, /too old/],
    [-60, 60, 401, /too old/],
  ];
  for (const [created, expires, expected, why] of cases) {
    const end = expires === null ? "" : `;expires=${NOW + expires}`;
    const { status, reason } = await new SignedBed({ window: "1m" })
      .send(plainRequest({ parameters: `;created=${NOW + created}${end};keyid="k"` }));
    assert.equal(status, expected, `${created} ${expires}: ${reason}`);
    assert.match(reason, why);
  }
});

Deno.test("hmac() takes a signature once, for as long as it is good", async () => {
  for (const [created, lasts] of [[0, 60_000], [50, 110_000], [-50, 10_000]]) {
    const bed = new SignedBed({ window: "1m" }), signing = { parameters: `;created=${NOW + created};keyid="k"` };
    assert.equal((await bed.send(plainRequest(signing))).status, 200);
    for (let at = 0; at < lasts; at += 5_000) {
      const { status, reason } = await bed.send(plainRequest(signing));
      assert.equal(status, 401);
      assert.match(reason, /shown before/);
      bed.env.clock.advance(5_000);
    }
    assert.match((await bed.send(plainRequest(signing))).reason, /too old/);
  }
});

Deno.test("hmac() takes a nonce of a key once, whatever it is in", async () => {
  const bed = new SignedBed({
    keys: {
      k: { secret: secret.env("KEY"), encoding: "base64" },
      l: { secret: secret.env("KEY"), encoding: "base64" },
    },
  });
  const status = async (parameters: string) => (await bed.send(plainRequest({ parameters }))).status;
  assert.equal(await status(`;created=${NOW};keyid="k";nonce="a"`), 200);
  assert.equal(await status(`;created=${NOW + 1};keyid="k";nonce="a"`), 401);
  assert.equal(await status(`;created=${NOW};keyid="k";nonce="b"`), 200);
  assert.equal(await status(`;created=${NOW};keyid="l";nonce="a"`), 200);
  // It is not used up by those who do not know the key.
  const forged = plainRequest({ parameters: `;created=${NOW};keyid="k";nonce="c"`, key: new Uint8Array(32) });
  assert.equal((await bed.send(forged)).status, 401);
  assert.equal(await status(`;created=${NOW};keyid="k";nonce="c"`), 200);
});

Deno.test("hmac() remembers over a reload, whatever has changed", async () => {
  const env = makeEnv({ KEY: SHARED });
  assert.equal((await new SignedBed({}, env).send(plainRequest())).status, 200);
  assert.equal((await new SignedBed({ window: "10m", components: ["@method"] }, env).send(plainRequest())).status, 401);
  assert.equal((await new SignedBed({ replays: "pass" }, env).send(plainRequest())).status, 200);
});

Deno.test("hmac() lets nobody pass whom it has no room to remember", async () => {
  const bed = new SignedBed({ maxRemembered: 2, window: "1m" });
  const send = (nonce: number, created = NOW) =>
    bed.send(plainRequest({ parameters: `;created=${created};keyid="k";nonce="${nonce}"` }));
  assert.equal((await send(1)).status, 200);
  assert.equal((await send(2)).status, 200);
  const { status, reply, reason } = await send(3);
  assert.equal(status, 503);
  assert.match(reason, /maxRemembered/);
  assert.equal(reply.headers.get("retry-after"), "60");
  bed.env.clock.advance(120_000);
  assert.equal((await send(3, NOW + 120)).status, 200);
});

Deno.test("hmac() compares a body with the digest that is signed, and it goes on whole", async () => {
  const text = "a long body".repeat(1_000), bytes = encoder.encode(text);
  for (const hash of ["sha256", "sha512"] as const) {
    for (
      const body of [
        bytes,
        new ScriptedBody([text.slice(0, 10), text.slice(10)]),
        new ScriptedBody([text], { length: bytes.length }),
      ]
    ) {
      const exchange = postRequest(body, digestOf(text, hash)), bed = new SignedBed();
      assert.equal((await bed.send(exchange)).status, 200);
      assert.equal(await readText(exchange.body), text);
    }
  }
  for (
    const body of [encoder.encode(text + "!"), new ScriptedBody([text, "!"]), new ScriptedBody([]), new Uint8Array(0)]
  ) {
    const { status, reason, passed } = await new SignedBed().send(postRequest(body, digestOf(text)));
    assert.deepEqual([status, passed], [401, null]);
    assert.match(reason, /the body is not the one/);
  }
});

Deno.test("hmac() asks for the digest of a body, and takes one of no body", async () => {
  const body = () => encoder.encode("a");
  const lines = PLAIN.map(([component, value]): Line => [component, value === "GET" ? "POST" : value]);
  const post = (lines: readonly Line[], digest: string | null, body: Uint8Array | null) =>
    new SignedBed().send(
      plainRequest({ lines }, { method: "POST", body, headers: digest === null ? [] : [["content-digest", digest]] }),
    );
  assert.match((await post(lines, null, body())).reason, /does not cover content-digest/);
  assert.match((await post(lines, digestOf("a"), body())).reason, /does not cover content-digest/);
  const member = [...lines, ['"content-digest";key="sha-256"', digestOf("a").slice(8)]] as Line[];
  assert.match((await post(member, digestOf("a"), body())).reason, /does not cover content-digest/);
  for (const form of ['"content-digest"', '"content-digest";sf']) {
    assert.equal((await post([...lines, [form, digestOf("a")]], digestOf("a"), body())).status, 200);
  }
  const asBytes = `:${Buffer.from(digestOf("a")).toString("base64")}:`;
  assert.equal((await post([...lines, ['"content-digest";bs', asBytes]], digestOf("a"), body())).status, 200);
  const bad = "sha-256=:AAAA:";
  assert.match((await post([...lines, ['"content-digest"', bad]], bad, body())).reason, /malformed/);
  assert.equal((await post([...lines, ['"content-digest"', digestOf("")]], digestOf(""), null)).status, 200);
  assert.equal((await post([...lines, ['"content-digest"', digestOf("a")]], digestOf("a"), null)).status, 401);
  assert.equal((await post(lines, digestOf("a"), null)).status, 200);
});

Deno.test("hmac() reads no body of a request that is not signed well, and none that is too long", async () => {
  const text = "0123456789", unsigned = new ScriptedBody([text]), bed = new SignedBed({ maxBody: 10 });
  await bed.send(postRequest(unsigned, digestOf(text), { key: new Uint8Array(32) }));
  assert.equal(unsigned.reads, 0);
  assert.equal((await bed.send(postRequest(new ScriptedBody([text]), digestOf(text)))).status, 200);
  const long = text + "!";
  for (
    const body of [
      encoder.encode(long),
      new ScriptedBody([long]),
      new ScriptedBody([text, "!"]),
      new ScriptedBody([long], { length: 11 }),
    ]
  ) {
    await assert.rejects(() => bed.send(postRequest(body, digestOf(long))), { name: "BodyError", fault: "too-large" });
  }
  const known = new ScriptedBody([long], { length: 11 });
  await assert.rejects(() => bed.send(postRequest(known, digestOf(long))));
  assert.equal(known.reads, 0);
  // Nor of one that was there before.
  const replayed = new ScriptedBody([text]);
  assert.equal((await bed.send(postRequest(replayed, digestOf(text)))).status, 401);
  assert.equal(replayed.reads, 0);
  // What was refused for its length may be sent again, and broken bodies use nothing up.
  const broken = new ScriptedBody(["01"], { failure: new BodyError("client", "gone") }), other = "9876543210";
  await assert.rejects(() => bed.send(postRequest(broken, digestOf(other))), { fault: "client" });
  assert.equal((await bed.send(postRequest(new ScriptedBody([other]), digestOf(other)))).status, 200);
});

Deno.test("hmac() lets one of two pass that came with the same signature at once", async () => {
  const bed = new SignedBed(), text = "body";
  const statuses = await Promise.all([1, 2, 3].map(async () => {
    const { status } = await bed.send(postRequest(new ScriptedBody([text]), digestOf(text)));
    return status;
  }));
  assert.deepEqual(statuses.toSorted(), [200, 401, 401]);
});

Deno.test("hmac() looks at nothing of a client that has had too many bad ones", async () => {
  const bed = new SignedBed({ failures: { limit: 3, per: "3s" } });
  const at = () => ({ startedAt: bed.env.clock.now() });
  // Clocks that differ are no crime.
  const late = () => plainRequest({ parameters: `;created=${NOW - 600};keyid="k"` }, at());
  for (let i = 0; i < 5; i++) assert.equal((await bed.send(late())).status, 401);
  for (let i = 0; i < 3; i++) {
    assert.equal((await bed.send(plainRequest({ key: new Uint8Array(32) }, at()))).status, 401);
  }
  // Parsing is most of what a bad one costs.
  const malformed = makeExchange({ headers: [["signature-input", "((("], ["signature", "((("]] });
  for (const exchange of [plainRequest({}, at()), late(), malformed]) {
    const { status, reply } = await bed.send(exchange);
    assert.equal(status, 429);
    assert.equal(reply.headers.get("retry-after"), "1");
  }
  assert.equal((await bed.send(makeExchange())).status, 401);
  const others = plainRequest({}, { client: { ip: "192.0.2.8", peer: "192.0.2.8", trusted: false } });
  assert.equal((await bed.send(others)).status, 200);
  bed.env.clock.advance(1_000);
  const again = plainRequest({ parameters: `;created=${NOW};keyid="k";nonce="1"` }, at());
  assert.equal((await bed.send(again)).status, 200);
});

Deno.test("hmac() lets no bad signature pass while others of public keys are being checked", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
  const bed = new SignedBed({ keys: { k: { publicKey: pem, algorithm: "ed25519" } }, failures: false });
  const request = (nonce: number, isGood: boolean) => {
    const covered = `(${PLAIN.map(([component]) => component).join(" ")});created=${NOW};keyid="k";nonce="${nonce}"`;
    const text = [...PLAIN.map((line) => line.join(": ")), `"@signature-params": ${covered}`].join("\n");
    const signature = sign(null, Buffer.from(isGood ? text : "other"), privateKey).toString("base64");
    const headers: [string, string][] = [["signature-input", `s=${covered}`], ["signature", `s=:${signature}:`]];
    return makeExchange({ path: "/orders", query: "?a=1", headers });
  };
  // Of two with one nonce that are checked at the same time, one passes.
  const sent = [[1, true], [1, true], [2, false], [3, true], [3, false]] as const;
  const statuses = await Promise.all(
    sent.map(async ([nonce, isGood]) => (await bed.send(request(nonce, isGood))).status),
  );
  assert.deepEqual([statuses.slice(0, 2).toSorted(), statuses.slice(2)], [[200, 401], [401, 200, 401]]);
});

Deno.test("hmac() refuses the other signature that ECDSA makes of a good one", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
  const bed = new SignedBed({ keys: { k: { publicKey: pem, algorithm: "ecdsa-p256-sha256" } } });
  const [input] = signatureFields({ lines: PLAIN }), covered = input[1].slice("sig1=".length);
  const text = [...PLAIN.map((line) => line.join(": ")), `"@signature-params": ${covered}`].join("\n");
  const good = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = order - BigInt(`0x${good.subarray(32).toString("hex")}`);
  const twin = Buffer.concat([good.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
  const send = (signature: Uint8Array) => {
    const field = `sig1=:${Buffer.from(signature).toString("base64")}:`;
    const headers: [string, string][] = [input, ["signature", field]];
    return bed.send(makeExchange({ path: "/orders", query: "?a=1", headers }));
  };
  assert.equal((await send(good)).status, 200);
  assert.match((await send(twin)).reason, /shown before/);
});

Deno.test("hmac() cannot be built with keys that are none, and says so without them", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const pem = (key: typeof publicKey, type: "spki" | "pkcs8") => key.export({ type, format: "pem" }) as string;
  const env = {
    SHORT: "0123456789abcde",
    PRIVATE: pem(privateKey, "pkcs8"),
    OTHER: pem(publicKey, "spki"),
    NONE: "AAAA",
  };
  const build = (key: object, secrets: Record<string, string> = env) => () =>
    new SignedBed({ keys: { k1: key as never } }, makeEnv(secrets));
  const cases: [object, RegExp][] = [
    [{ secret: secret.env("SHORT") }, /policy hmac: the key "k1" cannot be used: its secret has fewer than 16 bytes/],
    [{ secret: secret.env("SHORT"), encoding: "hex" }, /its secret is not in hex/],
    [{ secret: secret.env("SHORT"), encoding: "base64" }, /its secret is not in base64/],
    [{ secret: secret.env("MISSING") }, /MISSING is not set/],
    [{ publicKey: secret.env("PRIVATE"), algorithm: "ecdsa-p384-sha384" }, /this is a private key/],
    [{ publicKey: secret.env("OTHER"), algorithm: "ecdsa-p256-sha256" }, /ecdsa-p256-sha256 needs a key on P-256/],
    [{ publicKey: secret.env("NONE"), algorithm: "ed25519" }, /no public key in PEM form/],
  ];
  for (const [key, message] of cases) {
    assert.throws(build(key), (error: Error) => message.test(error.message) && !error.message.includes(env.SHORT));
  }
  const { options } = hmac({ keys: { k1: { secret: secret.env("SHORT") } } }), at = ["keys", "k1", "secret"];
  const fault = (value: string) => hmacDefinition.secretFault!(hmacDefinition.schema.parse(options), at, value);
  assert.equal(fault(env.SHORT)?.message, 'the key "k1" cannot be used: its secret has fewer than 16 bytes');
  assert.equal(fault(`${env.SHORT}!`), null);
  assert.doesNotThrow(build({ publicKey: secret.env("OTHER"), algorithm: "ecdsa-p384-sha384" }));
});

Deno.test("hmac(): what routes and warnings say", () => {
  const keys = { k: { secret: secret.env("KEY") } };
  const plan = (options: object) => hmacDefinition.schema.parse(hmac({ keys, ...options }).options);
  assert.equal(
    hmacDefinition.describe!(plan({})),
    "hmac: 1 key, @method @authority @path @query within 5m",
  );
  assert.equal(
    hmacDefinition.describe!(plan({ components: ["@target-uri"], tag: "a", replays: "pass", window: "30s" })),
    "hmac: 1 key, @target-uri within 30s tagged a, again and again",
  );
  const warned = (components: string[]) => hmacDefinition.warnings!(plan({ components })).map(({ message }) => message);
  assert.deepEqual(warned(["@method", "@target-uri"]), []);
  assert.deepEqual(warned(["@method", "@request-target"]), [
    "a signature that does not cover @authority is good for every other one too",
  ]);
  assert.equal(warned(["date"]).length, 3);
});

/** Numbers below a bound, the same in each run. */
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (state >>> 0) % below;
  };
}

Deno.test("hmac() takes none of ten thousand signatures that are a character off", async () => {
  const bed = new SignedBed({ failures: false, replays: "pass" }), random = randomNumbers();
  const good = plainRequest(), input = good.headers.get("signature-input")!, signature = good.headers.get("signature")!;
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=:"();,. @-\u00e9';
  const mutated = (text: string) => {
    const at = random(text.length), other = characters[random(characters.length)], kind = random(3);
    return text.slice(0, at) + (kind === 1 ? "" : other) + text.slice(kind === 0 ? at : at + 1);
  };
  let tried = 0;
  while (tried < 10_000) {
    const fields = random(2) === 0 ? [mutated(input), signature] : [input, mutated(signature)];
    // Blanks, zeros before a number and bits behind the last byte of base64 mean nothing.
    if (meaning(fields[0]) === meaning(input) && sameBytes(fields[1], signature)) continue;
    const headers: [string, string][] = [["signature-input", fields[0]], ["signature", fields[1]]];
    const { status } = await bed.send(makeExchange({ path: "/orders", query: "?a=1", headers }));
    assert.equal(status, 401, fields.join("  "));
    tried++;
  }
  assert.equal((await bed.send(good)).status, 200);
});

Deno.test("hmac() takes none of a hundred thousand random signatures", () => {
  const check = sharedKeyCheck(Buffer.from(SHARED, "base64")), random = randomNumbers(), signature = new Uint32Array(8);
  for (let i = 0; i < 100_000; i++) {
    for (let word = 0; word < 8; word++) signature[word] = random(2 ** 32);
    assert.equal(check("text", new Uint8Array(signature.buffer)), false);
  }
});

function meaning(input: string): string {
  return input.replaceAll(" ", "").replace(/=0+/, "=");
}

function sameBytes(a: string, b: string): boolean {
  const bytes = (text: string) => Buffer.from(/^ *sig1=:([A-Za-z0-9+/=]*):[ \t]*$/.exec(text)?.[1] ?? "", "base64");
  return bytes(a).equals(bytes(b));
}
