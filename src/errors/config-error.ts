import { LifecycleError } from "./lifecycle-error.js";

/** Configuration, option or argument that cannot be used. `field` is its path, as in `mcpServers.files.lifecycle.verifyMs`. */
export class ConfigError extends LifecycleError {
  readonly field: string;

  constructor(field: string, problem: string, cause?: unknown) {
    super("CONFIG_INVALID", `${field}: ${problem}`, { cause });
    this.field = field;
  }
}
