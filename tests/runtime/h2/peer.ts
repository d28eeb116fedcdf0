/** A client that writes frames by hand. @module */

import { setImmediate } from "node:timers";
import type { H2Connection } from "../../../src/runtime/h2/h2_connection.ts";
import { FrameParser, lineOf, PREFACE, type Received, settings } from "./frames.ts";
import { MemoryStream } from "./memory_stream.ts";
import type { TestListener } from "./test_listener.ts";

/** Its connection closes when it is disposed of. */
export class Peer implements Disposable {
  readonly stream = new MemoryStream();
  readonly connection: H2Connection;
  readonly #parser = new FrameParser();
  #read = 0;

  constructor(listener: TestListener, peer?: string) {
    this.connection = listener.serve(this.stream, peer);
  }

  /** Says preface and SETTINGS, and forgets what the server says of itself. */
  async greet(): Promise<void> {
    await this.send(PREFACE, settings());
    this.take();
  }

  /** Sends frames together, and lets everything that follows from them happen. */
  async send(...frames: Uint8Array[]): Promise<void> {
    const all = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const frame of frames) {
      all.set(frame, at);
      at += frame.length;
    }
    this.stream.put(all);
    await settled();
  }

  /** Frames that came since the last call. */
  take(): Received[] {
    this.#parser.push(this.stream.take());
    const frames = this.#parser.frames.slice(this.#read);
    this.#read = this.#parser.frames.length;
    return frames;
  }

  /** The same as lines. */
  lines(): string[] {
    return this.take().map(lineOf);
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

/** Lets every promise reaction run. In memory nothing else happens, so that one turn of the event loop is enough. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
