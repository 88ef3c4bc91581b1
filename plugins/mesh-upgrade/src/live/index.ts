export { Pace } from './Pace';
export { useChangeFeed, useConnection } from './useChangeFeed';
