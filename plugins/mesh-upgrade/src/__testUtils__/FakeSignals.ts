import type { SignalApi } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangeKind,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Signals that a test sends itself. */
export class FakeSignals implements SignalApi {
  readonly #listeners = new Map<symbol, (message: never) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(channel: string, onMessage: (message: never) => void) {
    if (channel !== CHANGES_CHANNEL) {
      throw new Error(`Nobody speaks on the channel '${channel}'`);
    }
    const id = Symbol(channel);
    this.#listeners.set(id, onMessage);
    return { unsubscribe: () => this.#listeners.delete(id) };
  }

  /** Without kinds it only tells that the connection is alive. */
  announce(...changed: ChangeKind[]): void {
    this.#listeners.forEach(listener => listener({ changed } as never));
  }
}
