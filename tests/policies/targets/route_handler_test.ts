import { strict as assert } from "node:assert";
import { contextKey } from "../../../src/core/context_key.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { RouteHandler } from "../../../src/policies/context.ts";
import { definePolicy } from "../../../src/policies/define_policy.ts";
import { routeHandler } from "../../../src/policies/targets/route_handler.ts";
import { makeEnv, makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";

const build = (handler: RouteHandler) => routeHandler(handler, makeEnv(), "GET /x");

Deno.test("routeHandler() answers with the handler's Response", async () => {
  const exchange = makeExchange({ params: { id: "7" } });
  for (const wait of [false, true]) {
    const handler: RouteHandler = ({ params }) => {
      const response = Response.json({ id: params.id }, { status: 201 });
      return wait ? Promise.resolve(response) : response;
    };
    const reply = await build(handler)(exchange);
    assert.equal(reply.status, 201);
    assert.equal(reply.header("content-type"), "application/json");
    assert.equal(await readText(reply.body), `{"id":"7"}`);
  }
  assert.ok(build(() => new Response(null, { status: 204 }))(exchange) instanceof Reply, "nothing waits for no body");
});

Deno.test("routeHandler() gives the handler the context that the policies had, and the request's body", async () => {
  const key = contextKey<string>("who"), env = makeEnv();
  const policy = definePolicy({
    name: "own",
    handle(ctx, next) {
      ctx.set(key, "me");
      return next();
    },
  });
  const terminal = build(async (ctx) => new Response(`${ctx.get(key)}: ${await ctx.request.text()}`));
  const handler = definitionOf(policy)!.build(undefined, env, "own")(terminal);
  const reply = await handler(makeExchange({ method: "POST", body: new ScriptedBody(["abc"]) }));
  assert.equal(await readText(reply.body), "me: abc");
});

Deno.test("routeHandler() can send the request's body back as it comes", async () => {
  const body = new ScriptedBody(["abc", "def"]);
  const reply = await build((ctx) => new Response(ctx.request.body))(makeExchange({ method: "POST", body }));
  assert.equal(body.reads, 0, "nothing is read ahead");
  assert.equal(await readText(reply.body), "abcdef");
});

Deno.test("routeHandler() lets errors pass up, and names the route of a wrong result", async () => {
  assert.throws(() =>
    build(() => {
      throw new RangeError("boom");
    })(makeExchange()), RangeError);
  await assert.rejects(
    Promise.resolve(build(() => Promise.reject(new RangeError("boom")))(makeExchange())),
    RangeError,
  );
  const cases: [unknown, RegExp][] = [
    [undefined, /the handler of route "GET \/x" returned nothing: return a Response/],
    ["text", /returned a string/],
    [new Reply(200, makeExchange().headers, null), /returned an object of class Reply/],
    [Response.error(), /the handler of route "GET \/x" returned Response\.error\(\)/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => build(() => value as Response)(makeExchange()), message);
    await assert.rejects(Promise.resolve(build(() => Promise.resolve(value as Response))(makeExchange())), message);
  }
});
