import { strict as assert } from "node:assert";
import { secret } from "../../../src/core/secret.ts";
import { type EntryForm, entryLines, type LogEntry } from "../../../src/telemetry/process_log/entry_line.ts";

/** An entry at ten o'clock, as a line. */
function line(entry: Partial<LogEntry>, form: Partial<EntryForm> = {}): string {
  const ts = "2026-11-21T10:00:00.000Z";
  return entryLines({ form: "json", ...form })({ level: "info", ts, category: "", msg: "m", fields: {}, ...entry });
}

Deno.test("entryLines() print JSON with level, time, category and message first", () => {
  const entry = { msg: "listening", fields: { url: "http://127.0.0.1:8080", token: secret.env("T") } };
  const rest = '"msg":"listening","url":"http://127.0.0.1:8080","token":{"env":"T"}}\n';
  assert.equal(line(entry), '{"level":"info","ts":"2026-11-21T10:00:00.000Z",' + rest);
  assert.equal(
    line({ ...entry, category: "listeners" }),
    '{"level":"info","ts":"2026-11-21T10:00:00.000Z","category":"listeners",' + rest,
  );
});

Deno.test("entryLines() print text for people, values quoted where they need it", () => {
  const fields = { endpoint: "users/http://a", attempts: 2, cause: "timed out", left: undefined };
  const entry: Partial<LogEntry> = { level: "warn", msg: "attempt failed", fields };
  const rest = 'attempt failed endpoint=users/http://a attempts=2 cause="timed out"\n';
  assert.equal(line(entry, { form: "text" }), "10:00:00.000 warn  " + rest);
  assert.equal(line({ ...entry, category: "upstreams" }, { form: "text" }), "10:00:00.000 warn  upstreams: " + rest);
});

Deno.test("entryLines() let no stranger's control character reach a terminal", () => {
  const entry: Partial<LogEntry> = { level: "error", msg: "bad\nname \x1b[2J", fields: { path: "/\x1b[31m\x9b" } };
  assert.equal(
    line(entry, { form: "text", colors: true }),
    "10:00:00.000 \x1b[31merror\x1b[0m bad\\nname \\x1b[2J path=/\\x1b[31m\\x9b\n",
  );
});

Deno.test("entryLines() print JSON without what a terminal or a reader of lines takes for more than a character", () => {
  const printed = line({ msg: "a\x9b2J\x7f\u2028é", fields: { "b\x85": "\u2029" } });
  assert.ok(printed.endsWith('"msg":"a\\u009b2J\\u007f\\u2028é","b\\u0085":"\\u2029"}\n'), printed);
});

Deno.test("entryLines() print all errors that one stands for", () => {
  const error = new AggregateError([new Error("refused by ::1"), new Error("refused by 127.0.0.1")], "no connection");
  const printed = JSON.parse(line({ fields: { error } })).error;
  assert.deepEqual(printed.errors.map(({ message }: Error) => message), ["refused by ::1", "refused by 127.0.0.1"]);
});

Deno.test("entryLines() print an error with its cause, and its stack only where asked", () => {
  const error = new TypeError("no answer", { cause: new Error("refused") });
  for (const stacks of [false, true]) {
    const printed = JSON.parse(line({ fields: { error } }, { stacks })).error;
    assert.equal(printed.message, "no answer");
    assert.equal(printed.cause.message, "refused");
    assert.equal("stack" in printed, stacks);
  }
});

Deno.test("entryLines() print what JSON cannot hold, and no field takes the message's place", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const big = JSON.parse(line({ msg: "big", fields: { bytes: 2n ** 64n, msg: "other" } }));
  assert.deepEqual([big.bytes, big.msg], ["18446744073709551616", "big"]);
  assert.match(line({ fields: { cycle } }), /not printable/);
});

Deno.test("entryLines() replace only the field that cannot be printed", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const broken = { toJSON: () => assert.fail("no JSON here") };
  const fields = { cycle, endpoint: "a", broken, left: undefined, at: 5, call: () => {} };
  const { cycle: circular, broken: failed, ...rest } = JSON.parse(line({ fields }));
  assert.deepEqual(rest, { level: "info", ts: "2026-11-21T10:00:00.000Z", msg: "m", endpoint: "a", at: 5 });
  assert.match(circular, /^\(not printable: .*circular/);
  assert.equal(failed, "(not printable: no JSON here)");
});

Deno.test("entryLines() print an entry whose fields cannot even be read", () => {
  const hostile = {
    toJSON() {
      throw {
        toString() {
          throw new Error("not even this");
        },
      };
    },
  };
  const { hostile: printed, a } = JSON.parse(line({ fields: { hostile, a: 1 } }));
  assert.deepEqual([printed, a], ["(not printable)", 1]);
});
