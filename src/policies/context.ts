/** What policies and handlers written by users see of an exchange. @module */

import type { MaybePromise } from "../core/handler.ts";
import type { Client } from "../core/exchange.ts";
import type { ContextKey } from "../core/context_key.ts";
import type { Identity } from "../core/identity.ts";
import type { Log } from "../core/log.ts";
import type { Reply } from "../core/reply.ts";

/** Values of path parameters: those that are known to be there, or any that may be. */
export type ContextParams<Param extends string> = string extends Param ? { readonly [name: string]: string | undefined }
  : { readonly [N in Param]: string };

/** One request, as a policy's `handle` or a route's `handler` sees it. All of them see the same one. */
export interface Context<Param extends string = string, Claims extends object = Readonly<Record<string, unknown>>> {
  readonly method: string;
  /** The canonical path. */
  readonly path: string;
  /** The query as sent, with its `?`; `""` without one. */
  readonly query: string;
  /** Host in lower case, without port. */
  readonly host: string;
  /** Decoded values of the path's parameters. */
  readonly params: ContextParams<Param>;
  readonly client: Client;
  /** Id of the route; `""` where none took the request. */
  readonly route: string;
  readonly requestId: string;
  /**
   * Id of the trace that the request belongs to, 32 hexadecimal digits; `undefined` where there are no traces. Where it is
   * recorded, `trace.getActiveSpan()` of `@opentelemetry/api` gives the request's span, and what is begun stands under it.
   */
  readonly traceId: string | undefined;
  /** Who is asking; an identity policy sets it. */
  identity: Identity<Claims> | undefined;
  /** Aborts when the client goes away. Made on first touch. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /**
   * The request as a web `Request`, made on first touch; later changes on either side do not show on the other.
   *
   * Touched before `next()`, its body can be read at any time, up to 1 MiB, and still goes upstream whole: a copy is kept
   * for that. Reading more fails with a `BodyError`, which the client gets as 413 unless the policy catches it.
   */
  readonly request: Request;
  /** The combined value of a request field, or `null`. */
  header(name: string): string | null;
  /**
   * Changes what the upstream receives.
   *
   * @throws TypeError on CR, LF and what else no field may hold, and for fields that the gateway writes itself: framing
   * and hop-by-hop fields, `host` and the `x-forwarded-` family
   */
  setHeader(name: string, value: string): void;
  /** Removes every field of this name from what the upstream receives. @throws TypeError as {@link Context.setHeader}. */
  removeHeader(name: string): void;
  /** What a policy left under `key`. */
  get<T>(key: ContextKey<T>): T | undefined;
  /** Leaves a value for later policies and handlers. */
  set<T>(key: ContextKey<T>, value: T): void;
}

/** A reply in a user's hands: {@link Reply} and its web form. */
export interface ContextReply extends Pick<Reply, "status" | "header" | "setHeader" | "appendHeader" | "removeHeader"> {
  /**
   * The reply as a web `Response`, for once. Return it, or one made of it, for changes to it to count; or return the reply
   * itself, as long as the body has not been read (a `clone()` may have been). The body is as it came: a
   * `content-encoding` is not decoded.
   *
   * @throws TypeError the second time, when there is a body that only one can read
   */
  response(): Response;
}

/** Answers a route by itself. */
export type RouteHandler<Param extends string = string> = (ctx: Context<Param>) => MaybePromise<Response>;
