// The page on which a responder leaves words and vitals for the hospital: one form, no script. It shows nothing of the person, so that
// whoever has no code sees nothing by it.
import { handoverVitals, longestNote } from '../../../core/record/handover.ts';
import type { Html } from '../../http/html.ts';
import { html } from '../../http/html.ts';
import { document } from './emergency-page.ts';
import type { PageLanguage } from './emergency-view.ts';
import type { PageWord } from './page-words.ts';
import { pageWord } from './page-words.ts';

export interface HandoverPage {
  /** Signed in with a licence that was checked: no code is asked for. */
  readonly asClinician: boolean;
  readonly problem?: string;
  /** Where somebody may be taken: the same on every such page. */
  readonly hospitals: readonly { readonly id: string; readonly name: string }[];
  /** What was typed, given back. */
  readonly typed?: Readonly<Record<string, unknown>>;
}

export function handoverPage(language: PageLanguage, page: HandoverPage): string {
  const word = (key: PageWord): string => pageWord(language, key);
  const typed = (name: string): string => {
    const value = page.typed?.[name];
    return typeof value === 'string' ? value.slice(0, longestNote) : '';
  };
  const vital = (name: (typeof handoverVitals)[number]['name'], unit: string): Html =>
    html`<label for="${name}">${word(`handover.${name}`)} (${unit})</label>
      <input
        id="${name}"
        name="${name}"
        inputmode="decimal"
        autocomplete="off"
        maxlength="5"
        value="${typed(name)}"
      />`;
  return document(
    language,
    html`<main class="plain">
      <h1>${word('handover')}</h1>
      <p>${word('handover.text')}</p>
      ${page.problem !== undefined && html`<p class="bad" role="alert" id="problem">${page.problem}</p>`}
      <form class="form" method="post" action="?l=${language}">
        <label for="note">${word('handover.note')}</label>
        <textarea id="note" name="note" rows="5" maxlength="${String(longestNote)}">
${typed('note')}</textarea>
        ${handoverVitals.map(({ name, unit }) => vital(name, unit))}
        ${
          page.hospitals.length > 0 &&
          html`<label for="to">${word('handover.to')}</label>
            <select id="to" name="to">
              <option value="">${word('handover.toNobody')}</option>
              ${page.hospitals.map(
                ({ id, name }) =>
                  html`<option value="${id}" ${id === typed('to') && html`selected`}>${name}</option>`,
              )}
            </select>
            <p class="small">${word('handover.toText')}</p>`
        }
        ${
          page.asClinician
            ? html`<p>${word('handover.asClinician')}</p>`
            : html`<label for="code">${word('codeLabel')}</label>
                <input id="code" name="code" inputmode="numeric" autocomplete="off" maxlength="16" required />
                <p class="small">${word('handover.unverified')}</p>`
        }
        <button class="btn first">${word('handover.leave')}</button>
      </form>
    </main>`,
    word('handover'),
  );
}

export const leftWords = (language: PageLanguage) => ({
  title: pageWord(language, 'handover.left'),
  text: pageWord(language, 'handover.leftText'),
});
