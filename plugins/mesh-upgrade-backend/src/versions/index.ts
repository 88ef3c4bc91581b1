export { createVersionCatalog } from './createVersionCatalog';
export type {
  ImageAnswer,
  ImageComponent,
  KnownTags,
  VersionCatalog,
} from './types';
