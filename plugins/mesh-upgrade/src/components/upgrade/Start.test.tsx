import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeApi, fixtures, renderPage } from '../../__testUtils__';

const EXECUTE = '/meshes/shop/upgrade?step=execute&version=1.30.3';

/** What a date-time field holds, `minutes` from now. */
function inputIn(minutes: number): string {
  const time = new Date(Date.now() + minutes * 60_000);
  const two = (value: number) => `${value}`.padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(
    time.getDate(),
  )}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Presses a button as soon as it can be pressed. */
async function press(name: string) {
  const button = () => screen.getByRole('button', { name });
  await waitFor(() => expect(button()).toBeEnabled());
  await userEvent.click(button());
}

describe('The start of an upgrade', () => {
  it('can be put off to a time to come', async () => {
    const api = fakeApi();
    renderPage(api, { address: EXECUTE });
    await userEvent.click(
      await screen.findByRole('radio', { name: 'At a time' }),
    );
    const field = screen.getByLabelText('Start');
    fireEvent.change(field, { target: { value: inputIn(-90) } });
    expect(
      screen.getByLabelText('Choose a time in the future'),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Schedule' })).toBeDisabled();
    expect(screen.getByText(/^UTC|^\w+\/\w+/)).toBeInTheDocument();

    const chosen = inputIn(90);
    fireEvent.change(field, { target: { value: chosen } });
    await press('Schedule');
    expect(api.startRun).toHaveBeenCalledWith(
      expect.objectContaining({
        startAt: new Date(chosen).toISOString(),
        targetVersion: '1.30.3',
      }),
    );
  });

  it('announces the approval and the window it will wait for', async () => {
    renderPage(
      fakeApi({
        plan: async () =>
          fixtures.plan({
            waitsFor: [
              { kind: 'approval', message: 'Waits for the approval' },
              {
                kind: 'window',
                until: '2099-01-03T21:00:00Z',
                message: "'saturday' opens then",
              },
            ],
          }),
      }),
      { address: EXECUTE },
    );
    expect(
      await screen.findByText(/^Somebody else has to approve it before/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/window, which opens .*Jan 3, 2099/),
    ).toHaveTextContent("'saturday' opens then");
  });

  it('lists what is left as it is and how long the steps usually take', async () => {
    renderPage(
      fakeApi({
        plan: async () =>
          fixtures.plan({
            skipped: [
              {
                workload: 'prod-eu DaemonSet istio-cni',
                reason: 'Flux keeps it',
              },
            ],
            steps: [
              {
                phase: 'upgrade',
                title: 'Istio default',
                cluster: 'prod-eu',
                usualSeconds: 40,
              },
              {
                phase: 'healthCheck',
                title: 'Injection',
                cluster: 'prod-eu',
              },
            ],
          }),
      }),
      { address: EXECUTE },
    );
    expect(
      await screen.findByText('prod-eu DaemonSet istio-cni: Flux keeps it'),
    ).toBeInTheDocument();
    expect(screen.getByText('Left as it is:')).toBeInTheDocument();
    await userEvent.click(screen.getByText(/^2 steps/));
    const steps = screen.getByRole('table', { name: 'Steps of the plan' });
    expect(
      within(steps)
        .getAllByRole('row')
        .map(row => row.textContent),
    ).toEqual([
      'StepClusterPhaseUsually takes',
      'Istio defaultprod-euUpgrade40 s',
      'Injectionprod-euHealth checknot seen yet',
    ]);
  });

  it('returns to a former version with its own words and names the run it takes back', async () => {
    const api = fakeApi({
      getMesh: async id => fixtures.mesh({ id, upgrade: undefined }),
      plan: async () => fixtures.plan({ targetVersion: '1.29.4' }),
    });
    renderPage(api, {
      address:
        '/meshes/shop/upgrade?step=environment&version=1.29.4&returnOf=run-7',
    });
    expect(
      await screen.findByRole('heading', { name: 'Return Shop to 1.29.4' }),
    ).toBeInTheDocument();
    expect(screen.queryByText('Select target version')).toBeNull();
    await press('Next');
    expect(
      await screen.findByText(/sidecars that were upgraded meanwhile/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/no way back/)).toBeNull();
    expect(screen.getByText('Back to 1.29.4: 1 object changes')).toBeVisible();
    expect(screen.getByText('Return')).toBeVisible();
    await press('Return Shop to 1.29.4');
    expect(api.startRun).toHaveBeenCalledWith(
      expect.objectContaining({
        targetVersion: '1.29.4',
        returnOf: 'run-7',
        planHash: 'hash-1',
      }),
    );
  });

  it('shows the commands of an upgrade by hand, and does not ask anybody to keep off', async () => {
    const command = 'istioctl upgrade -f mesh.yaml';
    const plan = fixtures.plan();
    renderPage(
      fakeApi({
        getMesh: async id => fixtures.mesh({ id, type: 'external' }),
        plan: async () => ({
          ...plan,
          driver: 'manual',
          changes: [
            {
              ...plan.changes[0],
              effect: `Nothing is written from here. Run this:\n${command}`,
            },
          ],
        }),
      }),
      { address: EXECUTE },
    );
    expect(await screen.findByText(command)).toBeVisible();
    expect(
      screen.getByRole('button', { name: `Copy ${command}` }),
    ).toBeEnabled();
    expect(
      screen.getByText(/waits until the clusters show 1\.30\.3/),
    ).toBeVisible();
    expect(screen.queryByText(/change this mesh elsewhere/)).toBeNull();
  });

  it('tries again what is left of a run', async () => {
    const api = fakeApi({
      getMesh: async id => fixtures.mesh({ id, upgrade: undefined }),
    });
    renderPage(api, { address: `${EXECUTE}&retryOf=run-7` });
    await press('Upgrade Shop to 1.30.3');
    expect(api.startRun).toHaveBeenCalledWith(
      expect.objectContaining({ retryOf: 'run-7' }),
    );
  });
});
