/** The TLS of one listener. @module */

import type { ListenerTlsPlan } from "../../compile/plan.ts";
import { type CertificateEnd, certificateEnds } from "../../config/certificates/certificate_ends.ts";
import { type ReadMaterial, readMaterial } from "../../config/certificates/read_material.ts";
import type { TlsMaterial } from "../../config/certificates/tls_material.ts";
import { materialIssues } from "../../config/certificates/usable_material.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Cancel, Clock } from "../../core/clock.ts";
import { ConfigError, type Issue } from "../../core/issue.ts";
import type { Log } from "../../core/log.ts";
import type { SecretReader } from "../../core/secret.ts";
import { type BufferPool, type MakeBufferPool, makeBufferPool } from "../../transport/buffer_pool.ts";
import { type Secured, TlsHandshakes } from "./tls_handshakes.ts";
import { VerifiedClients } from "./verified_clients.ts";

/** Milliseconds between two looks at the files: a few small reads. */
const LOOK_MS = 1000;
const PIECE_BYTES = 64 * 1024, PIECES_KEPT = 32;
/** Milliseconds beyond the listener's own time-out that the runtime may hold a handshake. */
const SLACK_MS = 5000;

/** What the TLS of a listener needs of the world. */
export interface TlsWorld {
  /** Where the settings are, for messages: `listen.tls`. */
  readonly at: string;
  readonly secrets: SecretReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds after which the listener gives up a handshake. */
  readonly timeout: number;
  /** @default plain pools */
  readonly makePool?: MakeBufferPool;
}

/** What can be used. */
interface Taken {
  readonly handshakes: TlsHandshakes;
  readonly ends: readonly CertificateEnd[];
  readonly warnings: readonly Issue[];
}

/**
 * Secures connections, and reads certificates again when their files change. A change counts when two looks in a row
 * have found the same: files that are written one after another, or link by link, are not taken half-way. What cannot
 * be used is told once, and the earlier certificates stay.
 */
export class TlsTerminator {
  readonly #plan: ListenerTlsPlan;
  readonly #world: TlsWorld;
  readonly #buffers: BufferPool;
  #handshakes: TlsHandshakes;
  #ends: readonly CertificateEnd[];
  #verified: VerifiedClients | null = null;
  /** The state of the files that is in force, that was seen last, and that was refused. */
  #inForce: string;
  #seen: string;
  #refused = "";
  readonly #stopLooking: Cancel;

  /**
   * Reads the certificates. What there is to warn of, `validateConfig` has said.
   *
   * @throws ConfigError when one cannot be used
   */
  constructor(plan: ListenerTlsPlan, world: TlsWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#buffers = (world.makePool ?? makeBufferPool)(PIECE_BYTES, PIECES_KEPT);
    const found = readMaterial(plan, world.secrets), taken = this.#take(found);
    if ("errors" in taken) throw new ConfigError(taken.errors);
    this.#handshakes = taken.handshakes;
    this.#ends = taken.ends;
    this.#inForce = this.#seen = JSON.stringify(found);
    this.#stopLooking = isInFiles(plan) ? world.clock.every(LOOK_MS, () => this.#look()) : () => {};
  }

  /** When the certificates in force expire. */
  get ends(): readonly CertificateEnd[] {
    return this.#ends;
  }

  /**
   * Shakes hands by the certificates in force, as {@link TlsHandshakes.secure}.
   *
   * @param first bytes that have been read from the stream already
   * @throws HandshakeError when it fails; `stream` is closed then
   */
  secure(stream: ByteStream, first: Uint8Array | null = null): Promise<Secured> {
    return this.#handshakes.secure(stream, first);
  }

  /** Looks at the files no more. Connections stay. */
  close(): void {
    this.#stopLooking();
  }

  #look(): void {
    const { secrets, at, log } = this.#world, found = readMaterial(this.#plan, secrets);
    const state = JSON.stringify(found), settled = state === this.#seen;
    this.#seen = state;
    if (!settled || state === this.#inForce || state === this.#refused) return;
    const taken = this.#take(found);
    if ("errors" in taken) {
      this.#refused = state;
      log.warn("the TLS certificates have changed and cannot be used: the earlier ones stay", {
        problems: told(taken.errors),
      });
      return;
    }
    this.#handshakes = taken.handshakes;
    this.#ends = taken.ends;
    this.#inForce = state;
    this.#refused = "";
    log.info("TLS certificates read again", { listener: at, certificates: taken.handshakes.names });
    if (taken.warnings.length > 0) log.warn("TLS certificates to look after", { problems: told(taken.warnings) });
  }

  /** Makes handshakes of what was read; or says what is wrong with it. */
  #take(found: ReadMaterial): Taken | { readonly errors: readonly Issue[] } {
    const { at, clock } = this.#world, issues = materialIssues(found, at, clock.wall());
    const errors = issues.filter(({ severity }) => severity === "error");
    if (errors.length > 0) return { errors };
    try {
      const { material } = found;
      return { handshakes: this.#handshakesBy(material), ends: certificateEnds(material), warnings: issues };
    } catch (error) {
      // What the checks let through and the runtime does not.
      const message = `the runtime refuses these certificates: ${(error as Error).message}`;
      return { errors: [{ severity: "error", path: at, message }] };
    }
  }

  /** What was verified counts for as long as the authorities are the same. */
  #handshakesBy(material: TlsMaterial): TlsHandshakes {
    const { clock, timeout } = this.#world, ca = material.clientCertificates?.ca ?? null;
    if (ca === null) this.#verified = null;
    else if (this.#verified?.ca !== ca) this.#verified = new VerifiedClients(ca, clock);
    return new TlsHandshakes(material, {
      clock,
      buffers: this.#buffers,
      verified: this.#verified,
      longest: timeout + SLACK_MS,
    });
  }
}

/** Whether anything of it is in a file: the environment of a process does not change. */
function isInFiles({ cert, key, certificates, clientCertificates }: ListenerTlsPlan): boolean {
  const secrets = [cert, key, clientCertificates?.ca, ...certificates.flatMap(({ cert, key }) => [cert, key])];
  return secrets.some((secret) => secret?.file !== undefined);
}

function told(issues: readonly Issue[]): string[] {
  return issues.map(({ path, message, seen, remedy }) =>
    `${path}: ${message}${seen === undefined ? "" : `; seen: ${seen}`}${
      remedy === undefined ? "" : `; write: ${remedy}`
    }`
  );
}
