/** The compiled config: plain, frozen data, with every default filled in and every name resolved. @module */

import type { Policy } from "../core/policy.ts";
import type { StoreConfig } from "../core/store.ts";
import type {
  ValidAdmin,
  ValidConsumer,
  ValidForwarding,
  ValidLimits,
  ValidListener,
  ValidListenerTls,
  ValidPredicate,
  ValidTarget,
} from "../config/valid_config.ts";
import type { RouteTelemetryPlan, TelemetryPlan } from "../telemetry/telemetry_plan.ts";
import type { SplitPlan } from "../upstreams/traffic_plan.ts";
import type { HopPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";

/** Everything that a gateway needs to know. Prints as JSON; secrets print as references. */
export interface Plan {
  readonly listeners: readonly ListenerPlan[];
  readonly admin: AdminPlan | null;
  readonly trustedProxies: readonly string[];
  /** Methods accepted beside the known ones (`http/known_methods.ts`), as clients send them. */
  readonly methods: readonly string[];
  readonly paths: { readonly encodedSlash: "keep" | "reject"; readonly mergeSlashes: boolean };
  readonly requestId: { readonly accept: "trusted" | "any"; readonly header: string };
  /** Milliseconds. */
  readonly shutdown: { readonly delay: number; readonly grace: number };
  readonly telemetry: TelemetryPlan;
  readonly upstreams: readonly UpstreamPlan[];
  /** `default` is among them. Each is opened when somebody asks for it. */
  readonly stores: readonly StorePlan[];
  readonly consumers: readonly ConsumerPlan[];
  readonly policies: readonly PolicyPlan[];
  /** In matching order: the most specific first. */
  readonly routes: readonly RoutePlan[];
}

/** A listener. Times in milliseconds, sizes in bytes; with engine `"serve"`, what it cannot honour has its default. */
export interface ListenerPlan extends Omit<ValidListener, "redirect"> {
  readonly scheme: "http" | "https";
  /** Port that every request is sent to; 0: that which the plan's one listener with TLS was given for its own 0. */
  readonly redirect: { readonly port: number } | null;
}

export type ListenerTlsPlan = ValidListenerTls;
export type ListenerLimitsPlan = ValidLimits;

export type AdminPlan = ValidAdmin;

/** Where limits are counted. */
export interface StorePlan {
  readonly name: string;
  readonly store: StoreConfig;
  /** What it is, in a few words. */
  readonly summary: string;
}

/** Who calls, with the policies of its own. */
export interface ConsumerPlan extends Omit<ValidConsumer, "policies"> {
  readonly policies: readonly PolicyPlan[];
}

/** One node of a chain. */
export interface PolicyPlan {
  /**
   * `global/<kind>`, `<route id>/<kind>` or `consumer/<name>/<kind>`, `#2` for the second of its kind; or what its options
   * say.
   */
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
  readonly telemetry: RouteTelemetryPlan;
  /** Whether it says that nobody has to show who they are. */
  readonly public: boolean;
  /** Place in the config, for messages: `routes[3]`. */
  readonly source: string;
}

/** One condition besides host, path and method. */
export type PredicatePlan = ValidPredicate;

/** What stands at the end of the chain. */
export type TargetPlan =
  | UpstreamTargetPlan
  | SplitTargetPlan
  | Exclude<ValidTarget, { readonly kind: "upstream" | "split" }>;

/** One upstream; timeouts, retry and hedge are the route's over the upstream's own. */
export interface UpstreamTargetPlan extends HopPlan, ValidForwarding {
  readonly kind: "upstream";
  readonly upstream: string;
}

/** Several upstreams; each branch has timeouts, retry and hedge of its own. */
export interface SplitTargetPlan extends SplitPlan, ValidForwarding {
  readonly kind: "split";
}
