import type { Journey } from '../Journey';
import { approval } from './approval';
import { environment } from './environment';
import { meshUpgrade } from './meshUpgrade';
import { ownership } from './ownership';
import { sidecarUpgrade } from './sidecarUpgrade';

/** In an order in which each finds what the former ones left to do. */
export const journeys: Journey[] = [
  environment,
  meshUpgrade,
  sidecarUpgrade,
  ownership,
  approval,
];
