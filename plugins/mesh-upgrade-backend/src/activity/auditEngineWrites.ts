import type { AuditorService } from '@backstage/backend-plugin-api';
import type { EngineWrite } from '../upgrades/types';

/**
 * One audit event per write the engine makes on a cluster, closed by its
 * outcome and tied to its run. A write is never held up by the audit.
 */
export function auditEngineWrites(
  auditor: AuditorService,
): (write: EngineWrite) => Promise<void> {
  return async ({ run, step, action, outcome, error }) => {
    if (outcome === 'initiated') {
      return;
    }
    const event = await auditor.createEvent({
      eventId: 'cluster-write',
      severityLevel: 'medium',
      meta: {
        actionType: action,
        runId: run.id,
        stepId: step.id,
        cluster: step.cluster,
        object: step.title,
        startedBy: run.startedBy,
      },
    });
    if (error) {
      await event.fail({ error });
    } else {
      await event.success();
    }
  };
}
