/** How a collector is reached (OTLP over HTTP): what the exporters of all signals have in common. @module */

import type { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { isSecret, type SecretReader } from "../../core/secret.ts";
import type { OtlpPlan } from "../telemetry_plan.ts";

type ExporterInit = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;

/** What exporters are made of. */
export interface Collector {
  /** For the constructors of OpenTelemetry's exporters over HTTP. */
  readonly init: ExporterInit;
  /** Ends its connections; what is being sent is broken off. */
  close(): void;
}

/** A collector by its plan. Nothing is connected to yet. */
export async function collectorOf(plan: OtlpPlan, secrets: SecretReader): Promise<Collector> {
  const { Agent } = plan.url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 }), headers = headersOf(plan, secrets);
  return {
    init: {
      url: plan.url,
      // Read for each request: a token may be another one by now.
      headers: () => Promise.resolve(headers()),
      compression: plan.compression as ExporterInit["compression"],
      timeoutMillis: plan.timeout,
      concurrencyLimit: 1,
      httpAgentOptions: () => agent,
    },
    close: () => agent.destroy(),
  };
}

/** How exporters tell how it went; 0 is success. */
interface Result {
  readonly code: number;
  readonly error?: unknown;
}

/** Waits for one export. @returns why the collector did not get it, `null` when it did; it never throws */
export function exported(begin: (done: (result: Result) => void) => void): Promise<string | null> {
  return new Promise((resolve) => {
    try {
      begin(({ code, error }) => resolve(code === 0 ? null : reasonOf(error)));
    } catch (error) {
      resolve(reasonOf(error));
    }
  });
}

/** A collector's answer may hold anything: what it said is not repeated. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "the collector did not take it";
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "number") return `the collector answered ${code}`;
  if (typeof code === "string") return `the collector cannot be reached: ${code}`;
  return error.message;
}

/** @returns a function that reads the secrets; one that cannot be had is left out, as `check` tells of it */
function headersOf({ headers }: OtlpPlan, secrets: SecretReader): () => Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (!isSecret(value)) plain[name] = value;
  return () => {
    const all = { ...plain };
    for (const [name, value] of Object.entries(headers)) {
      const read = isSecret(value) ? secrets(value) : null;
      if (read !== null && "value" in read) all[name] = read.value;
    }
    return all;
  };
}
