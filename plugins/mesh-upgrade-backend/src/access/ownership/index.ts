export { CatalogOwnershipIndex } from './CatalogOwnershipIndex';
