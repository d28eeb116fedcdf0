/** Limits: each has a status of its own. @module */

import { strict as assert } from "node:assert";
import { answer } from "../../support/scripted_origin.ts";
import type { Row } from "../row.ts";
import { chunked, get, post, refused, refusedWith, turnedDown, turnedDownWith } from "../shorthand.ts";

const HEAD = "6585 §5", TARGET = "9110 §15.5.15", BODY = "9110 §15.5.14";
const fields = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: y`);

const TAKEN: Row["serve"] = { why: "heads", expect: { status: 200, after: "kept" } };
const PARSER_400: Row["serve"] = { why: "parserRefusals", expect: { ...refusedWith(400), after: "ended" } };
const REFUSED_CONFIG: Row["serve"] = { why: "heads", expect: "refused config" };

/** The rows. */
export const limits: readonly Row[] = [
  refused("a head beyond 32 KB", HEAD, get("/", `X: ${"y".repeat(33_000)}`), 431, TAKEN),
  refused(
    "many small fields beyond 32 KB",
    HEAD,
    get("/", ...fields(90).map((field) => field + "y".repeat(400))),
    431,
    TAKEN,
  ),
  refused("more than 100 fields", HEAD, get("/", ...fields(101)), 431, TAKEN),
  refused("more than 128 fields", HEAD, get("/", ...fields(200)), 431, PARSER_400),
  refused("a head without end", HEAD, get("/", `X: ${"y".repeat(300_000)}`).slice(0, -4), 431, PARSER_400),
  {
    name: "a head of 30 KB",
    rfc: "9110 §5.4",
    send: get("/", `X-A: ${"y".repeat(30_000)}`),
    expect: { status: 200, after: "kept", origin: { fields: { "x-a": "y".repeat(30_000) } } },
  },
  {
    name: "a head beyond a limit of the listener's own",
    rfc: HEAD,
    listen: { limits: { headerBytes: "1KiB" } },
    send: get("/", `X: ${"y".repeat(1100)}`),
    expect: refusedWith(431),
    serve: REFUSED_CONFIG,
  },
  {
    name: "more fields than a limit of the listener's own",
    rfc: HEAD,
    listen: { limits: { headerCount: 5 } },
    send: get("/", ...fields(5)),
    expect: refusedWith(431),
    serve: REFUSED_CONFIG,
  },
  {
    name: "as many fields as a limit of the listener's own",
    rfc: HEAD,
    listen: { limits: { headerCount: 5 } },
    send: get("/", ...fields(4)),
    expect: { status: 200, after: "kept" },
    serve: REFUSED_CONFIG,
  },
  turnedDown("a target beyond 8 KB", TARGET, get("/" + "y".repeat(8200)), 414),
  turnedDown("a query beyond 8 KB", TARGET, get("/?" + "y".repeat(8200)), 414),
  refused("a target without end", TARGET, "GET /" + "y".repeat(300_000), 414, PARSER_400),
  {
    name: "a target without end, when somebody else has been served before",
    rfc: TARGET,
    send: async (stage) => {
      const other = await stage.another();
      await other.send(get("/before"));
      await other.response();
      // Whoever refuses it need not take the rest.
      await stage.client.send("GET /" + "y".repeat(300_000)).catch(() => {});
    },
    expect: { ...refusedWith(414), origin: { line: "GET /before HTTP/1.1" } },
    serve: { why: "parserRefusals", expect: null },
  },
  {
    name: "a target of 8000 bytes",
    rfc: "9112 §3",
    send: get("/" + "y".repeat(7999)),
    expect: { status: 200, after: "kept", origin: { line: `GET /${"y".repeat(7999)} HTTP/1.1` } },
  },
  {
    name: "a target beyond a limit of the listener's own",
    rfc: TARGET,
    listen: { limits: { target: "64B" } },
    send: get("/" + "y".repeat(64)),
    expect: turnedDownWith(414),
  },
  {
    name: "a length beyond the limit is refused before a byte of the body",
    rfc: BODY,
    listen: { limits: { body: "1KiB" } },
    send: post(["Content-Length: 1000000"]),
    expect: refusedWith(413),
    serve: { why: "openAfterRefusal", expect: { status: 413, after: "unchecked", origin: "nothing" } },
  },
  {
    name: "a length at the limit",
    rfc: BODY,
    listen: { limits: { body: "1KiB" } },
    send: post(["Content-Length: 1024"], "y".repeat(1024)),
    expect: { status: 200, after: "kept", origin: { body: "y".repeat(1024) } },
  },
  {
    name: "chunks beyond the limit are refused in the middle, and the origin never has a whole request",
    rfc: BODY,
    listen: { limits: { body: "1KiB" } },
    send: async (stage) => {
      await stage.client.send(chunked(`200\r\n${"y".repeat(512)}\r\n`));
      await stage.arrived("yyy");
      await stage.client.send(`201\r\n${"y".repeat(513)}\r\n0\r\n\r\n`);
    },
    methods: ["POST"],
    expect: { status: 413, after: "ended", origin: { broken: true } },
    serve: { why: "openAfterRefusal", expect: { status: 413, after: "unchecked", origin: { broken: true } } },
  },
  {
    name: "more requests at once than the limit",
    rfc: "9110 §15.6.4",
    listen: { limits: { inFlight: 1 } },
    send: async (stage) => {
      const first = await stage.another();
      await first.send(get("/first"));
      await stage.origin.request(0);
      const refusal = await stage.client.exchange(get("/second"));
      assert.deepEqual([refusal.status, refusal.header("retry-after") === null], [503, false]);
      stage.cue();
      assert.equal((await first.response()).status, 200);
    },
    origin: async (request, stage) => {
      await stage.on();
      await request.send(answer(200));
    },
    expect: { answers: [], after: "either", origin: { line: "GET /first HTTP/1.1" } },
  },
];
