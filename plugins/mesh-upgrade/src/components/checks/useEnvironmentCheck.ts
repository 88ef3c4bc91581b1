import { useCallback, useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  CheckFinding,
  CheckProgress,
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';

/** One environment check, as far as it has come. */
export interface EnvironmentCheck {
  /** What has been found so far. */
  findings: CheckFinding[];
  /** Answers that have arrived, of those that were announced; undefined until they are announced. */
  progress?: { done: number; total: number };
  report?: CheckReport;
  error?: Error;
  /** Forgets everything and reads the clusters again. */
  recheck(): void;
}

type State = Omit<EnvironmentCheck, 'recheck'>;

const NOTHING: State = { findings: [] };

/** Checks at once and follows the answers as they arrive. */
export function useEnvironmentCheck(subject: UpgradeSubject): EnvironmentCheck {
  const api = useApi(meshUpgradeApiRef);
  const [state, setState] = useState(NOTHING);
  const [round, setRound] = useState(0);
  const question = JSON.stringify(subject);

  useEffect(() => {
    const left = new AbortController();
    setState(NOTHING);
    api
      .check(JSON.parse(question), {
        signal: left.signal,
        onProgress: news =>
          !left.signal.aborted && setState(former => withNews(former, news)),
      })
      .then(
        report =>
          !left.signal.aborted &&
          setState(former => ({
            ...former,
            report,
            findings: report.findings,
          })),
        error =>
          !left.signal.aborted && setState(former => ({ ...former, error })),
      );
    return () => left.abort();
  }, [api, question, round]);

  const recheck = useCallback(() => setRound(previous => previous + 1), []);
  return { ...state, recheck };
}

function withNews(state: State, news: CheckProgress): State {
  if (news.type === 'planned') {
    const total = news.checks.length * (news.workloads ?? 1);
    return { ...state, progress: { done: 0, total } };
  }
  if (news.type === 'result') {
    const { done, total } = state.progress ?? { done: 0, total: 0 };
    return {
      ...state,
      findings: [...state.findings, ...news.findings],
      progress: { done: done + 1, total: Math.max(total, done + 1) },
    };
  }
  return state;
}
