// The pages that hold no data: made once at start, the same bytes for every code that opens nothing, about as heavy as a card.
import { noDataPage } from './emergency-page.ts';
import type { PageLanguage } from './emergency-view.ts';
import type { PageBody } from './page-body.ts';
import { pageBody } from './page-body.ts';
import type { PageWord } from './page-words.ts';
import { pageWord } from './page-words.ts';

/** dead: unknown, replaced, revoked or lost, which nobody can tell apart. */
export type NoDataKind = 'dead' | 'no-owner' | 'too-many' | 'unfurl';

export type NoDataPages = Readonly<Record<NoDataKind, Readonly<Record<PageLanguage, PageBody>>>>;

/** Compressed bytes of the page of a person with a dozen facts: who only sees sizes must not tell a dead card from a live one. */
const usualBytes = 4_900;

const wordsOf: Record<NoDataKind, readonly [PageWord, ...PageWord[]]> = {
  dead: ['noDataTitle', 'noDataText', 'inDanger'],
  'no-owner': ['noOwnerTitle', 'noOwnerText', 'inDanger'],
  'too-many': ['tooMany', 'tooManyText', 'inDanger'],
  unfurl: ['unfurl', 'inDanger'],
};

export function makeNoDataPages(randomBytes: (count: number) => Uint8Array): NoDataPages {
  const make = (kind: NoDataKind): Record<PageLanguage, PageBody> => ({
    en: padded(kind, 'en', randomBytes),
    hi: padded(kind, 'hi', randomBytes),
  });
  return {
    dead: make('dead'),
    'no-owner': make('no-owner'),
    'too-many': make('too-many'),
    unfurl: make('unfurl'),
  };
}

function padded(
  kind: NoDataKind,
  language: PageLanguage,
  randomBytes: (count: number) => Uint8Array,
): PageBody {
  const [title, ...text] = wordsOf[kind];
  const page = (padding: string) =>
    pageBody(
      noDataPage(language, {
        title: pageWord(language, title),
        text: text.map((word) => pageWord(language, word)),
        padding,
      }),
    );
  const missing = usualBytes - page('').gzip.length;
  // Hexadecimal of random bytes compresses back to about its bytes; '-' cannot occur in it and end the comment early.
  return page(Buffer.from(randomBytes(Math.max(0, Math.round(missing / 1.14)))).toString('hex'));
}
