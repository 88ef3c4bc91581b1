import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const VIEWPORT = { width: 1280, height: 800 };
const PATIENCE_MS = 20_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // Without these it asks for the internet at every start.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium with an empty profile; whatever a page complains about is kept. */
export class Browser {
  readonly #profile = mkdtempSync(join(tmpdir(), 'mesh-upgrade-chromium-'));
  readonly #options: {
    executable: string;
    url: string;
    screenshots?: string;
  };
  #context: BrowserContext | undefined;
  #complaints: string[] = [];

  /**
   * @param options - `screenshots` is the folder that pictures go to, none
   *   are made without it
   */
  static create(options: {
    executable: string;
    url: string;
    screenshots?: string;
  }): Browser {
    return new Browser(options);
  }

  private constructor(options: {
    executable: string;
    url: string;
    screenshots?: string;
  }) {
    this.#options = options;
  }

  /** Opens the app signed in as a person of the demo catalog. */
  async signIn(name: string): Promise<Page> {
    const page = await this.#newPage();
    await page.goto(this.#options.url);
    await page.getByRole('button', { name: `Sign in as ${name}` }).click();
    await page.getByRole('tab', { name: 'Meshes' }).waitFor();
    return page;
  }

  /** The same person in another tab, after closing the present one. */
  async comeBack(page: Page): Promise<Page> {
    await page.close();
    const another = await this.#openTab();
    await another.goto(`${this.#options.url}/mesh-upgrade`);
    await another.getByRole('tab', { name: 'Meshes' }).waitFor();
    return another;
  }

  /** Errors that pages had since the last time this was asked. */
  takeComplaints(): string[] {
    const complaints = this.#complaints;
    this.#complaints = [];
    return complaints;
  }

  async picture(page: Page, name: string): Promise<void> {
    const { screenshots } = this.#options;
    if (!screenshots) {
      return;
    }
    mkdirSync(screenshots, { recursive: true });
    // The pointer would leave a tooltip or a shade wherever it clicked last.
    await page.mouse.move(0, 0);
    await page.screenshot({
      path: join(screenshots, `${name}.png`),
      animations: 'disabled',
    });
  }

  /** Keeps what the page shows when a journey failed; answers the file. */
  async evidence(file: string): Promise<string | undefined> {
    // The first page is the empty one that Chromium opens with.
    const page = this.#context?.pages().at(-1);
    await page?.screenshot({ path: file, fullPage: true });
    return page && file;
  }

  async close(): Promise<void> {
    await this.#context?.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  async #newPage(): Promise<Page> {
    await this.#context?.close();
    rmSync(this.#profile, { recursive: true, force: true });
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      executablePath: this.#options.executable,
      args: FLAGS,
      viewport: VIEWPORT,
      locale: 'en-US',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    this.#context.setDefaultTimeout(PATIENCE_MS);
    return this.#openTab();
  }

  async #openTab(): Promise<Page> {
    const page = await this.#context!.newPage();
    page.on('pageerror', error => this.#complaints.push(String(error)));
    page.on('console', message => {
      if (message.type() === 'error') {
        this.#complaints.push(`${message.text()} (${message.location().url})`);
      }
    });
    return page;
  }
}
