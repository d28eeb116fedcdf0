/** The `cache` policy's options, as they are written. @module */

import type { AskedFact, FactsOf } from "../../core/facts.ts";
import type { Key } from "../../core/key.ts";
import type { Reply } from "../../core/reply.ts";
import type { Duration, Size } from "../../core/units.ts";
import type { Context } from "../context.ts";
import type { KeyFunction } from "../keys/key_spec.ts";

/** A key that is known with a request's head, and that several requests can share. */
export type CacheKey = Exclude<Key, `form:${string}` | "request:id" | "global">;

/** One key, or several of which every one counts. */
export type CacheVary = CacheKey | KeyFunction | readonly (CacheKey | KeyFunction)[];

/** Which part of a query counts. */
export interface CacheQueryOptions {
  /**
   * Only these parameters count; `"item_*"` stands for all that begin so. Case makes no difference, and `ids[]` is `ids`.
   * What a server could take for one of these counts too: names with escapes or dots, and what stands behind a `;`.
   *
   * @default every parameter
   */
  readonly allow?: readonly string[];
  /**
   * These do not count, as they stand in the query: `["utm_*", "fbclid"]`. The upstream still gets them: name none that
   * changes its answer.
   *
   * @default none
   */
  readonly deny?: readonly string[];
  /**
   * Whether the order of parameters makes no difference. Values of one name keep theirs, and where a name has escapes or
   * dots the whole query does.
   *
   * @default false
   */
  readonly sort?: boolean;
}

/** Which parts of a request tell one answer from another. */
export interface CacheKeyOptions {
  /**
   * Other methods that have answers of their own beside GET and HEAD, such as `["PROPFIND"]`: they are taken for safe, and
   * answered from the cache. Requests with content go past it, as their content is in no key.
   *
   * @default none
   */
  readonly methods?: readonly string[];
  /**
   * Whether host and port count. Without them, one host's answer is served for all that come this way. A host that is spelt
   * in another way, `example.com.`, has answers of its own, and so has what a trusted proxy says of the URL, as the upstream
   * is told of both.
   *
   * @default true
   */
  readonly host?: boolean;
  /**
   * Whether the path counts. Without it, all paths that come this way have one answer.
   *
   * @default true
   */
  readonly path?: boolean;
  /**
   * Which part of the query counts; `false`: none of it.
   *
   * @default all of it, as it is sent
   */
  readonly query?: false | CacheQueryOptions;
  /** Request fields that count as they are sent, whether the upstream's `Vary` names them or not. @default none */
  readonly headers?: readonly string[];
  /** Cookies that count as they are sent, and whatever a server could take for one of them. @default none */
  readonly cookies?: readonly string[];
}

/** Options of {@link cache}. */
export interface CacheOptions<V extends CacheVary = CacheVary, S extends string = string> {
  /**
   * Names the cache in the admin interface and for `gatewright purge`. Policies of one id have their room in common, and
   * must be the same, and no request may come by two of them; each route still has answers of its own, as two of them may
   * have one URL.
   *
   * @default made of the route's id: the policy has room of its own
   */
  readonly id?: string;
  /**
   * How long an answer is good, up to a year, where the upstream says nothing about it: no `Cache-Control` that decides,
   * no `Expires`. It takes the place of `heuristic`.
   *
   * @default what `heuristic` makes of `Last-Modified`
   */
  readonly defaultTtl?: Duration;
  /**
   * How long an answer is good, up to a year, whatever the upstream says, be it `no-store` or `private`. `Vary` still
   * counts, an answer that sets cookies is kept only if the upstream itself says that it may be, and one to a request with
   * a credential as RFC 9111 §3.5 says, or by an identity key in `vary`, or where it is `shared`.
   *
   * @default the upstream has the word
   */
  readonly forceTtl?: Duration;
  /**
   * The statuses that `forceTtl` and `defaultTtl` are for.
   *
   * @default 200 for `forceTtl`; for `defaultTtl` those that RFC 9110 §15.1 lets caches keep without being told
   */
  readonly statuses?: readonly number[];
  /**
   * How long errors are good where the upstream says nothing, up to a year: by status, or one time for 404, 405, 410, 414
   * and 501. What is made good in the meantime is seen so much later, and what one client brings about by fields that are in
   * no key, such as a 400, all others get.
   *
   * @default none
   */
  readonly negativeTtl?: Duration | { readonly [status: number]: Duration };
  /**
   * How long an answer with `Last-Modified` is good where nothing else tells: a share of the time since then, and the most
   * (RFC 9111 §4.2.2); `false`: such an answer is good only once the upstream has said so again.
   *
   * @default { share: 0.1, max: "1d" }
   */
  readonly heuristic?: false | {
    /** Above 0, up to 1. @default 0.1 */
    readonly share?: number;
    /** @default "1d" */
    readonly max?: Duration;
  };
  /** Which parts of a request tell one answer from another. @default scheme, host, path and query */
  readonly key?: CacheKeyOptions;
  /**
   * What else tells one answer from another, beside the upstream's `Vary`: a key, several, or a function, which has no
   * effects. **Every one counts**, unlike where something is counted by the first key that is present: were it only the
   * first, those who have it in common would get each other's answers. The more values there are, the fewer hits.
   *
   * With `"identity"`, `"consumer"`, `"basic:user"`, `"jwt:sub"` or `"header:authorization"` each of those who ask has
   * answers of their own, and a request with a credential of which that is not known goes past the cache. So does one with
   * an `Authorization` beside the API key, the signature or the certificate that has told who asks: it needs
   * `["identity", "header:authorization"]`. No other key, and no function, is taken for that: behind an identity policy they
   * need `shared: true` beside them.
   *
   * @default nothing
   */
  readonly vary?: V;
  /**
   * Says that the answer does not depend on who is asking, beyond what `vary` tells apart: it is kept, and served to all
   * whom the policies before this one let pass. If that is wrong, one client sees another's data.
   *
   * @default what a credentialed request is answered is kept only where the upstream says so (RFC 9111 §3.5)
   */
  readonly shared?: true;
  /**
   * How long past its time an answer is still served while a newer one is fetched behind it, where the upstream does not
   * say `stale-while-revalidate` (RFC 5861); up to a year.
   *
   * @default "0s"
   */
  readonly staleWhileRevalidate?: Duration;
  /**
   * How long past its time an answer stands in for an error or for no answer at all, where the upstream does not say
   * `stale-if-error` (RFC 5861); up to a year. What says `must-revalidate` never does.
   *
   * @default "0s"
   */
  readonly staleIfError?: Duration;
  /**
   * How long past its time an answer stands in while the upstream cannot be reached: it takes no connection, does not
   * answer in time, has no endpoint, or its breakers are open, in which case nobody waits for it (RFC 9111 §4.2.4); up to a
   * year. What says `must-revalidate`, `no-cache` or `s-maxage` never does.
   *
   * @default "10s"
   */
  readonly grace?: Duration;
  /**
   * Whether answers are fetched anew shortly before their time is over, behind the one that is served: the sooner, the
   * longer fetching takes, at a time that chance spreads (XFetch). `true` is 1; more is earlier, up to 10. It keeps hits
   * fast for what is asked for often, at the price of some more requests to the upstream.
   *
   * @default never
   */
  readonly refreshEarly?: true | number;
  /**
   * Whether `Cache-Control` and `Pragma` of requests count (RFC 9111 §5.2.1). With `false`, clients cannot make the cache
   * ask the upstream.
   *
   * @default true
   */
  readonly requestDirectives?: boolean;
  /**
   * Response fields that say more than `Cache-Control` to a cache such as this one (RFC 9213): the first that is there and
   * can be read counts, in place of `Cache-Control` and `Expires`.
   *
   * @default ["cdn-cache-control"]
   */
  readonly targeted?: readonly string[];
  /**
   * Response fields that list the tags by which an answer can be purged, separated by commas or spaces.
   *
   * @default ["cache-tag", "surrogate-key"]
   */
  readonly tagFields?: readonly string[];
  /**
   * Our name in `Cache-Status` (RFC 9211), which tells clients what the cache did; `false`: there is no such field.
   *
   * @default "gatewright"
   */
  readonly cacheStatus?: false | string;
  /**
   * Requests for the same that come while it is being fetched wait for that one answer, and get it as it arrives; `false`:
   * each is fetched.
   *
   * @default { wait: "5s" }
   */
  readonly coalesce?: false | {
    /** How long one waits for the head of the answer before it asks the upstream itself; up to 10 minutes. @default "5s" */
    readonly wait?: Duration;
  };
  /**
   * Most bytes that this process keeps, with what it takes to find them: 64 KiB to 64 GiB. What was asked for least has to
   * go.
   *
   * @default "64MiB"
   */
  readonly maxBytes?: Size;
  /** Most answers that this process keeps: up to 10000000. @default 10000 */
  readonly maxEntries?: number;
  /**
   * Largest body that is kept, up to `maxBytes`. A larger one goes by, once as much of it has been held.
   *
   * @default "8MiB", or a quarter of `maxBytes` where that is less
   */
  readonly maxBody?: Size;
  /**
   * Name of the store, out of `stores`, where answers are kept for all processes, behind the memory of each.
   *
   * @default none: each process has its own answers
   */
  readonly store?: S;
  /** Whether a request goes past the cache, which does not keep the answer either. It is asked for each. @default none does */
  readonly bypass?: (ctx: Context) => boolean;
  /** Whether an answer is not kept, even where it may be. It is asked for each that would be. @default what may be kept is */
  readonly noStore?: (ctx: Context, reply: Pick<Reply, "status" | "header">) => boolean;
}

/** What `cache` with these keys and this store needs before it. */
export type CacheNeeds<V extends CacheVary, S extends string> = Needed<FactsOf<KeysIn<V>>> | StoreFact<S>;

/** Of keys that the compiler does not know there are none: `check` sees them. */
type KeysIn<V> = [CacheVary] extends [V] ? never : V extends readonly (infer K)[] ? K : V;

/** Those of whom nothing is known have answers too. */
type Needed<F extends string> = F extends "identity" ? AskedFact : F;

/** The fact that a store of this name is there. */
type StoreFact<S extends string> = [S] extends [never] ? never : string extends S ? never : `store:${NoInfer<S>}`;
