/** Requests that are signed by hand: a test says what each line of the signed text is. @module */

import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import type { Body } from "../../../../src/core/body.ts";
import { hmac, type HmacOptions } from "../../../../src/policies/auth/hmac.ts";
import { hmacDefinition } from "../../../../src/policies/auth/hmac.ts";
import { secret } from "../../../../src/core/secret.ts";
import type { Exchange } from "../../../../src/core/exchange.ts";
import { Reply } from "../../../../src/core/reply.ts";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { type ExchangeOptions, makeEnv, makeExchange, type TestEnv } from "../../../support/exchange.ts";

/** The shared secret of RFC 9421, B.1.5. */
export const SHARED = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

/** What the fake clock says at first, in seconds. */
export const NOW = Date.UTC(2026, 0, 1) / 1000;

/** One line of the text: the component as it is written, and its value. */
export type Line = readonly [component: string, value: string];

/** What is signed, and how. */
export interface Signing {
  readonly lines: readonly Line[];
  readonly label?: string;
  /** @default `created` now, and the key `k` */
  readonly parameters?: string;
  readonly key?: Uint8Array;
}

/** The two fields of a signature. */
export function signatureFields({ lines, label = "sig1", parameters, key }: Signing): [string, string][] {
  const covered = `(${lines.map(([component]) => component).join(" ")})${parameters ?? `;created=${NOW};keyid="k"`}`;
  const text = [...lines, ['"@signature-params"', covered]].map(([name, value]) => `${name}: ${value}`).join("\n");
  const signature = createHmac("sha256", key ?? Buffer.from(SHARED, "base64")).update(text, "latin1").digest("base64");
  return [["signature-input", `${label}=${covered}`], ["signature", `${label}=:${signature}:`]];
}

/** What {@link plainRequest} asks for. */
export const PLAIN: readonly Line[] = [
  ['"@method"', "GET"],
  ['"@authority"', "gateway.test:8080"],
  ['"@path"', "/orders"],
  ['"@query"', "?a=1"],
];

/** GET /orders?a=1, signed as it should be. */
export function plainRequest(signing: Partial<Signing> = {}, options: ExchangeOptions = {}): Exchange {
  const headers = [...signatureFields({ lines: PLAIN, ...signing }), ...options.headers ?? []];
  return makeExchange({ path: "/orders", query: "?a=1", ...options, headers });
}

export function digestOf(body: string | Uint8Array, hash: "sha256" | "sha512" = "sha256"): string {
  const name = hash === "sha256" ? "sha-256" : "sha-512";
  return `${name}=:${createHash(hash).update(body).digest("base64")}:`;
}

/** POST /orders with a body, signed as it should be. */
export function postRequest(body: Body, digest: string, signing: Partial<Signing> = {}): Exchange {
  const lines: Line[] = [
    ['"@method"', "POST"],
    ['"@authority"', "gateway.test:8080"],
    ['"@path"', "/orders"],
    ['"@query"', "?"],
    ['"content-digest"', digest],
  ];
  const headers = [...signatureFields({ lines, ...signing }), ["content-digest", digest] as const];
  return makeExchange({ method: "POST", path: "/orders", body, headers });
}

/** What became of a request. */
export interface Outcome {
  readonly status: number;
  /** What the upstream would have got. */
  readonly passed: Exchange | null;
  readonly reply: Reply;
  readonly reason: string;
}

/** The policy, built with `k` for its key unless the options say otherwise. */
export class SignedBed {
  readonly env: TestEnv = makeEnv({ KEY: SHARED });
  readonly send: (exchange: Exchange) => Promise<Outcome>;

  constructor(options: Partial<HmacOptions> = {}, env: Partial<TestEnv> = {}) {
    this.env = { ...this.env, ...env };
    const { options: written } = hmac({ keys: { k: { secret: secret.env("KEY"), encoding: "base64" } }, ...options });
    const plan = hmacDefinition.schema.parse(written);
    let passed: Exchange | null = null;
    const handler = hmacDefinition.build(plan, this.env, "hmac")((exchange) => {
      passed = exchange;
      return new Reply(200, HeaderList.of(), null);
    });
    this.send = async (exchange) => {
      passed = null;
      const reply = await handler(exchange);
      return { status: reply.status, passed, reply, reason: exchange.reason };
    };
  }
}
