/** What clients are told of the signature that is asked for (RFC 9421 §5.1). @module */

import { type Item, type Parameters, serializeDictionary } from "structured-headers";
import { AuthRefusal } from "../auth_refusal.ts";
import { CONTENT_DIGEST } from "./coverage.ts";

/** A signature as a config wants it. */
export interface AskedInit {
  readonly realm: string;
  readonly components: readonly string[];
  /** @default any: it is called `sig` here */
  readonly label?: string;
  /** @default none */
  readonly tag?: string;
}

/** Seconds after which some of what is remembered is over. */
const FORGET = 60;

/** Makes refusals: the same again for the same reason, as there are few. */
export class AskedSignature {
  readonly full: AuthRefusal = new AuthRefusal("unavailable", {
    reason: "there are more signatures than can be remembered: maxRemembered is too small, or the window too long",
    retryAfter: FORGET,
  });
  readonly #challenges: readonly string[];
  readonly #asks: readonly [forNone: readonly string[], forBody: readonly string[]];
  readonly #made = new Map<string, AuthRefusal>();

  constructor({ realm, components, label = "sig", tag }: AskedInit) {
    this.#challenges = [`Signature realm="${realm}"`];
    const field = (names: readonly string[]) => {
      const components = names.map((name): Item => [name, new Map()]);
      const parameters: Parameters = new Map([["created", true]]);
      if (tag !== undefined) parameters.set("tag", tag);
      return ["accept-signature", serializeDictionary(new Map([[label, [components, parameters]]]))];
    };
    this.#asks = [field(components), field([...new Set([...components, CONTENT_DIGEST])])];
  }

  /** @param body whether the request has one */
  refusal(kind: "absent" | "invalid", reason: string, body: boolean): AuthRefusal {
    const id = `${kind} ${body} ${reason}`, made = this.#made.get(id);
    if (made !== undefined) return made;
    const fields = this.#asks[body ? 1 : 0];
    const refusal = new AuthRefusal(kind, { reason, challenges: this.#challenges, fields });
    this.#made.set(id, refusal);
    return refusal;
  }

  /** @param wait seconds */
  limited(wait: number): AuthRefusal {
    return new AuthRefusal("limited", { reason: "too many signatures that were not good", retryAfter: wait });
  }
}
