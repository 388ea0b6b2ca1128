import * as z from "zod";

/** Text that can be handed to a new process: the system ends a string at a NUL, so Node refuses one. */
export const plainText = z.string().refine((value) => !value.includes("\0"), "must not contain a NUL character");

const variableName = z
  .string()
  .refine(
    (name) => name !== "" && !/[=\0]/.test(name),
    "an environment variable's name must not be empty nor contain = or NUL",
  );
// RFC 9110 section 5.6.2 (token) and 5.5 (field values): what fetch would refuse later, at each request.
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9a-zA-Z-]+$/, "not a header name");
const headerValue = z
  .string()
  .refine(
    (value) => !/[^\t -~\u0080-\u00ff]/.test(value),
    "not a header value: it has a line break or a character beyond Latin-1",
  );

/** Environment variables by name. */
export const variables = z.record(variableName, plainText);

/** HTTP headers by name. */
export const headers = z.record(headerName, headerValue);
