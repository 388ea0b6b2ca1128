/** How one virtual process behaves, and what it starts; plain data. Left out means: a process that does what it is told. */
export interface ProcessShape {
  /** For people. */
  readonly command?: string | undefined;
  /** Started with it, in this order; `bornAfterMs` of a child delays it. */
  readonly children?: readonly ProcessShape[] | undefined;
  /** From its parent's start (or from its own exec); default 0. */
  readonly bornAfterMs?: number | undefined;
  /** `group`: own process group; `session`: setsid; `double-fork`: setsid and reparented at once, its parent having exited. */
  readonly detach?: "group" | "session" | "double-fork" | undefined;
  /** True: its environment lacks the cookie; so does what it starts. */
  readonly dropsCookie?: boolean | undefined;
  /** True: runs as another user, so it may not be signalled and its environment cannot be read. */
  readonly otherUser?: boolean | undefined;

  /** Exits so long after stdin ended. Default: 0 for the leader of a tree, `ignored` for everybody else. */
  readonly onEof?: number | "ignored" | undefined;
  /** Exits with code 0 so long after SIGTERM. Default: dies by the signal at once. */
  readonly onSigterm?: number | "ignored" | undefined;
  /** SIGKILL takes effect so much later; default 0. `uninterruptible`: not before `thaw()`. */
  readonly onSigkill?: number | "uninterruptible" | undefined;
  /** Exits so long after its parent did; default `ignored`. */
  readonly onParentExit?: number | "ignored" | undefined;
  /** A shell or `npx`: exits when the last of its children has. */
  readonly waitsForChildren?: boolean | undefined;
  /** False: whom it outlives stays a zombie until it exits itself. */
  readonly reapsChildren?: boolean | undefined;

  /** Exits by itself so long after its start. */
  readonly exitsAfterMs?: number | undefined;
  /** What it exits with, where it exits by itself; default code 0. */
  readonly exit?: { readonly code: number } | { readonly signal: string } | undefined;
  /** Started when SIGTERM comes, even if that is ignored or deadly. */
  readonly bornOnSigterm?: readonly ProcessShape[] | undefined;
  /** So many times somebody of its kind is born, unseen by whoever is killing it, just before it dies by SIGKILL. */
  readonly bornWhileKilled?: number | undefined;
  /** Starts a child of its kind (that forks no more) every so often, so many times. */
  readonly forks?: { readonly everyMs: number; readonly times: number } | undefined;
}
