import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { IdentityApi } from '@backstage/frontend-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SignInPage } from './SignInPage';

function answer(status: number, body: unknown) {
  return jest.spyOn(globalThis, 'fetch').mockResolvedValue({
    ok: status < 400,
    status,
    statusText: '',
    headers: new Headers({ 'content-type': 'application/json' }),
    json: async () => body,
    text: async () => JSON.stringify(body),
  } as Response);
}

const session = {
  profile: {},
  backstageIdentity: {
    token: '',
    identity: {
      type: 'user',
      userEntityRef: 'user:default/finn',
      ownershipEntityRefs: [],
    },
  },
};

describe('SignInPage', () => {
  beforeEach(() => {
    globalThis.fetch ??= jest.fn();
    localStorage.clear();
  });
  afterEach(() => jest.restoreAllMocks());

  it('signs in as the chosen person, remembers it, and forgets it on sign-out', async () => {
    const fetch = answer(200, session);
    const signedIn = jest.fn<void, [IdentityApi]>();
    const first = renderInTestApp(<SignInPage onSignInSuccess={signedIn} />);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Sign in as Finn' }),
    );
    await waitFor(() => expect(signedIn).toHaveBeenCalledTimes(1));
    const [url, init] = fetch.mock.calls[0];
    expect(url).toMatch(/\/api\/auth\/lab\/refresh$/);
    expect(new Headers(init?.headers).get('x-lab-user')).toBe('finn');
    first.unmount();

    const again = renderInTestApp(<SignInPage onSignInSuccess={signedIn} />);
    await waitFor(() => expect(signedIn).toHaveBeenCalledTimes(2));
    again.unmount();

    await signedIn.mock.calls[1][0].signOut();
    renderInTestApp(<SignInPage onSignInSuccess={signedIn} />);
    expect(
      await screen.findByRole('button', { name: 'Sign in as Ada' }),
    ).toBeInTheDocument();
  });

  it('says why it failed and lets one choose again', async () => {
    answer(401, {
      error: { name: 'AuthenticationError', message: 'No such user' },
      response: { statusCode: 401 },
    });
    renderInTestApp(<SignInPage onSignInSuccess={() => {}} />);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Sign in as Grace' }),
    );
    expect(
      await screen.findByText(/Signing in as Grace failed: .*401/),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Choose another person' }),
    );
    expect(
      await screen.findByRole('button', { name: 'Sign in as Finn' }),
    ).toBeInTheDocument();
  });
});
