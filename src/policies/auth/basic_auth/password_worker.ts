/** The thread that checks passwords by slow hashes: the gateway's own goes on meanwhile. @module */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { verifyPassword } from "./verify_password.ts";

/** What is to be checked. */
export interface PasswordJob {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

/** What came of it; `null`: it could not be checked. */
export interface PasswordResult {
  readonly id: number;
  readonly good: boolean | null;
}

self.onmessage = async ({ data: { id, password, hash } }: MessageEvent<PasswordJob>) => {
  const good = await verifyPassword(password, hash).catch(() => null);
  self.postMessage({ id, good } satisfies PasswordResult);
};
