/** The whole config. @module */

import { z } from "zod";
import { pathsSchema, requestIdSchema, shutdownSchema, trustedProxiesSchema } from "./gateway_settings.ts";
import { consumersSchema } from "./consumers.ts";
import { invariantsSchema } from "./invariants.ts";
import { adminSchema, listenSchema } from "./listener.ts";
import { extraMethod } from "./method.ts";
import { policySchema, routeSchema } from "./route.ts";
import { storesSchema } from "./store.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";
import { telemetrySchema } from "./telemetry.ts";
import { upstreamsSchema } from "./upstream.ts";

/** A config in plain data: what TypeScript, YAML and JSON have in common. */
export const gatewaySchema = settings("a config such as { upstreams, routes }", {
  listen: listenSchema,
  admin: adminSchema,
  trustedProxies: trustedProxiesSchema,
  methods: listOf("a list of methods", extraMethod()).prefault([])
    .describe("Methods accepted beside those of HTTP and WebDAV, such as PURGE; case counts."),
  paths: pathsSchema,
  requestId: requestIdSchema,
  shutdown: shutdownSchema,
  telemetry: telemetrySchema,
  upstreams: upstreamsSchema,
  stores: storesSchema,
  consumers: consumersSchema,
  policies: listOf("a list of policies", policySchema).prefault([])
    .describe("What runs for every request, before the routes' own policies, first to last."),
  routes: listOf("a list of routes", routeSchema).meta({
    description: "What is served. The most specific route wins.",
    examples: [[{ path: "/*", upstream: "http://localhost:3000" }]],
  }),
  include: listOf("a list of route sets", z.unknown()).prefault([])
    .describe("More routes: names of files, from this file's folder, each a list of routes or { routes }."),
  invariants: invariantsSchema,
  plugins: listOf("a list of modules", plainText("the path of a module")).prefault([])
    .describe("Modules whose exports are policies, from this file's folder."),
});

/** Routes that another file holds. */
export const routeSetSchema = settings("what routes(base, [ … ]) returns", {
  routes: listOf("a list of routes", routeSchema),
});
