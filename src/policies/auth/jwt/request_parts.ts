/** Parts of a request as settings of `jwt`: where the token is, and which headers tell of claims. @module */

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

/** The name of a header that the gateway may write: of what the client has sent under it, nothing is left. */
export function claimHeader(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'the name of a header, such as "x-user-id"',
    read(name) {
      const field = name.toLowerCase(), reason = protectedField(field, "request");
      if (!isToken(name)) return new Refusal("this is no name of a header", '"x-user-id"');
      if (reason !== undefined) return new Refusal(`${field} cannot be written: ${reason}`, '"x-user-id"');
      return field === "authorization" || field === "cookie"
        ? new Refusal(`${field} is where clients put credentials, and would be lost`, '"x-user-id"')
        : name;
    },
  });
}
