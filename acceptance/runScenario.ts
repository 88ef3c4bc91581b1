import { seconds } from '../scripts/lib/steps.mjs';
import type { Scenario } from './Scenario';
import type { World } from './World';

/**
 * Runs the steps in order and prints each. A step that fails ends the
 * scenario, as the later ones build on it; they count as failed too, because
 * nobody knows whether they hold.
 */
export async function runScenario(
  scenario: Scenario,
  world: World,
): Promise<{ passed: number; failed: number }> {
  const state = scenario.start();
  const steps = scenario.steps.filter(({ on }) => !on || on(world));
  let passed = 0;
  for (const step of steps) {
    const startedAt = performance.now();
    const line = (word: string) =>
      `  ${word.padEnd(6)} ${step.name} (${seconds(
        performance.now() - startedAt,
      )})`;
    try {
      await step.run(world, state);
      console.log(line('ok'));
      passed += 1;
    } catch (error) {
      console.log(line('FAILED'));
      steps
        .slice(passed + 1)
        .forEach(({ name }) => console.log(`  not reached: ${name}`));
      console.log(`\nThe last lines of the backend:\n${world.product.log()}`);
      console.log(`\n${step.name}: ${(error as Error).message}`);
      break;
    }
  }
  return { passed, failed: steps.length - passed };
}
