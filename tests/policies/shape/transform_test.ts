import { strict as assert } from "node:assert";
import { type Body, BodyError } from "../../../src/core/body.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { transform, transformDefinition } from "../../../src/policies/shape/transform.ts";
import { transformSchema } from "../../../src/policies/shape/transform_schema.ts";
import {
  type ExchangeOptions,
  makeEnv,
  makeExchange,
  readText,
  ScriptedBody,
  type TestEnv,
} from "../../support/exchange.ts";

type Options = Parameters<typeof transform>[0];

const JSON_TYPE: readonly [string, string] = ["content-type", "application/json"];
const bytes = (text: string) => new TextEncoder().encode(text);

class Bed {
  readonly env: TestEnv = makeEnv();
  passed: Exchange | null = null;
  readonly #options: Options;
  readonly #answer: () => Reply | Promise<Reply>;

  constructor(options: Options, answer: () => Reply | Promise<Reply> = () => new Reply(200, HeaderList.of(), null)) {
    this.#options = options;
    this.#answer = answer;
  }

  async ask(request: ExchangeOptions = {}): Promise<Reply & { code?: string }> {
    const handler = transformDefinition.build(transformSchema.parse(this.#options), this.env, "a/transform")(
      (exchange) => {
        this.passed = exchange;
        return this.#answer();
      },
    );
    const exchange = makeExchange({ method: "POST", ...request });
    return Object.assign(await handler(exchange), { code: exchange.error });
  }

  async sent(body: Body, headers: readonly (readonly [string, string])[] = [JSON_TYPE]): Promise<string> {
    const { status } = await this.ask({ body, headers });
    return status === 200 && this.passed !== null ? await readText(this.passed.body) : String(status);
  }
}

function answer(text: string, fields: readonly string[] = [], status = 200): () => Reply {
  return () => new Reply(status, HeaderList.of(...JSON_TYPE, ...fields), bytes(text));
}

Deno.test("transform() maps a request's body by a function or a template, however it comes", async () => {
  const byTemplate: Options = { request: { body: { order: "{body:/id}", from: "{ip}" } } };
  const byFunction: Options = {
    request: { body: (order: { id: number }, ctx) => ({ order: order.id, from: ctx.client.ip }) },
  };
  const waiting: Options = {
    request: { body: async (order: { id: number }) => (await null, { order: order.id, from: "192.0.2.7" }) },
  };
  for (const options of [byTemplate, byFunction, waiting]) {
    const bed = new Bed(options);
    for (
      const body of [
        bytes('{"id":7}'),
        new ScriptedBody(['{"i', 'd":7}']),
        new ScriptedBody(['{"id":7}'], { length: 8, sync: true }),
      ]
    ) {
      assert.equal(await bed.sent(body), '{"order":7,"from":"192.0.2.7"}');
    }
  }
});

Deno.test("transform() corrects the fields of a request that it changes", async () => {
  const bed = new Bed({ request: { body: ["{body:}"] } });
  await bed.sent(bytes("1"), [JSON_TYPE, ["content-length", "1"], ["content-digest", "x"], ["digest", "y"], [
    "x-kept",
    "z",
  ]]);
  assert.deepEqual(bed.passed?.headers.flat(), ["content-type", "application/json", "x-kept", "z"]);
});

Deno.test("transform() refuses requests that it cannot read, and passes or refuses other types", async () => {
  const options: Options = { request: { body: ["{body:}"], maxBody: 10 } };
  const strict: Options = { request: { body: ["{body:}"], maxBody: 10, otherTypes: "refuse" } };
  const rows: [body: Body, headers: [string, string][], pass: string, refuse: string][] = [
    [bytes("[1]"), [["content-type", "application/problem+json; charset=utf-8"]], "[[1]]", "[[1]]"],
    [bytes("<a>"), [["content-type", "text/xml"]], "<a>", "415"],
    [bytes("[1]"), [], "[1]", "415"],
    [bytes("[1]"), [["content-type", "application/json; charset=utf-16"]], "[1]", "415"],
    [bytes("[1]"), [["content-type", "application/json"], ["content-encoding", "gzip"]], "[1]", "415"],
    [bytes("{]"), [["content-type", "application/json"]], "400", "400"],
    [bytes('{"a":1,"a":2}'.slice(0, 13)), [["content-type", "application/json"]], "413", "413"],
    [new ScriptedBody(["[1234567", "890]"]), [["content-type", "application/json"]], "413", "413"],
    [new ScriptedBody([], { length: 11 }), [["content-type", "application/json"]], "413", "413"],
    [new ScriptedBody(["[12345678]"]), [["content-type", "application/json"]], "[[12345678]]", "[[12345678]]"],
    [new ScriptedBody([]), [["content-type", "application/json"]], "", ""],
    [new ScriptedBody([], { length: 0 }), [], "", ""],
    [new Uint8Array(0), [["content-type", "application/json"]], "", ""],
    [null, [], "", ""],
  ];
  for (const [i, [body, headers, pass, refuse]] of rows.entries()) {
    const again = body instanceof ScriptedBody ? null : body;
    assert.equal(await new Bed(options).sent(body, headers), pass, `row ${i}`);
    if (again !== null) assert.equal(await new Bed(strict).sent(again, headers), refuse, `row ${i}`);
  }
});

Deno.test("transform() says with a code why it refuses", async () => {
  const bed = new Bed({ request: { body: ["{body:}"], maxBody: 10, otherTypes: "refuse" } });
  for (
    const [text, type, code] of [["{]", "application/json", "invalid_json"], [
      "x".repeat(11),
      "application/json",
      "body_too_large",
    ], ["x", "text/plain", "unsupported_media_type"]]
  ) {
    const reply = await bed.ask({ body: bytes(text), headers: [["content-type", type]] });
    assert.equal(JSON.parse(await readText(reply.body)).code, code);
    assert.equal(reply.code, code);
  }
});

Deno.test("transform() hands on how a request's body ends badly, and what a function throws", async () => {
  const bed = new Bed({
    request: {
      body: () => {
        throw new RangeError("mine");
      },
    },
  });
  const failure = new BodyError("client", "gone");
  await assert.rejects(() => bed.sent(new ScriptedBody(["["], { failure })), failure);
  await assert.rejects(() => bed.sent(bytes("1")), RangeError);
  await assert.rejects(
    () => new Bed({ request: { body: () => undefined } }).sent(bytes("1")),
    /returned nothing that JSON can hold/,
  );
});

Deno.test("transform() maps answers by status, and leaves others as they are", async () => {
  const options: Options = {
    response: {
      body: (value, ctx, reply) => ({ value, path: ctx.path, status: reply.status }),
      statuses: ["2xx", 404],
    },
  };
  for (const [status, changed] of [[200, true], [201, true], [404, true], [400, false], [500, false]] as const) {
    const reply = await new Bed(options, answer("1", [], status)).ask();
    assert.equal(
      await readText(reply.body),
      changed ? `{"value":1,"path":"/","status":${status}}` : "1",
      String(status),
    );
  }
});

Deno.test("transform() maps answers that are still arriving, and corrects their fields", async () => {
  const fields = [
    ...JSON_TYPE,
    "etag",
    '"a"',
    "content-length",
    "9",
    "repr-digest",
    "x",
    "accept-ranges",
    "bytes",
    "vary",
    "a",
  ];
  const bed = new Bed(
    { response: { body: { only: "{body:/a}" } } },
    () => Promise.resolve(new Reply(200, HeaderList.of(...fields), new ScriptedBody(['{"a":1', ',"b":2}']))),
  );
  const reply = await bed.ask();
  assert.equal(await readText(reply.body), '{"only":1}');
  assert.deepEqual(reply.headers.flat(), [...JSON_TYPE, "vary", "a", "etag", 'W/"a"']);
});

Deno.test("transform() asks upstreams for whole answers that it can read", async () => {
  const bed = new Bed({ response: { body: "{body:}" } }, answer("1"));
  for (const accepted of [[], [["accept-encoding", "gzip"]]] as [string, string][][]) {
    await bed.ask({ headers: [["range", "bytes=0-9"], ["if-range", '"a"'], ...accepted] });
    assert.deepEqual(bed.passed?.headers.flat(), ["accept-encoding", "identity"]);
  }
});

Deno.test("transform() leaves empty answers as they are", async () => {
  for (const body of [new Uint8Array(0), new ScriptedBody([]), new ScriptedBody([], { length: 0 })]) {
    const bed = new Bed(
      { response: { body: ["{body:}"], otherTypes: "refuse" } },
      () => new Reply(201, HeaderList.of(...JSON_TYPE, "etag", '"a"'), body),
    );
    const reply = await bed.ask();
    assert.deepEqual([reply.status, reply.header("etag"), await readText(reply.body)], [201, '"a"', ""]);
  }
});

Deno.test("transform() names a tag in an answer 304 as the client has it", async () => {
  for (const [asked, answered] of [['W/"a"', 'W/"a"'], ['"a"', '"a"']]) {
    const bed = new Bed({ response: { body: 1 } }, () => new Reply(304, HeaderList.of("etag", '"a"'), null));
    assert.equal((await bed.ask({ method: "GET", headers: [["if-none-match", asked]] })).header("etag"), answered);
  }
});

Deno.test("transform() turns answers that it cannot read into 502, or passes what is no JSON", async (t) => {
  const failure = (fault: "endpoint" | "endpoint-timeout") => () =>
    new Reply(200, HeaderList.of(...JSON_TYPE), new ScriptedBody(["["], { failure: new BodyError(fault, "x") }));
  const long = () => new Reply(200, HeaderList.of(...JSON_TYPE), new ScriptedBody(["x".repeat(101)]));
  const rows: [name: string, make: () => Reply, pass: number | string, refuse: number | string][] = [
    ["no JSON", answer("<html>"), "upstream_body_unreadable", "upstream_body_unreadable"],
    ["too long", answer(`"${"x".repeat(100)}"`), "upstream_body_too_large", "upstream_body_too_large"],
    ["too long a stream", long, "upstream_body_too_large", "upstream_body_too_large"],
    ["one that breaks off", failure("endpoint"), "upstream_body_broken", "upstream_body_broken"],
    ["one that stalls", failure("endpoint-timeout"), "upstream_body_timeout", "upstream_body_timeout"],
    ["another type", () => Reply.text(200, "hello"), 200, "upstream_body_unreadable"],
    ["an encoded one", answer("1", ["content-encoding", "br"]), 200, "upstream_body_unreadable"],
    ["a part", answer("1", [], 206), 206, "upstream_body_unreadable"],
    ["none", () => new Reply(200, HeaderList.of(), null), 200, 200],
    ["no content", () => new Reply(204, HeaderList.of(...JSON_TYPE), null), 204, 204],
  ];
  for (const [name, make, pass, refuse] of rows) {
    await t.step(name, async () => {
      for (const [otherTypes, wanted] of [["pass", pass], ["refuse", refuse]] as const) {
        const bed = new Bed({ response: { body: ["{body:}"], maxBody: 100, otherTypes } }, make),
          reply = await bed.ask();
        const isRefused = typeof wanted === "string";
        assert.equal(isRefused ? reply.code : reply.status, wanted);
        assert.equal(bed.env.logged.length, isRefused ? 1 : 0);
        if (isRefused) assert.equal(reply.status, wanted === "upstream_body_timeout" ? 504 : 502);
      }
    });
  }
});

Deno.test("transform() gives up an answer that is too long", async () => {
  const body = new ScriptedBody(["x".repeat(50), "x".repeat(51), "never read"]);
  await new Bed({ response: { body: 1, maxBody: 100 } }, () => new Reply(200, HeaderList.of(...JSON_TYPE), body)).ask();
  assert.ok(body.cancelled > 0);
});

Deno.test("transform() answers HEAD with the fields of GET and without a length", async () => {
  const fields = [...JSON_TYPE, "content-length", "10", "etag", '"a"'];
  const reply = await new Bed({ response: { body: 1 } }, () => new Reply(200, HeaderList.of(...fields), null)).ask({
    method: "HEAD",
  });
  assert.deepEqual(reply.headers.flat(), [...JSON_TYPE, "etag", 'W/"a"']);
});

Deno.test("transform() takes only options that mean something", () => {
  const wrong: [unknown, RegExp, string][] = [
    [{}, /nothing is transformed/, ""],
    [{ request: {} }, /this is missing/, "request.body"],
    [{ request: { body: { a: "{nope}" } } }, /is not a key/, "request.body.a"],
    [{ request: { body: 1, maxBody: "1 MB" } }, /a size such as/, "request.maxBody"],
    [{ request: { body: 1, statuses: [200] } }, /Unrecognized key/, "request"],
    [{ response: { body: 1, statuses: ["1xx"] } }, /expected a status/, "response.statuses.0"],
    [{ response: { body: 1, otherTypes: "drop" } }, /expected "pass" or "refuse"/, "response.otherTypes"],
  ];
  for (const [options, message, path] of wrong) {
    const issue = transformSchema.safeParse(options).error?.issues[0];
    assert.match(issue?.message ?? "", message);
    assert.equal(issue?.path.join("."), path);
  }
});

Deno.test("transform() tells its facts, and what it does", () => {
  const plan = transformSchema.parse({
    request: { body: { a: "{jwt:sub}" } },
    response: { body: () => 1, maxBody: "2MiB" },
  });
  assert.deepEqual(transformDefinition.facts?.(plan), { needs: ["jwt:sub"] });
  assert.deepEqual(transformDefinition.traits?.(plan), { guard: false });
  assert.equal(
    transformDefinition.describe?.(plan),
    "transform: requests up to 1MiB by a template, answers up to 2MiB by a function",
  );
  assert.equal(transform({ request: { body: 1 } }).kind, "transform");
});
