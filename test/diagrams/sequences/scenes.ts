import { presets } from "../../../src/testing/simulation/index.js";
import type { Scene, Stage } from "./record.js";

/** Ten ways in which gateways left servers behind, played to the proof. */
export const scenes: readonly Scene[] = [
  {
    id: "LP-08",
    title: "a call in flight is answered before its server is ended",
    behaviours: { files: { calls: { answerMs: 2_000 } } },
    play: async (stage) => {
      const lease = await acquired(stage);
      stage.say("callTool()");
      const answer = stage.told("answer", lease.callTool("files", "echo"));
      await stage.world.clock.advanceBy(500);
      await end(stage);
      await answer;
    },
  },
  {
    id: "LP-18",
    title: "an opening succeeds after the end began; what it made is ended",
    behaviours: { files: presets.opensAnyway },
    play: async (stage) => {
      const lease = await acquired(stage);
      stage.say('client("files")');
      const session = stage.supervisor.session("chat");
      const client = stage.told('client("files")', lease.client("files"));
      await stage.world.clock.advanceBy(100);
      const over = end(stage);
      stage.say("acquire()");
      const late = stage.told("acquire()", session.acquire());
      await Promise.all([over, client, late]);
    },
  },
  {
    id: "LP-19",
    title: "a server never answers initialize; the failure is told when it is gone",
    behaviours: { files: presets.neverInitializes },
    play: async (stage) => {
      const lease = await acquired(stage);
      stage.say('client("files")');
      await stage.run(stage.told('client("files")', lease.client("files")));
      await end(stage);
    },
  },
  {
    id: "LP-24",
    title: "npx and a shell around the server: the whole tree is ended",
    behaviours: { files: presets.wrappedIgnoresEof },
    play: openAndEnd,
  },
  {
    id: "LP-25",
    title: "a server that ignores end of input and SIGTERM",
    behaviours: { files: presets.ignoresSigterm },
    play: openAndEnd,
  },
  {
    id: "LP-28",
    title: "a browser in a session of its own is found and ended",
    behaviours: { files: presets.ownSession },
    play: openAndEnd,
  },
  {
    id: "LP-30",
    title: "the leader crashes; what it left is ended without being asked",
    behaviours: { files: [{ ...presets.crashes, tree: { ...presets.crashes.tree, exitsAfterMs: 1_000 } }, {}] },
    play: async (stage) => {
      const lease = await acquired(stage);
      stage.say('client("files")');
      await stage.run(lease.client("files"));
      await stage.world.clock.advanceBy(1_200);
      await end(stage);
    },
  },
  {
    id: "LP-31",
    title: "two ask for the end: one closing, one receipt",
    behaviours: { files: presets.ignoresEof },
    play: async (stage) => {
      await opened(stage);
      const session = stage.supervisor.session("chat");
      stage.say("end()");
      const first = session.end();
      await stage.world.clock.advanceBy(500);
      stage.say("end(), again");
      await stage.run(Promise.all([first, session.end()]));
    },
  },
  {
    id: "LP-37",
    title: "a process that SIGKILL does not end, until it does",
    behaviours: { files: presets.unkillable },
    play: async (stage) => {
      await openAndEnd(stage);
      await stage.world.clock.advanceBy(500);
      stage.world.recover();
      await stage.world.clock.advanceBy(60_000);
    },
  },
  {
    id: "LP-38",
    title: "a session over HTTP is deleted before its transport is closed",
    behaviours: { files: { http: { deleteMs: 40 } } },
    play: openAndEnd,
  },
];

async function acquired(stage: Stage) {
  stage.say("acquire()");
  return await stage.run(stage.supervisor.session("chat").acquire());
}

async function opened(stage: Stage): Promise<void> {
  const lease = await acquired(stage);
  stage.say('client("files")');
  await stage.run(lease.client("files"));
}

async function end(stage: Stage): Promise<void> {
  stage.say("end()");
  await stage.run(stage.supervisor.session("chat").end());
}

async function openAndEnd(stage: Stage): Promise<void> {
  await opened(stage);
  await end(stage);
}
