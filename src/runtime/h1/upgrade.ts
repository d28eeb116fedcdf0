/** Requests to switch to another protocol (RFC 9110 §7.8). @module */

import { isToken } from "../../http/token.ts";
import { withoutBlanks } from "../../http/without_blanks.ts";

/**
 * Never passed on: HTTP itself, over which requests would go around every rule ("h2c smuggling"), and TLS, which this
 * listener would have to speak itself.
 */
const OURS = /^(?:h2c|h2|h3|http|tls)(?:$|[/-])/i;

/**
 * The protocols of `Upgrade` that may be asked of an endpoint, as a list; `""` for none.
 * @param options the combined value of Connection: without `upgrade` in it the field means nothing
 */
export function wantedProtocols(upgrade: string, options: string): string {
  if (!/(?:^|[ \t,])upgrade(?:$|[ \t,])/i.test(options)) return "";
  const wanted = upgrade.split(",").map((protocol) => withoutBlanks(protocol)).filter((protocol) =>
    protocol.split("/").every(isToken) && !OURS.test(protocol)
  );
  return wanted.join(", ");
}
