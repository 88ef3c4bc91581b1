export { createInventory } from './createInventory';
export type { RunningInventory } from './createInventory';
export { readInventorySettings } from './settings';
export type { InventorySettings, MeshSetting } from './settings';
export * from './types';
