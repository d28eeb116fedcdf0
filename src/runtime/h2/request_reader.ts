/** From a field block to an exchange. @module */

import type { Client } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import { isProxyOnly } from "../../http/forwarded.ts";
import { exchangeInit } from "../intake/exchange_init.ts";
import { refuseExpectation } from "../intake/expectation.ts";
import { requestFraming } from "../intake/framing.ts";
import { localOptions, WHOLE_SERVER } from "../intake/local_options.ts";
import { isRefusal, type Refusal } from "../intake/refusal.ts";
import { BODY_TOO_LARGE, HEAD_TOO_LARGE } from "../intake/refusals.ts";
import type { ReaderLimits, RequestFacts } from "../intake/request_facts.ts";
import {
  BAD_HOST,
  BAD_TARGET,
  isTarget,
  MISSING_HOST,
  NO_TARGET,
  originTarget,
  rejectedTarget,
  type Target,
  TARGET_TOO_LONG,
  type TargetOptions,
} from "../intake/target.ts";
import { H2Exchange } from "./h2_exchange.ts";
import type { RequestHead } from "./request_head.ts";

const BAD_SCHEME: Refusal = {
  status: 400,
  code: "bad_target",
  detail: "Only http and https resources are served here.",
};

const SCHEME = /^https?$/i;
const SLASH = 0x2f;

/** What the fields of one head say. */
class Fields {
  hosts = 0;
  host = "";
  lengths = 0;
  length: string | null = null;
  expect = "";
  te = false;
  cookie: string | null = null;
  /** Fields as received, without cookies. */
  count = 0;
  /** What policies and upstreams see, without Host. */
  readonly visible: string[] = [];
}

/** Makes exchanges; everything that a request claims about itself is checked here, as on HTTP/1.1, before any of it is used. */
export class H2RequestReader {
  readonly #facts: RequestFacts;
  readonly #limits: ReaderLimits;
  readonly #targets: TargetOptions;
  readonly #scheme: "http" | "https";

  constructor(facts: RequestFacts, limits: ReaderLimits, targets: TargetOptions, scheme: "http" | "https") {
    this.#facts = facts;
    this.#limits = limits;
    this.#targets = targets;
    this.#scheme = scheme;
  }

  /**
   * The exchange, whose `local` reply is set where the request is answered without asking anybody.
   * @param ended whether the stream ends with the head
   */
  read(head: RequestHead, ended: boolean, peer: Client): H2Exchange {
    const fields = this.#fields(head, peer);
    if (fields.count > this.#limits.headerCount) return this.blank(peer, HEAD_TOO_LARGE);
    const { length, lengths } = fields;
    const framing = requestFraming({ length, repeated: lengths > 1, coding: null }, true);
    const authority = this.#authority(head, fields), target = this.#target(head, authority);
    const exchange = this.#exchange(head.method, isTarget(target) ? target : rejectedTarget(head.path), fields, peer);
    const refusal = (isRefusal(framing) ? framing : null) ?? this.#facts.methods.refuse(head.method) ??
      (isTarget(target) ? null : target);
    if (refusal !== null) return exchange.refuse(refusal);
    if (!isRefusal(framing) && length !== null) exchange.length = framing.length;
    exchange.expectsContinue = fields.expect !== "" && !ended && exchange.length !== 0;
    exchange.acceptsTrailers = fields.te;
    const bodyRefusal = this.#refuseBody(exchange.length ?? 0, fields.expect);
    if (bodyRefusal !== null) return exchange.refuse(bodyRefusal);
    exchange.local = localOptions(exchange);
    return exchange;
  }

  /** An exchange for what cannot be read as a request, so that the log has a line for it. */
  blank(peer: Client, refusal: Refusal): H2Exchange {
    return this.#exchange("", NO_TARGET, new Fields(), peer).refuse(refusal);
  }

  #exchange(method: string, target: Target, { visible, cookie }: Fields, peer: Client): H2Exchange {
    if (cookie !== null) visible.push("cookie", cookie);
    // Policies read the authority where they would on HTTP/1.1.
    if (target.authority !== "") visible.push("host", target.authority);
    const headers = HeaderList.of(...visible), scheme = this.#scheme;
    return new H2Exchange(exchangeInit({ method, target, scheme, headers }, peer, this.#facts));
  }

  #refuseBody(length: number, expect: string): Refusal | null {
    return length > this.#limits.body ? BODY_TOO_LARGE : refuseExpectation(expect);
  }

  /** The authority that the request names, or why there is none (RFC 9113 §8.3.1). */
  #authority({ authority }: RequestHead, { hosts, host }: Fields): string | Refusal {
    if (hosts > 1) return BAD_HOST;
    if (authority === null) return hosts === 0 ? MISSING_HOST : host === "" ? BAD_HOST : host;
    if (authority === "") return BAD_HOST;
    return hosts === 0 || authority === host || this.#areSame(authority, host) ? authority : BAD_HOST;
  }

  #areSame(a: string, b: string): boolean {
    const { authorities } = this.#targets, first = authorities.parse(a), second = authorities.parse(b);
    return first !== null && second !== null && first.host === second.host && first.port === second.port;
  }

  #target({ method, scheme, path }: RequestHead, authority: string | Refusal): Target | Refusal {
    if (typeof authority !== "string") return authority;
    if (path.charCodeAt(0) === SLASH && SCHEME.test(scheme)) return originTarget(path, authority, this.#targets);
    const host = this.#targets.authorities.parse(authority);
    if (host === null) return BAD_HOST;
    if (path.length > this.#targets.maxTarget) return TARGET_TOO_LONG;
    if (!SCHEME.test(scheme)) return BAD_SCHEME;
    if (path !== WHOLE_SERVER || method !== "OPTIONS") return BAD_TARGET;
    return { authority, host: host.host, path: WHOLE_SERVER, query: "" };
  }

  /** One look at every field: what frames, what is said to this hop only, and what only a proxy may say. */
  #fields({ flat, from }: RequestHead, { trusted }: Client): Fields {
    const fields = new Fields(), { visible } = fields;
    for (let i = from; i < flat.length; i += 2) {
      const name = flat[i], value = flat[i + 1];
      fields.count++;
      switch (name) {
        case "host":
          fields.hosts++;
          fields.host = value;
          continue;
        case "cookie":
          // Clients split it so that parts of it can be indexed (RFC 9113 §8.2.3): that is not many fields.
          if (fields.cookie !== null) fields.count--;
          if (!fields.cookie) fields.cookie = value;
          else if (value !== "") fields.cookie += "; " + value;
          continue;
        case "content-length":
          fields.lengths++;
          fields.length = value;
          break;
        case "expect":
          fields.expect = fields.expect === "" ? value : fields.expect + ", " + value;
          break;
        case "te":
          fields.te = true;
          break;
        default:
          if (!trusted && isProxyOnly(name)) continue;
      }
      visible.push(name, value);
    }
    return fields;
  }
}
