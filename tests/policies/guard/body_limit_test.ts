import { strict as assert } from "node:assert";
import { BodyError, type BodySource } from "../../../src/core/body.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { bodyLimit, type BodyLimitOptions } from "../../../src/policies/guard/body_limit.ts";
import { readAll, readText, ScriptedBody } from "../../support/exchange.ts";
import { answering, described, guarding, said } from "./guard_bed.ts";

/** What came through, as the target reads it. */
async function reading({ body }: Exchange): Promise<Reply> {
  return new Reply(200, HeaderList.of(), await readAll(body, 4));
}

Deno.test("bodyLimit() refuses at once what is announced, or here, and too long", async () => {
  const announced = (length: number) => new ScriptedBody(["x"], { length });
  const cases: [body: () => Uint8Array | BodySource | null, status: number][] = [
    [() => null, 200],
    [() => new Uint8Array(0), 200],
    [() => new Uint8Array(10), 200],
    [() => new Uint8Array(11), 413],
    [() => announced(10), 200],
    [() => announced(11), 413],
  ];
  for (const [body, status] of cases) {
    const { exchange, reply } = await guarding(bodyLimit({ max: 10 }))({ method: "POST", body: body() });
    assert.equal(reply.status, status);
    assert.equal(exchange.error, status === 413 ? "body_too_large" : "");
    if (status === 413) assert.equal(JSON.parse(await readText(reply.body)).code, "body_too_large");
  }
  const none = guarding(bodyLimit({ max: 0 }));
  assert.equal((await none({ body: null })).reply.status, 200);
  assert.equal((await none({ body: new Uint8Array(1) })).reply.status, 413);
});

Deno.test("bodyLimit() leaves a body alone whose length is known", async () => {
  for (const body of [new Uint8Array(5), new ScriptedBody(["hello"], { length: 5 })]) {
    const { exchange } = await guarding(bodyLimit({ max: 10 }))({ body });
    assert.equal(exchange.body, body);
  }
});

for (const sync of [true, false]) {
  Deno.test(`bodyLimit() counts a body of unknown length while it comes, ${sync ? "at once" : "later"}`, async () => {
    for (const pieces of [["0123456789"], ["01234", "56789"], [..."0123456789"], []]) {
      const source = new ScriptedBody(pieces, { sync });
      const { reply } = await guarding(bodyLimit({ max: 10 }), reading)({ body: source });
      assert.equal(await readText(reply.body), pieces.join(""));
      assert.equal(source.cancelled, 0);
    }
  });

  Deno.test(`bodyLimit() breaks a body off with the first byte too many, ${sync ? "at once" : "later"}`, async () => {
    const source = new ScriptedBody(["012345", "6789", "a", "b"], { sync }), got: number[] = [];
    let failure: unknown = null;
    await guarding(bodyLimit({ max: 10 }), async ({ body }) => {
      const into = new Uint8Array(100);
      try {
        for (;;) got.push(await (body as BodySource).read(into));
      } catch (error) {
        failure = error;
      }
      await assert.rejects(Promise.resolve((body as BodySource).read(into)), BodyError, "it stays broken");
      return new Reply(200, HeaderList.of(), null);
    })({ body: source });
    assert.deepEqual(got, [6, 4]);
    assert.ok(failure instanceof BodyError && failure.fault === "too-large");
    assert.equal(source.cancelled, 1);
    assert.equal(source.reads, 3, "nothing more is read");
  });
}

Deno.test("bodyLimit() passes trailers, failures and the giving up of a body on", async () => {
  const source = Object.assign(new ScriptedBody(["ab"]), { trailers: ["x-sum", "1"] });
  await guarding(bodyLimit({ max: 10 }), async ({ body }) => {
    assert.equal(await readText(body), "ab");
    assert.deepEqual((body as BodySource).trailers, ["x-sum", "1"]);
    (body as BodySource).cancel();
    return answering()(null as never);
  })({ body: source });
  assert.equal(source.cancelled, 1);
  const broken = new BodyError("client", "it broke off");
  await guarding(bodyLimit({ max: 10 }), async ({ body }) => {
    await assert.rejects(readAll(body), broken);
    return new Reply(200, HeaderList.of(), null);
  })({ body: new ScriptedBody(["ab"], { failure: broken }) });
});

Deno.test("bodyLimit() options: what check refuses, and the words of routes", () => {
  const wrong: [options: unknown, said: RegExp][] = [
    [{}, /^error max: this is missing: expected a number of bytes/],
    [{ max: -1 }, /^error max: expected a size from 0B/],
    [{ max: "1mb" }, /^error max: expected a number of bytes.* → "1MB"$/],
    [{ max: 1.5 }, /^error max: expected a whole number of bytes/],
    [{ max: 1, min: 0 }, /min/],
  ];
  for (const [options, message] of wrong) {
    const found = said(bodyLimit(options as BodyLimitOptions));
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0], message);
  }
  assert.deepEqual(said(bodyLimit({ max: 0 })), []);
  assert.equal(described(bodyLimit({ max: "1.5MiB" })), "bodyLimit: 1536KiB");
});
