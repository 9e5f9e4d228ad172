// Whether a page is sound on the narrowest screen: one heading, nothing scrolls sideways, nothing is cut, nothing wrong for those who hear the page
// or see little. Knows no page.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Loads the app anew in a language and a colour scheme. */
export async function begin(page: Page, language: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate((chosen) => localStorage.setItem('language', chosen), language);
  await page.goto('/how-it-works');
  await page.locator('main h1').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), language);
}

/** Follows a link inside the app, and waits until what the page waits for has come. */
export async function follow(page: Page, path: string): Promise<void> {
  const before = await page.evaluate((href) => {
    document.querySelector('h1')?.setAttribute('data-left', '');
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
    return document.title;
  }, path);
  await page.waitForFunction(
    ([title, left]) =>
      document.querySelector('main h1') !== null &&
      (document.title !== title || document.querySelector('h1[data-left]') === null) &&
      location.href.endsWith(left) &&
      document.querySelector('.loading, [aria-busy=true]') === null,
    [before, path] as const,
  );
}

export async function assertSound(page: Page, where: string): Promise<void> {
  assert.equal(await page.locator('h1').count(), 1, `${where}: one first heading`);
  assert.notEqual(await page.title(), '', where);
  assert.deepEqual(await cutOrTooWide(page), [], where);
  // A colour on its way to another is neither of them.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
  // No page has frames: without a look into them it is twice as fast.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(wcag).analyze();
  const faults = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`,
  );
  assert.deepEqual(faults, [], where);
}

/** What scrolls the page sideways, and words that do not fit into what one presses. */
function cutOrTooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide =
      document.documentElement.scrollWidth > width ? [`${document.documentElement.scrollWidth} px wide`] : [];
    const pressed = [
      ...document.querySelectorAll<HTMLElement>('button, a, summary, label, select, [role=button]'),
    ];
    const cut = pressed.flatMap((element) => {
      const name = `${element.tagName} ${element.className} “${element.innerText.slice(0, 60)}”`;
      if (!element.checkVisibility() || element.matches('.visually-hidden, .skip-link')) return [];
      const box = element.getBoundingClientRect();
      if (box.left < -1 || box.right > width + 1) return [`${name} leaves the screen`];
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (text.parentElement?.closest('.visually-hidden, option')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const line of range.getClientRects()) {
          const isInline = getComputedStyle(element).display === 'inline';
          if (line.left < box.left - 1 || line.right > box.right + 1)
            return [`${name} is wider than its place`];
          if (!isInline && (line.top < box.top - 2 || line.bottom > box.bottom + 2))
            return [`${name} is higher than its place`];
        }
      }
      return [];
    });
    return [...wide, ...cut];
  });
}
