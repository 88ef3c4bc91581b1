import type { VersionSourceKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What a source told. */
export interface SourceAnswer {
  tags: string[];
  /** Known by name but not installed any more; only an operator tells. */
  retired?: string[];
  /** The mirror that answered; absent when the source itself did. */
  mirror?: string;
}

/** One place that tells versions. */
export interface VersionSource {
  kind: VersionSourceKind;
  /** What people see and answers are kept by. */
  name: string;
  /** Rejects with the source's own words. */
  read(options: { signal?: AbortSignal }): Promise<SourceAnswer>;
}

/** What is kept of a source. */
export interface SourceRecord {
  name: string;
  /** The last good answer. */
  answer?: SourceAnswer;
  seenAt?: Date;
  /** When it was last asked, with or without success. */
  askedAt: Date;
  /** Of the last try; absent when it went well. */
  error?: string;
  /** Before then it is not asked, because it said so. */
  retryAt?: Date;
}

/** Keeps what sources told, for every replica and over restarts. */
export interface SourceStore {
  /** Those that were ever asked, by name. */
  records(): Promise<Map<string, SourceRecord>>;
  saveAnswer(
    name: string,
    told: { answer: SourceAnswer; at: Date },
  ): Promise<void>;
  /** Keeps the last good answer. */
  saveFailure(
    name: string,
    failure: { error: string; at: Date; retryAt?: Date },
  ): Promise<void>;
  /** Drops what was last asked before a time. */
  forgetBefore(time: Date): Promise<void>;
}
