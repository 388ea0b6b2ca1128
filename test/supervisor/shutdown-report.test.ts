import { expect, test } from "vitest";
import type { ConnectionReceipt, SessionReceipt } from "../../src/supervisor/receipts.js";
import { reportOf } from "../../src/supervisor/shutdown-report.js";

const receipt = (...connections: Partial<ConnectionReceipt>[]) => ({ connections }) as unknown as SessionReceipt;

test("a shutdown's report should count connections: what is closed, what had to be killed, what is left", () => {
  const receipts = [
    receipt({ outcome: "closed", means: "EOF" }, { outcome: "closed", means: "SIGKILL" }),
    receipt({ outcome: "leaked", means: "SIGKILL" }, { outcome: "unconfirmed", means: "none" }),
    receipt({ outcome: "closed", means: "cgroup.kill" }),
    receipt(),
  ];
  expect(reportOf(receipts)).toEqual({ closed: 4, forced: 2, leaked: 1, receipts });
});
