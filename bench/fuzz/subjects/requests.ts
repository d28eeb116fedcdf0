/** The listener's reader of requests, against a model, in pieces. @module */

import { Buffer } from "node:buffer";
import { BodyError } from "../../../src/core/body.ts";
import { AuthorityCache } from "../../../src/http/authority_cache.ts";
import { CidrSet } from "../../../src/http/cidr.ts";
import { ClientAddresses } from "../../../src/http/client_address.ts";
import { RequestIds } from "../../../src/http/request_id.ts";
import type { H1Exchange } from "../../../src/runtime/h1/h1_exchange.ts";
import { RequestBody } from "../../../src/runtime/h1/request_body.ts";
import { RequestReader } from "../../../src/runtime/h1/request_reader.ts";
import { Methods } from "../../../src/runtime/intake/method.ts";
import { ReadBuffer } from "../../../src/transport/read_buffer.ts";
import { FakeClock } from "../../../tests/support/fake_clock.ts";
import { cutsOf, describeCuts, type Input } from "../generate/input.ts";
import { generateRequest } from "../generate/request.ts";
import type { Xorshift } from "../generate/xorshift.ts";
import { MAX_BODY, readRequests, type RequestReading, type Requests as Reading } from "../models/request_model.ts";
import type { Subject } from "../subject.ts";
import { GivenSocket } from "./given_socket.ts";

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

/** Above what is generated: the limits of sizes have tests of their own. */
const MAX_BYTES = 1 << 20;
const PEER = { ip: "192.0.2.1", peer: "192.0.2.1", trusted: false };

/** Reads requests as a connection of the listener does. */
class ListenerRequests {
  readonly #reader: RequestReader;
  readonly #into = Buffer.alloc(333);

  constructor(maxLines: number) {
    const paths = { encodedSlash: "keep", mergeSlashes: false } as const;
    this.#reader = new RequestReader(
      {
        paths,
        clients: new ClientAddresses(CidrSet.EMPTY),
        requestIds: new RequestIds({ accept: "any" }),
        requestIdField: "x-request-id",
        methods: new Methods([]),
        clock: new FakeClock(),
      },
      { headerBytes: MAX_BYTES, headerCount: maxLines, target: MAX_BYTES, body: MAX_BODY },
      { paths, authorities: new AuthorityCache(), maxTarget: MAX_BYTES },
      "http",
    );
  }

  /** The requests in `text`, which arrives in pieces that end at `cuts`. */
  async read(text: string, cuts: readonly number[]): Promise<Reading> {
    const socket = new GivenSocket(text, cuts),
      buffer = new ReadBuffer(256, MAX_BYTES),
      requests: RequestReading[] = [];
    const more = async () => {
      if (!buffer.grow()) throw new Error("the buffer is full");
      const count = await socket.read(buffer.space());
      buffer.end += count ?? 0;
      return count !== null;
    };
    for (;;) {
      const head = this.#reader.read(buffer, PEER);
      if (head === null) {
        if (await more()) continue;
        return { requests, end: "begun" };
      }
      if ("status" in head || head.local !== null) return { requests, end: "refused" };
      const read = await this.#body(head, buffer, more);
      if (typeof read === "string") return { requests, end: read };
      const { method, authority, path, query, headers } = head;
      requests.push({ method, authority, path, query, fields: headers.flat(), ...read });
      if (!head.persistent) return { requests, end: "closed" };
    }
  }

  async #body(
    { framing }: H1Exchange,
    buffer: ReadBuffer,
    more: () => Promise<boolean>,
  ): Promise<Pick<RequestReading, "body" | "trailers"> | "begun" | "refused"> {
    if (!framing.chunked && framing.length === 0) return { body: "", trailers: [] };
    let cut = false;
    const arrived = (more: boolean) => {
      cut = !more;
      if (more) body.arrived();
      else body.fail(new BodyError("client", "the client has sent everything"));
    };
    const owner = { bodyRead() {}, wantBody: () => void more().then(arrived) };
    const body = new RequestBody(owner, buffer, framing, MAX_BODY), into = this.#into;
    let data = "";
    try {
      for (let count = await body.read(into); count > 0; count = await body.read(into)) {
        data += into.toString("latin1", 0, count);
      }
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      return cut ? "begun" : "refused";
    }
    return { body: data, trailers: body.trailers ?? [] };
  }
}
