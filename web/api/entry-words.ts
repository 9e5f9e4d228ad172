// One entry of the log in words: who, what they saw or did, why they could. Says nothing that the entry does not say.
import { useTranslation } from 'react-i18next';
import type { Words } from './deed-words.ts';
import { deedWords, thing } from './deed-words.ts';
import type { Entry } from './entries.ts';
import { useSignedIn } from './session.ts';
import { isOwn } from './look-kinds.ts';
import { whyWords } from './why-words.ts';

export interface EntryWords {
  readonly who: string;
  /** "the emergency page"; for an act a whole sentence. */
  readonly saw: string;
  /** With its leading word: "Saw: the emergency page". */
  readonly sawLine: string;
  /** Absent where it goes without saying. */
  readonly why: string | undefined;
}

/** "an allergy" for AllergyIntolerance. */
export function useTypeWords(): (type: string) => string {
  const { t } = useTranslation(['looks', 'common']);
  return (type) => thing(t, type);
}

export function useEntryWords(): (entry: Entry) => EntryWords {
  const { t } = useTranslation(['looks', 'common']);
  const { account, patient } = useSignedIn();
  return (entry) => {
    const own = isOwn(entry, account.id);
    const { lead, words } = deedWords(t, entry);
    return {
      who: whoWords(t, entry, own, { accountId: account.id, person: patient.name }),
      saw: words,
      sawLine: lead === undefined ? words : t(`lead.${lead}`, { what: words }),
      why: own ? undefined : whyWords(t, entry),
    };
  };
}

function whoWords(
  t: Words,
  { who, basis }: Entry,
  own: boolean,
  { accountId, person }: { readonly accountId: string; readonly person: string },
): string {
  if (who.app !== undefined)
    return who.account === accountId
      ? t('who.appForYou', { app: who.app.name })
      : t('who.appFor', { app: who.app.name, name: who.name ?? t('who.somebody') });
  if (who.role === 'guardian' && who.name !== undefined)
    return t('who.guardianFor', { name: who.name, person });
  if (own) return t('who.you');
  if (who.name !== undefined) return who.name;
  switch (who.role) {
    case 'card-reader':
      return basis === 'link-preview' ? t('who.messageApp') : t('who.withCard');
    case 'professional':
      return t('common:source.aProfessional');
    case 'organization':
    case 'client':
      return t('common:source.anOrganization');
    case 'operator':
      return t('who.operator');
    case 'system':
      return t('common:medallion');
    case 'patient':
    case 'guardian':
    case 'anonymous':
      return t('who.somebody');
  }
}
