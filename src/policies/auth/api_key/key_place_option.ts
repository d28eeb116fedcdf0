/** Places of keys as settings. @module */

import type { z } from "zod";
import { isToken } from "../../../http/token.ts";
import { nearest } from "../../../settings/nearest.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { text } from "../../../settings/text.ts";
import { protectedField } from "../../shape/protected_fields.ts";
import type { KeyPlace } from "./key_place.ts";

const KINDS: readonly string[] = ["header", "query", "cookie"];
const REMEDY = '"header:x-api-key", "query:api_key" or "cookie:key"';

/** A place: of a header the name is in lower case. */
export function keyPlace(): z.ZodType<KeyPlace, unknown> {
  return text<KeyPlace>({
    expected: 'a place such as "header:x-api-key"',
    json: { pattern: "^(header|query|cookie):.+$" },
    read(place) {
      const colon = place.indexOf(":"), kind = place.slice(0, Math.max(0, colon)), name = place.slice(colon + 1);
      if (!KINDS.includes(kind)) return notAPlace(place, kind, name);
      if (kind === "query") {
        return name === "" ? new Refusal("the parameter has no name", '"query:api_key"') : `query:${name}`;
      }
      if (!isToken(name)) return new Refusal(`this is no name of a ${kind}`, REMEDY);
      return kind === "cookie" ? `cookie:${name}` : header(name.toLowerCase());
    },
  });
}

function header(name: string): KeyPlace | Refusal {
  if (name === "cookie") return new Refusal("a cookie is named by its own name", '"cookie:key"');
  const reason = protectedField(name, "request");
  return reason === undefined
    ? `header:${name}`
    : new Refusal(`${name} carries no key: ${reason}`, '"header:x-api-key"');
}

function notAPlace(place: string, kind: string, name: string): Refusal {
  if (kind === "") {
    return new Refusal(
      "this does not say whether it is a header, a parameter or a cookie",
      isToken(place) ? `"header:${place}"` : REMEDY,
    );
  }
  const meant = nearest(kind, KINDS);
  return new Refusal(
    "a key is in a header, in the query or in a cookie",
    meant === undefined ? REMEDY : `"${meant}:${name}"`,
  );
}
