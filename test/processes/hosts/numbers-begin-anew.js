/**
 * The first process of a pid namespace. It has numbers begin anew while a server of its own starts helpers, looks for these, and writes how many
 * were started, how many of them have lower numbers than the leader, and who was found.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createCookie, createProcessHost } from "../../../dist/processes/index.js";

const helpers = 8;
const pidMax = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8"));
writeFileSync("/proc/sys/kernel/ns_last_pid", String(pidMax - helpers));

const host = createProcessHost({ containment: "group" });
// In sessions of their own and without the cookie: descent is all that tells whose they are.
const script = `for helper in $(seq ${helpers}); do env -i setsid sleep 60 & done; wait`;
const spec = { command: "sh", args: ["-c", script], env: { PATH: process.env.PATH }, cookie: createCookie() };
const { ref, exited } = await host.spawn(spec);
const isComplete = ({ survivors }) => survivors.filter(({ command }) => command === "sleep 60").length === helpers;
const until = performance.now() + 10_000;
let look = await host.look(ref);
while (!isComplete(look) && performance.now() < until) {
  await pause(10);
  look = await host.look(ref);
}
const lower = look.survivors.filter(({ pid }) => pid < ref.leader.pid).length;
await host.signal(ref, "SIGKILL");
await exited;
process.stdout.write(JSON.stringify({ isComplete: isComplete(look), lower }));
