import * as z from "zod";

/** Every field of `T` must have its schema, so that a field added to the type cannot be forgotten here. */
export type ShapeOf<T> = { readonly [K in keyof Required<T>]: z.ZodType };

/** An object without other fields than these: a misspelt one would do nothing and say nothing. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  // The message of an unknown field is the list of the known ones; `problemsOf` makes a sentence of it for each.
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? known : undefined) });
}
