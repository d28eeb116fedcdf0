import { strict as assert } from "node:assert";
import { BodyError } from "../../src/core/body.ts";
import { contextKey } from "../../src/core/context_key.ts";
import type { FactsOf } from "../../src/core/facts.ts";
import type { Exchange } from "../../src/core/exchange.ts";
import type { Handler, MaybePromise } from "../../src/core/handler.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { definitionOf, type GivesOf, type NeedsOf, type Policy } from "../../src/core/policy.ts";
import { Reply } from "../../src/core/reply.ts";
import { definePolicy, type PolicyResult } from "../../src/policies/define_policy.ts";
import type { Context, ContextReply } from "../../src/policies/context.ts";
import { makeEnv, makeExchange, readText, ScriptedBody } from "../support/exchange.ts";

/** The chain of these policies, outermost first, before a terminal. */
function chain(terminal: Handler, ...policies: Policy[]): Handler {
  return policies.reduceRight((next, policy, i) => {
    const definition = definitionOf(policy)!;
    return definition.build(policy.options, makeEnv(), `route/${policy.kind}#${i}`)(next);
  }, terminal);
}

/** A policy of one function. */
const custom = (handle: (ctx: Context, next: () => MaybePromise<ContextReply>) => MaybePromise<PolicyResult>) =>
  definePolicy({ name: "custom", handle });

const through = custom((_ctx, next) => next());

function ok(body: Reply["body"] = null): Reply {
  return new Reply(200, HeaderList.of("x-from", "below"), body);
}

/** Runs `run` in a world where every web object is a trap. */
function withoutWebObjects<T>(run: () => T): T {
  const names = ["Request", "Response", "Headers", "ReadableStream", "AbortController"] as const;
  const saved = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!);
  for (const name of names) {
    const trap = class {
      constructor() {
        throw new Error(`a ${name} was made`);
      }
    };
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: trap });
  }
  try {
    return run();
  } finally {
    names.forEach((name, i) => Object.defineProperty(globalThis, name, saved[i]));
  }
}

Deno.test("definePolicy() records a frozen value that prints as its kind and options", () => {
  const policy = definePolicy({ name: "audit", options: { to: "x" }, handle: (_ctx, next) => next() });
  assert.equal(JSON.stringify(policy), `{"kind":"audit","options":{"to":"x"}}`);
  assert.ok(Object.isFrozen(policy));
  assert.equal(definitionOf(policy)!.kind, "audit");
});

Deno.test("definePolicy() tells its facts to check and to the compiler", () => {
  const policy = definePolicy({
    name: "own",
    needs: ["param:id", "jwt:sub"],
    gives: ["consumer"],
    handle(ctx, next) {
      const id: string = ctx.params.id;
      // @ts-expect-error -- the policy did not say that it needs this parameter
      const other: unknown = ctx.params.other;
      const sub: unknown = ctx.identity?.claims?.sub;
      assert.deepEqual([id, other, sub], ["7", undefined, undefined]);
      return next();
    },
  });
  assert.deepEqual(definitionOf(policy)!.facts!(undefined), { needs: ["param:id", "jwt:sub"], gives: ["consumer"] });
  const needs: NeedsOf<typeof policy> extends FactsOf<"param:id" | "jwt:sub"> ? true : false = true;
  const gives: GivesOf<typeof policy> extends "consumer" ? true : false = true;
  const none: [NeedsOf<typeof through>] extends [never] ? true : false = true;
  assert.ok(needs && gives && none);
  // A chain around the call must not be taken for what the policy needs.
  const list: readonly [Policy<"x", "jwt:a", "jwt:b">] | readonly Policy<"x", never, never>[] = [
    definePolicy({ name: "x", handle: (_ctx, next) => next() }),
  ];
  assert.equal(list.length, 1);
  chain(() => ok(), policy)(makeExchange({ params: { id: "7" } }));
});

Deno.test("definePolicy() leaves it to check to refuse a name, facts and a handle", () => {
  const handle = (_ctx: Context, next: () => MaybePromise<ContextReply>) => next();
  const cases: [object, RegExp | null][] = [
    [{ name: "ok2B", handle }, null],
    [{ name: "Bad", handle }, /definePolicy: name: .*lower case/],
    [{ name: "a-b", handle }, /definePolicy: name/],
    [{ name: "", handle }, /definePolicy: name/],
    [{ name: "a", needs: ["param:id", "ip"], handle }, /definePolicy: needs\.1: needs lists facts/],
    [{ name: "a", gives: ["jwt:"], handle }, /definePolicy: gives\.0/],
    [{ name: "a" }, /definePolicy: handle: .*function/],
  ];
  for (const [init, message] of cases) {
    const policy = definePolicy(init as Parameters<typeof definePolicy>[0]);
    const { success, error } = definitionOf(policy)!.schema.safeParse(policy.options);
    assert.equal(success, message === null, JSON.stringify(init));
    if (message !== null) assert.match(error!.issues[0].message, message);
  }
});

Deno.test("a policy that passes on gives what came from below: the same reply, the same promise", async () => {
  const reply = ok(), promise = Promise.resolve(reply), exchange = makeExchange();
  assert.equal(chain(() => reply, through, through)(exchange), reply);
  assert.equal(chain(() => promise, through, through)(exchange), promise);
  assert.equal(await chain(() => promise, custom(async (_ctx, next) => await next()), through)(exchange), reply);
});

Deno.test("a policy that touches no web object makes none", () => {
  const exchange = makeExchange({ headers: [["x-a", "1"]], body: new ScriptedBody(["abc"]), method: "POST" });
  const reply = ok(new ScriptedBody(["abc"])), key = contextKey<number>("n");
  const edit = custom((ctx, next) => {
    ctx.set(key, 1);
    ctx.setHeader("x-b", ctx.header("X-A") + ctx.requestId + ctx.path + ctx.query + ctx.host + ctx.method + ctx.route);
    ctx.removeHeader("x-a");
    ctx.identity = { subject: ctx.client.ip + ctx.params.id };
    const reply = next() as ContextReply;
    reply.setHeader("x-c", `${reply.status}${reply.header("x-from")}${ctx.get(key)}`);
    return reply;
  });
  withoutWebObjects(() => assert.equal(chain(() => reply, edit, through)(exchange), reply));
  assert.equal(reply.header("x-c"), "200below1");
  assert.equal(exchange.headers.get("x-a"), null);
  assert.throws(
    () => withoutWebObjects(() => chain(() => reply, custom((ctx) => ctx.request as never))(exchange)),
    /made/,
  );
});

Deno.test("all policies of an exchange see one context, and another exchange another", () => {
  const seen: Context[] = [];
  const look = custom((ctx, next) => {
    seen.push(ctx);
    return next();
  });
  const handler = chain(() => ok(), look, look);
  handler(makeExchange());
  handler(makeExchange());
  assert.equal(seen[0], seen[1]);
  assert.notEqual(seen[0], seen[2]);
});

Deno.test("Context shows the exchange as it is now", () => {
  const exchange: Exchange = makeExchange({ method: "PUT", path: "/p", query: "?q", route: "r", params: { id: "7" } });
  let seen: Context | undefined;
  chain(
    () => ok(),
    custom((ctx, next) => {
      seen = ctx;
      return next();
    }),
  )(exchange);
  const { method, path, query, host, params, client, route, requestId } = seen!;
  assert.deepEqual({ method, path, query, host, params, client, route, requestId }, {
    method: "PUT",
    path: "/p",
    query: "?q",
    host: "gateway.test",
    params: { id: "7" },
    client: exchange.client,
    route: "r",
    requestId: "req-1",
  });
  exchange.identity = { subject: "s" };
  assert.equal(seen!.identity?.subject, "s");
  seen!.identity = { subject: "t" };
  assert.equal(exchange.identity.subject, "t");
  assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  assert.equal(seen!.request, seen!.request);
});

Deno.test("Context.signal aborts when the client goes away, also when it has gone already", () => {
  const exchange = makeExchange();
  let signal: AbortSignal | undefined;
  const look = custom((ctx, next) => {
    signal = ctx.signal;
    return next();
  });
  chain(() => ok(), look)(exchange);
  assert.equal(signal!.aborted, false);
  exchange.abort();
  assert.equal(signal!.aborted, true);
  const gone = makeExchange();
  gone.abort();
  chain(() => ok(), look)(gone);
  assert.equal(signal!.aborted, true);
});

Deno.test("Context.signal does not abort when the answer is out; what was begun for the client is given up", () => {
  const exchange = makeExchange(), given: string[] = [];
  let signal: AbortSignal | undefined;
  chain(
    () => {
      exchange.onAbort({ abandon: () => given.push("attempt") });
      return ok();
    },
    custom((ctx, next) => {
      signal = ctx.signal;
      return next();
    }),
  )(exchange);
  exchange.end();
  assert.deepEqual([signal!.aborted, given], [false, ["attempt"]]);
});

Deno.test("Context.setHeader() refuses framing and what could break a head", () => {
  const exchange = makeExchange();
  chain(
    () => ok(),
    custom((ctx, next) => {
      for (const name of ["Host", "content-length", "Transfer-Encoding", "connection", "x-forwarded-for", "te"]) {
        assert.throws(() => ctx.setHeader(name, "1"), /cannot be changed on a request/, name);
        assert.throws(() => ctx.removeHeader(name), TypeError, name);
      }
      assert.throws(() => ctx.setHeader("x-a", "a\r\nb: c"), TypeError);
      assert.throws(() => ctx.setHeader("a b", "c"), TypeError);
      return next();
    }),
  )(exchange);
  assert.deepEqual(exchange.headers.flat(), []);
});

Deno.test("a policy may answer with a Response or a Reply of its own", async () => {
  const exchange = makeExchange();
  const never: Handler = () => assert.fail("next() was not called");
  const response = await chain(never, custom(() => new Response("no", { status: 403 })))(exchange);
  assert.equal(response.status, 403);
  assert.equal(await readText(response.body), "no");
  const reply = Reply.text(418, "tea");
  assert.equal(chain(never, custom(() => reply))(exchange), reply);
  const late = await chain(never, custom(() => Promise.resolve(new Response(null, { status: 204 }))))(exchange);
  assert.equal(late.status, 204);
  assert.ok(chain(never, custom(() => new Response(null)))(exchange) instanceof Reply, "and nothing waits");
});

Deno.test("a policy may return the Response of a reply, changed", async () => {
  const body = new ScriptedBody(["abc"]);
  const edit = custom(async (_ctx, next) => {
    const response = (await next()).response();
    response.headers.set("x-a", "1");
    return new Response(response.body, { status: 202, headers: response.headers });
  });
  const reply = await chain(() => Promise.resolve(ok(body)), through, edit)(makeExchange());
  assert.equal(reply.status, 202);
  assert.equal(reply.header("x-a"), "1");
  assert.equal(reply.header("x-from"), "below");
  assert.equal(reply.body, body);
  assert.equal(body.cancelled, 0);
});

Deno.test("a policy may return a Response made of what it read", async () => {
  const upper = custom(async (_ctx, next) => {
    const response = (await next()).response();
    return new Response((await response.text()).toUpperCase(), response);
  });
  const reply = await chain(() => ok(new ScriptedBody(["abc"], { length: 3 })), upper)(makeExchange());
  assert.equal(await readText(reply.body), "ABC");
});

Deno.test("a policy sees one reply, whatever stands between it and the one behind", async () => {
  let inner: ContextReply | undefined, outer: ContextReply | undefined;
  const handler = chain(
    () => Promise.resolve(ok()),
    custom(async (_ctx, next) => outer = await next()),
    custom(async (_ctx, next) => inner = await next()),
  );
  await handler(makeExchange());
  assert.ok(inner !== undefined);
  assert.equal(inner, outer);
});

Deno.test("what comes from below and is not returned is given up", async (t) => {
  type Handle = (ctx: Context, next: () => MaybePromise<ContextReply>) => MaybePromise<PolicyResult>;
  const own = () => new Response("own");
  const ways: Record<string, Handle> = {
    "a Response in its place": async (_ctx, next) => {
      await next();
      return own();
    },
    "a Reply in its place": async (_ctx, next) => {
      await next();
      return Reply.text(200, "own");
    },
    "an answer that does not wait": (_ctx, next) => {
      next();
      return own();
    },
    "its Response, unread, in its place another": async (_ctx, next) => {
      (await next()).response();
      return own();
    },
  };
  for (const [name, handle] of Object.entries(ways)) {
    for (const kind of ["at once", "later"]) {
      await t.step(`${name}, ${kind}`, async () => {
        const body = new ScriptedBody(["abc"]);
        const below: Handler = kind === "later" ? () => Promise.resolve(ok(body)) : () => ok(body);
        const reply = await chain(below, custom(handle))(makeExchange());
        assert.equal(await readText(reply.body), "own");
        assert.equal(body.cancelled, 1);
      });
    }
  }
  await t.step("it throws", async () => {
    const body = new ScriptedBody(["abc"]);
    const fail = custom((_ctx, next) => {
      next();
      throw new RangeError("boom");
    });
    assert.throws(() => chain(() => ok(body), fail)(makeExchange()), RangeError);
    assert.equal(body.cancelled, 1);
    const failLater = custom(async (_ctx, next) => {
      await next();
      throw new RangeError("boom");
    });
    const late = new ScriptedBody(["abc"]);
    await assert.rejects(
      Promise.resolve(chain(() => Promise.resolve(ok(late)), failLater)(makeExchange())),
      RangeError,
    );
    assert.equal(late.cancelled, 1);
  });
});

Deno.test("a failure below reaches who waits for it, and nobody else", async () => {
  const below = () => Promise.reject(new RangeError("boom"));
  const exchange = makeExchange();
  await assert.rejects(Promise.resolve(chain(below, through)(exchange)), RangeError);
  await assert.rejects(Promise.resolve(chain(below, custom(async (_ctx, next) => await next()))(exchange)), RangeError);
  const caught = custom(async (_ctx, next) => {
    try {
      return await next();
    } catch {
      return new Response(null, { status: 503 });
    }
  });
  assert.equal((await chain(below, caught)(exchange)).status, 503);
  // An unhandled rejection would fail this test.
  const deaf = custom((_ctx, next) => {
    next();
    return new Response(null, { status: 200 });
  });
  assert.equal((await chain(below, deaf)(exchange)).status, 200);
  await new Promise<void>((done) => setTimeout(done, 0));
});

Deno.test("what a policy must not return fails with its id and what to return", async () => {
  const cases: [unknown, RegExp][] = [
    [undefined, /policy "route\/custom#0" returned nothing: return a Response, or what next\(\) gave/],
    [null, /returned null/],
    ["text", /returned a string/],
    [new Headers(), /returned an object of class Headers/],
    [{ __proto__: null }, /returned an object/],
    [Response.error(), /Response\.error\(\)/],
  ];
  for (const [value, message] of cases) {
    const body = new ScriptedBody(["abc"]);
    const wrong = custom((_ctx, next) => {
      next();
      return value as Response;
    });
    assert.throws(() => chain(() => ok(body), wrong)(makeExchange()), message);
    assert.equal(body.cancelled, 1);
    const later = custom(() => Promise.resolve(value as Response));
    await assert.rejects(Promise.resolve(chain(() => ok(), later)(makeExchange())), message);
  }
});

Deno.test("next() called twice fails with the policy's id", () => {
  const twice = custom((_ctx, next) => {
    next();
    return next();
  });
  let calls = 0;
  assert.throws(
    () => chain(() => (calls++, ok()), twice)(makeExchange()),
    /policy "route\/custom#0" called next\(\) twice/,
  );
  assert.equal(calls, 1);
});

Deno.test("a policy reads the body, and the upstream gets it whole", async () => {
  let seen = "", sent = "";
  const terminal: Handler = async (exchange) => {
    sent = await readText(exchange.body);
    return ok();
  };
  const look = custom(async (ctx, next) => {
    const copy = ctx.request.clone();
    const reply = await next();
    seen = await copy.text();
    return reply;
  });
  await chain(terminal, look)(makeExchange({ method: "POST", body: new ScriptedBody(["abc", "def"]) }));
  assert.deepEqual([seen, sent], ["abcdef", "abcdef"]);
});

Deno.test("a body above 1 MiB fails the policy that reads it, with the fault that becomes a 413", async () => {
  const body = new ScriptedBody([], { length: 2 ** 20 + 1 });
  const read = custom(async (ctx, next) => {
    await ctx.request.json();
    return next();
  });
  await assert.rejects(
    Promise.resolve(chain(() => ok(), read)(makeExchange({ method: "POST", body }))),
    (error) => error instanceof BodyError && error.fault === "too-large",
  );
});

Deno.test("a request first touched after next() cannot be read there, but can be by a policy further in", async () => {
  const sent: string[] = [], read: string[] = [];
  const terminal: Handler = async (exchange) => {
    sent.push(await readText(exchange.body));
    return ok();
  };
  const inner = custom(async (ctx, next) => {
    read.push(await ctx.request.text());
    return next();
  });
  const late = custom(async (ctx, next) => {
    const reply = await next();
    await assert.rejects(ctx.request.clone().text(), /before next\(\)/);
    return reply;
  });
  const post = () => makeExchange({ method: "POST", body: new ScriptedBody(["abc"]) });
  await chain(terminal, through, inner)(post());
  await chain(terminal, late)(post());
  assert.deepEqual([read, sent], [["abc"], ["abc", "abc"]]);
});
