import { describe, expect, it } from "vitest";
import { directoryOf } from "../../../src/processes/containment/cgroup-mount.js";

const v1 =
  "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n";

describe("the directory of one's own cgroup", () => {
  it.each<[string, string, string, string | undefined]>([
    [
      "a system of version 2 alone",
      "0::/user.slice/user-1000.slice/user@1000.service/app.slice/gateway.service",
      "25 1 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate",
      "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/gateway.service",
    ],
    [
      "version 2 in its unified place beside version 1",
      "4:memory:/other\n1:name=systemd:/\n0::/",
      `${v1}41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`,
      "/sys/fs/cgroup/unified",
    ],
    [
      "a container, which has only its part of the hierarchy mounted",
      "0::/docker/4f1e/app",
      "25 1 0:22 /docker/4f1e /sys/fs/cgroup ro - cgroup2 cgroup rw",
      "/sys/fs/cgroup/app",
    ],
    [
      "a mount point with a space in it",
      "0::/a",
      "25 1 0:22 / /mnt/my\\040groups rw - cgroup2 cgroup2 rw",
      "/mnt/my groups/a",
    ],
    ["version 1 alone", "4:memory:/other\n1:name=systemd:/", v1, undefined],
    ["version 2 that is not mounted", "0::/a", v1, undefined],
    ["a part of it that is not mounted", "0::/a", "25 1 0:22 /b /sys/fs/cgroup rw - cgroup2 cgroup2 rw", undefined],
    ["a neighbour of the same beginning", "0::/ab", "25 1 0:22 /a /sys/fs/cgroup rw - cgroup2 cgroup2 rw", undefined],
    ["a cgroup outside of the namespace", "0::/../x", "25 1 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", undefined],
  ])("should be found, or found to be none, in %s", (_where, cgroups, mounts, expected) => {
    expect(directoryOf(cgroups, mounts)).toBe(expected);
  });
});
