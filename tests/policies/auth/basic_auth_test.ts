import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type ConsumerPassword, NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { secret } from "../../../src/core/secret.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { allOf } from "../../../src/policies/auth/all_of.ts";
import { anyOf } from "../../../src/policies/auth/any_of.ts";
import { basicAuth, type BasicAuthOptions } from "../../../src/policies/auth/basic_auth.ts";
import { optional } from "../../../src/policies/auth/optional.ts";
import { makeEnv, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { type Ask, build, through } from "./identity_bed.ts";
import { scripted } from "./scripted_identity.ts";

/** `sha256` of `secret`: checked on the spot. */
const FAST = "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
/** bcrypt and argon2 hashes, which only {@link Slow} is asked about: it takes `secret` for right. */
const BCRYPT = `$2b$10$${"a".repeat(53)}`, ARGON2 = `$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$${"A".repeat(43)}`;

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}` };
}

/** In place of the thread: answers at once, or when a test says so. */
class Slow {
  readonly asked: string[] = [];
  held: ((good: boolean | null) => void)[] | null = null;
  full = false;

  check(password: string, hash: string): Promise<boolean | null> {
    this.asked.push(hash);
    if (this.full) return Promise.resolve(null);
    const { held } = this;
    if (held === null) return Promise.resolve(password === "secret");
    return new Promise((resolve) => held.push(resolve));
  }
}

class Bed {
  readonly env: TestEnv;
  readonly slow = new Slow();
  readonly files: Record<string, string>;

  constructor(files: Record<string, string> = {}, consumers: readonly [string, ConsumerPassword][] = []) {
    this.files = files;
    const users = new Map(consumers);
    this.env = {
      ...makeEnv(files),
      consumers: {
        ...NO_CONSUMERS,
        ofUser: (user) => users.get(user),
        passwords: [...users.values()],
      },
    };
    this.env.state("basicAuth/thread", {}, () => this.slow);
  }

  ask(options: BasicAuthOptions): Ask {
    const ask = through(basicAuth(options), this.env);
    return (headers, more = {}) => ask(headers, { startedAt: this.env.clock.now(), ...more });
  }
}

Deno.test("basicAuth() lets those pass whose password is right, and hides it from the upstream", async () => {
  for (const hash of [FAST, BCRYPT, ARGON2]) {
    const { status, exchange } = await new Bed().ask({ users: { alice: hash } })(basic("alice", "secret"));
    assert.equal(status, 200);
    assert.deepEqual(exchange.identity, { method: "basicAuth", subject: "alice", user: "alice" });
    assert.equal(exchange.headers.get("authorization"), null);
    assert.equal(exchange.credentialed, true);
  }
  const kept = await new Bed().ask({ users: { alice: FAST }, keep: true })(basic("alice", "secret"));
  assert.equal(kept.exchange.headers.get("authorization"), basic("alice", "secret").authorization);
});

Deno.test("basicAuth() refuses everybody else with the same answer", async () => {
  const ask = new Bed().ask({ users: { alice: FAST, bob: BCRYPT }, realm: "back office" });
  const challenges = ['Basic realm="back office", charset="UTF-8"'];
  for (
    const [headers, code] of [
      [{}, "credential_missing"],
      [{ authorization: "Bearer abc" }, "credential_missing"],
      [basic("alice", "wrong"), "credential_invalid"],
      [basic("bob", "wrong"), "credential_invalid"],
      [basic("carol", "secret"), "credential_invalid"],
      [basic("Alice", "secret"), "credential_invalid"],
      [basic("alice", ""), "credential_invalid"],
      [basic("__proto__", "secret"), "credential_invalid"],
      [{ authorization: "Basic !" }, "credential_invalid"],
    ] as const
  ) {
    const asked = await ask(headers as Record<string, string>);
    assert.deepEqual([asked.status, asked.code, asked.challenges], [401, code, challenges], JSON.stringify(headers));
    assert.deepEqual([asked.exchange.identity, asked.exchange.credentialed], [undefined, false]);
  }
});

Deno.test("basicAuth() does as much for users whom nobody knows as for those whom somebody knows", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT }, failures: false });
  await ask(basic("alice", "wrong"));
  await ask(basic("nobody", "wrong"));
  assert.deepEqual(bed.slow.asked, [BCRYPT, BCRYPT]);
  assert.equal((await ask(basic("nobody", "secret"))).status, 401, "though the password is that of the hash");

  const mixed = new Bed(), askMixed = mixed.ask({ users: { alice: BCRYPT, bob: ARGON2 }, failures: false });
  for (let i = 0; i < 40; i++) await askMixed(basic(`user-${i}`, "wrong"));
  const first = [...mixed.slow.asked];
  for (let i = 0; i < 40; i++) await askMixed(basic(`user-${i}`, "other"));
  assert.deepEqual(mixed.slow.asked.slice(40), first, "a name costs the same each time");
  assert.deepEqual([...new Set(first)].sort(), [BCRYPT, ARGON2].sort());

  const none = new Bed();
  await none.ask({ consumers: true })(basic("nobody", "wrong"));
  assert.match(none.slow.asked[0], /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

Deno.test("basicAuth() checks a good password once in a while, and a bad one each time", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT }, cache: "1m" });
  for (let i = 0; i < 3; i++) assert.equal((await ask(basic("alice", "secret"))).status, 200);
  assert.equal(bed.slow.asked.length, 1);
  bed.env.clock.advance(59_999);
  await ask(basic("alice", "secret"));
  assert.equal(bed.slow.asked.length, 1);
  bed.env.clock.advance(1);
  await ask(basic("alice", "secret"));
  assert.equal(bed.slow.asked.length, 2);
  await ask(basic("alice", "wrong"));
  await ask(basic("alice", "wrong"));
  assert.equal(bed.slow.asked.length, 4);

  const without = new Bed(), askEach = without.ask({ users: { alice: BCRYPT }, cache: false });
  await askEach(basic("alice", "secret"));
  await askEach(basic("alice", "secret"));
  assert.equal(without.slow.asked.length, 2);
});

Deno.test("a good password outlives a reload of the config, but not a change of its hash, nor its user", async () => {
  const bed = new Bed();
  await bed.ask({ users: { alice: BCRYPT } })(basic("alice", "secret"));
  await bed.ask({ users: { alice: BCRYPT, bob: FAST } })(basic("alice", "secret"));
  assert.equal(bed.slow.asked.length, 1);
  await bed.ask({ users: { alice: ARGON2 } })(basic("alice", "secret"));
  assert.deepEqual(bed.slow.asked, [BCRYPT, ARGON2]);
  assert.equal((await bed.ask({ users: { bob: FAST } })(basic("alice", "secret"))).status, 401);
});

Deno.test("basicAuth() checks one credential once at a time", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT }, failures: { limit: 2, per: "1m" } });
  bed.slow.held = [];
  const asked = [1, 2, 3].map(() => ask(basic("alice", "secret")));
  await turn();
  assert.equal(bed.slow.asked.length, 1);
  bed.slow.held[0](true);
  assert.deepEqual((await Promise.all(asked)).map(({ status }) => status), [200, 200, 200]);

  const bad = [1, 2].map(() => ask(basic("alice", "wrong")));
  await turn();
  assert.equal(bed.slow.asked.length, 2);
  bed.slow.held[1](false);
  assert.deepEqual((await Promise.all(bad)).map(({ status }) => status), [401, 401]);
  assert.equal((await ask(basic("alice", "other"))).status, 429, "each request counts");
});

Deno.test("a client that guesses is not listened to for a while, others and good passwords are", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT } });
  const other = { client: { ip: "192.0.2.99", peer: "192.0.2.99", trusted: false } };
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
  for (let i = 0; i < 10; i++) assert.equal((await ask(basic("alice", `guess ${i}`))).status, 401);
  const limited = await ask(basic("alice", "guess 10"));
  assert.deepEqual([limited.status, limited.code, limited.reply.header("retry-after")], [
    429,
    "credential_attempts",
    "6",
  ]);
  assert.equal(bed.slow.asked.length, 11, "nothing was checked");
  assert.equal((await ask(basic("alice", "secret"))).status, 200, "it was good before");
  assert.equal((await ask(basic("alice", "wrong"), other)).status, 401);
  bed.env.clock.advance(6_000);
  assert.equal((await ask(basic("alice", "guess 11"))).status, 401);
  bed.env.clock.advance(300_000);
  for (let i = 0; i < 10; i++) await ask(basic("alice", `guess ${i}`));
  assert.equal((await ask(basic("alice", "other"))).status, 429);
  assert.equal((await ask(basic("alice", "secret"))).status, 200, "it was good before, be its time in the memory over");
});

Deno.test("a password that was good before and is withdrawn is as any other", async () => {
  const bed = new Bed({ f: `alice:${FAST}` }),
    ask = bed.ask({ file: secret.file("f"), failures: { limit: 2, per: "1h" } });
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
  bed.files.f = `alice:${FAST.replace("2bb", "3bb")}`;
  bed.env.clock.advance(10_000);
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await ask(basic("alice", "secret"))).status);
  assert.deepEqual(statuses, [401, 401, 429, 429]);
});

Deno.test("a client can have four passwords checked at a time, and no more", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT } });
  bed.slow.held = [];
  const asked = [1, 2, 3, 4].map((i) => ask(basic("alice", `guess ${i}`)));
  await turn();
  const more = await ask(basic("alice", "guess 5"));
  assert.deepEqual([more.status, more.reply.header("retry-after")], [429, "1"]);
  for (const settle of bed.slow.held) settle(false);
  for (const { status } of await Promise.all(asked)) assert.equal(status, 401);
  bed.slow.held = null;
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
});

Deno.test("where a password cannot be checked the answer is 503, and nothing counts against the client", async () => {
  const bed = new Bed(), ask = bed.ask({ users: { alice: BCRYPT }, failures: { limit: 1, per: "1m" } });
  bed.slow.full = true;
  for (let i = 0; i < 3; i++) {
    const { status, code, reply } = await ask(basic("alice", "secret"));
    assert.deepEqual([status, code, reply.header("retry-after")], [503, "auth_unavailable", "1"]);
  }
  bed.slow.full = false;
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
});

const FILE = `# staff\n\nalice:${FAST}\r\nbob:${BCRYPT}\n`;

Deno.test("basicAuth() reads users from a file, again and again, and keeps the last that were right", async () => {
  const bed = new Bed({ ".htpasswd": FILE }), ask = bed.ask({ file: secret.file(".htpasswd"), reload: "5s" });
  const status = async (user: string) => (await ask(basic(user, "secret"))).status;
  assert.deepEqual([await status("alice"), await status("bob"), await status("carol")], [200, 200, 401]);
  bed.files[".htpasswd"] = `carol:${FAST}\n`;
  assert.equal(await status("carol"), 401);
  bed.env.clock.advance(5_000);
  assert.deepEqual([await status("alice"), await status("carol")], [401, 200], "also what was remembered is forgotten");
  for (const wrong of ["", "carol:$apr1$abc$def\n", `carol\n`, `dave:${FAST}\n:${FAST}\n`, `a:${FAST}\na:${FAST}\n`]) {
    bed.files[".htpasswd"] = wrong;
    bed.env.clock.advance(10_000);
    assert.equal(await status("carol"), 200);
  }
  delete bed.files[".htpasswd"];
  bed.env.clock.advance(10_000);
  assert.equal(await status("carol"), 200);
  assert.deepEqual(bed.env.logged.map(({ level, fields }) => [level, fields?.error]), [
    ["error", "it is empty"],
    ["error", "line 1: this is MD5, which does not protect a password; write what `gatewright password` prints"],
    ["error", "line 1: a line is a user, a colon and a hash"],
    ["error", "line 2: the user has no name"],
    ["error", "line 2: this user stands above already"],
    ["error", ".htpasswd is not set"],
  ]);
  assert.ok(!JSON.stringify(bed.env.logged).includes("2bb80d"));
});

Deno.test("a file of users may begin with a byte order mark, as editors write it", async () => {
  const ask = new Bed({ f: `\ufeffalice:${FAST}\n` }).ask({ file: secret.file("f") });
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
});

Deno.test("a file of users that is wrong at first keeps the gateway from starting; a closed one is not read again", () => {
  for (const files of [{}, { f: "alice:secret" }]) {
    assert.throws(
      () => new Bed(files as Record<string, string>).ask({ file: secret.file("f") }),
      /its users cannot be had/,
    );
  }
  const bed = new Bed({ f: FILE });
  bed.ask({ file: secret.file("f") });
  bed.ask({ file: secret.file("f") });
  assert.equal(bed.env.clock.pending, 1, "one timer, however often the config is reloaded");
  bed.env.state<{ close(): void }>("/a/policy/file", {}, () => assert.fail("it is not there")).close();
  assert.equal(bed.env.clock.pending, 0);
});

Deno.test("basicAuth() takes hashes from secrets, and says what is wrong with them without showing them", async () => {
  const bed = new Bed({ ALICE: FAST, BOB: "hunter2" });
  assert.equal((await bed.ask({ users: { alice: secret.env("ALICE") } })(basic("alice", "secret"))).status, 200);
  assert.throws(() => bed.ask({ users: { bob: secret.env("BOB") } }), ({ message }: Error) => {
    assert.match(message, /^policy \/a\/policy: the hash of user "bob" cannot be had: this is no hash/);
    return !message.includes("hunter2");
  });
  assert.throws(() => bed.ask({ users: { bob: secret.env("NONE") } }), /NONE is not set/);
});

Deno.test("basicAuth() knows the users of consumers where it has none of its own, or is told to", async () => {
  const consumer = { name: "acme", groups: ["partner"] };
  const bed = new Bed({}, [["carol", { consumer, hash: BCRYPT }]]);
  const { status, exchange } = await bed.ask({})(basic("carol", "secret"));
  assert.equal(status, 200);
  assert.deepEqual(exchange.identity, {
    method: "basicAuth",
    subject: "carol",
    user: "carol",
    consumer: "acme",
    groups: ["partner"],
  });
  assert.equal((await bed.ask({ users: { alice: FAST } })(basic("carol", "secret"))).status, 401);
  assert.equal((await bed.ask({ users: { alice: FAST }, consumers: true })(basic("carol", "secret"))).status, 200);
  bed.slow.asked.length = 0;
  await bed.ask({})(basic("nobody", "secret"));
  assert.deepEqual(bed.slow.asked, [BCRYPT], "an unknown user costs what a consumer's does");
});

Deno.test("basicAuth() asks a function about users whom nobody else knows", async () => {
  const bed = new Bed(), asked: string[] = [];
  const verify = (user: string, password: string) => {
    asked.push(`${user}:${password}`);
    if (password !== "right") return null;
    return user === "staff" ? { groups: ["staff"], claims: { a: 1 } } : true;
  };
  const ask = bed.ask({ users: { alice: FAST }, verify });
  assert.equal((await ask(basic("alice", "wrong"))).status, 401);
  assert.deepEqual(asked, [], "a user who is known has one password");
  const { exchange } = await ask(basic("staff", "right"));
  assert.deepEqual(exchange.identity, {
    method: "basicAuth",
    subject: "staff",
    user: "staff",
    groups: ["staff"],
    claims: { a: 1 },
  });
  assert.deepEqual((await ask(basic("bob", "right"))).exchange.identity?.user, "bob");
  assert.equal((await ask(basic("bob", "wrong"))).status, 401);
  await ask(basic("bob", "right"));
  assert.deepEqual(asked, ["staff:right", "bob:right", "bob:wrong"], "a good one is remembered");
});

Deno.test("a password that a function has found good is so no longer once its user is known otherwise", async () => {
  const bed = new Bed({ f: `bob:${FAST}` });
  const ask = bed.ask({ file: secret.file("f"), reload: "1s", verify: (_user, password) => password === "other" });
  assert.equal((await ask(basic("alice", "other"))).status, 200);
  bed.files.f = `alice:${FAST}`;
  bed.env.clock.advance(1_000);
  assert.equal((await ask(basic("alice", "other"))).status, 401);
  assert.equal((await ask(basic("alice", "secret"))).status, 200);
});

Deno.test("a function that fails, takes too long or answers nonsense lets nobody pass, and gives nothing away", async () => {
  const answers: (() => unknown)[] = [
    () => {
      throw new Error("no database for hunter2/?");
    },
    () => Promise.reject(new Error("no database")),
    () => "yes",
    () => ({ groups: "staff" }),
    () => ({ consumer: 7 }),
    () => ["staff"],
    // What databases return where they find nothing: it must not pass for a user of whom nothing is known.
    () => [],
    () => ({}),
    () => ({ rows: [] }),
    () => Promise.reject(Object.create(null)),
    () => Promise.reject(new Error("no answer from http://users.test/?password=hunter2%2F%3F")),
  ];
  for (const answer of answers) {
    const bed = new Bed(), ask = bed.ask({ verify: answer as never });
    assert.equal((await ask(basic("a", "hunter2/?"))).status, 503, String(answer));
    assert.equal(bed.env.logged.length, 1);
    assert.ok(!JSON.stringify(bed.env.logged).includes("hunter2"));
  }
  const bed = new Bed(), ask = bed.ask({ verify: () => new Promise(() => {}), timeout: "1s" });
  const asked = ask(basic("a", "b"));
  await turn();
  await bed.env.clock.pass(1_100);
  assert.equal((await asked).status, 503);
  bed.env.deadlines.close();
});

Deno.test("inside of anyOf() a password that nobody has checked is hidden, another scheme is not", async () => {
  const ask = through(anyOf([scripted("a"), basicAuth({ users: { alice: FAST } })]), new Bed().env);
  const { exchange } = await ask({ "x-a": "good", ...basic("mallory", "x") });
  assert.deepEqual(exchange.headers.flat(), ["x-a-is", "a-subject"]);
  const other = await ask({ "x-a": "good", authorization: "Bearer abc" });
  assert.equal(other.exchange.headers.get("authorization"), "Bearer abc");
});

Deno.test("inside of anyOf() a password stays that one policy has checked and keeps, though others would look there too", async () => {
  const alice = basicAuth({ users: { alice: FAST }, keep: true }), bob = basicAuth({ users: { bob: FAST } });
  for (
    const policy of [anyOf([alice, bob]), anyOf([bob, anyOf([scripted("a"), alice])]), anyOf([bob, allOf([alice])])]
  ) {
    const ask = through(policy, new Bed().env);
    const sent = async (user: string) => (await ask(basic(user, "secret"))).exchange.headers.get("authorization");
    assert.equal(await sent("alice"), basic("alice", "secret").authorization);
    assert.equal(await sent("bob"), null);
  }
  const other = await through(anyOf([scripted("a"), alice]), new Bed().env)({ "x-a": "good", ...basic("alice", "x") });
  assert.equal(other.exchange.headers.get("authorization"), null, "nobody has checked it");
});

Deno.test("a password beside another credential is neither good nor passed on unseen", async () => {
  const { authorization } = basic("alice", "secret");
  for (
    const both of [`Bearer abc, ${authorization}`, `Bearer abc,${authorization.toLowerCase()}`, `${authorization}, a`]
  ) {
    for (const policy of [basicAuth({ users: { alice: FAST } }), optional(basicAuth({ users: { alice: FAST } }))]) {
      const { status, code } = await through(policy, new Bed().env)({ authorization: both });
      assert.deepEqual([status, code], [401, "credential_invalid"], both);
    }
    const ask = through(anyOf([scripted("a"), basicAuth({ users: { alice: FAST } })]), new Bed().env);
    assert.deepEqual((await ask({ "x-a": "good", authorization: both })).exchange.headers.flat(), [
      "x-a-is",
      "a-subject",
    ]);
  }
});

Deno.test("random headers never pass, and never throw", async () => {
  const ask = new Bed().ask({ users: { alice: FAST, bob: BCRYPT }, failures: false });
  const token = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.base64String(),
    fc.string().map((text) => btoa(encodeURI(text))),
  );
  const user = fc.constantFrom("alice", "bob", "carol"), password = fc.string().filter((text) => text !== "secret");
  const header = fc.oneof(
    token.map((text) => `Basic ${text}`),
    fc.tuple(user, password).map(([user, password]) => basic(user, password.toWellFormed()).authorization),
  );
  await fc.assert(
    fc.asyncProperty(header, async (authorization) => {
      const { status } = await ask({ authorization });
      assert.equal(status, 401);
    }),
    { numRuns: 3_000 },
  );
});

const WRONG: readonly (readonly [options: unknown, at: string, message: string])[] = [
  [{ users: {} }, ".users", "at least one user is needed"],
  [{ users: { "a:b": FAST } }, '.users["a:b"]', "a user's name has no colon"],
  [
    { users: { "\u00e9": FAST, "e\u0301": BCRYPT } },
    '.users["e\u0301"]',
    "this user stands here already, in other bytes",
  ],
  [
    { users: { alice: "hunter2" } },
    ".users.alice",
    "this is no hash of a password that is known here: argon2, bcrypt or scrypt",
  ],
  [{ users: { alice: 7 } }, ".users.alice", "expected the hash of a password, or a secret that holds it"],
  [{ users: "alice:hunter2" }, ".users", "expected hashes of passwords by user"],
  [{ consumers: false }, ".consumers", "nobody could log in"],
  [{ users: { alice: BCRYPT }, reload: "1s" }, ".reload", "there is no file that could be read again"],
  [{ timeout: "1s" }, ".timeout", "there is no function that could take long"],
  [{ realm: 'a"b' }, ".realm", "a realm has up to 64 plain characters, without quotes and backslashes"],
  [{ cache: "2h" }, ".cache", "expected a duration of at most 1h"],
  [{ failures: { limit: 0, per: "1m" } }, ".failures.limit", "expected a whole number from 1 to 1000000"],
];

Deno.test("basicAuth() that cannot be what it says is an error in its place, which shows nobody's password", () => {
  for (const [options, at, message] of WRONG) {
    const policies = [basicAuth(options as BasicAuthOptions)];
    const { issues } = validateConfig({ routes: [{ path: "/", respond: {}, policies }] });
    assert.deepEqual(issues.map(({ path, message }) => [path, message]), [[`routes[0].policies[0]${at}`, message]]);
    assert.ok(!JSON.stringify(issues).includes("hunter2"));
  }
});

Deno.test("check looks into secrets and files of users", () => {
  const issues = (options: BasicAuthOptions, value: string) => {
    const config = { routes: [{ path: "/", respond: {}, policies: [basicAuth(options)] }] };
    const { issues } = validateConfig(config, { secrets: () => ({ value }) });
    assert.ok(!JSON.stringify(issues).includes("hunter2"));
    return issues.map(({ path, message }) => `${path}: ${message}`);
  };
  const file = { file: secret.file("f") }, user = { users: { alice: secret.env("A") } };
  assert.deepEqual(issues(file, FILE), []);
  assert.deepEqual(issues(file, "alice:hunter2"), [
    "routes[0].policies[0].file: this file of users is wrong: line 1: this is no hash of a password that is known here: " +
    "argon2, bcrypt or scrypt; write what `gatewright password` prints",
  ]);
  assert.deepEqual(issues(user, BCRYPT), []);
  assert.deepEqual(issues(user, "hunter2"), [
    "routes[0].policies[0].users.alice: this is no hash of a password that is known here: argon2, bcrypt or scrypt",
  ]);
});

Deno.test("basicAuth() warns of hashes made in one round, and tells `routes` whom it knows", () => {
  const { issues, config } = validateConfig({
    routes: [{
      path: "/",
      respond: {},
      policies: [basicAuth({ users: { alice: FAST, bob: BCRYPT }, file: secret.file("f"), verify: () => true })],
    }],
  });
  assert.deepEqual(issues.map(({ severity, path }) => [severity, path]), [
    ["warning", "routes[0].policies[0].users.alice"],
  ]);
  const [policy] = config!.routes[0].policies;
  assert.equal(definitionOf(policy)!.describe!(policy.options), "basicAuth: 2 users, a file, a function");
  assert.ok(!JSON.stringify(config!.routes[0].policies).includes("aaaa"));
  assert.equal(typeof build(basicAuth({ users: { a: FAST } }), new Bed().env), "function");
});
