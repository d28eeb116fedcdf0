/** An issuer's keys as it publishes them: a JWKS (RFC 7517 §5), found by its address or by OIDC Discovery. @module */

import { gunzipSync } from "node:zlib";
import type { ExchangeTrace } from "../../../core/trace.ts";
import { Service, type ServiceAnswer, type ServiceEnv, ServiceError } from "../../service/service.ts";
import { type ServiceAddress, urlAddress } from "../../service/service_address.ts";

/** Where an issuer's keys are. */
export interface ProviderPlan {
  /** Of the JWKS; `null`: the document at `discovery` tells it. */
  readonly jwks: ServiceAddress | null;
  readonly discovery: ServiceAddress | null;
  /** What the document must call its issuer; `null` where there is no document. */
  readonly issuer: string | null;
  /** Milliseconds for each answer. */
  readonly timeout: number;
}

/** What an issuer answered. */
export interface PublishedKeys {
  /** As they came; nobody has looked at them. */
  readonly keys: readonly unknown[];
  /** Milliseconds for which it says that they hold (RFC 9111 §5.2.2.1). */
  readonly maxAge: number | undefined;
}

/** Bytes of an answer, and keys in it, that are not too many. */
const MOST_BYTES = 512 * 1024, MOST_KEYS = 100;
/** Some issuers answer nobody who does not say who he is. */
const FIELDS = [
  ...["accept", "application/json, application/jwk-set+json", "accept-encoding", "identity"],
  ...["user-agent", "gatewright"],
];

/** Fetches keys. */
export class Provider {
  readonly #env: ServiceEnv;
  readonly #plan: ProviderPlan;
  /** The last one that was asked for keys. */
  #jwks: { readonly address: ServiceAddress; readonly service: Service } | null = null;
  readonly #discovery: Service | null;

  constructor(plan: ProviderPlan, env: ServiceEnv) {
    this.#env = env;
    this.#plan = plan;
    this.#discovery = plan.discovery === null ? null : this.#service(plan.discovery);
  }

  /**
   * @param trace of the request that waits for it, if one does
   * @throws ServiceError when the answer does not come, or is no JWKS
   */
  async fetch(trace: ExchangeTrace | null = null): Promise<PublishedKeys> {
    const address = this.#plan.jwks ?? await this.#discovered(trace);
    if (this.#jwks?.address.to !== address.to) this.#jwks = { address, service: this.#service(address) };
    const answer = await this.#jwks!.service.call({ method: "GET", fields: FIELDS, target: address, trace });
    const keys = objectIn(answer, "JWKS").keys;
    if (!Array.isArray(keys)) throw new ServiceError("the JWKS has no list of keys");
    if (keys.length > MOST_KEYS) throw new ServiceError(`the JWKS has more than ${MOST_KEYS} keys`);
    return { keys, maxAge: maxAgeOf(answer) };
  }

  /** Where the document says that the keys are (OIDC Discovery 1.0 §4). */
  async #discovered(trace: ExchangeTrace | null): Promise<ServiceAddress> {
    const { discovery, issuer } = this.#plan;
    const document = objectIn(
      await this.#discovery!.call({ method: "GET", fields: FIELDS, trace }),
      "discovery document",
    );
    // §4.3: exactly, or it is another issuer's document.
    if (document.issuer !== issuer) throw new ServiceError("the discovery document is of another issuer");
    const { jwks_uri: uri } = document, address = typeof uri === "string" ? urlAddress(uri) : undefined;
    if (address === undefined) throw new ServiceError("the discovery document has no jwks_uri that is a URL");
    const isPlain = discovery!.upstream === null && discovery!.scheme === "http";
    if (address.scheme !== "https" && !isPlain) throw new ServiceError("the jwks_uri is not https");
    return address;
  }

  #service(address: ServiceAddress): Service {
    return new Service(this.#env, address, { timeout: this.#plan.timeout, most: MOST_BYTES });
  }
}

/** Redirects are not followed: they are answers of another status. */
function objectIn(answer: ServiceAnswer, what: string): Readonly<Record<string, unknown>> {
  const { status } = answer;
  if (status !== 200) throw new ServiceError(`the ${what} came with status ${status}`);
  const body = plainBody(answer, what);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ServiceError(`the ${what} is no JSON`);
  }
  if (typeof value !== "object" || value === null) throw new ServiceError(`the ${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

/** Files that are stored compressed come so, whatever was asked for. */
function plainBody({ headers, body }: ServiceAnswer, what: string): Uint8Array {
  const coding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (coding === "identity") return body;
  if (coding !== "gzip" && coding !== "x-gzip") throw new ServiceError(`the ${what} is compressed, and not by gzip`);
  try {
    return gunzipSync(body, { maxOutputLength: MOST_BYTES });
  } catch {
    throw new ServiceError(`the ${what} is no gzip, or too long`);
  }
}

function maxAgeOf({ headers }: ServiceAnswer): number | undefined {
  const found = /(?:^|[,\s])max-age="?(\d{1,9})/i.exec(headers.get("cache-control") ?? "");
  return found === null ? undefined : Number(found[1]) * 1_000;
}
