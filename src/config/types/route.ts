/** A route as it is written: which requests, which policies, which target. @module */

import type { Fact, Key } from "../../core/key.ts";
import type { Policy } from "../../core/policy.ts";
import type { RouteHandler } from "../../policies/context.ts";
import type { Chain } from "./chain.ts";
import type { At, Infer } from "./infer.ts";
import type { Method, ServerUrl } from "./literals.ts";
import type { CheckedRewrite, LiteralPrefix, ParamNames, SomeRewrite } from "./patterns.ts";
import type { Hedge, Retry } from "./retry.ts";
import type { Alone, CheckedRedirect, HasTarget, OnHop, Respond } from "./targets.ts";
import type { RouteTelemetry } from "./telemetry.ts";
import type { RouteTimeouts } from "./timeouts.ts";
import type { CheckedFallback, CheckedSplit, Mirror } from "./traffic.ts";

/** A condition on a value: equal to it, there or not, one of several, or matched as a whole by a regular expression. */
export type Match =
  | string
  | { readonly present: boolean }
  | { readonly oneOf: readonly string[] }
  | { readonly regex: string };

/** Limits a route to the requests of one tenant. */
export interface Tenant {
  /** What tells tenants apart: `"header:x-user-id"`, `"query:tenant"`, `"ip"`. Nothing that a policy finds out. */
  readonly key: Exclude<Key, Fact | `form:${string}`>;
  /** The value, or values, of this route's tenant. */
  readonly is: string | readonly string[];
}

/**
 * One route. `P` is its path, `R` the whole literal as it was written, `U` the names of the upstreams, `Have` the facts
 * that the global policies provide. What is wrong with `R` shows as a sentence in the type of the key that is wrong.
 * Only `path` may be an inference site of `P`, hence `NoInfer` elsewhere: a prefix or rewrite would count as a path.
 */
export interface Route<P extends string, R, U extends string, Have extends string> {
  /**
   * The whole path to match: `"/users/:id"`, `"/users/{id}"`, `"/files/*rest"`. A final `*` or `*rest` takes zero or more
   * segments, a `*` before it exactly one. A trailing slash is significant. The most specific route wins; the order of
   * routes never decides.
   */
  readonly path:
    & Infer<P>
    & NoInfer<
      HasTarget<R> extends false ? "this route has no target: add upstream, split, redirect, respond or handler"
        : P extends `/${string}` ? P
        : `/${P}`
    >;
  /**
   * The route's id in logs, metrics and messages; unique.
   *
   * @default methods, host, path and conditions: `GET api.example.com /users/:id`
   */
  readonly name?: string;
  /**
   * Hosts that the route is for: exact, or `"*.example.com"` for any name below it. Without port.
   *
   * @default every host
   */
  readonly host?: string | readonly string[];
  /**
   * Methods that the route is for: known ones, or those that the config's `methods` adds. Other methods on the same path
   * are a 405, HEAD is served where GET is.
   *
   * @default every method
   */
  readonly methods?: readonly Method[];
  /** Conditions on request fields: `{ "x-version": "2" }`, `{ authorization: { present: true } }`. All must hold. */
  readonly headers?: { readonly [name: string]: Match };
  /** Conditions on query parameters. All must hold. */
  readonly query?: { readonly [name: string]: Match };
  /** Limits the route to the requests of one tenant, so that each can have routes of its own. */
  readonly tenant?: Tenant;
  /** Target: an upstream's name, or the URL of one that only this route uses. */
  readonly upstream?: R extends { readonly handler: unknown } ? "a route has one target; this one has handler too"
    : U | ServerUrl;
  /** Target: shares requests out among upstreams, by weight: a new version beside the old one. */
  readonly split?: Alone<R, "split", CheckedSplit<R, U, Have | `param:${ParamNames<NoInfer<P>>}`>>;
  /** Target: sends the client elsewhere. A text is where to, with status 302; a template: `"/new/{param:id}"`. */
  readonly redirect?: Alone<R, "redirect", CheckedRedirect<R, Have | `param:${ParamNames<NoInfer<P>>}`>>;
  /** Target: a fixed answer. */
  readonly respond?: Alone<R, "respond", Respond>;
  /** Target: a function that answers. What it throws becomes a 500. */
  readonly handler?: RouteHandler<ParamNames<NoInfer<P>>>;
  /**
   * Cuts this from the front of the path sent upstream; what is left starts with `/`. Not with `rewrite`.
   *
   * @default the path goes upstream as it came
   */
  readonly stripPrefix?: OnHop<R, "stripPrefix", LiteralPrefix<NoInfer<P>>>;
  /**
   * The path sent upstream, with the raw segments of the path's parameters: `"/v2/users/:id"`, `"/static/*rest"`, and `*`
   * for an unnamed final wildcard. The query goes along. Not with `stripPrefix`.
   *
   * @default the path goes upstream as it came
   */
  readonly rewrite?: OnHop<
    R,
    "rewrite",
    R extends { readonly rewrite: string; readonly stripPrefix: string }
      ? "rewrite and stripPrefix both say what path goes upstream"
      : R extends { readonly rewrite: infer W extends string } ? CheckedRewrite<W, NoInfer<P>>
      // Also where `R` is not known yet, as in a config with handlers that an editor asks about.
      : SomeRewrite<NoInfer<P>>
  >;
  /** What runs for this route's requests, after the global policies, first to last. */
  readonly policies?: R extends { readonly policies: infer L } ? Chain<L, Have | `param:${ParamNames<NoInfer<P>>}`>
    : readonly Policy[];
  /**
   * Says that nobody has to show who they are here, so that `check` does not ask for an identity policy. An identity
   * policy in the chain is then an error.
   *
   * @default it is not said
   */
  readonly public?: true;
  /** How much is told of this route's requests, where that is not what the gateway says. */
  readonly telemetry?: RouteTelemetry;
  /**
   * Limits on waiting, field by field in place of the upstream's.
   *
   * @default the upstream's
   */
  readonly timeouts?: OnHop<R, "timeouts", RouteTimeouts>;
  /**
   * When and how often a request is tried again, field by field in place of the upstream's; `false`: never.
   *
   * @default the upstream's
   */
  readonly retry?: OnHop<R, "retry", false | Retry>;
  /**
   * A second request while the first takes long, field by field in place of the upstream's; `false`: none.
   *
   * @default the upstream's
   */
  readonly hedge?: OnHop<R, "hedge", false | Hedge>;
  /** Sends copies of requests to another upstream and drops its answers. */
  readonly mirror?: OnHop<R, "mirror", Mirror<U>>;
  /**
   * What answers when the target is out: when no answer comes of any try, or one of the statuses that `on` lists. It is no
   * answer to a client that has had part of one.
   */
  readonly fallback?: OnHop<R, "fallback", CheckedFallback<R, U>>;
  /**
   * What becomes of the request upstream when its client goes away. `"cancel"`: it is given up at once. `"finish"`: it is
   * carried on and its answer read and dropped, so that work half done is not left behind; a body that the client has not
   * sent in full breaks off all the same. It goes on holding a connection upstream.
   *
   * @default "cancel"
   */
  readonly onClientAbort?: OnHop<R, "onClientAbort", "cancel" | "finish">;
}

/** A route of any kind: what is left after the checks. */
export type RouteConfig = Route<string, unknown, string, string>;

/**
 * A list of routes. Inferred twice: `P`, a tuple of path literals, types parameters and callbacks; `R`, the list as it
 * was written, is read by the checks.
 */
export type Routes<P extends readonly string[], R, U extends string, Have extends string> =
  & Infer<R>
  & { readonly [I in keyof P]: Route<P[I], At<R, I>, U, Have> };
