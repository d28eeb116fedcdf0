/** Settings that can never act, whatever requests come. @module */

import { hedgeSchema, routeRetrySchema } from "../schema/retry.ts";
import type { Draft, DraftRoute, DraftUpstream } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { routeUpstreams } from "../route_upstreams.ts";
import { seenText } from "../seen.ts";

/** Where settings of the upstream hop stand: an upstream, or a route. */
interface Place {
  readonly at: Path;
  /** As written. */
  readonly written: unknown;
  /** The upstreams that its requests go to. */
  readonly upstreams: readonly Reached[];
  readonly elsewhere: Elsewhere;
}

/** What an upstream's settings depend on. */
interface Reached {
  /** Whether there is one endpoint; what DNS finds are not listed. */
  readonly alone: boolean;
  readonly https: boolean;
  readonly hedged: boolean;
}

/** What else makes use of the settings of retries, beside retries. */
interface Elsewhere {
  /** Whether the number of tries is written elsewhere. */
  readonly attempts: boolean;
  readonly hedge: boolean;
  /** Whether another upstream may be sent the request too. */
  readonly fallback: boolean;
}

/** Settings of upstreams and routes that are right by themselves and of no effect where they stand. */
export function checkIdleSettings({ upstreams, routes }: Draft): Finding[] {
  const known = new Map(upstreams.map(({ name, parsed }) => [name, parsed && reached(parsed)]));
  const elsewhere: Elsewhere = {
    attempts: routes.some(({ written }) => settingsOf(written.retry).attempts !== undefined),
    hedge: routes.some(({ written }) => written.hedge !== undefined),
    fallback: routes.some(({ written }) => hasSecondUpstream(written)),
  };
  return [
    ...upstreams.flatMap(({ at, written, parsed }) => {
      if (parsed === undefined) return [];
      const place = { at, written, upstreams: [reached(parsed)], elsewhere };
      return [...hopSettings(place), ...successRate(at, parsed), ...windows(at, written)];
    }),
    ...routes.flatMap((route) => routeSettings(route, known)),
  ];
}

function reached({ endpoints, dns, hedge }: NonNullable<DraftUpstream["parsed"]>): Reached {
  const https = dns === null ? endpoints.some(({ scheme }) => scheme === "https") : dns.scheme === "https";
  return { alone: endpoints.length === 1, https, hedged: hedge !== null };
}

/** Silent where an upstream could not be read. */
function routeSettings({ at, written }: DraftRoute, known: ReadonlyMap<string, Reached | undefined>): Finding[] {
  const upstreams = routeUpstreams(written).filter(({ at: [target] }) => target === "upstream" || target === "split")
    .map(({ upstream }) =>
      typeof upstream === "string"
        ? known.get(upstream)
        : { alone: true, https: upstream.scheme === "https", hedged: false }
    );
  if (upstreams.length === 0 || !upstreams.every((upstream) => upstream !== undefined)) return [];
  const elsewhere = { attempts: false, hedge: false, fallback: hasSecondUpstream(written) };
  return hopSettings({ at, written, upstreams, elsewhere });
}

function hasSecondUpstream(route: DraftRoute["written"]): boolean {
  return settingsOf(route.fallback).upstream !== undefined;
}

function hopSettings(place: Place): Finding[] {
  return [...hedgeOfOne(place), ...oneTry(place), ...handshakes(place)];
}

function hedgeOfOne({ at, written, upstreams }: Place): Finding[] {
  const { hedge } = settingsOf(written);
  if (!isSet(readPart(hedgeSchema, hedge)) || upstreams.some(({ alone }) => !alone)) return [];
  return [{
    at: [...at, "hedge"],
    severity: "warning",
    message: "a hedge goes to another endpoint, and there is one",
    seen: seenText(hedge),
    remedy: "more endpoints, or no hedge",
  }];
}

/** Hedges go by the budget and by what makes an answer poor; a fallback by what may be sent a second time. */
function oneTry({ at, written, upstreams, elsewhere }: Place): Finding[] {
  const retry = settingsOf(settingsOf(written).retry);
  if (readPart(routeRetrySchema, retry)?.attempts !== 1 || elsewhere.attempts) return [];
  const hedge = readPart(hedgeSchema, settingsOf(written).hedge);
  const hedged = elsewhere.hedge || isSet(hedge) || hedge !== null && upstreams.some((upstream) => upstream.hedged);
  const idle = [
    "backoff",
    ...(hedged ? [] : ["on", "budget"]),
    ...(elsewhere.fallback ? [] : ["buffer", "unsafe"]),
  ].filter((key) => retry[key] !== undefined).join(", ");
  return idle === "" ? [] : [{
    at: [...at, "retry", "attempts"],
    severity: "warning",
    message: `the first try is one of them, so nothing is tried again, and this does nothing: ${idle}`,
    seen: "1",
    remedy: `2 or more, or no ${idle}`,
  }];
}

function handshakes({ at, written, upstreams }: Place): Finding[] {
  if (settingsOf(settingsOf(written).timeouts).tls === undefined || upstreams.some(({ https }) => https)) return [];
  return [{
    at: [...at, "timeouts", "tls"],
    severity: "warning",
    on: "key",
    message: "there is no TLS handshake to wait for: the endpoints are http",
    remedy: "nothing: leave it out",
  }];
}

/** One endpoint has its own warning. */
function successRate(at: Path, { outliers, endpoints, dns }: NonNullable<DraftUpstream["parsed"]>): Finding[] {
  const rule = outliers?.successRate ?? null, count = endpoints.length;
  if (rule === null || dns !== null || count === 1) return [];
  const findings: Finding[] = [], place = [...at, "outliers", "successRate"];
  if (count < rule.minEndpoints) {
    const message = `endpoints are compared from ${rule.minEndpoints} on, by minEndpoints, and there are ${count}`;
    findings.push({ at: [...place, "minEndpoints"], severity: "warning", message, remedy: `${count} or fewer` });
  }
  // No rate is farther from the mean: Samuelson's inequality.
  const most = Math.sqrt(count - 1);
  if (rule.deviations >= most) {
    const far = hundredths(most);
    const message = `deviations is ${rule.deviations}, and of ${count} endpoints none is farther below the mean than ` +
      `${far} of them`;
    findings.push({ at: [...place, "deviations"], severity: "warning", message, remedy: `less than ${far}` });
  }
  return findings;
}

/** Rounded down. */
function hundredths(value: number): number {
  return Math.floor(100 * value) / 100;
}

function windows(at: Path, written: unknown): Finding[] {
  const { circuitBreaker } = settingsOf(written), place = [...at, "circuitBreaker"];
  const breakers: readonly (readonly [Path, unknown])[] = Array.isArray(circuitBreaker)
    ? circuitBreaker.map((breaker, i) => [[...place, i], breaker])
    : [[place, circuitBreaker]];
  return breakers.flatMap(([at, breaker]): Finding[] => {
    const { window, failureThreshold, failureRatio, consecutiveFailures } = settingsOf(breaker);
    if (window === undefined || consecutiveFailures === undefined) return [];
    if (failureThreshold !== undefined || failureRatio !== undefined) return [];
    return [{
      at: [...at, "window"],
      severity: "warning",
      on: "key",
      message: "failures in a row are counted without a window",
      remedy: "failureThreshold or failureRatio too, or no window",
    }];
  });
}

/** Whether something is written, and it is not `false`. */
function isSet(setting: unknown): boolean {
  return setting !== undefined && setting !== null;
}
