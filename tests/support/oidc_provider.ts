/** An OpenID provider on a socket, as far as a gateway sees one: its document, its keys, and the tokens that it signs. @module */

import { gzipSync } from "node:zlib";
import { answer, type OriginRequest, ScriptedOrigin } from "./scripted_origin.ts";
import { steadyPort } from "./steady_port.ts";
import { Signer } from "./token_signer.ts";

/** How it answers. */
export type ProviderMood =
  | "well"
  | "zipping"
  | "chunking"
  | "failing"
  | "garbage"
  | "endless"
  | "silent"
  | "redirecting";

/** Signs with the newest of its keys, and publishes all that it has not withdrawn. Dispose of it to close it. */
export class OidcProvider implements AsyncDisposable {
  mood: ProviderMood = "well";
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #keys: Signer[] = [];
  #origin: ScriptedOrigin | null = null;
  readonly #port = steadyPort();

  /** @param alg of its first key */
  static async start(alg = "ES256"): Promise<OidcProvider> {
    const provider = new OidcProvider();
    await provider.rotate(alg);
    await provider.rise();
    return provider;
  }

  get issuer(): `http://${string}` {
    return `http://127.0.0.1:${this.#port}`;
  }

  get jwks(): `http://${string}` {
    return `${this.issuer}/keys`;
  }

  /** A new key, beside those that are there. */
  async rotate(alg = "ES256"): Promise<Signer> {
    const key = await Signer.make(alg, `key-${crypto.randomUUID().slice(0, 8)}`);
    this.#keys.push(key);
    return key;
  }

  /** All keys but the newest go. */
  withdraw(): void {
    this.#keys.splice(0, this.#keys.length - 1);
  }

  /** A token for an hour from `now`, milliseconds since 1970. */
  token(now: number, claims: object = {}, key: Signer = this.#keys.at(-1)!): Promise<string> {
    const iat = Math.floor(now / 1_000);
    return key.token({ iss: this.issuer, sub: "ann", aud: "api", iat, exp: iat + 3_600, ...claims });
  }

  /** It is no longer there: connections are refused. */
  async die(): Promise<void> {
    await this.#origin?.[Symbol.asyncDispose]();
    this.#origin = null;
  }

  /** It is there, under the address that it had before. */
  async rise(): Promise<void> {
    this.#origin = await ScriptedOrigin.start((request) => this.#answer(request), { port: this.#port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.die();
  }

  async #answer(request: OriginRequest): Promise<void> {
    this.asked.push(request.target);
    switch (this.mood) {
      case "failing":
        return await request.send(answer(503));
      case "garbage":
        return await request.send(answer(200, "<html>it works</html>"));
      case "endless":
        await request.send(
          "HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n",
          `{"keys":[],"x":"${"x".repeat(700_000)}`,
        );
        return await request.hang();
      case "silent":
        return await request.hang();
      case "redirecting":
        return await request.send(answer(302, "", `location: ${this.issuer}/elsewhere`));
      case "zipping": {
        const zipped = gzipSync(JSON.stringify(this.#document(request.target)));
        const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`;
        return await request.send(head, new Uint8Array(zipped));
      }
      case "chunking": {
        const chunks = JSON.stringify(this.#document(request.target)).match(/.{1,16}/gs)!;
        await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        await request.sendPieces(chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`));
        return await request.send("0\r\n\r\n");
      }
      default:
        return await request.send(answer(200, JSON.stringify(this.#document(request.target))));
    }
  }

  #document(target: string): object {
    if (target === "/.well-known/openid-configuration") return { issuer: this.issuer, jwks_uri: this.jwks };
    return { keys: this.#keys.map(({ jwk }) => jwk) };
  }
}
