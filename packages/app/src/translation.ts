import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The words of the app itself. */
export const appTranslationRef = createTranslationRef({
  id: 'app',
  messages: {
    nav: { menu: 'Menu', settings: 'Settings' },
    signIn: {
      title: 'Who do you want to be?',
      explanation:
        'This is a demo: each person sees and may do different things. There is no password, so never expose it.',
      as: 'Sign in as {{name}}',
      failed: 'Signing in as {{name}} failed: {{reason}}',
      again: 'Choose another person',
      ada: 'Platform engineer: may upgrade every mesh and every sidecar',
      olga: 'Platform engineer as well: may approve what Ada starts',
      finn: 'Member of the storefront team: may upgrade its sidecars',
      grace: 'Member of the checkout team: may upgrade its sidecars',
    },
  },
});
