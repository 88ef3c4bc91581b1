import type { Trial } from '../Trial';
import { faultyApi } from './faultyApi';
import { killed } from './killed';
import { suspended } from './suspended';
import { wrongClock } from './wrongClock';

/** Every kind of trouble, in the order in which they are played. */
export const trials: Trial[] = [killed, suspended, faultyApi, wrongClock];
