/** Files of users and hashes, as `htpasswd` writes them. @module */

import { type PasswordHash, readPasswordHash } from "../../../settings/password_hash.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { userFault } from "./user_name.ts";

/** Why a file cannot be taken; no text of it is in the message. */
export interface WrongPasswords {
  /** `line 3: …` */
  readonly error: string;
}

/** Reads `user:hash` lines; empty ones and those that begin with `#` say nothing. */
export function readPasswords(text: string): ReadonlyMap<string, PasswordHash> | WrongPasswords {
  const users = new Map<string, PasswordHash>(), lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].trim(), wrong = (error: string): WrongPasswords => ({ error: `line ${i + 1}: ${error}` });
    if (line === "" || line.startsWith("#")) continue;
    const colon = line.indexOf(":"), user = line.slice(0, Math.max(0, colon)).normalize("NFC");
    if (colon < 0) return wrong("a line is a user, a colon and a hash");
    const fault = userFault(user), hash = readPasswordHash(line.slice(colon + 1));
    if (fault !== null) return wrong(fault);
    if (hash instanceof Refusal) return wrong(`${hash.message}; write ${hash.remedy}`);
    if (users.has(user)) return wrong("this user stands above already");
    users.set(user, hash);
  }
  return users;
}
