import { strict as assert } from "node:assert";
import { keyCommand } from "../../src/cli/commands/key.ts";
import { parseArguments } from "../../src/cli/parse_arguments.ts";
import { apiKeySchema } from "../../src/policies/auth/api_key_schema.ts";
import { hashOfKey } from "../../src/policies/auth/api_key/known_key.ts";
import { readKeys } from "../../src/policies/auth/api_key/read_keys.ts";
import { cli, type CliResult } from "./captured_terminal.ts";

/** `key --hash` with this on standard input. */
async function hash(input: string): Promise<CliResult> {
  let out = "", err = "";
  const command = keyCommand(() => Promise.resolve(input));
  const code = await command.run(parseArguments(command, ["--hash"]), {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    errIsTerminal: false,
    colors: false,
  });
  return { code, out, err };
}

/** What stands in the rows of a made key. */
function rows(out: string): Record<string, string> {
  return Object.fromEntries(out.split("\n").filter((line) => / {2}/.test(line)).map((line) => line.split(/ {2,}/)));
}

Deno.test("key makes a key with 256 random bits, another one each time, and the hash that goes with it", async () => {
  const { code, out, err } = await cli("key"), made = rows(out);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(made.key, /^gw_[A-Za-z0-9_-]{43}$/);
  assert.equal(made.hash, `sha256:${hashOfKey(made.key)}`);
  assert.equal(made.config, `apiKey({ keys: ["${made.hash}"] })`);
  assert.ok(apiKeySchema.safeParse({ keys: [made.hash] }).success);
  assert.equal(out.split(made.key).length, 2, "the key is shown once");
  assert.notEqual(rows((await cli("key")).out).key, made.key);
});

Deno.test("key writes the lines for a consumer, and begins a key as it is told to", async () => {
  const made = rows((await cli("key", "--prefix", "acme-live_", "--consumer", "acme")).out);
  assert.match(made.key, /^acme-live_/);
  assert.equal(made.config, `consumers: { "acme": { keys: ["${made.hash}"] } }`);
  assert.deepEqual(readKeys(made["or file"]), new Map([[made.hash.slice(7), { consumer: "acme" }]]));
});

Deno.test("key --hash prints the hash of a key that it is given, and nothing of the key", async () => {
  const long = "k".repeat(22);
  assert.deepEqual(await hash(long), { code: 0, out: `sha256:${hashOfKey(long)}\n`, err: "" });
  const short = await hash("k3y");
  assert.equal(short.out, `sha256:${hashOfKey("k3y")}\n`);
  assert.match(short.err, /^warning: with fewer than 22 characters/);
  for (const wrong of ["", "a b", "k\u00e4y-with-secret", "x".repeat(1025)]) {
    const { code, out, err } = await hash(wrong);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^gatewright: this is no key: /);
    if (wrong !== "") assert.ok(!err.includes(wrong));
  }
});

Deno.test("key refuses options that do not go together, and what no key begins with", async () => {
  for (
    const [args, message] of [
      [["--hash", "--prefix", "a"], "--hash makes no key"],
      [["--hash", "--consumer", "a"], "--hash makes no key"],
      [["--prefix", "a b"], "--prefix takes up to 32"],
      [["--consumer", "a/b"], "a consumer's name is"],
      [["gw_key"], "key takes no argument"],
    ] as const
  ) {
    const { code, out, err } = await cli("key", ...args);
    assert.deepEqual([code, out], [2, ""]);
    assert.ok(err.startsWith(`gatewright: ${message}`), err);
  }
});

Deno.test("help tells of key", async () => {
  assert.match((await cli("help")).out, /^ {2}key \[--prefix TEXT\] \[--consumer NAME\] \[--hash\] {2}makes a key/m);
  assert.match((await cli("help", "key")).out, /\n {2}--hash +print the hash of a key/);
});
