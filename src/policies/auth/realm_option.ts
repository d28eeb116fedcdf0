/** The realm of a challenge as a setting. @module */

import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

/** What stands between the quotes of `WWW-Authenticate: … realm="…"`, so that nothing in it has to be escaped. */
const REALM = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/;

/** A realm; `gateway` by default. */
export const realmOption = text<string>({
  expected: "a realm",
  read: (name) =>
    REALM.test(name)
      ? name
      : new Refusal("a realm has up to 64 plain characters, without quotes and backslashes", '"orders"'),
}).prefault("gateway").describe("What WWW-Authenticate calls what is protected.");
