/** The response fields of CORS (WHATWG Fetch, "HTTP responses"). @module */

import type { Exchange } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";
import { ASKED_METHOD, isPreflight } from "../../http/preflight.ts";
import { isToken } from "../../http/token.ts";
import { addVary } from "./add_vary.ts";
import type { CorsPlan } from "./cors_schema.ts";
import { isAnyOrigin, type OriginTest } from "./origin_rule.ts";

const ASKED_HEADERS = "access-control-request-headers", ASKED_NETWORK = "access-control-request-private-network";
/** All that an upstream may have to say of it. */
const FIELDS: readonly string[] = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-max-age",
  "access-control-allow-private-network",
];
/** Names, and what may stand between them. */
const NAMES = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*,[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+)*$/;
const ORIGIN: readonly string[] = ["origin"];

/** Writes the fields of one `cors` policy. What does not depend on the request is made ready. */
export class CorsFields {
  readonly #allows: OriginTest;
  readonly #any: boolean;
  readonly #credentials: boolean;
  /** `null`: nothing beside what pages always may read. */
  readonly #expose: string | null;
  readonly #methods: string | null;
  readonly #headers: string | null;
  readonly #maxAge: string | null;
  readonly #privateNetwork: boolean;
  /** What the answer to a preflight depends on. */
  readonly #asked: readonly string[];

  constructor(plan: CorsPlan, allows: OriginTest) {
    const { origins, credentials, methods, headers, expose, maxAge, privateNetwork } = plan;
    this.#allows = allows;
    this.#any = isAnyOrigin(origins);
    this.#credentials = credentials;
    this.#expose = expose.length === 0 ? null : expose.join(", ");
    this.#methods = methods?.join(", ") ?? null;
    this.#headers = headers?.join(", ") ?? null;
    this.#maxAge = maxAge === undefined ? null : String(Math.floor(maxAge / 1_000));
    this.#privateNetwork = privateNetwork;
    this.#asked = [...ORIGIN, ASKED_METHOD, ASKED_HEADERS, ...privateNetwork ? [ASKED_NETWORK] : []];
  }

  /** @param origin what the request had on its way down */
  write(exchange: Exchange, origin: string | null, fields: HeaderList): void {
    for (const name of FIELDS) fields.remove(name);
    const asksAhead = isPreflight(exchange);
    // Also where this answer has none of our fields: a cache must not give it to those whose answer would.
    if (asksAhead) addVary(fields, this.#asked);
    else if (!this.#any) addVary(fields, ORIGIN);
    if (this.#any) fields.add("access-control-allow-origin", "*");
    else if (origin !== null && this.#allows(origin, exchange)) fields.add("access-control-allow-origin", origin);
    else return this.#note(exchange, origin, asksAhead);
    if (this.#credentials) fields.add("access-control-allow-credentials", "true");
    if (asksAhead) this.#permit(exchange.headers, fields);
    else if (this.#expose !== null) fields.add("access-control-expose-headers", this.#expose);
  }

  /** What a page may do that has asked ahead. */
  #permit(request: HeaderList, fields: HeaderList): void {
    const method = this.#methods ?? request.get(ASKED_METHOD), headers = this.#headers ?? request.get(ASKED_HEADERS);
    if (method !== null && (this.#methods !== null || isToken(method))) {
      fields.add("access-control-allow-methods", method);
    }
    if (headers !== null && (this.#headers !== null || NAMES.test(headers))) {
      fields.add("access-control-allow-headers", headers);
    }
    if (this.#maxAge !== null) fields.add("access-control-max-age", this.#maxAge);
    if (this.#privateNetwork && request.get(ASKED_NETWORK) === "true") {
      fields.add("access-control-allow-private-network", "true");
    }
  }

  /** What somebody looks for whose page may not ask. */
  #note(exchange: Exchange, origin: string | null, asksAhead: boolean): void {
    if (asksAhead && origin !== null && exchange.reason === "") exchange.reason = "cors does not allow the origin";
  }
}
