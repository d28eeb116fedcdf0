import { strict as assert } from "node:assert";
import { BodyError, isBodySource } from "../../../src/core/body.ts";
import { READ_TIMEOUT } from "../../../src/policies/keys/body_prefix.ts";
import { validate, validateDefinition } from "../../../src/policies/validate/validate.ts";
import { validateSchema } from "../../../src/policies/validate/validate_schema.ts";
import { makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";
import { ValidateBed } from "./validate_bed.ts";

const ITEM = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string", maxLength: 5 }, price: { type: "number", minimum: 0 } },
  additionalProperties: false,
};

Deno.test("validate() lists what is wrong with a body by place, and repeats no value", async (t) => {
  const bed = new ValidateBed({
    body: { type: "object", required: ["items"], properties: { items: { type: "array", items: ITEM } } },
  });
  const rows: [json: string, errors: string[]][] = [
    ['{"items":[]}', []],
    ['{"items":[{"name":"a","price":1.5}]}', []],
    ["{}", ["body /items: is missing"]],
    ["[]", ["body : must be object"]],
    ["null", ["body : must be object"]],
    ['{"items":[{"price":"secret"}]}', ["body /items/0/name: is missing", "body /items/0/price: must be number"]],
    ['{"items":[{"name":"toolong","price":-1}]}', [
      "body /items/0/name: must NOT have more than 5 characters",
      "body /items/0/price: must be >= 0",
    ]],
    ['{"items":[{"name":"a","x/y~z":1}]}', ["body /items/0/x~1y~0z: is not allowed"]],
    ['{"items":[{"name":"a","toString":1}]}', ["body /items/0/toString: is not allowed"]],
  ];
  for (const [json, errors] of rows) {
    await t.step(json, async () => {
      const asked = await bed.ask({ json });
      assert.deepEqual([asked.status, asked.errors], [errors.length === 0 ? 200 : 422, errors]);
      assert.equal(asked.exchange.reason.includes("secret"), false);
    });
  }
});

Deno.test("validate() requires what an object has of its own", async () => {
  const bed = new ValidateBed({ body: { type: "object", required: ["toString"] } });
  assert.deepEqual((await bed.ask({ json: "{}" })).errors, ["body /toString: is missing"]);
});

Deno.test("validate() answers bodies that it cannot read with what is wrong with them", async (t) => {
  const json: [string, string][] = [["content-type", "application/json"]],
    bytes = (text: string) => new TextEncoder().encode(text);
  const rows: [name: string, request: Parameters<ValidateBed["ask"]>[0], status: number, code: string][] = [
    ["no JSON", { json: "{]" }, 400, "invalid_json"],
    ["a name twice", { json: '{"a":1,"a":2}' }, 400, "invalid_json"],
    ["__proto__", { json: '{"__proto__":1}' }, 400, "invalid_json"],
    ["too deep", { json: "[[[[[]]]]]" }, 400, "invalid_json"],
    ["deep enough", { json: "[[[[]]]]" }, 200, ""],
    ["no UTF-8", { body: new Uint8Array([0x22, 0xff, 0x22]), headers: json }, 400, "invalid_json"],
    ["too long", { json: `"${"x".repeat(40)}"` }, 413, "body_too_large"],
    ["as long as may be", { json: `"${"x".repeat(38)}"` }, 200, ""],
    ["too long a stream", { body: new ScriptedBody(["x".repeat(41)]), headers: json }, 413, "body_too_large"],
    [
      "too long as it says itself",
      { body: new ScriptedBody([], { length: 41 }), headers: json },
      413,
      "body_too_large",
    ],
    ["a stream as long as may be", { body: new ScriptedBody(['"', "x".repeat(38), '"']), headers: json }, 200, ""],
    ["no type", { body: bytes("1") }, 415, "unsupported_media_type"],
    ["another type", { body: bytes("1"), headers: [["content-type", "text/plain"]] }, 415, "unsupported_media_type"],
    ["+json", { body: bytes("1"), headers: [["content-type", "application/a+json; v=1"]] }, 200, ""],
    [
      "another charset",
      { body: bytes("1"), headers: [["content-type", "application/json;charset=utf-16"]] },
      415,
      "unsupported_media_type",
    ],
    [
      "an encoding",
      { body: bytes("1"), headers: [...json, ["content-encoding", "gzip"]] },
      415,
      "unsupported_content_encoding",
    ],
    ["nothing", { method: "POST" }, 422, "validation_failed"],
    ["nothing, with a type", { method: "PUT", body: new Uint8Array(0), headers: json }, 422, "validation_failed"],
    ["a stream of nothing", { body: new ScriptedBody([]), headers: json }, 422, "validation_failed"],
    ["nothing of GET", { method: "GET" }, 200, ""],
    ["nothing of DELETE", { method: "DELETE" }, 200, ""],
    ["something of GET", { method: "GET", json: "{]" }, 400, "invalid_json"],
  ];
  const bed = new ValidateBed({ body: true, maxBody: 40, maxDepth: 4 });
  for (const [name, request, status, code] of rows) {
    await t.step(name, async () => {
      const asked = await bed.ask(request);
      assert.deepEqual([asked.status, asked.code], [status, code]);
      if (code === "unsupported_content_encoding") assert.equal(asked.reply.header("accept-encoding"), "identity");
    });
  }
});

Deno.test("validate() passes bodies on byte for byte, with their trailers", async () => {
  const bed = new ValidateBed({ body: true }), headers: [string, string][] = [["content-type", "application/json"]];
  const text = ' { "b" : 1.0 ,\t"a":[ ] } ';
  for (const options of [{}, { length: text.length }, { length: text.length, sync: true }]) {
    const { exchange } = await bed.ask({ body: new ScriptedBody([text.slice(0, 5), text.slice(5)], options), headers });
    assert.equal(await readText(exchange.body), text);
  }
  const source = Object.assign(new ScriptedBody([text]), { trailers: ["x-sum", "1"] });
  const { exchange: { body } } = await bed.ask({ body: source, headers });
  assert.equal(await readText(body), text);
  assert.ok(isBodySource(body));
  assert.deepEqual(body.trailers, ["x-sum", "1"]);
});

Deno.test("validate() hands on how a body ends badly", async () => {
  const bed = new ValidateBed({ body: true }), headers: [string, string][] = [["content-type", "application/json"]];
  const failure = new BodyError("client", "gone");
  await assert.rejects(() => bed.ask({ body: new ScriptedBody(["{"], { failure }), headers }), failure);
  const silent = { length: undefined, read: () => new Promise<number>(() => {}), cancel() {} };
  const asked = assert.rejects(() => bed.ask({ body: silent, headers }), /no byte of the request's body/);
  await bed.env.clock.pass(READ_TIMEOUT + 100);
  await asked;
});

Deno.test("validate() lists up to maxErrors, and the first of a long body", async () => {
  const bed = new ValidateBed({ body: { type: "array", items: { type: "string" } }, maxErrors: 3 });
  const { errors, reply } = await bed.ask({ json: "[1,2,3,4,5]" });
  assert.deepEqual(errors, ["body /0: must be string", "body /1: must be string", "body /2: must be string"]);
  assert.equal(JSON.parse(await readText(reply.body)).more, true);
  const long = await bed.ask({ json: `[${"1,".repeat(100_000)}1]` });
  assert.deepEqual(long.errors, ["body /0: must be string"]);
});

Deno.test("validate() does not repeat names without end", async () => {
  const bed = new ValidateBed({ body: { additionalProperties: false } });
  const { errors } = await bed.ask({ json: `{"${"x".repeat(5000)}":1}` });
  assert.ok(errors[0].length < 300);
});

Deno.test("validate() makes of texts what the schema asks for", async (t) => {
  const bed = new ValidateBed({
    query: {
      type: "object",
      required: ["page"],
      properties: {
        page: { type: "integer", minimum: 1 },
        ratio: { $ref: "#/$defs/ratio" },
        deep: { type: "boolean" },
        tags: { type: "array", items: { type: "integer" }, maxItems: 2 },
        names: { type: "array", items: { type: "string" } },
        sort: { enum: ["asc", "desc"] },
        limit: { anyOf: [{ type: "integer" }, { const: null }] },
        any: {},
      },
      $defs: { ratio: { type: "number" } },
    },
  });
  const rows: [query: string, errors: string[]][] = [
    ["?page=1", []],
    ["?page=1&ratio=-1.5e3&deep=true&tags=1&tags=2&names=1&sort=asc&limit=5&any=x&other=1", []],
    ["?page=1&limit=null&names=a%20b&names=%C3%A9", []],
    ["", ["query /page: is missing"]],
    ["?page=", ["query /page: must be integer"]],
    ["?page=0x10", ["query /page: must be integer"]],
    ["?page=+1", ["query /page: must be integer"]],
    ["?page=1.5", ["query /page: must be integer"]],
    ["?page=01", ["query /page: must be integer"]],
    ["?page=1&page=2", ["query /page: stands more than once"]],
    ["?page=1&ratio=Infinity", ["query /ratio: must be number"]],
    ["?page=1&deep=yes", ["query /deep: must be boolean"]],
    ["?page=1&tags=1&tags=b", ["query /tags/1: must be integer"]],
    ["?page=1&tags=1&tags=2&tags=3", ["query /tags: must NOT have more than 2 items"]],
    ["?page=1&sort=up", ["query /sort: must be equal to one of the allowed values"]],
    ["?page=0&deep=1", ["query /page: must be >= 1", "query /deep: must be boolean"]],
    ["?page=1&__proto__=1&toString=2", []],
  ];
  for (const [query, errors] of rows) {
    await t.step(query, async () => assert.deepEqual((await bed.ask({ query })).errors, errors));
  }
});

Deno.test("validate() refuses parameters that are not described, where it should", async () => {
  const query = { properties: { a: { type: "integer" } } };
  assert.deepEqual(
    (await new ValidateBed({ query, unknownQuery: "refuse" }).ask({ query: "?a=1&b=2&b=3&__proto__=1" })).errors,
    [
      "query /b: is not known",
      "query /__proto__: is not known",
    ],
  );
  const closed = new ValidateBed({ query: { ...query, additionalProperties: false } });
  assert.deepEqual((await closed.ask({ query: "?a=1&b=2" })).errors, ["query /b: is not allowed"]);
  const typed = new ValidateBed({ query: { ...query, additionalProperties: { type: "integer" } } });
  assert.deepEqual((await typed.ask({ query: "?a=1&b=2&c=x" })).errors, ["query /c: must be integer"]);
});

Deno.test("validate() checks fields and parameters of the path", async () => {
  const bed = new ValidateBed({
    headers: {
      required: ["X-Version"],
      properties: { "X-Version": { type: "integer" }, "x-tags": { type: "array", items: { type: "integer" } } },
    },
    params: { properties: { id: { type: "integer", minimum: 1 } } },
  });
  const good = await bed.ask({
    headers: [["x-version", "2"], ["x-tags", "1, 2,3"], ["other", "x"]],
    params: { id: "7" },
  });
  assert.equal(good.status, 200);
  const bad = await bed.ask({
    headers: [["x-version", "2"], ["x-version", "3"], ["x-tags", "1, b"]],
    params: { id: "0" },
  });
  assert.deepEqual(bad.errors, [
    "params /id: must be >= 1",
    "headers /X-Version: must be integer",
    "headers /x-tags/1: must be integer",
  ]);
  assert.deepEqual((await bed.ask({ params: { id: "a" } })).errors, [
    "params /id: must be integer",
    "headers /X-Version: is missing",
  ]);
});

Deno.test("validate() lists what is wrong with parameters and body together", async () => {
  const bed = new ValidateBed({ query: { required: ["a"] }, body: { type: "object" } });
  assert.deepEqual((await bed.ask({ json: "1" })).errors, ["query /a: is missing", "body : must be object"]);
  assert.deepEqual((await bed.ask()).errors, ["query /a: is missing", "body : is missing"]);
  const { exchange } = await bed.ask();
  assert.equal(exchange.reason, "query/a: is missing");
});

Deno.test("validate() takes schemas of draft 7", async () => {
  const body = {
    $schema: "http://json-schema.org/draft-07/schema#",
    items: [{ type: "integer" }],
    additionalItems: false,
  };
  const bed = new ValidateBed({ draft: "draft-07", body });
  assert.equal((await bed.ask({ json: "[1]" })).status, 200);
  assert.equal((await bed.ask({ json: "[1,2]" })).status, 422);
});

Deno.test("validate() passes at once, and without a promise, what is here already", () => {
  const middleware = validateDefinition.build(
    validateSchema.parse({ body: true }),
    new ValidateBed({ body: true }).env,
    "a",
  );
  const answer = {} as never, handler = middleware(() => answer);
  const exchange = makeExchange({
    method: "POST",
    body: new TextEncoder().encode("1"),
    headers: [["content-type", "application/json"]],
  });
  assert.equal(handler(exchange), answer);
});

Deno.test("validate() says what it is", () => {
  const plan = validateSchema.parse({ params: { properties: { id: {} } }, body: true, response: { body: {} } });
  assert.deepEqual(validateDefinition.facts?.(plan), { needs: ["param:id"] });
  assert.deepEqual(validateDefinition.traits?.(plan), { guard: true });
  assert.equal(validateDefinition.describe?.(plan), "validate: params, body, reports answers");
  const reports = validateSchema.parse({ response: { body: {} } });
  assert.deepEqual(validateDefinition.traits?.(reports), { guard: false });
  assert.equal(validateDefinition.describe?.(reports), "validate: reports answers");
  assert.equal(validate({ body: {} }).kind, "validate");
});
