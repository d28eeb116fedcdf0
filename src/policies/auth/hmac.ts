/**
 * The `hmac` policy: lets those pass who have signed their request (RFC 9421), body and all.
 *
 * @module
 */

import { type Policy, type PolicyWarning, recordPolicy } from "../../core/policy.ts";
import type { Secret } from "../../core/secret.ts";
import { type Duration, formatDuration, type Size } from "../../core/units.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import { FailureLimit } from "./failure_limit.ts";
import type { PublicKeyAlgorithm } from "./hmac/algorithms.ts";
import { AskedSignature } from "./hmac/asked_signature.ts";
import { Coverage, isSaid } from "./hmac/coverage.ts";
import { HmacAuthenticator } from "./hmac/hmac_authenticator.ts";
import { keysOfPlan, signatureCheck } from "./hmac/keys_of_plan.ts";
import { ReplayMemory } from "./hmac/replay_memory.ts";
import { type HmacPlan, hmacSchema } from "./hmac_schema.ts";

/** Whose a key is. */
interface KeyOwner {
  /**
   * A name of `consumers`, or any other.
   *
   * @default nobody's: limits and logs know it by the key's id
   */
  readonly consumer?: string;
  /** @default those of the consumer, where the config has one of this name */
  readonly groups?: readonly string[];
}

/** A secret that client and gateway have: signatures by `hmac-sha256`, some 20 µs each. */
export interface SharedKey extends KeyOwner {
  /** Of 16 bytes at least; 32 random ones are as strong as the algorithm. */
  readonly secret: Secret;
  /**
   * How the secret is written.
   *
   * @default "utf8", the text as it is
   */
  readonly encoding?: "utf8" | "base64" | "base64url" | "hex";
  readonly algorithm?: "hmac-sha256";
}

/** The public half of a key whose other half only the client has. */
export interface SigningKey extends KeyOwner {
  /** In PEM form: the text, or a secret that holds it. */
  readonly publicKey: string | Secret;
  /**
   * The one algorithm that the key is for, whatever a signature says. A signature by ECDSA takes up to 1 ms, the others
   * 0.1–0.4 ms, beside the thread that moves the traffic.
   */
  readonly algorithm: PublicKeyAlgorithm;
}

/** What a signature can be asked to cover: a field's name in lower case, or what is no field. */
export type SignatureComponent =
  | "@method"
  | "@target-uri"
  | "@authority"
  | "@scheme"
  | "@request-target"
  | "@path"
  | "@query"
  | Lowercase<string>;

/**
 * Options of {@link hmac}. A request with a body must be signed with `content-digest` (RFC 9530, sha-256 or sha-512) among
 * its components, whatever they are; the body is compared with it before it goes on.
 */
export interface HmacOptions {
  /** Keys by their ids, which signatures name as `keyid`. */
  readonly keys: { readonly [keyid: string]: SharedKey | SigningKey };
  /**
   * What every signature must cover; it may cover more. `@target-uri` stands for authority, path and query too, and
   * `@request-target` for path and query. What is not covered, whoever sees the request can change and send again.
   *
   * @default ["@method", "@authority", "@path", "@query"]
   */
  readonly components?: readonly SignatureComponent[];
  /**
   * How far `created`, which every signature must have, may be from now on either side: a second to an hour. The longer, the
   * more must be remembered. `expires` is honoured within it.
   *
   * @default "5m"
   */
  readonly window?: Duration;
  /**
   * The label of the signature that counts; others are nobody's business here.
   *
   * @default any: the first whose key is known
   */
  readonly label?: string;
  /**
   * The `tag` of the signature that counts: it keeps what was signed for another application from being good here.
   *
   * @default any, and none
   */
  readonly tag?: string;
  /**
   * What becomes of a `nonce` that the same key has used before; of signatures without one, of a request that was signed in
   * the same second and is the same in all that is covered. So clients that repeat themselves need a nonce. Each process
   * remembers by itself: behind two, a signature is good twice. A restart forgets.
   *
   * @default "refuse"
   */
  readonly replays?: "refuse" | "pass";
  /**
   * Signatures that are remembered until they are too old, some 100 bytes each; good ones only. When there is no room,
   * requests are refused with 503, whoever's key has taken it: at the least there must be as many as come in twice the
   * `window`.
   *
   * @default 1000000
   */
  readonly maxRemembered?: number;
  /**
   * Longest signed body, up to 1 GiB: it is held in memory until its last byte has come. A longer one is refused with 413.
   *
   * @default "1MiB"
   */
  readonly maxBody?: Size;
  /**
   * The scheme that clients use: for signatures with `@target-uri` or `@scheme` behind a proxy that ends TLS.
   *
   * @default that of the listener
   */
  readonly scheme?: "http" | "https";
  /**
   * What `WWW-Authenticate` calls that which is protected.
   *
   * @default "gateway"
   */
  readonly realm?: string;
  /**
   * Bad signatures that one client, an IPv6 one by its /64, may show at once; as many come back in `per`. Beyond it a 429
   * answers, and nothing is parsed or computed. `false`: no limit.
   *
   * @default { limit: 100, per: "1m" }
   */
  readonly failures?: { readonly limit: number; readonly per: Duration } | false;
  /**
   * Whether `Signature` and `Signature-Input` go on to the upstream.
   *
   * @default false
   */
  readonly keep?: boolean;
}

/**
 * Lets requests pass that are signed by RFC 9421 with a key that is known. Others get 401 with `Accept-Signature`, which
 * says what to sign.
 *
 * The path that counts is the canonical one, which upstreams receive too: `/a/../b` and `/%61` as a client has signed them
 * are not what is compared, and are refused. Fields of trailers cannot be covered.
 *
 * @example
 * ```ts
 * import { hmac, secret } from "gatewright";
 *
 * const policy = hmac({
 *   keys: { "shop-1": { secret: secret.env("SHOP_KEY"), encoding: "base64", consumer: "shop" } },
 *   components: ["@method", "@target-uri"],
 *   window: "1m",
 * });
 * console.log(policy.kind); // hmac
 * ```
 */
export function hmac(options: HmacOptions): Policy<"hmac", never, IdentityFact> {
  return recordPolicy(hmacDefinition, options);
}

/** The `hmac` policy's options, its facts and what it is built into. */
export const hmacDefinition: IdentityDefinition<HmacPlan> = identityDefinition({
  kind: "hmac",
  schema: hmacSchema,
  facts: () => ({ gives: IDENTITY_FACTS }),
  warnings: ({ components }) =>
    ["@method", "@authority", "@path"].filter((name) => !isSaid(name, components)).map(uncovered),
  secretFault({ keys }, [, id], value) {
    const fault = signatureCheck(keys[id as string], value);
    return typeof fault === "string" ? { message: `the key ${JSON.stringify(id)} cannot be used: ${fault}` } : null;
  },
  describe({ keys, components, window, replays, tag }) {
    const count = Object.keys(keys).length, of = tag === undefined ? "" : ` tagged ${tag}`;
    const again = replays === "pass" ? ", again and again" : "";
    return `hmac: ${count} ${count === 1 ? "key" : "keys"}, ${components.join(" ")} within ${
      formatDuration(window)
    }${of}${again}`;
  },
  authenticator(plan, env, id) {
    const { components, window, label, tag, replays, maxRemembered, maxBody, realm, failures, keep } = plan;
    const keys = new Map(keysOfPlan(plan.keys, env, id).map((key) => [key.id, key]));
    return new HmacAuthenticator({
      terms: {
        keys,
        wanted: { label, tag, knows: (keyid) => keys.has(keyid) },
        coverage: new Coverage(components),
        window,
        scheme: plan.scheme ?? null,
      },
      asked: new AskedSignature({ realm, components, label, tag }),
      // Whatever changes in the config: what was shown stays shown.
      replays: replays === "pass" ? null : env.state(`${id}/replays`, {}, () => new ReplayMemory()),
      maxRemembered,
      failures: failures === null ? null : env.state(`${id}/failures`, failures, () => new FailureLimit(failures)),
      maxBody,
      keep,
    }, env);
  },
});

function uncovered(name: string): PolicyWarning {
  return {
    at: ["components"],
    message: `a signature that does not cover ${name} is good for every other one too`,
    remedy: `"${name}" among the components`,
  };
}
