import { Server } from "node:net";

type Listen = (...rest: readonly unknown[]) => Server;

/**
 * Loaded with `--import` into the reference server, which listens on every interface and cannot be told otherwise: one of its tools prints
 * its environment, and a demo must not offer that to the network.
 */
Object.assign(Server.prototype, {
  listen: new Proxy(Reflect.get(Server.prototype, "listen") as Listen, {
    apply: (listen, server, [port, ...rest]: unknown[]) =>
      Reflect.apply(listen, server, [{ host: "127.0.0.1", port: Number(port) }, ...rest]),
  }),
});
