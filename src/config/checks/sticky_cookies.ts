/** Whether each sticky upstream has a cookie of its own. @module */

import type { Draft } from "../draft.ts";
import type { Finding } from "../finding.ts";

/** Cookies of one name: every path of a host has them in common, so that each upstream overwrites the other's. */
export function checkStickyCookies({ upstreams }: Draft): Finding[] {
  const cookies = upstreams.flatMap(({ name, at, parsed }) => {
    const cookie = parsed?.sticky?.cookie;
    return cookie === undefined ? [] : [{ name, at, cookie }];
  });
  return cookies.flatMap(({ at, cookie }, i): Finding[] => {
    const first = cookies.findIndex((other) => other.cookie === cookie);
    return first === i ? [] : [{
      at: [...at, "sticky", "cookie"],
      severity: "warning",
      message: `upstream ${cookies[first].name} has this cookie too: a client of both keeps neither place`,
      seen: JSON.stringify(cookie),
      remedy: "another name",
    }];
  });
}
