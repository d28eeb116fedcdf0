/** `purge`: takes answers out of the caches of a running gateway. @module */

import { purgeOrder } from "../../admin/purge_order.ts";
import type { Secret } from "../../core/secret.ts";
import { secret } from "../../core/secret.ts";
import { parseOrigin } from "../../config/schema/origin.ts";
import { Refusal } from "../../settings/scalar.ts";
import { addressUrl } from "../address_text.ts";
import type { Arguments, Command } from "../command.ts";
import { refusal } from "../issue_report.ts";
import { loadPlan } from "../load_plan.ts";
import { UsageError } from "../parse_arguments.ts";
import { type DirectAnswer, postDirectly } from "../post_directly.ts";
import { systemSecrets } from "../secret_reader.ts";
import { reason, StartError } from "../start_failure.ts";
import type { Terminal } from "../terminal.ts";

/** How long the gateway gets to answer, in milliseconds: it asks its workers, and a store. */
const PATIENCE_MS = 30_000;

/** Where the order goes. */
interface Admin {
  /** `http://host:port`. */
  readonly url: string;
  readonly token: string | null;
}

/** Asks the admin interface to purge. */
export const purge: Command = {
  name: "purge",
  argument: "config",
  summary: "takes answers out of the caches of a running gateway",
  details: [
    "One of --url, --prefix, --tag and --all says which. What begins with / is a path of every host. The order goes to the",
    "admin interface, which the config tells, with its token; or to --admin. It reaches all workers, and all gateways",
    "that share a store.",
  ],
  options: {
    url: { value: "URL", help: "the answers for a URL, or for a path, in all their variants" },
    prefix: { value: "TEXT", help: "those whose URL, or path, begins so" },
    tag: { value: "TAG", help: "those that carry this tag in Cache-Tag or Surrogate-Key" },
    all: { help: "all of them" },
    soft: { help: "keep them, as stale: until they are shown to be good, or replaced" },
    cache: { value: "ID", help: "of this cache only; GET /cache of the admin interface lists them" },
    admin: { value: "URL", help: "address of the admin interface, in place of the config's" },
    "token-env": { value: "NAME", help: "with --admin: environment variable that holds the token" },
    json: { help: "print what the gateway answers" },
    debug: { help: "print the stack of an error" },
  },
  async run(given, terminal) {
    const order = orderOf(given), admin = await adminOf(given, terminal);
    return admin === null ? 1 : await send(admin, order, given.has("json"), terminal);
  },
};

/** @throws UsageError */
function orderOf(given: Arguments): Record<string, unknown> {
  const order: Record<string, unknown> = {};
  for (const name of ["url", "prefix", "tag", "cache"]) if (given.has(name)) order[name] = given.value(name);
  for (const name of ["all", "soft"]) if (given.has(name)) order[name] = true;
  const read = purgeOrder(order);
  if (typeof read === "string") throw new UsageError(read.replace(/\.$/, ""));
  return order;
}

/** @returns `null` where the config is wrong, which it has said @throws UsageError, StartError */
async function adminOf(given: Arguments, terminal: Terminal): Promise<Admin | null> {
  const address = given.value("admin"), variable = given.value("token-env");
  if (address !== undefined) {
    if (given.argument !== undefined) throw new UsageError("purge takes a config or --admin, not both");
    const origin = parseOrigin(address);
    if (origin instanceof Refusal) throw new UsageError(`--admin: ${origin.message}`);
    const token = variable === undefined ? null : read(secret.env(variable), systemSecrets("."));
    return { url: new URL(address).origin, token };
  }
  if (variable !== undefined) throw new UsageError("--token-env goes with --admin: a config says where its token is");
  const loaded = await loadPlan({ file: given.argument }, { withoutSecrets: true });
  if (loaded.plan === null) {
    terminal.err(refusal(loaded, "nothing was purged"));
    return null;
  }
  const { admin } = loaded.plan;
  if (admin === null) throw new StartError(`${loaded.source} has no admin interface, and purges go there`);
  return { url: addressUrl(admin), token: admin.token === null ? null : read(admin.token, loaded.secrets) };
}

function read(token: Secret, secrets: ReturnType<typeof systemSecrets>): string {
  const got = secrets(token);
  if ("error" in got) throw new StartError(`the token of the admin interface cannot be had: ${got.error}`);
  return got.value;
}

async function send(
  { url, token }: Admin,
  order: Readonly<Record<string, unknown>>,
  asJson: boolean,
  terminal: Terminal,
): Promise<number> {
  const headers = { "content-type": "application/json", ...token === null ? {} : { authorization: `Bearer ${token}` } };
  let answered: DirectAnswer;
  try {
    answered = await postDirectly(`${url}/cache/purge`, {
      headers,
      body: JSON.stringify(order),
      patience: PATIENCE_MS,
    });
  } catch (error) {
    throw new StartError(`${url} cannot be asked: ${reason(error)}`, { cause: error });
  }
  const { status, text } = answered, answer = parsed(text);
  if (status !== 200 || typeof answer.removed !== "number" || !Array.isArray(answer.caches)) {
    const why = typeof answer.detail === "string" ? answer.detail : `status ${status}`;
    throw new StartError(`${url} did not do it: ${why}`);
  }
  terminal.out(asJson ? text : said(answer.removed, answer.caches));
  return 0;
}

function said(removed: number, caches: readonly unknown[]): string {
  if (caches.length === 0) return "There is no cache.\n";
  return `${removed} ${removed === 1 ? "answer" : "answers"} purged of ${caches.join(", ")}\n`;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
