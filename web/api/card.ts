// The emergency card of the signed-in person: what it says, what each tier shows, and the acts on it.
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { CardPlacement, CardSettings } from '../../core/card/card-settings.ts';
import type { SectionId } from '../../core/record/facts.ts';
import { addressFor } from './acting.ts';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface FaceDanger {
  readonly noun: string;
  readonly reason: string;
}

/** The card in finished words of one language. */
export interface OwnCardFace {
  readonly name: string;
  readonly nameSecond?: string;
  readonly birthLine: string;
  readonly languagesLine?: string;
  readonly blood?:
    | { readonly text: string; readonly source: string }
    /** "A+, B+": none of them is chosen. */
    | { readonly differ: string }
    | 'withheld';
  readonly uhid: string;
  readonly dangers: readonly FaceDanger[];
  readonly moreDangers: number;
  readonly dangersState:
    'recorded' | 'withheld' | { readonly noneRecordedAsOf: string; readonly detail?: string };
  readonly contacts:
    readonly { readonly name: string; readonly relation: string; readonly phone: string }[] | 'withheld';
  readonly doctor?: { readonly name: string; readonly place?: string; readonly phone?: string } | 'withheld';
  /** The plain text of the second code; absent unless the holder chose it. */
  readonly offlineText?: string;
  readonly photoUrl: string | null;
}

export type CardState = 'active' | 'replaced' | 'revoked' | 'lost';

export interface OwnCard {
  /** The address the code opens; null when no card is valid. */
  readonly url: string | null;
  readonly qrUrl: string | null;
  readonly face: OwnCardFace | null;
  readonly number: number;
  readonly state: CardState;
  readonly issued: string;
  readonly ended: string | null;
  readonly settings: CardSettings;
  readonly hasAccessCode: boolean;
  readonly codeTriesLeft: number;
}

export type CardLanguage = 'en' | 'hi';
export type Tier = 'first' | 'second';

const CARD = ['card'] as const;
const BASE = '/api/emergency-card';

/** The card with its words in one language. The first look at it issues the first card. */
export function cardQuery(language: CardLanguage) {
  return queryOptions({
    queryKey: [...CARD, language],
    queryFn: ({ signal }) => get<OwnCard>(`${BASE}?language=${language}`, { signal }),
    // Facts change on other pages, so each page that shows the card asks anew; while one is looked at it stays.
    staleTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

/** The page a responder sees, marked as a preview. */
export function previewHref(tier: Tier, language: CardLanguage): string {
  return addressFor(`${BASE}/preview?tier=${tier}&language=${language}`);
}

export type PrintForm = 'sheet' | 'card' | 'wristband' | 'fridge' | 'lockScreen' | 'picture';

const PRINT_PATH: Readonly<Record<PrintForm, string>> = {
  sheet: '/sheet.pdf',
  card: '.pdf',
  wristband: '/wristband.pdf',
  fridge: '/fridge.pdf',
  lockScreen: '/lock-screen.png',
  picture: '.png',
};

/** One printable form of the card. */
export function printHref(form: PrintForm, language: CardLanguage): string {
  return addressFor(`${BASE}${PRINT_PATH[form]}?language=${language}`);
}

/** The code's picture; the number makes it another address for another card, so that no old picture is shown. */
export function codePictureHref(card: OwnCard): string | undefined {
  return card.qrUrl === null
    ? undefined
    : `${card.qrUrl}${card.qrUrl.includes('?') ? '&' : '?'}card=${card.number}`;
}

/** What to change; what is left out stays. */
export type SettingsChange = Partial<Omit<CardSettings, 'tiers'>> & {
  readonly tiers?: Partial<Record<SectionId, CardPlacement>>;
};

function changedSettings(settings: CardSettings, { tiers, ...rest }: SettingsChange): CardSettings {
  return { ...settings, ...rest, tiers: { ...settings.tiers, ...tiers } };
}

/** Changes what the card shows. The page shows the choice at once and takes it back when it was not stored. */
export function useChangeSettings() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationKey: ['change-card-settings'],
    mutationFn: (change: SettingsChange) => send('PUT', BASE, { settings: change }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: CARD });
      const before = queries.getQueriesData<OwnCard>({ queryKey: CARD });
      queries.setQueriesData<OwnCard>({ queryKey: CARD }, (card) =>
        card === undefined ? card : { ...card, settings: changedSettings(card.settings, change) },
      );
      return before;
    },
    onError: (_error, _change, before) => {
      for (const [key, card] of before ?? []) queries.setQueryData(key, card);
    },
    // Only the last of several quick choices asks for the new card, so that no older answer takes a newer choice back.
    onSettled: () =>
      queries.isMutating({ mutationKey: ['change-card-settings'] }) > 1
        ? undefined
        : queries.invalidateQueries({ queryKey: CARD }),
  });
}

/** issue: after one that ended; rotate: the old code stops at once; revoke, lost: no code works any more. */
export type CardAct = 'issue' | 'rotate' | 'revoke' | 'lost';

const ACT_REQUEST: Readonly<Record<CardAct, { readonly method: 'POST' | 'DELETE'; readonly path: string }>> =
  {
    issue: { method: 'POST', path: BASE },
    rotate: { method: 'POST', path: `${BASE}/rotate` },
    revoke: { method: 'DELETE', path: BASE },
    lost: { method: 'POST', path: `${BASE}/lost` },
  };

export interface CardChanged {
  readonly number: number;
  readonly state: CardState;
  readonly entry: string;
}

export function useCardAct() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (act: CardAct) => {
      const { method, path } = ACT_REQUEST[act];
      return send<CardChanged>(method, path);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: CARD }),
  });
}

/** A pre-printed blank becomes this person's card. Sensitive: may ask for the password first. */
export function useClaimCard() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (claimCode: string) => send<CardChanged>('POST', `${BASE}/claim`, { claimCode }),
    onSuccess: () => queries.invalidateQueries({ queryKey: CARD }),
  });
}

/** Sets the access code, or takes it away with null. Sensitive: may ask for the password first. */
export function useAccessCode() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (code: string | null) =>
      code === null ? send('DELETE', `${BASE}/code`) : send('PUT', `${BASE}/code`, { code }),
    onSuccess: () => queries.invalidateQueries({ queryKey: CARD }),
  });
}
