import type { Faults } from '../World';

/** The knobs of a running lab. */
export function labFaults(url: string): Faults {
  const turn = async (method: string, body?: object) => {
    const response = await fetch(`${url}/knobs`, {
      method,
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(
        `${method} /knobs: ${response.status} ${await response.text()}`,
      );
    }
  };
  return {
    async set(cluster, knobs) {
      // A merge would keep what was turned before.
      await turn('PATCH', { clusters: { [cluster]: null } });
      await turn('PATCH', { clusters: { [cluster]: knobs } });
    },
    clear: () => turn('DELETE'),
  };
}
