import { LifecycleError } from "../errors/index.js";

/** Only who draws needs it: the package does not bring it, and nothing else loads it. */
export async function loadElk() {
  try {
    return (await import("elkjs/lib/elk.bundled.js")).default.default;
  } catch (cause) {
    throw new LifecycleError(
      "ELK_MISSING",
      "pictures are laid out by elkjs, which is not installed: npm install --save-dev elkjs",
      {
        cause,
      },
    );
  }
}
