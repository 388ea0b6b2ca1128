import { createLogUpdate } from "log-update";
import type { DemoEvent } from "./events.js";
import { eventText } from "./event-text.js";
import { renderTable, type TableRow } from "./table.js";

/** Shows what happens. */
export interface Reporter {
  report(event: DemoEvent): void;
  /** The state of everything, several times a second. */
  show(rows: readonly TableRow[]): void;
}

/** One JSON object per line. */
export function jsonReporter(output: NodeJS.WritableStream): Reporter {
  return { report: (event) => void output.write(`${JSON.stringify(event)}\n`), show: () => {} };
}

/** Lines, for a pipe or a file. */
export function plainReporter(output: NodeJS.WritableStream): Reporter {
  return { report: (event) => void output.write(`${eventText(event)}\n`), show: () => {} };
}

/** A table that is drawn over while the demo runs; failures and receipts stay above it, the rest is what the table shows. */
export function liveReporter(output: NodeJS.WriteStream): Reporter {
  const log = createLogUpdate(output);
  const colors = output.hasColors() && process.env["NO_COLOR"] === undefined;
  const inTable = new Set<DemoEvent["event"]>(["listed", "called", "ending"]);
  let table = "";
  return {
    report(event) {
      if (inTable.has(event.event)) return;
      if (event.event === "done") {
        log.done();
        output.write(`${eventText(event)}\n`);
        return;
      }
      log.persist(eventText(event));
      log(table);
    },
    show(rows) {
      table = renderTable(rows, { colors });
      log(table);
    },
  };
}
