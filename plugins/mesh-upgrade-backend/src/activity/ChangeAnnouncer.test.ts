import { mockServices } from '@backstage/backend-test-utils';
import {
  CHANGES_CHANNEL,
  type ChangeSignal,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { ChangeAnnouncer } from './ChangeAnnouncer';

function announcer() {
  const told: { at: number; changed: string[] }[] = [];
  const startedAt = Date.now();
  const publish = jest.fn(async ({ channel, recipients, message }) => {
    expect(channel).toBe(CHANGES_CHANNEL);
    expect(recipients).toEqual({ type: 'broadcast' });
    const { changed } = message as ChangeSignal;
    told.push({ at: Date.now() - startedAt, changed });
  });
  const logger = mockServices.logger.mock();
  return {
    changes: ChangeAnnouncer.create({ signals: { publish }, logger }),
    told,
    publish,
    logger,
  };
}

describe('ChangeAnnouncer', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells the first change at once and a burst together, once a second at most', async () => {
    const { changes, told } = announcer();
    changes.start();
    await jest.advanceTimersByTimeAsync(5_000);
    changes.announce('inventory');
    for (let i = 0; i < 100; i += 1) {
      await jest.advanceTimersByTimeAsync(25);
      changes.announce('inventory');
      changes.announce('runs');
    }
    await jest.advanceTimersByTimeAsync(1_500);
    expect(told).toEqual([
      { at: 0, changed: [] },
      { at: 5_000, changed: ['inventory'] },
      { at: 6_000, changed: ['inventory', 'runs'] },
      { at: 7_000, changed: ['inventory', 'runs'] },
      { at: 8_000, changed: ['inventory', 'runs'] },
    ]);
    changes.stop();
  });

  it('breaks the silence every ten seconds, until it is stopped', async () => {
    const { changes, told } = announcer();
    changes.announce('runs');
    expect(told).toEqual([]);
    changes.start();
    await jest.advanceTimersByTimeAsync(20_500);
    changes.stop();
    changes.announce('runs');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([
      { at: 0, changed: ['runs'] },
      { at: 10_000, changed: [] },
      { at: 20_000, changed: [] },
    ]);
  });

  it('says once per outage that nobody can be told, and goes on', async () => {
    const { changes, publish, logger, told } = announcer();
    publish
      .mockRejectedValueOnce(new Error('bus is down'))
      .mockRejectedValueOnce(new Error('bus is down'));
    changes.start();
    await jest.advanceTimersByTimeAsync(30_500);
    expect(logger.warn).not.toHaveBeenCalled();
    expect(told).toHaveLength(2);

    for (let i = 0; i < 5; i += 1) {
      publish.mockRejectedValueOnce(new Error('bus is down'));
    }
    await jest.advanceTimersByTimeAsync(60_000);
    changes.stop();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(told).toHaveLength(3);
  });
});
