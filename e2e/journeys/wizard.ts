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
