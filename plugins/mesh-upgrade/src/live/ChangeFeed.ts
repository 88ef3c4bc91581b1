import type {
  SignalApi,
  SignalSubscriber,
} from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangeKind,
  type ChangeSignal,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The backend is never silent for more than ten seconds. */
const SILENCE_MS = 25_000;

/** `connecting` until the first announcement; `silent` when they stopped. */
export type Connection = 'connecting' | 'live' | 'silent';

/** Who wants to know what the feed tells. */
export interface FeedListener {
  changed(kinds: readonly ChangeKind[]): void;
  /** Announcements came, came again, or stopped. */
  connection(state: Connection): void;
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
  #connection: Connection = 'connecting';

  /** One feed per connection. */
  static of(signals: SignalApi): ChangeFeed {
    const feed = feeds.get(signals) ?? new ChangeFeed(signals);
    feeds.set(signals, feed);
    return feed;
  }

  private constructor(signals: SignalApi) {
    this.#signals = signals;
  }

  /** Whether changes are known to arrive. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Returns a function that ends the subscription; without any the connection is given up. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    if (!this.#subscriber) {
      this.#subscriber = this.#signals.subscribe<ChangeSignal>(
        CHANGES_CHANNEL,
        ({ changed }) => this.#heard(changed),
      );
      this.#waitForSilence();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#subscriber?.unsubscribe();
        this.#subscriber = undefined;
        clearTimeout(this.#silence);
        this.#connection = 'connecting';
      }
    };
  }

  #heard(kinds: readonly ChangeKind[]): void {
    this.#waitForSilence();
    this.#become('live');
    if (kinds.length > 0) {
      this.#listeners.forEach(listener => listener.changed(kinds));
    }
  }

  #waitForSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#become('silent'), SILENCE_MS);
  }

  #become(connection: Connection): void {
    if (this.#connection !== connection) {
      this.#connection = connection;
      this.#listeners.forEach(listener => listener.connection(connection));
    }
  }
}
