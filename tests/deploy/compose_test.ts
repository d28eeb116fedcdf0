import { strict as assert } from "node:assert";
import { exists, source } from "../gate/tree.ts";
import { deployed } from "./deployed.ts";

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly [other: string]: unknown;
}

const { services, volumes } = deployed<{
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}>("compose.yaml");

/** Members of a service in the Compose Specification, as far as they are used here. */
const KNOWN =
  "image build ports volumes command entrypoint environment depends_on healthcheck restart profiles read_only tmpfs cap_drop security_opt ulimits stop_grace_period"
    .split(" ");

for (const [name, service] of Object.entries(services)) {
  Deno.test(`compose: ${name} is pinned, knows every member, and mounts what is there, read-only`, () => {
    assert.deepEqual(Object.keys(service).filter((key) => !KNOWN.includes(key)), []);
    assert.match(service.image, /^[a-z/]+:v?\d+\.\d+\.\d+$/, "an image without a whole version changes by itself");
    for (const volume of service.volumes ?? []) {
      const [from, to, mode] = volume.split(":");
      assert.match(to, /^\//);
      if (from.startsWith("./")) {
        assert.ok(exists(`deploy/${from.slice(2)}`), `${volume}: nothing is there`);
        assert.equal(mode, "ro", `${volume}: it can be written`);
      } else assert.ok(from in volumes, `${volume}: no such volume`);
    }
  });

  Deno.test(`compose: ${name} waits only for services whose health is known`, () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(other in services, `${other} is no service`);
      if (condition !== "service_healthy") continue;
      const { healthcheck, build } = services[other];
      const known = healthcheck?.test !== undefined ||
        (build !== undefined && healthcheck?.disable !== true && DOCKERFILE.includes("\nHEALTHCHECK "));
      assert.ok(known, `${other} tells nobody whether it is healthy`);
    }
  });
}

const DOCKERFILE = source("deploy/Dockerfile").text;

Deno.test("compose: only the gateway can be reached from other machines", () => {
  const open = Object.entries(services).filter(([, { ports = [] }]) =>
    ports.some((port) => !port.startsWith("127.0.0.1:"))
  );
  assert.deepEqual(open.map(([name]) => name), ["gateway"]);
});

Deno.test("compose: whatever a service is asked for by another is where it listens", () => {
  const config = source("deploy/gateway.config.ts").text;
  const metrics = /port: (\d+), expose: \[[^\]]*"metrics"/.exec(config)?.[1];
  const { scrape_configs } = deployed<{
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  }>("prometheus/prometheus.yml");
  const job = scrape_configs.find(({ job_name }) => job_name === "gatewright");
  assert.deepEqual(job?.static_configs, [{ targets: [`gateway:${metrics}`] }]);
  const { datasources } = deployed<{ datasources: { uid: string; url: string }[] }>(
    "grafana/provisioning/datasources/gatewright.yaml",
  );
  for (const { url } of [...datasources, { url: /otlp: "([^"]+)"/.exec(config)![1] }]) {
    const { hostname, port } = new URL(url);
    assert.ok(hostname in services, `${url} is no service`);
    // Jaeger's port for OTLP is published for nobody.
    if (port === "4318") continue;
    assert.ok(services[hostname].ports?.includes(`127.0.0.1:${port}:${port}`), `${url} is no port of it`);
  }
});

Deno.test("compose: Grafana finds its provisioning and its dashboards", () => {
  const { environment = {}, volumes = [] } = services.grafana;
  assert.ok(volumes.includes("./grafana/provisioning:/etc/grafana/provisioning:ro"));
  const { providers } = deployed<{ providers: { options: { path: string } }[] }>(
    "grafana/provisioning/dashboards/gatewright.yaml",
  );
  const { path } = providers[0].options;
  assert.ok(volumes.includes(`./grafana/dashboards:${path}:ro`));
  assert.equal(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH, `${path}/gatewright.json`);
});

Deno.test("Dockerfile: it copies what is there, and .dockerignore lets all of it in", () => {
  const allowed = source("deploy/Dockerfile.dockerignore").text.split("\n").filter((line) => line.startsWith("!"));
  const copied = [...DOCKERFILE.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, from]) => from.split(" "));
  assert.ok(copied.length > 3);
  for (const path of copied) {
    assert.ok(exists(path), `${path} is not there`);
    assert.ok(allowed.includes(`!${path}`), `${path} is kept out`);
  }
});

Deno.test("Dockerfile: the gateway may do what `task start` lets it do", () => {
  const { start } = JSON.parse(source("deno.json").text).tasks as { start: string };
  const entrypoint = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(DOCKERFILE)![1]) as string[];
  const allowed = (words: readonly string[]) => words.filter((word) => word.startsWith("--allow"));
  assert.deepEqual(allowed(entrypoint), allowed(start.split(" ")));
  assert.ok(entrypoint.includes("--cached-only"), "it may fetch packages at run time");
});
