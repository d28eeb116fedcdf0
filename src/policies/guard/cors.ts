/**
 * The `cors` policy: which pages of other origins may ask here, and read the answers (WHATWG Fetch, "CORS protocol").
 * Browsers hold pages to it; whoever asks by other means is not kept out.
 *
 * @module
 */

import { contextKey } from "../../core/context_key.ts";
import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { type Duration, formatDuration } from "../../core/units.ts";
import { CorsFields } from "./cors_fields.ts";
import { type CorsPlan, corsSchema } from "./cors_schema.ts";
import { denied } from "./denied.ts";
import { onEveryReply } from "./on_every_reply.ts";
import { type OriginFunction, type OriginRule, originTest, originText } from "./origin_rule.ts";
import { originWarnings } from "./origin_warnings.ts";
import { isOwnOrigin } from "./own_origin.ts";

/** Which `cors` of a chain a request has passed last: that one's answer holds. */
const INNERMOST = contextKey<CorsFields>("cors");
const SWITCHING_PROTOCOLS = 101;

/** What does not depend on who may ask. */
interface CorsSettings {
  /**
   * Methods that pages may use; GET, HEAD and POST they always may.
   *
   * @default the one that a preflight asks for; where no route takes it, the page sees the 404 or 405 itself
   */
  readonly methods?: readonly string[];
  /**
   * Header fields that pages may send, beside those that they always may.
   *
   * @default those that a preflight asks for
   */
  readonly headers?: readonly string[];
  /**
   * How long browsers remember the answer to a preflight, up to a day; Chromium takes two hours at most. Until then a
   * change here does not reach them.
   *
   * @default what browsers choose, which is 5 s
   */
  readonly maxAge?: Duration;
  /**
   * Whether pages of public sites may ask a gateway in a private network (`Access-Control-Request-Private-Network`).
   *
   * @default false
   */
  readonly privateNetwork?: boolean;
  /**
   * Browsers let every page open a WebSocket to everywhere, cookies and all, and only the server can look at its origin.
   * `"check"` refuses handshakes with an origin that is neither allowed nor the gateway's own, with 403 and
   * `origin_not_allowed`. Each `cors` on the way checks for itself; `"pass"` leaves it to the others, or to nobody.
   *
   * @default "check"
   */
  readonly webSockets?: "check" | "pass";
}

/** Everybody may ask, and nobody in the name of the user. */
export interface CorsForAll extends CorsSettings {
  /** `"*"`: pages of every origin. */
  readonly origins: "*" | readonly ["*"];
  readonly credentials?: false;
  /** @default none */
  readonly expose?: "*" | readonly string[];
}

/** Some may ask. */
export interface CorsForSome extends CorsSettings {
  /** Pages of which origins. A function is asked once for each answer; nothing but `true` is a yes. */
  readonly origins: OriginRule | readonly OriginRule[] | OriginFunction;
  readonly credentials?: false;
  /**
   * Response fields that pages may read, beside the few that they always may; `"*"`, all of them, only without
   * credentials.
   *
   * @default none
   */
  readonly expose?: "*" | readonly string[];
}

/** Some may ask, and do it in the name of the user. */
export interface CorsWithCredentials extends CorsSettings {
  readonly origins: OriginRule | readonly OriginRule[] | OriginFunction;
  /**
   * Whether pages may ask with the user's cookies, certificates and passwords, and read what that user may see.
   *
   * @default false
   */
  readonly credentials: boolean;
  /** @default none */
  readonly expose?: readonly string[];
}

/** Options of {@link cors}. */
export type CorsOptions = CorsForAll | CorsForSome | CorsWithCredentials;

/**
 * Lets pages of other origins ask. Preflights are answered here: they meet no identity policy and no upstream. Every other
 * answer gets its fields, also a 401, a 404, a 429 and a 5xx, so that the page sees why it failed; what the upstream says of
 * CORS is replaced. A request of an origin that is not allowed goes on, and its answer has no such field: the browser
 * keeps it from the page. To keep the request itself out, use `csrf`.
 *
 * It belongs before every identity policy. Of several in a chain the innermost that a request has come to holds. A
 * preflight does not have the fields that it asks about: for routes that only requests with certain headers take, put it
 * among the global policies, as their own is not found.
 *
 * @example
 * ```ts
 * import { cors } from "gatewright";
 *
 * const policy = cors({
 *   origins: ["https://app.example.com", "https://*.preview.example.com"],
 *   credentials: true,
 *   expose: ["x-total-count"],
 *   maxAge: "1h",
 * });
 * console.log(policy.kind); // cors
 * ```
 */
export function cors(options: CorsOptions): Policy<"cors", never, never> {
  return recordPolicy(corsDefinition, options);
}

/** The `cors` policy's options and what it is built into. */
export const corsDefinition: PolicyDefinition<CorsPlan> = {
  kind: "cors",
  schema: corsSchema,
  traits: () => ({ guard: false, preflight: "answers", outsideIdentity: true }),
  warnings: ({ origins, credentials }) => originWarnings(origins, "origins", credentials),
  describe({ origins, credentials, maxAge }) {
    const who = typeof origins === "function" ? "a function" : origins.map(originText).join(", ");
    const age = maxAge === undefined ? "" : `, preflights for ${formatDuration(maxAge)}`;
    return `cors: ${who}${credentials ? ", with credentials" : ""}${age}`;
  },
  build(plan, env, id) {
    const allows = originTest(plan.origins, env.log, id), fields = new CorsFields(plan, allows);
    const checks = plan.webSockets === "check";
    return (next) => (exchange) => {
      const origin = exchange.headers.get("origin");
      if (checks && origin !== null && exchange.upgrade !== "" && !mayConnect(exchange, origin)) {
        return refuseHandshake(exchange);
      }
      exchange.set(INNERMOST, fields);
      return onEveryReply(env, next, exchange, (reply) => complete(exchange, origin, reply));
    };

    function mayConnect(exchange: Exchange, origin: string): boolean {
      return isOwnOrigin(exchange, origin) || allows(origin, exchange);
    }

    function complete(exchange: Exchange, origin: string | null, reply: Reply): Reply {
      if (exchange.get(INNERMOST) === fields && reply.status !== SWITCHING_PROTOCOLS) {
        fields.write(exchange, origin, reply.headers);
      }
      return reply;
    }
  },
};

function refuseHandshake(exchange: Exchange): Reply {
  return denied(exchange, {
    code: "origin_not_allowed",
    detail: "Pages of this origin may not connect here.",
    reason: "the origin of a WebSocket handshake is not allowed",
  });
}
