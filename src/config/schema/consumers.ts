/** Consumers. @module */

import { z } from "zod";
import { userFault } from "../../policies/auth/basic_auth/user_name.ts";
import { CONSUMER_NAME, CONSUMER_NAME_ERROR } from "../../settings/consumer_name.ts";
import { keyHash } from "../../settings/key_hash.ts";
import { readPasswordHash } from "../../settings/password_hash.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import { policySchema } from "./route.ts";

/** Text in the place of a hash, or of what holds it, may be a key or a password: nothing of it is shown. */
const UNSEEN = { writeOnly: true };

const subject = oneOfShapes("a subject, or { issuer, subject }", [
  plainText("a subject").transform((subject) => ({ issuer: null as string | null, subject })),
  settings("a subject such as { issuer, subject }", {
    issuer: plainText("the issuer of tokens").describe("The token's iss."),
    subject: plainText("a subject").describe("The token's sub."),
  }),
]);

/** A certificate by one thing that is in it, in the form in which it is compared. */
export interface CertificateMark {
  readonly of: "subject" | "fingerprint" | "altName";
  readonly value: string;
}

const fingerprint = text<string>({
  expected: "a SHA-256 fingerprint",
  read(digits) {
    const hex = digits.replaceAll(":", "").toUpperCase();
    if (/^[0-9A-F]{64}$/.test(hex)) return hex.match(/../g)!.join(":");
    return new Refusal(
      "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits",
      "what openssl x509 -noout -fingerprint -sha256 prints behind =",
    );
  },
});

/** With what kind of name it is, which a name mostly shows. */
const altName = text<string>({
  expected: 'an alternative name such as "acme.test"',
  read(name) {
    const [kind, value] = /^(?:DNS|URI|email):/.test(name)
      ? [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)]
      : [name.includes(":") ? "URI" : name.includes("@") ? "email" : "DNS", name];
    if (value === "" || value.includes("*")) {
      return new Refusal("one whole name tells a consumer from others", '"acme.test" or "spiffe://example/acme"');
    }
    return `${kind}:${kind === "DNS" ? value.toLowerCase() : value}`;
  },
});

const distinguishedName = text<string>({
  expected: 'a distinguished name such as "CN=acme, O=Example"',
  read: (name) =>
    /^[A-Za-z][\w.-]*=./.test(name) ? name : new Refusal("a distinguished name has parts with =", `"CN=${name}"`),
});

const ONE_MARK = "a certificate is named by its subject, its fingerprint or one of its alternative names";

const certificate = settings('a certificate such as { subject: "CN=acme" }', {
  subject: distinguishedName.optional().describe("Its whole distinguished name."),
  fingerprint: fingerprint.optional().describe("SHA-256 of the whole."),
  altName: altName.optional().describe("One of its alternative names."),
}).transform((marks, context): CertificateMark => {
  const written = Object.entries(marks).filter(([, value]) => value !== undefined) as [CertificateMark["of"], string][];
  const [mark, second] = written;
  if (mark === undefined) {
    report(context, marks, [{ path: [], message: ONE_MARK, remedy: '{ subject: "CN=acme" }' }]);
    return z.NEVER;
  }
  if (second !== undefined) {
    report(context, marks, [{ path: [second[0]], message: ONE_MARK, remedy: "one of them", onKey: true }]);
  }
  return { of: mark[0], value: mark[1] };
});

/** As it was written: who checks passwords reads it again. */
const passwordText = text<string>({
  expected: 'the hash of a password, such as "$argon2id$…"',
  json: { writeOnly: true },
  read(hash) {
    const read = readPasswordHash(hash);
    return read instanceof Refusal ? read : hash;
  },
});

const users = z.record(z.string(), passwordText, { error: () => "expected hashes of passwords by user" }).meta(UNSEEN)
  .transform((users, context) => {
    const misfits: Misfit[] = Object.keys(users).flatMap((user) => {
      const message = userFault(user);
      return message === null ? [] : [{ path: [user], message, remedy: "another name", onKey: true }];
    });
    report(context, users, misfits);
    return Object.entries(users).map(([user, hash]) => ({ user: user.normalize("NFC"), hash }));
  });

/** Kept with what it is, so that whoever prints a config sees that it is a hash. */
const key = keyHash().transform((digits) => `sha256:${digits}`);

/** One consumer, without its name. */
export const consumerSchema = settings('a consumer such as { keys: ["sha256:…"] }', {
  groups: listOf("a list of groups", plainText("a group")).prefault([]).describe("What it belongs to."),
  keys: listOf("a list of hashes of keys", key).meta(UNSEEN).prefault([]).describe("Hashes of its API keys."),
  subjects: listOf("a list of subjects", subject).prefault([]).describe("Subjects of its tokens."),
  users: users.prefault({}).describe("Its users of HTTP basic authentication, with the hashes of their passwords."),
  certificates: listOf("a list of certificates", certificate).prefault([]).describe("Its client certificates."),
  policies: listOf("a list of policies", policySchema).prefault([])
    .describe("What runs for its requests, right after it was found out, first to last."),
}).meta(UNSEEN);

/** The consumers by name. */
export const consumersSchema = z.record(
  z.string().regex(CONSUMER_NAME, { error: CONSUMER_NAME_ERROR }),
  consumerSchema,
  { error: (issue) => issue.code === "invalid_type" ? "expected consumers by name" : undefined },
).meta(UNSEEN).prefault({}).meta({
  description: "Who calls, by name: each with its credentials, its groups and policies of its own.",
  examples: [{ acme: { keys: ["sha256:…"] } }],
});
