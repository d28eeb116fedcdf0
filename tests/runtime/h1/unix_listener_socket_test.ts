import { strict as assert } from "node:assert";
import { compilePlan } from "../../../src/compile/compile.ts";
import type { PathListener } from "../../../src/config/types/listener.ts";
import { validateConfig } from "../../../src/config/validate.ts";
import { Events, type RequestCompleted } from "../../../src/core/events.ts";
import { Gateway } from "../../../src/gateway.ts";
import { RawClient } from "../../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { get } from "./setup.ts";

/** A gateway on a Unix socket, in front of an origin that answers with who called and with what was said of it. */
class UnixGateway implements AsyncDisposable {
  readonly completed: RequestCompleted[] = [];
  readonly #gateway: Gateway;
  readonly #origin: ScriptedOrigin;

  static async start(listen: PathListener): Promise<UnixGateway> {
    const origin = await ScriptedOrigin.start((request) =>
      request.send(answer(200, `${request.header("x-forwarded-for")} ${request.header("forwarded")}`))
    );
    const { config, issues } = validateConfig({
      listen,
      admin: false,
      upstreams: { o: origin.url },
      routes: [{ path: "/*", upstream: "o" }],
    });
    assert.ok(config !== null, JSON.stringify(issues));
    return new UnixGateway(compilePlan(config).plan, origin);
  }

  private constructor(plan: Gateway["plan"], origin: ScriptedOrigin) {
    const events = new Events();
    events.on("request.completed", (event) => this.completed.push(event));
    this.#origin = origin;
    this.#gateway = new Gateway(plan, { events });
    this.#gateway.start();
  }

  get addresses() {
    return this.#gateway.addresses;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway.stop();
    await this.#origin[Symbol.asyncDispose]();
  }
}

Deno.test("a Unix socket: requests are answered, and a client without an address is called unix", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("gateway.sock");
  await using gateway = await UnixGateway.start({ path });
  await using client = await RawClient.connectUnix(path);
  const response = await client.exchange(get());
  assert.equal(response.status, 200);
  assert.doesNotMatch(response.text, /127\.0\.0\.1/);
  assert.equal((await client.exchange(get())).status, 200, "the connection goes on");
  assert.deepEqual(gateway.completed.map((event) => event.client), ["unix", "unix"]);
  assert.equal(gateway.addresses[0].hostname, path);
});

Deno.test("a Unix socket: nobody there can name a client, but a PROXY header can", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("gateway.sock");
  {
    await using gateway = await UnixGateway.start({ path });
    await using client = await RawClient.connectUnix(path);
    const { text } = await client.exchange(get("/", "x-forwarded-for: 203.0.113.9", "forwarded: for=203.0.113.9"));
    assert.doesNotMatch(text, /203\.0\.113\.9/);
    assert.equal(gateway.completed[0].client, "unix");
  }
  const other = dir.join("other.sock");
  await using gateway = await UnixGateway.start({ path: other, proxyProtocol: true });
  await using client = await RawClient.connectUnix(other);
  await client.send("PROXY TCP4 192.0.2.1 198.51.100.2 1000 80\r\n");
  assert.match((await client.exchange(get())).text, /^192\.0\.2\.1 /);
  assert.equal(gateway.completed[0].client, "192.0.2.1");
  await using local = await RawClient.connectUnix(other);
  await local.send("PROXY UNKNOWN\r\n");
  await local.exchange(get());
  assert.equal(gateway.completed[1].client, "unix");
});

Deno.test("a Unix socket: limits per client count by whom the PROXY header names", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("gateway.sock");
  await using _gateway = await UnixGateway.start({ path, proxyProtocol: true, limits: { perClient: 1 } });
  const connect = async (client: string) => {
    const connected = await RawClient.connectUnix(path);
    await connected.send(`PROXY TCP4 ${client} 198.51.100.2 1000 80\r\n`);
    return connected;
  };
  await using first = await connect("192.0.2.1");
  assert.equal((await first.exchange(get())).status, 200);
  await using other = await connect("192.0.2.2");
  assert.equal((await other.exchange(get())).status, 200);
  await using second = await connect("192.0.2.1");
  assert.equal((await second.response()).status, 503);
});
