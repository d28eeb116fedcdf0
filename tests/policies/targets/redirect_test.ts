import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isFieldValue } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { redirectHandler } from "../../../src/policies/targets/redirect.ts";
import { redirectError } from "../../../src/policies/targets/redirect_error.ts";
import { decodeParams } from "../../../src/routing/params.ts";
import { type ExchangeOptions, makeExchange } from "../../support/exchange.ts";

/** The `location` for a request whose path gave these raw captures. */
function location(
  to: string,
  captures: Readonly<Record<string, string>> = {},
  options: ExchangeOptions & { readonly keepQuery?: boolean } = {},
): string {
  const { keepQuery = false, ...request } = options;
  const names = Object.keys(captures), raw = Object.values(captures);
  const reply = redirectHandler({ to, status: 302, keepQuery }, names)(
    makeExchange({ ...request, captures: raw, params: decodeParams(names, raw) }),
  );
  assert.ok(reply instanceof Reply);
  assert.equal(reply.status, 302);
  assert.equal(reply.body, null);
  return reply.header("location")!;
}

Deno.test("redirectHandler() inserts raw segments into the path, and encodes everything elsewhere", () => {
  const cases: [to: string, captures: Record<string, string>, location: string][] = [
    ["/new", {}, "/new"],
    ["/new/{param:id}", { id: "7" }, "/new/7"],
    ["/new/{param:id}", { id: "a%2Fb" }, "/new/a%2Fb"],
    ["/new/{param:id}", { id: "a%252Fb" }, "/new/a%252Fb"],
    ["/new/{param:id}", { id: "%C3%A9" }, "/new/%C3%A9"],
    ["/new/{param:id}", { id: `a"<b>{c}` }, "/new/a%22%3Cb%3E%7Bc%7D"],
    ["/new/{param:*}", { "*": "a/b%20c/" }, "/new/a/b%20c/"],
    ["/new/{param:*}", { "*": "" }, "/new/"],
    ["/{param:b}/{param:a}", { a: "1", b: "2" }, "/2/1"],
    ["/find?q={param:id}", { id: "a&admin=1" }, "/find?q=a%26admin%3D1"],
    ["/find?q={param:id}", { id: "a%2Fb%20c" }, "/find?q=a%2Fb%20c"],
    ["/find?p={param:*}", { "*": "a/b" }, "/find?p=a%2Fb"],
    ["/doc#{param:id}", { id: "a#b" }, "/doc#a%23b"],
    ["https://other.test/{param:*}", { "*": "a/b" }, "https://other.test/a/b"],
    ["https://other.test/{param:*}", { "*": "/evil.test" }, "https://other.test//evil.test"],
    ["https://other.test:8443/?id={param:id}", { id: "7" }, "https://other.test:8443/?id=7"],
    ["/x/{header:x-a}", {}, "/x/"],
  ];
  for (const [to, captures, expected] of cases) assert.equal(location(to, captures), expected, to);
});

Deno.test("redirectHandler() cannot be led to another host", () => {
  const cases: [to: string, captures: Record<string, string>, header: string, location: string][] = [
    ["/{param:*}", { "*": "/evil.test" }, "", "/evil.test"],
    ["/{param:*}", { "*": "///evil.test/x" }, "", "/evil.test/x"],
    ["/{header:x-a}/{param:id}", { id: "evil.test" }, "", "/evil.test"],
    ["/{header:x-a}", {}, "/evil.test", "/%2Fevil.test"],
    ["/{header:x-a}", {}, "\\evil.test", "/%5Cevil.test"],
    ["/{header:x-a}", {}, "\t/evil.test", "/%09%2Fevil.test"],
    ["/{header:x-a}", {}, "@evil.test", "/%40evil.test"],
    ["https://good.test/{header:x-a}", {}, "@evil.test", "https://good.test/%40evil.test"],
    ["https://good.test/{header:x-a}", {}, "//evil.test/..", "https://good.test/%2F%2Fevil.test%2F.."],
  ];
  for (const [to, captures, header, expected] of cases) {
    assert.equal(location(to, captures, { headers: [["x-a", header]] }), expected, to);
  }
});

Deno.test("redirectHandler() encodes what no URL can hold", () => {
  const exchange = makeExchange();
  exchange.identity = { claims: { sub: "\ud800é" } };
  const reply = redirectHandler({ to: "/{jwt:sub}", status: 302, keepQuery: false }, [])(exchange) as Reply;
  assert.equal(reply.header("location"), "/%EF%BF%BD%C3%A9");
});

Deno.test("redirectHandler() stays on its host and in one field, whatever is inserted", () => {
  const text = fc.string({ unit: "binary", maxLength: 10 });
  const hostile = fc.array(
    fc.constantFrom("/", "\\", "//", "@", ":", "?", "#", "\r\n", "\t", " ", "..", "evil.test", "&", "%2F"),
    {
      maxLength: 8,
    },
  ).map((parts) => parts.join(""));
  // What a canonical path can hold: no control characters, spaces, backslashes, `#` or `?`, and whole escapes.
  const raw = fc.array(
    fc.constantFrom("/", "//", "a", "@", ":", "evil.test", "%2F", "%5C", "&", "[", "{", "|", '"', ";"),
    {
      maxLength: 8,
    },
  ).map((parts) => parts.join(""));
  const targets = ["/{param:*}", "/{header:x-a}/{param:*}", "/a/{header:x-a}{param:*}?q={header:x-a}#{param:*}"];
  fc.assert(
    fc.property(
      fc.constantFrom(...targets),
      raw,
      fc.oneof(text, hostile),
      fc.boolean(),
      (to, rest, header, keepQuery) => {
        for (const origin of ["", "https://good.test"]) {
          const query = "?" + encodeURIComponent(header.toWellFormed());
          const value = location(origin + to, { "*": rest }, { headers: [["x-a", header]], query, keepQuery });
          assert.ok(isFieldValue(value), value);
          const url = new URL(value, "https://home.test/old");
          assert.equal(url.origin, origin === "" ? "https://home.test" : origin, value);
          assert.equal(url.username + url.password, "");
          if (to.includes("#")) {
            const params = new URLSearchParams(url.search);
            assert.equal(params.get("q"), header.toWellFormed());
            assert.equal([...params.keys()][0], "q");
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("redirectHandler() appends the request's query where it is asked to", () => {
  const cases: [to: string, query: string, location: string][] = [
    ["/new", "?a=1&b", "/new?a=1&b"],
    ["/new", "", "/new"],
    ["/new", "?", "/new"],
    ["/new?x=1", "?a=1", "/new?x=1&a=1"],
    ["/new?", "?a=1", "/new?a=1"],
    ["/new?x&", "?a=1", "/new?x&a=1"],
    ["/new#top", "?a=1", "/new?a=1#top"],
    ["/new?x#top", "?a=1", "/new?x&a=1#top"],
    ["/new", "?€", "/new?%E2%82%AC"],
    ["https://other.test", "?a=1", "https://other.test?a=1"],
    ["/new", `?a[]="<é>|`, "/new?a[]=%22%3C%E9%3E|"],
  ];
  for (const [to, query, expected] of cases) {
    assert.equal(location(to, {}, { query, keepQuery: true }), expected);
    assert.equal(location(to, {}, { query }), to);
  }
});

Deno.test("redirectHandler() gives each exchange a reply of its own", () => {
  const handler = redirectHandler({ to: "/new", status: 308, keepQuery: false }, []);
  const first = handler(makeExchange()) as Reply, second = handler(makeExchange()) as Reply;
  first.setHeader("x-a", "1");
  assert.equal(second.header("x-a"), null);
  assert.equal(second.status, 308);
});

Deno.test("redirectError() says what is wrong with a target and what to write instead", () => {
  const cases: [to: string, message: RegExp | null][] = [
    ["/", null],
    ["/a/{param:id}?x={query:y}#{header:z}", null],
    ["https://other.test", null],
    ["HTTP://other.test:80/{param:*}", null],
    ["https://[::1]:8080/{ip}", null],
    ["https://other.test?{param:id}", null],
    ["//other.test/", /begins the name of a host/],
    ["other.test/x", /neither a path nor a URL/],
    ["", /neither a path nor a URL/],
    ["{param:*}", /neither a path nor a URL/],
    ["{header:x}://other.test/", /neither a path nor a URL/],
    ["ftp://other.test/", /neither a path nor a URL/],
    ["javascript:alert(1)", /neither a path nor a URL/],
    ["https://{header:host}/", /a key stands in the host/],
    ["https://{param:tenant}.other.test/", /a key stands in the host/],
    ["https://other.test{param:id}/", /a key stands in the host/],
    ["https://other.test:{param:id}/", /a key stands in the host/],
    ["https:///other.test", /is no host/],
    ["https://user:pw@other.test/", /user name/],
    ["https://other.test:99999/{ip}", /is no host/],
    ["/a b", /" " cannot stand in a URL/],
    ["/\\other.test", /cannot stand in a URL/],
    ["/a\r\nb", /cannot stand in a URL/],
    ["/é", /"é" cannot stand in a URL/],
    ["/a%2", /two hex digits/],
    ["/%{param:id}", /two hex digits/],
    ["/{nope}", /is not a key/],
    ["/{param:id", /not closed/],
  ];
  for (const [to, message] of cases) {
    const wrong = redirectError(to);
    if (message === null) assert.equal(wrong, null, to);
    else {
      assert.match(wrong?.message ?? "nothing wrong", message, to);
      assert.ok(wrong!.remedy.length > 0);
      assert.throws(() => redirectHandler({ to, status: 302, keepQuery: false }, []), TypeError);
    }
  }
});
