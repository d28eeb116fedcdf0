/** The authorization server that is asked about tokens (RFC 7662). @module */

import { Buffer } from "node:buffer";
import type { ExchangeTrace } from "../../../core/trace.ts";
import { type Service, ServiceError } from "../../service/service.ts";
import { readTokenAnswer, type TokenAnswer } from "./token_answer.ts";

/** How the gateway shows who it is (RFC 6749 §2.3.1). */
export interface ProviderClient {
  readonly id: string;
  readonly secret: string;
  readonly authentication: "basic" | "post";
}

/** That nothing is known of a token: why, for the log. */
export class NoAnswer {
  constructor(readonly reason: string) {}
}

const encoder = new TextEncoder();

/** Asks; a token that is being asked about is asked about once. */
export class IntrospectionProvider {
  readonly #service: Service;
  readonly #fields: readonly string[];
  readonly #client: string;
  readonly #underWay = new Map<string, Promise<TokenAnswer | NoAnswer>>();

  constructor(service: Service, { id, secret, authentication }: ProviderClient) {
    this.#service = service;
    const basic = Buffer.from(`${escaped(id)}:${escaped(secret)}`).toString("base64");
    const post = authentication === "post";
    this.#fields = [
      ...["content-type", "application/x-www-form-urlencoded"],
      ...["accept", "application/json", "accept-encoding", "identity"],
      ...post ? [] : ["authorization", `Basic ${basic}`],
    ];
    this.#client = post ? `&client_id=${escaped(id)}&client_secret=${escaped(secret)}` : "";
  }

  /** Asks about a token on nobody's behalf: others may wait for the same answer. @param trace of the first who asks */
  ask(token: string, trace: ExchangeTrace | null = null): Promise<TokenAnswer | NoAnswer> {
    const underWay = this.#underWay.get(token);
    if (underWay !== undefined) return underWay;
    const answer = this.#ask(token, trace).finally(() => this.#underWay.delete(token));
    this.#underWay.set(token, answer);
    return answer;
  }

  async #ask(token: string, trace: ExchangeTrace | null): Promise<TokenAnswer | NoAnswer> {
    const body = encoder.encode(`token=${escaped(token)}&token_type_hint=access_token${this.#client}`);
    try {
      const answer = readTokenAnswer(await this.#service.call({ method: "POST", fields: this.#fields, body, trace }));
      return typeof answer === "string" ? new NoAnswer(`the provider cannot be used: ${answer}`) : answer;
    } catch (error) {
      if (error instanceof ServiceError) return new NoAnswer(`the provider cannot be used: ${error.message}`);
      throw error;
    }
  }
}

/** As forms escape (https://url.spec.whatwg.org/#urlencoded-serializing). */
function escaped(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}
