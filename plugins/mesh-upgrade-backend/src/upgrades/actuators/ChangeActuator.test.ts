import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import { newStep, storedRun } from '../testing/runs';
import { ChangeActuator, type Change } from './ChangeActuator';

function actuatorOn(clusterMode: ClusterMode, mode: Change['mode']) {
  const act = jest.fn(async () => {});
  const actuator = ChangeActuator.create({
    clusters: {
      get: () => ({ mode: clusterMode, client: {} }),
    } as unknown as ClusterRegistry,
    change: {
      action: 'a-change',
      mode,
      observe: async () => ({ state: 'wanting', message: '' }),
      intend: () => ({}),
      act,
    },
  });
  const { signal } = new AbortController();
  return {
    act,
    doIt: () => actuator.act(newStep({}), storedRun(), { signal }),
  };
}

describe('ChangeActuator', () => {
  it.each<[ClusterMode, Change['mode']]>([
    ['restart', 'restart'],
    ['full', 'restart'],
    ['full', 'full'],
  ])('writes on a cluster in mode %s what needs mode %s', async (...modes) => {
    const { act, doIt } = actuatorOn(...modes);
    await doIt();
    expect(act).toHaveBeenCalledTimes(1);
  });

  it.each<[ClusterMode, Change['mode']]>([
    ['read', 'restart'],
    ['read', 'full'],
    ['restart', 'full'],
  ])(
    'writes nothing on a cluster in mode %s that needs mode %s',
    async (...modes) => {
      const { act, doIt } = actuatorOn(...modes);
      await expect(doIt()).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: expect.stringContaining(`set 'mode: ${modes[1]}'`),
      });
      expect(act).not.toHaveBeenCalled();
    },
  );
});
