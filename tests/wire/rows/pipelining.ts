/** Requests that do not wait for answers: answered in order, each once, and none behind a refusal. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { OriginPlay, Row } from "../row.ts";
import { chunked, get, head, post } from "../shorthand.ts";

const SECTION = "9112 §9.3.2";

/** Says which target was asked for. */
const echoTarget: OriginPlay = async (request) => {
  await request.body();
  await request.send(answer(200, request.method === "HEAD" ? "" : request.target));
};

const targets = Array.from({ length: 50 }, (_, i) => `/${i}`);

/** The rows. */
export const pipelining: readonly Row[] = [
  {
    name: "two requests in one packet",
    rfc: SECTION,
    send: get("/1") + get("/2"),
    origin: echoTarget,
    expect: {
      answers: [{ status: 200, body: "/1" }, { status: 200, body: "/2" }],
      after: "kept",
      origin: [{ line: "GET /1 HTTP/1.1" }, { line: "GET /2 HTTP/1.1" }],
    },
  },
  {
    name: "fifty requests in one packet",
    rfc: SECTION,
    send: targets.map((target) => get(target)).join(""),
    origin: echoTarget,
    expect: {
      answers: targets.map((body) => ({ status: 200, body })),
      after: "kept",
      origin: targets.map((target) => ({ line: `GET ${target} HTTP/1.1` })),
    },
  },
  {
    name: "requests that are parted anywhere",
    rfc: SECTION,
    send: (get("/1") + post(["Content-Length: 3"], "abc", "/2") + get("/3")).match(/[^]{1,7}/g)!,
    methods: ["GET", "POST", "GET"],
    origin: echoTarget,
    expect: {
      answers: [{ status: 200, body: "/1" }, { status: 200, body: "/2" }, { status: 200, body: "/3" }],
      after: "kept",
      origin: [{}, { body: "abc" }, {}],
    },
  },
  {
    name: "bodies with a length and in chunks, one behind the other",
    rfc: SECTION,
    send: post(["Content-Length: 3"], "abc", "/1") + chunked("2\r\nde\r\n0\r\n\r\n") + get("/3"),
    methods: ["POST", "POST", "GET"],
    expect: {
      answers: [{ status: 200 }, { status: 200 }, { status: 200 }],
      after: "kept",
      origin: [{ body: "abc" }, { body: "de" }, { line: "GET /3 HTTP/1.1" }],
    },
  },
  {
    name: "HEAD before GET: no body where none belongs",
    rfc: SECTION,
    send: head("HEAD /1 HTTP/1.1", "Host: a.example") + get("/2"),
    methods: ["HEAD", "GET"],
    origin: ["HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n", answer(200, "second")],
    expect: { answers: [{ status: 200 }, { status: 200, body: "second" }], after: "kept", origin: [{}, {}] },
  },
  {
    name: "a second request is not answered before the first",
    rfc: SECTION,
    send: async (stage) => {
      await stage.client.send(get("/slow") + get("/fast"));
      await stage.origin.request(0);
      await stage.client.send(get("/third"));
      stage.cue();
    },
    origin: async (request, stage) => {
      if (request.target === "/slow") await stage.on();
      await echoTarget(request, stage);
    },
    expect: {
      answers: [{ status: 200, body: "/slow" }, { status: 200, body: "/fast" }, { status: 200, body: "/third" }],
      after: "kept",
      origin: [{ line: "GET /slow HTTP/1.1" }, { line: "GET /fast HTTP/1.1" }, { line: "GET /third HTTP/1.1" }],
    },
  },
  {
    name: "a malformed request behind a good one: the answer, then 400",
    rfc: SECTION,
    send: get("/1") + get("/2", "X : y") + get("/3"),
    origin: echoTarget,
    expect: {
      answers: [{ status: 200, body: "/1" }, { status: 400 }],
      after: "closed",
      origin: { line: "GET /1 HTTP/1.1" },
    },
  },
  {
    name: "a good request behind a malformed one is not answered",
    rfc: "9112 §9.6",
    send: get("/1", "X : y") + get("/2"),
    expect: { status: 400, after: "closed", origin: "nothing" },
  },
  {
    name: "a request behind one that closes is not answered",
    rfc: "9112 §9.6",
    send: get("/1", "Connection: close") + get("/2"),
    expect: { status: 200, after: "closed", origin: { line: "GET /1 HTTP/1.1" } },
  },
  {
    name: "a request behind one of HTTP/1.0 is not answered",
    rfc: "9112 §9.3",
    send: head("GET /1 HTTP/1.0", "Host: a.example") + get("/2"),
    expect: { status: 200, after: "closed", origin: { line: "GET /1 HTTP/1.1" } },
  },
  {
    name: "a request behind one that found no route",
    rfc: SECTION,
    config: (url) => ({
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/2", upstream: "origin" }, { path: "/wire-probe", upstream: "origin" }],
    }),
    send: get("/1") + get("/2"),
    expect: { answers: [{ status: 404 }, { status: 200 }], after: "kept", origin: { line: "GET /2 HTTP/1.1" } },
  },
  {
    name: "a body that no route reads is not the next request",
    rfc: "9112 §9.3",
    config: (url) => ({
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/1", respond: { body: "here" } }, { path: "/wire-probe", upstream: "origin" }],
    }),
    send: post([`Content-Length: ${get("/admin").length}`], get("/admin"), "/1"),
    expect: { status: 200, body: "here", after: "either", origin: "nothing" },
  },
];
