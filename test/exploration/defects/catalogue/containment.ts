import type { Defect } from "../defect.js";
import { processTest, recoveryTest } from "./known-tests.js";

const cgroupTest = (title: string) => processTest("containment/cgroup", title);

/** Of the levels at which a tree is held. */
export const containmentDefects: readonly Defect[] = [
  {
    id: "joins-after-exec",
    what: "the server runs for a moment before it is in its cgroup",
    file: "src/processes/containment/join-script.ts",
    find: "`{ echo 0 >${quoted(`${cgroup}/cgroup.procs`)}; } 2>&3 || exit 125`,",
    replace: "`{ (sleep 0.1; echo $$ >${quoted(`${cgroup}/cgroup.procs`)}) & } 2>&3`,",
    caughtBy: cgroupTest("should be in it before its program executes"),
  },
  {
    id: "cgroup-members-not-held",
    what: "who is in the cgroup is not taken for a member",
    file: "src/processes/find-members.ts",
    find: "held.has(candidate.pid) ||\n",
    replace: "",
    caughtBy: cgroupTest("should not be called gone while the kernel says"),
  },
  {
    id: "cgroup-left-behind",
    what: "the cgroup of a tree that is gone stays",
    file: "src/processes/census-queue.ts",
    find: "return cgroup === undefined || cgroup.remove();",
    replace: "return cgroup === undefined || !cgroup.isPopulated();",
    caughtBy: cgroupTest("should be gone, directory and all"),
  },
  {
    id: "cgroup-removed-before-proof",
    what: "what is below a cgroup is removed while somebody is in it",
    file: "src/processes/containment/cgroup.ts",
    find: "remove: () => !isPopulated() && directoriesBelow",
    replace: "remove: () => directoriesBelow",
    caughtBy: cgroupTest("should lose nothing while somebody is in it"),
  },
  {
    id: "cgroup-not-killed-at-once",
    what: "who is in a cgroup is killed one after the other",
    file: "src/processes/signal-members.ts",
    find: "const inside = rest.record.cgroup?.kill(rest.kill) ?? [];",
    replace: "const inside: readonly number[] = [];",
    caughtBy: cgroupTest("should be killed by the kernel, and nobody"),
  },
  {
    id: "exec-failure-not-told",
    what: "a program that cannot be executed counts as started",
    file: "src/processes/spawn-leader.ts",
    find: 'if (told === "") return leader;',
    replace: 'if (told !== "never") return leader;',
    caughtBy: cgroupTest("should reject a"),
  },
  {
    id: "cgroup-of-another-believed",
    what: "a record may name the cgroup of any tree of ours",
    file: "src/processes/containment/recognised-cgroup.ts",
    find: "if (basename(path) !== nameFor(cookie) || join(",
    replace: "if (!basename(path).startsWith(cgroupPrefix) || join(",
    caughtBy: recoveryTest("cgroup", "should end nobody in the cgroup of another tree"),
  },
  {
    id: "cgroup-behind-a-link-believed",
    what: "a record may name a cgroup by a link",
    file: "src/processes/containment/recognised-cgroup.ts",
    find: "realpathSync(path) === path && ",
    replace: "",
    caughtBy: cgroupTest("should not be recognised behind a link"),
  },
  {
    id: "any-directory-taken-for-cgroup",
    what: "a record may name a directory that is no cgroup",
    file: "src/processes/containment/recognised-cgroup.ts",
    find: " && statfsSync(path).type === cgroup2;",
    replace: ";",
    caughtBy: cgroupTest("should not be recognised behind a link"),
  },
  {
    id: "populated-not-read",
    what: "a tree is gone although the kernel says that somebody is in its cgroup",
    file: "src/recovery/plan.ts",
    find: " && !held?.isPopulated)",
    replace: ")",
    caughtBy: recoveryTest("plan", "should not call a tree gone while its cgroup is populated"),
  },
  {
    id: "reaper-ignores-cgroup",
    what: "the reaper does not look into the cgroup of a record",
    file: "src/recovery/reap.ts",
    find: "held: heldByCgroups(dead) };",
    replace: "held: new Map(heldByCgroups([])) };",
    caughtBy: recoveryTest("cgroup", "should end who is in it, although nothing else tells"),
  },
];
