// Parts of who somebody is, where and whom to reach, and what they wish; and of their papers.
import { languageEntry } from '../../../core/record/code-lists/languages.ts';
import type { DocumentFact, SectionId } from '../../../core/record/facts.ts';
import { phoneWords } from '../../../core/record/phone-words.ts';
import type { PartsOf, Say } from './part.ts';
import { part } from './part.ts';

type Personal =
  'identity' | 'address' | 'care-team' | 'contacts' | 'organ-donor' | 'directives' | 'documents';

export const personParts: { readonly [Id in Personal & SectionId]: PartsOf<Id> } = {
  identity: (identity, say) => [
    ...part('name', identity.name),
    ...part('localName', identity.localNames.map((one) => one.text).join(', ')),
    ...part('birthDate', identity.birthDate && bornWords(identity.birthDate, say)),
    ...part('sex', identity.sex && say.t(`sex.${identity.sex}`)),
    ...part(
      'sexAtBirth',
      identity.sexAtBirth && `${say.t('part.sexAtBirth')}: ${say.t(`sex.${identity.sexAtBirth}`)}`,
    ),
    ...part('languages', languageWords(identity.languages, say)),
  ],
  address: ({ home, phones, emails }, say) => [
    ...part('phone', phones.map(phoneWords).join(', ')),
    ...part('home', home && homeWords(home, say), { own: phones.length > 0 }),
    ...part('email', emails.join(', '), { own: true }),
  ],
  'care-team': (provider) => [
    ...part(provider.role, provider.name),
    ...part('specialty', provider.specialty),
    ...part('place', provider.place),
    ...part('phone', provider.phone && phoneWords(provider.phone)),
  ],
  contacts: (contact, say) => [
    ...part('name', contact.name),
    ...part('relation', contact.relation && say.term('relations', contact.relation)),
    ...part('phone', contact.phone && phoneWords(contact.phone)),
  ],
  'organ-donor': (wish, say) => [
    ...part('state', say.t(`donor.${wish.answer}`)),
    ...part('organs', wish.organs.map((organ) => say.term('organs', organ)).join(', ')),
  ],
  directives: (directive, say) => [
    ...part('kind', directive.kind === 'other' ? directive.title : say.t(`directive.${directive.kind}`)),
    ...part('date', directive.date && say.date(directive.date)),
    ...part('where', directive.whereToFind && say.t('fact.where', { where: directive.whereToFind }), {
      own: true,
    }),
  ],
  documents: (document, say) => [
    ...part('name', document.title),
    ...part('kind', say.t(`document.${document.kind}`)),
    ...part('date', document.date && say.date(document.date)),
    ...part('size', sizeWords(document, say)),
  ],
};

function bornWords(birthDate: string, { t, date, age }: Say): string {
  const years = age(birthDate);
  return years === undefined
    ? t('fact.born', { date: date(birthDate) })
    : t('fact.bornAge', { date: date(birthDate), age: years });
}

function languageWords(
  languages: readonly { code: string; text: string }[],
  { t, language }: Say,
): string | undefined {
  if (languages.length === 0) return undefined;
  const names = languages.map((one) =>
    language === 'hi' ? (languageEntry(one.code)?.hi ?? one.text) : one.text,
  );
  return t('fact.speaks', { languages: names.join(', ') });
}

type Home = {
  lines: readonly string[];
  city?: string;
  district?: string;
  state?: string;
  postalCode?: string;
  country?: string;
};

function homeWords(home: Home, _say: Say): string {
  const town = [home.city, home.postalCode].filter((each) => each !== undefined).join('\u00a0');
  return [...home.lines, town, home.district, home.state, home.country]
    .filter((each) => each !== undefined && each !== '')
    .join(', ');
}

function sizeWords({ sizeBytes }: DocumentFact, { t }: Say): string | undefined {
  if (sizeBytes === undefined || sizeBytes <= 0) return undefined;
  return sizeBytes < 1_000_000
    ? t('fact.kilobytes', { size: Math.max(1, Math.round(sizeBytes / 1000)) })
    : t('fact.megabytes', { size: (sizeBytes / 1_000_000).toFixed(1) });
}
