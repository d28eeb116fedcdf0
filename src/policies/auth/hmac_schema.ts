/** What `hmac` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { choice } from "../../settings/choice.ts";
import { consumerName } from "../../settings/consumer_name.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { nearest } from "../../settings/nearest.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { listOf, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { plainText, text } from "../../settings/text.ts";
import type { FailureRate } from "./failure_limit.ts";
import { failuresOption } from "./failures_option.ts";
import {
  PUBLIC_KEY_ALGORITHMS,
  type PublicKeyAlgorithm,
  readPublicKey,
  SHARED_KEY_ALGORITHM,
} from "./hmac/algorithms.ts";
import { DERIVED_COMPONENTS, isFieldComponent } from "./hmac/component.ts";
import { realmOption } from "./realm_option.ts";

/** Whose a key is. */
interface OwnerPlan {
  readonly consumer?: string;
  readonly groups?: readonly string[];
}

/** A secret that both sides have. */
export interface SharedKeyPlan extends OwnerPlan {
  readonly secret: Secret;
  readonly encoding: "utf8" | "base64" | "base64url" | "hex";
}

/** The public half of a key. */
export interface PublicKeyPlan extends OwnerPlan {
  /** PEM, or where it is. */
  readonly publicKey: string | Secret;
  readonly algorithm: PublicKeyAlgorithm;
}

/** The options as they are checked: durations in milliseconds, sizes in bytes. */
export interface HmacPlan {
  readonly keys: { readonly [keyid: string]: SharedKeyPlan | PublicKeyPlan };
  readonly components: readonly string[];
  readonly window: number;
  readonly label?: string;
  readonly tag?: string;
  readonly replays: "refuse" | "pass";
  readonly maxRemembered: number;
  readonly maxBody: number;
  readonly scheme?: "http" | "https";
  readonly realm: string;
  readonly failures: FailureRate | null;
  readonly keep: boolean;
}

const SECOND = 1_000, HOUR = 3_600_000;
const MIB = 1024 * 1024;

/** Strings of structured fields (RFC 9651 §3.3.3), of which keys' ids are. */
const PRINTABLE = /^[\x20-\x7e]{1,256}$/;

const printable = (expected: string) =>
  text<string>({
    expected,
    read: (value) => PRINTABLE.test(value) ? value : new Refusal("this may have up to 256 characters of plain ASCII"),
  });

const owner = {
  consumer: consumerName().optional().describe("Whose key it is."),
  groups: listOf("a list of groups", plainText("a group")).optional().describe("Default: the consumer's."),
};

const sharedKey = settings('a key such as { secret: secret.env("CLIENT_KEY") }', {
  secret: secretOption.describe("The secret that the client signs with."),
  encoding: choice(["utf8", "base64", "base64url", "hex"]).prefault("utf8")
    .describe("How the secret is written. Default: utf8, the text as it is."),
  algorithm: choice([SHARED_KEY_ALGORITHM]).optional().describe("The algorithm: there is one for secrets."),
  ...owner,
}).transform(({ algorithm: _, ...key }): SharedKeyPlan => key);

const publicKey = settings('a key such as { publicKey: "-----BEGIN …", algorithm: "ed25519" }', {
  publicKey: oneOfShapes("a public key in PEM form, or a secret that holds one", [
    plainText("a public key in PEM form"),
    secretOption,
  ]).describe("The public half of the key that the client signs with, in PEM form."),
  algorithm: choice(PUBLIC_KEY_ALGORITHMS).describe("The one algorithm that the key is for."),
  ...owner,
}).transform((key, context): PublicKeyPlan => {
  const read = typeof key.publicKey === "string" ? readPublicKey(key.publicKey, key.algorithm) : null;
  if (typeof read !== "string") return key;
  report(context, undefined, [{ path: ["publicKey"], message: read, remedy: '"-----BEGIN PUBLIC KEY-----…"' }]);
  return z.NEVER;
});

const keys = z.record(
  z.string().regex(PRINTABLE, { error: "the id of a key has up to 256 characters of plain ASCII" }),
  oneOfShapes("a key: { secret } or { publicKey, algorithm }", [sharedKey, publicKey]),
  { error: () => 'expected keys by their ids, such as { "client-1": { secret: … } }' },
).refine((keys) => Object.keys(keys).length > 0, { error: "at least one key is needed" });

const component = text<string>({
  expected: 'a component such as "@method" or "content-type"',
  read(name) {
    if (DERIVED_COMPONENTS.includes(name)) return name;
    if (!name.startsWith("@")) {
      if (isFieldComponent(name)) return name;
      const lower = name.toLowerCase();
      const meant = isFieldComponent(lower) ? JSON.stringify(lower) : undefined;
      return new Refusal("a field stands among components by its name in lower case", meant);
    }
    const meant = nearest(name, DERIVED_COMPONENTS);
    return new Refusal(
      `components are fields and ${DERIVED_COMPONENTS.join(", ")}`,
      meant === undefined ? undefined : JSON.stringify(meant),
    );
  },
});

const label = text<string>({
  expected: 'a label such as "sig1"',
  read: (name) =>
    /^[a-z*][a-z0-9_\-.*]{0,63}$/.test(name)
      ? name
      : new Refusal("a label has up to 64 small letters, digits, _ and -, and begins with a letter", '"sig1"'),
});

/** Schema of the options of `hmac`. */
export const hmacSchema: z.ZodType<HmacPlan, unknown> = settings(
  'settings such as { keys: { "client-1": { secret: secret.env("CLIENT_1_KEY") } } }',
  {
    keys: keys.describe("Keys by their ids, which signatures name as keyid."),
    components: listOf("a list of components", component, "at least one component is needed")
      .prefault(["@method", "@authority", "@path", "@query"])
      .describe("What every signature must cover, beside the digest of a body."),
    window: duration({ zero: false, least: SECOND, most: HOUR }).prefault("5m")
      .describe("How far the created of a signature may be from now, on either side."),
    label: label.optional().describe("The label of the signature that counts. Default: any."),
    tag: printable('a tag such as "my-app"').optional().describe("The tag of the signature that counts. Default: any."),
    replays: choice(["refuse", "pass"]).prefault("refuse")
      .describe("What becomes of a signature, or a nonce, that was shown before."),
    maxRemembered: wholeNumber(1, 10_000_000).prefault(1_000_000)
      .describe("Signatures that are remembered until they are too old."),
    maxBody: size(0, 1024 * MIB).prefault("1MiB").describe("Longest signed body."),
    scheme: choice(["http", "https"]).optional()
      .describe("The scheme that clients use. Default: that of the listener."),
    realm: realmOption,
    failures: failuresOption("Bad signatures", 100)
      .describe("Bad signatures that one client may show before none of it is looked at."),
    keep: flag().prefault(false).describe("Whether the signature goes on to the upstream."),
  },
);
