import type { EndReason } from "../../../src/machines/index.js";
import type { GatedTransport } from "./gated-transport.js";
import type { Life } from "./life.js";

interface Event {
  readonly isPossible: (life: Life) => boolean;
  readonly perform: (life: Life) => void;
}

const leasesAtMost = 2;
/** Leaves the end of input less than its grace. */
const strictMs = 6;
const strictestMs = 3;

const anEnd = (reason: EndReason, deadlineMs?: number): Event => ({
  isPossible: () => true,
  perform: (life) => {
    life.hurry(deadlineMs);
    const ended = life.expect("the end", life.session.end({ reason, deadlineMs }));
    void ended.then((receipt) => "connections" in receipt && life.receipts.add(receipt));
  },
});

/** Everything that a host or the world may do, by the name that traces show. */
const events = {
  /** A run begins and asks for all its servers. */
  ACQUIRE: {
    isPossible: (life) => life.leases.length < leasesAtMost,
    perform: (life) => void life.expect("a lease", acquire(life)),
  },
  RELEASE: {
    isPossible: (life) => life.leases.length > 0,
    perform: (life) => life.leases.pop()?.release(),
  },
  CALL: {
    isPossible: (life) => life.leases.length > 0 && isAnyOpen(life) && !life.awaited.includes("a call"),
    perform: (life) => {
      const [server = ""] = Object.keys(life.setting.servers);
      const lease = life.leases.at(-1);
      if (lease) void life.expect("a call", lease.callTool(server, "tool"));
    },
  },
  END: anEnd("ended"),
  "END!": anEnd("ended", strictMs),
  "END!!": anEnd("ended", strictestMs),
  RESET: anEnd("reset"),
  FAIL: anEnd("errored"),
  TIMEOUT: anEnd("timedOut"),
  RETIRE: {
    isPossible: ({ session }) => !session.state.includes("required"),
    perform: ({ session }) => session.retire({ required: true, reason: "reset" }),
  },
  SLEEP: {
    isPossible: ({ session }) => session.state === "active.live.idle",
    perform: (life) => {
      for (const transport of life.transports) life.letGo.add(transport);
      void life.expect("sleep", life.session.sleep());
    },
  },
  RELOAD: {
    isPossible: (life) => !life.isEnding && life.reloadedAt === undefined,
    perform: (life) => {
      life.reloadedAt = life.clock.now();
      life.supervisor.reload(life.setting.reloaded);
    },
  },
  SHUTDOWN: {
    isPossible: (life) => !life.awaited.includes("shutdown"),
    perform: (life) => {
      life.hurry(strictMs);
      void life.expect("shutdown", life.supervisor.shutdown({ deadlineMs: strictMs }));
    },
  },
  /** The whole tree dies by itself. */
  DIE: {
    isPossible: (life) => withLeader(life) !== undefined,
    perform: (life) => withLeader(life)?.die({ leavesHelper: false }),
  },
  /** The leader dies and leaves a helper behind. */
  ORPHAN: {
    isPossible: (life) => withLeader(life) !== undefined,
    perform: (life) => withLeader(life)?.die({ leavesHelper: true }),
  },
} satisfies Record<string, Event>;

export type EventName = keyof typeof events;

/** Faults of the world, as opposed to wishes of the host. */
export const deaths: readonly EventName[] = ["DIE", "ORPHAN"];

export const ends: readonly EventName[] = ["END", "RESET", "FAIL", "TIMEOUT"];

export function isPossible(life: Life, name: EventName): boolean {
  return events[name].isPossible(life);
}

export function perform(life: Life, name: EventName): void {
  events[name].perform(life);
}

async function acquire(life: Life): Promise<void> {
  const lease = await life.session.acquire();
  life.leases.push(lease);
  for (const server of Object.keys(life.setting.servers))
    void life.expect(`a client of ${server}`, lease.client(server));
}

function isAnyOpen({ transports }: Life): boolean {
  return transports.some(({ wasOpened, isInputEnded }) => wasOpened && !isInputEnded);
}

function withLeader({ transports }: Life): GatedTransport | undefined {
  return transports.find(({ hasLeader }) => hasLeader);
}
