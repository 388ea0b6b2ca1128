import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFolders } from "../../src/recovery/make-folders.js";

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "folders-"))));
afterEach(async () => await rm(folder, { recursive: true }));

describe("making folders", () => {
  test("should make what is missing above, with the mode asked for, and be content with what is there", async () => {
    const path = join(folder, "a", "b");
    await makeFolders(path, { mode: 0o700 });
    await makeFolders(path, { mode: 0o700 });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  test("should refuse what cannot be made, rather than try for ever", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(makeFolders(join(folder, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test.runIf(process.platform === "linux")(
    "should refuse below /proc, where a missing name stays missing",
    async () => {
      await expect(makeFolders("/proc/no-such/folder")).rejects.toMatchObject({
        code: expect.stringMatching(/ENOENT|EACCES/) as string,
      });
    },
  );
});
