import { strict as assert } from "node:assert";
import type { Consumers } from "../../../src/core/consumers.ts";
import { NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { identityDefinitionOf } from "../../../src/policies/auth/authenticator.ts";
import { jwt, type JwtOptions } from "../../../src/policies/auth/jwt.ts";
import { jwtSchema } from "../../../src/policies/auth/jwt_schema.ts";
import { makeEnv, makeExchange } from "../../support/exchange.ts";
import { GOOD, hmacToken, Signer, START } from "../../support/token_signer.ts";
import { JwtBed } from "./jwt_bed.ts";

const EC = await Signer.make("ES256"), RSA = await Signer.make("RS256"), NAMED = await Signer.make("ES256", "one");
const SECRET = "a secret of at least thirty-two bytes";
const SECRETS = { KEY: SECRET, NEW: `new ${SECRET}`, PEM: EC.pem, JWK: JSON.stringify(EC.jwk) };
const BY_EC = { publicKey: EC.jwk };

Deno.test("jwt() sets who is asking, frozen, and marks the exchange", async () => {
  const bed = new JwtBed({ ...BY_EC, issuer: "https://id.example" });
  const claims = { ...GOOD, iss: "https://id.example", scope: "read write", groups: ["a", 1, "b"], deep: { x: [1] } };
  const { exchange } = await bed.ask(await EC.token(claims));
  const { identity } = exchange;
  assert.deepEqual(identity, {
    method: "jwt",
    subject: "ann",
    groups: ["a", "b"],
    scopes: ["read", "write"],
    claims,
  });
  assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  for (const part of [identity, identity?.claims, identity?.groups, identity?.scopes, identity?.claims?.deep]) {
    assert.ok(Object.isFrozen(part));
  }
});

Deno.test("jwt() reads scopes as issuers write them, and groups where the config says", async () => {
  const cases: [options: object, claims: object, scopes: unknown, groups: unknown][] = [
    [{}, { scp: ["a", "b"] }, ["a", "b"], undefined],
    [{}, { scp: "a b" }, ["a", "b"], undefined],
    [{}, { scope: "", scp: ["b"] }, [], undefined],
    [{}, { scope: 1, groups: "staff" }, undefined, ["staff"]],
    [{}, { groups: { a: 1 } }, undefined, undefined],
    [{ groups: ["realm_access", "roles"] }, { realm_access: { roles: ["admin"] } }, undefined, ["admin"]],
    [{ groups: ["realm_access", "roles"] }, { realm_access: [["admin"]] }, undefined, undefined],
    [{ groups: "https://x/roles" }, { "https://x/roles": ["r"] }, undefined, ["r"]],
    [{ groups: ["constructor", "name"] }, {}, undefined, undefined],
  ];
  for (const [options, claims, scopes, groups] of cases) {
    const { exchange } = await new JwtBed({ ...BY_EC, ...options }).ask(await EC.token({ ...GOOD, ...claims }));
    assert.deepEqual([exchange.identity?.scopes, exchange.identity?.groups], [scopes, groups], JSON.stringify(claims));
  }
});

Deno.test("jwt() finds the consumer by subject and issuer", async () => {
  const consumers: Consumers = {
    ...NO_CONSUMERS,
    ofSubject: (subject, issuer) =>
      subject === "ann" && issuer === "https://id.example" ? { name: "acme", groups: ["partners"] } : undefined,
  };
  const bed = new JwtBed(BY_EC, { world: { consumers } });
  const of = async (claims: object) => {
    const { consumer, groups } = (await bed.ask(await EC.token({ ...GOOD, ...claims }))).exchange.identity!;
    return [consumer, groups];
  };
  assert.deepEqual(await of({ iss: "https://id.example" }), ["acme", ["partners"]]);
  assert.deepEqual(await of({ iss: "https://id.example", groups: ["own"] }), ["acme", ["own"]]);
  assert.deepEqual(await of({ iss: "https://other.example" }), [undefined, undefined]);
  assert.deepEqual(await of({ sub: undefined, iss: "https://id.example" }), [undefined, undefined]);
});

Deno.test("jwt() without a token answers 401, and challenges without an error", async () => {
  const bed = new JwtBed({ ...BY_EC, realm: "orders" });
  for (const authorization of [undefined, "Basic YTpi", "bearerx abc", "BearerToken abc", "Bearer-2 abc", ""]) {
    const headers = authorization === undefined ? [] : [["authorization", authorization] as const];
    const { status, reply, exchange } = await bed.ask(null, { headers });
    assert.deepEqual([status, exchange.error, exchange.auth], [401, "credential_missing", "absent"]);
    assert.equal(reply.header("www-authenticate"), 'Bearer realm="orders"');
  }
});

Deno.test("jwt() takes the scheme in any case, and refuses what is beside the token", async () => {
  const bed = new JwtBed({ ...BY_EC, failures: false }), token = await EC.token();
  const cases: [value: string, status: number][] = [
    [`Bearer ${token}`, 200],
    [`bearer ${token}`, 200],
    [`BEARER   ${token}`, 200],
    [`Bearer ${token} `, 401],
    [`Bearer ${token} x`, 401],
    [`Bearer Bearer ${token}`, 401],
    ["Bearer", 401],
    ["Bearer ", 401],
    [`Basic YTpi, Bearer ${token}`, 401],
    [`Basic YTpi,\tBEARER ${token}`, 401],
    [`Bearer\t${token}`, 401],
    [`Bearer,${token}`, 401],
  ];
  for (const [value, status] of cases) {
    const asked = await bed.ask(null, { headers: [["authorization", value]] });
    assert.equal(asked.status, status, value.slice(0, 20));
    // What counts as absent would go on where a token is optional.
    assert.equal(asked.exchange.auth, status === 200 ? "passed" : "invalid", value.slice(0, 20));
  }
  const twice = [["authorization", `Bearer ${token}`], ["authorization", `Bearer ${token}`]] as const;
  assert.equal((await bed.ask(null, { headers: twice })).exchange.auth, "invalid");
  const mixed = [["authorization", "Basic YTpi"], ["authorization", `Bearer ${token}`]] as const;
  assert.equal((await bed.ask(null, { headers: mixed })).exchange.auth, "invalid");
});

Deno.test("jwt() reads the token from the places of the config, and from one of them only", async () => {
  const bed = new JwtBed({
    ...BY_EC,
    in: ["header:authorization", "header:X-Token", "cookie:session", "query:access_token"],
  });
  const token = await EC.token();
  const asked = async (headers: [string, string][], query = "") => {
    const { exchange } = await bed.ask(null, { headers, query });
    return exchange.auth === "invalid" ? exchange.reason : exchange.auth;
  };
  const several = "there is more than one token";
  assert.equal(await asked([["authorization", `Bearer ${token}`]]), "passed");
  assert.equal(await asked([["x-token", token]]), "passed");
  assert.equal(await asked([["cookie", `a=b; session=${token}; c=d`]]), "passed");
  assert.equal(await asked([["cookie", `session="${token}"`]]), "passed");
  assert.equal(await asked([], `?a=b&access_token=${token}`), "passed");
  assert.equal(await asked([["authorization", "Basic YTpi"], ["x-token", token]]), "passed");
  assert.equal(await asked([["x-token", token], ["cookie", `session=${token}`]]), several);
  assert.equal(await asked([["cookie", `session=${token}; session=${token}`]]), several);
  assert.equal(await asked([], `?access_token=${token}&access_token=${token}`), several);
  assert.equal(await asked([], "?access_token="), "absent");
  assert.equal(await asked([["cookie", "session2=a"]]), "absent");
});

Deno.test("jwt() sends the token on, unless it is not to be kept; and other credentials always", async () => {
  const token = await EC.token(), places = ["header:authorization", "cookie:session", "query:t"];
  const headers = [["authorization", `Bearer ${token}`], ["cookie", "a=b"]] as const;
  const kept = await new JwtBed(BY_EC).ask(null, { headers });
  assert.equal(kept.exchange.headers.get("authorization"), `Bearer ${token}`);
  const bed = new JwtBed({ ...BY_EC, in: places, keep: false });
  assert.deepEqual((await bed.ask(null, { headers })).exchange.headers.flat(), ["cookie", "a=b"]);
  const cookie = await bed.ask(null, {
    headers: [["cookie", `a=b; session=${token}; c=d`], ["authorization", "Basic x"]],
  });
  assert.equal(cookie.exchange.headers.get("cookie"), "a=b; c=d");
  assert.equal(cookie.exchange.headers.get("authorization"), "Basic x");
  assert.equal((await bed.ask(null, { query: `?a=1&t=${token}&b=2` })).exchange.query, "?a=1&b=2");
});

Deno.test("jwt() hides a token that nobody has checked, kept or not, but for what another policy has checked", () => {
  const options = { audience: "api", publicKey: EC.jwk, in: ["header:authorization", "cookie:t", "query:t"] };
  const built = identityDefinitionOf(jwt(options as JwtOptions))!.authenticator(
    jwtSchema.parse(options),
    makeEnv(),
    "a/jwt",
  );
  const left = (headers: [string, string][], query: string, kept: string[]) => {
    const exchange = makeExchange({ headers, query });
    built.hide?.(exchange, kept);
    return [...exchange.headers.flat(), exchange.query];
  };
  for (const value of ["Bearer x", "Basic a, Bearer x"]) {
    assert.deepEqual(left([["authorization", value], ["x-key", "k"]], "?t=x&a=b", []), ["x-key", "k", "?a=b"]);
    assert.deepEqual(left([["authorization", value]], "?t=x", [value]), ["authorization", value, ""]);
  }
  assert.deepEqual(left([["authorization", "Basic x"], ["cookie", "a=b; t=x"]], "?t=y", ["y"]), [
    ...["authorization", "Basic x", "cookie", "a=b"],
    "?t=y",
  ]);
  assert.deepEqual(left([["cookie", "t=x; t=x"]], "", ["x"]), [""]);
});

Deno.test("jwt() tells what it leaves of its token on a request that goes on", () => {
  for (const keep of [true, false]) {
    const options = { audience: "api", publicKey: EC.jwk, in: ["header:authorization", "cookie:t"], keep };
    const plan = jwtSchema.parse(options);
    const built = identityDefinitionOf(jwt(options as JwtOptions))!.authenticator(plan, makeEnv(), "a/jwt");
    const kept = (name: string, value: string) => built.kept?.(makeExchange({ headers: [[name, value]] }));
    assert.deepEqual(kept("authorization", "Bearer x"), keep ? ["Bearer x"] : []);
    assert.deepEqual(kept("cookie", "a=b; t=x"), keep ? ["x"] : []);
    assert.deepEqual(kept("authorization", "Basic x"), []);
    assert.deepEqual(kept("cookie", "t=x; t=y"), []);
  }
});

Deno.test("jwt() tells the upstream of claims, and lets nobody else do so", async () => {
  const claims = {
    "X-User-Id": "sub",
    "x-tier": "tier",
    "x-roles": ["realm_access", "roles"],
    "x-n": "n",
    "x-no": "no",
  };
  const bed = new JwtBed({ ...BY_EC, claims });
  const forged = Object.keys(claims).map((name) => [name, "forged"] as const);
  const token = await EC.token({ ...GOOD, sub: "Zoë", n: 7, no: null, realm_access: { roles: ["a", "b"] } });
  const { exchange } = await bed.ask(null, {
    headers: [...forged, ["authorization", `Bearer ${token}`], ["x-other", "o"]],
  });
  const { headers } = exchange;
  assert.deepEqual(Object.keys(claims).map((name) => headers.get(name.toLowerCase())), [
    "ZoÃ«",
    null,
    '["a","b"]',
    "7",
    null,
  ]);
  assert.equal(headers.get("x-other"), "o");
  const refused = await bed.ask("x", { headers: [["authorization", "Bearer x"], ["x-user-id", "forged"]] });
  assert.equal(refused.exchange.headers.get("x-user-id"), null);
});

Deno.test("jwt() refuses a claim that would break out of its header", async () => {
  const bed = new JwtBed({ ...BY_EC, claims: { "x-user-id": "sub" } });
  for (const sub of ["a\r\nx-admin: 1", "a\0", " a", "a\n"]) {
    const { status, reason } = await bed.ask(await EC.token({ ...GOOD, sub }));
    assert.deepEqual([status, reason], [
      401,
      "a claim that is sent on as a header has a character that no header may have",
    ]);
  }
  assert.equal((await new JwtBed(BY_EC).ask(await EC.token({ ...GOOD, sub: "a\r\nb" }))).status, 200);
});

Deno.test("jwt() checks every algorithm with the key of its own type", async () => {
  for (
    const alg of ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
  ) {
    const signer = await (/^[RP]S/.test(alg) ? RSA.as(alg) : Signer.make(alg, "k"));
    for (const options of [{ publicKey: signer.pem }, { publicKey: signer.jwk }, { keys: { keys: [signer.jwk] } }]) {
      const bed = new JwtBed({ ...options, algorithms: alg });
      assert.equal((await bed.ask(await signer.token())).status, 200, alg);
    }
  }
  for (const [alg, bits] of [["HS256", 256], ["HS384", 384], ["HS512", 512]] as const) {
    const bed = new JwtBed({ secret: { env: "KEY" }, algorithms: alg }, { secrets: { KEY: SECRET.repeat(2) } });
    const token = await hmacToken(SECRET.repeat(2), GOOD, { alg }, `SHA-${bits}`);
    assert.equal((await bed.ask(token)).status, 200, alg);
  }
});

Deno.test("jwt() takes one of several secrets, and a key out of an environment variable", async () => {
  const bed = new JwtBed({ secret: [{ env: "NEW" }, { env: "KEY" }] }, { secrets: SECRETS });
  for (const key of [SECRET, `new ${SECRET}`]) {
    assert.equal((await bed.ask(await hmacToken(key, GOOD, { alg: "HS256", kid: "any" }))).status, 200);
  }
  assert.equal((await bed.ask(await hmacToken(`old ${SECRET}`))).reason, "the token's signature is not right");
  for (const env of ["PEM", "JWK"]) {
    assert.equal((await new JwtBed({ publicKey: { env } }, { secrets: SECRETS }).ask(await EC.token())).status, 200);
  }
  const file = { keys: { file: "jwks" } }, secrets = { jwks: JSON.stringify({ keys: [NAMED.jwk] }) };
  assert.equal((await new JwtBed(file, { secrets }).ask(await NAMED.token())).status, 200);
});

Deno.test("jwt() does not start with a secret or key that is none, and does not say what it is", () => {
  const cases: [options: object, value: string, message: RegExp][] = [
    [
      { secret: { env: "KEY" } },
      "short",
      /^policy a\/jwt: secret\.env\("KEY"\): this has 5 bytes, and HS256 needs 32$/,
    ],
    [
      { secret: { env: "KEY" }, algorithms: ["HS256", "HS512"] },
      SECRET,
      /this has 37 bytes, and HS256, HS512 needs 64$/,
    ],
    [{ secret: { env: "KEY" }, encoding: "base64url" }, "a b/".repeat(20), /: this is not base64url$/],
    [{ secret: { env: "OTHER" } }, "", /^policy a\/jwt: secret\.env\("OTHER"\) cannot be had: OTHER is not set$/],
    [
      { publicKey: { file: "KEY" } },
      "nonsense",
      /^policy a\/jwt: secret\.file\("KEY"\): this is neither PEM nor a JWK$/,
    ],
    [{ publicKey: { env: "KEY" } }, JSON.stringify(EC.privateJwk), /this key can sign/],
    [{ keys: { env: "KEY" } }, "{}", /this is no JWKS with keys in it$/],
  ];
  for (const [options, KEY, message] of cases) {
    assert.throws(() => new JwtBed(options, { secrets: { KEY } }), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(KEY === "" || !error.message.includes(KEY));
      return true;
    });
  }
});

Deno.test("jwt() with one key does not care for a token's kid, and with a set chooses by it", async () => {
  assert.equal((await new JwtBed(BY_EC).ask(await EC.token(GOOD, { kid: "whatever" }))).status, 200);
  const set = new JwtBed({ keys: { keys: [NAMED.jwk, EC.jwk] } });
  assert.equal((await set.ask(await NAMED.token())).status, 200);
  assert.equal((await set.ask(await EC.token())).status, 200);
  assert.match((await set.ask(await EC.token(GOOD, { kid: "one" }))).reason, /signature/);
  assert.match((await set.ask(await EC.token(GOOD, { kid: "two" }))).reason, /no key of the token's kid/);
});

Deno.test("jwt() tries four keys at most for a token that names none", async () => {
  const others = await Promise.all([1, 2, 3, 4].map((n) => Signer.make("EdDSA", `k${n}`))),
    ED = await Signer.make("EdDSA");
  const asked = async (keys: Signer[]) =>
    (await new JwtBed({ keys: { keys: keys.map(({ jwk }) => jwk) } }).ask(await ED.token())).status;
  assert.equal(await asked([...others.slice(1), ED]), 200);
  assert.equal(await asked([...others, ED]), 401);
});

Deno.test("jwt() holds claims against the config", async () => {
  const cases: [options: object, claims: object, header: object, reason: RegExp | null][] = [
    [{ issuer: ["a", "b"] }, { iss: "b" }, {}, null],
    [{ issuer: ["a", "b"] }, { iss: "c" }, {}, /another issuer/],
    [{ issuer: "a" }, { iss: "a/" }, {}, /another issuer/],
    [{ issuer: "a" }, {}, {}, /another issuer/],
    [{ audience: ["x", "api"] }, { aud: ["y", "x"] }, {}, null],
    [{ audience: ["x"] }, { aud: "xy" }, {}, /another audience/],
    [{ audience: "any" }, { aud: undefined }, {}, null],
    [{ audience: "any" }, { aud: "elsewhere" }, {}, null],
    [{ allowUnexpiring: true }, { exp: undefined }, {}, null],
    [{ allowUnexpiring: true }, { exp: START - 60 }, {}, /has expired/],
    [{ leeway: "0s" }, { exp: START }, {}, /has expired/],
    [{ leeway: "0s" }, { exp: START + 0.001 }, {}, null],
    [{ leeway: "0s" }, { nbf: START }, {}, null],
    [{ leeway: "10m" }, { exp: START - 599 }, {}, null],
    [{ maxAge: "1h" }, { iat: START - 3_629 }, {}, null],
    [{ maxAge: "1h" }, { iat: START - 3_630 }, {}, /too long ago/],
    [{ maxAge: "1h" }, { iat: START + 31 }, {}, /not valid yet/],
    [{ maxAge: "1h" }, {}, {}, /a claim that is required/],
    [{}, { iat: START + 3_600 }, {}, null],
    [{ type: "at+jwt" }, {}, { typ: "at+jwt" }, null],
    [{ type: "at+jwt" }, {}, { typ: "application/AT+JWT" }, null],
    [{ type: "at+jwt" }, {}, { typ: "JWT" }, /typ is another/],
    [{ type: "at+jwt" }, {}, {}, /typ is another/],
    [{ require: ["tier"] }, { tier: false }, {}, null],
    [{ require: ["tier"] }, { tier: null }, {}, /a claim that is required/],
    [{ require: ["toString"] }, {}, {}, /a claim that is required/],
    [{ require: { tier: ["free", "pro"] } }, { tier: "pro" }, {}, null],
    [{ require: { tier: ["free", "pro"] } }, { tier: "gold" }, {}, /a claim that is required/],
    [{ require: { tier: ["free"] } }, { tier: ["free"] }, {}, /a claim that is required/],
    [{ require: { n: [1, true] } }, { n: "1" }, {}, /a claim that is required/],
    [
      { require: { n: "number", b: "boolean", o: "object", l: "list", s: "strings", x: "any" } },
      {
        n: 1,
        b: false,
        o: {},
        l: [1],
        s: ["a"],
        x: 0,
      },
      {},
      null,
    ],
    [{ require: { s: "strings" } }, { s: ["a", 1] }, {}, /a claim that is required/],
    [{ require: { o: "object" } }, { o: [] }, {}, /a claim that is required/],
    [{ require: { sub: "string" } }, { sub: undefined }, {}, /a claim that is required/],
  ];
  for (const [options, claims, header, reason] of cases) {
    const asked = await new JwtBed({ ...BY_EC, ...options }).ask(await EC.token({ ...GOOD, ...claims }, header));
    const what = JSON.stringify([options, claims, header]);
    if (reason === null) assert.equal(asked.status, 200, what);
    else assert.match(asked.reason, reason, what);
  }
});

Deno.test("jwt() remembers a good token until it expires, leeway included", async () => {
  const bed = new JwtBed({ ...BY_EC, cache: { ttl: "1h" } }), token = await EC.token({ ...GOOD, exp: START + 100 });
  const first = (await bed.ask(token)).exchange.identity;
  bed.env.clock.advance(129_999);
  assert.equal((await bed.ask(token)).exchange.identity, first, "the very same identity");
  bed.env.clock.advance(1);
  assert.equal((await bed.ask(token)).reason, "the token has expired");
});

Deno.test("jwt() remembers a good token for ttl, be its exp far away", async () => {
  const bed = new JwtBed(BY_EC), token = await EC.token();
  const first = (await bed.ask(token)).exchange.identity;
  bed.env.clock.advance(299_999);
  assert.equal((await bed.ask(token)).exchange.identity, first);
  bed.env.clock.advance(1);
  assert.notEqual((await bed.ask(token)).exchange.identity, first);
});

Deno.test("jwt() remembers no token longer than maxAge lets it live, and none without a cache", async () => {
  const bed = new JwtBed({ ...BY_EC, maxAge: "1m", leeway: "0s" }), token = await EC.token({ ...GOOD, iat: START });
  assert.equal((await bed.ask(token)).status, 200);
  bed.env.clock.advance(60_000);
  assert.equal((await bed.ask(token)).reason, "the token was issued too long ago");
  const without = new JwtBed({ ...BY_EC, cache: false }), again = await EC.token();
  assert.notEqual((await without.ask(again)).exchange.identity, (await without.ask(again)).exchange.identity);
});

Deno.test("jwt() answers at once with a token that it knows", async () => {
  const bed = new JwtBed(BY_EC), token = await EC.token();
  await bed.ask(token);
  const reply = bed.handler(makeExchange({ headers: [["authorization", `Bearer ${token}`]] }));
  assert.ok(!(reply instanceof Promise));
});

Deno.test("jwt() checks a token once for all requests that bring it at the same time", async () => {
  const bed = new JwtBed({ ...BY_EC, cache: false }), token = await EC.token();
  const [one, two] = await Promise.all([bed.ask(token), bed.ask(token)]);
  assert.equal(one.exchange.identity, two.exchange.identity);
  assert.notEqual((await bed.ask(token)).exchange.identity, one.exchange.identity);
});

Deno.test("jwt() looks at no more tokens of a client that has shown too many bad ones, but at those it knows", async () => {
  const bed = new JwtBed({ ...BY_EC, failures: { limit: 3, per: "30s" } }),
    token = await EC.token(),
    other = await EC.token({ ...GOOD, sub: "ben" });
  await bed.ask(token);
  for (const bad of ["x.y.z", "..", "e30.e30.e30"]) assert.equal((await bed.ask(bad)).status, 401);
  const limited = await bed.ask(other);
  assert.deepEqual([limited.status, limited.exchange.auth, limited.reply.header("retry-after")], [
    429,
    "limited",
    "10",
  ]);
  assert.equal((await bed.ask(token)).status, 200);
  assert.equal((await bed.ask(null)).status, 401);
  const client = { ip: "192.0.2.8", peer: "192.0.2.8", trusted: false };
  assert.equal((await bed.ask(null, { headers: [["authorization", `Bearer ${other}`]], client })).status, 200);
  bed.env.clock.advance(10_000);
  assert.equal((await bed.ask(other)).status, 200);
});

Deno.test("jwt() looks again at a token that was good before, whatever else its client shows, and only once if it is no more", async () => {
  const bed = new JwtBed({ ...BY_EC, failures: { limit: 1, per: "1h" }, cache: { ttl: "1s" } }),
    token = await EC.token(),
    short = await EC.token({ ...GOOD, exp: START + 1 });
  for (const one of [token, short]) assert.equal((await bed.ask(one)).status, 200);
  await bed.ask("x.y.z");
  for (const ms of [999, 1, 40_000]) {
    bed.env.clock.advance(ms);
    assert.equal((await bed.ask(token)).status, 200, `${ms} ms later`);
  }
  assert.deepEqual([(await bed.ask(short)).status, (await bed.ask(short)).status], [401, 429]);
});

Deno.test("jwt() counts no token against a client that is only out of time", async () => {
  const bed = new JwtBed({ ...BY_EC, maxAge: "1h", failures: { limit: 1, per: "1h" } });
  for (const claims of [{ exp: START - 60 }, { nbf: START + 60 }, { iat: START - 9_999 }]) {
    assert.equal((await bed.ask(await EC.token({ ...GOOD, iat: START, ...claims }))).status, 401);
  }
  assert.equal((await bed.ask(await EC.token({ ...GOOD, iat: START }))).status, 200);
});

Deno.test("jwt() counts nothing against a client that is no token at all: it may be for another policy", async () => {
  const bed = new JwtBed({ ...BY_EC, failures: { limit: 1, per: "1h" } });
  for (const other of ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "a.b", "a.b.c.d.e"]) {
    const { status, reason } = await bed.ask(other);
    assert.deepEqual([status, reason], [401, "this has not the three parts of a signed token"]);
  }
  assert.equal((await bed.ask(await EC.token())).status, 200);
  await bed.ask("a.b.c");
  assert.equal((await bed.ask(await EC.token({ ...GOOD, sub: "ben" }))).status, 429);
});

Deno.test("jwt() counts on over a reload, and forgets which tokens were good", async () => {
  const options = { ...BY_EC, failures: { limit: 1, per: "1h" } }, token = await EC.token();
  const before = new JwtBed(options), first = (await before.ask(token)).exchange.identity;
  const after = new JwtBed(options, { env: before.env });
  assert.notEqual((await after.ask(token)).exchange.identity, first);
  await after.ask("x.y.z");
  assert.equal((await new JwtBed(options, { env: before.env }).ask(token)).status, 429);
});

Deno.test("jwt() says what it does without saying what it knows", () => {
  const described = (options: object) => {
    const definition = definitionOf(jwt({ audience: "api", jwks: "https://a.example/" }))!;
    return definition.describe?.(jwtSchema.parse(options));
  };
  const cases: [options: object, text: string][] = [
    [
      { issuer: "https://id.example", audience: "api", jwks: "https://id.example/jwks.json" },
      "jwt of https://id.example for api: keys of https://id.example/jwks.json",
    ],
    [{ audience: "any", secret: { env: "KEY" }, keep: false }, "jwt for anybody: HS256 with a secret, not kept"],
    [{ audience: ["a", "b"], publicKey: RSA.pem }, "jwt for a or b: a key for RS256, PS256"],
    [{ audience: "a", keys: { keys: [EC.jwk, NAMED.jwk] } }, "jwt for a: 2 public keys"],
    [{ audience: "a", jwks: { upstream: "id", path: "/keys" } }, "jwt for a: keys of id/keys"],
    [
      { issuer: "https://id.example/t/", audience: "a", discovery: true },
      "jwt of https://id.example/t/ for a: keys of https://id.example/t/.well-known/openid-configuration",
    ],
  ];
  for (const [options, text] of cases) assert.equal(described(options), text);
});
