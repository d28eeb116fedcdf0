import { strict as assert } from "node:assert";
import { parseItem } from "structured-headers";
import { componentValue } from "../../../../src/policies/auth/hmac/component.ts";
import { SignedRequest } from "../../../../src/policies/auth/hmac/signed_request.ts";
import { type ExchangeOptions, makeExchange } from "../../../support/exchange.ts";

/** The value of a component as signatures write it. */
function valueOf(component: string, request: ExchangeOptions): string | null {
  const [name, parameters] = parseItem(component);
  const exchange = makeExchange(request);
  return componentValue(new SignedRequest(exchange, exchange.scheme), name as string, parameters);
}

function headers(...lines: string[]): ExchangeOptions {
  return {
    headers: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  };
}

const at = (path: string, query = ""): ExchangeOptions => ({
  path,
  query,
  authority: "www.example.com",
  scheme: "https",
});

type Case = readonly [request: ExchangeOptions, component: string, value: string | null];

/** Examples of §2.1. */
const FIELDS: readonly Case[] = [
  [
    headers("Cache-Control: max-age=60", "Cache-Control:    must-revalidate"),
    '"cache-control"',
    "max-age=60, must-revalidate",
  ],
  [headers("X-Empty-Header: "), '"x-empty-header"', ""],
  [
    headers("X-Dictionary: a=1,    b=2;x=1;y=2,   c=(a   b   c)"),
    '"x-dictionary"',
    "a=1,    b=2;x=1;y=2,   c=(a   b   c)",
  ],
  [headers("Priority:  u=1,    i"), '"priority";sf', "u=1, i"],
  [headers("Sec-CH-UA:  a ;v=1,   (a   b)"), '"sec-ch-ua";sf', null],
  [headers("Sec-CH-UA:  a;v=1,   (a   b)"), '"sec-ch-ua";sf', "a;v=1, (a b)"],
  [headers("Capsule-Protocol:  ?1"), '"capsule-protocol";sf', "?1"],
  // Whether it is structured, and how, is not known.
  [headers("X-Dictionary: a=1"), '"x-dictionary";sf', null],
  [headers("Priority: ((("), '"priority";sf', null],
  [headers("Priority: u=1, u=2"), '"priority";sf', null],
  ...([["a", "1"], ["d", "?1"], ["b", "2;x=1;y=2"], ["c", "(a b c)"], ["e", null]] as const).map((
    [key, value],
  ): Case => [
    headers("Example-Dict:  a=1, b=2;x=1;y=2, c=(a    b    c), d"),
    `"example-dict";key="${key}"`,
    value,
  ]),
  [headers("Example-Dict: a=1, a=2"), '"example-dict";key="a"', null],
  [headers("Example-Dict: )("), '"example-dict";key="a"', null],
  [headers("Example-Dict: a=1"), '"example-dict";key', null],
  [headers("Example-Dict: a=1"), '"example-dict";key=a', null],
  [
    headers("Example-Header: value, with, lots", "Example-Header: of, commas"),
    '"example-header";bs',
    ":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:",
  ],
  [
    headers("Example-Header: value, with, lots, of, commas"),
    '"example-header";bs',
    ":dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:",
  ],
  [headers("Cookie: a=1", "Cookie: b=2"), '"cookie"', "a=1, b=2"],
];

/** What is no component, or not of a request, or not offered. */
const NONE: readonly Case[] = [
  [headers("A: 1"), '"b"', null],
  [headers("A: 1"), '"A"', null],
  [headers("A: 1"), '""', null],
  [headers("A: 1"), '"a b"', null],
  [headers("A: 1"), '"a";tr', null],
  [headers("A: 1"), '"a";req', null],
  [headers("A: 1"), '"a";unknown', null],
  [headers("Priority: u=1"), '"priority";sf;bs', null],
  [headers("Priority: u=1"), '"priority";key="u";bs', null],
  [headers("Priority: u=1"), '"priority";sf=1', null],
  [headers("Priority: u=1"), '"priority";sf=?0', null],
  [headers("A: 1"), '"b";bs', null],
  [{}, '"@status"', null],
  [{}, '"@signature-params"', null],
  [{}, '"@unknown"', null],
  [{}, '"@method";req', null],
  [{}, '"@query-param"', null],
  [{ authority: "" }, '"@authority"', null],
  [{ authority: "" }, '"@target-uri"', null],
];

/** Examples of §2.2. */
const DERIVED: readonly Case[] = [
  [{ method: "POST" }, '"@method"', "POST"],
  [at("/path", "?param=value"), '"@target-uri"', "https://www.example.com/path?param=value"],
  [at("/path"), '"@authority"', "www.example.com"],
  [{ authority: "WWW.Example.COM:80" }, '"@authority"', "www.example.com"],
  [{ authority: "www.example.com:443" }, '"@authority"', "www.example.com:443"],
  [{ authority: "www.example.com:443", scheme: "https" }, '"@authority"', "www.example.com"],
  [{ authority: "www.example.com:8443", scheme: "https" }, '"@authority"', "www.example.com:8443"],
  [{ authority: "[::1]:80" }, '"@authority"', "[::1]"],
  [at("/path"), '"@scheme"', "https"],
  [at("/path", "?param=value"), '"@request-target"', "/path?param=value"],
  [at("/path", "?param=value"), '"@path"', "/path"],
  [at("/"), '"@path"', "/"],
  [at("/path", "?param=value&foo=bar&baz=bat%2Dman"), '"@query"', "?param=value&foo=bar&baz=bat%2Dman"],
  [at("/path", "?queryString"), '"@query"', "?queryString"],
  [at("/path"), '"@query"', "?"],
  [at("/path", "?"), '"@query"', "?"],
];

const PARAMETERS = "?param=value&foo=bar&baz=batman&qux=";
const ESCAPED = "?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";

/** Examples of §2.2.8. */
const QUERIES: readonly Case[] = [
  ...([["baz", "batman"], ["qux", ""], ["param", "value"], ["none", null]] as const).map(([name, value]): Case => [
    at("/path", PARAMETERS),
    `"@query-param";name="${name}"`,
    value,
  ]),
  [at("/p", ESCAPED), '"@query-param";name="var"', "this%20is%20a%20big%0Amultiline%20value"],
  [at("/p", ESCAPED), '"@query-param";name="bar"', "with%20plus%20whitespace"],
  [at("/p", ESCAPED), '"@query-param";name="fa%C3%A7ade%22%3A%20"', "something"],
  [at("/p", "?a=1&a=2"), '"@query-param";name="a"', null],
  [at("/p", "?a=1&%61=2"), '"@query-param";name="a"', null],
  [at("/p", "?a=1"), '"@query-param";name="%61"', null],
  [at("/p", "?a=1"), '"@query-param";name=a', null],
  [at("/p", "?a=1"), '"@query-param";name="a";req', null],
  [at("/p"), '"@query-param";name="a"', null],
];

for (const [what, cases] of Object.entries({ FIELDS, NONE, DERIVED, QUERIES })) {
  Deno.test(`componentValue(): ${what.toLowerCase()} of RFC 9421 §2`, () => {
    for (const [request, component, value] of cases) {
      assert.equal(valueOf(component, request), value, `${component} of ${JSON.stringify(request)}`);
    }
  });
}
