import { strict as assert } from "node:assert";
import { validateDefinition } from "../../../src/policies/validate/validate.ts";
import { validateSchema } from "../../../src/policies/validate/validate_schema.ts";

/** What is said of wrong options: place, message and what to write instead. */
function issues(options: unknown): [path: string, message: string, remedy: unknown][] {
  const { error } = validateSchema.safeParse(options);
  return (error?.issues ?? []).map((issue) => [
    issue.path.join("."),
    issue.message,
    (issue as { params?: { remedy?: unknown } }).params?.remedy,
  ]);
}

function holdingItself(): object {
  const properties: Record<string, unknown> = {}, schema = { properties };
  properties.a = schema;
  return schema;
}

Deno.test("what is wrong with a schema is told with its place and what to write instead", async (t) => {
  const rows: [options: unknown, path: string, message: RegExp, remedy?: RegExp][] = [
    [
      { body: { type: "object", requried: ["a"] } },
      "body.requried",
      /"requried" is no keyword of JSON Schema 2020-12/,
      /required/,
    ],
    [
      { body: { properties: { a: { items: { minimun: 1 } } } } },
      "body.properties.a.items.minimun",
      /is no keyword/,
      /minimum/,
    ],
    [
      { query: { properties: { a: { type: "integre" } } } },
      "query.properties.a.type",
      /must be one of a few words/,
      /"integer"/,
    ],
    [{ body: { minimum: "3" } }, "body.minimum", /must be number/],
    [{ body: { type: "string", format: "emial" } }, "body.format", /"emial" is no format that is known/, /email/],
    [{ body: { type: "string", pattern: "(" } }, "body.pattern", /no regular expression/],
    [{ body: { allOf: [{ type: "string", pattern: "[" }] } }, "body.allOf.0.pattern", /no regular expression/],
    [{ body: { properties: { a: { $ref: "#/$defs/b" } } } }, "body.properties.a.$ref", /nothing stands at/, /\$defs/],
    [
      { body: { $schema: "http://json-schema.org/draft-07/schema#" } },
      "body.$schema",
      /a schema of 2020-12 is expected/,
      /2020-12/,
    ],
    [{ draft: "draft-07", body: { $schema: "x" } }, "body.$schema", /a schema of draft-07 is expected/],
    [{ body: { $async: true } }, "body.$async", /nothing here waits/],
    [{ response: { body: { typ: "a" } } }, "response.body.typ", /is no keyword/, /type/],
    [{ body: { patternProperties: { "(": {} } } }, "body.patternProperties.(", /no regular expression/],
    [{ query: { $ref: "#/%zz" } }, "query", /malformed/],
    [{ body: { items: { $ref: "#/items" } } }, "body.items", /made of itself/, /properties/],
    [{ body: "object" }, "body", /expected a JSON Schema/],
    [{ body: holdingItself() }, "body", /what JSON cannot/],
    [{ body: { a: () => 1 } }, "body", /what JSON cannot/],
    [{}, "", /nothing is checked here/],
    [{ response: {} }, "", /nothing is checked here/],
    [{ body: {}, response: {} }, "response", /nothing says what an answer must be/],
    [{ body: {}, unknownQuery: "refuse" }, "unknownQuery", /no parameter of the query is described/],
    [{ body: {}, maxDepth: 0 }, "maxDepth", /from 1 to 512/],
    [{ body: {}, response: { body: {}, sample: 0 } }, "response.sample", /above 0/],
    [{ body: {}, schema: {} }, "", /Unrecognized key/],
  ];
  for (const [options, path, message, remedy] of rows) {
    await t.step(String(message), () => {
      const [issue] = issues(options);
      assert.equal(issue?.[0], path);
      assert.match(issue[1], message);
      if (remedy !== undefined) assert.match(String(issue[2]), remedy);
    });
  }
});

Deno.test("what is wrong with one schema does not hide what is wrong with another", () => {
  const typo = { typ: "object" };
  assert.deepEqual(issues({ body: typo, query: typo, response: { body: typo } }).map(([path]) => path), [
    "body.typ",
    "query.typ",
    "response.body.typ",
  ]);
});

Deno.test("what is wrong with a document or its operation is told", async (t) => {
  const document = (more: object) => ({
    openapi: "3.1.0",
    paths: { "/users/{id}": { get: { operationId: "getUser", ...more } } },
  });
  const rows: [openapi: unknown, path: string, message: RegExp, remedy?: RegExp][] = [
    [{ document: {}, operation: "a" }, "openapi.document", /no document of OpenAPI/, /3\.1/],
    [{ document: { swagger: "2.0" }, operation: "a" }, "openapi.document", /but of 2\.0/],
    [{ document: document({}), operation: "getUsr" }, "openapi.operation", /no operation "getUsr"/, /"getUser"/],
    [
      { document: document({}), operation: "GET /user/{id}" },
      "openapi.operation",
      /no operation/,
      /"GET \/users\/\{id\}"/,
    ],
    [
      { document: document({ requestBody: { $ref: "#/a" } }), operation: "getUser" },
      "openapi.operation",
      /nothing stands at #\/a/,
    ],
    [
      { document: document({ requestBody: { $ref: "b.yaml#/a" } }), operation: "getUser" },
      "openapi.operation",
      /leads out of the document/,
    ],
    [
      { document: document({ parameters: [{ name: "a", in: "query", style: "matrix" }] }), operation: "getUser" },
      "openapi.operation",
      /style matrix/,
    ],
    [
      {
        document: document({ parameters: [{ name: "a", in: "query", schema: { type: "object" } }] }),
        operation: "getUser",
      },
      "openapi.operation",
      /an object of style form/,
      /deepObject/,
    ],
    [
      {
        document: document({ requestBody: { content: { "application/json": { schema: { typ: "a" } } } } }),
        operation: "getUser",
      },
      "openapi.document",
      /^body\/typ: "typ" is no keyword/,
    ],
    [
      {
        document: {
          ...document({
            responses: { 200: { content: { "a/b+json": { schema: { $ref: "#/components/schemas/User" } } } } },
          }),
          components: { schemas: { User: { properties: { name: { type: "strnig" } } } } },
        },
        operation: "getUser",
      },
      "openapi.document",
      /^response\/body\/\$defs\/User-0\/properties\/name\/type: this is no JSON Schema/,
      /"string"/,
    ],
    [{ document: 1, operation: "a" }, "openapi.document", /a document of OpenAPI/],
  ];
  for (const [openapi, path, message, remedy] of rows) {
    await t.step(String(message), () => {
      const [issue] = issues({ openapi });
      assert.equal(issue?.[0], path, JSON.stringify(issue));
      assert.match(issue[1], message);
      if (remedy !== undefined) assert.match(String(issue[2]), remedy);
    });
  }
  assert.deepEqual(
    issues({ openapi: { document: document({}), operation: "getUser" }, body: {}, draft: "draft-07" }).map(([path]) =>
      path
    ),
    [
      "body",
      "draft",
    ],
  );
});

Deno.test("a document in a file is not looked at before it is read", () => {
  const plan = validateSchema.parse({ openapi: { document: "./openapi.yaml", operation: "getUser" } });
  assert.deepEqual(JSON.parse(JSON.stringify(plan.openapi?.document)), { file: "./openapi.yaml" });
  assert.deepEqual(validateDefinition.facts?.(plan), { needs: [] });
});

Deno.test("patterns and lists that can cost much are told of", () => {
  const warned = (body: object) =>
    validateDefinition.warnings?.(validateSchema.parse({ body })).map(({ at }) => at.join("."));
  assert.deepEqual(
    warned({ properties: { a: { pattern: "^(a+)+$" }, b: { pattern: "^a+$" }, pattern: { type: "string" } } }),
    [
      "body.properties.a.pattern",
    ],
  );
  assert.deepEqual(warned({ patternProperties: { "^(a+)+$": true } }), ["body.patternProperties"]);
  assert.deepEqual(warned({ enum: [{ pattern: "^(a+)+$" }] }), []);
  assert.deepEqual(warned({ items: { type: "object" }, uniqueItems: true }), ["body.uniqueItems"]);
  assert.deepEqual(warned({ items: { type: "string" }, uniqueItems: true }), []);
  assert.deepEqual(warned({ items: {}, uniqueItems: true, maxItems: 100 }), []);
});

Deno.test("patterns of an operation are told of once, with the document", () => {
  const schema = { $ref: "#/components/schemas/Slow" };
  const content = { "application/json": { schema } };
  const operation = {
    operationId: "a",
    parameters: [{ name: "q", in: "query", schema }],
    requestBody: { content },
    responses: { 200: { content } },
  };
  const document = {
    openapi: "3.1.0",
    paths: { "/": { post: operation } },
    components: { schemas: { Slow: { type: "string", pattern: "^(a+)+$" } } },
  };
  const warnings = validateDefinition.warnings?.(validateSchema.parse({ openapi: { document, operation: "a" } }));
  assert.deepEqual(warnings?.map(({ at, seen }) => [at, seen]), [[["openapi", "document"], "^(a+)+$"]]);
  assert.deepEqual(
    validateDefinition.warnings?.(validateSchema.parse({ openapi: { document: "./a", operation: "a" } })),
    [],
  );
});
