/** Endpoints of an upstream. @module */

import type { z } from "zod";
import type { DemoPlan } from "../../upstreams/upstream_plan.ts";
import type { ValidEndpoint } from "../valid_config.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { numberBetween, weightFrom, wholeNumber } from "../../settings/number_between.ts";
import { type Origin, originUrl } from "./origin.ts";
import { oneOfShapes, report, settings } from "../../settings/shapes.ts";

/** A server's URL as an endpoint. */
export const urlEndpointSchema: z.ZodType<ValidEndpoint, unknown> = originUrl().transform(plainEndpoint);

/** An address that says nothing else of itself. */
export function plainEndpoint(origin: Origin): ValidEndpoint {
  return { ...origin, weight: 1, tier: 0, maxInFlight: null, demo: null };
}

const settledEndpoint = settings('an endpoint such as { url: "http://127.0.0.1:3000", weight: 2 }', {
  url: originUrl().describe("Scheme, host and port, or unix: and the path of a socket."),
  weight: weightFrom(1).prefault(1).describe("Share of the requests, against the other endpoints' weights."),
  backup: flag().prefault(false).describe("Used while no endpoint that is no backup can be: the same as tier: 1."),
  tier: wholeNumber(0, 9).optional()
    .describe("Endpoints of a tier are used while no lower tier has one that can be. Default: 0."),
  maxInFlight: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional()
    .describe("Most requests under way here. Default: the upstream's maxInFlight.perEndpoint."),
}).transform((written, context): ValidEndpoint => {
  const { url, weight, backup, tier, maxInFlight } = written;
  if (backup && tier !== undefined) {
    const message = "backup: true is tier: 1, and tier says it too";
    report(context, written, [{ path: ["tier"], message, remedy: "backup, or tier", onKey: true }]);
  }
  return { ...url, weight, tier: tier ?? (backup ? 1 : 0), maxInFlight: maxInFlight ?? null, demo: null };
});

const demoEndpoint = settings('a demo endpoint such as { demo: "slow", port: 9003 }', {
  demo: choice(["fast", "slow", "faulty", "echo"]).describe("What it does."),
  port: wholeNumber(1, 65535).describe("Port on loopback."),
  delay: duration({ zero: true }).optional().describe('With "slow": time before each answer. Default: 800ms.'),
  failureRate: numberBetween(0, 1).optional().describe('With "faulty": share of requests that fail. Default: 0.3.'),
}).superRefine(({ demo, delay, failureRate }, context) => {
  const misplaced = delay !== undefined && demo !== "slow"
    ? ["delay", "slow"] as const
    : failureRate !== undefined && demo !== "faulty"
    ? ["failureRate", "faulty"] as const
    : null;
  if (misplaced === null) return;
  const [key, kind] = misplaced;
  context.addIssue({
    code: "custom",
    path: [key],
    message: `only a demo endpoint of the kind "${kind}" has a ${key}`,
    params: { remedy: `demo: "${kind}", or no ${key}` },
  });
}).transform(({ demo, port, delay = 800, failureRate = 0.3 }): ValidEndpoint => ({
  ...plainEndpoint({
    url: `http://127.0.0.1:${port}`,
    scheme: "http",
    address: { kind: "tcp", hostname: "127.0.0.1", port },
  }),
  demo: demoPlan(demo, delay, failureRate),
}));

/** An endpoint: a URL, a URL with settings, or a demo. */
export const endpointSchema: z.ZodType<ValidEndpoint, unknown> = oneOfShapes(
  'a URL, { url: "http://…" }, or a demo endpoint such as { demo: "slow", port: 9003 }',
  [urlEndpointSchema, settledEndpoint, demoEndpoint],
).meta({ id: "Endpoint", description: "One address of an upstream: a URL, a URL with settings, or a demo endpoint." });

function demoPlan(kind: "fast" | "slow" | "faulty" | "echo", delay: number, failureRate: number): DemoPlan {
  return kind === "slow" ? { kind, delay } : kind === "faulty" ? { kind, failureRate } : { kind };
}
