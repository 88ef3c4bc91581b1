import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

const UPGRADE_TIMEOUT_MS = 180_000;

/** Waits until the environment has passed. */
export async function environmentPassed(page: Page): Promise<void> {
  await page.getByText(/^Passed: \d+ checks?$/).waitFor();
}

export async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next', exact: true }).click();
}

/** Waits for the end of the upgrade and the sentence that says it. */
export async function succeeded(page: Page, sentence: string): Promise<void> {
  await page
    .getByText(sentence)
    .first()
    .waitFor({ timeout: UPGRADE_TIMEOUT_MS });
}

/** Ticks whatever the environment asks consent to. */
export async function consentToAll(page: Page): Promise<void> {
  const boxes = page.getByRole('checkbox', {
    name: 'I have read this and want to go on',
  });
  await boxes.first().waitFor();
  for (const box of await boxes.all()) {
    await box.check();
  }
}

/** The run that a wizard shows, by its address. */
export function runOf(page: Page): string {
  const run = new URL(page.url()).searchParams.get('run');
  assert(run, `no run in ${page.url()}`);
  return run;
}
