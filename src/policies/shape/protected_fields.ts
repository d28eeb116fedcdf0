/** Fields that no policy may change, because the gateway writes or removes them itself. @module */

import { REQUEST_HOP, RESPONSE_HOP } from "../../http/hop_by_hop.ts";

/** Which message a field belongs to. */
export type Side = "request" | "response";

const FRAMING = "it frames the message, and the gateway writes the framing itself";
const HOP = "it ends at this hop: neither side's is passed on to the other";
const ORIGIN = "the gateway writes it from the connection and from trustedProxies";

const REASONS: { readonly [S in Side]: ReadonlyMap<string, string> } = {
  request: new Map([
    ...REQUEST_HOP.map((name): [string, string] => [name, HOP]),
    ["content-length", FRAMING],
    ["transfer-encoding", FRAMING],
    ["expect", "the gateway answers it itself"],
    ["host", `it is a setting of the upstream: host`],
    ...["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]
      .map((name): [string, string] => [name, ORIGIN]),
  ]),
  response: new Map([
    ...RESPONSE_HOP.map((name): [string, string] => [name, HOP]),
    ["content-length", FRAMING],
    ["transfer-encoding", FRAMING],
  ]),
};

/** Why a field cannot be set, appended or removed, as the end of a sentence; `undefined` when it can be. */
export function protectedField(name: string, side: Side): string | undefined {
  return REASONS[side].get(name.toLowerCase());
}
