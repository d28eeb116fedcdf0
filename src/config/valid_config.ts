/** A config that was found right: every default filled in, every shorthand spelt out. @module */

import type { Policy } from "../core/policy.ts";
import type { Invariant } from "../core/invariant.ts";
import type { NetAddress } from "../core/net_address.ts";
import type { Secret } from "../core/secret.ts";
import type { StoreConfig } from "../core/store.ts";
import type { RouteHandler } from "../policies/context.ts";
import type { Match } from "../routing/predicate.ts";
import type { Exposed, RouteTelemetryPlan, TelemetryPlan } from "../telemetry/telemetry_plan.ts";
import type { HedgePlan, RetryPlan } from "../upstreams/retry/retry_plan.ts";
import type { BranchPlan, FallbackPlan, MirrorPlan } from "../upstreams/traffic_plan.ts";
import type { EndpointPlan, HopPlan, TimeoutsPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";
import type { CertificateMark } from "./schema/consumers.ts";

/** What `validateConfig` makes. Durations are milliseconds, sizes bytes; lists are in the order in which they were written. */
export interface ValidConfig {
  /** At least one. */
  readonly listen: readonly ValidListener[];
  /** `null`: `admin: false`. */
  readonly admin: ValidAdmin | null;
  /** Addresses and CIDRs as written; `CidrSet.parse` takes them. */
  readonly trustedProxies: readonly string[];
  /** Methods accepted beside {@link KNOWN_METHODS}. */
  readonly methods: readonly string[];
  readonly paths: { readonly encodedSlash: "keep" | "reject"; readonly mergeSlashes: boolean };
  /** `header` is in lower case. */
  readonly requestId: { readonly accept: "trusted" | "any"; readonly header: string };
  readonly shutdown: { readonly delay: number; readonly grace: number };
  readonly telemetry: TelemetryPlan;
  /**
   * The declared upstreams, then one for each URL that a route names directly: its name is the URL's origin. The
   * endpoints of one upstream are all `http` or all `https`, no address stands in it twice, one of them is of tier 0, and
   * none of an `h2` upstream is a Unix socket; nor are those of an `h2` upstream with TLS found by DNS.
   */
  readonly upstreams: readonly ValidUpstream[];
  /** `default` is among them; `storeDefinitionOf` knows each, and its schema has made their `options`. */
  readonly stores: readonly ValidStore[];
  /** No key, subject, user or certificate is that of two of them. */
  readonly consumers: readonly ValidConsumer[];
  /**
   * Global policies, outermost first. The `options` of each are what its definition's schema made of the authored ones;
   * `definitionOf` knows each of them.
   */
  readonly policies: readonly Policy[];
  readonly invariants: readonly Invariant[];
  /** The config's own routes, then the included ones. At least one. */
  readonly routes: readonly ValidRoute[];
}

/** No two listen on one address. With engine `"serve"`, what it cannot honour has its default. */
export interface ValidListener {
  readonly address: NetAddress;
  readonly engine: "h1" | "serve";
  readonly tls: ValidListenerTls | null;
  /** `true`: to the port of the one listener with `tls`, which has a port. Not together with `tls`. */
  readonly redirect: true | { readonly port: number } | null;
  readonly proxyProtocol: boolean;
  readonly timeouts: {
    readonly header: number;
    readonly idle: number;
    readonly body: number;
    readonly write: number;
    readonly tunnel: number;
  };
  readonly limits: ValidLimits;
  /** What it answers beside routes. */
  readonly expose: readonly Exposed[];
}

export interface ValidListenerTls {
  /** For whoever asks for none of the hosts of `certificates`. */
  readonly cert: Secret;
  readonly key: Secret;
  readonly certificates: readonly ValidCertificate[];
  readonly clientCertificates: { readonly ca: Secret; readonly required: boolean } | null;
  readonly http2: boolean;
}

export interface ValidCertificate {
  /** In lower case: exact, or `*.example.com` for one label before `.example.com`. No host stands twice in a listener. */
  readonly hosts: readonly string[];
  readonly cert: Secret;
  readonly key: Secret;
}

export interface ValidLimits {
  readonly headerBytes: number;
  readonly headerCount: number;
  /** Not above `headerBytes`. */
  readonly target: number;
  readonly body: number;
  readonly connections: number;
  /** `null`: no limit. */
  readonly perClient: number | null;
  readonly inFlight: number;
  /** Bytes a second; 0: off. */
  readonly minRate: number;
}

export interface ValidAdmin {
  readonly hostname: string;
  readonly port: number;
  readonly token: Secret | null;
}

/** An upstream; its endpoints get their ids when it is compiled. */
export interface ValidUpstream extends Omit<UpstreamPlan, "endpoints"> {
  /** At least one, or none where `dns` finds them. */
  readonly endpoints: readonly ValidEndpoint[];
}

/**
 * `url` is the origin: scheme, host and port, the port left out where it is the scheme's own, and no path; of a Unix socket
 * `unix:` and its path.
 */
export type ValidEndpoint = Omit<EndpointPlan, "id">;

export interface ValidStore {
  readonly name: string;
  readonly store: StoreConfig;
}

export interface ValidConsumer {
  readonly name: string;
  readonly groups: readonly string[];
  /** `sha256:` and 64 digits in lower case. */
  readonly keys: readonly string[];
  /** `issuer` `null`: of any. */
  readonly subjects: readonly { readonly issuer: string | null; readonly subject: string }[];
  /** `user` in composed form, `hash` as written. */
  readonly users: readonly { readonly user: string; readonly hash: string }[];
  readonly certificates: readonly CertificateMark[];
  /** As {@link ValidConfig.policies}. */
  readonly policies: readonly Policy[];
}

export interface ValidRoute {
  /** The authored name, or `null`: then the id is made of what the route matches. */
  readonly name: string | null;
  /** The pattern as written; `parsePattern` takes it. */
  readonly path: string;
  /** In lower case; empty: every host. */
  readonly hosts: readonly string[];
  /** Empty: every method. */
  readonly methods: readonly string[];
  /** `headers`, then `query`, then `tenant`, each in the order written. */
  readonly predicates: readonly ValidPredicate[];
  readonly target: ValidTarget;
  /** As {@link ValidConfig.policies}. */
  readonly policies: readonly Policy[];
  readonly telemetry: RouteTelemetryPlan;
  readonly public: boolean;
  readonly source: ValidSource;
}

/** One condition besides host, path and method. */
export interface ValidPredicate {
  /** `key`: the route's `tenant`. */
  readonly of: "header" | "query" | "key";
  /** Name of the header (lower case) or query parameter, or the key. */
  readonly name: string;
  readonly match: Match;
}

/** What a route says of its hop; the rest is the upstream's. */
export interface ValidHop {
  readonly timeouts: Partial<TimeoutsPlan>;
  /** Fields in place of the upstream's, none: as the upstream; `null`: off. */
  readonly retry: Partial<RetryPlan> | null;
  readonly hedge: Partial<HedgePlan> | null;
}

/** What targets with upstreams have in common. Upstreams go by the names of {@link ValidConfig.upstreams}. */
export interface ValidForwarding {
  readonly path: { readonly rewrite: string } | { readonly stripPrefix: string } | null;
  readonly onClientAbort: "cancel" | "finish";
  readonly mirror: MirrorPlan | null;
  readonly fallback: FallbackPlan | null;
}

export type ValidTarget =
  | { readonly kind: "upstream"; readonly upstream: string } & ValidHop & ValidForwarding
  | {
    readonly kind: "split";
    /** At least one, and one with a weight above 0. */
    readonly branches: readonly Omit<BranchPlan, keyof HopPlan>[];
    readonly stickyBy: readonly string[];
  }
    & ValidHop
    & ValidForwarding
  | {
    readonly kind: "redirect";
    readonly to: string;
    readonly status: 301 | 302 | 303 | 307 | 308;
    readonly keepQuery: boolean;
  }
  | {
    readonly kind: "respond";
    readonly status: number;
    /** Names in lower case, with the body's `content-type` where there is a body and none was written. */
    readonly headers: Readonly<Record<string, string>>;
    /** `json` has become its text. */
    readonly body: string | null;
  }
  | { readonly kind: "handler"; readonly handler: RouteHandler };

/** Where a route was written, for the messages of later stages; spread into an `Issue`. */
export interface ValidSource {
  /** `routes[3]`, or `include[0].routes[2]`. */
  readonly path: string;
  readonly file?: string;
  /** From 1; YAML and JSON know them. */
  readonly line?: number;
  readonly column?: number;
}
