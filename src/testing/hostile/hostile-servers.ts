/** One way of being hostile. */
export interface HostileServer {
  readonly description: string;
  readonly flags: readonly string[];
  /** Words before the server's own command line. */
  readonly shell?: readonly string[];
}

// The shell holds the witness too; `; true` keeps it from replacing itself by the server.
const shell = ["/bin/sh", "-c", 'if [ -n "$WITNESS_FIFO" ]; then exec 3>"$WITNESS_FIFO"; fi; "$@"; true', "sh"];

/** Every hostile server by name. */
export const hostileServers = {
  "well-behaved": { description: "exits when its input ends", flags: [] },
  "slow-exit": { description: "exits 1 s after its input ended", flags: ["--exit-delay=1000"] },
  "ignores-eof": { description: "goes on when its input ends; SIGTERM ends it", flags: ["--ignore-eof"] },
  "ignores-everything": { description: "only SIGKILL ends it", flags: ["--ignore-eof", "--ignore-term"] },
  "slow-term": {
    description: "ignores the end of input, needs 3 s for SIGTERM",
    flags: ["--ignore-eof", "--term-delay=3000"],
  },
  "helper-holds-stdio": { description: "leaves a child that holds stdin and stdout", flags: ["--helper=stdio"] },
  "helper-holds-stderr": { description: "leaves a child that holds stderr", flags: ["--helper=stderr"] },
  "helper-ignored-stdio": { description: "leaves a child that holds no pipe", flags: ["--helper=ignored"] },
  "helper-detached": {
    description: "leaves a child in a session of its own, as a browser is",
    flags: ["--helper=detached"],
  },
  "helper-double-fork": {
    description: "leaves a child reparented to init, in a session of its own",
    flags: ["--helper=double-fork"],
  },
  "helper-cleared-env": {
    description: "leaves a child without environment, in its group",
    flags: ["--helper=cleared-env"],
  },
  "helper-cleared-env-detached": {
    description: "leaves a child without environment and in a session of its own",
    flags: ["--helper=cleared-env-detached"],
  },
  "helper-zombie": { description: "leaves a child with a zombie that nobody collects", flags: ["--helper=zombie"] },
  "helpers-all": {
    description: "leaves children of every kind, none of which minds SIGTERM",
    flags: [
      ...["stdio", "stderr", "ignored", "detached", "double-fork", "cleared-env", "zombie"].map(
        (kind) => `--helper=${kind}`,
      ),
      "--helpers-ignore-term",
    ],
  },
  "nested-gateway": {
    description: "runs a server tree of its own, with its own cookie and session",
    flags: ["--helper=nested"],
  },
  "shell-wrapper": {
    description: "sh -c in front of a server that ignores the end of input",
    flags: ["--ignore-eof"],
    shell,
  },
  "wrapper-exits": {
    description: "its wrapper exits 0, the server lives",
    flags: ["--role=wrapper", "--wrapper=exit", "--ignore-eof"],
  },
  "wrapper-killed": {
    description: "its wrapper is SIGKILLed, the server lives",
    flags: ["--role=wrapper", "--wrapper=crash", "--ignore-eof"],
  },
  "wrapper-waits": {
    description: "a wrapper that dies of SIGTERM, as npx; the server lives",
    flags: ["--role=wrapper", "--ignore-eof"],
  },
  "crashes-in-initialize": { description: "exits 7 when initialize comes", flags: ["--crash-in-initialize"] },
  "crashes-with-helper": {
    description: "exits 7 when initialize comes, leaving a detached child",
    flags: ["--crash-in-initialize", "--helper=detached"],
  },
  "never-initializes": { description: "never answers initialize", flags: ["--never-initialize", "--ignore-eof"] },
  "wrong-version": {
    description: "answers initialize with an unknown protocol version",
    flags: ["--wrong-version", "--ignore-eof"],
  },
  "floods-stderr": {
    description: "writes 2 MiB to stderr before it answers anything, and more for ever",
    flags: ["--flood-stderr"],
  },
  "floods-stdout": { description: "writes 64 MiB without a newline once it is initialized", flags: ["--flood-stdout"] },
  "forks-at-end": {
    description: "when told to end it starts a chain of processes, each in its own session, each starting the next",
    flags: ["--fork-at-end"],
  },
  "slow-start": {
    description: "takes its time to start, to initialize and to list",
    flags: ["--spawn-delay=200", "--initialize-delay=200", "--list-delay=200"],
  },
} as const satisfies Record<string, HostileServer>;

/** What a hostile server does, by name. */
export type HostileServerName = keyof typeof hostileServers;
