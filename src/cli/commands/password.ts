/** `password`: the hash of a password, for `basicAuth`. @module */

import type { MadeHash } from "../../policies/auth/basic_auth/hash_password.ts";
import { lineFault } from "../../policies/auth/basic_auth/user_name.ts";
import type { Command } from "../command.ts";
import { readPassword } from "../read_password.ts";

/** @param read where the password comes from */
export function passwordCommand(read: () => Promise<string>): Command {
  return {
    name: "password",
    summary: "prints the hash of a password, for basicAuth",
    details: [
      "The password is read from standard input, or typed where that is a terminal. It is no argument, as others",
      "see those. The hash is argon2id, and another one each time.",
    ],
    options: {
      bcrypt: { help: "make a bcrypt hash, which other programs know too" },
      user: { value: "NAME", help: "print a line for a file of users: NAME:hash" },
    },
    async run(given, terminal) {
      const kind: MadeHash = given.has("bcrypt") ? "bcrypt" : "argon2id", user = given.value("user");
      const wrongUser = user === undefined ? null : lineFault(user);
      if (wrongUser !== null) {
        terminal.err(`gatewright: ${wrongUser}\n`);
        return 1;
      }
      // 40 ms that the other commands need not wait for.
      const { hashPassword, passwordFault } = await import("../../policies/auth/basic_auth/hash_password.ts");
      const password = await read(), fault = passwordFault(password, kind);
      if (fault !== null) {
        terminal.err(`gatewright: ${fault}\n`);
        return 1;
      }
      terminal.out(`${user === undefined ? "" : `${user}:`}${await hashPassword(password, kind)}\n`);
      return 0;
    },
  };
}

/** Makes hashes of passwords. */
export const password: Command = passwordCommand(readPassword);
