import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  passed,
  undecided,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { analysisLink } from '../configuration/analysisLink';
import {
  matchedFilters,
  outdatedValues,
  patchProblems,
  proxyVersionsOf,
  type EnvoyFilter,
} from '../configuration/envoyFilters';
import {
  PATCH_JUDGEMENTS,
  PATCHES_OF_INTERNALS,
  type FilterJudgement,
} from '../configuration/filterJudgements';
import { CANONICAL_FILTER_NAMES } from '../configuration/filterNames';
import {
  checkedObject,
  count,
  nameAll,
  nameOf,
} from '../configuration/objects';
import {
  matchChange,
  type MatchChange,
} from '../configuration/proxyVersionMatch';
import { ENVOY_FILTERS } from '../configuration/resources';
import type { MeshCheck } from '../types';

const KIND = 'EnvoyFilter';

interface World {
  cluster: string;
  targetVersion: string;
  /** Versions that proxies and control planes of the mesh run. */
  running: string[];
  filters: EnvoyFilter[];
}

/** Configuration that reaches into Envoy, which no upgrade keeps stable. */
export function breakingConfiguration(): MeshCheck {
  return {
    id: 'breaking-configuration',
    title: 'Configuration that the target breaks',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, mesh, targetVersion, list }) {
      return judgeEnvoyFilters({
        cluster: cluster.cluster,
        targetVersion,
        running: runningVersions(mesh),
        filters: await list<EnvoyFilter>(ENVOY_FILTERS),
      });
    },
  };
}

function runningVersions(mesh: {
  versions: string[];
  proxyVersions: { version: string }[];
}): string[] {
  const proxies = mesh.proxyVersions
    .map(({ version }) => version)
    .filter(version => parseIstioVersion(version) !== undefined);
  return [...new Set([...proxies, ...mesh.versions])];
}

/** Judges the EnvoyFilters of a cluster. */
export function judgeEnvoyFilters(world: World): Finding[] {
  const { cluster, filters } = world;
  if (filters.length === 0) {
    return [
      passed({
        title: `${cluster} has no EnvoyFilter`,
        object: `cluster ${cluster}`,
        observed: 'No EnvoyFilter',
        expected: 'None, or none that an upgrade can break',
      }),
    ];
  }
  return [
    ...versionChanges(world),
    ...[...patchProblems(filters)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([problem, hit]) => say(hit, PATCH_JUDGEMENTS[problem])),
    ...oldNames(filters),
    ...oldValues(filters),
    say(filters, PATCHES_OF_INTERNALS),
  ];
}

/** One finding per EnvoyFilter: each is a decision of its own. */
function versionChanges({ filters, running, targetVersion }: World): Finding[] {
  return filters.flatMap(filter =>
    proxyVersionsOf(filter).flatMap(expression => {
      const change = matchChange(expression, running, targetVersion);
      return change === 'same'
        ? []
        : [
            versionChange(filter, expression, change, {
              running,
              targetVersion,
            }),
          ];
    }),
  );
}

function versionChange(
  filter: EnvoyFilter,
  expression: string,
  change: Exclude<MatchChange, 'same'>,
  { running, targetVersion }: Pick<World, 'running' | 'targetVersion'>,
): Finding {
  const object = checkedObject(KIND, filter);
  const name = nameOf(object);
  const says = {
    object: name,
    observed: `proxyVersion ${expression}; proxies run ${running.join(', ')}`,
    expected: `Matches the same proxies when they run ${targetVersion}`,
    objects: [object],
    link: {
      title: 'EnvoyFilter proxyVersion',
      url: 'https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-ProxyMatch',
    },
  };
  return change === 'unreadable'
    ? undecided({
        ...says,
        title: `Whether ${name} applies to ${targetVersion} cannot be told`,
        remedy:
          'Its proxyVersion is no regular expression of RE2; correct it, then Recheck.',
        blocks: false,
      })
    : consent({
        ...says,
        title: `${name} ${
          change === 'stops' ? 'stops applying' : 'starts to apply'
        } to proxies of ${targetVersion}`,
        remedy:
          change === 'stops'
            ? `Add patches for ${targetVersion} before the upgrade if they are still wanted.`
            : `Make sure that its patches are meant for ${targetVersion}.`,
      });
}

function oldNames(filters: EnvoyFilter[]): Finding[] {
  const hit = filters.filter(filter => oldNamesOf(filter).length > 0);
  const names = [...new Set(hit.flatMap(oldNamesOf))].sort();
  return hit.length === 0
    ? []
    : [
        say(hit, {
          severity: 'warning',
          title: them =>
            `Filters are looked for by names that are gone in ${them}`,
          observed: names.join(', '),
          expected: names.map(name => CANONICAL_FILTER_NAMES[name]).join(', '),
          remedy:
            'Use the canonical names: Istio generates no others, so that the patches find nothing.',
          link: analysisLink('IST0133'),
        }),
      ];
}

function oldNamesOf(filter: EnvoyFilter): string[] {
  return matchedFilters(filter).filter(name =>
    Object.hasOwn(CANONICAL_FILTER_NAMES, name),
  );
}

function oldValues(filters: EnvoyFilter[]): Finding[] {
  const untyped = filters.filter(
    filter => outdatedValues(filter).untyped.length > 0,
  );
  const v2 = filters.filter(filter => outdatedValues(filter).v2.length > 0);
  return [
    ...(v2.length > 0
      ? [
          say(v2, {
            severity: 'consent',
            title: them => `Values of Envoy's v2 API in ${them}`,
            observed: v2.flatMap(each => outdatedValues(each).v2).join(', '),
            expected: 'Types of the v3 API of Envoy',
            remedy:
              'Write the values in the v3 API: proxies refuse the whole configuration that the patch is in.',
            link: analysisLink('IST0106'),
          }),
        ]
      : []),
    ...(untyped.length > 0
      ? [
          say(untyped, {
            severity: 'warning',
            title: them => `Filters are put in by their name alone in ${them}`,
            observed: untyped
              .flatMap(each => outdatedValues(each).untyped)
              .join(', '),
            expected: 'Every filter with a typed_config',
            remedy: 'Give each filter its typed_config.',
            link: analysisLink('IST0133'),
          }),
        ]
      : []),
  ];
}

function say(filters: EnvoyFilter[], judgement: FilterJudgement): Finding {
  const objects = filters.map(filter => checkedObject(KIND, filter));
  const { severity, title, observed, ...rest } = judgement;
  return (severity === 'consent' ? consent : warning)({
    ...rest,
    title: title(count(filters.length, KIND)),
    object: nameAll(objects),
    observed,
    objects,
  });
}
