// The picture in README.md: the card page of the demo's Asha Rao. Start the demo (`npm run demo`), then run
// `node build/readme-picture.ts [address of the demo] [path of a Chromium]`. Asks nothing but the demo.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { demoPassword } from '../demo/logins.ts';

const [address = 'http://localhost:8080', executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const picture = join(import.meta.dirname, '../docs/images/card-page.png');
const mostBytes = 200_000;

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({
    baseURL: address,
    viewport: { width: 1280, height: 900 },
    locale: 'en-IN',
    colorScheme: 'light',
  });
  await page.goto('/sign-in?next=/card');
  await page.getByLabel('Phone number or e-mail').fill('patient@demo');
  await page.getByRole('textbox', { name: 'Password' }).fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Print or save' }).waitFor();
  await page.waitForLoadState('networkidle');
  const bytes = await sharp(await page.screenshot())
    .png({ palette: true, colours: 128, effort: 10 })
    .toBuffer();
  if (bytes.length > mostBytes) throw new Error(`the picture weighs ${bytes.length} bytes`);
  await sharp(bytes).toFile(picture);
} finally {
  await browser.close();
}
