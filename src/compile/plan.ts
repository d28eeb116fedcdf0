/** The compiled config: plain, frozen data, with every default filled in and every name resolved. @module */

import type { Policy } from "../core/policy.ts";
import type { Secret } from "../core/secret.ts";
import type { RouteHandler } from "../policies/context.ts";
import type { TimeoutsPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";

/** Everything that a gateway needs to know. Prints as JSON; secrets print as references. */
export interface Plan {
  readonly listeners: readonly ListenerPlan[];
  readonly admin: AdminPlan | null;
  readonly trustedProxies: readonly string[];
  readonly paths: { readonly encodedSlash: "keep" | "reject"; readonly mergeSlashes: boolean };
  readonly requestId: { readonly accept: "trusted" | "any"; readonly header: string };
  /** Milliseconds. */
  readonly shutdown: { readonly delay: number; readonly grace: number };
  readonly accessLog: AccessLogPlan | null;
  readonly upstreams: readonly UpstreamPlan[];
  readonly policies: readonly PolicyPlan[];
  /** In matching order: the most specific first. */
  readonly routes: readonly RoutePlan[];
}

export interface ListenerPlan {
  readonly engine: "serve";
  readonly hostname: string;
  readonly port: number;
}

export interface AdminPlan {
  readonly hostname: string;
  readonly port: number;
  readonly token: Secret | null;
}

export interface AccessLogPlan {
  readonly to: "stdout" | { readonly file: string };
}

/** One node of a chain. */
export interface PolicyPlan {
  /** `global/<kind>` or `<route id>/<kind>`, `#2` for the second of its kind. */
  readonly id: string;
  readonly policy: Policy;
  /** What it does, in a few words. */
  readonly summary: string;
}

export interface RoutePlan {
  readonly id: string;
  /** Pattern with parameters written `:id` and `*rest`. */
  readonly path: string;
  readonly hosts: readonly string[];
  /** Empty: all. */
  readonly methods: readonly string[];
  readonly predicates: readonly PredicatePlan[];
  readonly target: TargetPlan;
  readonly policies: readonly PolicyPlan[];
  /** Place in the config, for messages: `routes[3]`. */
  readonly source: string;
}

/** One condition besides host, path and method. */
export interface PredicatePlan {
  readonly of: "header" | "query" | "key";
  /** Name of the header (lower case) or query parameter, or the key. */
  readonly name: string;
  readonly match: MatchPlan;
}

export type MatchPlan =
  | { readonly present: boolean }
  | { readonly oneOf: readonly string[] }
  | { readonly regex: string };

export type TargetPlan =
  | {
    readonly kind: "upstream";
    readonly upstream: string;
    /** The path sent upstream: a template of raw segments, a literal prefix to cut, or as it came. */
    readonly path: { readonly rewrite: string } | { readonly stripPrefix: string } | null;
    readonly timeouts: TimeoutsPlan;
  }
  | {
    readonly kind: "redirect";
    readonly to: string;
    readonly status: 301 | 302 | 303 | 307 | 308;
    readonly keepQuery: boolean;
  }
  | {
    readonly kind: "respond";
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  }
  | { readonly kind: "handler"; readonly handler: RouteHandler };
