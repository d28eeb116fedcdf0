/** `openssl s_client`: the runtime's own client never resumes a session. @module */

import { HandshakeError } from "../../../src/runtime/tls/handshake_error.ts";
import { guarded, type TlsHarness, writeText } from "./setup.ts";

/** What a connection of it is like. */
export interface SClientOptions {
  readonly port: number;
  readonly version: "tls1_2" | "tls1_3";
  /** Path of a certificate; its key is beside it. */
  readonly cert?: string;
  /** Files to put the session into, and to take it from. */
  readonly sessionTo?: string;
  readonly sessionFrom?: string;
}

/** Connects, waits until the server closes, and says whether the session was resumed and what was received. */
export async function sClient(options: SClientOptions): Promise<{ resumed: boolean; received: string }> {
  const { port, version, cert, sessionTo, sessionFrom } = options;
  const { stdout } = await guarded(
    new Deno.Command("openssl", {
      args: [
        "s_client",
        ...["-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-ign_eof", `-${version}`],
        ...cert === undefined ? [] : ["-cert", cert, "-key", cert.replace(/\.pem$/, ".key")],
        ...sessionTo === undefined ? [] : ["-sess_out", sessionTo],
        ...sessionFrom === undefined ? [] : ["-sess_in", sessionFrom],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output(),
    "openssl s_client",
  );
  const text = new TextDecoder().decode(stdout);
  return { resumed: /^Reused, /m.test(text), received: /welcome/.exec(text)?.[0] ?? "" };
}

/** Welcomes the next connection that `harness` secures, and says what it took it for. */
export async function welcome(harness: TlsHarness): Promise<string> {
  const got = await harness.outcome();
  if (got instanceof HandshakeError) return got.fault;
  await writeText(got.stream, "welcome");
  await got.stream.closeWrite();
  await got.stream.read(new Uint8Array(1)).catch(() => {});
  got.stream.close();
  return got.clientCertificate?.subject ?? "anonymous";
}
