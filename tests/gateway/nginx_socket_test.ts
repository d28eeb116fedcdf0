import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { requires } from "../support/requires.ts";
import { TempDir } from "../support/temp_dir.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { until } from "../support/until.ts";

const nginx = requires("nginx");

/** An nginx as an origin, serving `www/` of a folder of its own. */
class NginxOrigin implements AsyncDisposable {
  private constructor(readonly port: number, readonly folder: TempDir, readonly child: Deno.ChildProcess) {}

  static async start(files: Record<string, string>): Promise<NginxOrigin> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const folder = await TempDir.make(files);
    const server =
      `server { listen 127.0.0.1:${port}; root ${folder.path}/www; gzip on; gzip_proxied any; gzip_min_length 1; gzip_types text/plain; }`;
    await folder.write(
      "nginx.conf",
      `daemon off; user root; pid ${folder.path}/pid; error_log ${folder.path}/error.log;
      events {} http { default_type text/plain; access_log off; client_body_temp_path ${folder.path}; proxy_temp_path ${folder.path};
      fastcgi_temp_path ${folder.path}; uwsgi_temp_path ${folder.path}; scgi_temp_path ${folder.path}; ${server} }`,
    );
    const command = new Deno.Command(nginx.paths.get("nginx")!, {
      args: ["-c", folder.join("nginx.conf")],
      stderr: "null",
      stdout: "null",
    });
    const origin = new NginxOrigin(port, folder, command.spawn());
    let up = false;
    const knock = async () => {
      while (!up) {
        try {
          (await Deno.connect({ hostname: "127.0.0.1", port })).close();
          up = true;
        } catch (error) {
          if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
        }
      }
    };
    await Promise.all([knock(), until(() => up, "nginx to listen")]);
    return origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.status;
    await this.folder[Symbol.asyncDispose]();
  }
}

nginx.test("what nginx serves comes through unchanged: bodies, ranges, conditions, codings", async () => {
  const large = "0123456789abcdef".repeat(200_000);
  await using origin = await NginxOrigin.start({ "www/small": "small", "www/large": large });
  await using gateway = TestGateway.start(
    defineGateway({
      upstreams: { nginx: `http://127.0.0.1:${origin.port}` },
      routes: [{ path: "/*", upstream: "nginx" }],
    }),
  );
  await using client = await gateway.connect();
  const get = (path: string, ...fields: string[]) =>
    client.exchange([`GET ${path} HTTP/1.1`, "host: a", ...fields, "", ""].join("\r\n"));

  const small = await get("/small");
  assert.deepEqual([small.status, small.text, small.header("content-length")], [200, "small", "5"]);
  assert.equal((await get("/large")).text, large);
  const range = await get("/large", "range: bytes=16-19");
  assert.deepEqual([range.status, range.text, range.header("content-range")], [
    206,
    "0123",
    `bytes 16-19/${large.length}`,
  ]);
  const same = await get("/small", `if-none-match: ${small.header("etag")}`);
  assert.deepEqual([same.status, same.text], [304, ""]);
  const coded = await get("/large", "accept-encoding: gzip");
  assert.equal(coded.header("content-encoding"), "gzip");
  const plain = new Response(new Blob([coded.body]).stream().pipeThrough(new DecompressionStream("gzip")));
  assert.equal(await plain.text(), large);
  assert.equal((await get("/none")).status, 404);
});
