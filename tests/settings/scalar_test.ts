import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { z } from "zod";
import { formatDuration, formatSize } from "../../src/core/units.ts";
import { choice } from "../../src/settings/choice.ts";
import { duration } from "../../src/settings/duration.ts";
import { fieldName } from "../../src/config/schema/field_name.ts";
import { flag, onlyTrue } from "../../src/settings/flag.ts";
import { hostSetting, hostText, listenHost, serverName } from "../../src/config/schema/host_text.ts";
import { hashKey, locationTemplate, splitKey, tenantKey } from "../../src/config/schema/key_text.ts";
import { extraMethod, routeMethod } from "../../src/config/schema/method.ts";
import { numberBetween, shareAboveZero, weightFrom, wholeNumber } from "../../src/settings/number_between.ts";
import { originUrl } from "../../src/config/schema/origin.ts";
import { outcomeMatch, statusMatch } from "../../src/config/schema/outcome_match.ts";
import { size } from "../../src/settings/size.ts";
import { socketPath } from "../../src/config/schema/socket_path.ts";
import { statusRange } from "../../src/config/schema/status_range.ts";
import { plainText } from "../../src/settings/text.ts";

const limit = duration({ zero: false }), grace = duration({ zero: true });
const port = wholeNumber(0, 65535), share = numberBetween(0, 1), method = choice(["GET", "POST"]);
const origin = originUrl(), bytes = size(1024, 2 ** 30), socket = socketPath();
const unix = (path: string) => ({ url: `unix:${path}`, scheme: "http", address: { kind: "unix", path } });

const TAKEN: readonly (readonly [z.ZodType, unknown, unknown])[] = [
  [limit, "250ms", 250],
  [limit, "1.5s", 1500],
  [limit, "0.5ms", 0.5],
  [limit, "24d", 24 * 86_400_000],
  [grace, "0s", 0],
  [duration({ zero: false, least: 1000, most: 5000 }), "1s", 1000],
  [duration({ zero: false, least: 1000, most: 5000 }), "5s", 5000],
  [shareAboveZero(), 1, 1],
  [shareAboveZero(), 0.001, 0.001],
  [outcomeMatch(), "reset", "reset"],
  [outcomeMatch(), "5xx", "5xx"],
  [outcomeMatch(), 400, 400],
  [outcomeMatch(), 599, 599],
  [statusMatch(), "5xx", "5xx"],
  [statusMatch(), 503, 503],
  [weightFrom(0), 0, 0],
  [weightFrom(1), 1000, 1000],
  [statusRange(), 204, [204, 204]],
  [statusRange(), "3xx", [300, 399]],
  [statusRange(), [200, 200], [200, 200]],
  [statusRange(), [200, 599], [200, 599]],
  [fieldName("x-a"), "X-Deadline", "x-deadline"],
  [onlyTrue(), true, true],
  [hostText(), "client", "client"],
  [hostText(), "[::1]:80", "[::1]:80"],
  [hashKey(), "route", "route"],
  [hashKey(), "request:id", "request:id"],
  [splitKey(), "jwt:sub", "jwt:sub"],
  [port, 0, 0],
  [port, 65535, 65535],
  [bytes, 1024, 1024],
  [bytes, "1024B", 1024],
  [bytes, "500KB", 500_000],
  [bytes, "1.5KiB", 1536],
  [bytes, "1GiB", 2 ** 30],
  [size(0, 5), "0B", 0],
  [size(0, 5), 0, 0],
  [socket, "/run/a b.sock", "/run/a b.sock"],
  [socket, "/" + "a".repeat(106), "/" + "a".repeat(106)],
  [routeMethod(), "GET", "GET"],
  [routeMethod(), "VERSION-CONTROL", "VERSION-CONTROL"],
  [routeMethod(), "M-Search", "M-Search"],
  [extraMethod(), "PURGE", "PURGE"],
  [extraMethod(), "X!#$%&'*+.^_`|~0-9", "X!#$%&'*+.^_`|~0-9"],
  [share, 0.25, 0.25],
  [share, 1, 1],
  [method, "GET", "GET"],
  [choice([301, 302]), 302, 302],
  [flag(), false, false],
  [plainText("a text"), " ", " "],
  [listenHost(), "0.0.0.0", "0.0.0.0"],
  [listenHost(), "::", "::"],
  [listenHost(), "localhost", "localhost"],
  [serverName(), "api.internal", "api.internal"],
  [hostSetting(), "client", "client"],
  [hostSetting(), "api.internal:8443", { value: "api.internal:8443" }],
  [hostSetting(), "[::1]:80", { value: "[::1]:80" }],
  [tenantKey(), "header:x-tenant", "header:x-tenant"],
  [locationTemplate(), "/new/{param:id}", "/new/{param:id}"],
  [locationTemplate(), "https://example.com/{query:a}", "https://example.com/{query:a}"],
  [origin, "http://a", { url: "http://a", scheme: "http", address: { kind: "tcp", hostname: "a", port: 80 } }],
  [origin, "HTTPS://A.example/", {
    url: "https://a.example",
    scheme: "https",
    address: { kind: "tcp", hostname: "a.example", port: 443 },
  }],
  [origin, "ws://a", { url: "http://a", scheme: "http", address: { kind: "tcp", hostname: "a", port: 80 } }],
  [origin, "WSS://a", { url: "https://a", scheme: "https", address: { kind: "tcp", hostname: "a", port: 443 } }],
  [origin, "http://a:80", { url: "http://a", scheme: "http", address: { kind: "tcp", hostname: "a", port: 80 } }],
  [origin, "https://a:80", { url: "https://a:80", scheme: "https", address: { kind: "tcp", hostname: "a", port: 80 } }],
  [origin, "http://[::1]:9", {
    url: "http://[::1]:9",
    scheme: "http",
    address: { kind: "tcp", hostname: "::1", port: 9 },
  }],
  [origin, "unix:/run/app.sock", unix("/run/app.sock")],
  [origin, "unix:/run/a:b@c.sock", unix("/run/a:b@c.sock")],
  // Ports that browsers and fetch refuse: this gateway's own client does not.
  [origin, "http://a:6000", {
    url: "http://a:6000",
    scheme: "http",
    address: { kind: "tcp", hostname: "a", port: 6000 },
  }],
];
for (const [schema, value, result] of TAKEN) {
  Deno.test(`a setting takes ${JSON.stringify(value)} as ${JSON.stringify(result)}`, () =>
    assert.deepEqual(schema.parse(value), result));
}

const DURATION = 'expected a duration such as "250ms" or "5s"', METHOD = 'expected "GET" or "POST"';
const SIZE = 'expected a number of bytes, or a size such as "32KiB" or "10MB"';
const SIZES = "expected a size from 1KiB to 1GiB",
  ABSOLUTE = "the path of a socket is absolute and begins with one slash";
const PORT = "expected a whole number from 0 to 65535", URL_TEXT = 'expected a URL such as "http://127.0.0.1:3000"';

const OUTCOME = 'expected "connect-error", "reset", "timeout", "protocol-error", "5xx" or a status from 400 to 599';
const STATUS = 'expected a status such as 204, a class such as "2xx", or a range such as [200, 299]';
const OF_THE_REQUEST = 'what the request itself says: "header:…", "query:…", "cookie:…" or "ip"';
const KEYS =
  "ip, global, route, identity, consumer, basic:user, request:id, header:…, query:…, cookie:…, jwt:…, param:…";

const LOWER = "methods are case-sensitive, and this one is in lower case";

const REFUSED: readonly (readonly [z.ZodType, unknown, message: string, remedy: string | undefined])[] = [
  [limit, 5, DURATION, '"5ms" or "5s"'],
  [limit, -5, DURATION, undefined],
  [limit, "5", DURATION, '"5ms" or "5s"'],
  [limit, "-5s", DURATION, '"5s"'],
  [limit, "5 s", DURATION, '"5s"'],
  [limit, "1e3ms", DURATION, undefined],
  [limit, "0x10s", DURATION, undefined],
  [limit, "5S", DURATION, '"5s"'],
  [limit, "2 minutes", DURATION, '"2m"'],
  [limit, "1h30m", DURATION, undefined],
  [limit, "Infinitys", DURATION, undefined],
  [limit, "", DURATION, undefined],
  [limit, null, DURATION, undefined],
  [limit, undefined, 'this is missing: expected a duration such as "250ms" or "5s"', undefined],
  [limit, "0ms", "expected a duration longer than 0", undefined],
  [limit, "25d", "expected a duration of at most 24d", '"24d"'],
  [limit, "9".repeat(400) + "s", "expected a duration of at most 24d", '"24d"'],
  [duration({ zero: false, least: 1000, most: 5000 }), "999ms", "expected a duration of at least 1s", '"1s"'],
  [duration({ zero: false, least: 1000, most: 5000 }), "5001ms", "expected a duration of at most 5s", '"5s"'],
  [shareAboveZero(), 0, "expected a number above 0, up to 1", undefined],
  [shareAboveZero(), 1.01, "expected a number above 0, up to 1", undefined],
  [shareAboveZero(), NaN, "expected a number above 0, up to 1", undefined],
  [shareAboveZero(), "0.5", "expected a number above 0, up to 1", "0.5, without quotes"],
  [outcomeMatch(), 399, "expected a status from 400 to 599", undefined],
  [outcomeMatch(), 600, "expected a status from 400 to 599", undefined],
  [outcomeMatch(), 500.5, "expected a status from 400 to 599", undefined],
  [outcomeMatch(), "time-out", OUTCOME, '"timeout"'],
  [outcomeMatch(), "503", OUTCOME, "503, without quotes"],
  [outcomeMatch(), "4XX", OUTCOME, "single statuses, such as 429"],
  [outcomeMatch(), "what", OUTCOME, undefined],
  [outcomeMatch(), true, OUTCOME, undefined],
  [statusMatch(), "timeout", "failures without an answer always count", "nothing: leave it out"],
  [statusMatch(), "what", 'expected "5xx" or a status from 400 to 599', undefined],
  [weightFrom(0), 0.95, "expected a whole number from 0 to 1000", "a whole number such as 95"],
  [weightFrom(1), 0.001, "expected a whole number from 1 to 1000", undefined],
  [weightFrom(1), 1.5, "expected a whole number from 1 to 1000", undefined],
  [statusRange(), 199, "expected a status from 200 to 599", undefined],
  [statusRange(), "1xx", STATUS, undefined],
  [statusRange(), "2XX", STATUS, '"2xx"'],
  [statusRange(), "200 - 299", STATUS, "[200, 299]"],
  [statusRange(), "204", STATUS, "204, without quotes"],
  [statusRange(), [200], "a range is two statuses from 200 to 599", "[200, 299]"],
  [statusRange(), [100, 299], "a range is two statuses from 200 to 599", "[200, 299]"],
  [statusRange(), [299, 200], "a range begins with the lower status", "[200, 299]"],
  [statusRange(), {}, STATUS, undefined],
  [fieldName("x-a"), "a b", "this is no name of a header", '"x-a"'],
  [fieldName("x-a"), 5, 'expected the name of a header, such as "x-a"', undefined],
  [onlyTrue(), false, "expected true", "nothing: leave it out"],
  [onlyTrue(), 1, "expected true", undefined],
  [hostText(), "http://a", "this is no host", 'a host such as "api.internal:8443"'],
  [hashKey(), "global", "every request would go to one endpoint", OF_THE_REQUEST],
  [hashKey(), "consumer", "consumer is not known on every route that uses an upstream", OF_THE_REQUEST],
  [hashKey(), "cokie:a", '"cokie:a" is not a key', '"cookie:a"'],
  [splitKey(), "route", "every request would take one branch", '"header:…", "cookie:…", "jwt:sub" or "ip"'],
  [splitKey(), "user", '"user" is not a key', `one of ${KEYS}`],
  [bytes, 1023, SIZES, '"1KiB"'],
  [bytes, "1023B", SIZES, '"1KiB"'],
  [bytes, "1025MiB", SIZES, '"1GiB"'],
  [bytes, "9".repeat(400) + "B", SIZES, '"1GiB"'],
  [bytes, 1024.5, "expected a whole number of bytes", undefined],
  [bytes, Infinity, "expected a whole number of bytes", undefined],
  [bytes, "2048", SIZE, '2048, without quotes, or "2048B"'],
  [bytes, "2.5", SIZE, undefined],
  [bytes, "2k", SIZE, '"2KiB" or "2KB"'],
  [bytes, "2 kb", SIZE, '"2KB"'],
  [bytes, "2kib", SIZE, '"2KiB"'],
  [bytes, "2Ki", SIZE, '"2KiB"'],
  [bytes, "2m", SIZE, '"2MiB" or "2MB"'],
  [bytes, "2 megs", SIZE, undefined],
  [bytes, "2g", SIZE, '"2GiB" or "2GB"'],
  [bytes, "-2KiB", SIZE, '"2KiB"'],
  [bytes, "1e3B", SIZE, undefined],
  [bytes, "", SIZE, undefined],
  [bytes, true, SIZE, undefined],
  [bytes, undefined, `this is missing: ${SIZE}`, undefined],
  [socket, "run/a.sock", ABSOLUTE, '"/run/a.sock"'],
  [socket, "./a.sock", ABSOLUTE, '"/a.sock"'],
  [socket, "//a.sock", ABSOLUTE, '"/a.sock"'],
  [socket, "@abstract", ABSOLUTE, '"/@abstract"'],
  [socket, "/run/", "this is the path of a folder", '"/run/app.sock"'],
  [socket, "/run/a\0.sock", "the path of a socket has no control characters", undefined],
  [
    socket,
    "/" + "ä".repeat(54),
    "the path of a socket has at most 107 bytes",
    "a shorter path, such as one in /run",
  ],
  [routeMethod(), "get", "methods are written in upper case", '"GET"'],
  [routeMethod(), "purge", LOWER, '"PURGE"'],
  [routeMethod(), "GET,POST", "this is no method", 'letters, digits and dashes, such as "PURGE"'],
  [routeMethod(), "PRI", "PRI is no request: it begins a connection of HTTP/2", "nothing: leave it out"],
  [routeMethod(), "", 'this is empty: expected a method such as "GET"', undefined],
  [extraMethod(), "get", "GET is accepted already", "nothing: leave it out"],
  [extraMethod(), "purge", LOWER, '"PURGE"'],
  [
    extraMethod(),
    "connect",
    "CONNECT is never proxied: it opens a tunnel to anywhere",
    "nothing: leave it out",
  ],
  [port, 65536, PORT, undefined],
  [port, -1, PORT, undefined],
  [port, 80.5, PORT, undefined],
  [port, NaN, PORT, undefined],
  [port, "80", PORT, "80, without quotes"],
  [port, "eighty", PORT, undefined],
  [port, "", PORT, undefined],
  [share, 1.1, "expected a number from 0 to 1", undefined],
  [wholeNumber(1, Number.MAX_SAFE_INTEGER), 0, "expected a whole number of at least 1", undefined],
  [method, "get", METHOD, '"GET"'],
  [method, "PSOT", METHOD, '"POST"'],
  [method, "CONNECT", METHOD, undefined],
  [method, 5, METHOD, undefined],
  [flag(), "yes", "expected true or false", "true"],
  [flag(), 0, "expected true or false", undefined],
  [plainText("a text"), "", "this is empty: expected a text", undefined],
  [plainText("a text"), 5, "expected a text", undefined],
  [listenHost(), "*", "this is no address or name to listen on", '"0.0.0.0"'],
  [listenHost(), "[::1]", "this is no address or name to listen on", '"::1"'],
  [listenHost(), "localhost:80", "this is no address or name to listen on", '"localhost"'],
  [listenHost(), "1.2.3", "this is no address or name to listen on", undefined],
  [serverName(), "https://a", "this is no host name", 'a name without scheme or port, such as "api.internal"'],
  [hostSetting(), "a:99999", "this is no host", '"client", "endpoint" or a host such as "api.internal:8443"'],
  [hostSetting(), "a\r\nx: y", "this is no host", '"client", "endpoint" or a host such as "api.internal:8443"'],
  [
    tenantKey(),
    "jwt:sub",
    "jwt:sub is not known yet when a route is chosen",
    OF_THE_REQUEST,
  ],
  [tenantKey(), "hedaer:x", '"hedaer:x" is not a key', '"header:x"'],
  [tenantKey(), "rout", '"rout" is not a key', '"route"'],
  [
    tenantKey(),
    "x",
    '"x" is not a key',
    `one of ${KEYS}`,
  ],
  [locationTemplate(), "/{id}", '"{id}" is not a key', '"{param:id}"'],
  [locationTemplate(), "/{parm:id}", '"{parm:id}" is not a key', '"param:id"'],
  [locationTemplate(), "/{id", "the brace is not closed; write {{ for a plain brace", "{{ for a brace"],
  [locationTemplate(), "new", "it is neither a path nor a URL", '"/…", or "https://host/…"'],
  [origin, "a.example:80", URL_TEXT, '"http://a.example:80"'],
  [origin, "http:/a", URL_TEXT, '"http://a"'],
  [origin, "what is this?", URL_TEXT, undefined],
  [origin, 3000, URL_TEXT, '"http://127.0.0.1:3000"'],
  [origin, "ftp://a", "upstreams are reached over http or https, not ftp", undefined],
  [origin, "http://", '"http://" is not a URL', 'a URL such as "http://127.0.0.1:3000"'],
  [origin, "http://a b", '"http://a b" is not a URL', 'a URL such as "http://127.0.0.1:3000"'],
  [origin, "http://a\\b", '"http://a\\b" is not a URL', 'a URL such as "http://127.0.0.1:3000"'],
  [origin, "http://a:0", "a server has no port 0", "a port from 1 to 65535"],
  [
    origin,
    "http://u:p@a",
    "a URL here has no user name or password",
    '"http://a", and a headers policy that sets authorization to a secret',
  ],
  [origin, "http://a/b/c", "a server's URL has no path", '"http://a", and on the route rewrite: "/b/c/…"'],
  [origin, "http://a?b", "a server's URL has no query", '"http://a"'],
  [origin, "unix:run/a.sock", ABSOLUTE, '"unix:/run/a.sock"'],
  [origin, "unix:///run/a.sock", ABSOLUTE, '"unix:/run/a.sock"'],
  [origin, "unix:", ABSOLUTE, '"unix:/run/app.sock"'],
  [origin, "http://unix:/run/a.sock", URL_TEXT, '"unix:/run/a.sock"'],
  [
    origin,
    "http://unix:/run/a.sock:/b/",
    "a server's URL has no path",
    '"unix:/run/a.sock", and on the route rewrite: "/b/…"',
  ],
  [origin, "unix:/run/a.sock:/", "a server's URL has no path", '"unix:/run/a.sock"'],
  [origin, "http://a#b", "a server's URL has no fragment", '"http://a"'],
];
for (const [schema, value, message, remedy] of REFUSED) {
  Deno.test(`a setting refuses ${shown(value)}: ${message}`, () => {
    const issues = schema.safeParse(value).error?.issues;
    assert.deepEqual(
      issues?.map((issue) => [issue.message, (issue as { params?: { remedy?: string } }).params?.remedy]),
      [[message, remedy]],
    );
  });
}

Deno.test("duration() takes what formatDuration() writes, as the same number", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 * 86_400_000 }),
      (ms) => assert.equal(limit.parse(formatDuration(ms)), ms),
    ),
  );
});

Deno.test("size() takes what formatSize() writes, as the same number", () => {
  const any = size(0, 2 ** 50);
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (count) => {
    assert.equal(any.parse(formatSize(count)), count);
    assert.equal(any.parse(count), count);
  }));
});

Deno.test("originUrl() takes its own result again, unchanged", () => {
  fc.assert(fc.property(fc.webUrl({ validSchemes: ["http", "https"] }), (url) => {
    const { protocol, host } = new URL(url), once = origin.parse(`${protocol}//${host}`);
    assert.deepEqual(origin.parse(once.url), once);
    assert.equal(new URL(once.url).origin, once.url);
  }));
});

function shown(value: unknown): string {
  return typeof value === "string" && value.length > 40
    ? `${value.slice(0, 20)}…`
    : JSON.stringify(value) ?? String(value);
}
