import { readFileSync } from "node:fs";

/**
 * The overview of the session machine as SVG, to put into a page as it is: it brings its style, light and dark, and needs no script, font
 * or request.
 *
 * Every state is there once, as a card or as a small frame in the card of the state around it, and carries its path in `data-state`:
 * `active.live.busy`, `ended.disposing`. The class `here` on such an element makes it stand out; `x`, `y` and `width` of its `rect` say
 * where a count can stand. Read once from the package's files; throws if these are not there.
 */
export function sessionPicture(): string {
  // Its links lead to pictures that are not there where it is put.
  picture ??= readFileSync(committed, "utf8").replaceAll(/<a href="[^"]*">|<\/a>/g, "");
  return picture;
}

const committed = new URL("../../docs/diagrams/session.svg", import.meta.url);

let picture: string | undefined;
