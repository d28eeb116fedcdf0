/** The target of a route: exactly one of `upstream`, `split`, `redirect`, `respond` or `handler`. @module */

import type { FactsIn } from "../../core/facts.ts";
import type { At } from "./infer.ts";
import type { Complaint, GivesAll } from "./chain.ts";

/** The keys of which a route has exactly one. */
export type TargetName = "upstream" | "split" | "redirect" | "respond" | "handler";

/** An answer that sends the client elsewhere. */
export interface Redirect {
  /**
   * Where to: an absolute URL, or a path on the same host. A template: `"/new/{param:id}"`; `{{` is a brace. In the path,
   * parameters go in as they were sent; all else is percent-encoded. Scheme and host take no keys.
   */
  readonly to: string;
  /**
   * 307 and 308 keep the method and body, 301 and 302 let clients turn a POST into a GET, 303 demands it; clients
   * remember 301 and 308, which is hard to take back (RFC 9110 §15.4).
   *
   * @default 302
   */
  readonly status?: 301 | 302 | 303 | 307 | 308;
  /**
   * Appends the query of the request.
   *
   * @default false
   */
  readonly keepQuery?: boolean;
}

/** A fixed answer, made when the config is compiled. */
export interface Respond {
  /**
   * From 200 to 599.
   *
   * @default 200
   */
  readonly status?: number;
  /** Fields of the answer, as they stand: no templates. */
  readonly headers?: { readonly [name: string]: string };
  /** Text of the answer; `content-type` is `text/plain; charset=utf-8` unless `headers` say otherwise. Not with `json`. */
  readonly body?: string;
  /** Value sent as JSON, with `content-type: application/json`. Not with `body`. */
  readonly json?: unknown;
}

/** Whether a target stands on the route; `true` while the route is not known. */
export type HasTarget<R> = unknown extends R ? true : [keyof R & TargetName] extends [never] ? false : true;

/** `T`, or a sentence where a second target stands. */
export type Alone<R, Name extends TargetName, T> = Exclude<keyof R & TargetName, Name> extends
  infer Other extends string ? [Other] extends [never] ? T : `a route has one target; this one has ${Other} too`
  : never;

/** `T`, or a sentence where a setting of the upstream hop stands on a route that has none. */
export type OnHop<R, Setting extends string, T> = unknown extends R ? T
  : [keyof R & ("upstream" | "split")] extends [never] ? `${Setting} is for routes with an upstream`
  : T;

/** The redirect, or a sentence in place of a template that reads what nothing before it provides. */
export type CheckedRedirect<R, Have extends string> = At<R, "redirect"> extends infer T
  ? T extends string ? CheckedTemplate<T, Have | GivesAll<At<R, "policies">>>
  : T extends { readonly to: infer To extends string }
    ? Redirect & { readonly to: CheckedTemplate<To, Have | GivesAll<At<R, "policies">>> }
  : string | Redirect
  : never;

type CheckedTemplate<T extends string, Have extends string> = [Exclude<FactsIn<T>, Have>] extends [never] ? string
  : Complaint<"redirect", Exclude<FactsIn<T>, Have>>;
