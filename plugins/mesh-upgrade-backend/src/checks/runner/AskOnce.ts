import { abortable } from './abortable';

/**
 * Answers that the checks of one report share. A question lives as long as the
 * report, so that no check takes it along when its own time is over.
 */
export class AskOnce {
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #signal: AbortSignal;

  static create(options: { signal: AbortSignal }): AskOnce {
    return new AskOnce(options.signal);
  }

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Rejects when the asker's signal is raised, whatever becomes of the answer. */
  ask<T>(
    question: string,
    read: (signal: AbortSignal) => Promise<T>,
    asker: AbortSignal,
  ): Promise<T> {
    let answer = this.#answers.get(question) as Promise<T> | undefined;
    if (!answer) {
      answer = read(this.#signal);
      // Whoever asks hears of a rejection; nobody may be waiting by then.
      answer.catch(() => {});
      this.#answers.set(question, answer);
    }
    return abortable(answer, asker);
  }
}
