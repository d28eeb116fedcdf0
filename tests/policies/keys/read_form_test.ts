import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError } from "../../../src/core/body.ts";
import { FORM_BYTES, readForm } from "../../../src/policies/keys/read_form.ts";
import { makeEnv, makeExchange, readAll, readText, ScriptedBody } from "../../support/exchange.ts";
import { bytesOf, END, fieldsOf, file, formRequest, knownIn, MULTIPART, part, URLENCODED } from "./form_bed.ts";

const FORMS: readonly [type: string, body: Uint8Array<ArrayBuffer>][] = [
  [URLENCODED, bytesOf("a=1&user=%C3%A9", [0xc3, 0xa9], "é%&b=2;c=3&d=é+")],
  [URLENCODED, bytesOf("?user=decoy&user=victim")],
  [MULTIPART, bytesOf("\r\n", part("ü", "aé\r\n-\r\n--c"), file("f", "--a\r\n"), part("user", "ann"), END)],
  [MULTIPART, bytesOf(part("user", "rnd"), part("user", "victim"), part("b", "2"), END)],
  [MULTIPART, bytesOf(part("user", "rnd"), part("a", "x\r\n--bZZ"), END)],
];

Deno.test("readForm() finds the same in whatever pieces a body comes, and the body goes on whole", async () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
  const env = makeEnv();
  for (const [type, body] of FORMS) {
    const expected = await fieldsOf(type, body);
    const holds = async (cuts: readonly number[], known: boolean) => {
      const ends = [...cuts, body.length].sort((a, b) => a - b);
      const pieces = ends.map((end, i) => body.subarray(ends[i - 1] ?? 0, end)).filter(({ length }) => length > 0);
      const source = new ScriptedBody(pieces, { length: known ? body.length : undefined });
      const exchange = formRequest(type, source);
      await readForm(exchange, env);
      assert.deepEqual(knownIn(exchange), expected);
      assert.deepEqual(await readAll(exchange.body, 7), body);
    };
    for (let cut = 1; cut < body.length; cut++) await holds([cut], cut % 2 === 0);
    await fc.assert(
      fc.asyncProperty(
        cuts,
        fc.boolean(),
        (cuts, known) => holds(cuts.map((at) => Math.floor(at * body.length)), known),
      ),
      { numRuns: 30 },
    );
  }
});

Deno.test("readForm() knows no field of a body that is no form, or encoded", async () => {
  const env = makeEnv();
  for (const [type, coding] of [["application/json", null], [URLENCODED, "gzip"], [URLENCODED, "identity"]] as const) {
    const body = new ScriptedBody(["user=ann"]), headers: [string, string][] = [["content-type", type]];
    if (coding !== null) headers.push(["content-encoding", coding]);
    const exchange = makeExchange({ body, headers });
    await readForm(exchange, env);
    assert.deepEqual([knownIn(exchange), body.reads, exchange.body], [{}, 0, body]);
  }
  const bodiless = makeExchange({ headers: [["content-type", URLENCODED]] });
  await readForm(bodiless, env);
  assert.deepEqual([knownIn(bodiless), bodiless.body], [{}, null]);
});

Deno.test("readForm() looks into the first 64 KiB, be the body here or still to come", async () => {
  const env = makeEnv(), large = "x".repeat(FORM_BYTES);
  const fits = FORM_BYTES - "user=ann&a=".length;
  const cases: [type: string, text: string, fields: Record<string, string>][] = [
    [URLENCODED, `user=ann&a=${large}&b=2`, {}],
    [URLENCODED, `a=${large}&user=ann`, {}],
    [URLENCODED, `user=ann&a=${large.slice(0, fits)}`, { user: "ann", a: `${fits} bytes` }],
    [URLENCODED, `user=ann&a=${large.slice(0, fits - 6)}&user=victim`, {}],
    [URLENCODED, `user=ann&a=${large.slice(0, fits - 6)}&usex=victim`, {}],
    [URLENCODED, `user=ann&a=${large.slice(0, fits)}&user=victim`, {}],
    [MULTIPART, part("user", "ann") + file("f", large) + END, { user: "ann" }],
    [MULTIPART, file("f", large) + part("user", "ann") + END, {}],
    [MULTIPART, part("user", "ann") + part("user", large) + END, {}],
    [MULTIPART, part("user", "ann") + part("user", "x", `y: ${large}`) + END, {}],
    [MULTIPART, part("user", "ann") + file("f", large.slice(0, -8192)) + part("a", "x", `y: ${large}`) + END, {
      user: "ann",
    }],
    [MULTIPART, part("user", "ann") + file("f", large) + part("user", "victim") + END, { user: "ann" }],
  ];
  for (const [type, text, fields] of cases) {
    const name = `${text.slice(0, 60)} … ${text.slice(-60)}`;
    const source = new ScriptedBody([text], { length: text.length });
    for (const exchange of [formRequest(type, source), formRequest(type, bytesOf(text))]) {
      await readForm(exchange, env);
      const known = Object.entries(knownIn(exchange)).map(([name, value]) => [name, shortened(value)]);
      assert.deepEqual(Object.fromEntries(known), fields, name);
      assert.ok(await readText(exchange.body) === text, name);
    }
  }
});

function shortened(value: string): string {
  return value.length < 100 ? value : `${value.length} bytes`;
}

Deno.test("readForm() knows where a form may be cut at 64 KiB, wherever that falls", async () => {
  const env = makeEnv(), user = part("user", "ann"), last = part("a", "1");
  const room = FORM_BYTES - user.length - file("f", "").length;
  // What follows is no head, but that is not seen.
  for (const rest of [`--b\r\n${"x".repeat(200)}`, END + "\r\n".repeat(100)]) {
    for (let seen = 0; seen < last.length + 10; seen++) {
      const body = user + file("f", "x".repeat(room - seen)) + last + rest;
      const exchange = formRequest(MULTIPART, new ScriptedBody([body]));
      await readForm(exchange, env);
      const whole = seen >= last.length + "--b--".length;
      assert.deepEqual(knownIn(exchange), whole ? { user: "ann", a: "1" } : { user: "ann" }, `${seen} bytes of it`);
    }
  }
});

Deno.test("readForm() makes every field known to whoever asks second, who does not read again", async () => {
  const env = makeEnv(), user = part("user", "ann"), card = part("card", "4711");
  const forms: [type: string, pieces: string[]][] = [
    [URLENCODED, ["user=ann&", "card=4711"]],
    [MULTIPART, [user + card + END]],
    [MULTIPART, [user + "--b", card.slice("--b".length) + END]],
    [MULTIPART, [...user + card + END]],
  ];
  for (const [type, pieces] of forms) {
    const body = new ScriptedBody(pieces), exchange = formRequest(type, body);
    await readForm(exchange, env);
    const { reads } = body, rejoined = exchange.body;
    await readForm(exchange, env);
    assert.deepEqual(knownIn(exchange), { user: "ann", card: "4711" });
    assert.deepEqual([body.reads, exchange.body], [reads, rejoined]);
  }
});

Deno.test("readForm() fails as the body does that breaks off", async () => {
  const env = makeEnv(), failure = new BodyError("client", "gone");
  const exchange = formRequest(URLENCODED, new ScriptedBody(["user=ann"], { failure }));
  await assert.rejects(readForm(exchange, env), failure);
  assert.deepEqual([knownIn(exchange), env.deadlines.size], [{}, 0]);
});
