import {
  appLanguageApiRef,
  useApiHolder,
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { meshUpgradeTranslationRef } from '../translation';

/** Turns a message key and its values into words. */
export type Messages = TranslationFunction<
  (typeof meshUpgradeTranslationRef)['T']
>;

/** The words of this plugin in the reader's language. */
export function useMessages(): Messages {
  return useTranslationRef(meshUpgradeTranslationRef).t;
}

/** The reader's language as a BCP 47 tag. */
export function useLanguage(): string {
  return useApiHolder().get(appLanguageApiRef)?.getLanguage().language ?? 'en';
}
