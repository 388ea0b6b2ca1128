import { styleText } from "node:util";
import Table from "cli-table3";

/** One server of one session, as the live table shows it. */
export interface TableRow {
  readonly session: string;
  readonly sessionState: string;
  readonly server: string;
  readonly connection: string;
  /** From the process table; `undefined` where it cannot be read. */
  readonly processes: number | undefined;
}

/** The table of sessions, their states, their connections and their processes. */
export function renderTable(rows: readonly TableRow[], { colors }: { colors: boolean }): string {
  const paint = colors ? paintState : (state: string) => state;
  const table = new Table({
    head: ["session", "state", "server", "connection", "processes"],
    style: colors ? { head: ["bold"], border: ["dim"], compact: true } : { head: [], border: [], compact: true },
    colAligns: ["left", "left", "left", "left", "right"],
  });
  rows.forEach((row, index) => {
    const isFirst = rows[index - 1]?.session !== row.session;
    table.push([
      isFirst ? row.session : "",
      isFirst ? paint(row.sessionState) : "",
      row.server,
      paint(row.connection),
      row.processes === undefined ? "?" : row.processes,
    ]);
  });
  return table.toString();
}

type Color = Parameters<typeof styleText>[0];

const colorsByState: readonly (readonly [RegExp, Color])[] = [
  [/leaked/, "red"],
  [/open$|live|busy|idle/, "green"],
  [/closed|proven|gone/, "dim"],
  [/opening|closing|draining|disposing|errored|timedOut|reset|ended/, "yellow"],
];

function paintState(state: string): string {
  const [, color] = colorsByState.find(([pattern]) => pattern.test(state)) ?? [];
  return color === undefined ? state : styleText(color, state);
}
