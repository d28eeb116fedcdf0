/** Whether the gateway accepts the methods that routes are for. @module */

import { KNOWN_METHODS } from "../../http/known_methods.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { entriesOf, readPart, settingsOf } from "../read_part.ts";
import { extraMethod, routeMethod } from "../schema/method.ts";
import { nearest } from "../../settings/nearest.ts";

/** Methods that are added twice, and methods of routes that no request with them would reach. */
export function checkMethods({ routes }: Draft, written: unknown): Finding[] {
  const added = entriesOf(settingsOf(written).methods);
  const accepted = [...KNOWN_METHODS, ...added.filter((method) => typeof method === "string")];
  const twice = added.flatMap((method, i): Finding[] => {
    const first = added.indexOf(method);
    if (first === i || readPart(extraMethod(), method) === undefined) return [];
    const message = `methods[${first}] is this method already`;
    return [{ at: ["methods", i], message, seen: JSON.stringify(method), remedy: "each method once" }];
  });
  const unknown = routes.flatMap(({ at, written }) =>
    entriesOf(written.methods).flatMap((value, i): Finding[] => {
      const method = readPart(routeMethod(), value);
      return method === undefined || accepted.includes(method)
        ? []
        : [{ at: [...at, "methods", i], ...refusal(method, accepted) }];
    })
  );
  return [...twice, ...unknown];
}

function refusal(method: string, accepted: readonly string[]): Pick<Finding, "message" | "seen" | "remedy"> {
  const seen = JSON.stringify(method), meant = nearest(method, accepted);
  const message = `this gateway does not accept ${method}`, remedy = `methods: [${seen}] in the config itself`;
  if (meant === undefined) return { message, seen, remedy };
  return { message: `${message}, did you mean "${meant}"?`, seen, remedy: `"${meant}", or ${remedy}` };
}
