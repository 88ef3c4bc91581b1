import { createTranslationResource } from '@backstage/frontend-plugin-api';
import { meshUpgradeTranslationRef } from '../translation';

/** The languages beside English; an app registers them with its translations. @public */
export const meshUpgradeTranslations = createTranslationResource({
  ref: meshUpgradeTranslationRef,
  translations: { zh: () => import('./zh') },
});
