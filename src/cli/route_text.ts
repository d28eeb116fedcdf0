/** Routes in words. @module */

import type { RouteView, TargetView } from "../admin/route_view.ts";

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
    chain: chain.map(({ kind, summary }) => summary.startsWith(kind) ? summary : `${kind}: ${summary}`).join(" > ") ||
      "-",
    target: targetText(target),
  };
}

/** `users (2 endpoints) as /users/:id`, `redirect 302 to /new`, `respond 200`, `handler hello`. */
function targetText(target: TargetView): string {
  switch (target.kind) {
    case "upstream": {
      const { upstream, endpoints, rewrite, stripPrefix } = target;
      const where = endpoints.length === 1 && endpoints[0] === upstream
        ? upstream
        : `${upstream} (${endpoints.length} endpoint${endpoints.length === 1 ? "" : "s"})`;
      if (rewrite !== undefined) return `${where} as ${rewrite}`;
      return stripPrefix === undefined ? where : `${where} without ${stripPrefix}`;
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
