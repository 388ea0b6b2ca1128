import { expect } from "vitest";

/** The last means, whichever this machine has: a cgroup's where one can be made, else a signal. */
export const forcedMeans = expect.stringMatching(/^(cgroup\.kill|SIGKILL)$/) as string;
