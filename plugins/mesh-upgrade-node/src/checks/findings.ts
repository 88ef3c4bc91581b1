import type {
  CheckedObject,
  CheckSeverity,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Finding } from './checks';

/** @public */
export interface Says {
  /** One line: what it means. */
  title: string;
  /** What was looked at, e.g. `Deployment istio-system/istiod`. */
  object: string;
  /** What it was like; without times and counters that change by themselves, as the consent to a finding hangs on it. */
  observed: string;
  expected: string;
  /** All objects hit; the finding keeps the first 50 and their number. */
  objects?: CheckedObject[];
  link?: Finding['link'];
  /** Only needed by checks of a whole mesh. */
  cluster?: string;
}

/** @public */
export interface SaysWhatToDo extends Says {
  remedy: string;
}

const MOST_OBJECTS = 50;

/** It is as it should be. @public */
export function passed(says: Says): Finding {
  return finding('passed', { ...says, remedy: '' });
}

/** Worth knowing; nothing to do. @public */
export function info(says: Says & { remedy?: string }): Finding {
  return finding('info', { ...says, remedy: says.remedy ?? '' });
}

/** Something will be worse for it; the upgrade may go on. @public */
export function warning(says: SaysWhatToDo): Finding {
  return finding('warning', says);
}

/** The upgrade may go on when the user agrees. @public */
export function consent(says: SaysWhatToDo): Finding {
  return finding('consent', says);
}

/** The upgrade may not start. @public */
export function blocker(says: SaysWhatToDo): Finding {
  return finding('blocker', says);
}

/**
 * It could not be decided.
 *
 * @param says - `blocks` overrides what the worst severity of the check implies
 * @public
 */
export function undecided(says: SaysWhatToDo & { blocks?: boolean }): Finding {
  return {
    ...finding('unknown', says),
    ...(says.blocks !== undefined && { blocks: says.blocks }),
  };
}

function finding(severity: CheckSeverity, says: SaysWhatToDo): Finding {
  const { title, object, observed, expected, remedy, objects } = says;
  return {
    severity,
    title,
    evidence: { object, observed, expected },
    remedy,
    ...(says.cluster !== undefined && { cluster: says.cluster }),
    ...(says.link && { link: says.link }),
    ...(objects?.length && {
      objects: objects.slice(0, MOST_OBJECTS),
      objectsTotal: objects.length,
    }),
  };
}
