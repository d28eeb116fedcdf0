/** Where requests are accepted. @module */

import { z } from "zod";
import { listenHost } from "./host_text.ts";
import { wholeNumber } from "./number_between.ts";
import { secretValue } from "./secret_value.ts";
import { listOf, oneOfShapes, settings } from "./settings.ts";

const listener = settings("a listener such as { port: 8080 }", {
  port: wholeNumber(0, 65535).describe("From 0 to 65535; 0 takes any free port."),
  hostname: listenHost().prefault("0.0.0.0").describe("Address or name to listen on."),
}).meta({ id: "Listener", description: "Where requests are accepted." });

/** One listener or several. */
export const listenSchema = oneOfShapes("a listener such as { port: 8080 }, or a list of them", [
  listener.transform((one) => [one]),
  listOf("a list of listeners", listener, "at least one listener is needed"),
]).prefault({ port: 8080 }).describe("Where requests are accepted, one or several.");

const admin = settings("settings such as { port: 9901 }", {
  port: wholeNumber(0, 65535).prefault(9901).describe("From 0 to 65535; 0 takes any free port."),
  hostname: listenHost().prefault("127.0.0.1").describe("Address or name to listen on. Off loopback it needs a token."),
  token: secretValue().optional().describe("Asked for as `authorization: Bearer …`, except by /livez and /readyz."),
});

/** The admin interface, or `false`. */
export const adminSchema = oneOfShapes("settings such as { port: 9901 }, or false", [admin, z.literal(false)])
  .prefault({}).describe("The admin interface; false switches it off.");
