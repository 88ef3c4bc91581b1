const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const time = { type: 'string', format: 'date-time' } as const;
const count = { type: 'integer', minimum: 0 } as const;

const facet = {
  type: 'array',
  items: {
    type: 'object',
    required: ['value', 'count'],
    properties: { value: text, count },
  },
} as const;

const progress = {
  type: 'object',
  required: ['done', 'total'],
  properties: { done: count, total: count },
} as const;

const health = {
  type: 'object',
  required: ['state', 'since'],
  properties: { state: text, reason: text, remedy: text, since: time },
} as const;

const install = {
  type: 'object',
  required: ['method', 'evidence'],
  properties: {
    method: text,
    evidence: texts,
    release: {
      type: 'object',
      required: [
        'namespace',
        'name',
        'revision',
        'chart',
        'chartVersion',
        'pinned',
      ],
      properties: {
        namespace: text,
        name: text,
        revision: count,
        chart: text,
        chartVersion: text,
        pinned: texts,
      },
    },
  },
} as const;

const support = {
  type: 'object',
  required: ['state'],
  properties: { state: text, until: text, estimated: { type: 'boolean' } },
} as const;

const kubernetesRange = {
  type: 'object',
  required: ['min', 'max'],
  properties: { min: text, max: text },
} as const;

const clusterVerdicts = {
  type: 'array',
  items: {
    type: 'object',
    required: ['cluster', 'verdict'],
    properties: {
      cluster: text,
      kubernetesVersion: text,
      verdict: { type: 'string', enum: ['ok', 'tooLow', 'tooHigh', 'unknown'] },
    },
  },
} as const;

const usualSeconds = {
  type: 'number',
  description:
    'Median of what was seen of the latest runs; absent when nothing alike was',
} as const;

const subjectProperties = {
  kind: { type: 'string', enum: ['mesh', 'sidecars', 'leftovers'] },
  meshId: { type: 'string', minLength: 1 },
  targetVersion: { type: 'string', minLength: 1 },
  workloads: { type: 'array', items: { type: 'string', minLength: 1 } },
  leftovers: {
    type: 'array',
    description: 'Ids of the leftovers to remove',
    items: { type: 'string', minLength: 1 },
  },
  returnOf: { ...text, description: 'Id of the run that is taken back' },
} as const;

const wait = {
  type: 'object',
  required: ['kind', 'message'],
  properties: {
    kind: { type: 'string', enum: ['time', 'window', 'approval', 'change'] },
    until: { ...time, description: 'When it ends by itself' },
    message: text,
  },
} as const;

/** Shapes on the wire; the TypeScript types of the common package are their twins. */
export const schemas = {
  Error: {
    type: 'object',
    required: ['error', 'response'],
    properties: {
      error: {
        type: 'object',
        required: ['name', 'message'],
        properties: {
          name: text,
          message: text,
          runId: {
            ...text,
            description: 'With 409: the run that holds the mesh or workload',
          },
          plan: {
            type: 'object',
            description: 'With 409: the plan as it would be now',
          },
        },
      },
      response: { type: 'object' },
    },
  },
  Cluster: {
    type: 'object',
    required: ['name', 'title', 'mode', 'health'],
    properties: {
      name: text,
      title: text,
      mode: { type: 'string', enum: ['read', 'restart', 'full'] },
      kubernetesVersion: text,
      health,
      observedAt: time,
    },
  },
  Mesh: {
    type: 'object',
    required: [
      'id',
      'name',
      'type',
      'family',
      'status',
      'reasons',
      'versions',
      'support',
      'clusters',
      'install',
      'revisions',
      'tags',
      'components',
      'proxyVersions',
      'sidecars',
    ],
    properties: {
      id: text,
      name: text,
      type: { type: 'string', enum: ['hosted', 'dedicated', 'external'] },
      family: text,
      status: {
        type: 'string',
        enum: [
          'running',
          'notReady',
          'abnormal',
          'upgrading',
          'unreachable',
          'unknown',
        ],
      },
      reasons: texts,
      version: text,
      versions: texts,
      upgrade: {
        type: 'object',
        required: ['newest', 'seenAt'],
        properties: { newest: text, recommended: text, seenAt: time },
      },
      versionsProblem: text,
      support,
      clusters: { type: 'array', items: { type: 'object' } },
      install,
      revisions: {
        type: 'array',
        items: {
          type: 'object',
          required: [
            'cluster',
            'revision',
            'isDefault',
            'tags',
            'namespaces',
            'workloads',
          ],
          properties: {
            cluster: text,
            revision: text,
            isDefault: { type: 'boolean' },
            tags: texts,
            controlPlane: {
              type: 'object',
              required: ['namespace', 'name'],
              properties: { namespace: text, name: text },
            },
            version: text,
            injects: text,
            url: text,
            namespaces: count,
            workloads: count,
            note: text,
          },
        },
      },
      tags: {
        type: 'array',
        items: {
          type: 'object',
          required: ['cluster', 'tag', 'revision', 'namespaces', 'workloads'],
          properties: {
            cluster: text,
            tag: text,
            revision: text,
            version: text,
            namespaces: count,
            workloads: count,
            problem: text,
          },
        },
      },
      components: {
        type: 'array',
        items: {
          type: 'object',
          required: [
            'kind',
            'cluster',
            'namespace',
            'name',
            'desired',
            'ready',
            'problems',
          ],
          properties: {
            kind: {
              type: 'string',
              enum: ['istiod', 'cni', 'ztunnel', 'gateway', 'waypoint'],
            },
            cluster: text,
            namespace: text,
            name: text,
            version: text,
            behind: {
              ...text,
              description:
                'Version of its control plane when the component is older',
            },
            image: text,
            desired: count,
            ready: count,
            revision: {
              ...text,
              description:
                'Of gateways and waypoints: the revision whose istiod gives new pods the proxy',
            },
            gateway: {
              type: 'object',
              required: ['origin'],
              properties: { origin: text, name: text, class: text },
            },
            problems: texts,
          },
        },
      },
      proxyVersions: {
        type: 'array',
        items: {
          type: 'object',
          required: ['version', 'pods'],
          properties: { version: text, pods: count },
        },
      },
      sidecars: {
        type: 'object',
        required: ['total', 'current', 'workloads', 'outdatedWorkloads'],
        properties: {
          total: count,
          current: count,
          workloads: count,
          outdatedWorkloads: count,
        },
      },
      activeRun: { $ref: '#/components/schemas/RunSummary' },
    },
  },
  TargetVersions: {
    type: 'object',
    required: ['family', 'strategy', 'offered', 'refused', 'sources', 'matrix'],
    properties: {
      current: text,
      family: text,
      strategy: { type: 'string', enum: ['inPlace', 'revision'] },
      offered: {
        type: 'array',
        items: {
          type: 'object',
          required: [
            'version',
            'minor',
            'support',
            'recommended',
            'clusters',
            'sources',
          ],
          properties: {
            version: text,
            minor: text,
            support,
            kubernetes: kubernetesRange,
            recommended: { type: 'boolean' },
            preRelease: { type: 'boolean' },
            clusters: clusterVerdicts,
            notesUrl: text,
            sources: texts,
          },
        },
      },
      refused: {
        type: 'array',
        items: {
          type: 'object',
          required: ['version', 'code', 'reason'],
          properties: {
            version: text,
            code: {
              type: 'string',
              enum: [
                'older',
                'same',
                'otherFamily',
                'preRelease',
                'tooFar',
                'variant',
                'operator',
                'unreadable',
              ],
            },
            reason: text,
            hops: {
              type: 'array',
              description:
                'With tooFar: the stops on the way and the version itself, in order',
              items: {
                type: 'object',
                required: ['version', 'minor', 'support', 'clusters'],
                properties: {
                  version: text,
                  minor: text,
                  kubernetes: kubernetesRange,
                  support,
                  clusters: clusterVerdicts,
                },
              },
            },
          },
        },
      },
      sources: {
        type: 'array',
        items: {
          type: 'object',
          required: ['kind', 'source'],
          properties: {
            kind: { type: 'string', enum: ['registry', 'operator', 'static'] },
            source: text,
            seenAt: time,
            error: text,
            tags: count,
            ignoredTags: count,
            mirror: text,
            retryAt: time,
          },
        },
      },
      matrix: {
        type: 'object',
        required: ['source', 'url', 'readAt', 'stale'],
        properties: {
          source: text,
          url: text,
          readAt: { type: 'string', format: 'date' },
          stale: { type: 'boolean' },
          problem: text,
        },
      },
    },
  },
  WorkloadFacets: {
    type: 'object',
    required: ['mesh', 'cluster', 'namespace', 'kind', 'status', 'version'],
    properties: {
      mesh: facet,
      cluster: facet,
      namespace: facet,
      kind: facet,
      status: facet,
      version: facet,
    },
  },
  Workload: {
    type: 'object',
    required: [
      'id',
      'cluster',
      'namespace',
      'kind',
      'name',
      'status',
      'statusReason',
      'sidecar',
      'versions',
      'pods',
      'outdated',
      'method',
      'owners',
    ],
    properties: {
      id: text,
      cluster: text,
      namespace: text,
      kind: text,
      name: text,
      meshId: text,
      status: text,
      statusReason: text,
      sidecar: text,
      revision: text,
      desiredVersion: text,
      versions: { type: 'array', items: { type: 'object' } },
      pods: {
        type: 'object',
        required: ['total', 'ready', 'injected'],
        properties: {
          total: count,
          ready: count,
          injected: count,
          abnormal: count,
        },
      },
      replicas: {
        type: 'object',
        required: ['desired', 'ready'],
        properties: { desired: count, ready: count },
      },
      outdated: { type: 'boolean' },
      method: { type: 'object' },
      resources: { type: 'object' },
      owners: texts,
      controller: {
        type: 'object',
        required: ['kind', 'name'],
        properties: { kind: text, name: text, apiVersion: text },
      },
      gitOps: {
        type: 'object',
        required: ['tool', 'name', 'evidence'],
        properties: {
          tool: text,
          kind: text,
          name: text,
          namespace: text,
          evidence: texts,
        },
      },
      services: texts,
      lastUpgrade: {
        type: 'object',
        required: ['runId', 'outcome', 'targetVersion', 'endedAt'],
        properties: {
          runId: text,
          outcome: { type: 'string', enum: ['succeeded', 'failed'] },
          targetVersion: text,
          endedAt: text,
        },
      },
      podList: { type: 'array', items: { type: 'object' } },
    },
  },
  CheckFinding: {
    type: 'object',
    required: ['id', 'check', 'severity', 'title', 'evidence', 'remedy'],
    properties: {
      id: text,
      check: text,
      severity: {
        type: 'string',
        enum: ['blocker', 'consent', 'warning', 'info', 'unknown', 'passed'],
      },
      title: text,
      cluster: text,
      workload: text,
      direction: { type: 'string', enum: ['tooLow', 'tooHigh'] },
      evidence: {
        type: 'object',
        required: ['object', 'observed', 'expected'],
        properties: { object: text, observed: text, expected: text },
      },
      remedy: text,
      alternatives: texts,
      objects: {
        type: 'array',
        description: 'Objects hit, at most 50',
        items: {
          type: 'object',
          required: ['kind', 'name'],
          properties: { kind: text, namespace: text, name: text },
        },
      },
      objectsTotal: count,
      link: {
        type: 'object',
        required: ['title', 'url'],
        properties: { title: text, url: text },
      },
      blocks: {
        type: 'boolean',
        description: 'Of unknown: no upgrade before it is decided',
      },
    },
  },
  CheckReport: {
    type: 'object',
    required: ['checkedAt', 'findings', 'passed', 'consents'],
    properties: {
      checkedAt: time,
      passed: {
        type: 'boolean',
        description: 'No blocker, and nothing undecided that blocks',
      },
      consents: {
        type: 'array',
        description: 'Ids of the findings that a start has to consent to',
        items: text,
      },
      findings: {
        type: 'array',
        items: { $ref: '#/components/schemas/CheckFinding' },
      },
    },
  },
  CheckProgress: {
    type: 'object',
    description:
      'One line of the live answer: planned, then results, last report or error',
    required: ['type'],
    properties: {
      type: { type: 'string', enum: ['planned', 'result', 'report', 'error'] },
      checks: { type: 'array', items: { type: 'object' } },
      workloads: count,
      check: text,
      cluster: text,
      workload: text,
      findings: {
        type: 'array',
        items: { $ref: '#/components/schemas/CheckFinding' },
      },
      report: { $ref: '#/components/schemas/CheckReport' },
      error: { type: 'object' },
    },
  },
  UpgradePlan: {
    type: 'object',
    required: ['hash', 'kind', 'targetVersion', 'changes', 'pods', 'skipped'],
    properties: {
      hash: text,
      kind: text,
      meshId: text,
      fromVersion: text,
      targetVersion: text,
      driver: text,
      changes: {
        type: 'array',
        items: {
          type: 'object',
          required: ['cluster', 'object', 'before', 'after', 'effect'],
          properties: {
            cluster: text,
            object: text,
            before: text,
            after: text,
            effect: {
              ...text,
              description:
                'What happens, in a sentence; lines below it are commands for whoever does it',
            },
            yaml: {
              type: 'object',
              description:
                'The object before and after, without secrets and without what the API server keeps; absent when it is only known while it happens',
              properties: { before: text, after: text },
            },
          },
        },
      },
      pods: count,
      skipped: { type: 'array', items: { type: 'object' } },
      steps: {
        type: 'array',
        description: 'In the order in which they start',
        items: {
          type: 'object',
          required: ['phase', 'title', 'cluster'],
          properties: {
            phase: { type: 'string', enum: ['upgrade', 'healthCheck'] },
            title: text,
            cluster: text,
            usualSeconds,
          },
        },
      },
      usualSeconds,
      waitsFor: {
        type: 'array',
        description: 'What a run would wait for, were it started now',
        items: wait,
      },
    },
  },
  RunPage: {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: { $ref: '#/components/schemas/RunSummary' },
      },
      next: { ...text, description: 'Cursor of the next page' },
    },
  },
  RunSummary: {
    type: 'object',
    required: [
      'id',
      'kind',
      'state',
      'targetVersion',
      'startedBy',
      'createdAt',
      'progress',
    ],
    properties: {
      id: text,
      kind: text,
      state: {
        type: 'string',
        enum: [
          'queued',
          'running',
          'waiting',
          'paused',
          'stopping',
          'succeeded',
          'failed',
          'stopped',
        ],
      },
      meshId: text,
      fromVersion: text,
      targetVersion: text,
      startedBy: text,
      createdAt: time,
      startedAt: time,
      endedAt: time,
      progress,
      message: text,
      startAt: { ...time, description: 'Nothing is changed before' },
      waitsFor: wait,
      approval: {
        type: 'object',
        description: 'Present when somebody else has to agree',
        properties: {
          decision: { type: 'string', enum: ['approved', 'rejected'] },
          decidedBy: text,
          decidedAt: time,
          reason: text,
        },
      },
      retryOf: text,
      returnOf: text,
    },
  },
  Run: {
    allOf: [
      { $ref: '#/components/schemas/RunSummary' },
      {
        type: 'object',
        required: ['planHash', 'steps'],
        properties: {
          planHash: text,
          driver: text,
          returnTo: {
            ...text,
            description:
              'The former version, when a new run could return to it',
          },
          usualSeconds,
          steps: {
            type: 'array',
            items: {
              type: 'object',
              required: ['id', 'phase', 'title', 'cluster', 'state', 'message'],
              properties: {
                id: text,
                phase: { type: 'string', enum: ['upgrade', 'healthCheck'] },
                title: text,
                cluster: text,
                workload: text,
                state: {
                  type: 'string',
                  description:
                    'skipped: not started; or, in a run that succeeded, a proof that could not be made, for the reason in message',
                  enum: [
                    'pending',
                    'running',
                    'succeeded',
                    'failed',
                    'skipped',
                  ],
                },
                message: text,
                progress,
                startedAt: time,
                endedAt: time,
                usualSeconds,
              },
            },
          },
        },
      },
    ],
  },
  RunEvent: {
    type: 'object',
    required: ['id', 'runId', 'at', 'level', 'message'],
    properties: {
      id: count,
      runId: text,
      stepId: text,
      at: time,
      level: { type: 'string', enum: ['info', 'warning', 'error'] },
      message: text,
      output: {
        type: 'boolean',
        description: 'A line that a Job printed, with secrets masked',
      },
    },
  },
  Leftover: {
    type: 'object',
    required: ['id', 'cluster', 'kind', 'name', 'role', 'reason', 'usedBy'],
    properties: {
      id: text,
      cluster: text,
      kind: text,
      namespace: text,
      name: text,
      role: {
        type: 'string',
        enum: [
          'controlPlane',
          'injector',
          'validator',
          'revisionTag',
          'configuration',
        ],
      },
      revision: text,
      reason: { ...text, description: 'Why it counts as left over' },
      usedBy: {
        type: 'array',
        description: 'Who still uses it; empty when nobody was found',
        items: text,
      },
      obstacle: {
        ...text,
        description: 'Why it is not removed from here; absent when it can be',
      },
    },
  },
  LeftoverList: {
    type: 'object',
    required: ['items', 'problems'],
    properties: {
      items: {
        type: 'array',
        items: { $ref: '#/components/schemas/Leftover' },
      },
      problems: {
        type: 'array',
        description:
          'Clusters that could not be asked: what is left there is unknown',
        items: {
          type: 'object',
          required: ['cluster', 'message'],
          properties: { cluster: text, message: text },
        },
      },
    },
  },
  UpgradeSubject: {
    type: 'object',
    required: ['kind'],
    additionalProperties: false,
    properties: subjectProperties,
  },
  Rejection: {
    type: 'object',
    additionalProperties: false,
    properties: { reason: { type: 'string', minLength: 1, maxLength: 1000 } },
  },
  StartRun: {
    type: 'object',
    required: ['kind', 'planHash'],
    additionalProperties: false,
    properties: {
      ...subjectProperties,
      planHash: { type: 'string', minLength: 1 },
      consents: {
        type: 'array',
        description: 'Ids of the findings that the caller consents to',
        items: text,
      },
      startAt: { ...time, description: 'Change nothing before' },
      retryOf: {
        ...text,
        description: 'Id of the failed or stopped run whose rest is done',
      },
    },
  },
} as const;
