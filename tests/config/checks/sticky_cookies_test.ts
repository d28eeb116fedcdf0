import { strict as assert } from "node:assert";
import { checkStickyCookies } from "../../../src/config/checks/sticky_cookies.ts";
import { draftOf } from "../../../src/config/draft.ts";
import { pathText } from "../../../src/config/finding.ts";

const upstream = (cookie: string) => ({ endpoints: ["http://a"], sticky: { cookie, secret: { env: "KEY" } } });

Deno.test("checkStickyCookies() warns at every upstream after the first with a cookie", () => {
  const upstreams = { a: upstream("x"), b: "http://b", c: upstream("y"), d: upstream("x"), e: upstream("x") };
  assert.deepEqual(
    checkStickyCookies(draftOf({ upstreams })).map(({ at, severity, message }) =>
      `${severity} ${pathText(at)}: ${message.split(":")[0]}`
    ),
    [
      "warning upstreams.d.sticky.cookie: upstream a has this cookie too",
      "warning upstreams.e.sticky.cookie: upstream a has this cookie too",
    ],
  );
});

Deno.test("checkStickyCookies() tells cookies apart by case (RFC 6265 §5.3)", () =>
  assert.deepEqual(checkStickyCookies(draftOf({ upstreams: { a: upstream("x"), b: upstream("X") } })), []));
