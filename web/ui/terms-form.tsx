// What somebody may see, what for and how long: the same questions for whoever asks and for whoever shares. Nothing is preticked.
import { useTranslation } from 'react-i18next';
import type { Category } from '../../core/access/categories.ts';
import { categories } from '../../core/access/categories.ts';
import type { Purpose } from '../../core/access/terms.ts';
import { Choice, ManyChoice, SelectField, Tick } from './choice.tsx';

export const SHAREABLE: readonly Category[] = categories.filter((each) => each !== 'sharing');
const PURPOSES = ['TREAT', 'ETREAT', 'CAREMGT', 'COC', 'HPAYMT'] as const satisfies readonly Purpose[];
const LASTS = ['PT2H', 'P1D', 'P7D', 'P30D', 'P180D', 'P365D'] as const;

export interface TermsChoice {
  readonly what: 'whole' | 'parts' | undefined;
  readonly parts: readonly Category[];
  readonly sealed: boolean;
  /** Of the whole record: that there is something sealed, and not what. */
  readonly knowsSealed: boolean;
  readonly share: boolean;
  readonly write: boolean;
  readonly purpose: (typeof PURPOSES)[number] | undefined;
  readonly lasts: (typeof LASTS)[number] | undefined;
}

export const noTerms: TermsChoice = {
  what: undefined,
  parts: [],
  sealed: false,
  knowsSealed: false,
  share: false,
  write: false,
  purpose: undefined,
  lasts: undefined,
};

/** As the server takes it; undefined while something is missing. */
export function termsOf(choice: TermsChoice) {
  const { what, parts, sealed, knowsSealed, share, write, purpose, lasts } = choice;
  if (missingTerm(choice) !== undefined || purpose === undefined || lasts === undefined) return undefined;
  return {
    scope: {
      ...(what === 'parts' ? { categories: parts } : {}),
      sealed,
      ...(what === 'whole' && knowsSealed && !sealed ? { knowsSealed } : {}),
      share,
      write,
    },
    purpose,
    duration: lasts,
  };
}

/** What is still to be chosen, first things first. */
export function missingTerm(choice: TermsChoice): 'what' | 'parts' | 'purpose' | 'lasts' | undefined {
  if (choice.what === undefined) return 'what';
  if (choice.what === 'parts' && choice.parts.length === 0) return 'parts';
  if (choice.purpose === undefined) return 'purpose';
  return choice.lasts === undefined ? 'lasts' : undefined;
}

export interface TermsFormProps {
  readonly value: TermsChoice;
  readonly onChange: (value: TermsChoice) => void;
  /** Whose words: the one who asks, or the one who shares. */
  readonly voice: 'ask' | 'share';
  /** How many entries each part holds, where that is known. */
  readonly counts?: ReadonlyMap<Category, number> | undefined;
  /** The owner lets somebody in at once, and may let them know of sealed entries. */
  readonly offersKnowing?: boolean | undefined;
  /** For half an hour and one clinician: nothing is asked of how long, and nothing is passed on. */
  readonly halfHour?: boolean | undefined;
}

export function TermsForm({
  value,
  onChange,
  voice,
  counts,
  offersKnowing = false,
  halfHour = false,
}: TermsFormProps) {
  const { t } = useTranslation('access');
  const change = (part: Partial<TermsChoice>): void => onChange({ ...value, ...part });
  return (
    <div className="stack-wide">
      <Choice
        label={t(`terms.${voice}.what`)}
        onChange={(what) => change({ what })}
        options={(['whole', 'parts'] as const).map((each) => ({
          value: each,
          label: t(`terms.what.${each}`),
        }))}
        side
        value={value.what}
      />
      {value.what === 'parts' ? (
        <ManyChoice
          label={t('terms.parts')}
          onChange={(parts) => change({ parts })}
          options={SHAREABLE.map((part) => {
            const count = counts?.get(part);
            return {
              value: part,
              label: t(`part.${part}`),
              ...(count === undefined ? {} : { hint: t('terms.count', { count }) }),
            };
          })}
          side
          values={value.parts}
        />
      ) : null}
      <div>
        <Tick
          checked={value.write}
          hint={t(`terms.${voice}.writeHint`)}
          label={t(`terms.${voice}.write`)}
          onChange={(write) => change({ write })}
        />
        <Tick
          checked={value.sealed}
          hint={t(`terms.${voice}.sealedHint`)}
          label={t(`terms.${voice}.sealed`)}
          onChange={(sealed) => change({ sealed })}
        />
        {voice === 'share' && offersKnowing && value.what === 'whole' && !value.sealed ? (
          <Tick
            checked={value.knowsSealed}
            hint={t('terms.share.knowsSealedHint')}
            label={t('terms.share.knowsSealed')}
            onChange={(knowsSealed) => change({ knowsSealed })}
          />
        ) : null}
        {halfHour ? null : (
          <Tick
            checked={value.share}
            label={t(`terms.${voice}.share`)}
            onChange={(share) => change({ share })}
          />
        )}
      </div>
      <SelectField
        label={t('terms.purpose')}
        onChange={(purpose) => change({ purpose })}
        options={PURPOSES.map((each) => ({ value: each, label: t(`purpose.${each}`) }))}
        value={value.purpose}
      />
      {halfHour ? null : (
        <SelectField
          label={t('terms.lasts')}
          onChange={(lasts) => change({ lasts })}
          options={LASTS.map((each) => ({ value: each, label: t(`lasts.${each}`) }))}
          value={value.lasts}
        />
      )}
    </div>
  );
}
