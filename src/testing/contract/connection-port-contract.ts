import type { ConnectionPort, Evidence } from "../../machines/index.js";
import { ContractError } from "./contract-error.js";

/** A port of your own, and what the contract needs to know of the world behind it. Made anew for each rule. */
export interface PortUnderTest {
  readonly port: ConnectionPort;
  /** A server that opens at once and ends when its input does. */
  readonly cooperative: string;
  /** A server that opens at once and that only `kill` ends. */
  readonly stubborn: string;
  /** A server whose opening settles, with success, when `settle` is called, aborted or not. */
  readonly slow: { readonly server: string; settle(): void };
  /** The truth, not the port's: whether anything of that connection is left. */
  readonly isAlive: (id: string) => boolean | Promise<boolean>;
  /** Drives the world until the promise settles, where its time is virtual. */
  readonly run?: <T>(work: Promise<T>) => Promise<T>;
}

/** One rule of the contract, and its check: rejects with `ContractError` where the port breaks it. */
export interface PortRule {
  readonly rule: string;
  readonly check: (subject: PortUnderTest) => Promise<void>;
}

/**
 * What the machines rely on in a `ConnectionPort`. Whoever runs the machines on a port of their own runs each rule in their tests:
 * a port that breaks one makes `closed` a claim without a proof.
 */
export const connectionPortContract: readonly PortRule[] = [
  rule("an opening is made once, however often it is asked for", async ({ port, cooperative }, broken, run) => {
    const [first, second] = await run(Promise.all([port.open("c", cooperative), port.open("c", cooperative)]));
    if (first !== second) broken("two calls of `open` with one id gave two results");
  }),
  rule("settling waits for the opening, also for one that was given up", async ({ port, slow }, broken, run) => {
    const opening = port.open("c", slow.server).catch(() => undefined);
    let hasSettled = false;
    const settled = port.settle("c", never()).then(() => (hasSettled = true));
    // What is given up before it began need not begin.
    await turns();
    port.abortOpen("c", undefined);
    await turns();
    if (hasSettled) broken("`settle` resolved while the opening was in flight");
    slow.settle();
    await run(Promise.all([settled, opening]));
  }),
  rule("an opening in flight counts as not empty: it may still give birth", async ({ port, slow }, broken, run) => {
    port.open("c", slow.server).catch(() => undefined);
    await turns();
    const { empty } = await run(port.look("c", never()));
    slow.settle();
    if (empty) broken("`look` found nothing");
  }),
  rule("an aborted signal ends the waiting, not the thing waited for", async ({ port, slow }, broken, run) => {
    const opening = port.open("c", slow.server).catch(() => undefined);
    const stop = new AbortController();
    const waiting = port.settle("c", stop.signal).then(
      () => "resolved",
      () => "rejected",
    );
    stop.abort();
    if ((await run(waiting)) !== "rejected") broken("`settle` went on after its signal was aborted");
    slow.settle();
    await run(opening);
    await run(port.settle("c", never()));
  }),
  rule("a server that ends with its input needs nothing more", async (subject, broken, run) => {
    const { port, cooperative, isAlive } = subject;
    await run(port.open("c", cooperative));
    const evidence = await run(port.endInput("c", never()));
    if (!evidence.empty) broken("`endInput` resolved, and not with `empty`");
    if (await isAlive("c")) broken("`endInput` said `empty`, and something is left");
  }),
  rule("`empty` is said of what is gone, and of nothing else", async (subject, broken, run) => {
    const { port, stubborn, isAlive } = subject;
    await run(port.open("c", stubborn));
    const before = await run(port.look("c", never()));
    if (before.empty) broken("`look` found nothing while the server lived");
    for (let tries = 0; tries < killsAtMost; tries += 1) {
      await run(port.kill("c", never()));
      const evidence: Evidence = await run(port.look("c", never()));
      if (!evidence.empty) continue;
      if (await isAlive("c")) broken("`look` found nothing, and something is left");
      return;
    }
    broken(`${killsAtMost} kills did not end it`);
  }),
  rule("a graceful wait for what does not end is given up with its signal", async (subject, broken, run) => {
    const { port, stubborn, isAlive } = subject;
    await run(port.open("c", stubborn));
    for (const step of ["endInput", "terminate"] as const) {
      const stop = new AbortController();
      const waiting = port[step]("c", stop.signal).then(
        ({ empty }) => (empty ? "empty" : "left"),
        () => "given up",
      );
      await turns();
      stop.abort();
      if ((await run(waiting)) === "empty" && (await isAlive("c")))
        broken(`\`${step}\` said \`empty\` of a live server`);
    }
  }),
  rule("what is not there is empty, and no action throws for it", async ({ port }, broken, run) => {
    const actions = [
      () => port.refuseCalls("nobody"),
      () => port.abortCalls("nobody"),
      () => port.abortOpen("nobody", undefined),
      () => port.leaked("nobody"),
      () => port.closed("nobody", "proved"),
      () => port.takeOver("nobody", undefined),
    ];
    for (const action of actions) {
      try {
        action();
      } catch {
        broken("an action threw: that puts the machine in error and abandons its children");
      }
    }
    await run(Promise.all([port.settle("nobody", never()), port.release("nobody", never())]));
    if (!(await run(port.look("nobody", never()))).empty) broken("`look` found something");
  }),
];

const killsAtMost = 20;

type Check = (
  subject: PortUnderTest,
  broken: (instead: string) => never,
  run: <T>(work: Promise<T>) => Promise<T>,
) => Promise<void>;

function rule(sentence: string, check: Check): PortRule {
  const broken = (instead: string): never => {
    throw new ContractError(sentence, instead);
  };
  return {
    rule: sentence,
    check: (subject) => check(subject, broken, (work) => subject.run?.(work) ?? work),
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Enough for a port to begin what it was asked for. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
