/** Routes. @module */

import { z } from "zod";
import { hostError } from "../../routing/host_pattern.ts";
import { parsePattern, parseSegments } from "../../routing/pattern.ts";
import { isPatternError } from "../../routing/pattern_error.ts";
import { choice } from "../../settings/choice.ts";
import { tenantKey } from "./key_text.ts";
import { headerMatchesSchema, queryMatchesSchema } from "./match.ts";
import { routeMethod } from "./method.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOrMore, settings } from "../../settings/shapes.ts";
import { onlyTrue } from "../../settings/flag.ts";
import { hedgeSchema, routeRetrySchema } from "./retry.ts";
import { handlerSchema, redirectSchema, respondSchema, upstreamTargetSchema } from "./target.ts";
import { text } from "../../settings/text.ts";
import { routeTelemetrySchema } from "./telemetry.ts";
import { routeTimeoutsSchema } from "./timeouts.ts";
import { fallbackSchema, mirrorSchema, splitSchema } from "./traffic.ts";

const pathPattern = text<string>({
  expected: 'a path such as "/users/:id"',
  json: { pattern: "^/" },
  read(path) {
    const pattern = parsePattern(path);
    return isPatternError(pattern) ? new Refusal(pattern.message, pattern.remedy) : path;
  },
});

/** Only the grammar: whether the path has these parameters is seen when both are known. */
const rewritePath = text<string>({
  expected: 'a path such as "/users/:id"',
  json: { pattern: "^/" },
  read(path) {
    const segments = parseSegments(path);
    return Array.isArray(segments) ? path : new Refusal(segments.message, segments.remedy);
  },
});

const prefix = text<string>({
  expected: 'the first part of the path, such as "/api"',
  json: { pattern: "^/" },
  read: (path) => path.startsWith("/") ? path : new Refusal('a prefix begins with "/"', `"/${path}"`),
});

const host = text<string>({
  expected: 'a host such as "api.example.com" or "*.example.com"',
  read(name) {
    const error = hostError(name);
    return error === null ? name.toLowerCase() : new Refusal(error.message, error.remedy);
  },
});

const routeName = text<string>({
  expected: "a name",
  remedy: (value) => typeof value === "number" ? `"${value}"` : undefined,
  read(name) {
    // deno-lint-ignore no-control-regex -- control characters are what is looked for
    if (/[\x00-\x1f\x7f]|^\s|\s$/.test(name)) {
      return new Refusal("a name has no control characters and no outer spaces");
    }
    if (name === "global") return new Refusal('"global" stands for the global policies', '"global-route"');
    return name.startsWith("consumer/")
      ? new Refusal('"consumer/" begins the ids of consumers\' policies', "another name")
      : name;
  },
});

const tenant = settings('a tenant such as { key: "header:x-user-id", is: "acme" }', {
  key: tenantKey().describe("What tells tenants apart: header:…, query:…, cookie:… or ip."),
  is: oneOrMore("a text", text({ expected: "a text", read: (value) => value }), "at least one value is needed")
    .describe("The value, or values, of this route's tenant."),
});

/** A policy as it is written; its kind knows what its options are. */
export const policySchema = z.unknown().meta({ id: "Policy" });

/** One route. */
export const routeSchema = settings("a route such as { path, upstream }", {
  path: pathPattern.describe("The whole path to match: /users/:id, /users/{id}, /files/*rest."),
  name: routeName.optional().describe("The route's id in logs, metrics and messages; unique."),
  host: oneOrMore("a host", host, "at least one host is needed; leave it out for every host").optional()
    .describe('Hosts that the route is for: exact, or "*.example.com". Without port.'),
  methods: listOf("a list of methods", routeMethod(), "at least one method is needed; leave it out for every method")
    .optional().describe("Methods that the route is for."),
  headers: headerMatchesSchema.optional().describe("Conditions on request fields. All must hold."),
  query: queryMatchesSchema.optional().describe("Conditions on query parameters. All must hold."),
  tenant: tenant.optional().describe("Limits the route to the requests of one tenant."),
  upstream: upstreamTargetSchema.optional().describe("Target: an upstream's name, or the URL of one of its own."),
  split: splitSchema.optional().describe("Target: shares requests out among upstreams, by weight."),
  redirect: redirectSchema.optional().describe(
    "Target: sends the client elsewhere. A text is where to, with status 302.",
  ),
  respond: respondSchema.optional().describe("Target: a fixed answer."),
  handler: handlerSchema.optional().describe("Target: a function that answers."),
  stripPrefix: prefix.optional().describe("Cuts this from the front of the path sent upstream."),
  rewrite: rewritePath.optional().describe("The path sent upstream, with the parameters of the route's path."),
  policies: listOf("a list of policies", policySchema).optional()
    .describe("What runs for this route's requests, after the global policies, first to last."),
  public: onlyTrue().optional()
    .describe("Says that nobody has to show who they are here; check then asks for no identity policy."),
  telemetry: routeTelemetrySchema.optional()
    .describe("How much is told of this route's requests, where that is not what the gateway says."),
  timeouts: routeTimeoutsSchema.optional(),
  retry: routeRetrySchema.optional()
    .describe("When and how often a request is tried again, field by field in place of the upstream's; false: never."),
  hedge: hedgeSchema.optional()
    .describe("A second request while the first takes long, in place of the upstream's; false: none."),
  mirror: mirrorSchema.optional().describe("Sends copies of requests to another upstream and drops its answers."),
  fallback: fallbackSchema.optional().describe("What answers when the target is out."),
  onClientAbort: choice(["cancel", "finish"]).optional()
    .describe("What becomes of a request upstream whose client goes away: given up (the default), or carried on."),
}).meta({ id: "Route", description: "Which requests, which policies, which target." });

/** What a route's settings have become. */
export type ParsedRoute = z.output<typeof routeSchema>;
