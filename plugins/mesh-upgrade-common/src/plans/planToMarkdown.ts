import type { PlannedChange, UpgradePlan } from '../types';
import { unifiedDifference } from './unifiedDifference';

/**
 * A plan as Markdown, for a change request or a review, with what changes in the YAML of each object. Everything that came
 * from a cluster is escaped, so that a name cannot become a link or a heading.
 *
 * @public
 */
export function planToMarkdown(plan: UpgradePlan): string {
  const { fromVersion, targetVersion, driver, hash } = plan;
  const title = titleOf(plan);
  const facts = [
    fromVersion && `From ${fromVersion} to ${targetVersion}`,
    driver && `By ${driver}`,
    `Pods that are replaced: ${plan.pods}`,
    plan.usualSeconds !== undefined &&
      `Usually done in ${duration(plan.usualSeconds)}`,
    `Plan ${hash}`,
  ].filter(fact => fact !== undefined && fact !== '' && fact !== false);
  return [
    `# ${escape(title)}`,
    '',
    ...facts.map(fact => `- ${escape(String(fact))}`),
    '',
    '## Changes, in order',
    '',
    '| # | cluster | object | before | after | effect |',
    '|---|---|---|---|---|---|',
    ...plan.changes.map(
      ({ cluster, object, before, after, effect }, index) =>
        `| ${[
          ...[String(index + 1), cluster, object, before, after].map(escape),
          // Commands stay on lines of their own.
          effect.split('\n').map(escape).join('<br>'),
        ].join(' | ')} |`,
    ),
    ...plan.changes.flatMap(differenceOf),
    ...stepsOf(plan),
    ...(plan.skipped.length > 0
      ? [
          '',
          '## Left as it is',
          '',
          ...plan.skipped.map(
            ({ workload, reason }) =>
              `- ${escape(workload)}: ${escape(reason)}`,
          ),
        ]
      : []),
    '',
  ].join('\n');
}

function titleOf({ kind, meshId = '', targetVersion }: UpgradePlan): string {
  switch (kind) {
    case 'mesh':
      return `Upgrade of mesh ${meshId} to ${targetVersion}`;
    case 'leftovers':
      return `Removal of leftovers of mesh ${meshId}`;
    default:
      return `Sidecar upgrade to ${targetVersion}`;
  }
}

function differenceOf(
  { object, cluster, yaml }: PlannedChange,
  index: number,
): string[] {
  const { before = '', after = '' } = yaml ?? {};
  const difference = unifiedDifference(before, after);
  if (difference === '') {
    return [];
  }
  // A fence ends at one that is as long: the content must not hold such a one.
  const ticks = difference.match(/`+/g)?.map(({ length }) => length) ?? [];
  const fence = '`'.repeat(Math.max(3, ...ticks.map(length => length + 1)));
  return [
    '',
    `### ${index + 1}. ${escape(`${object}, ${cluster}`)}`,
    '',
    `${fence}diff`,
    difference,
    fence,
  ];
}

function stepsOf({ steps = [] }: UpgradePlan): string[] {
  return steps.length > 0
    ? [
        '',
        '## Steps',
        '',
        '| # | phase | cluster | step | usually |',
        '|---|---|---|---|---|',
        ...steps.map(
          ({ phase, cluster, title, usualSeconds }, index) =>
            `| ${[
              String(index + 1),
              phase === 'upgrade' ? 'upgrade' : 'health check',
              cluster,
              title,
              usualSeconds === undefined ? '' : duration(usualSeconds),
            ]
              .map(escape)
              .join(' | ')} |`,
        ),
      ]
    : [];
}

function duration(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : `${Math.round(seconds / 60)} min`;
}

function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|!]/g, character => `\\${character}`);
}
