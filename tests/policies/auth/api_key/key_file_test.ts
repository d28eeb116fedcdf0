import { strict as assert } from "node:assert";
import { secret, type SecretValue } from "../../../../src/core/secret.ts";
import type { ApiKeyOptions } from "../../../../src/policies/auth/api_key.ts";
import { makeEnv } from "../../../support/exchange.ts";
import { ApiKeyBed, hashOf } from "../api_key_bed.ts";

const file = secret.file("keys.txt");

/** A policy with a file that tests write to. */
class FileBed {
  content: SecretValue;
  reads = 0;
  readonly env = makeEnv();
  readonly bed: ApiKeyBed;

  constructor(text: string, readonly failures: ApiKeyOptions["failures"] = false) {
    this.content = { value: text };
    this.bed = this.build();
  }

  /** The policy anew, as after a reload of the config. */
  build(): ApiKeyBed {
    const secrets = () => {
      this.reads++;
      return this.content;
    };
    return new ApiKeyBed({ file, reload: "5s", failures: this.failures }, { env: this.env, secrets });
  }

  write(text: string): void {
    this.content = { value: text };
    this.env.clock.advance(5_000);
  }

  async status(key: string): Promise<number> {
    return (await this.bed.key(key)).status;
  }
}

Deno.test("apiKey() knows the keys of a file, with whose they are", async () => {
  const { bed } = new FileBed(`# all of ours\n${hashOf("a")} acme gold,eu\n\n${hashOf("b")}  # spare\r\n`);
  assert.deepEqual((await bed.key("a")).exchange.identity, {
    method: "apiKey",
    consumer: "acme",
    groups: ["gold", "eu"],
  });
  assert.equal((await bed.key("b")).exchange.identity?.consumer, undefined);
  assert.equal((await bed.key("c")).status, 401);
});

Deno.test("apiKey() forgets a key that is taken out of its file, and knows one that is put in", async () => {
  const files = new FileBed(hashOf("a"));
  assert.deepEqual([await files.status("a"), await files.status("b")], [200, 401]);
  files.write(hashOf("b"));
  assert.deepEqual([await files.status("a"), await files.status("b")], [401, 200]);
});

Deno.test("apiKey() keeps its keys while the file is wrong, and says so once", async () => {
  const files = new FileBed(hashOf("a"));
  const wrong: SecretValue[] = [
    { value: `${hashOf("b")}\ngw_plain acme` },
    { value: `${hashOf("b")}\ngw_plain acme` },
    { value: "" },
    { error: "there is no file keys.txt" },
  ];
  for (const content of wrong) {
    files.content = content;
    files.env.clock.advance(5_000);
    assert.deepEqual([await files.status("a"), await files.status("b")], [200, 401]);
  }
  assert.deepEqual(files.env.logged.map(({ level, fields }) => [level, fields?.error]), [
    ["error", "line 2: this looks like a key, not a hash: whoever reads the config could use it"],
    ["error", "it is empty"],
    ["error", "there is no file keys.txt"],
  ]);
  files.write(hashOf("b"));
  assert.deepEqual([await files.status("a"), await files.status("b")], [401, 200]);
  files.write("# nobody any more");
  assert.equal(await files.status("b"), 401);
});

Deno.test("apiKey() does not start with a file that is wrong, and says where without the text", () => {
  for (const [text, error] of [["sha256:abc", "line 1: sha256:"], ["", "it is empty"]] as const) {
    assert.throws(() => new FileBed(text), (thrown: Error) => {
      assert.ok(thrown.message.startsWith(`policy r/apiKey: its keys cannot be had: ${error}`), thrown.message);
      return true;
    });
  }
});

Deno.test("apiKey() reads its file again when the config is reloaded, and stops when nothing uses it", async () => {
  const files = new FileBed(hashOf("a"));
  files.content = { value: hashOf("b") };
  const next = files.build();
  assert.deepEqual([await files.status("b"), (await next.key("b")).status], [200, 200]);
  assert.equal(files.env.clock.pending, 1, "one timer for both");
  const state = files.env.state("r/apiKey/file", {}, () => assert.fail("it is there")) as { close(): void };
  state.close();
  assert.equal(files.env.clock.pending, 0);
});

Deno.test("apiKey() looks again at a key that was good before its file changed, however many bad ones its client shows", async () => {
  const files = new FileBed(hashOf("a"), { limit: 1, per: "1h" });
  assert.deepEqual([await files.status("a"), await files.status("b"), await files.status("c")], [200, 401, 429]);
  files.write(`${hashOf("a")}\n${hashOf("b")}`);
  assert.deepEqual([await files.status("a"), await files.status("b")], [200, 429]);
  files.write(hashOf("b"));
  assert.deepEqual([await files.status("a"), await files.status("a")], [401, 429]);
});

/** Very many keys, and this one at their end. */
function many(key: string): string {
  return Array.from({ length: 2_500 }, (_, i) => hashOf(`${key}-${i}`)).join("\n") + `\n${hashOf(key)}`;
}

Deno.test("apiKey() goes through a large file in pieces, and takes it when it has come to the end", async () => {
  const files = new FileBed(hashOf("a"));
  files.content = { value: many("b") };
  files.build();
  assert.deepEqual([await files.status("a"), await files.status("b-0"), await files.status("b")], [200, 401, 401]);
  files.build();
  files.env.clock.advance(0);
  assert.deepEqual([await files.status("a"), await files.status("b-0"), await files.status("b")], [401, 200, 200]);
});

Deno.test("apiKey() gives up a large file for what has come in its place, and when nothing uses it", async () => {
  const files = new FileBed(hashOf("a"));
  files.content = { value: many("b") };
  files.build();
  files.content = { value: many("c") };
  files.build();
  assert.equal(files.env.clock.pending, 2, "the next look, and the next piece of one text");
  files.env.clock.advance(0);
  assert.deepEqual([await files.status("b"), await files.status("c")], [401, 200]);
  files.content = { value: many("b") };
  files.build();
  const state = files.env.state("r/apiKey/file", {}, () => assert.fail("it is there")) as { close(): void };
  state.close();
  assert.equal(files.env.clock.pending, 0);
});

Deno.test("apiKey() tells again of a file that was away, was there, and is away again", () => {
  const files = new FileBed(hashOf("a")), away: SecretValue = { error: "there is no file keys.txt" };
  const there = files.content;
  for (const content of [away, away, there, away]) {
    files.content = content;
    files.env.clock.advance(5_000);
  }
  assert.equal(files.env.logged.length, 2);
});
