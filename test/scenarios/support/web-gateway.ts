import { onTestFinished } from "vitest";
import {
  createSupervisor,
  type HttpServerConfig,
  type LifecycleOptions,
  type Supervisor,
  type SupervisorOptions,
} from "../../../src/index.js";
import { shortGraces } from "../../real/support/graces.js";

export interface WebGatewayOptions extends Omit<SupervisorOptions, "servers"> {
  readonly server: Omit<HttpServerConfig, "lifecycle">;
  readonly lifecycle?: LifecycleOptions;
}

/** A gateway whose sessions have one server over HTTP, named `web`; shut down at the end of the test. */
export function webGateway({ server, lifecycle, ...options }: WebGatewayOptions): Supervisor {
  const servers = { web: { ...server, lifecycle: { ...shortGraces, ...lifecycle } } };
  const supervisor = createSupervisor({ signals: false, ...options, servers });
  onTestFinished(async () => void (await supervisor.shutdown()));
  return supervisor;
}
