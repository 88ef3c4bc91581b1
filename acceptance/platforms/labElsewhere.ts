import type { Elsewhere } from '../World';

/** What a running lab does as people would. */
export function labElsewhere(url: string): Elsewhere {
  const post = async (deed: string, body: object) => {
    const response = await fetch(`${url}/knobs/${deed}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(
        `POST /knobs/${deed}: ${response.status} ${await response.text()}`,
      );
    }
  };
  return {
    commit: (cluster, object, patch) =>
      post('commit', { cluster, object, patch }),
    upgradeExternalIstiod: (cluster, version) =>
      post('external-istiod', { cluster, version }),
  };
}
