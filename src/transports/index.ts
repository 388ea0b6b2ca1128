export { type AdoptedHandleDeps, type AdoptedServerConfig, createAdoptedHandle } from "./adopted-handle.js";
export type { StderrOption } from "./stderr-sink.js";
export { StdioClientTransport, type StdioTransportParameters } from "./stdio-client-transport.js";
export { createTransportFactory, type TransportFactoryOptions } from "./transport-factory.js";
