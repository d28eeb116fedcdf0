/** What `redis()` accepts. @module */

import { z } from "zod";
import { type Secret, secret } from "../../core/secret.ts";
import { duration } from "../../settings/duration.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import type { RedisPlan, ServerPlan } from "./redis_plan.ts";
import { parseServerUrl, SERVER_URL, type ServerUrl } from "./server_url.ts";

const LONGEST_PREFIX = 200;
const ONE_OF = "one of url, cluster and sentinels says where Redis is";

const serverUrl: z.ZodType<ServerUrl, unknown> = text<ServerUrl>({
  expected: SERVER_URL,
  json: { pattern: "^[Rr][Ee][Dd][Ii][Ss][Ss]?://" },
  read(value) {
    const url = parseServerUrl(value);
    if (url instanceof Refusal || url.password === null) return url;
    return new Refusal(
      "a password does not stand in the config",
      'password: secret.env("REDIS_PASSWORD"), or url: secret.env("REDIS_URL") with all of it',
    );
  },
});

const urls = (what: string) => listOf(`a list of ${what}`, serverUrl, "at least one URL is needed");

const certificate: z.ZodType<Secret, unknown> = oneOfShapes("the path of a file, or a secret", [
  text<Secret>({
    expected: "the path of a file",
    read: (file) =>
      file.includes("-----BEGIN ")
        ? new Refusal("this is the text of a certificate, not the path of a file", "the path of a file that holds it")
        : secret.file(file),
  }),
  secretOption,
]);

const prefix = text<string>({
  expected: 'a text such as "gatewright:"',
  read(value) {
    if (/[{}]/.test(value)) {
      return new Refusal("braces in a key say on which node of a cluster it is", `"${value.replace(/[{}]/g, "")}"`);
    }
    return value.length > LONGEST_PREFIX ? new Refusal(`at most ${LONGEST_PREFIX} characters`) : value;
  },
});

/** Schema of the options of `redis()`. */
export const redisSchema: z.ZodType<RedisPlan> = settings('settings such as { url: "redis://127.0.0.1:6379" }', {
  url: oneOfShapes("a URL, or a secret that holds one", [serverUrl, secretOption]).optional()
    .describe("One server: redis://host:port/db, or rediss:// with TLS; a secret where it has a password."),
  cluster: urls("URLs").optional().describe("Some nodes of a cluster; the others are found through them."),
  sentinels: urls("URLs").optional().describe("Sentinels, which know the server called name."),
  name: plainText("a name").optional().describe("What the sentinels call the server."),
  username: plainText("a user name").optional().describe("User of Redis' ACL. Default: the URL's, or none."),
  password: (secretOption as z.ZodType<Secret, unknown>).optional()
    .describe("Password of Redis. Default: the URL's, or none."),
  tls: settings('settings such as { ca: "redis-ca.pem" }', {
    ca: certificate.optional()
      .describe("PEM of the authority that signs the server's certificate. Default: those that the system trusts."),
  }).optional().describe("TLS towards the server, as rediss:// has it."),
  prefix: prefix.prefault("gatewright:").describe("What every key begins with."),
  timeout: duration({ zero: false, most: 60_000 }).prefault("50ms").describe("Most time for an answer of Redis."),
  breaker: settings("settings such as { failures: 5 }", {
    failures: wholeNumber(1, 1000).prefault(5).describe("Failures in a row after which Redis is left alone."),
    openFor: duration({ zero: false }).prefault("1s").describe("Time until one request tries again."),
  }).prefault({}).describe("Spares requests the wait for a Redis that does not answer."),
  lease: settings('settings such as { tokens: 10, for: "1s" }', {
    tokens: wholeNumber(2, 1_000_000).describe("Units of a limit that a gateway takes at once."),
    for: duration({ zero: false, most: 3_600_000 }).prefault("1s").describe("Time after which it gives back the rest."),
  }).optional().describe("Trades exactness for speed: most requests are decided without Redis. Default: none."),
}).transform((written, context): RedisPlan => {
  const { url, cluster, sentinels, name, username, password, tls, lease, ...rest } = written;
  const misfits = wrongServer(written);
  report(context, written, misfits);
  if (misfits.length > 0) return z.NEVER;
  const server: ServerPlan = cluster !== undefined
    ? { kind: "cluster", nodes: cluster }
    : sentinels !== undefined
    ? { kind: "sentinel", sentinels, name: name! }
    : { kind: "single", url: url! };
  return {
    ...rest,
    server,
    username: username ?? null,
    password: password ?? null,
    tls: tls === undefined ? null : { ca: tls.ca ?? null },
    lease: lease ?? null,
  };
});

/** What does not go together in what says where Redis is. */
function wrongServer(
  { url, cluster, sentinels, name }: {
    readonly url?: unknown;
    readonly cluster?: readonly ServerUrl[];
    readonly sentinels?: readonly ServerUrl[];
    readonly name?: string;
  },
): Misfit[] {
  const written = Object.entries({ url, cluster, sentinels }).filter(([, value]) => value !== undefined);
  const misfits: Misfit[] = [];
  if (written.length === 0) misfits.push({ path: [], message: ONE_OF, remedy: 'url: "redis://127.0.0.1:6379"' });
  for (const [key] of written.slice(1)) {
    misfits.push({ path: [key], message: `${ONE_OF}; here ${written[0][0]} does too`, remedy: "one of them" });
  }
  if (sentinels !== undefined && name === undefined) {
    misfits.push({ path: ["name"], message: "sentinels know servers by name: this is missing", remedy: '"mymaster"' });
  }
  if (sentinels === undefined && name !== undefined) {
    misfits.push({ path: ["name"], message: "only sentinels know a server by name", remedy: "nothing: leave it out" });
  }
  for (const [key, list] of Object.entries({ cluster, sentinels })) {
    list?.forEach((url, i) => misfits.push(...wrongUrl(url, list[0]).map((misfit) => ({ ...misfit, path: [key, i] }))));
  }
  sentinels?.forEach(({ username }, i) => {
    if (username === null) return;
    const message = "sentinels are asked without a user; the user of the server is the option username";
    misfits.push({ path: ["sentinels", i], message, remedy: "no user" });
  });
  return misfits;
}

/** What is wrong with a URL of several, which are all reached in the same way. */
function wrongUrl({ db, tls, username }: ServerUrl, first: ServerUrl): Omit<Misfit, "path">[] {
  const misfits: Omit<Misfit, "path">[] = [];
  if (db !== 0) misfits.push({ message: "a URL here names no database", remedy: "no path" });
  if (tls !== first.tls) {
    const remedy = first.tls ? "rediss://" : "redis://, or rediss:// for all";
    misfits.push({ message: "all URLs are of one kind: with TLS, or without", remedy });
  }
  if (username !== first.username) {
    misfits.push({ message: "all URLs have the same user", remedy: "the option username" });
  }
  return misfits;
}
