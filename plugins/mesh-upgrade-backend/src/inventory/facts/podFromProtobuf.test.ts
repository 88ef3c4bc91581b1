import fc from 'fast-check';
import podsOfApiServer from '../__testUtils__/podsOfApiServer.json';
import { podToProtobuf } from '../__testUtils__/podToProtobuf';
import { podFromProtobuf } from './podFromProtobuf';
import { projectBarePod } from './projectBarePod';
import { projectPod } from './projectPod';
import type { RawPod } from './projectPod';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined });

const word = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    fc.constantFrom('istio-proxy', 'app', 'Ready', 'True', 'PodScheduled'),
  )
  // Kubernetes has no such name, and as a key it means something else.
  .filter(one => one !== '__proto__');

const instant = fc
  .integer({ min: 1, max: 4_000_000_000 })
  .map(seconds => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));

const texts = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'app',
      'istio.io/rev',
      'sidecar.istio.io/status',
      'sidecar.istio.io/inject',
      'kubernetes.io/config.mirror',
      'ambient.istio.io/redirection',
      'app.kubernetes.io/instance',
    ),
    word,
  ),
  fc.oneof(fc.constantFrom('', 'istiod', 'enabled'), word),
  { maxKeys: 6, noNullPrototype: true },
);

const amounts = fc.dictionary(fc.constantFrom('cpu', 'memory'), word, {
  minKeys: 1,
  noNullPrototype: true,
});

const container = fc.record({
  name: word,
  image: maybe(fc.constantFrom('docker.io/istio/proxyv2:1.30.3', 'app:1')),
  args: fc.array(word, { maxLength: 2 }),
  env: fc.array(
    fc.record({
      name: fc.constantFrom('ISTIO_META_MESH_ID', 'A'),
      value: word,
    }),
    { maxLength: 3 },
  ),
  resources: fc.record({ limits: maybe(amounts), requests: maybe(amounts) }),
});

const cause = { reason: maybe(word), message: maybe(word) };

const containerStatus = fc.record({
  name: word,
  image: fc.constantFrom('docker.io/istio/proxyv2:1.29.4', 'sha256:ab'),
  restartCount: fc.nat(),
  state: fc.oneof(
    fc.record({ waiting: fc.record(cause) }),
    fc.record({ running: fc.constant({}) }),
    fc.record({
      terminated: fc.record({
        exitCode: fc.integer({ min: -1, max: 255 }),
        ...cause,
      }),
    }),
  ),
});

const pod = fc.record({
  metadata: fc.record({
    name: word,
    namespace: word,
    uid: word,
    resourceVersion: word,
    creationTimestamp: instant,
    deletionTimestamp: maybe(instant),
    labels: maybe(texts),
    annotations: maybe(texts),
    ownerReferences: maybe(
      fc.array(
        fc.record({
          kind: word,
          name: word,
          uid: word,
          apiVersion: word,
          controller: maybe(fc.boolean()),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    managedFields: maybe(
      fc.array(fc.record({ manager: word, operation: word }), { maxLength: 3 }),
    ),
  }),
  spec: fc.record({
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    initContainers: maybe(fc.array(container, { minLength: 1, maxLength: 2 })),
    nodeName: maybe(word),
    hostNetwork: maybe(fc.boolean()),
    restartPolicy: word,
  }),
  status: fc.record({
    phase: maybe(fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed')),
    ...cause,
    conditions: maybe(
      fc.array(
        fc.record({
          type: word,
          status: fc.constantFrom('True', 'False'),
          ...cause,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    containerStatuses: maybe(fc.array(containerStatus, { minLength: 1 })),
    initContainerStatuses: maybe(fc.array(containerStatus, { minLength: 1 })),
    podIP: word,
  }),
}) as fc.Arbitrary<RawPod>;

describe('podFromProtobuf', () => {
  it.each(
    podsOfApiServer.map(({ json, protobuf }) => ({
      name: json.metadata.name,
      json: json as unknown as RawPod,
      protobuf,
    })),
  )(
    'tells of the pod $name of a Kubernetes 1.36 API server what its JSON form tells',
    ({ json, protobuf }) => {
      const decoded = podFromProtobuf(Buffer.from(protobuf, 'base64'));
      expect(decoded.metadata.resourceVersion).toBe(
        json.metadata.resourceVersion,
      );
      expect(projectPod(decoded)).toStrictEqual(projectPod(json));
      expect(projectBarePod(decoded)).toStrictEqual(projectBarePod(json));
    },
  );

  it('tells of any pod what its JSON form tells', () => {
    fc.assert(
      fc.property(pod, json => {
        const decoded = podFromProtobuf(podToProtobuf(json));
        expect(decoded.metadata.resourceVersion).toBe(
          json.metadata.resourceVersion,
        );
        expect(projectPod(decoded)).toEqual(projectPod(json));
        expect(projectBarePod(decoded)).toEqual(projectBarePod(json));
      }),
    );
  });

  it('refuses what is cut off', () => {
    const whole = podToProtobuf({
      metadata: { name: 'cart-1', namespace: 'shop', labels: { app: 'cart' } },
    });
    expect(() => podFromProtobuf(whole.subarray(0, -1))).toThrow();
  });
});
