import { isatty } from "node:tty";

/** Of standard input, output and error, those that were a terminal when the command began. */
const terminals = [0, 1, 2].filter((fd) => isatty(fd));

/** Whether the terminal that this command was started on has closed since. It sends SIGHUP then, and so does whoever wants a reload. */
export function terminalIsGone(): boolean {
  return terminals.length > 0 && terminals.every((fd) => !isatty(fd));
}
