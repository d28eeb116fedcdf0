/** `key`: a key of an API and its hash, for `apiKey` and consumers. @module */

import { Buffer } from "node:buffer";
import { hashOfKey, isKey } from "../../policies/auth/api_key/known_key.ts";
import { CONSUMER_NAME, CONSUMER_NAME_ERROR } from "../../settings/consumer_name.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../parse_arguments.ts";
import { readPassword } from "../read_password.ts";
import type { Terminal } from "../terminal.ts";
import { textTable } from "../text_table.ts";

const PREFIX = "gw_";
/** What needs no escape in any of the places that a key may be in. */
const PLAIN = /^[A-Za-z0-9._~-]{1,32}$/;
/** 256 bits. */
const RANDOM_BYTES = 32;
/** Characters that hold 128 bits in base64url. */
const SHORTEST = 22;

/** @param read where a key to hash comes from */
export function keyCommand(read: () => Promise<string>): Command {
  return {
    name: "key",
    summary: "makes a key for apiKey, and the hash that the config has of it",
    details: [
      "The key is shown once and kept nowhere. Its prefix tells people, and programs that look for leaked keys, what",
      "it is. With --hash a key of one's own is read from standard input, or typed where that is a terminal; it",
      "needs 128 random bits or more, as one round of SHA-256 hides only what cannot be guessed.",
    ],
    options: {
      prefix: { value: "TEXT", help: `what the key begins with; ${PREFIX} unless said otherwise` },
      consumer: { value: "NAME", help: "whose key it is, for the lines to put into the config" },
      hash: { help: "print the hash of a key that there is already" },
    },
    async run(given, terminal) {
      const prefix = given.value("prefix"), consumer = given.value("consumer");
      if (given.has("hash")) {
        if (prefix !== undefined || consumer !== undefined) {
          throw new UsageError("--hash makes no key: it stands alone");
        }
        return printHash(await read(), terminal);
      }
      if (prefix !== undefined && !PLAIN.test(prefix)) {
        throw new UsageError("--prefix takes up to 32 letters, digits, dots, dashes, underscores and ~");
      }
      if (consumer !== undefined && !CONSUMER_NAME.test(consumer)) throw new UsageError(CONSUMER_NAME_ERROR);
      printKey((prefix ?? PREFIX) + randomText(), consumer, terminal);
      return 0;
    },
  };
}

/** Makes keys. */
export const key: Command = keyCommand(() => readPassword("Key"));

function randomText(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))).toString("base64url");
}

function printKey(key: string, consumer: string | undefined, terminal: Terminal): void {
  const hash = `sha256:${hashOfKey(key)}`;
  const rows = [
    ["key", key],
    ["hash", hash],
    [
      "config",
      consumer === undefined ? `apiKey({ keys: ["${hash}"] })` : `consumers: { "${consumer}": { keys: ["${hash}"] } }`,
    ],
    ["or file", consumer === undefined ? hash : `${hash} ${consumer}`],
  ];
  terminal.out(`${textTable(rows).join("\n")}\n\nThe key is shown this once: give it to whoever is to use it.\n`);
}

function printHash(key: string, terminal: Terminal): number {
  if (!isKey(key)) {
    const why = key === "" ? "there is nothing" : "spaces, other signs than those of ASCII, or more than 1024 of them";
    terminal.err(`gatewright: this is no key: ${why}\n`);
    return 1;
  }
  if (key.length < SHORTEST) {
    terminal.err(`warning: with fewer than ${SHORTEST} characters a key can be guessed by its hash\n`);
  }
  terminal.out(`sha256:${hashOfKey(key)}\n`);
  return 0;
}
