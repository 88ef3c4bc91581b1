import { RecentDecisions } from './RecentDecisions';

describe('RecentDecisions', () => {
  it('asks once for each caller while a decision holds', async () => {
    let now = 0;
    const decisions = RecentDecisions.create({ holdMs: 5_000, now: () => now });
    const ask = jest.fn(async () => true);
    expect(
      await Promise.all([
        decisions.decide('user:default/ada', ask),
        decisions.decide('user:default/ada', ask),
      ]),
    ).toEqual([true, true]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(await decisions.decide('user:default/finn', async () => false)).toBe(
      false,
    );
    now = 4_999;
    await decisions.decide('user:default/ada', ask);
    expect(ask).toHaveBeenCalledTimes(1);
    now = 5_000;
    expect(await decisions.decide('user:default/ada', async () => false)).toBe(
      false,
    );
  });

  it('asks again after a failure', async () => {
    const decisions = RecentDecisions.create({ holdMs: 5_000 });
    await expect(
      decisions.decide('user:default/ada', async () => {
        throw new Error('the permission backend is away');
      }),
    ).rejects.toThrow('away');
    expect(await decisions.decide('user:default/ada', async () => true)).toBe(
      true,
    );
  });
});
