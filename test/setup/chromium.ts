import { existsSync } from "node:fs";

/** Where Chromium is, if it is installed; what needs it is skipped elsewhere, and says so. */
export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
