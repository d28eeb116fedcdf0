/** A config whose parts are read one by one, so that a wrong part does not hide what is wrong elsewhere. @module */

import { parsePattern, type Pattern } from "../routing/pattern.ts";
import { isPatternError } from "../routing/pattern_error.ts";
import { ChainReader, type DraftChain } from "./draft_chain.ts";
import { type DraftConsumer, draftConsumers } from "./draft_consumer.ts";
import { type DraftStore, draftStores } from "./draft_store.ts";
import type { Path } from "./finding.ts";
import { entriesOf, readPart, settingsOf } from "./read_part.ts";
import { adminSchema, DEFAULT_LISTEN, listenerSchema, type ParsedListener } from "./schema/listener.ts";
import { type ParsedRoute, routeSchema } from "./schema/route.ts";
import { telemetryParts } from "./schema/telemetry.ts";
import { type UnnamedUpstream, upstreamSchema } from "./schema/upstream.ts";
import type { TelemetryPlan } from "../telemetry/telemetry_plan.ts";
import type { ValidAdmin } from "./valid_config.ts";

/** What could be read. */
export interface Draft {
  readonly listen: readonly DraftListener[];
  readonly admin: ValidAdmin | null | undefined;
  readonly telemetry: DraftTelemetry;
  readonly upstreams: readonly DraftUpstream[];
  readonly stores: readonly DraftStore[];
  readonly consumers: readonly DraftConsumer[];
  readonly policies: DraftChain;
  readonly routes: readonly DraftRoute[];
  /** Whether every file of routes could be read. */
  readonly complete: boolean;
}

/** A listener; what is wrong with it as a whole does not keep its single settings from being read. */
export interface DraftListener {
  readonly at: Path;
  /** As written. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly parsed: ParsedListener | undefined;
}

/** Each part by itself; `undefined` where it is wrong. */
export interface DraftTelemetry extends Partial<Pick<TelemetryPlan, "traces" | "metrics" | "accessLog" | "log">> {
  /** As written. */
  readonly written: Readonly<Record<string, unknown>>;
}

export interface DraftUpstream {
  readonly name: string;
  readonly at: Path;
  readonly written: unknown;
  readonly parsed: UnnamedUpstream | undefined;
}

/** A route; what is wrong with it as a whole does not keep its single settings from being read. */
export interface DraftRoute {
  readonly at: Path;
  /** As written. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly parsed: ParsedRoute | undefined;
  readonly pattern: Pattern | undefined;
  readonly chain: DraftChain;
}

/** Reads what can be read of a config; it reports nothing but what is wrong with policies and stores, inside them. */
export function draftOf(value: unknown): Draft {
  const config = settingsOf(value), chains = new ChainReader();
  const admin = readPart(adminSchema, config.admin);
  const policies = chains.read(config.policies, ["policies"]);
  const includes = entriesOf(config.include);
  const route = (written: unknown, at: Path) => draftRoute(written, at, chains);
  return {
    listen: draftListeners(config.listen),
    admin: admin === false ? null : admin === undefined ? undefined : { ...admin, token: admin.token ?? null },
    telemetry: draftTelemetry(settingsOf(config.telemetry)),
    upstreams: Object.entries(settingsOf(config.upstreams)).map(([name, written]) => ({
      name,
      at: ["upstreams", name],
      written,
      parsed: readPart(upstreamSchema, written),
    })),
    stores: draftStores(config.stores),
    consumers: draftConsumers(config.consumers, chains),
    policies,
    routes: [
      ...entriesOf(config.routes).map((written, i) => route(written, ["routes", i])),
      ...includes.flatMap((set, i) =>
        entriesOf(settingsOf(set).routes).map((written, j) => route(written, ["include", i, "routes", j]))
      ),
    ],
    complete: includes.every((set) => Array.isArray(settingsOf(set).routes)),
  };
}

/** Every chain of a config: the global one, those of consumers and those of routes. */
export function chainsOf({ policies, consumers, routes }: Draft): DraftChain[] {
  return [policies, ...consumers.map(({ chain }) => chain), ...routes.map(({ chain }) => chain)];
}

function draftListeners(value: unknown = DEFAULT_LISTEN): DraftListener[] {
  const listener = (written: unknown, at: Path): DraftListener => ({
    at,
    written: settingsOf(written),
    parsed: readPart(listenerSchema, written),
  });
  return Array.isArray(value) ? value.map((one, i) => listener(one, ["listen", i])) : [listener(value, ["listen"])];
}

function draftTelemetry(written: DraftTelemetry["written"]): DraftTelemetry {
  const { traces, metrics, accessLog, log } = telemetryParts;
  return {
    written,
    traces: readPart(traces, written.traces),
    metrics: readPart(metrics, written.metrics),
    accessLog: readPart(accessLog, written.accessLog),
    log: readPart(log, written.log),
  };
}

function draftRoute(value: unknown, at: Path, chains: ChainReader): DraftRoute {
  const written = settingsOf(value);
  const path = readPart(routeSchema.shape.path, written.path);
  const pattern = path === undefined ? undefined : parsePattern(path);
  return {
    at,
    written,
    parsed: readPart(routeSchema, value),
    pattern: pattern === undefined || isPatternError(pattern) ? undefined : pattern,
    chain: chains.read(written.policies, [...at, "policies"]),
  };
}
