import { defineGateway, headers, secret } from "gatewright";

const edit = headers({ request: { set: { "x-a": "{param:id}" }, remov: ["cookie"] } } as never);

export default defineGateway({
  admin: { token: "hunter2" },
  plugins: ["./parts/clash.ts"],
  upstreams: { users: { endpoints: ["https://127.0.0.1:9001"], tls: { ca: secret.file("./nowhere.pem") } } },
  include: [{ routes: [{ path: "/inc", upstream: "usrs" }] }, [{ path: "/list", upstream: "users" }]],
  routes: [
    { path: "/a", upstream: "user", policies: [edit] },
    { path: "/b", upstream: "users", handler: () => new Response("hi"), policies: [edit] },
  ],
} as never);
