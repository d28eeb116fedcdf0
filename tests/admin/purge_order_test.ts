import { strict as assert } from "node:assert";
import { purgeOrder } from "../../src/admin/purge_order.ts";

Deno.test("purgeOrder() reads what is meant", () => {
  const rows: [unknown, unknown][] = [
    [{ url: "https://a.example/x?1" }, { target: { url: "https://a.example/x?1" }, soft: false }],
    [{ url: "/x", soft: false }, { target: { url: "/x" }, soft: false }],
    [{ prefix: "HTTP://a", soft: true }, { target: { prefix: "HTTP://a" }, soft: true }],
    [{ tag: "a b" }, { target: { tag: "a b" }, soft: false }],
    [{ all: true }, { target: { all: true }, soft: false }],
  ];
  for (const [written, order] of rows) assert.deepEqual(purgeOrder(written), { order, cache: undefined });
  assert.deepEqual(purgeOrder({ all: true, cache: "c" }), {
    order: { target: { all: true }, soft: false },
    cache: "c",
  });
});

Deno.test("purgeOrder() says what is wrong, and takes nothing for everything", () => {
  const rows: [unknown, RegExp][] = [
    ...[null, [], "all", 1, undefined].map((value): [unknown, RegExp] => [value, /^Write an order such as/]),
    [{}, /^It says not what: one of url, prefix, tag and all/],
    [{ soft: true }, /^It says not what/],
    [{ url: "/a", tag: "b" }, /^It says more than once what/],
    [{ all: false }, /"all" is true, or not there/],
    [{ all: "true" }, /"all" is true/],
    [{ al: true }, /^"al" is unknown here: did you mean "all"\?$/],
    [{ all: true, xyzzy: 1 }, /"xyzzy" is unknown here: there are url, /],
    [{ url: "" }, /"url" is a text/],
    [{ url: 1 }, /"url" is a text/],
    [{ tag: "a\nb" }, /"tag" is a text without line breaks/],
    [{ url: "a.example/x" }, /"url" is "https:\/\/example.com\/a" or "\/a"/],
    [{ url: "ftp://a/" }, /"url" is /],
    [{ prefix: "https:///" }, /"prefix" is /],
    [{ prefix: "x" }, /"prefix" is /],
    [{ all: true, soft: "yes" }, /"soft" is true or false/],
    [{ all: true, cache: "" }, /"cache" is the id/],
    [{ all: true, cache: 1 }, /"cache" is the id/],
  ];
  for (const [written, message] of rows) assert.match(String(purgeOrder(written)), message, JSON.stringify(written));
});
