import {
  createFrontendModule,
  createTranslationResource,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { meshUpgradeTranslations } from '@mesh-upgrade/backstage-plugin-mesh-upgrade';
import { appTranslationRef } from './translation';

/** Chinese beside English; the settings page has the choice. */
export const languagesModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    TranslationBlueprint.make({
      name: 'mesh-upgrade',
      params: { resource: meshUpgradeTranslations },
    }),
    TranslationBlueprint.make({
      name: 'app',
      params: {
        resource: createTranslationResource({
          ref: appTranslationRef,
          translations: { zh: () => import('./zh') },
        }),
      },
    }),
  ],
});
