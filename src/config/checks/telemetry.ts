/** Whether what is told goes together with the rest of the config, and can be told at all. @module */

import { normalize } from "node:path";
import { EXPOSED_PATHS } from "../../telemetry/exposed_paths.ts";
import type { OtlpPlan } from "../../telemetry/telemetry_plan.ts";
import type { Draft, DraftListener, DraftRoute } from "../draft.ts";
import { type Finding, pathText } from "../finding.ts";
import { entriesOf, readPart, settingsOf } from "../read_part.ts";
import { requestIdSchema, trustedProxiesSchema } from "../schema/gateway_settings.ts";
import { listenerSchema } from "../schema/listener.ts";
import type { Signal } from "../schema/otlp.ts";
import { routeTelemetrySchema } from "../schema/telemetry.ts";
import { seenText } from "../seen.ts";
import { checkLogLevels } from "./log_levels.ts";

/** Where gRPC is spoken by custom. */
const GRPC_PORT = "4317";

/**
 * Pages of metrics that are off, routes behind the pages that listeners answer themselves, collectors at addresses of
 * something else, and settings of what is off.
 */
export function checkTelemetry(draft: Draft, written: unknown): Finding[] {
  const { traces, metrics } = draft.telemetry;
  return [
    ...draft.listen.flatMap((listener) => [
      ...(metrics === null ? exposedMetrics(listener) : []),
      ...hiddenRoutes(listener, draft),
    ]),
    ...(traces?.to.kind === "otlp" ? collector("traces", traces.to.otlp, draft) : []),
    ...(metrics?.otlp ? collector("metrics", metrics.otlp, draft) : []),
    ...nobodyTrusted(draft, written),
    ...idField(draft, written),
    ...sameFiles(draft.telemetry),
    ...checkLogLevels(draft),
    ...routesOfNothing(draft),
  ];
}

function exposedMetrics({ at, written }: DraftListener): Finding[] {
  return entriesOf(written.expose).flatMap((exposed, i): Finding[] =>
    exposed !== "metrics" ? [] : [{
      at: [...at, "expose", i],
      message: "telemetry.metrics is false, so there is nothing to show",
      seen: seenText(exposed),
      remedy: "telemetry: { metrics: true }, or no metrics here",
    }]
  );
}

/** Only paths without parameters: who writes one of these means that page. */
function hiddenRoutes({ at, written }: DraftListener, { routes }: Draft): Finding[] {
  const exposed = readPart(listenerSchema.shape.expose, written.expose) ?? [];
  return exposed.flatMap((one) =>
    routes.filter(({ pattern }) => pattern !== undefined && EXPOSED_PATHS[one].includes(pattern.text))
      .map((route): Finding => ({
        at: [...route.at, "path"],
        severity: "warning",
        message: `${pathText(at)} answers this path itself: its expose has "${one}"`,
        seen: seenText(route.pattern?.text),
        remedy: `another path, or no "${one}" there`,
      }))
  );
}

function collector(signal: Signal, { url }: OtlpPlan, { telemetry }: Draft): Finding[] {
  const { port, pathname, origin } = new URL(url), other = signal === "traces" ? "metrics" : "traces";
  const written = settingsOf(settingsOf(telemetry.written[signal]).to).otlp;
  const finding = { at: ["telemetry", signal, "to", "otlp"], severity: "warning" as const, seen: seenText(written) };
  if (port === GRPC_PORT) {
    const message = `port ${GRPC_PORT} mostly speaks OTLP over gRPC, and ${signal} go by OTLP over HTTP`;
    return [{ ...finding, message, remedy: `port 4318: "${origin.replace(GRPC_PORT, "4318")}"` }];
  }
  if (!pathname.endsWith(`/v1/${other}`)) return [];
  const remedy = `"${origin}${pathname.slice(0, -other.length)}${signal}"`;
  return [{ ...finding, message: `this is where ${other} go`, remedy }];
}

function nobodyTrusted({ telemetry }: Draft, written: unknown): Finding[] {
  const trusted = readPart(trustedProxiesSchema, settingsOf(written).trustedProxies);
  if (telemetry.traces?.accept !== "trusted" || trusted?.length !== 0) return [];
  return [{
    at: ["telemetry", "traces", "accept"],
    severity: "warning",
    message: "there are no trustedProxies, so no trace is continued",
    seen: '"trusted"',
    remedy: 'trustedProxies, or accept: "none"',
  }];
}

function idField({ telemetry }: Draft, written: unknown): Finding[] {
  const header = readPart(requestIdSchema, settingsOf(written).requestId)?.header;
  const field = telemetry.traces?.responseHeader ?? null;
  if (field === null || field !== header) return [];
  const message = "this is the field of the request's id, by requestId", remedy = "a field of its own";
  return [{ at: ["telemetry", "traces", "responseHeader"], message, seen: seenText(field), remedy }];
}

/** Lines of two kinds in one file are nobody's format. */
function sameFiles({ metrics, accessLog, log }: Draft["telemetry"]): Finding[] {
  const files = ([
    [["metrics", "summary"], metrics?.summary?.file],
    [["accessLog", "file"], fileOf(accessLog?.to)],
    [["log", "file"], fileOf(log?.to)],
  ] as const).filter(([, file]) => file !== undefined);
  return files.flatMap(([path, file], i): Finding[] => {
    const first = files.findIndex(([, other]) => normalize(other!) === normalize(file!));
    if (first === i) return [];
    const message = `telemetry.${files[first][0].join(".")} is this file too`;
    return [{ at: ["telemetry", ...path], message, seen: seenText(file), remedy: "a file of its own" }];
  });
}

function fileOf(to: string | { readonly file: string } | undefined): string | undefined {
  return typeof to === "object" ? to.file : undefined;
}

/** Shares of what the gateway does not tell at all. */
function routesOfNothing({ routes, telemetry }: Draft): Finding[] {
  return (["traces", "accessLog"] as const).filter((part) => telemetry[part] === null).flatMap((part) =>
    routes.filter(({ written }) => shareOf(written, part) > 0).map(({ at, written }): Finding => ({
      at: [...at, "telemetry", part],
      severity: "warning",
      message: `telemetry.${part} of the config is off, so this changes nothing`,
      seen: seenText(settingsOf(written.telemetry)[part]),
      remedy: `telemetry: { ${part}: true } in the config, or no ${part} here`,
    }))
  );
}

/** Nothing, which holds whatever the gateway does, where none is written. */
function shareOf({ telemetry }: DraftRoute["written"], part: "traces" | "accessLog"): number {
  return readPart(routeTelemetrySchema, telemetry)?.[part] ?? 0;
}
