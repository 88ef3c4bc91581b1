import { InputError } from '@backstage/errors';
import type {
  StartRunRequest,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { z } from 'zod/v4';

const name = z.string().trim().min(1);

const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('mesh'),
    meshId: name,
    targetVersion: name,
    returnOf: name.optional(),
  }),
  z.strictObject({
    kind: z.literal('sidecars'),
    workloads: z
      .array(name)
      .min(1, 'must not be empty: nothing selected is nothing done'),
  }),
  z.strictObject({
    kind: z.literal('leftovers'),
    meshId: name,
    leftovers: z
      .array(name)
      .min(1, 'must not be empty: nothing selected is nothing done'),
  }),
]);

const start = z.object({
  planHash: name,
  consents: z.array(name).optional(),
  startAt: z.iso
    .datetime({ offset: true })
    .transform(text => new Date(text).toISOString())
    .optional(),
  retryOf: name.optional(),
});

const rejection = z.strictObject({ reason: name.max(1000).optional() });

/** @throws InputError naming every field that does not fit. */
export function parseSubject(body: unknown): UpgradeSubject {
  return parse(subject, body);
}

/** @throws InputError naming every field that does not fit. */
export function parseStartRun(body: unknown): StartRunRequest {
  const { planHash, consents, startAt, retryOf, ...rest } = (body ??
    {}) as Record<string, unknown>;
  return {
    ...parse(subject, rest),
    ...parse(start, { planHash, consents, startAt, retryOf }),
  };
}

/** @throws InputError naming every field that does not fit. */
export function parseRejection(body: unknown): { reason?: string } {
  return parse(rejection, body ?? {});
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `'${path.join('.') || 'body'}' ${message}`,
    );
    throw new InputError(problems.join('; '));
  }
  return result.data;
}
