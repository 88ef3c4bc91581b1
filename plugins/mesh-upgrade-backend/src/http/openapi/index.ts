import {
  choiceParameter,
  countParameter,
  flagParameter,
  listParameter,
  pathParameter,
  textParameter,
  timeParameter,
} from './parameters';
import {
  body,
  created,
  csv,
  many,
  one,
  oneOrLines,
  optionalBody,
  page,
  reference,
} from './responses';
import { schemas } from './schemas';

const workloadFilters = [
  textParameter('text'),
  listParameter('mesh'),
  listParameter('cluster'),
  listParameter('namespace'),
  listParameter('kind'),
  listParameter('status'),
  listParameter('version'),
  textParameter('owner'),
  flagParameter('outdated'),
  choiceParameter('sort', [
    'outdated',
    '-outdated',
    'name',
    '-name',
    'namespace',
    '-namespace',
    'cluster',
    '-cluster',
    'version',
    '-version',
    'pods',
    '-pods',
  ]),
] as const;

/** Served at `/openapi.json`; requests that do not fit are answered with 400. */
export const spec = {
  openapi: '3.0.3',
  info: {
    title: 'mesh-upgrade',
    version: '1',
    description: 'Meshes, sidecars, environment checks and upgrade runs',
    license: {
      name: 'Apache-2.0',
      url: 'http://www.apache.org/licenses/LICENSE-2.0.html',
    },
    contact: {},
  },
  servers: [{ url: '/' }],
  components: { schemas },
  paths: {
    '/clusters': {
      get: {
        operationId: 'listClusters',
        responses: many('Cluster', 'Clusters and their health'),
      },
    },
    '/meshes': {
      get: {
        operationId: 'listMeshes',
        responses: many('Mesh', 'Meshes over all clusters'),
      },
    },
    '/meshes/{id}': {
      get: {
        operationId: 'getMesh',
        parameters: [pathParameter('id')],
        responses: one('Mesh', 'One mesh'),
      },
    },
    '/meshes/{id}/versions': {
      get: {
        operationId: 'listTargetVersions',
        parameters: [
          pathParameter('id'),
          flagParameter('preReleases'),
          choiceParameter('strategy', ['inPlace', 'revision']),
        ],
        responses: one(
          'TargetVersions',
          'Versions on offer, and why others are not',
        ),
      },
    },
    '/meshes/{id}/leftovers': {
      get: {
        operationId: 'listLeftovers',
        parameters: [pathParameter('id')],
        description: 'Read from the clusters when asked',
        responses: one(
          'LeftoverList',
          'What earlier revisions of Istio left in the clusters of a mesh',
        ),
      },
    },
    '/workloads': {
      get: {
        operationId: 'listWorkloads',
        parameters: [
          ...workloadFilters,
          flagParameter('facets'),
          countParameter('limit', 1, 500),
          textParameter('cursor'),
        ],
        responses: page('Workload', 'A page of workloads', {
          facets: reference('WorkloadFacets'),
        }),
      },
    },
    '/workloads.csv': {
      get: {
        operationId: 'exportWorkloads',
        parameters: [...workloadFilters],
        responses: csv('All workloads under the filters'),
      },
    },
    '/workloads/{cluster}/{namespace}/{kind}/{name}': {
      get: {
        operationId: 'getWorkload',
        parameters: [
          pathParameter('cluster'),
          pathParameter('namespace'),
          pathParameter('kind'),
          pathParameter('name'),
        ],
        responses: one('Workload', 'A workload with its pods'),
      },
    },
    '/checks': {
      post: {
        operationId: 'checkEnvironment',
        requestBody: body('UpgradeSubject'),
        description:
          'With Accept: application/x-ndjson the answer comes line by line as checks are decided',
        responses: oneOrLines(
          'CheckReport',
          'CheckProgress',
          'Findings, read freshly',
        ),
      },
    },
    '/plans': {
      post: {
        operationId: 'planUpgrade',
        requestBody: body('UpgradeSubject'),
        responses: one('UpgradePlan', 'What an upgrade would change'),
      },
    },
    '/runs': {
      get: {
        operationId: 'listRuns',
        parameters: [
          textParameter('mesh'),
          textParameter('workload'),
          flagParameter('active'),
          listParameter('kind'),
          listParameter('state'),
          textParameter('startedBy'),
          timeParameter('since'),
          timeParameter('until'),
          countParameter('limit', 1, 500),
          textParameter('cursor'),
        ],
        responses: one(
          'RunPage',
          'Runs: those not over first, then newest first; created since and before until',
        ),
      },
      post: {
        operationId: 'startRun',
        requestBody: body('StartRun'),
        responses: created('Run', 'The run that was started'),
      },
    },
    '/runs/{id}': {
      get: {
        operationId: 'getRun',
        parameters: [pathParameter('id')],
        responses: one('Run', 'A run with its steps'),
      },
    },
    '/runs/{id}/plan': {
      get: {
        operationId: 'getRunPlan',
        parameters: [pathParameter('id')],
        responses: one('UpgradePlan', 'The plan that was confirmed'),
      },
    },
    '/runs/{id}/events': {
      get: {
        operationId: 'listRunEvents',
        parameters: [
          pathParameter('id'),
          countParameter('after', 0, Number.MAX_SAFE_INTEGER),
          flagParameter('output'),
          countParameter('limit', 1, 1000),
        ],
        responses: many('RunEvent', 'Events after the cursor, oldest first'),
      },
    },
    '/runs/{id}/stop': {
      post: {
        operationId: 'stopRun',
        parameters: [pathParameter('id')],
        responses: one('Run', 'The run, stopping'),
      },
    },
    '/runs/{id}/pause': {
      post: {
        operationId: 'pauseRun',
        parameters: [pathParameter('id')],
        responses: one('Run', 'The run, paused'),
      },
    },
    '/runs/{id}/resume': {
      post: {
        operationId: 'resumeRun',
        parameters: [pathParameter('id')],
        responses: one('Run', 'The run, going on'),
      },
    },
    '/runs/{id}/approve': {
      post: {
        operationId: 'approveRun',
        parameters: [pathParameter('id')],
        responses: one(
          'Run',
          'The run, approved by somebody else than who started it',
        ),
      },
    },
    '/runs/{id}/reject': {
      post: {
        operationId: 'rejectRun',
        parameters: [pathParameter('id')],
        requestBody: optionalBody('Rejection'),
        responses: one('Run', 'The run, which ends without a change'),
      },
    },
  },
} as const;
