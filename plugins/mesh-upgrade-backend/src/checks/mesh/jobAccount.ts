import {
  blocker,
  passed,
  undecided,
  type AccessQuestion,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { KubernetesError } from '../../clusters/KubernetesError';
import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
} from '../../clusters/types';
import { ifForbidden } from '../ifForbidden';
import { describeRight } from './describeRight';

/** The service account of a Job, and what the Job will do under it. */
export interface JobAccount {
  /** What the Job runs, e.g. `helm`. */
  program: string;
  namespace: string;
  name: string;
  rights: AccessQuestion[];
}

interface Asked {
  client: KubernetesClient;
  signal: AbortSignal;
}

type Review = KubernetesObject & { status?: { allowed?: boolean } };

const SERVICE_ACCOUNTS: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'serviceaccounts',
};
const REVIEWS: ResourceType = {
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'subjectaccessreviews',
};

/** Whether the account of the Jobs exists and may do what the charts need. */
export async function checkJobAccount(
  account: JobAccount,
  asked: Asked,
): Promise<Finding[]> {
  const { namespace, name, program } = account;
  const object = `ServiceAccount ${namespace}/${name}`;
  const says = {
    object,
    expected: `An account that may do what ${program} does`,
  };
  const missing = await absence(account, asked);
  if (missing) {
    return [
      blocker({
        ...says,
        title: `${object} is not there, so no Job can run ${program}`,
        observed: missing,
        remedy: `Create it with its namespace and rights, e.g. by kubectl apply -f deploy/full.yaml, or name another under meshUpgrade.upgrades.${program}; then Recheck.`,
      }),
    ];
  }
  const answers = await review(account, asked);
  if (!answers) {
    return [
      undecided({
        ...says,
        title: `Whether ${object} may do what ${program} does is not known`,
        observed: 'This backend may not ask what other accounts may do',
        remedy:
          'Allow it to create subjectaccessreviews, as deploy/full.yaml does, then Recheck.',
        // It stops by itself at what it may not do.
        blocks: false,
      }),
    ];
  }
  const denied = answers.filter(({ allowed }) => !allowed);
  return [
    denied.length === 0
      ? passed({
          ...says,
          title: `${object} may do what ${program} does`,
          observed: `All ${answers.length} rights are granted`,
        })
      : blocker({
          ...says,
          title: `${object} lacks ${denied.length} of ${answers.length} rights that ${program} needs`,
          observed: denied
            .map(({ question }) => `not allowed to ${describeRight(question)}`)
            .join(', '),
          remedy:
            'Grant these rights to the account, e.g. by deploy/full.yaml, then Recheck.',
        }),
  ];
}

/** The server's words when there is no such account; what may not be read may be there. */
async function absence(
  { namespace, name }: JobAccount,
  { client, signal }: Asked,
): Promise<string | undefined> {
  try {
    await client.get({ ...SERVICE_ACCOUNTS, namespace, name }, { signal });
    return undefined;
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) {
      return error.message;
    }
    return ifForbidden(error);
  }
}

/** Undefined when this backend may not ask about others. */
async function review(
  { namespace, name, rights }: JobAccount,
  { client, signal }: Asked,
): Promise<{ question: AccessQuestion; allowed: boolean }[] | undefined> {
  const user = `system:serviceaccount:${namespace}:${name}`;
  const groups = [
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
    'system:authenticated',
  ];
  try {
    return await Promise.all(
      rights.map(async question => {
        const { status } = await client.create<Review>(
          REVIEWS,
          {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: { user, groups, resourceAttributes: question },
          },
          { signal },
        );
        return { question, allowed: status?.allowed === true };
      }),
    );
  } catch (error) {
    return ifForbidden(error);
  }
}
