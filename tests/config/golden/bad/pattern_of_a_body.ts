export default {
  upstreams: { a: { endpoints: ["http://127.0.0.1:9001"], health: { body: /^ok/ } } },
  routes: [{ path: "/", upstream: "a" }],
};
