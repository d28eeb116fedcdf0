import { strict as assert } from "node:assert";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { Reply } from "../../../../src/core/reply.ts";
import { documentFault } from "../../../../src/policies/validate/document_fault.ts";
import { validateDefinition } from "../../../../src/policies/validate/validate.ts";
import { validateSchema } from "../../../../src/policies/validate/validate_schema.ts";
import { makeEnv } from "../../../support/exchange.ts";
import { ValidateBed } from "../validate_bed.ts";

const USER = {
  type: "object",
  required: ["id", "name", "password"],
  properties: {
    id: { type: "integer", readOnly: true },
    name: { type: "string", example: "Ann" },
    password: { type: "string", writeOnly: true },
    friend: { $ref: "#/components/schemas/User" },
  },
  additionalProperties: false,
  "x-internal": true,
};

function document(version: string, schemas: object = {}) {
  return {
    openapi: version,
    info: { title: "t", version: "1" },
    paths: {
      "/users/{id}": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        put: {
          operationId: "putUser",
          parameters: [
            { $ref: "#/components/parameters/Page" },
            { name: "tags", in: "query", schema: { type: "array", items: { type: "integer" } } },
            { name: "ids", in: "query", explode: false, schema: { type: "array", items: { type: "integer" } } },
            {
              name: "piped",
              in: "query",
              style: "pipeDelimited",
              explode: false,
              schema: { type: "array", items: { type: "integer" } },
            },
            {
              name: "filter",
              in: "query",
              style: "deepObject",
              schema: {
                type: "object",
                properties: { min: { type: "integer" }, in: { type: "array", items: { type: "integer" } } },
                additionalProperties: false,
              },
            },
            {
              name: "where",
              in: "query",
              content: { "application/json": { schema: { type: "object", required: ["a"] } } },
            },
            { name: "X-Count", in: "header", schema: { type: "integer" } },
            { name: "Authorization", in: "header", required: true, schema: { type: "string" } },
            { name: "session", in: "cookie", required: true, schema: { type: "string", minLength: 3 } },
          ],
          requestBody: { $ref: "#/components/requestBodies/User" },
          responses: {
            "200": {
              description: "ok",
              content: { "application/json": { schema: { $ref: "#/components/schemas/User" } } },
            },
            default: {
              description: "no",
              content: { "application/problem+json": { schema: { type: "object", required: ["title"] } } },
            },
          },
        },
        get: { operationId: "getUser", responses: {} },
      },
    },
    components: {
      parameters: { Page: { name: "page", in: "query", schema: { type: "integer", format: "int32", minimum: 1 } } },
      requestBodies: {
        User: {
          required: true,
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/User" } },
            "application/vnd.test+json": { schema: { type: "string", format: "made-up" } },
            "text/*": {},
            "image/png": { schema: { type: "string", format: "binary" } },
          },
        },
      },
      schemas: { User: USER, ...schemas },
    },
  };
}

const GOOD = {
  method: "PUT",
  params: { id: "1" },
  headers: [["cookie", "session=abc"], ["content-type", "application/json"]] as [string, string][],
};

async function errors(request: object, version = "3.1.0", more: object = {}): Promise<readonly string[] | number> {
  const bed = new ValidateBed({ openapi: { document: document(version), operation: "putUser" }, ...more });
  const asked = await bed.ask({ ...GOOD, body: body('{"name":"a","password":"b"}'), ...request });
  return asked.status === 200 || asked.status === 422 ? asked.errors : asked.status;
}

const body = (text: string) => new TextEncoder().encode(text);

Deno.test("an operation's parameters are read as they are written", async (t) => {
  const rows: [request: object, errors: string[]][] = [
    [{}, []],
    [{
      query: "?page=2&tags=1&tags=2&ids=1,2&piped=1%7C2&filter[min]=3&filter[in]=1&filter[in]=2&where=%7B%22a%22:1%7D",
    }, []],
    [{ query: "?page=0" }, ["query /page: must be >= 1"]],
    [{ query: "?tags=1,2" }, ["query /tags/0: must be integer"]],
    [{ query: "?ids=1,b" }, ["query /ids/1: must be integer"]],
    [{ query: "?ids=1&ids=2" }, ["query /ids: stands more than once"]],
    [{ query: "?ids=" }, []],
    [{ query: "?piped=1%7Cx" }, ["query /piped/1: must be integer"]],
    [{ query: "?filter[min]=x" }, ["query /filter/min: must be integer"]],
    [{ query: "?filter[other]=1" }, ["query /filter/other: is not allowed"]],
    [{ query: "?filter[__proto__]=1" }, ["query /filter/__proto__: is not allowed"]],
    [{ query: "?filter[min]=1&filter[min]=2" }, ["query /filter: stands more than once"]],
    [{ query: "?where=%7B" }, ["query /where: cannot be read: it is not JSON"]],
    [{ query: "?where=%7B%7D" }, ["query /where/a: is missing"]],
    [{ query: "?unknown=1" }, []],
    [{ params: { id: "x" } }, ["params /id: must be integer"]],
    [{ params: {} }, ["params /id: is missing"]],
    [{ headers: [...GOOD.headers, ["x-count", "b"]] }, ["headers /X-Count: must be integer"]],
    [{ headers: [["content-type", "application/json"]] }, ["cookies /session: is missing"]],
    [{ headers: [["content-type", "application/json"], ["cookie", "session=a"]] }, [
      "cookies /session: must NOT have fewer than 3 characters",
    ]],
  ];
  for (const [request, wanted] of rows) {
    await t.step(JSON.stringify(request), async () => assert.deepEqual(await errors(request), wanted));
  }
  assert.deepEqual(
    await errors({ query: "?page=1&filter[min]=1&unknown=1&filter=1" }, "3.1.0", { unknownQuery: "refuse" }),
    [
      "query /unknown: is not known",
      "query /filter: is not known",
    ],
  );
});

Deno.test("an operation's body is checked by its type", async () => {
  const typed = (type: string, text: string) => ({
    headers: [["cookie", "session=abc"], ["content-type", type]],
    body: body(text),
  });
  assert.deepEqual(await errors(typed("application/vnd.test+json", "1")), ["body : must be string"]);
  assert.deepEqual(
    await errors(typed("application/vnd.test+json", '"a"')),
    [],
    "a format that nobody knows says nothing",
  );
  assert.deepEqual(await errors(typed("text/plain", "anything")), []);
  assert.deepEqual(await errors(typed("image/png", "\u0000")), []);
  assert.equal(await errors(typed("application/xml", "<a/>")), 415);
  assert.deepEqual(await errors({ body: null }), ["body : is missing"]);
});

Deno.test("what only answers have may not be sent, and what only requests have is not answered", async () => {
  assert.deepEqual(await errors({ body: body('{"name":"a"}') }), ["body /password: is missing"]);
  assert.deepEqual(await errors({ body: body('{"name":"a","password":"b","id":1}') }), ["body /id: is not allowed"]);
  const nested = '{"name":"a","password":"b","friend":{"name":"c","password":"d","id":2}}';
  assert.deepEqual(await errors({ body: body(nested) }), ["body /friend/id: is not allowed"]);
});

Deno.test("3.0 has a dialect of its own", async () => {
  const schemas = {
    Part: {
      type: "object",
      required: ["of", "made"],
      properties: {
        of: { type: "string", nullable: true },
        made: { type: "integer", readOnly: true },
        price: { type: "number", minimum: 0, exclusiveMinimum: true },
        // As later versions have it.
        size: { type: "number", exclusiveMinimum: 5 },
        ref: { $ref: "#/components/schemas/Short", nullable: true },
      },
      allOf: [{ required: ["made"] }],
    },
    Short: { type: "string", maxLength: 1 },
  };
  const base = document("3.0.3", schemas);
  const operation = {
    requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Part" } } } },
  };
  const paths = { "/parts": { post: { operationId: "postPart", ...operation } } };
  const bed = new ValidateBed({ openapi: { document: { ...base, paths }, operation: "POST /parts" } });
  const ask = async (json: string) => (await bed.ask({ json })).errors;
  assert.deepEqual(await ask('{"of":null,"price":0.1,"ref":"a"}'), []);
  assert.deepEqual(await ask('{"of":null,"price":0}'), ["body /price: must be > 0"]);
  assert.deepEqual(await ask('{"of":null,"size":5}'), ["body /size: must be > 5"]);
  assert.deepEqual(await ask('{"of":1,"ref":null}'), ["body /of: must be string,null", "body /ref: must be string"]);
  assert.equal((await bed.ask()).status, 200, "a body that is not required may be missing");
});

/** The errors of JSON that is posted to an operation with this schema. */
async function posted(
  json: string,
  schema: unknown,
  schemas: object = {},
  version = "3.1.0",
): Promise<readonly string[]> {
  const requestBody = { required: true, content: { "application/json": { schema } } };
  const paths = { "/a": { post: { operationId: "a", requestBody } } };
  const bed = new ValidateBed({ openapi: { document: { ...document(version, schemas), paths }, operation: "a" } });
  return (await bed.ask({ json })).errors;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

Deno.test("members that are read only are required nowhere, whatever part of a schema says what", async () => {
  const schemas = {
    Base: { type: "object", properties: { id: ref("Id") } },
    Id: { type: "integer", readOnly: true },
    Needs: { required: ["id", "name"] },
  };
  const rows: unknown[] = [
    { allOf: [ref("Base"), { type: "object" }], required: ["id", "name"] },
    { allOf: [ref("Base"), { required: ["id", "name"] }] },
    { allOf: [ref("Needs"), ref("Base")] },
    { properties: { id: { readOnly: true } }, allOf: [{ allOf: [ref("Needs")] }] },
    { properties: { id: { readOnly: true } }, anyOf: [ref("Needs"), false] },
    { ...ref("Base"), required: ["id", "name"] },
    { ...ref("Needs"), properties: { id: { readOnly: true } } },
    { required: ["id", "name"], oneOf: [ref("Base"), { required: ["other"] }] },
  ];
  for (const schema of rows) {
    const name = JSON.stringify(schema);
    assert.deepEqual(await posted('{"name":"a"}', schema, schemas), [], name);
    assert.match((await posted("{}", schema, schemas))[0], /\/name: is missing/, name);
    assert.match((await posted('{"id":1,"name":"a"}', schema, schemas)).join(), /\/id: is not allowed|oneOf/, name);
  }
  // What one alternative hides, another may still require.
  const either = { anyOf: [{ ...ref("Base"), required: ["id", "x"] }, { required: ["id"], properties: { id: {} } }] };
  assert.deepEqual(await posted('{"x":1}', either, schemas), []);
  assert.match((await posted("{}", either, schemas)).join(), /\/id: is missing/);
});

Deno.test("a discriminator chooses the one schema that counts", async () => {
  const kind = { type: "string" };
  const schemas = {
    Cat: { type: "object", required: ["kind", "lives"], properties: { kind, lives: { type: "integer" } } },
    Dog: { type: "object", required: ["kind"], properties: { kind, lives: { type: "string" } } },
    Named: { type: "object", properties: { kind: { enum: ["named"] } } },
  };
  const pet = (mapping?: object, list = "oneOf") => ({
    discriminator: { propertyName: "kind", ...mapping === undefined ? {} : { mapping } },
    [list]: [ref("Cat"), ref("Dog")],
  });
  const rows: [json: string, schema: unknown, errors: string[]][] = [
    ['{"kind":"Cat","lives":9}', pet(), []],
    ['{"kind":"Cat"}', pet(), ["body /lives: is missing"]],
    ['{"kind":"Cat","lives":"x"}', pet(undefined, "anyOf"), ["body /lives: must be integer"]],
    ['{"kind":"Dog","lives":"x"}', pet(), []],
    ['{"kind":"cat","lives":9}', pet({ cat: "Cat", dog: "#/components/schemas/Dog", hound: "Dog" }), []],
    ['{"kind":"hound"}', pet({ cat: "Cat", dog: "#/components/schemas/Dog", hound: "Dog" }), []],
    ['{"kind":"Cat","lives":9}', pet({ cat: "Cat" }), ["body /kind: must be equal to one of the allowed values"]],
    ['{"lives":9}', pet(), ["body /kind: is missing"]],
    ["1", pet(), ["body : must be object"]],
    ['{"kind":"named"}', { ...pet(), oneOf: [ref("Cat"), ref("Named")] }, []],
    ['{"kind":"Dog"}', { ...pet(), anyOf: [{ required: ["x"] }, { required: ["x", "y"] }] }, [
      "body /x: is missing",
      "body /x: is missing",
      "body /y: is missing",
      "body : must match a schema in anyOf",
    ]],
    // Nothing here is told apart by a reference's name: oneOf alone counts.
    ['{"kind":"Dog"}', { ...pet(), oneOf: [ref("Cat"), schemas.Dog] }, []],
  ];
  for (const [json, schema, errors] of rows) {
    assert.deepEqual(await posted(json, schema, schemas), errors, `${json} ${JSON.stringify(schema)}`);
  }
});

Deno.test("cases whose names their schemas do not allow are no cases", async () => {
  const schemas = {
    Base: { properties: { kind: { enum: ["cat", "dog"] } } },
    Cat: { allOf: [ref("Base")], required: ["cat"] },
    Dog: { allOf: [ref("Base")], required: ["dog"] },
  };
  const schema = { discriminator: { propertyName: "kind" }, oneOf: [ref("Cat"), ref("Dog")] };
  assert.deepEqual(await posted('{"kind":"cat","cat":1}', schema, schemas), []);
});

Deno.test("a document is read from its file, JSON or YAML", async () => {
  const yaml = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: a\n      parameters:\n" +
    "        - { name: n, in: query, required: true, schema: { type: integer } }\n";
  const json = JSON.stringify({
    openapi: "3.1.0",
    paths: {
      "/a": {
        get: {
          operationId: "a",
          parameters: [{ name: "n", in: "query", required: true, schema: { type: "integer" } }],
        },
      },
    },
  });
  for (const text of [yaml, json]) {
    const bed = new ValidateBed({ openapi: { document: "./api", operation: "a" } }, { "./api": text });
    assert.deepEqual((await bed.ask({ method: "GET" })).errors, ["query /n: is missing"]);
    assert.equal((await bed.ask({ method: "GET", query: "?n=1" })).status, 200);
  }
});

Deno.test("a file that is no document, or does not fit, keeps the gateway from starting", () => {
  const build = (text: string | null, operation = "a") => () =>
    validateDefinition.build(
      validateSchema.parse({ openapi: { document: "./api", operation } }),
      makeEnv(text === null ? {} : { "./api": text }),
      "r/validate",
    );
  assert.throws(
    build(null),
    /policy r\/validate: openapi\.document \(\{"file":"\.\/api"\}\): the document cannot be had/,
  );
  assert.throws(build("{"), /neither JSON nor YAML/);
  assert.throws(build("a: [}"), /neither JSON nor YAML/);
  assert.throws(build("openapi: 3.1.0\na: &a {b: *a}"), /holds itself/);
  assert.throws(build("swagger: '2.0'"), /but of 2\.0; write openapi: "3\.1\.0"/);
  assert.throws(build("openapi: 3.1.0\npaths: {/a: {get: {operationId: b}}}"), /no operation "a"; write/);
});

Deno.test("a file's text can be judged before the gateway starts", () => {
  const plan = validateSchema.parse({ openapi: { document: "./api", operation: "a" } });
  assert.equal(documentFault(plan, "openapi: 3.1.0\npaths: {/a: {get: {operationId: a}}}"), null);
  const wrong = documentFault(plan, "openapi: 3.1.0\npaths: {/a: {get: {operationId: ab}}}");
  assert.deepEqual(wrong, { message: 'the document has no operation "a"', remedy: '"ab"' });
});

Deno.test("an operation's path parameters are facts that the route must provide", () => {
  const plan = validateSchema.parse({ openapi: { document: document("3.1.0"), operation: "getUser" } });
  assert.deepEqual(validateDefinition.facts?.(plan), { needs: ["param:id"] });
  assert.equal(validateDefinition.describe?.(plan), "validate: operation getUser");
});

Deno.test("an operation's answers are checked by status and type", async () => {
  const rows: [status: number, type: string, text: string, errors: string[] | undefined][] = [
    [200, "application/json", '{"id":1,"name":"a"}', undefined],
    [200, "application/json", '{"id":1,"name":"a","password":"b"}', ["/password is not allowed"]],
    [404, "application/problem+json", "{}", ["/title is missing"]],
    [404, "text/html", "<a>", ["its type is not described"]],
  ];
  for (const [status, type, text, errors] of rows) {
    const bed = new ValidateBed(
      { openapi: { document: document("3.1.0"), operation: "putUser" }, response: {} },
      {},
      () => new Reply(status, HeaderList.of("content-type", type), body(text)),
    );
    await bed.ask({ ...GOOD, body: body('{"name":"a","password":"b"}') });
    await bed.env.clock.pass(200);
    assert.deepEqual(bed.env.logged[0]?.fields?.errors, errors, text);
  }
});
