import type { OpenRequest } from "../../ports/transport-factory.js";
import type { WorldClock } from "./clock-types.js";
import type { GatewayLife } from "./gateway-life.js";

/** What a transport was asked, or what became of it. */
export type WorldEventType =
  | "create"
  | "open"
  | "opened"
  | "open-failed"
  | "list"
  | "release"
  | "released"
  | "release-failed"
  | "end-input"
  | "terminate"
  | "kill"
  | "kill-sync"
  | "lost"
  | "call"
  | "call-answered"
  | "call-failed"
  | "call-cut"
  | "dispose";

/** One line of the world's own diary. */
export interface WorldEvent {
  readonly atMs: number;
  readonly type: WorldEventType;
  readonly connectionId: string;
  readonly server: string;
  readonly sessionKey: string;
  readonly generation: string;
  readonly detail?: string | undefined;
}

/** Something that no correct library does; `rule` is an invariant's name. */
export interface WorldViolation {
  readonly rule: "I4" | "I6" | "I11" | "contract";
  readonly atMs: number;
  readonly sentence: string;
}

/** What happened, in order, and what must not have; of all gateways. */
export class WorldDiary {
  readonly clock: WorldClock;
  readonly events: WorldEvent[] = [];
  readonly violations: WorldViolation[] = [];

  constructor(clock: WorldClock) {
    this.clock = clock;
  }
}

/** One gateway's hand in the diary: it writes no more once it is dead. */
export class WorldRecord {
  readonly #diary: WorldDiary;
  readonly #life: GatewayLife;
  readonly #fences = new Map<string, number>();
  #fencedAt: number | undefined;

  constructor({ diary, life }: { readonly diary: WorldDiary; readonly life: GatewayLife }) {
    this.#diary = diary;
    this.#life = life;
  }

  note(type: WorldEventType, { connectionId, context }: OpenRequest, detail?: string): void {
    if (this.#life.isOver) return;
    const { server, sessionKey, generation } = context;
    const atMs = this.#now();
    this.#diary.events.push({
      atMs,
      type,
      connectionId,
      server,
      sessionKey,
      generation,
      ...(detail !== undefined && { detail }),
    });
    if (type === "open") this.#checkFence(connectionId, generation, server);
  }

  violate(rule: WorldViolation["rule"], sentence: string): void {
    if (!this.#life.isOver) this.#diary.violations.push({ rule, atMs: this.#now(), sentence });
  }

  /** From now on no opening may start for that generation; without one, for anybody. */
  fence(generation?: string): void {
    if (generation === undefined) this.#fencedAt ??= this.#now();
    else if (!this.#fences.has(generation)) this.#fences.set(generation, this.#now());
  }

  #now(): number {
    return this.#diary.clock.now();
  }

  #checkFence(connectionId: string, generation: string, server: string): void {
    const since = this.#fences.get(generation) ?? this.#fencedAt;
    if (since === undefined) return;
    const whose = this.#fences.has(generation) ? `the end of ${generation}` : "the shutdown";
    this.violate("I4", `connection ${connectionId} (${server}) was opened after ${whose} had begun at ${since} ms`);
  }
}
