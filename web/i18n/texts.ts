// The words of the app: English comes with the page, Hindi and the words of each area are fetched when needed.
// A new area: add its file under en/ and hi/ and one line in Catalogues below.
import i18next from 'i18next';
import type { BackendModule } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { access } from './en/access.ts';
import type { account } from './en/account.ts';
import type { apps } from './en/apps.ts';
import type { card } from './en/card.ts';
import type { clinic } from './en/clinic.ts';
import { common } from './en/common.ts';
import type { desk } from './en/desk.ts';
import type { doses } from './en/doses.ts';
import type { family } from './en/family.ts';
import type { forms } from './en/forms.ts';
import type { home } from './en/home.ts';
import type { imaging } from './en/imaging.ts';
import type { ledger } from './en/ledger.ts';
import type { looks } from './en/looks.ts';
import type { office } from './en/office.ts';
import type { papers } from './en/papers.ts';
import type { patientForms } from './en/patient-forms.ts';
import type { patientRecord } from './en/patient-record.ts';
import type { places } from './en/places.ts';
import type { publicPages } from './en/public-pages.ts';
import type { recordPages } from './en/record-pages.ts';
import type { recovery } from './en/recovery.ts';
import type { results } from './en/results.ts';
import type { sharing } from './en/sharing.ts';
import type { timeline } from './en/timeline.ts';
import type { uploads } from './en/uploads.ts';
import type { verify } from './en/verify.ts';
import type { visit } from './en/visit.ts';
import type { Language } from './format.ts';

/** The English catalogues; every other language has exactly these keys. */
export interface Catalogues {
  readonly common: typeof common;
  readonly access: typeof access;
  readonly account: typeof account;
  readonly apps: typeof apps;
  readonly card: typeof card;
  readonly clinic: typeof clinic;
  readonly desk: typeof desk;
  readonly doses: typeof doses;
  readonly family: typeof family;
  readonly forms: typeof forms;
  readonly home: typeof home;
  readonly imaging: typeof imaging;
  readonly ledger: typeof ledger;
  readonly looks: typeof looks;
  readonly office: typeof office;
  readonly papers: typeof papers;
  readonly 'patient-forms': typeof patientForms;
  readonly 'patient-record': typeof patientRecord;
  readonly places: typeof places;
  readonly 'public-pages': typeof publicPages;
  readonly 'record-pages': typeof recordPages;
  readonly recovery: typeof recovery;
  readonly results: typeof results;
  readonly sharing: typeof sharing;
  readonly timeline: typeof timeline;
  readonly uploads: typeof uploads;
  readonly verify: typeof verify;
  readonly visit: typeof visit;
}
export type Area = keyof Catalogues;

/** What a translation must satisfy: the same keys, any words. */
export type SameKeys<English> = { readonly [Key in keyof English]: string };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    keySeparator: false;
    nsSeparator: ':';
    resources: Catalogues;
  }
}

type CatalogueModule = Record<string, Record<string, string>>;
const files = import.meta.glob<CatalogueModule>(['./en/*.ts', './hi/*.ts', '!./en/common.ts']);

const areaFiles: BackendModule = {
  type: 'backend',
  init: () => {},
  read: (language, area, done) => {
    const load = files[`./${language}/${area}.ts`];
    if (!load) {
      done(new Error(`no catalogue ${language}/${area}`), null);
      return;
    }
    load().then(
      (loaded) => done(null, Object.values(loaded)[0] ?? {}),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
    );
  },
};

const LANGUAGES: readonly Language[] = ['en', 'hi'];

function isLanguage(value: string | null | undefined): value is Language {
  return LANGUAGES.some((each) => each === value);
}

/** The choice kept on this device; storage may be closed. */
function keptLanguage(): Language | undefined {
  try {
    const kept = localStorage.getItem('language');
    return isLanguage(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function keepLanguage(language: Language): void {
  try {
    localStorage.setItem('language', language);
  } catch {
    // Storage is closed: the choice holds until the page is left.
  }
}

/** The language kept on this device, else the first of the browser's that we speak, else English. */
export function preferredLanguage(): Language {
  const wished = navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage);
  return keptLanguage() ?? wished ?? 'en';
}

/** Makes the catalogues ready; resolves when the first page can be written. */
export async function startTexts(language: Language): Promise<void> {
  i18next.on('languageChanged', (chosen) => {
    document.documentElement.lang = chosen;
  });
  await i18next
    .use(areaFiles)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      supportedLngs: LANGUAGES,
      ns: ['common'],
      defaultNS: 'common',
      keySeparator: false,
      interpolation: { escapeValue: false },
      partialBundledLanguages: true,
      resources: { en: { common } },
    });
}

/** Fetches the words of an area beside its code, so that its page does not wait twice. */
export async function loadWords(area: Area): Promise<void> {
  await i18next.loadNamespaces(area);
}

/** Switches the language of the page and keeps the choice on this device. */
export async function chooseLanguage(language: Language): Promise<void> {
  keepLanguage(language);
  await i18next.changeLanguage(language);
}

/** The language an account is kept in, on a device where nobody has chosen one. */
export async function followAccountLanguage(language: string | undefined): Promise<void> {
  if (isLanguage(language) && keptLanguage() === undefined) await i18next.changeLanguage(language);
}

/** The language the page is in now; the component is drawn again when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation('common');
  return isLanguage(i18n.resolvedLanguage) ? i18n.resolvedLanguage : 'en';
}
