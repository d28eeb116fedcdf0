/** Claims as settings: which of them counts, and which headers tell of them. @module */

import { z } from "zod";
import { isToken } from "../../../http/token.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { oneOrMore } from "../../../settings/shapes.ts";
import { plainText, text } from "../../../settings/text.ts";
import { protectedField } from "../../shape/protected_fields.ts";

/** A claim's name, or the names on the way to it. */
const claimPath = oneOrMore("the name of a claim", plainText("the name of a claim"), "the name is missing");

/** The name of a header that the gateway may write: of what the client has sent under it, nothing is left. */
const claimHeader = text<string>({
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

/** Claims by the header that tells of them; none by default. */
export const sentClaimsOption = z.record(claimHeader, claimPath, {
  error: (issue) =>
    issue.code === "invalid_type" ? 'expected claims by header, such as { "x-user-id": "sub" }' : undefined,
}).prefault({}).describe("Claims that the upstream is told, by request header.");

/** The claim that holds the groups; `groups` by default. */
export const groupsOption = claimPath.prefault("groups")
  .describe("The claim that holds the groups, or the names on the way to it.");
