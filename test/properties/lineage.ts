import type { ReapFinding } from "../../src/recovery/index.js";
import type { VirtualGateway, World } from "../../src/testing/simulation/index.js";
import { Sibling } from "./sibling.js";
import { SimulatedHost } from "./simulated-host.js";

/** What a kill found its gateway at, what it left, and what a sweep came to; with the least part of all lives that come to it. */
export const moments = {
  "was killed while idle": 0.05,
  "was killed while opening": 0.03,
  "was killed with a server open": 0.05,
  "was killed while closing": 0.01,
  "was killed while sweeping": 0.01,
  "left an intent without a leader": 0.001,
  "left a tree alive": 0.03,
  "left a session on record": 0.01,
  "swept something away": 0.03,
} as const;
export type Moment = keyof typeof moments;

/** A look finds nothing after the last grace of a sweep, or it has given up by then. */
const longestSweepMs = 6_000;

/** The gateways of one life, one after the other in the same world, each with its host. */
export class Lineage {
  readonly world: World;
  /** Of the youngest gateway, which may be dead. */
  host: SimulatedHost;
  readonly moments: Moment[] = [];
  /** Of sweeps. */
  readonly findings: ReapFinding[] = [];
  /** Of every gateway, in the order of their starts. */
  readonly hosts: SimulatedHost[] = [];
  /** Of those that were killed. */
  readonly dead: SimulatedHost[] = [];
  /** Trees that a dead gateway left without a record. */
  readonly unrecorded = new Set<string>();
  /** Trees of which only the intent was on record when their gateway died. */
  readonly leaderless = new Set<string>();
  /** Connections whose HTTP session was not on record when their gateway died: its id was not known, or could not be written. */
  readonly unkept = new Set<string>();
  #sibling: Sibling | undefined;
  #sweeps = 0;

  constructor(world: World) {
    this.world = world;
    this.host = this.#begin(world.gateway);
  }

  get isDown(): boolean {
    return !this.host.gateway.isAlive;
  }

  /** At once; with `squat`, the pids that are free by then go to strangers. False if nobody lives. */
  kill({ squat }: { readonly squat: boolean }): boolean {
    if (this.isDown) return false;
    const { gateway } = this.host;
    this.#noteKill();
    gateway.kill();
    this.dead.push(this.host);
    this.#noteDeath();
    if (squat) this.#giveAwayPids();
    return true;
  }

  /** The same code on the same disk, with the same pid if that is asked for and free. False if one lives. */
  async start({ samePid }: { readonly samePid: boolean }): Promise<boolean> {
    if (!this.isDown) return false;
    this.#sibling ??= await Sibling.start(this.world);
    const { pid } = this.host.gateway.identity;
    const isFree = this.world.processes.table.isFree(pid);
    this.host = this.#begin(this.world.startGateway(samePid && isFree ? { pid } : {}));
    void this.host.expectations.of("the sweep of its start", this.#sweep(this.host.gateway));
    return true;
  }

  /** Connections whose HTTP session sweeps gave up. */
  get abandoned(): readonly string[] {
    return this.findings.flatMap(({ because, connectionId = "" }) =>
      because.endsWith("is given up") ? connectionId : [],
    );
  }

  /** One sentence for each thing that somebody did to the sibling, which ends. */
  async endSibling(): Promise<readonly string[]> {
    return (await this.#sibling?.end()) ?? [];
  }

  /** The last gateway exits, and its successor does nothing but what it does at its start. One sentence for each bad record. */
  async conclude(): Promise<readonly string[]> {
    this.host.gateway.kill();
    const successor = this.world.startGateway();
    await this.world.clock.run(this.#sweep(successor), { limitMs: longestSweepMs });
    successor.kill();
    return this.findings.filter(({ verdict }) => verdict === "bad").map(({ because }) => `a record is bad: ${because}`);
  }

  #begin(gateway: VirtualGateway): SimulatedHost {
    const host = new SimulatedHost(this.world, gateway);
    this.hosts.push(host);
    return host;
  }

  async #sweep(gateway: VirtualGateway): Promise<void> {
    this.#sweeps += 1;
    const findings = await gateway.sweep();
    this.#sweeps -= 1;
    this.findings.push(...findings);
    if (findings.some(({ verdict }) => verdict === "ended")) this.moments.push("swept something away");
  }

  #noteKill(): void {
    const states = new Set(this.host.connections().map(({ state }) => state));
    if (states.has("opening")) this.moments.push("was killed while opening");
    if (states.has("open")) this.moments.push("was killed with a server open");
    if (states.has("closing")) this.moments.push("was killed while closing");
    if (states.size === 0) this.moments.push("was killed while idle");
    if (this.#sweeps > 0) this.moments.push("was killed while sweeping");
    // Whoever swept in it never says how it went.
    this.#sweeps = 0;
  }

  #noteDeath(): void {
    const { ledger } = this.host.gateway;
    const recorded = new Set(ledger.records.map(({ connectionId }) => connectionId));
    const alive = this.host.startedNames.filter((name) => this.world.truth.liveProcesses(name).length > 0);
    for (const name of alive) {
      if (!recorded.has(name)) this.unrecorded.add(name);
      else if (ledger.leaderOf(name) === undefined) this.leaderless.add(name);
    }
    const remote = new Set(this.world.truth.remoteSessions.map(({ connectionId }) => connectionId));
    const kept = this.host.startedNames.filter((name) => remote.has(name) && recorded.has(name));
    for (const name of this.host.startedNames) if (remote.has(name) && !recorded.has(name)) this.unkept.add(name);
    if (kept.length > 0) this.moments.push("left a session on record");
    if (alive.length > 0) this.moments.push("left a tree alive");
    if (alive.some((name) => this.leaderless.has(name))) this.moments.push("left an intent without a leader");
  }

  #giveAwayPids(): void {
    const { processes } = this.world;
    const { identity, ledger } = this.host.gateway;
    const leaders = ledger.records.flatMap(({ connectionId }) => ledger.leaderOf(connectionId) ?? []);
    for (const { pid } of [identity, ...leaders]) if (processes.table.isFree(pid)) processes.spawnForeign({}, { pid });
  }
}
