import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { type EndReason } from "../../src/index.js";
import { endReasons } from "../../src/machines/index.js";
import { type EverythingOverHttp, startEverythingOverHttp } from "./support/everything-http-subject.js";
import { hostileKinds } from "./support/hostile-subjects.js";
import { httpKind, sseKind } from "./support/http-subjects.js";
import { applies, type Moment, moments } from "./support/moments.js";
import { everythingKind, filesystemKind, npxKind, shellKind } from "./support/reference-subjects.js";
import { runCell } from "./support/run-cell.js";
import type { SubjectKind } from "./support/subject.js";

// Most of a cell is spent waiting for graces.
vi.setConfig({ maxConcurrency: 12 });

const kinds: readonly SubjectKind[] = [...hostileKinds, everythingKind, shellKind, filesystemKind, httpKind, sseKind];

describe.runIf(process.platform === "linux")("a server on real processes and sockets", () => {
  for (const kind of kinds) {
    describe.concurrent(kind.name, () => {
      for (const moment of moments.filter((each) => applies(each, kind))) {
        it.each(endReasons)(`should leave nothing when its session is %s ${moment}`, (reason) =>
          runCell(kind, reason, moment),
        );
      }
    });
  }

  // npm starts slowly: each end and each moment once, and the loss of the wrapper twice.
  describe.concurrent(npxKind.name, () => {
    it.each<[EndReason, Moment]>([
      ["ended", "while opening"],
      ["reset", "while idle"],
      ["timedOut", "with a call in flight"],
      ["ended", "while asleep"],
      ["errored", "while idle"],
      ["errored", "with a call in flight"],
    ])("should leave nothing when its session is %s %s", (reason, moment) => runCell(npxKind, reason, moment));
  });

  describe.concurrent("server-everything over Streamable HTTP", () => {
    let everything: EverythingOverHttp;
    beforeAll(async () => {
      everything = await startEverythingOverHttp();
    });
    afterAll(() => everything[Symbol.asyncDispose]());

    for (const moment of moments) {
      it.each(endReasons)(`should leave nothing when its session is %s ${moment}`, (reason) =>
        runCell(everything.kind, reason, moment),
      );
    }
  });
});
