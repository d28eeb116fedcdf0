import { strict as assert } from "node:assert";
import { definitionOf } from "../../../src/core/policy.ts";
import { guard, guardDefinition, type GuardOptions, type GuardVerdict } from "../../../src/policies/guard/guard.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";
import { described, guarding, handlerOf, said } from "./guard_bed.ts";

type Check = GuardOptions["check"];

const later = (verdict: GuardVerdict): Check => () => Promise.resolve(verdict);

Deno.test("guard() lets a request pass for which its function says true", async () => {
  for (const check of [() => true, later(true)]) {
    const { exchange, reply } = await guarding(guard({ check }))();
    assert.deepEqual([reply.status, exchange.error, exchange.reason], [200, "", ""]);
  }
});

Deno.test("guard() refuses as its function says", async () => {
  const cases: [verdict: GuardVerdict, name: string | undefined, status: number, detail: string, reason: string][] = [
    [false, undefined, 403, "This request is not allowed here.", "guard"],
    [false, "country", 403, "This request is not allowed here.", "country"],
    [{}, "country", 403, "This request is not allowed here.", "country"],
    [{ status: 451, detail: "Not there.", reason: "from XX" }, "country", 451, "Not there.", "country: from XX"],
    [{ reason: "from XX" }, undefined, 403, "This request is not allowed here.", "guard: from XX"],
  ];
  for (const [verdict, name, status, detail, reason] of cases) {
    for (const check of [() => verdict, later(verdict)]) {
      const { exchange, reply } = await guarding(guard({ name, check }), () => assert.fail("it goes no further"))();
      assert.deepEqual([reply.status, exchange.error, exchange.reason], [status, "request_refused", reason]);
      const problem = JSON.parse(await readText(reply.body));
      assert.deepEqual([problem.code, problem.detail], ["request_refused", detail]);
    }
  }
});

Deno.test("guard() answers with the Response that its function returns", async () => {
  const check = () => new Response("not here", { status: 303, headers: { location: "/login" } });
  const { exchange, reply } = await guarding(
    guard({ name: "login", check }),
    () => assert.fail("it goes no further"),
  )();
  assert.deepEqual([reply.status, reply.header("location"), await readText(reply.body)], [303, "/login", "not here"]);
  assert.deepEqual([exchange.error, exchange.reason], ["request_refused", "login"]);
});

Deno.test("guard() lets nobody pass on what is no verdict, or on a function that fails", async () => {
  const broken = new Error("no database");
  const checks: Record<string, Check> = {
    throws: () => {
      throw broken;
    },
    rejects: () => Promise.reject(broken),
    nothing: () => undefined as unknown as boolean,
    one: () => 1 as unknown as boolean,
    text: later("yes" as unknown as boolean),
    list: () => [] as unknown as boolean,
    date: () => new Date() as unknown as boolean,
    status: () => ({ status: 200 }),
    fraction: () => ({ status: 400.5 }),
    detail: () => ({ detail: 7 as unknown as string }),
  };
  for (const [name, check] of Object.entries(checks)) {
    const handler = handlerOf(guard({ check }), () => assert.fail("it goes no further"));
    await assert.rejects(async () => await handler(makeExchange()), (error: Error) => {
      if (name === "throws" || name === "rejects") return error === broken;
      return error instanceof TypeError && error.message.startsWith('check of policy "route/guard" returned');
    }, name);
  }
});

Deno.test("guard() may read the body, which still goes on whole", async () => {
  const check: Check = async (ctx) => (await ctx.request.text()) === "hello";
  const handler = handlerOf(
    guard({ check }),
    async ({ body }) =>
      new Reply(200, HeaderList.of(), await readText(body).then((text) => new TextEncoder().encode(text))),
  );
  const exchange = makeExchange({ method: "POST", body: new ScriptedBody(["hel", "lo"]) });
  assert.equal(await readText((await handler(exchange)).body), "hello");
});

Deno.test("guard() adds no promise where nothing waits", () => {
  const reply = Promise.resolve(new Reply(200, HeaderList.of(), null));
  assert.equal(handlerOf(guard({ check: () => true }), () => reply)(makeExchange()), reply);
});

Deno.test("guard() needs the facts that it names, and says what it is called", () => {
  const policy = guard({ name: "owner", needs: ["jwt:sub", "param:id"], check: () => true });
  const plan = guardDefinition.schema.parse(policy.options);
  assert.deepEqual(guardDefinition.facts!(plan), { needs: ["jwt:sub", "param:id"] });
  assert.equal(definitionOf(policy), guardDefinition);
  assert.equal(described(policy), "guard: owner");
  assert.equal(described(guard({ check: () => true })), "guard");
});

Deno.test("guard() options: what check refuses, where", () => {
  const wrong: [options: unknown, said: RegExp][] = [
    [{}, /^error check: this is missing: expected a function check\(ctx\)/],
    [{ check: true }, /^error check: expected a function check\(ctx\)/],
    [{ check: () => true, name: "" }, /^error name: this is empty/],
    [{ check: () => true, name: "a b" }, /^error name: a name has up to 64 letters/],
    [{ check: () => true, needs: ["jtw:sub"] }, /^error needs\[0\]: "jtw:sub" is no fact/],
    [{ check: () => true, needs: ["ip"] }, /^error needs\[0\]: "ip" is no fact/],
    [{ check: () => true, nmae: "a" }, /nmae/],
  ];
  for (const [options, message] of wrong) {
    const found = said(guard(options as GuardOptions));
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0], message);
  }
});
