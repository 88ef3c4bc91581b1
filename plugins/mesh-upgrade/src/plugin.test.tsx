import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { screen } from '@testing-library/react';
import meshUpgradePlugin, {
  meshUpgradeApiRef,
  meshUpgradeTranslationRef,
  meshUpgradeTranslations,
} from '.';
import { fakeApi, fixtures } from './__testUtils__';
import zh from './translations/zh';

function renderIn(language: string, address: string) {
  return renderTestApp({
    initialRouteEntries: [address],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    config: {
      app: {
        baseUrl: 'http://localhost:3000',
        extensions: [
          {
            'api:app/app-language': {
              config: {
                availableLanguages: ['en', 'zh'],
                defaultLanguage: language,
              },
            },
          },
        ],
      },
      backend: { baseUrl: 'http://localhost:7007' },
    },
    features: [
      meshUpgradePlugin,
      createFrontendModule({
        pluginId: 'app',
        extensions: [
          TranslationBlueprint.make({
            params: { resource: meshUpgradeTranslations },
          }),
        ],
      }),
    ],
    apis: [
      [
        meshUpgradeApiRef,
        fakeApi({
          listMeshes: async () => [
            fixtures.mesh(),
            fixtures.mesh({ id: 'fine', name: 'Fine', upgrade: undefined }),
          ],
        }),
      ],
      [permissionApiRef, mockApis.permission()],
    ],
  });
}

// The app remembers the language in the browser.
afterEach(() => localStorage.clear());

describe('The plugin in an app of the new frontend system', () => {
  it('brings its page', async () => {
    renderIn('en', '/mesh-upgrade');
    expect(
      await screen.findByText('1 of 2 meshes can be upgraded.'),
    ).toBeInTheDocument();
  });

  it('speaks Chinese, counts included', async () => {
    renderIn('zh', '/mesh-upgrade');
    expect(
      await screen.findByText('2 个网格中有 1 个可以升级。'),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('button', { name: '立即升级' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('tab', { name: '边车（6 个落后）' }),
    ).toBeInTheDocument();
  });

  it('has the same placeholders in every Chinese message', () => {
    const placeholders = (text: string) =>
      (text.match(/\{\{\w+\}\}/g) ?? []).sort();
    const english = Object.entries(
      (
        meshUpgradeTranslationRef as unknown as {
          getDefaultMessages(): Record<string, string>;
        }
      ).getDefaultMessages(),
    ).filter(([key]) => !key.endsWith('_one'));
    const chinese = zh.messages as Record<string, string | null>;
    expect(english.length).toBeGreaterThan(200);
    expect(
      english.map(([key]) => [key, placeholders(chinese[key] ?? '')]),
    ).toEqual(english.map(([key, text]) => [key, placeholders(text)]));
  });
});
