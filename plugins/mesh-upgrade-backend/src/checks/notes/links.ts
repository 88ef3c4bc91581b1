import type { UpgradeNote } from './types';

const NEWS = 'https://istio.io/latest/news/releases';

/** What Istio itself tells those who upgrade to a minor. */
export function upgradeNotesOf(minor: number): UpgradeNote['link'] {
  return {
    title: `Upgrade notes of Istio 1.${minor}`,
    url: `${NEWS}/1.${minor}.x/announcing-1.${minor}/upgrade-notes/`,
  };
}

/** Everything that a minor changed. */
export function changeNotesOf(minor: number): UpgradeNote['link'] {
  return {
    title: `Change notes of Istio 1.${minor}`,
    url: `${NEWS}/1.${minor}.x/announcing-1.${minor}/change-notes/`,
  };
}
