import type { LeakPath } from "./leak-path.js";

export const owner: readonly LeakPath[] = [
  {
    id: "LP-01",
    elsewhere: "A session is over and nobody disposes of what it had: 326 processes after two and a half hours.",
    seen: "openclaw 74798, 70808, 142965",
    here: "Each end reason, by each of its causes, leads through the one dispose.",
  },
  {
    id: "LP-02",
    elsewhere: "Cleanup follows a run that succeeds, and not one that fails, times out or is cancelled.",
    seen: "openclaw 87981, 57520",
    here: "How a run ended decides the reason in the receipt, never whether there is one.",
  },
  {
    id: "LP-03",
    elsewhere: "Jobs that run once are kept like conversations: 725 processes in 15 hours, 26 GB in six.",
    seen: "openclaw 144527, 145092, 71106",
    here: "A session opened with `oneShot` ends with its last lease.",
  },
  {
    id: "LP-04",
    elsewhere: "A key gets a new generation, and the old one is in no map any more.",
    seen: "openclaw 92569, 64316, 92702",
    here: "`rebind` retires the old generation: it ends at its last release, while the key already serves the new one.",
  },
  {
    id: "LP-05",
    elsewhere: "Giving a lease back counts as use, so that the idle timer never fires.",
    seen: "openclaw 91075",
    here: "Idle is counted from the end of the last call. A deadline that passes under a lease comes true at its release.",
  },
  {
    id: "LP-06",
    elsewhere: "A sweep of idle runtimes takes one that is just being handed out.",
    seen: "openclaw 134819, 92702",
    here: "An acquire owns from its first instant: the lease is in the machine before anybody else gets a turn.",
  },
  {
    id: "LP-07",
    elsewhere: "Eviction ends a server that works in the background.",
    seen: "openclaw 134495, 140447",
    here: "Idle limits are off unless configured, a call in flight is use, and nobody is evicted to make room.",
  },
  {
    id: "LP-08",
    elsewhere: "An end cuts calls in flight, or a tool that was kept still accepts them afterwards.",
    seen: "openclaw 133340",
    here: "New calls are refused at once with a typed error; those in flight have until the drain limit.",
  },
  {
    id: "LP-09",
    elsewhere: "Two first uses at the same time start two servers, one of which is forgotten.",
    seen: "metamcp 273",
    here: "All who ask wait for one opening.",
  },
  {
    id: "LP-10",
    elsewhere: "A change of configuration forgets the entry it replaces, or restarts servers that did not change.",
    seen: "claude-code 79740, openclaw 138694",
    here: "Exactly what changed or was removed is drained and ended; the rest keeps its process.",
  },
  {
    id: "LP-11",
    elsewhere: "A slot is lost for ever, or free while the old tree still runs.",
    seen: "openclaw 144527, qwen-code",
    here: "Slots are counted from what is in custody when somebody asks. There is no counter that could be wrong.",
  },
  {
    id: "LP-12",
    elsewhere: "Servers kept warm for the next session multiply.",
    seen: "metamcp 324",
    here: "There are no spares: each process belongs to one connection of one session.",
  },
  {
    id: "LP-13",
    elsewhere: "What failed to start is in no map, so that no limit counts it and no sweep finds it.",
    here: "A transport is in custody before it is opened; a failed one is proved gone before it is forgotten.",
  },
  {
    id: "LP-14",
    elsewhere: "A lease is never given back, and holds its runtime for ever.",
    here: "It is listed, with the stack of its owner where that is asked for. No end waits for it.",
  },
  {
    id: "LP-15",
    elsewhere: "One server serves two users, and shows one what is the other's.",
    seen: "context-forge 2055, 4205",
    here: "Sessions share nothing.",
  },
  {
    id: "LP-16",
    elsewhere: "A session ends, and those it had started for its subtasks stay.",
    seen: "openclaw 68916, 70860",
    here: "A session opened with `parent` ends with it.",
  },
  {
    id: "LP-17",
    elsewhere: "Clients go without a word: not one DELETE in 12 hours.",
    seen: "n8n 33201, executor 1684",
    here: "Idle and lifetime limits end such a session; so does a host that notices, as the gateway of this package does.",
  },
];
