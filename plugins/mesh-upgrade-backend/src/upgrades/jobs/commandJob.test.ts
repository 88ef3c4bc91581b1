import { newStep } from '../testing/runs';
import { commandJob, jobName, type CommandJob } from './commandJob';

const run = { id: 'c0ffee00-0000-4000-8000-000000000001' };
const job: CommandJob = {
  namespace: 'mesh-upgrade',
  serviceAccount: 'mesh-upgrade-helm',
  image: 'alpine/helm:3.20.0',
  command: ['helm', 'version'],
};

function podOf(options: Partial<CommandJob> = {}) {
  const { spec } = commandJob(run, 'name', { ...job, ...options }) as any;
  return spec.template.spec;
}

describe('commandJob', () => {
  it('may write to its home and to nothing else, and reads its file', () => {
    const pod = podOf({
      file: { secret: 'istio', key: 'istio.yaml', folder: '/configuration' },
    });
    const [container] = pod.containers;
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    const home = container.env.find((one: any) => one.name === 'HOME').value;
    const writable = container.volumeMounts.filter((one: any) => !one.readOnly);
    expect(writable).toEqual([{ name: 'home', mountPath: home }]);
    expect(pod.volumes).toEqual([
      { name: 'home', emptyDir: {} },
      {
        name: 'file',
        secret: {
          secretName: 'istio',
          items: [{ key: 'istio.yaml', path: 'istio.yaml' }],
        },
      },
    ]);
  });

  it('goes to the nodes it was given, else to any', () => {
    const placement = {
      nodeSelector: { pool: 'infra' },
      tolerations: [{ key: 'pool', operator: 'Exists' as const }],
    };
    expect(podOf({ placement })).toMatchObject(placement);
    expect(podOf()).not.toHaveProperty('nodeSelector');
    expect(podOf()).not.toHaveProperty('tolerations');
  });
});

describe('jobName', () => {
  it('is a name Kubernetes takes, and the same for the same step', () => {
    const step = newStep({ id: '12' });
    const suffix = `${'istiod-'.repeat(5)}.`;
    const name = jobName(run, step, suffix);
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/);
    expect(jobName(run, step, suffix)).toBe(name);
    expect(jobName({ id: 'a-later-one' }, step, suffix)).not.toBe(name);
  });
});
