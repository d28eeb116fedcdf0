import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import * as f from "./frames.ts";
import { type Handle, hello, type ListenerOptions, TestListener } from "./test_listener.ts";

type Field = [string, string];

/** Sends one request. @returns the status and what the log says of it */
async function ask(
  fields: Field[],
  options: ListenerOptions & { peer?: string; handle?: Handle } = {},
): Promise<{ status: string; line: string; exchange: Exchange; fields: readonly string[]; text: string }> {
  const listener = new TestListener(options.handle ?? hello, options);
  using peer = await listener.connect(options.peer);
  await peer.send(f.head(1, f.block(...fields)));
  const [head, ...rest] = peer.take(), [line] = listener.lines;
  const text = rest.filter(({ type }) => type === f.DATA).map(({ payload }) => new TextDecoder().decode(payload)).join(
    "",
  );
  return { status: head?.fields[1] ?? "", line, exchange: listener.log[0].exchange, fields: head?.fields ?? [], text };
}

const get = (...more: Field[]): Field[] => [...f.pseudo(), ...more];
const of = (method: string, path = "/", authority = "a.example", scheme = "https", ...more: Field[]): Field[] => [
  ...f.pseudo(method, path, authority, scheme),
  ...more,
];
const without = (fields: Field[], name: string) => fields.filter(([other]) => other !== name);

/** As on HTTP/1.1: what a request is, its status, its code, and the path in the log. */
const REFUSED: readonly [what: string, fields: Field[], status: string, line: string, options?: ListenerOptions][] = [
  ["neither :authority nor Host", without(get(), ":authority"), "400", "400 GET / bad_host"],
  ["an empty :authority", of("GET", "/", ""), "400", "400 GET / bad_host"],
  ["an :authority with a user", of("GET", "/", "me@a.example"), "400", "400 GET / bad_host"],
  ["an :authority with a path", of("GET", "/", "a.example/x?"), "400", "400 GET / bad_host"],
  ["a Host that differs from :authority", get(["host", "b.example"]), "400", "400 GET / bad_host"],
  ["a Host whose port differs", get(["host", "a.example:444"]), "400", "400 GET / bad_host"],
  ["two Host", get(["host", "a.example"], ["host", "a.example"]), "400", "400 GET / bad_host"],
  ["an empty Host alone", [...without(get(), ":authority"), ["host", ""]], "400", "400 GET / bad_host"],
  ["an invalid Host alone", [...without(get(), ":authority"), ["host", "a b"]], "400", "400 GET / bad_host"],
  ["a scheme that is not HTTP's", of("GET", "/", "a.example", "ftp"), "400", "400 GET / bad_target"],
  ["a path without a slash", of("GET", "x"), "400", "400 GET x bad_target"],
  ["a URL as path", of("GET", "https://a.example/?q"), "400", "400 GET https://a.example/ bad_target"],
  ["* with another method than OPTIONS", of("GET", "*"), "400", "400 GET * bad_target"],
  ["a fragment", of("GET", "/a#b"), "400", "400 GET /a#b bad_path"],
  ["a space in the path", of("GET", "/a b"), "400", "400 GET /a b bad_path"],
  ["a broken escape", of("GET", "/%zz"), "400", "400 GET /%zz bad_path"],
  ["an escaped slash beside dots", of("GET", "/a/..%2fb"), "400", "400 GET /a/..%2fb bad_path"],
  ["a bracket of no URL in the query", of("GET", "/?a#b"), "400", "400 GET / bad_target"],
  [
    "a target that is too long",
    of("GET", "/" + "x".repeat(8192)),
    "414",
    `414 GET /${"x".repeat(8192)} target_too_long`,
  ],
  ["a target beyond the head's limit", of("GET", "/" + "x".repeat(40_000)), "414", "414 - - target_too_long"],
  ["CONNECT", [[":method", "CONNECT"], [":authority", "a.example:443"]], "501", "501 CONNECT - method_not_implemented"],
  ["TRACE", of("TRACE"), "405", "405 TRACE / method_not_allowed"],
  ["an unknown method", of("FROB"), "501", "501 FROB / method_not_implemented"],
  ["a method in lower case", of("get"), "501", "501 get / method_not_implemented"],
  ["a method that is no token", of("GE(T"), "400", "400 GE(T / bad_method"],
  ["a length that is no number", get(["content-length", "+1"]), "400", "400 GET / bad_content_length"],
  ["two equal lengths", get(["content-length", "0"], ["content-length", "0"]), "400", "400 GET / bad_content_length"],
  ["an expectation that nobody knows", get(["expect", "200-ok"]), "417", "417 GET / expectation_failed"],
  [
    "too many fields",
    get(...Array.from({ length: 101 }, (_, i): Field => [`x-${i}`, ""])),
    "431",
    "431 - - header_fields_too_large",
  ],
  ["fields that are too large", get(["x-large", "x".repeat(33_000)]), "431", "431 - - header_fields_too_large"],
  [
    "fields that are many and small",
    get(...Array.from({ length: 1000 }, (): Field => ["a", "b"])),
    "431",
    "431 - - header_fields_too_large",
  ],
];

for (const [what, fields, status, line] of REFUSED) {
  Deno.test(`H2RequestReader refuses ${what}`, async () => {
    const answer = await ask(fields);
    assert.deepEqual([answer.status, answer.line], [status, line]);
    const { status: told, code, requestId } = JSON.parse(answer.text);
    assert.deepEqual([told, code], [Number(status), line.split(" ").at(-1)]);
    assert.equal(answer.fields[answer.fields.indexOf("x-request-id") + 1], requestId);
  });
}

/** What a request is, and what the exchange says. */
const READ: readonly [what: string, fields: Field[], read: (exchange: Exchange) => unknown, expected: unknown][] = [
  ["the version", get(), (x) => [x.httpVersion, x.scheme, x.upgrade], ["2", "https", ""]],
  ["path and query", of("GET", "/a/%7eb/../c?x=%2f&y"), (x) => [x.path, x.query], ["/a/c", "?x=%2f&y"]],
  ["authority and host", of("GET", "/", "A.Example:8443"), (x) => [x.authority, x.host], [
    "A.Example:8443",
    "a.example",
  ]],
  [
    "Host where there is no :authority",
    [...without(get(), ":authority"), ["host", "b.example"]],
    (x) => x.host,
    "b.example",
  ],
  ["Host beside an equal :authority", get(["host", "A.example"]), (x) => x.headers.get("host"), "a.example"],
  [":authority as Host", get(), (x) => x.headers.getAll("host"), ["a.example"]],
  [
    "cookies that were split",
    get(["cookie", "a=1"], ["x-a", ""], ["cookie", "b=2"], ["cookie", "c=3"]),
    (x) => x.headers.getAll("cookie"),
    ["a=1; b=2; c=3"],
  ],
  [
    "cookies with empty ones among them",
    get(["cookie", ""], ["cookie", "a=1"], ["cookie", ""], ["cookie", "b=2"], ["cookie", ""]),
    (x) => x.headers.getAll("cookie"),
    ["a=1; b=2"],
  ],
  ["an empty cookie alone", get(["cookie", ""]), (x) => x.headers.getAll("cookie"), [""]],
  ["duplicates in order", get(["x-a", "1"], ["x-b", "2"], ["x-a", "3"]), (x) => x.headers.getAll("x-a"), ["1", "3"]],
  ["bytes above ASCII", get(["x-a", "h\xe9"]), (x) => x.headers.get("x-a"), "h\xe9"],
  ["te: trailers", get(["te", "trailers"]), (x) => x.acceptsTrailers, true],
  ["no te", get(), (x) => x.acceptsTrailers, false],
  ["no body, so nothing is expected of us", get(["expect", "100-continue"]), (x) => [x.body, x.expectsContinue], [
    null,
    false,
  ]],
  ["a request id", get(["x-request-id", "abc"]), (x) => x.requestId, "abc"],
  ["a request id of our own", get(["x-request-id", "a b"]), (x) => x.requestId, "id-1"],
  [
    "OPTIONS, one hop on",
    of("OPTIONS", "/", "a.example", "https", ["max-forwards", "3"]),
    (x) => x.headers.get("max-forwards"),
    "2",
  ],
  [
    "many cookies as one field",
    get(...Array.from({ length: 150 }, (): Field => ["cookie", "a=1"])),
    (x) => x.method,
    "GET",
  ],
];

for (const [what, fields, read, expected] of READ) {
  Deno.test(`H2RequestReader reads ${what}`, async () => {
    const { status, exchange } = await ask(fields);
    assert.equal(status, "200");
    assert.deepEqual(read(exchange), expected);
  });
}

Deno.test("OPTIONS is answered here for the whole server, and at the last hop", async () => {
  for (const fields of [of("OPTIONS", "*"), of("OPTIONS", "/", "a.example", "https", ["max-forwards", "0"])]) {
    const answer = await ask(fields, { handle: () => assert.fail("nobody is asked") });
    assert.equal(answer.status, "204");
    assert.ok(answer.fields.includes("allow"));
  }
});

Deno.test("what only a proxy may say counts from trusted ones only", async () => {
  const said = get(["x-forwarded-for", "203.0.113.9"], ["x-real-ip", "203.0.113.9"], ["x_forwarded_for", "1"], [
    "x-forwarded-foo",
    "1",
  ]);
  const names = (x: Exchange) => x.headers.flat().filter((_, i) => i % 2 === 0);
  const untrusted = (await ask(said)).exchange;
  assert.deepEqual([untrusted.client.ip, names(untrusted)], ["192.0.2.1", ["host"]]);
  const trusted = (await ask(said, { trusted: ["192.0.2.0/24"] })).exchange;
  assert.deepEqual([trusted.client.ip, names(trusted).length], ["203.0.113.9", 5]);
});

Deno.test("a listener with too much under way answers 503, and refusals come before that", async () => {
  const listener = new TestListener(() => assert.fail("nobody is asked"));
  listener.overloaded = true;
  using peer = await listener.connect();
  await peer.send(f.get(1), f.get(3, "/", ["expect", "x"]));
  const heads = peer.take().filter(({ type }) => type === f.HEADERS);
  assert.deepEqual(heads.map(({ fields }) => fields[1]), ["503", "417"]);
  assert.ok(heads[0].fields.includes("retry-after"));
  assert.deepEqual(listener.lines, ["503 GET / overloaded", "417 GET / expectation_failed"]);
});

Deno.test("a block that is too large to be read is answered with 431, and then the connection ends", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  const part = f.block(...Array.from({ length: 10 }, (_, i): Field => [`x-${i}`, "x".repeat(1600)]));
  await peer.send(
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    ...Array.from({ length: 8 }, () => f.frame(f.CONTINUATION, 0, 1, part)),
  );
  assert.deepEqual(peer.lines(), ["HEADERS 1 431", "DATA 1 213 END", "GOAWAY 1 11"]);
  assert.deepEqual(listener.lines, ["431 - - header_fields_too_large"]);
});
