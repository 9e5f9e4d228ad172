// The emergency page as HTML: reading order is the order of use (who, danger, whom to call, facts, more, proof).
// Gets finished words; knows no record, no storage, no request.
import type { Html } from '../../http/html.ts';
import { html, rawHtml } from '../../http/html.ts';
import type {
  BlockWords,
  ContactWords,
  EmergencyView,
  FactWords,
  LookWords,
  PageLanguage,
  SectionWords,
  SourceWords,
  Words,
} from './emergency-view.ts';
import { allIcons, icon, iconSheet } from './icons.ts';
import { otherLanguage, pageWord } from './page-words.ts';
import { style } from './style.ts';

/** The whole page. Its title and head say nothing about the person: previews and histories show them. */
export function emergencyPage(view: EmergencyView, look: LookWords): string {
  const { language } = view;
  return document(
    language,
    html`${iconSheet(allIcons)}
      <header>
        ${modeBand(view, look)}
        <div class="top">
          <p>${pageWord(language, 'title')}</p>
          ${look.switchQuery && languageLink(language, look.switchQuery)}
        </div>
      </header>
      <main>
        ${who(view, look)} ${dangers(view)} ${contacts(view)}
        <div class="body">
          ${notes(view, look)}
          <div class="grid">${view.sections.map((one) => section(one, language))}</div>
          ${view.also.length > 0 && also(view)} ${needMore(view, look)} ${handoverLink(view, look)}
          ${genuine(view, look)}
        </div>
      </main>`,
  );
}

/** A page without any fact: for codes that open nothing. */
export function noDataPage(
  language: PageLanguage,
  words: { title: string; text: readonly string[]; padding: string },
): string {
  return document(
    language,
    html`<header>
        <div class="top">
          <p>${pageWord(language, 'title')}</p>
          ${languageLink(language, '?l=')}
        </div>
      </header>
      <main class="plain">
        <h1>${words.title}</h1>
        ${words.text.map((text) => html`<p>${text}</p>`)}
        <a class="btn first" href="tel:112">${pageWord(language, 'call112')}</a>
        <p class="small"><a href="/">${pageWord(language, 'isYours')}</a></p>
      </main>
      ${rawHtml(`<!--${words.padding}-->`)}`,
  );
}

/** A few words in place of what was asked for: nobody is named, and nothing is to be done here. */
export function wordsPage(language: PageLanguage, words: { title: string; text: string }): string {
  return document(
    language,
    html`<main class="plain">
      <h1>${words.title}</h1>
      <p>${words.text}</p>
    </main>`,
    words.title,
  );
}

// The policy allows exactly the bytes between these tags.
const styleElement = rawHtml(`<style>${style}</style>`);

export function document(language: PageLanguage, body: Html, title = pageWord(language, 'title')): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex,nofollow,noarchive" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        ${styleElement}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text.replace(/\s*\n\s*/g, '\n');
}

/** The address is relative, so that no page needs to repeat the token it was opened by. */
function languageLink(language: PageLanguage, query: string): Html {
  const other = otherLanguage(language);
  return html`<a href="${query}${other}" lang="${other}">${pageWord(language, 'switchTo')}</a>`;
}

function inLanguage(words: Words): Html {
  return words.language
    ? html`<bdi lang="${words.language}">${words.text}</bdi>`
    : html`<bdi>${words.text}</bdi>`;
}

function who(view: EmergencyView, look: LookWords): Html {
  const picture = look.photoUrl
    ? html`<img class="pic" src="${look.photoUrl}" alt="" width="72" height="88" />`
    : html`<span class="pic" aria-hidden="true">${view.initials}</span>`;
  return html`<div class="who">
    ${picture}
    <div>
      <h1>
        ${inLanguage(view.name)}${view.nameSecond && html` <span>${inLanguage(view.nameSecond)}</span>`}
      </h1>
      ${view.deceased && html`<p class="gone">${view.deceased}</p>`}
      ${view.lines.map((line) => html`<p>${line}</p>`)} ${view.languages && languages(view.languages)}
    </div>
  </div>`;
}

/** Says in what way this page is not the one that everybody sees. */
function modeBand({ language }: EmergencyView, look: LookWords): Html | undefined {
  const said = [
    look.mode === 'preview' ? pageWord(language, 'preview') : '',
    look.tier === 'second' ? pageWord(language, 'opened', { name: look.givenName }) : '',
  ].filter((text) => text !== '');
  return said.length === 0 ? undefined : html`<div class="mode"><p class="in">${said.join(' ')}</p></div>`;
}

function languages({
  before,
  preferred,
  isPreferred,
  others,
}: NonNullable<EmergencyView['languages']>): Html {
  return html`<p>
    ${before}${isPreferred ? html`<b>${preferred}</b>` : preferred}${others.map((one) => `, ${one}`)}
  </p>`;
}

function dangers(view: EmergencyView): Html {
  const { language, dangersSilence } = view;
  const other = otherLanguage(language);
  return html`<section class="danger${view.dangers.length === 0 && ' quiet'}" aria-labelledby="danger">
    <div class="in">
      <h2 id="danger">
        ${icon('danger', 23)}${pageWord(language, 'danger')}<span lang="${other}"
          >${pageWord(other, 'danger')}</span
        >
      </h2>
      <ul>
        ${view.dangers.map(
          (one) =>
            html`<li>
              <h3>${one.noun}</h3>
              <p>${one.text}</p>
            </li>`,
        )}
        ${
          dangersSilence &&
          html`<li>
            ${dangersSilence.title !== '' && html`<h3>${dangersSilence.title}</h3>`}
            <p>${dangersSilence.text}</p>
          </li>`
        }
      </ul>
    </div>
  </section>`;
}

function contacts(view: EmergencyView): Html {
  const { language } = view;
  const title = pageWord(language, 'contacts');
  if (view.contactsSilence) {
    return html`<section class="calls" aria-label="${title}">
      <div class="call">
        <div>
          <h2 class="h3">${title}</h2>
          ${block(view.contactsSilence)}
        </div>
      </div>
    </section>`;
  }
  return html`<section class="calls" aria-label="${title}">
    ${view.contacts.map((one, index) => contact(one, index === 0, language))}
  </section>`;
}

function contact(one: ContactWords, first: boolean, language: PageLanguage): Html {
  const { phone } = one;
  return html`<div class="call">
    <div>
      <h2 class="h3"><bdi>${one.name}</bdi></h2>
      <p>${one.relation}${phone && html`<span class="num"> ${phone.text}</span>`}</p>
    </div>
    ${
      phone
        ? html`<a
            class="btn${first && ' first'}"
            href="tel:${phone.dial}"
            aria-label="${pageWord(language, 'callWhom', { name: one.name })}"
            >${icon('phone', 18)}${phone.call}</a
          >`
        : html`<p class="blank">${pageWord(language, 'noNumber')}</p>`
    }
  </div>`;
}

function section(one: SectionWords, language: PageLanguage): Html {
  return html`<section aria-labelledby="${one.id}">
    <h2 id="${one.id}">${one.title} <span lang="${otherLanguage(language)}">${one.titleSecond}</span></h2>
    ${block(one.block)}
  </section> `;
}

function block(words: BlockWords): Html {
  switch (words.kind) {
    case 'facts':
      return html`${words.facts.map(fact)}`;
    case 'none-known':
      return html`<div class="none${unchecked(words.source) && ' self'}">
        <b>${words.text}</b>${source(words.source)}
      </div>`;
    case 'not-recorded':
      return html`<p class="blank">${words.text}</p>`;
    case 'withheld':
      return html`<p class="kept">${icon('lock', 18)}${words.text}</p>`;
  }
}

function fact(one: FactWords): Html {
  return html`<div class="fact${unchecked(one.source) && ' self'}">
    <b>${inLanguage(one.value)}</b>${one.details.map((detail) => html`<p>${detail}</p>`)}${source(one.source)}
  </div> `;
}

function unchecked({ voice }: SourceWords): boolean {
  return voice === 'self-reported' || voice === 'imported';
}

function source(one: SourceWords): Html {
  return html`<p class="src">${icon(one.voice, 15)}<span>${one.text}</span></p>`;
}

/** What was left for the hospital; who may not read it sees that it is there. */
function notes({ language }: EmergencyView, { notes: left = [], tier }: LookWords): Html | undefined {
  if (left.length === 0) return undefined;
  return html`<section aria-labelledby="left">
    <h2 id="left">${pageWord(language, 'note.title')}</h2>
    ${left.map(
      (one) =>
        html`<div class="fact${!one.verified && ' self'}">
          <b>${one.left}</b>${one.lines.map((line) => html`<p>${line}</p>`)}${source({
            voice: one.verified ? 'verified' : 'imported',
            text: one.by,
          })}
        </div> `,
    )}
    ${tier === 'first' && html`<p class="small">${pageWord(language, 'note.behindCode')}</p>`}
  </section>`;
}

function also(view: EmergencyView): Html {
  const { language } = view;
  const other = otherLanguage(language);
  return html`<section aria-labelledby="also">
    <h2 id="also">${pageWord(language, 'also')} <span lang="${other}">${pageWord(other, 'also')}</span></h2>
    <dl>
      ${view.also.map(
        (row) =>
          html`<div>
            <dt>${row.label}</dt>
            <dd>${block(row.block)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function needMore(view: EmergencyView, look: LookWords): Html | undefined {
  const { language } = view;
  const name = look.givenName;
  if (look.code === 'none' || look.tier === 'second') return undefined;
  const problem =
    look.codeProblem === undefined
      ? undefined
      : html`<p class="bad" role="alert" id="problem">${look.codeProblem}</p>`;
  if (look.code === 'locked') {
    return html`<section class="need" aria-labelledby="more">
      <h2 id="more">${pageWord(language, 'needMore')}</h2>
      ${problem ?? html`<p class="note">${pageWord(language, 'codeLocked', { name })}</p>`}
    </section>`;
  }
  return html`<section class="need" aria-labelledby="more">
    <h2 id="more">${pageWord(language, 'needMore')}</h2>
    <p class="note">${pageWord(language, 'needMoreText', { name })}</p>
    ${problem} ${codeForm(language, look, problem !== undefined)}
  </section>`;
}

/** In a preview nothing can be sent: the field is shown, not offered. */
function codeForm(language: PageLanguage, look: LookWords, wrong: boolean): Html {
  const field = html`<label for="code">${pageWord(language, 'codeLabel')}</label>
    <input
      id="code"
      name="code"
      inputmode="numeric"
      autocomplete="off"
      maxlength="16"
      required${wrong && rawHtml(' aria-describedby="problem" aria-invalid="true"')}${look.mode === 'preview' && rawHtml(' disabled')}
    />`;
  return look.mode === 'preview'
    ? html`<div class="form">${field}<span class="btn">${pageWord(language, 'open')}</span></div>`
    : html`<form class="form" method="post" action="?l=${language}#more">
        ${field}<button class="btn first">${pageWord(language, 'open')}</button>
      </form>`;
}

/** For responders; the address is this page's own, so that no token stands in it. */
function handoverLink({ language }: EmergencyView, { offersHandover }: LookWords): Html | undefined {
  if (offersHandover !== true) return undefined;
  return html`<p class="small">
    <a class="btn" href="?handover=1&amp;l=${language}">${pageWord(language, 'handover')}</a>
  </p>`;
}

function genuine(view: EmergencyView, look: LookWords): Html {
  const { language } = view;
  const name = look.givenName;
  const proof = look.loggedAt
    ? html`${icon('logged', 18)}<span>${pageWord(language, 'logged', { time: look.loggedAt })}</span>`
    : html`${icon('pending', 18)}<span>${pageWord(language, 'pending')}</span>`;
  const told =
    look.mode === 'scan' &&
    html`${pageWord(language, 'lookRecorded', { time: look.time, name })}
    ${look.contactsTold && html`${pageWord(language, 'contactsTold')} `}${pageWord(language, 'noLocation')}`;
  return html`<section aria-labelledby="genuine">
    <h2 id="genuine">${pageWord(language, 'genuine')}</h2>
    <p class="note">
      ${pageWord(language, 'genuineHost')} <b>${look.host}</b>.
      ${view.factsChanged && pageWord(language, 'factsChanged', { date: view.factsChanged })}
    </p>
    <p class="proof">${proof}</p>
    <p class="small note">
      ${view.uhidEnd !== '' && html`${pageWord(language, 'idEnds', { end: view.uhidEnd })} `}${told}
    </p>
  </section>`;
}
