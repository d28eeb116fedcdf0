/** What `basicAuth` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { functionOption } from "../../settings/function_option.ts";
import { type PasswordHash, passwordHash } from "../../settings/password_hash.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { type Misfit, oneOfShapes, orOff, report, settings } from "../../settings/shapes.ts";
import type { VerifyPassword } from "./basic_auth/password_function.ts";
import { userFault } from "./basic_auth/user_name.ts";
import type { FailureRate } from "./failure_limit.ts";
import { failuresOption } from "./failures_option.ts";
import { realmOption } from "./realm_option.ts";

/** The options as they are checked: durations in milliseconds. */
export interface BasicAuthPlan {
  /** By names in composed form. */
  readonly users: Readonly<Record<string, PasswordHash | Secret>>;
  readonly file?: Secret;
  readonly reload: number;
  readonly consumers: boolean;
  readonly verify?: VerifyPassword;
  readonly timeout: number;
  readonly realm: string;
  /** 0: none is remembered. */
  readonly cache: number;
  readonly failures: FailureRate | null;
  readonly keep: boolean;
}

const HOUR = 3_600_000;
const RELOAD = 10_000, TIMEOUT = 5_000;

const users = z.record(
  z.string(),
  oneOfShapes("the hash of a password, or a secret that holds it", [passwordHash(), secretOption]),
  { error: () => "expected hashes of passwords by user" },
).meta({ writeOnly: true }).transform((users, context) => {
  const entries = Object.entries(users), known = new Set<string>(), misfits: Misfit[] = [];
  if (entries.length === 0) misfits.push({ path: [], message: "at least one user is needed" });
  for (const [user] of entries) {
    const composed = user.normalize("NFC");
    const message = known.has(composed) ? "this user stands here already, in other bytes" : userFault(user);
    if (message !== null) misfits.push({ path: [user], message, remedy: "another name", onKey: true });
    known.add(composed);
  }
  report(context, undefined, misfits);
  return Object.fromEntries(entries.map(([user, hash]) => [user.normalize("NFC"), hash]));
});

/** Schema of the options of `basicAuth`. */
export const basicAuthSchema: z.ZodType<BasicAuthPlan, unknown> = settings("settings such as { file: … }", {
  users: users.optional().describe("Hashes of passwords by user."),
  file: secretOption.optional().describe('A file of users, as htpasswd writes them: "user:hash", one a line.'),
  reload: duration({ zero: false, least: 100, most: 24 * HOUR }).optional()
    .describe("How often the file is read again. Default: 10s."),
  consumers: flag().optional().describe("Whether the users of consumers count. Default: where there are no others."),
  verify: functionOption<VerifyPassword>({ json: { not: {} } }).optional()
    .describe("Only in TypeScript: a function that says whether a password is right."),
  timeout: duration({ zero: false, most: 60_000 }).optional().describe("How long verify may take. Default: 5s."),
  realm: realmOption,
  cache: orOff('a duration such as "5m"', duration({ zero: false, most: HOUR })).prefault("5m")
    .describe("How long a good password is not checked again. It stays in memory meanwhile."),
  failures: failuresOption("Wrong passwords", 10).describe("Wrong passwords that one client may send; false: any."),
  keep: flag().prefault(false).describe("Whether user and password go on to the upstream."),
}).transform(({ users = {}, consumers, reload, timeout, cache, ...rest }, context): BasicAuthPlan => {
  const others = Object.keys(users).length > 0 || rest.file !== undefined || rest.verify !== undefined;
  const misfits: Misfit[] = [];
  if (reload !== undefined && rest.file === undefined) {
    misfits.push({
      path: ["reload"],
      message: "there is no file that could be read again",
      remedy: "a file, or nothing",
    });
  }
  if (timeout !== undefined && rest.verify === undefined) {
    misfits.push({ path: ["timeout"], message: "there is no function that could take long", remedy: "nothing" });
  }
  if (consumers === false && !others) {
    misfits.push({ path: ["consumers"], message: "nobody could log in", remedy: "users, file or verify beside it" });
  }
  report(context, undefined, misfits);
  return {
    ...rest,
    users,
    consumers: consumers ?? !others,
    reload: reload ?? RELOAD,
    timeout: timeout ?? TIMEOUT,
    cache: cache ?? 0,
  };
});
