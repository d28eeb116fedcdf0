/** Where requests are accepted. @module */

import { z } from "zod";
import { choice } from "../../settings/choice.ts";
import { flag, onlyTrue } from "../../settings/flag.ts";
import { eachOnce } from "./each_once.ts";
import { listenHost } from "./host_text.ts";
import { limitsSchema, timeoutsSchema } from "./listener_limits.ts";
import { listenerTlsSchema } from "./listener_tls.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { secretValue } from "./secret_value.ts";
import { listOf, oneOfShapes, settings } from "../../settings/shapes.ts";
import { socketPath } from "./socket_path.ts";

const redirect = oneOfShapes("true, or settings such as { port: 443 }", [
  onlyTrue(),
  settings("settings such as { port: 443 }", {
    port: wholeNumber(1, 65535).describe("Port that https clients are sent to."),
  }),
]);

/** One listener, as far as its settings make sense one by one. */
export const listenerSchema = settings("a listener such as { port: 8080 }", {
  port: wholeNumber(0, 65535).optional().describe("From 0 to 65535; 0 takes any free port. Or path."),
  hostname: listenHost().optional().describe("Address or name to listen on. Default: 0.0.0.0."),
  path: socketPath().optional().describe("Absolute path of a Unix socket, in place of port and hostname."),
  engine: choice(["h1", "serve"]).prefault("h1")
    .describe("What terminates HTTP: our own engine, or Deno.serve, which honours fewer settings."),
  tls: listenerTlsSchema.optional().describe("TLS towards clients, with HTTP/2 and HTTP/1.1 by ALPN."),
  redirect: redirect.optional()
    .describe("Sends everything to https with a 308, on this port; true: on the port of the one listener with tls."),
  proxyProtocol: flag().prefault(false)
    .describe("Whether each connection begins with a PROXY protocol header, v1 or v2."),
  timeouts: timeoutsSchema,
  limits: limitsSchema,
  expose: eachOnce(listOf("a list of words", choice(["health", "metrics"]))).prefault([])
    .describe("What it answers itself, before any route: health at /livez, /readyz, /ready and /health; /metrics."),
}).meta({
  id: "Listener",
  description: "Where requests are accepted.",
  oneOf: [{ required: ["port"] }, { required: ["path"] }],
});

/** What a listener's settings have become. */
export type ParsedListener = z.output<typeof listenerSchema>;

/** The listeners where none is written. */
export const DEFAULT_LISTEN = { port: 8080 };

/** One listener or several. */
export const listenSchema = oneOfShapes("a listener such as { port: 8080 }, or a list of them", [
  listenerSchema.transform((one) => [one]),
  listOf("a list of listeners", listenerSchema, "at least one listener is needed"),
]).prefault(DEFAULT_LISTEN).describe("Where requests are accepted, one or several.");

const admin = settings("settings such as { port: 9901 }", {
  port: wholeNumber(0, 65535).prefault(9901).describe("From 0 to 65535; 0 takes any free port."),
  hostname: listenHost().prefault("127.0.0.1").describe("Address or name to listen on. Off loopback it needs a token."),
  token: secretValue().optional().describe("Asked for as `authorization: Bearer …`, except by /livez and /readyz."),
});

/** The admin interface, or `false`. */
export const adminSchema = oneOfShapes("settings such as { port: 9901 }, or false", [admin, z.literal(false)])
  .prefault({}).describe("The admin interface; false switches it off.");
