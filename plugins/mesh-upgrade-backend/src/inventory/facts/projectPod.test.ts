import { podObject } from '../__testUtils__/objects';
import { projectPod } from './projectPod';

const PROXY = 'docker.io/istio/proxyv2';

describe('projectPod', () => {
  it.each([
    [
      'an ordinary sidecar',
      podObject('p', { proxy: `${PROXY}:1.30.3` }),
      'container',
      '1.30.3',
    ],
    [
      'a native sidecar',
      podObject('p', { proxy: `${PROXY}:1.30.3`, native: true }),
      'native',
      '1.30.3',
    ],
    ['no sidecar', podObject('p'), 'none', undefined],
    [
      'a variant',
      podObject('p', { proxy: `${PROXY}:1.30.3-distroless` }),
      'container',
      '1.30.3',
    ],
    [
      'a vendor family',
      podObject('p', { proxy: `${PROXY}:1.29.4-mspider` }),
      'container',
      '1.29.4-mspider',
    ],
    [
      'a hub with a port',
      podObject('p', { proxy: '127.0.0.1:5000/proxyv2:1.30.3' }),
      'container',
      '1.30.3',
    ],
    [
      'a hub with a port and no tag',
      podObject('p', { proxy: '127.0.0.1:5000/proxyv2' }),
      'container',
      undefined,
    ],
    [
      'a tag with a digest',
      podObject('p', { proxy: `${PROXY}:1.30.3@sha256:abc` }),
      'container',
      '1.30.3',
    ],
    [
      'a digest only',
      podObject('p', { proxy: `${PROXY}@sha256:abc` }),
      'container',
      undefined,
    ],
    [
      'a moving tag',
      podObject('p', { proxy: `${PROXY}:latest` }),
      'container',
      undefined,
    ],
  ])('reads the proxy of a pod with %s', (_, pod, sidecar, version) => {
    expect(projectPod(pod)).toMatchObject({ sidecar });
    expect(projectPod(pod).version).toBe(version);
  });

  it('prefers the image that runs to the one in the spec, unless it names no tag', () => {
    const running = (image: string, native: boolean) =>
      projectPod(
        podObject('p', {
          proxy: `${PROXY}:1.30.3`,
          native,
          status: {
            [native ? 'initContainerStatuses' : 'containerStatuses']: [
              {
                name: 'istio-proxy',
                image,
                imageID: '',
                ready: true,
                restartCount: 0,
              },
            ],
          },
        }),
      ).version;
    expect(running(`${PROXY}:1.29.4`, false)).toBe('1.29.4');
    expect(running(`${PROXY}:1.29.4`, true)).toBe('1.29.4');
    expect(running('sha256:0123456789ab', false)).toBe('1.30.3');
    expect(running(`${PROXY}@sha256:0123`, false)).toBe('1.30.3');
  });

  it.each([
    ['Running', false, true],
    ['Pending', false, true],
    ['Running', true, false],
    ['Succeeded', false, false],
    ['Failed', false, false],
  ])(
    'takes a pod in phase %s, terminating: %s, as live: %s',
    (phase, terminating, live) => {
      expect(projectPod(podObject('p', { phase, terminating })).live).toBe(
        live,
      );
    },
  );

  it("tells trouble in Kubernetes' own words and keeps quiet about a normal start", () => {
    const waiting = (reason: string, message?: string) =>
      projectPod(
        podObject('p', {
          status: {
            containerStatuses: [
              {
                name: 'app',
                image: 'app:1',
                imageID: '',
                ready: false,
                restartCount: 3,
                state: { waiting: { reason, message } },
              },
            ],
          },
        }),
      ).problem;
    expect(waiting('ContainerCreating')).toBeUndefined();
    expect(
      waiting('CrashLoopBackOff', 'back-off 40s restarting failed container'),
    ).toBe('app: CrashLoopBackOff: back-off 40s restarting failed container');
    expect(
      projectPod(
        podObject('p', {
          phase: 'Pending',
          status: {
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message: '0/3 nodes are available: 3 Insufficient cpu.',
              },
            ],
          },
        }),
      ).problem,
    ).toBe('Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.');
  });

  it('keeps nothing of the pod but the projection', () => {
    const pod = podObject('p', { proxy: `${PROXY}:1.30.3` });
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      big: 'x'.repeat(9_000),
    };
    expect(JSON.stringify(projectPod(pod)).length).toBeLessThan(500);
  });
});
