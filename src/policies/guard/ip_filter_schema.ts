/** What `ipFilter` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import { choice } from "../../settings/choice.ts";
import { Refusal } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { oneOfShapes, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

/** An address, a block of them, or where a list of them is. */
export type AddressPlan = string | Secret;

/** The options as they are checked. */
export interface IpFilterPlan {
  /** Absent: everybody who is not denied. */
  readonly allow?: readonly AddressPlan[];
  readonly deny: readonly AddressPlan[];
  readonly key: "client" | "peer";
}

const EXPECTED = 'an address or a block, such as "10.0.0.0/8" or "fd00::/8"';

const block = text<string>({
  expected: EXPECTED,
  read(written) {
    const set = CidrSet.parse([written]);
    return isCidrError(set) ? new Refusal(set.issues[0].error, set.issues[0].remedy) : written;
  },
});

const blocks: z.ZodType<AddressPlan[], unknown> = oneOrMore(
  `${EXPECTED}, or secret.file("…")`,
  oneOfShapes(`${EXPECTED}, or secret.file("…")`, [block, secretOption]),
  "at least one address is needed: with none, nobody is meant",
);

/** Schema of the options of `ipFilter`. */
export const ipFilterSchema: z.ZodType<IpFilterPlan, unknown> = settings('settings such as { allow: ["10.0.0.0/8"] }', {
  allow: blocks.optional().describe("Only these pass. Default: everybody who is not denied."),
  deny: blocks.optional().describe("These do not pass, whatever else is said."),
  key: choice(["client", "peer"]).prefault("client")
    .describe("Whose address counts: the client's by the trusted proxies, or that of the connection's other end."),
}).transform((plan, context): IpFilterPlan => {
  const { allow, deny, key } = plan;
  if (allow === undefined && deny === undefined) {
    report(context, plan, [{
      path: [],
      message: "there is nothing to filter by: neither allow nor deny",
      remedy: 'allow: ["10.0.0.0/8"], deny: [ … ] or both',
    }]);
    return z.NEVER;
  }
  return { allow, deny: deny ?? [], key };
});
