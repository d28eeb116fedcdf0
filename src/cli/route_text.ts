/** Routes in words. @module */

import { DEFAULT_RETRY } from "../upstreams/retry/retry_plan.ts";
import type { PolicyView } from "../admin/policy_view.ts";
import type { ForwardingView, HopView, RouteView, TargetView } from "../admin/route_view.ts";

/** The parts of a route as a table shows them. */
export interface RouteText {
  /** `GET,PATCH`, or `*`. */
  readonly methods: string;
  /** `api.example.com`, or `*`. */
  readonly host: string;
  /** Path and further conditions. */
  readonly path: string;
  /** The policies in order, or `-`. */
  readonly chain: string;
  readonly target: string;
}

/** One route in words. */
export function routeText({ methods, hosts, path, predicates, chain, target }: RouteView): RouteText {
  return {
    methods: methods.join(",") || "*",
    host: hosts.join(",") || "*",
    path: [path, ...predicates].join(" "),
    chain: chainText(chain),
    target: targetText(target),
  };
}

/** The policies in order, or `-`. */
export function chainText(chain: readonly PolicyView[]): string {
  return chain.map(({ kind, summary }) => summary.startsWith(kind) ? summary : `${kind}: ${summary}`).join(" > ") ||
    "-";
}

/** `users (2 endpoints) as /users/:id`, `redirect 302 to /new`, `respond 200`, `handler hello`. */
function targetText(target: TargetView): string {
  switch (target.kind) {
    case "upstream": {
      const { upstream, endpoints } = target;
      const where = endpoints.length === 1 && endpoints[0] === upstream
        ? upstream
        : `${upstream} (${countText(endpoints)})`;
      return where + forwardingText(target);
    }
    case "split": {
      const total = target.branches.reduce((sum, { weight }) => sum + weight, 0);
      const branches = target.branches.map(({ upstream, weight, when }) =>
        `${upstream} ${Number((weight / total * 100).toFixed(1))}%${when === undefined ? "" : ` or ${when}`}`
      );
      return `split ${branches.join(", ")}${forwardingText(target)}`;
    }
    case "redirect":
      return `redirect ${target.status} to ${target.to}`;
    case "respond":
      return `respond ${target.status}`;
    case "handler":
      // A function written in the route itself is named after the setting.
      return target.name === "" || target.name === "handler" ? "handler" : `handler ${target.name}`;
  }
}

function countText(endpoints: readonly string[]): string {
  const [first = ""] = endpoints;
  return first.startsWith("dns:") ? first : `${endpoints.length} endpoint${endpoints.length === 1 ? "" : "s"}`;
}

function forwardingText({ rewrite, stripPrefix, mirror, fallback }: ForwardingView): string {
  return [
    rewrite === undefined ? "" : ` as ${rewrite}`,
    stripPrefix === undefined ? "" : ` without ${stripPrefix}`,
    mirror === undefined ? "" : `, ${Number((mirror.share * 100).toFixed(2))}% copied to ${mirror.upstream}`,
    fallback === undefined ? "" : `, else ${fallback}`,
  ].join("");
}

/** How often a request is sent, how long that may take, and what is sent again. */
export interface HopText {
  readonly upstream: string;
  readonly tries: string;
  /** `64.1s`. */
  readonly worstCase: string;
  /** `GET: failures; POST: connect failures only`, or `-`. */
  readonly repeats: string;
}

/** What is tried again where nothing is said, in one word; {@link FAILURES_NOTE} says which. */
const FAILURES = "failures", DEFAULT_ON = DEFAULT_RETRY.on.join(", ");

/** The note under a table of hops. */
export const FAILURES_NOTE = `${FAILURES}: ${DEFAULT_ON}`;

/** One way to an upstream in words. */
export function hopText({ upstream, tries, worstCase, repeats, bodies, hedge }: HopView): HopText {
  const notes = [...repeats, ...(bodies === null ? [] : [bodies]), ...(hedge === null ? [] : [hedge])];
  const text = notes.join("; ").replaceAll(DEFAULT_ON, FAILURES);
  return { upstream, tries: String(tries), worstCase: secondsText(worstCase), repeats: text || "-" };
}

function secondsText(ms: number): string {
  return ms < 1_000 ? `${Math.ceil(ms)}ms` : `${Number((ms / 1_000).toFixed(1))}s`;
}
