import {
  appLanguageApiRef,
  useApiHolder,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { meshUpgradeTranslationRef } from '../translation';

/** The words of this plugin in the reader's language. */
export function useMessages() {
  return useTranslationRef(meshUpgradeTranslationRef).t;
}

/** Turns a message key and its values into words. */
export type Messages = ReturnType<typeof useMessages>;

/** The reader's language as a BCP 47 tag. */
export function useLanguage(): string {
  return useApiHolder().get(appLanguageApiRef)?.getLanguage().language ?? 'en';
}
