import type { RunKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ApprovalRule } from './RunPolicy';

/** True when somebody else has to agree to a run. */
export function needsApproval(
  rule: ApprovalRule | undefined,
  run: { kind: RunKind; meshes: string[] },
): boolean {
  return (
    rule !== undefined &&
    rule.kinds.includes(run.kind) &&
    (rule.meshes === undefined ||
      rule.meshes.some(id => run.meshes.includes(id)))
  );
}
