/** Places of tokens as settings. @module */

import type { z } from "zod";
import { isToken } from "../../../http/token.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { text } from "../../../settings/text.ts";
import { protectedField } from "../../shape/protected_fields.ts";
import type { TokenPlace } from "./token_places.ts";

const PLACES = '"header:authorization", "cookie:session" or "query:access_token"';

/** A place: of a header the name is in lower case. */
export function tokenPlace(): z.ZodType<TokenPlace, unknown> {
  return text<TokenPlace>({
    expected: 'a place such as "header:authorization"',
    json: { pattern: "^(header|query|cookie):.+$" },
    read(place) {
      const [, kind, name] = /^(header|query|cookie):(.+)$/.exec(place) ?? [];
      if (kind === "query") return `query:${name}`;
      if (kind === undefined || !isToken(name)) return new Refusal("this is no place of a request", PLACES);
      if (kind === "cookie") return `cookie:${name}`;
      const field = name.toLowerCase(), reason = protectedField(field, "request");
      if (field === "cookie") return new Refusal("a cookie is named by its own name", '"cookie:session"');
      return reason === undefined ? `header:${field}` : new Refusal(`${field} carries no token: ${reason}`, PLACES);
    },
  });
}
