import type { z } from 'zod';

/** All problems in one line, each with where it is; values are never repeated, they may be secret. */
export function describeProblems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    )
    .join('; ');
}
