import type { SignalApi, SignalSubscriber } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangeKind,
  type ChangeSignal,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The backend is never silent for more than ten seconds. */
const SILENCE_MS = 25_000;

/** Who wants to know what the feed tells. */
export interface FeedListener {
  changed(kinds: readonly ChangeKind[]): void;
  /** The connection came or was lost. */
  connection(live: boolean): void;
}

const feeds = new WeakMap<SignalApi, ChangeFeed>();

/**
 * What the backend announces, for everything on the page together. Signals do
 * not tell when their connection is broken; here that is known by their silence.
 */
export class ChangeFeed {
  readonly #signals: SignalApi;
  readonly #listeners = new Set<FeedListener>();
  #subscriber: SignalSubscriber | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #live = false;

  /** One feed per connection. */
  static of(signals: SignalApi): ChangeFeed {
    const feed = feeds.get(signals) ?? new ChangeFeed(signals);
    feeds.set(signals, feed);
    return feed;
  }

  private constructor(signals: SignalApi) {
    this.#signals = signals;
  }

  /** True while changes are known to arrive. */
  get live(): boolean {
    return this.#live;
  }

  /** Returns a function that ends the subscription; without any the connection is given up. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    this.#subscriber ??= this.#signals.subscribe<ChangeSignal>(
      CHANGES_CHANNEL,
      ({ changed }) => this.#heard(changed),
    );
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#subscriber?.unsubscribe();
        this.#subscriber = undefined;
        clearTimeout(this.#silence);
        this.#live = false;
      }
    };
  }

  #heard(kinds: readonly ChangeKind[]): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#setLive(false), SILENCE_MS);
    this.#setLive(true);
    if (kinds.length > 0) {
      this.#listeners.forEach(listener => listener.changed(kinds));
    }
  }

  #setLive(live: boolean): void {
    if (this.#live !== live) {
      this.#live = live;
      this.#listeners.forEach(listener => listener.connection(live));
    }
  }
}
