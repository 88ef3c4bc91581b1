import type {
  PlannedChange,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { createHash } from 'node:crypto';

/** SHA-256 of what is asked for and what it changes; equal for equal content in any key order. */
export function hashPlan(
  subject: UpgradeSubject,
  changes: PlannedChange[],
): string {
  return createHash('sha256')
    .update(
      canonicalJson({
        kind: subject.kind,
        subject: pick(subject),
        changes: changes.map(
          subject.kind === 'sidecars' ? withoutYaml : withYamlBefore,
        ),
      }),
    )
    .digest('hex');
}

/** A restart is the same whenever somebody else restarted the pods before. */
function withoutYaml({ yaml, ...change }: PlannedChange): PlannedChange {
  return change;
}

/** What comes of it follows from the object as it is; an API server may refuse to say it at one time and not at another. */
function withYamlBefore({ yaml, ...change }: PlannedChange): PlannedChange {
  return yaml === undefined
    ? change
    : { ...change, yaml: { before: yaml.before } };
}

/** A start request carries more than its subject. */
function pick(subject: UpgradeSubject): object {
  switch (subject.kind) {
    case 'mesh':
      return { meshId: subject.meshId, targetVersion: subject.targetVersion };
    case 'leftovers':
      return { meshId: subject.meshId, leftovers: subject.leftovers };
    default:
      return { workloads: subject.workloads };
  }
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, node) =>
    node !== null && typeof node === 'object' && !Array.isArray(node)
      ? Object.fromEntries(
          Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : node,
  );
}
