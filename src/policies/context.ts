/** What policies and handlers written by users see of an exchange. @module */

import type { MaybePromise } from "../core/handler.ts";
import type { Client } from "../core/exchange.ts";
import type { ContextKey } from "../core/context_key.ts";
import type { Identity } from "../core/identity.ts";
import type { Log } from "../core/log.ts";
import type { Reply } from "../core/reply.ts";

/** One request, as a policy's `handle` or a route's `handler` sees it. */
export interface Context<Param extends string = string, Claims extends object = Readonly<Record<string, unknown>>> {
  readonly method: string;
  /** The canonical path. */
  readonly path: string;
  /** The query as sent, with its `?`; `""` without one. */
  readonly query: string;
  /** Host in lower case, without port. */
  readonly host: string;
  /** Decoded values of the path's parameters. */
  readonly params: { readonly [N in Param]: string };
  readonly client: Client;
  /** Id of the route. */
  readonly route: string;
  readonly requestId: string;
  /** Who is asking; an identity policy sets it. */
  identity: Identity<Claims> | undefined;
  /** Aborts when the client goes away. Made on first touch. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The request as a web `Request`, made on first touch. Reading its body keeps a copy for the upstream, up to 1 MiB. */
  readonly request: Request;
  /** The combined value of a request field, or `null`. */
  header(name: string): string | null;
  /** Changes what the upstream receives. @throws TypeError on CR, LF and what else no field may hold. */
  setHeader(name: string, value: string): void;
  removeHeader(name: string): void;
  /** What a policy left under `key`. */
  get<T>(key: ContextKey<T>): T | undefined;
  /** Leaves a value for later policies and handlers. */
  set<T>(key: ContextKey<T>, value: T): void;
}

/** A reply in a user's hands: {@link Reply} and its web form. */
export interface ContextReply extends Pick<Reply, "status" | "header" | "setHeader" | "appendHeader" | "removeHeader"> {
  /** The reply as a web `Response`; its body may be read once. */
  response(): Response;
}

/** Answers a route by itself. */
export type RouteHandler<Param extends string = string> = (ctx: Context<Param>) => MaybePromise<Response>;
