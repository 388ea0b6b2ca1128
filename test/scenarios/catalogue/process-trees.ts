import type { LeakPath } from "./leak-path.js";

export const processTrees: readonly LeakPath[] = [
  {
    id: "LP-24",
    elsewhere: "`npx`, `uvx` or a shell dies, and the server behind it lives: 840 orphans, 2,676 orphans.",
    seen: "openclaw 68809, supergateway 124",
    here: "What is ended is the tree, whoever of it is gone already.",
  },
  {
    id: "LP-25",
    elsewhere: "Servers ignore the end of their input or SIGTERM, or need seconds to clean up and are cut short.",
    here: "End of input, SIGTERM, SIGKILL; each after a grace that is configured per server, and only if needed.",
  },
  {
    id: "LP-26",
    elsewhere: "A helper holds the pipes: the close event never comes, calls hang, the host cannot exit.",
    seen: "typescript-sdk, measured",
    here: "A closing waits for the empty tree and not for pipes. Calls are answered when the server dies.",
  },
  {
    id: "LP-27",
    elsewhere: "A helper holds no pipe: the close looks perfect, and one process is left.",
    seen: "typescript-sdk, measured",
    here: "Gone is what was looked for and not found.",
  },
  {
    id: "LP-28",
    elsewhere: "Browsers are started in a session of their own, where a signal to the group does not reach them.",
    seen: "openclaw, measured",
    here: "They are found by cookie and by descent, and ended.",
  },
  {
    id: "LP-29",
    elsewhere: "A daemon forks twice and belongs to init.",
    here: "Found and ended likewise.",
  },
  {
    id: "LP-30",
    elsewhere: "A server crashes or is killed for its memory, and the rest of its group stays.",
    seen: "openclaw 126098",
    here: "The death of the leader starts the closing of the rest.",
  },
  {
    id: "LP-31",
    elsewhere: "A close resolves before the child is dead, a second close at once.",
    seen: "typescript-sdk, measured",
    here: "All who ask wait for the same proof and get the same receipt.",
  },
  {
    id: "LP-32",
    elsewhere: "The timer that would send SIGKILL does not keep the host alive, and dies with it.",
    seen: "openclaw 86412, typescript-sdk (measured)",
    here: "An end keeps the event loop alive until it is done.",
  },
  {
    id: "LP-33",
    elsewhere: "The wrong process is signalled: the host's own group, a number given out again, a neighbour's child.",
    seen: "openclaw 71662, KiroCrew 10601",
    here: "Signals go to proved identities only. In doubt there is none, and the tree is reported as leaked.",
  },
  {
    id: "LP-34",
    elsewhere: "Nobody reads stderr: the server blocks when the pipe is full, or its last words are lost.",
    seen: "typescript-sdk, measured",
    here: "It is always read, and its end is in the error.",
  },
  {
    id: "LP-35",
    elsewhere: "Children are born while their tree is killed.",
    here: "Kill and look, until a look finds nothing.",
  },
  {
    id: "LP-36",
    elsewhere: "What the server started lives elsewhere, in a container.",
    seen: "claude-code 29058",
    here: "A command of the host runs once the tree is proved gone, within a limit, and how it went is in the receipt.",
  },
  {
    id: "LP-37",
    elsewhere: "A process cannot be ended: it sleeps uninterruptibly, or belongs to another user.",
    here: "It is a state, `leaked`, with the pid in the receipt and in `doctor`. It keeps its slot and is tried again, later and later.",
  },
];
