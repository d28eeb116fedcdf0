/** Active health checks. @module */

import { z } from "zod";
import { isFieldValue } from "../../core/header_list.ts";
import { REQUEST_HOP } from "../../http/hop_by_hop.ts";
import { isToken } from "../../http/token.ts";
import { fieldText } from "../../policies/shape/field_text.ts";
import { bodyPattern } from "../../upstreams/health/body_pattern.ts";
import type { HealthPlan } from "../../upstreams/health/health_plan.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { onlyTrue } from "../../settings/flag.ts";
import { hostText } from "./host_text.ts";
import { numberBetween, wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, report, settings } from "../../settings/shapes.ts";
import { type StatusRange, statusRange } from "./status_range.ts";
import { text } from "../../settings/text.ts";

const STATUSES: readonly StatusRange[] = [[200, 399]];
/** Fields that the gateway writes itself, or that would mean a body. */
const TAKEN = ["content-length", ...REQUEST_HOP];
/** What a probe without a request has no use for. */
const OF_REQUESTS = ["path", "method", "headers", "host", "statuses", "body"] as const;

const probePath = text<string>({
  expected: 'a path such as "/healthz"',
  json: { pattern: "^/" },
  read(path) {
    if (!path.startsWith("/")) return new Refusal('a path begins with "/"', `"/${path}"`);
    const remedy = JSON.stringify(encodeURI(path).replaceAll("%25", "%").replaceAll("#", "%23"));
    return /^[\x21\x22\x24-\x7e]+$/.test(path)
      ? path
      : new Refusal("a path has no spaces, no # and no letters beyond ASCII", remedy);
  },
});

const bodySource = text<string>({
  expected: "a regular expression, as a text",
  remedy: (value) => value instanceof RegExp ? JSON.stringify(value.source) : undefined,
  read(source) {
    try {
      bodyPattern(source);
      return source;
    } catch (error) {
      return new Refusal(`this is no regular expression: ${(error as Error).message}`);
    }
  },
});

const count = () => wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Probes of each endpoint. */
export const healthSchema = settings('settings such as { path: "/healthz" }', {
  path: probePath.optional().describe("Path and query that are asked for. Default: /."),
  method: choice(["GET", "HEAD", "OPTIONS", "POST"]).optional().describe("Method of a probe. Default: GET."),
  headers: z.record(z.string(), z.string({ error: "expected a text" }), {
    error: (issue) => issue.code === "invalid_type" ? "expected header fields by name" : undefined,
  }).optional().describe("Fields of a probe, as they stand."),
  host: hostText().optional().describe("Host field of a probe. Default: the endpoint's own."),
  statuses: listOf('a list such as ["2xx", 404]', statusRange(), "no answer would ever pass").optional()
    .describe("Statuses that pass. Default: [200, 399]."),
  body: bodySource.optional()
    .describe("Regular expression that the first 64 KiB of the answer's body must match somewhere."),
  tcp: onlyTrue().optional().describe("Only makes a connection, without a request."),
  interval: duration({ zero: false }).prefault("10s").describe("From the end of a probe to the start of the next."),
  jitter: numberBetween(0, 1).prefault(0.1).describe("Share of interval that chance adds or takes."),
  timeout: duration({ zero: false }).prefault("2s").describe("For the whole of a probe."),
  rise: count().prefault(2).describe("Passed probes in a row that make an endpoint healthy."),
  fall: count().prefault(3).describe("Failed probes in a row that make it unhealthy."),
  start: choice(["up", "down"]).prefault("up").describe("What an endpoint is before its first probe."),
}).meta({ examples: [{ path: "/healthz" }] }).transform((written, context): HealthPlan => {
  const { tcp, path, method = "GET", headers = {}, host, statuses, body, ...times } = written;
  const misfits: Misfit[] = tcp === undefined ? [] : OF_REQUESTS.filter((key) => written[key] !== undefined)
    .map((key) => ({
      path: [key],
      message: `a probe with tcp makes no request, so it has no ${key}`,
      remedy: `tcp, or ${key}`,
      onKey: true,
    }));
  if (tcp === undefined && method === "HEAD" && body !== undefined) {
    const message = "an answer to HEAD has no body";
    misfits.push({ path: ["body"], message, remedy: 'method: "GET", or no body', onKey: true });
  }
  report(context, written, [...misfits, ...wrongFields(headers)]);
  if (tcp !== undefined) return { probe: { kind: "tcp" }, ...times };
  return {
    probe: {
      kind: "http",
      method,
      path: path ?? "/",
      host: host ?? null,
      headers: Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      statuses: statuses ?? STATUSES,
      body: body ?? null,
    },
    ...times,
  };
});

function wrongFields(headers: Readonly<Record<string, string>>): Misfit[] {
  const first = new Map<string, string>();
  return Object.entries(headers).flatMap(([name, value]): Misfit[] => {
    const lower = name.toLowerCase(), twin = first.get(lower), path = ["headers", name];
    first.set(lower, name);
    if (!isToken(name)) return [{ path, message: "this is no name of a header", onKey: true }];
    if (lower === "host") {
      return [{
        path,
        message: "the Host of a probe is a setting of its own",
        remedy: `host: "${value}"`,
        onKey: true,
      }];
    }
    if (TAKEN.includes(lower)) {
      const message = `${lower} is written by the gateway itself`;
      return [{ path, message, remedy: "nothing: leave it out", onKey: true }];
    }
    if (twin !== undefined) {
      const message = `header names have no case, so ${JSON.stringify(twin)} is the same header`;
      return [{ path, message, onKey: true }];
    }
    return isFieldValue(fieldText(value))
      ? []
      : [{ path, message: "no header may have line breaks, controls or outer spaces" }];
  });
}
