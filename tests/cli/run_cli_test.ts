import { strict as assert } from "node:assert";
import { TempDir } from "../support/temp_dir.ts";
import { cli } from "./captured_terminal.ts";

const GOOD = `
upstreams:
  users: [http://127.0.0.1:9001, http://127.0.0.1:9002]
policies:
  - headers: { response: { set: { x-a: "1" } } }
routes:
  - { path: /api/users/:id, methods: [GET], upstream: users, rewrite: "/users/:id" }
  - { path: /api/*, host: api.example.com, upstream: users, stripPrefix: /api }
  - { path: /old, redirect: /new }
  - { path: /direct, upstream: "http://127.0.0.1:9003" }
`;

const BAD = `
upstreams:
  users: http://127.0.0.1:9001
routes:
  - path: /api/users/:id
    upstream: usres
`;

const SECRET = `
admin: { token: { env: GATEWRIGHT_TEST_NO_SUCH_VARIABLE } }
routes: [{ path: /, respond: {} }]
`;

Deno.test("without a command the help goes to standard error", async () => {
  const { code, out, err } = await cli();
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^Usage: gatewright <command>\n/);
});

Deno.test("a command line that makes no sense says what was probably meant and exits with 2", async () => {
  for (
    const [args, err] of [
      [["strat"], "gatewright: there is no command strat; did you mean start?\nhelp lists the commands\n"],
      [["frobnicate"], "gatewright: there is no command frobnicate\nhelp lists the commands\n"],
      [
        ["help", "chekc"],
        "gatewright: there is no command chekc; did you mean check?\nhelp lists the commands\n",
      ],
      [
        ["check", "--jsn"],
        "gatewright: check has no option --jsn; did you mean --json?\nhelp check says how it is used\n",
      ],
      [
        ["start", "a.ts", "--to", "http://a"],
        "gatewright: start takes a config or --to, not both\nhelp start says how it is used\n",
      ],
      [
        ["start", "--to", "localhost:3000"],
        "gatewright: --to takes the address of a server, not localhost:3000; write http://localhost:3000\n" +
        "help start says how it is used\n",
      ],
      [
        ["start", "--to", "http://u:p@localhost:99"],
        "gatewright: --to takes the address of a server, not http://…@localhost:99: " +
        'a URL here has no user name or password; write "http://localhost:99", ' +
        "and a headers policy that sets authorization to a secret\nhelp start says how it is used\n",
      ],
      [
        ["start", "--to", "u:p@localhost:99"],
        "gatewright: --to takes the address of a server, not …@localhost:99; " +
        "write a URL such as http://localhost:3000\nhelp start says how it is used\n",
      ],
    ] as const
  ) assert.deepEqual(await cli(...args), { code: 2, out: "", err });
});

Deno.test("help lists no more options of a command than a line can hold", async () => {
  assert.match((await cli("help")).out, /^ {2}purge \[config\] \[options\] +takes answers out/m);
  assert.match((await cli("help", "purge")).out, /^Usage: gatewright purge \[config\] \[--url URL\] \[--prefix TEXT\]/);
});

Deno.test("help shows every command, and each command on its own", async () => {
  const { code, out } = await cli("help");
  assert.equal(code, 0);
  for (const command of ["start", "check", "routes", "schema", "version", "help"]) {
    assert.match(out, new RegExp(`^  ${command}\\b`, "m"));
  }
  const one = await cli("help", "check");
  assert.match(one.out, /^Usage: gatewright check \[config\] \[--json\] \[--without-secrets\]\n/);
  assert.match(one.out, /\n {2}--without-secrets {2}missing secrets and files are warnings, not errors\n/);
  assert.deepEqual(await cli("check", "--help"), one);
  assert.deepEqual((await cli("--help")).out, out);
});

Deno.test("version tells the product's", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assert.deepEqual(await cli("version"), {
    code: 0,
    out: `gatewright ${version} (deno ${Deno.version.deno})\n`,
    err: "",
  });
});

Deno.test("schema prints a JSON Schema", async () => {
  const { code, out } = await cli("schema");
  assert.equal(code, 0);
  assert.ok("routes" in JSON.parse(out).properties);
});

Deno.test("check says that a config is right", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": GOOD });
  const file = dir.join("gateway.yaml");
  const { code, out, err } = await cli("check", file);
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(out.split("\n"), [
    "ROUTE                   UPSTREAM               TRIES  AT WORST",
    "api.example.com /api/*  users                  2      65s",
    "GET /api/users/:id      users                  2      65s",
    "/direct                 http://127.0.0.1:9003  2      65s",
    `${file} is right`,
    "",
  ]);
  const { hops, ...rest } = JSON.parse((await cli("check", file, "--json")).out);
  assert.deepEqual(rest, { ok: true, config: file, issues: [] });
  assert.deepEqual(hops.map(({ route, worstCase }: Record<string, unknown>) => [route, worstCase]), [
    ["api.example.com /api/*", 65_025],
    ["GET /api/users/:id", 65_025],
    ["/direct", 65_025],
  ]);
});

Deno.test("check prints every issue with place, value seen and remedy, and exits with 1", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": BAD });
  const file = dir.join("gateway.yaml");
  assert.deepEqual(await cli("check", file), {
    code: 1,
    out: `error: ${file}:6:15 routes[0].upstream: there is no upstream of this name, did you mean "users"?
  seen: "usres"
  write: "users"

${file}: 1 error
`,
    err: "",
  });
  const { code, out } = await cli("check", "--json", file), { ok, issues } = JSON.parse(out);
  assert.deepEqual([code, ok, issues.length, issues[0].line, issues[0].seen], [1, false, 1, 6, '"usres"']);
});

Deno.test("check finds what the route table as a whole has wrong", async () => {
  const route = "{ path: /a, respond: {} }";
  await using dir = await TempDir.make({ "gateway.yaml": `routes:\n  - ${route}\n  - ${route}\n` });
  const { code, out } = await cli("check", dir.join("gateway.yaml"));
  assert.equal(code, 1);
  assert.match(out, /routes\[1\]/);
});

Deno.test("check takes a missing secret for an error, or for a warning when it is told to", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": SECRET });
  const file = dir.join("gateway.yaml");
  const strict = await cli("check", file), lenient = await cli("check", file, "--without-secrets");
  assert.equal(strict.code, 1);
  assert.match(strict.out, /^error: .*GATEWRIGHT_TEST_NO_SUCH_VARIABLE is not set/);
  assert.equal(lenient.code, 0);
  assert.match(lenient.out, /^warning: /);
  assert.ok(lenient.out.endsWith(`${file} is right, with 1 warning\n`));
});

Deno.test("routes shows a table in matching order", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": GOOD });
  const { code, out } = await cli("routes", dir.join("gateway.yaml"));
  assert.equal(code, 0);
  const chain = "headers response =x-a";
  const all = "idempotent methods: failures; POST, PATCH and other methods: connect failures only; " +
    "bodies over 64KiB are sent once";
  assert.deepEqual(out.split("\n"), [
    "METHODS  HOST             PATH            CHAIN                  TARGET",
    `*        api.example.com  /api/*          ${chain}  users (2 endpoints) without /api`,
    `GET      *                /api/users/:id  ${chain}  users (2 endpoints) as /users/:id`,
    `*        *                /direct         ${chain}  http://127.0.0.1:9003`,
    `*        *                /old            ${chain}  redirect 302 to /new`,
    "",
    "ROUTE                   UPSTREAM               TRIES  AT WORST  SENT AGAIN",
    `api.example.com /api/*  users                  2      65s       ${all}`,
    "GET /api/users/:id      users                  2      65s       GET: failures",
    `/direct                 http://127.0.0.1:9003  2      65s       ${all}`,
    "",
    "failures: connect-error, reset, timeout, protocol-error, 502, 503, 504",
    "",
  ]);
});

Deno.test("routes shows the policies of consumers, and none of their credentials", async () => {
  const hash = "ab".repeat(32);
  await using dir = await TempDir.make({
    "gateway.yaml": `
consumers:
  acme:
    groups: [gold]
    keys: ["sha256:${hash}"]
    policies: [{ rateLimit: { limit: 5, per: 1s, key: consumer } }, { headers: { request: { set: { x-a: b } } } }]
  globex: { subjects: [g] }
policies: [apiKey]
routes: [{ path: /, respond: {} }]
`,
  });
  const file = dir.join("gateway.yaml"), { out } = await cli("routes", file);
  assert.match(out, /\n\nCONSUMER {2}CHAIN, BEHIND WHAT FINDS IT OUT\nacme {6}rateLimit.* > headers request =x-a\n$/);
  const json = (await cli("routes", "--json", file)).out;
  const [{ name, groups, chain }, ...more] = JSON.parse(json).consumers;
  assert.deepEqual([name, groups, more], ["acme", ["gold"], []]);
  assert.deepEqual(chain.map(({ id }: { id: string }) => id), ["consumer/acme/rateLimit", "consumer/acme/headers"]);
  assert.ok(!(out + json).includes(hash.slice(0, 16)));
});

Deno.test("routes --json shows ids, chains and targets", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": GOOD });
  const { out } = await cli("routes", "--json", dir.join("gateway.yaml"));
  const [first] = JSON.parse(out).routes;
  assert.equal(first.id, "api.example.com /api/*");
  assert.deepEqual(first.chain.map(({ id }: { id: string }) => id), ["global/headers"]);
  assert.equal(first.target.stripPrefix, "/api");
});

Deno.test("routes and start refuse a config with errors", async () => {
  await using dir = await TempDir.make({ "gateway.yaml": BAD });
  const file = dir.join("gateway.yaml");
  for (const [command, end] of [["routes", "there are no routes to show"], ["start", "nothing was started"]]) {
    const { code, out, err } = await cli(command, file);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /there is no upstream of this name/);
    assert.ok(err.endsWith(`\n${file}: 1 error; ${end}\n`), err);
  }
});

Deno.test("start says in one line why a config cannot be read", async () => {
  await using dir = await TempDir.make({ "broken.ts": "export default {", "throws.ts": 'throw new Error("boom");\n' });
  for (
    const [name, message] of [
      ["none.ts", `there is no file ${dir.join("none.ts")}; write the path of a file that is there`],
      ["broken.ts", `${dir.join("broken.ts")}:1:17: syntax error: `],
      ["throws.ts", `${dir.join("throws.ts")}:1:7: the module failed: boom`],
      ["", `${dir.join("")} is a folder; write a file in it`],
    ] as const
  ) {
    const { code, out, err } = await cli("start", dir.join(name));
    assert.deepEqual([code, out], [1, ""]);
    assert.ok(err.startsWith(`gatewright: ${message}`), err);
    assert.equal(err.split("\n").length, 2, "one line");
  }
});

Deno.test("start and routes report every issue of a config that cannot be read", async () => {
  await using dir = await TempDir.make({ "a.yaml": "routes: []\nroutes: []\nlisten: {}\nlisten: {}\n" });
  const file = dir.join("a.yaml");
  const { out } = await cli("check", file);
  assert.ok(out.endsWith(`${file}: 2 errors\n`), out);
  for (const [command, end] of [["routes", "there are no routes to show"], ["start", "nothing was started"]]) {
    assert.deepEqual(await cli(command, file), { code: 1, out: "", err: out.trimEnd() + `; ${end}\n` });
  }
});

Deno.test("--debug shows the stack of a module that throws", async () => {
  await using dir = await TempDir.make({
    "a.ts": 'function deep(): never {\n  throw new Error("boom", { cause: new Error("under it") });\n}\ndeep();\n',
    "a.yaml": "plugins: [./a.ts]\nroutes: []\n",
  });
  for (const command of ["check", "routes", "start"]) {
    for (const file of command === "check" ? ["a.ts", "a.yaml"] : ["a.ts"]) {
      const plain = await cli(command, dir.join(file)), debug = await cli(command, dir.join(file), "--debug");
      assert.deepEqual([debug.code, debug.out], [1, plain.out]);
      assert.ok(debug.err.startsWith(plain.err));
      const stack = debug.err.slice(plain.err.length);
      assert.match(stack, /^Error: boom\n {4}at deep \(file:.*a\.ts:2:9\)\n[^]*\nCaused by Error: under it\n {4}at /);
      assert.doesNotMatch(plain.err, /\n {4}at /);
    }
  }
});

Deno.test("routes calls a function that stands in its route a handler, and others by name", async () => {
  await using dir = await TempDir.make({
    "a.ts": `const hello = () => new Response();
export default { routes: [{ path: "/a", handler: () => new Response() }, { path: "/b", handler: hello }] };`,
  });
  const { out } = await cli("routes", dir.join("a.ts"));
  assert.match(out, /\/a .* {2}handler\n.*\/b .* {2}handler hello\n$/);
});

Deno.test("help start tells the order of a stop", async () => {
  assert.match(
    (await cli("help", "start")).out,
    /serves on for shutdown\.delay, not ready any more; then it takes no new/,
  );
});
