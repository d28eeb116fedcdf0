import { defineGateway, headers, secret } from "gatewright";

export default defineGateway({
  listen: [
    { port: 80, redirect: true, expose: ["health"] },
    {
      port: 443,
      tls: {
        cert: "./shop.pem",
        key: secret.file("./shop.key"),
        certificates: [{ hosts: ["*.shop.example"], cert: "./any.pem", key: "./any.key" }],
        clientCertificates: { ca: secret.env("CLIENTS_CA"), required: false },
      },
      limits: { headerBytes: 16 * 1024, body: "10MB", perClient: 50 },
      timeouts: { header: "5s", idle: "2m" },
    },
    { port: 8080, hostname: "127.0.0.1", engine: "serve", limits: { body: "1GiB", inFlight: 100 } },
    { path: "/run/shop.sock", proxyProtocol: true },
    { path: "/run/probes.sock", engine: "serve", expose: ["health", "metrics"] },
  ],
  methods: ["PURGE"],
  admin: false,
  trustedProxies: ["10.0.0.0/8", "::1"],
  paths: { encodedSlash: "reject", mergeSlashes: true },
  requestId: { accept: "trusted", header: "x-correlation-id" },
  shutdown: { delay: "5s", grace: "1m" },
  telemetry: {
    service: "catalogue",
    resource: { "deployment.environment.name": "staging" },
    traces: {
      to: {
        otlp: "https://collector.example",
        headers: { authorization: secret.env("COLLECTOR"), "x-tenant": "shop" },
      },
      sample: 0.01,
      propagate: ["b3", "tracecontext"],
      batch: { delay: "5s" },
    },
    metrics: { buckets: ["10ms", "1s"], to: { otlp: "http://localhost:4318", every: "15s" } },
    accessLog: { file: "./var/access.log", fields: ["ts", "status", "path"], slow: "1s", sample: 0.1 },
    log: { level: "warn", levels: { "policies.cache": "debug", upstreams: "off" } },
  },
  upstreams: {
    catalogue: ["http://catalogue.internal:8080", { url: "http://catalogue-2.internal:8080", weight: 3 }],
    media: {
      endpoints: ["https://media.example"],
      host: "endpoint",
      pool: { max: 32, idle: "30s" },
      required: true,
      tls: { serverName: "media.internal", ca: "./ca.pem", cert: "./client.pem", key: secret.file("./client.key") },
    },
  },
  policies: [headers({ response: { remove: ["server"], set: { "x-client": "{ip}", "x-id": "{{{request:id}}}" } } })],
  routes: [
    { path: "/catalogue/:sku", upstream: "catalogue", headers: { "x-preview": { present: false } } },
    { path: "/catalogue/:sku", upstream: "http://preview.internal", headers: { "x-preview": "1" }, name: "preview" },
    {
      path: "/search",
      host: ["shop.example", "*.shop.example"],
      query: { q: { regex: ".{3,}" } },
      upstream: "catalogue",
    },
    { path: "/media/*file", upstream: "media", stripPrefix: "/media", onClientAbort: "finish" },
    { path: "/media/*file", methods: ["PURGE", "PROPFIND"], upstream: "unix:/run/cache.sock" },
    { path: "/teapot", respond: { status: 418, body: "short and stout" }, telemetry: { traces: 0, accessLog: false } },
  ],
});
