export { OwnSidecars } from './OwnSidecars';
