/** What `apiKey` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { isToken } from "../../http/token.ts";
import { CONSUMER_NAME, CONSUMER_NAME_ERROR, consumerName } from "../../settings/consumer_name.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { functionOption } from "../../settings/function_option.ts";
import { keyHash } from "../../settings/key_hash.ts";
import { Refusal } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { listOf, type Misfit, oneOfShapes, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import { instant } from "./api_key/expiry.ts";
import type { FindKey } from "./api_key/key_function.ts";
import { keyPlace } from "./api_key/key_place_option.ts";
import type { KeyPlace } from "./api_key/key_place.ts";
import type { KnownKey, KnownKeys } from "./api_key/known_key.ts";
import type { FailureRate } from "./failure_limit.ts";
import { failuresOption } from "./failures_option.ts";
import { alone, twice } from "./option_misfits.ts";
import { realmOption } from "./realm_option.ts";

/** The options as they are checked: durations in milliseconds. */
export interface ApiKeyPlan {
  readonly in: readonly KeyPlace[];
  readonly scheme: string;
  readonly realm: string;
  readonly keys: KnownKeys;
  readonly file?: Secret;
  readonly reload: number;
  readonly consumers: boolean;
  readonly find?: FindKey;
  readonly remember: number;
  readonly timeout: number;
  readonly failures: FailureRate | null;
  readonly keep: boolean;
}

/** A key among the options, and where it stands there. */
interface ListedKey {
  readonly hash: string;
  readonly key: KnownKey;
  readonly path: (string | number)[];
}

const DAY = 86_400_000;

/** Text in the place of a hash may be a key: nothing of it is shown. */
const UNSEEN = { writeOnly: true };

const entry = settings('a key such as { hash: "sha256:…", consumer: "acme" }', {
  hash: keyHash().describe("SHA-256 of the key."),
  consumer: consumerName().optional().describe("Whose key it is."),
  groups: listOf("a list of groups", plainText("a group")).optional().describe("Default: the consumer's."),
  expires: instant().optional().describe("When it stops being good: a date, or a date with time and zone."),
});

const listed = listOf(
  "a list of keys",
  oneOfShapes('a hash, "sha256:…", or { hash, consumer }', [keyHash().transform((hash) => ({ hash })), entry]),
  "at least one key is needed",
).meta(UNSEEN).transform((entries): ListedKey[] =>
  entries.map(({ hash, ...key }, i) => ({ hash, key: withoutNothing(key), path: [i] }))
);

const byConsumer = z.record(
  z.string().regex(CONSUMER_NAME, { error: CONSUMER_NAME_ERROR }),
  oneOrMore('the hash of a key, "sha256:…"', keyHash(), "at least one key is needed"),
  { error: () => "expected hashes of keys by consumer" },
).meta(UNSEEN).transform((consumers): ListedKey[] =>
  Object.entries(consumers).flatMap(([consumer, hashes]) =>
    hashes.map((hash, i) => ({ hash, key: { consumer }, path: hashes.length === 1 ? [consumer] : [consumer, i] }))
  )
);

const keys: z.ZodType<KnownKeys, unknown> = oneOfShapes("a list of keys, or hashes of keys by consumer", [
  listed,
  byConsumer,
]).transform((list, context) => {
  const known = new Map<string, KnownKey>(), misfits: Misfit[] = [];
  for (const { hash, key, path } of list) {
    if (known.has(hash)) misfits.push({ path, message: "this key is here twice", remedy: "each key once" });
    known.set(hash, key);
  }
  if (list.length === 0) misfits.push({ path: [], message: "at least one key is needed" });
  report(context, undefined, misfits);
  return known;
});

const scheme = text<string>({
  expected: 'an authentication scheme such as "Bearer"',
  read(name) {
    if (!isToken(name)) return new Refusal("this is no name of an authentication scheme", '"Bearer" or "ApiKey"');
    if (name.toLowerCase() !== "basic") return name;
    return new Refusal("Basic carries a user and a password, and no key", "basicAuth, or another scheme");
  },
});

/** Schema of the options of `apiKey`. */
export const apiKeySchema: z.ZodType<ApiKeyPlan, unknown> = settings('settings such as { in: "header:x-api-key" }', {
  in: oneOrMore('a place such as "header:x-api-key"', keyPlace(), "at least one place is needed")
    .prefault("header:x-api-key").describe("Where clients put the key: a place, or several of which the first counts."),
  scheme: scheme.optional().describe("What stands before the key in header:authorization. Default: Bearer."),
  realm: realmOption,
  keys: keys.optional().describe("Hashes of keys: a list, or by consumer."),
  file: secretOption.optional().describe('A file of keys, one a line: "sha256:… consumer group,group".'),
  reload: duration({ zero: false, least: 100, most: DAY }).optional()
    .describe("How often the file is read again. Default: 10s."),
  consumers: flag().optional().describe("Whether the keys of consumers count. Default: where there are no others."),
  find: functionOption<FindKey>({ json: { not: {} } }).optional().describe("A function that knows keys."),
  remember: duration({ zero: true, most: DAY }).optional()
    .describe("How long the answer of find is believed. Default: 1m."),
  timeout: duration({ zero: false, most: 60_000 }).optional()
    .describe("How long find may take. Default: 5s."),
  failures: failuresOption("Bad keys", 100)
    .describe("Bad keys that one client may show before none of its keys is looked at."),
  keep: flag().prefault(false).describe("Whether the key goes on to the upstream."),
}).meta(UNSEEN).transform(({ scheme, keys, reload, consumers, remember, timeout, ...rest }, context): ApiKeyPlan => {
  const { file, find } = rest, others = keys !== undefined || file !== undefined || find !== undefined;
  report(context, undefined, [
    ...twice("in", "place", rest.in),
    ...scheme === undefined || rest.in.includes("header:authorization")
      ? []
      : [alone("scheme", 'no key is looked for in "header:authorization"', 'in: "header:authorization"')],
    ...reload === undefined || file !== undefined ? [] : [alone("reload", "there is no file to read again", "file")],
    ...remember === undefined || find !== undefined
      ? []
      : [alone("remember", "there is no find to remember of", "find")],
    ...timeout === undefined || find !== undefined ? [] : [alone("timeout", "there is no find to wait for", "find")],
    ...consumers === false && !others
      ? [alone("consumers", "there is no key left that could be good", "keys, file or find, or nothing in its place")]
      : [],
  ]);
  return {
    ...rest,
    scheme: scheme ?? "Bearer",
    keys: keys ?? new Map(),
    reload: reload ?? 10_000,
    consumers: consumers ?? !others,
    remember: remember ?? 60_000,
    timeout: timeout ?? 5_000,
  };
});

function withoutNothing(key: KnownKey): KnownKey {
  return Object.fromEntries(Object.entries(key).filter(([, value]) => value !== undefined));
}
