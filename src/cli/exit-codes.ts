/** A process or a record could not be ended. */
export const somethingLeft = 1;

/** Options or configuration that cannot be used. */
export const badInput = 2;
