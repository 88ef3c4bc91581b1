import type { ClusterBlueprint } from './blueprint';
import { routing } from './configuration';
import { ANALYTICS, LOGISTICS, PARTNERS, SUPPORT } from './meshes';
import { INJECTED, workloads } from './rows';

const CURRENT = '1.29.4';
/** The revision that Sail makes of it. */
const REVISION = 'default-v1-29-4';

/** Small meshes, each installed in a way of its own. */
export const OPERATIONS_CLUSTERS: readonly ClusterBlueprint[] = [
  {
    name: 'logistics',
    kubernetesVersion: '1.34.2',
    mesh: LOGISTICS,
    nodes: 2,
    namespaces: [{ name: 'logistics', labels: INJECTED }],
    workloads: workloads('logistics', CURRENT, [
      ['warehouse', 3],
      ['route-planner', 2],
      ['parcel-tracking', 3, 'route-planner'],
      ['van-positions', 2, 'route-planner', { kind: 'StatefulSet' }],
    ]),
    objects: routing('logistics', 'warehouse'),
  },
  {
    name: 'analytics',
    kubernetesVersion: '1.35.1',
    mesh: ANALYTICS,
    nodes: 2,
    namespaces: [{ name: 'analytics', labels: INJECTED }],
    workloads: workloads('analytics', CURRENT, [
      ['reports', 3],
      ['event-pipeline', 4],
      ['event-store', 3, 'event-pipeline', { kind: 'StatefulSet' }],
    ]),
    objects: routing('analytics', 'reports'),
  },
  {
    name: 'support',
    kubernetesVersion: '1.34.2',
    mesh: SUPPORT,
    tags: { stable: REVISION },
    nodes: 2,
    namespaces: [
      { name: 'support', labels: { 'istio.io/rev': 'stable' } },
      { name: 'support-chat', labels: { 'istio.io/rev': REVISION } },
    ],
    workloads: [
      ...workloads('support', CURRENT, [
        ['ticket-desk', 3],
        ['ticket-search', 3, 'ticket-desk'],
      ]),
      ...workloads('support-chat', CURRENT, [
        ['live-chat', 3],
        ['chat-history', 2, 'live-chat', { kind: 'StatefulSet' }],
      ]),
    ],
    objects: routing('support', 'ticket-desk'),
  },
  {
    name: 'partners',
    kubernetesVersion: '1.34.2',
    mesh: PARTNERS,
    nodes: 2,
    namespaces: [{ name: 'partners', labels: INJECTED }],
    workloads: workloads('partners', CURRENT, [
      ['partner-portal', 4],
      ['partner-sync', 4],
      ['partner-files', 3, 'partner-sync', { kind: 'StatefulSet' }],
    ]),
    objects: routing('partners', 'partner-portal'),
  },
];
