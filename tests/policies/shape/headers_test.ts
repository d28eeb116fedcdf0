import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { FactsOf } from "../../../src/core/facts.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList, isFieldValue } from "../../../src/core/header_list.ts";
import { definitionOf, type NeedsOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { secret } from "../../../src/core/secret.ts";
import { headers, headersDefinition, type HeadersOptions } from "../../../src/policies/shape/headers.ts";
import { headersSchema } from "../../../src/policies/shape/headers_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";

type Fields = [name: string, value: string][];

function build(options: HeadersOptions, terminal: Handler, env: TestEnv = makeEnv()): Handler {
  return headersDefinition.build(headersSchema.parse(options), env, "global/headers")(terminal);
}

function reply(fields: Fields = []): Reply {
  return new Reply(200, HeaderList.of(...fields.flat()), null);
}

/** The request's fields as the terminal gets them. */
function sent(edits: HeadersOptions["request"], options: ExchangeOptions = {}): string[] {
  let fields: readonly string[] = [];
  const terminal: Handler = (exchange) => {
    fields = [...exchange.headers.flat()];
    return reply();
  };
  build({ request: edits }, terminal)(makeExchange(options));
  return pairs(fields);
}

/** The response's fields as they come out. */
function answered(edits: HeadersOptions["response"], fields: Fields = [], options: ExchangeOptions = {}): string[] {
  const result = build({ response: edits }, () => reply(fields))(makeExchange(options));
  assert.ok(result instanceof Reply);
  return pairs(result.headers.flat());
}

function pairs(flat: readonly string[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i < flat.length; i += 2) lines.push(`${flat[i]}: ${flat[i + 1]}`);
  return lines;
}

Deno.test("headers() sets, appends and removes, on both sides", () => {
  const came: Fields = [["x-a", "1"], ["x-a", "2"], ["x-b", "3"]];
  const cases: [HeadersOptions["request"], string[]][] = [
    [{ set: { "X-A": "9" } }, ["x-b: 3", "x-a: 9"]],
    [{ append: { "x-a": "9" } }, ["x-a: 1", "x-a: 2", "x-b: 3", "x-a: 9"]],
    [{ remove: ["X-A"] }, ["x-b: 3"]],
    [{ remove: ["x-a", "x-none"], append: { "x-a": "9" } }, ["x-b: 3", "x-a: 9"]],
    [{ set: { "x-c": "1" }, append: { "x-c": "2" } }, ["x-a: 1", "x-a: 2", "x-b: 3", "x-c: 1", "x-c: 2"]],
    [{ set: { "x-b": "" } }, ["x-a: 1", "x-a: 2", "x-b: "]],
    [{ set: {}, append: {}, remove: [] }, ["x-a: 1", "x-a: 2", "x-b: 3"]],
  ];
  for (const [edits, expected] of cases) {
    assert.deepEqual(sent(edits, { headers: came }), expected, JSON.stringify(edits));
    assert.deepEqual(answered(edits, came), expected, JSON.stringify(edits));
  }
});

Deno.test("headers() fills in templates from the exchange", () => {
  const options: ExchangeOptions = {
    params: { id: "7" },
    query: "?q=a%20b",
    route: "user",
    headers: [["x-old", "v"], ["cookie", "s=1"]],
  };
  const cases: [template: string, value: string][] = [
    ["{param:id}", "7"],
    ["user-{param:id}@{ip}", "user-7@192.0.2.7"],
    ["{request:id}", "req-1"],
    ["{route} {query:q}", "user a b"],
    ["{cookie:s}", "1"],
    ["{{plain}", "{plain}"],
    ["{jwt:sub}", ""],
    ["a{query:none}b", "ab"],
    ["{query:none} x", "x"],
    ["{header:X-Old}", "v"],
  ];
  for (const [template, value] of cases) {
    assert.ok(sent({ set: { "x-new": template } }, options).includes(`x-new: ${value}`), template);
    assert.ok(answered({ set: { "x-new": template } }, [], options).includes(`x-new: ${value}`), template);
  }
});

Deno.test("headers() reads every value before it changes anything", () => {
  const renamed = sent({ remove: ["x-old"], set: { "x-new": "{header:x-old}" } }, { headers: [["x-old", "v"]] });
  assert.deepEqual(renamed, ["x-new: v"]);
  const swapped = sent({ set: { a: "{header:b}", b: "{header:a}" } }, { headers: [["a", "1"], ["b", "2"]] });
  assert.deepEqual(swapped, ["a: 2", "b: 1"]);
});

Deno.test("headers() overwrites what the client sent, also when the key is absent", () => {
  assert.deepEqual(sent({ set: { "x-user": "{jwt:sub}" } }, { headers: [["x-user", "forged"]] }), ["x-user: "]);
});

Deno.test("headers() sends text as UTF-8 and fields byte for byte", () => {
  assert.deepEqual(sent({ set: { a: "é" } }), ["a: \xc3\xa9"]);
  assert.deepEqual(sent({ set: { a: "{param:id}" } }, { params: { id: "€" } }), ["a: \xe2\x82\xac"]);
  assert.deepEqual(sent({ set: { a: "{header:b}" } }, { headers: [["b", "\xe9"]] }), ["b: \xe9", "a: \xe9"]);
});

Deno.test("headers() keeps the Cookie field of a request one field", () => {
  assert.deepEqual(sent({ append: { cookie: "b=2" } }, { headers: [["cookie", "a=1"]] }), ["cookie: a=1; b=2"]);
  assert.deepEqual(sent({ append: { Cookie: "b=2" } }), ["cookie: b=2"]);
  const cookies = answered({ append: { "set-cookie": "b=2" } }, [["set-cookie", "a=1"]]);
  assert.deepEqual(cookies, ["set-cookie: a=1", "set-cookie: b=2"]);
});

Deno.test("headers() answers 400 and sends nothing when a request value would break the head", async () => {
  for (const query of ["?q=a%0d%0ax-evil:%201", "?q=%0a", "?q=%00", "?q=a%7fb", "?q=%1b"]) {
    const env = makeEnv(), exchange = makeExchange({ query, headers: [["x-a", "1"]] });
    const handler = build(
      { request: { set: { "x-a": "{query:q}" }, remove: ["x-a"] }, response: { set: { "x-out": "1" } } },
      () => assert.fail("nothing goes upstream"),
      env,
    );
    const result = handler(exchange);
    assert.ok(result instanceof Reply);
    assert.equal(result.status, 400);
    const document = JSON.parse(await readText(result.body));
    assert.equal(document.code, "invalid_header_value");
    assert.ok(!JSON.stringify(document).includes("x-a"), "the config is none of the client's business");
    assert.equal(exchange.error, "invalid_header_value");
    assert.deepEqual(pairs(exchange.headers.flat()), ["x-a: 1"]);
    assert.equal(result.header("x-out"), "1", "the response's edits reach a refusal too");
    assert.equal(env.logged[0].fields!.header, "x-a");
  }
});

Deno.test("headers() leaves out a response value that would break the head, and logs which", () => {
  const env = makeEnv(), exchange = makeExchange({ query: "?q=a%0d%0ax-evil:%201" });
  const edits = { set: { "x-a": "{query:q}", "x-c": "3" }, append: { "x-b": "{query:q}" } };
  const result = build({ response: edits }, () => reply([["x-a", "upstream"], ["x-b", "2"]]), env)(exchange);
  assert.ok(result instanceof Reply);
  assert.deepEqual(pairs(result.headers.flat()), ["x-b: 2", "x-c: 3"]);
  assert.deepEqual(env.logged.map(({ level, fields }) => [level, fields]), [
    ["warn", { policy: "global/headers", header: "x-a", requestId: "req-1" }],
  ]);
});

Deno.test("headers() never puts a value into a head that cannot stand there", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  fc.assert(fc.property(text, text, (value, header) => {
    const exchange = makeExchange({
      params: { id: value },
      headers: [["x-in", isFieldValue(header) ? header : "-"]],
    });
    const result = build({ request: { set: { "x-a": "a{param:id}{header:x-in}" } } }, () => reply())(exchange);
    assert.ok(result instanceof Reply);
    const [line] = pairs(exchange.headers.flat()).slice(-1);
    if (result.status === 200) assert.ok(isFieldValue(line.slice("x-a: ".length)), line);
    else assert.match(value, /[^\t\x20-\x7e\x80-\u{10ffff}]/u);
  }));
});

Deno.test("headers() takes secrets, read once when it is built", () => {
  let reads = 0;
  const env = makeEnv({ KEY: "s3cret", "./key": "from-file" });
  const counting: TestEnv = { ...env, secrets: (name) => (reads++, env.secrets(name)) };
  const handler = build(
    { request: { set: { "x-key": secret.env("KEY") }, append: { "x-file": secret.file("./key") } } },
    () => reply(),
    counting,
  );
  for (let i = 0; i < 3; i++) {
    const exchange = makeExchange();
    handler(exchange);
    assert.deepEqual(pairs(exchange.headers.flat()), ["x-key: s3cret", "x-file: from-file"]);
  }
  assert.equal(reads, 2);
});

Deno.test("headers() fails to build without its secrets, and never prints their values", () => {
  const options = { request: { set: { "x-key": secret.env("KEY") } } };
  assert.throws(() => build(options, () => reply()), {
    message: `policy global/headers: the value of header "x-key", secret.env("KEY"), cannot be had: KEY is not set`,
  });
  for (const value of ["hunter2\n", "a\r\nb", " padded"]) {
    assert.throws(() => build(options, () => reply(), makeEnv({ KEY: value })), (error) => {
      const { message } = error as Error;
      return message.includes(`secret.env("KEY")`) && !message.includes("hunter2") && !message.includes("padded");
    });
  }
  const printed = JSON.stringify(headers(options));
  assert.equal(printed, `{"kind":"headers","options":{"request":{"set":{"x-key":{"env":"KEY"}}}}}`);
});

Deno.test("headers() stays out of the way where it has nothing to do, and synchronous where nothing waits", async () => {
  const terminal: Handler = () => reply();
  assert.equal(build({}, terminal), terminal);
  assert.equal(build({ request: { set: {} }, response: {} }, terminal), terminal);
  const promise = Promise.resolve(reply());
  const onRequest = build({ request: { set: { "x-a": "1" } } }, () => promise);
  assert.equal(onRequest(makeExchange()), promise, "a request edit adds no promise");
  for (const value of ["1", "{ip}"]) {
    const edits: HeadersOptions = { response: { set: { "x-a": value } } };
    assert.ok(build(edits, terminal)(makeExchange()) instanceof Reply);
    const later = await build(edits, () => Promise.resolve(reply()))(makeExchange());
    assert.equal(later.header("x-a"), value === "1" ? "1" : "192.0.2.7");
  }
});

Deno.test("headers() leaves a request alone that it does not change", () => {
  const untouchable = new HeaderList({
    get: () => assert.fail("read"),
    flat: () => assert.fail("read"),
    hasAny: () => assert.fail("read"),
    text: () => assert.fail("read"),
  });
  const exchange = Object.assign(makeExchange(), { headers: untouchable });
  build({ response: { set: { "x-a": "1" }, remove: ["server"] } }, () => reply())(exchange);
});

Deno.test("headers() names the facts that its templates need, for check and for the compiler", () => {
  const policy = headers({
    request: { set: { "x-a": "{param:id}-{jwt:sub}", "x-b": "{ip}{{param:no}", "x-c": secret.env("KEY") } },
    response: { append: { "x-d": "{param:id}{consumer}" } },
  });
  assert.deepEqual(headersDefinition.facts!(policy.options as HeadersOptions), {
    needs: ["param:id", "jwt:sub", "consumer"],
  });
  type Expected = FactsOf<"param:id" | "jwt:sub" | "consumer">;
  const exact: [NeedsOf<typeof policy>, Expected] extends [Expected, NeedsOf<typeof policy>] ? true : false = true;
  const onlySecrets = headers({ request: { set: { "x-c": secret.env("KEY") } } });
  const none: [NeedsOf<typeof onlySecrets>] extends [never] ? true : false = true;
  const empty = headers({ request: { remove: ["a"] } });
  const none2: [NeedsOf<typeof empty>] extends [never] ? true : false = true;
  assert.ok(exact && none && none2);
  assert.equal(definitionOf(policy), headersDefinition);
});

Deno.test("headers() says in words what it does", () => {
  assert.equal(
    headersDefinition.describe!({
      request: { set: { a: "1" }, append: { b: "2" }, remove: ["c"] },
      response: { remove: ["d"] },
    }),
    "headers request =a +b -c response -d",
  );
});

Deno.test("headers() options: what check refuses, where, and what to write instead", () => {
  const at = (path: string, options: unknown) => ({ path, options });
  const cases: [{ path: string; options: unknown }, message: RegExp][] = [
    [at("request.set.x-a", { request: { set: { "x-a": "{nope}" } } }), /"\{nope\}" is not a key/],
    [at("request.set.x-a", { request: { set: { "x-a": "{ip" } } }), /brace is not closed/],
    [at("request.set.x-a", { request: { set: { "x-a": "a\r\nb" } } }), /no line break/],
    [at("request.append.x-a", { request: { append: { "x-a": "a\x00{ip}" } } }), /no line break/],
    [at("response.set.x-a", { response: { set: { "x-a": " a" } } }), /no white space at its ends/],
    [at("response.set.x-a", { response: { set: { "x-a": "{ip}\t" } } }), /no white space at its ends/],
    [at("request.set.x-a", { request: { set: { "x-a": 7 } } }), /a text or a secret/],
    [at("request.set.x a", { request: { set: { "x a": "1" } } }), /"x a" is not a header name/],
    [at("request.set.", { request: { set: { "": "1" } } }), /is not a header name/],
    [at("request.set.X-A", { request: { set: { "x-a": "1", "X-A": "2" } } }), /stands here twice/],
    [at("request.remove.0", { request: { remove: ["a:"] } }), /is not a header name/],
    [at("request.set.Host", { request: { set: { Host: "a" } } }), /setting of the upstream/],
    [at("request.set.content-length", { request: { set: { "content-length": "1" } } }), /frames the message/],
    [at("request.remove.0", { request: { remove: ["Transfer-Encoding"] } }), /frames the message/],
    [at("request.append.connection", { request: { append: { connection: "x" } } }), /ends at this hop/],
    [at("request.set.x-forwarded-for", { request: { set: { "x-forwarded-for": "{ip}" } } }), /trustedProxies/],
    [at("request.remove.0", { request: { remove: ["via"] } }), /trustedProxies/],
    [at("response.set.Content-Length", { response: { set: { "Content-Length": "1" } } }), /frames the message/],
    [at("response.set.upgrade", { response: { set: { upgrade: "x" } } }), /ends at this hop/],
    [at("request", { request: { st: {} } }), /st/],
    [at("", { requests: {} }), /requests/],
  ];
  for (const [{ path, options }, message] of cases) {
    const { error } = headersSchema.safeParse(options);
    assert.ok(error, JSON.stringify(options));
    assert.equal(error.issues.length, 1, JSON.stringify(error.issues));
    const [issue] = error.issues;
    assert.equal(issue.path.join("."), path);
    assert.match(issue.message, message);
    if (issue.code === "custom") assert.ok(issue.params?.remedy, "a remedy");
  }
});

Deno.test("headers() options: what check lets through", () => {
  for (
    const options of [
      {},
      { request: { set: { "x-a": "a \t b{ip}", "authorization": secret.env("A"), "x-real-ip": "{ip}" } } },
      { response: { set: { host: "x", expect: "y" }, append: { vary: "origin" }, remove: ["server"] } },
      { request: { set: { a: { env: "A" }, b: { file: "./b" } } } },
    ]
  ) {
    assert.deepEqual(headersSchema.parse(options), options);
  }
});
