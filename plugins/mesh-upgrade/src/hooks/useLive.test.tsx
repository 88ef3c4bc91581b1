import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { ChangeKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { FakeSignals } from '../__testUtils__';
import { useConnection } from '../live';
import { useLive } from './useLive';

async function pass(milliseconds: number) {
  await act(async () => {
    await jest.advanceTimersByTimeAsync(milliseconds);
  });
}

function hide(hidden: boolean) {
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('useLive', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('loads again in its rhythm until the value is final', async () => {
    let round = 0;
    const load = jest.fn(async () => {
      round += 1;
      return round;
    });
    const { result } = renderHook(() =>
      useLive('run', load, value => (value < 3 ? 1_000 : undefined)),
    );
    expect(result.current.loading).toBe(true);
    await pass(0);
    expect(result.current.value).toBe(1);
    await pass(1_000);
    expect(result.current.value).toBe(2);
    await pass(60_000);
    expect(result.current.value).toBe(3);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('keeps the last value through failures and waits longer after each', async () => {
    const load = jest.fn(async () => 'good');
    const { result } = renderHook(() => useLive('meshes', load, 1_000));
    await pass(0);
    load.mockRejectedValue(new Error('down'));
    await pass(1_000);
    expect(result.current.value).toBe('good');
    expect(result.current.error?.message).toBe('down');
    expect(load).toHaveBeenCalledTimes(2);
    await pass(3_999);
    expect(load).toHaveBeenCalledTimes(2);
    await pass(1);
    expect(load).toHaveBeenCalledTimes(3);
    await pass(7_999);
    expect(load).toHaveBeenCalledTimes(3);
    load.mockResolvedValue('again');
    await pass(1);
    expect(result.current.value).toBe('again');
    expect(result.current.error).toBeUndefined();
  });

  it('rests while the page is hidden and loads at once when it is back', async () => {
    const load = jest.fn(async () => 'value');
    renderHook(() => useLive('meshes', load, 1_000));
    await pass(0);
    hide(true);
    await pass(10_000);
    expect(load).toHaveBeenCalledTimes(1);
    hide(false);
    await pass(0);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps the former value while another key is loaded, and drops late answers', async () => {
    const answers = new Map<string, (value: string) => void>();
    const { result, rerender } = renderHook(
      ({ id }) =>
        useLive(
          id,
          () => new Promise<string>(resolve => answers.set(id, resolve)),
          60_000,
        ),
      { initialProps: { id: 'a' } },
    );
    rerender({ id: 'b' });
    answers.get('b')?.('of b');
    await pass(0);
    expect(result.current.value).toBe('of b');
    answers.get('a')?.('of a');
    await pass(0);
    expect(result.current.value).toBe('of b');
  });

  describe('with signals', () => {
    function renderListening(kinds: ChangeKind[], interval?: number) {
      const signals = new FakeSignals();
      let round = 0;
      const load = jest.fn(async () => {
        round += 1;
        return round;
      });
      const wrapper = (props: { children: ReactNode }) => (
        <TestApiProvider apis={[[signalApiRef, signals]]}>
          {props.children}
        </TestApiProvider>
      );
      const { result, unmount } = renderHook(
        () => ({
          value: useLive('list', load, () => interval, kinds).value,
          connection: useConnection(),
        }),
        { wrapper },
      );
      const announce = (...changed: ChangeKind[]) =>
        act(async () => signals.announce(...changed));
      return { load, result, unmount, signals, announce };
    }

    it('loads when a change of its kinds is announced, a burst once a second', async () => {
      const { load, result, announce } = renderListening(['inventory'], 5_000);
      await pass(0);
      await announce();
      await pass(2_000);
      expect(load).toHaveBeenCalledTimes(2);

      await announce('runs');
      await pass(10_000);
      expect(load).toHaveBeenCalledTimes(2);

      await announce('inventory');
      await pass(0);
      expect(result.current.value).toBe(3);

      for (let i = 0; i < 50; i += 1) {
        await announce('inventory', 'runs');
        await pass(100);
      }
      expect(load).toHaveBeenCalledTimes(8);
    });

    it('looks for itself seldom while it is told, and often once the connection is silent', async () => {
      const { load, result, announce } = renderListening(['inventory'], 5_000);
      await pass(0);
      expect(result.current.connection).toBe('connecting');
      await announce();
      expect(result.current.connection).toBe('live');
      await pass(1_000);
      load.mockClear();
      for (let i = 0; i < 3; i += 1) {
        await pass(9_000);
        await announce();
      }
      expect(load).not.toHaveBeenCalled();
      await pass(3_000);
      expect(load).toHaveBeenCalledTimes(1);

      await pass(23_000);
      expect(result.current.connection).toBe('silent');
      load.mockClear();
      await pass(20_000);
      expect(load).toHaveBeenCalledTimes(4);

      load.mockClear();
      await announce();
      await pass(1_000);
      expect(load).toHaveBeenCalledTimes(1);
    });

    it('does not load again what is final, nor after it has left the screen', async () => {
      const final = renderListening(['runs']);
      await pass(0);
      await final.announce('runs');
      await pass(60_000);
      expect(final.load).toHaveBeenCalledTimes(1);

      const left = renderListening(['runs'], 5_000);
      await pass(0);
      left.unmount();
      expect(left.signals.listeners).toBe(0);
      await pass(60_000);
      expect(left.load).toHaveBeenCalledTimes(1);
    });
  });
});
