export { useAddress } from './useAddress';
export { MESH_CHANGES, useLive } from './useLive';
export type { Live } from './useLive';
export { useLanguage, useMessages } from './useMessages';
export type { Messages } from './useMessages';
export { usePreference } from './usePreference';
export { useRunEvents } from './useRunEvents';
export { useUserRef } from './useUserRef';
