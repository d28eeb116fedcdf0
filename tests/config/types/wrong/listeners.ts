/** Listeners: two addresses or none, and settings that their engine cannot honour. @module */

import { DURATION, gateway, ROUTES, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A gateway with this as its `listen`. */
function listener(value: string): string {
  return gateway(`listen: ${value}, ${ROUTES}`);
}

/** Listeners: two addresses or none, and settings that their engine cannot honour. */
export const LISTENER: readonly WrongConfig[] = [
  {
    name: "an unknown key of a listener",
    config: listener("{ prt: 80 }"),
    errors: [[unknownKey("prt", "PortListener", "port"), "prt:"]],
  },
  {
    name: "an unknown key of a listener in a list",
    config: listener('[{ port: 80, hostnam: "::" }]'),
    errors: [[unknownKey("hostnam", "PortListener", "hostname"), "hostnam:"]],
  },
  {
    name: "a listener without port",
    config: listener('{ hostname: "::1" }'),
    errors: [[
      "Property 'port' is missing in type '{ hostname: string; }' but required in type 'PortListener'.",
      "listen:",
    ]],
  },
  {
    name: "a listener with a port and a path",
    config: listener('{ port: 80, path: "/run/gateway.sock" }'),
    errors: [[unknownKey("port", "PathListener"), "port:"]],
  },
  {
    name: "a Unix socket with a hostname",
    config: listener('[{ path: "/run/gateway.sock", hostname: "::1" }]'),
    errors: [[unknownKey("hostname", "PathListener"), "hostname:"]],
  },
  {
    name: "a typo in an engine's name",
    config: listener('{ port: 80, engine: "srve" }'),
    errors: [[wrong('"srve"', '"h1" | "serve" | undefined', '"serve"'), "engine:"]],
  },
  {
    name: "time-outs of a listener on Deno.serve",
    config: listener('{ port: 80, engine: "serve", timeouts: { header: "5s" } }'),
    errors: [[unknownKey("header", "ServeTimeouts"), "header:"]],
  },
  {
    name: "the PROXY protocol on Deno.serve",
    config: listener('[{ port: 80 }, { port: 81, engine: "serve", proxyProtocol: true }]'),
    errors: [[unknownKey("proxyProtocol", "ServePortListener"), "proxyProtocol:"]],
  },
  {
    name: "a limit on connections on Deno.serve",
    config: listener('{ port: 80, engine: "serve", limits: { perClient: 5 } }'),
    errors: [[unknownKey("perClient", "ServeLimits"), "perClient:"]],
  },
  {
    name: "several certificates on Deno.serve",
    config: listener('{ port: 443, engine: "serve", tls: { cert: "a.pem", key: "a.key", certificates: [] } }'),
    errors: [[unknownKey("certificates", "ServeTls"), "certificates:"]],
  },
  {
    name: "HTTP/1.1 only on Deno.serve",
    config: listener('{ port: 443, engine: "serve", tls: { cert: "a.pem", key: "a.key", http2: false } }'),
    errors: [[wrong("false", "true"), "http2:"]],
  },
  {
    name: "TLS over a Unix socket on Deno.serve",
    config: listener('{ path: "/run/gateway.sock", engine: "serve", tls: { cert: "a.pem", key: "a.key" } }'),
    errors: [[unknownKey("tls", "ServePathListener"), "tls:"]],
  },
  {
    name: "TLS without a key",
    config: listener('{ port: 443, tls: { cert: "a.pem" } }'),
    errors: [["Property 'key' is missing in type '{ cert: string; }' but required in type 'ListenerTls'.", "tls:"]],
  },
  {
    name: "an unknown key of a listener's TLS",
    config: listener('{ port: 443, tls: { cert: "a.pem", key: "a.key", certs: [] } }'),
    errors: [[unknownKey("certs", "ListenerTls", "cert"), "certs:"]],
  },
  {
    name: "certificates of clients without an authority",
    config: listener('{ port: 443, tls: { cert: "a.pem", key: "a.key", clientCertificates: {} } }'),
    errors: [[
      "Property 'ca' is missing in type '{}' but required in type 'ClientCertificates'.",
      "clientCertificates:",
    ]],
  },
  {
    name: "a certificate without hosts",
    config: listener(
      '{ port: 443, tls: { cert: "a.pem", key: "a.key", certificates: [{ cert: "b.pem", key: "b.key" }] } }',
    ),
    errors: [[
      "Property 'hosts' is missing in type '{ cert: string; key: string; }' but required in type 'ListenerCertificate'.",
      "{ cert:",
    ]],
  },
  {
    name: "a redirect that is switched off",
    config: listener("{ port: 80, redirect: false }"),
    errors: [[wrong("false", "true | { readonly port: number; } | undefined"), "redirect:"]],
  },
  {
    name: "an unknown time-out of a listener",
    config: listener('{ port: 80, timeouts: { heder: "5s" } }'),
    errors: [[unknownKey("heder", "ListenerTimeouts", "header"), "heder:"]],
  },
  {
    name: "a number for a listener's time-out",
    config: listener("{ port: 80, timeouts: { idle: 75 } }"),
    errors: [[wrong("number", `${DURATION} | undefined`), "idle:"]],
  },
  {
    name: "an unknown limit",
    config: listener("{ port: 80, limits: { headerByte: 5000 } }"),
    errors: [[unknownKey("headerByte", "ListenerLimits", "headerBytes"), "headerByte:"]],
  },
  {
    name: "a size without a known unit",
    config: listener('{ port: 80, limits: { body: "10mb" } }'),
    errors: [[wrong('"10mb"', "Size | undefined"), "body:"]],
  },
];
