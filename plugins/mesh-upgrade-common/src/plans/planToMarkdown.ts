import type { UpgradePlan } from '../types';

/**
 * A plan as Markdown, for a change request or a review. Everything that came
 * from a cluster is escaped, so that a name cannot become a link or a heading.
 *
 * @public
 */
export function planToMarkdown(plan: UpgradePlan): string {
  const { kind, meshId, fromVersion, targetVersion, driver, hash } = plan;
  const title =
    kind === 'mesh'
      ? `Upgrade of mesh ${meshId ?? ''} to ${targetVersion}`
      : `Sidecar upgrade to ${targetVersion}`;
  const facts = [
    fromVersion && `From ${fromVersion} to ${targetVersion}`,
    driver && `By ${driver}`,
    `Pods that are replaced: ${plan.pods}`,
    `Plan ${hash}`,
  ].filter(fact => fact !== undefined && fact !== '');
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
        `| ${[String(index + 1), cluster, object, before, after, effect]
          .map(escape)
          .join(' | ')} |`,
    ),
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

function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|!]/g, character => `\\${character}`);
}
