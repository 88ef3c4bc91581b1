import type { AuditorService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';

type AuditorEventOptions = Parameters<AuditorService['createEvent']>[0];

/**
 * Runs `action` inside one audit event that is closed by its outcome; a denied
 * permission is an outcome too.
 */
export async function withAudit<T>(
  auditor: AuditorService,
  options: AuditorEventOptions,
  action: () => Promise<T>,
  describe?: (result: T) => AuditorEventOptions['meta'],
): Promise<T> {
  const event = await auditor.createEvent(options);
  try {
    const result = await action();
    await event.success({ meta: describe?.(result) });
    return result;
  } catch (error) {
    await event.fail({ error: toError(error) });
    throw error;
  }
}
