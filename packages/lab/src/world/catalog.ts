import { COMPONENTS, PLATFORM_TEAM, USERS } from './components';
import {
  ANALYTICS,
  EDGE,
  LOGISTICS,
  PARTNERS,
  PAYMENTS,
  SHOP,
  STAGING,
  SUPPORT,
} from './meshes';

interface Entity {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    title?: string;
    description?: string;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

const API_VERSION = 'backstage.io/v1alpha1';

/** The catalog of the standard world: the entities of each file under `catalog/`. */
export function catalogFiles(): Record<string, Entity[]> {
  return {
    'organization.yaml': [...groups(), ...users()],
    'systems.yaml': systems(),
    'components.yaml': components(),
    'meshes.yaml': meshes(),
  };
}

function teams(): string[] {
  return [...new Set(COMPONENTS.map(({ team }) => team))];
}

function groups(): Entity[] {
  return [PLATFORM_TEAM, ...teams()].map(name => ({
    apiVersion: API_VERSION,
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [] },
  }));
}

function users(): Entity[] {
  return USERS.map(({ name, displayName, team }) => ({
    apiVersion: API_VERSION,
    kind: 'User',
    metadata: { name },
    spec: {
      profile: { displayName, email: `${name}@example.com` },
      memberOf: [team],
    },
  }));
}

function systems(): Entity[] {
  const owners = new Map(COMPONENTS.map(({ system, team }) => [system, team]));
  return [...owners].map(([name, owner]) => ({
    apiVersion: API_VERSION,
    kind: 'System',
    metadata: { name },
    spec: { owner },
  }));
}

function components(): Entity[] {
  return COMPONENTS.map(({ name, description, namespaces, system, team }) => ({
    apiVersion: API_VERSION,
    kind: 'Component',
    metadata: {
      name,
      description,
      annotations: {
        'backstage.io/kubernetes-id': name,
        'backstage.io/kubernetes-namespace': namespaces.join(','),
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: team, system },
  }));
}

function meshes(): Entity[] {
  return [
    SHOP,
    PAYMENTS,
    EDGE,
    STAGING,
    LOGISTICS,
    ANALYTICS,
    SUPPORT,
    PARTNERS,
  ].map(({ id, title }) => ({
    apiVersion: API_VERSION,
    kind: 'Resource',
    metadata: {
      name: `mesh-${id}`,
      title: `${title} mesh`,
      annotations: { 'mesh-upgrade.io/mesh': id },
    },
    spec: { type: 'service-mesh', owner: PLATFORM_TEAM },
  }));
}
