import type { RootConfigService } from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { InputError, toError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import {
  DEFAULT_POLICY,
  type MinuteOfDay,
  type RunPolicy,
  type Weekday,
} from './RunPolicy';

const DAYS: Record<string, Weekday> = {
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};

const names = z.array(z.string().trim().min(1)).min(1);
const kinds = z.array(z.enum(['mesh', 'sidecars', 'leftovers'])).min(1);
const count = z.number().int().min(1);

const day = z
  .string()
  .transform(text => DAYS[text.toLowerCase()])
  .refine(found => found !== undefined, {
    message: `must be one of ${Object.keys(DAYS).join(', ')}`,
  });

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 22:00')
  .transform((text): MinuteOfDay => {
    const [hours, minutes] = text.split(':').map(Number);
    return hours * 60 + minutes;
  });

const timeZone = z.string().refine(IANAZone.isValidZone, {
  message: 'must be an IANA time zone such as Europe/Berlin',
});

const schema = z.object({
  windows: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).optional(),
        meshes: names.optional(),
        clusters: names.optional(),
        kinds: kinds.optional(),
        days: z.array(day).min(1),
        from: time,
        to: time,
        timeZone,
      }),
    )
    .optional(),
  approval: z.strictObject({ kinds, meshes: names.optional() }).optional(),
  canaryClusters: names.optional(),
  clustersAtOnce: count.optional(),
  concurrency: count.optional(),
});

/**
 * Reads when and how runs may go on from `meshUpgrade.upgrades`. Never throws;
 * a rule that cannot be read is no permission, so it becomes `problem`.
 */
export function readRunPolicy(config: RootConfigService): RunPolicy {
  // Read from its root: a parent of a wrong kind makes the reader throw.
  const root: unknown = config.getOptional('meshUpgrade');
  const parsed = z
    .object({ upgrades: schema.optional() })
    .safeParse(root ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) =>
        `${['meshUpgrade', ...path].join('.')}: ${message}`,
    );
    return { ...DEFAULT_POLICY, problem: problems.join('; ') };
  }
  let stepTimeoutMs: number;
  try {
    stepTimeoutMs = readStepTimeout(config);
  } catch (error) {
    return { ...DEFAULT_POLICY, problem: toError(error).message };
  }
  const {
    windows = [],
    canaryClusters = DEFAULT_POLICY.canaryClusters,
    clustersAtOnce = DEFAULT_POLICY.clustersAtOnce,
    concurrency = DEFAULT_POLICY.concurrency,
    approval,
  } = parsed.data.upgrades ?? {};
  return {
    windows: windows.map((window, i) => ({
      ...window,
      name: window.name ?? `window ${i + 1}`,
    })),
    approval,
    canaryClusters,
    clustersAtOnce,
    concurrency,
    stepTimeoutMs,
  };
}

function readStepTimeout(config: RootConfigService): number {
  const key = 'meshUpgrade.upgrades.stepTimeout';
  if (!config.has(key)) {
    return DEFAULT_POLICY.stepTimeoutMs;
  }
  const timeout = durationToMilliseconds(
    readDurationFromConfig(config, { key }),
  );
  if (timeout <= 0) {
    throw new InputError(`${key}: must be longer than nothing`);
  }
  return timeout;
}
