import type { Journey } from '../Journey';
import { approval } from './approval';
import { environment } from './environment';
import { leftovers } from './leftovers';
import { manualUpgrade } from './manualUpgrade';
import { meshUpgrade } from './meshUpgrade';
import { ownership } from './ownership';
import { returnToFormer } from './returnToFormer';
import { sidecarUpgrade } from './sidecarUpgrade';

/** In an order in which each finds what the former ones left to do. */
export const journeys: Journey[] = [
  environment,
  meshUpgrade,
  sidecarUpgrade,
  ownership,
  approval,
  returnToFormer,
  leftovers,
  manualUpgrade,
];
