/** The listener's reader of requests, against a model, in pieces. @module */

import { cutsOf, describeCuts } from "../generate/cuts.ts";
import type { Input } from "../generate/input.ts";
import { generateRequest } from "../generate/request.ts";
import type { Xorshift } from "../generate/xorshift.ts";
import { readRequests } from "../models/request_model.ts";
import type { Subject } from "../subject.ts";
import { ListenerRequests } from "./listener_requests.ts";

/** Few, so that heads with more are met. */
const MAX_LINES = 12;

/** The reader of heads and bodies, for all requests of a connection. */
export class Requests implements Subject {
  readonly id = "requests";
  readonly generate = generateRequest;
  readonly #listener = new ListenerRequests(MAX_LINES);

  async check({ text }: Input, random: Xorshift): Promise<string | null> {
    const model = JSON.stringify(readRequests(text, MAX_LINES));
    for (const cuts of [[], cutsOf(random, text)]) {
      const read = JSON.stringify(await this.#listener.read(text, cuts));
      if (read !== model) return `${describeCuts(cuts)}, the requests are ${read}, not ${model}`;
    }
    return null;
  }
}
