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
  }),
  z.strictObject({
    kind: z.literal('sidecars'),
    workloads: z
      .array(name)
      .min(1, 'must not be empty: nothing selected is nothing done'),
  }),
]);

/** @throws InputError naming every field that does not fit. */
export function parseSubject(body: unknown): UpgradeSubject {
  return parse(subject, body);
}

/** @throws InputError naming every field that does not fit. */
export function parseStartRun(body: unknown): StartRunRequest {
  const { planHash, consents, ...rest } = (body ?? {}) as Record<
    string,
    unknown
  >;
  return {
    ...parse(subject, rest),
    ...parse(z.object({ planHash: name, consents: z.array(name).optional() }), {
      planHash,
      consents,
    }),
  };
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
