// The end of a visit: the prescription on paper, when to come back, whether the person is told.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitDraft } from '../../../core/visit/draft.ts';
import { daysLater } from '../../../core/visit/draft.ts';
import type { VisitProblem } from '../../../core/visit/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Tick } from '../../ui/choice.tsx';
import { FieldError } from '../../ui/text-field.tsx';
import { shrinkPicture } from './shrink-picture.ts';
import { VisitRow } from './visit-row.tsx';

interface RowProps {
  readonly draft: VisitDraft;
  readonly onChange: (part: Partial<VisitDraft>) => void;
}

export function PictureRow({ draft, onChange }: RowProps) {
  const { t } = useTranslation('visit');
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const picture = await shrinkPicture(file);
    setWrong(picture === undefined);
    if (picture !== undefined) onChange({ picture });
  };
  return (
    <VisitRow label={t('picture')}>
      <input
        accept="image/*"
        aria-label={t('picture.add')}
        capture="environment"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
        ref={input}
        type="file"
      />
      {draft.picture === undefined ? (
        <Button icon="camera" onPress={() => input.current?.click()}>
          {t('picture.add')}
        </Button>
      ) : (
        <div className="visit-picture">
          <img
            alt={t('picture.alt')}
            src={`data:${draft.picture.contentType};base64,${draft.picture.data}`}
          />
          <Button look="link" onPress={() => onChange({ picture: undefined })}>
            {t('picture.remove')}
          </Button>
        </div>
      )}
      <FieldError error={wrong ? t('picture.wrong') : undefined} id="visit-picture" />
    </VisitRow>
  );
}

const WEEKS = [2, 4] as const;

export function FollowUpRow({
  draft,
  onChange,
  today,
  problems,
}: RowProps & { readonly today: string; readonly problems: readonly VisitProblem[] }) {
  const { t } = useTranslation('visit');
  const wrong = problems.some(({ field }) => field === 'follow-up');
  const later = (days: number): string => daysLater(today, days);
  return (
    <VisitRow htmlFor="visit-follow-up" label={t('followUp')}>
      <div className="visit-follow-up">
        <div className="field-box">
          <input
            aria-invalid={wrong}
            id="visit-follow-up"
            min={today}
            onChange={(event) => onChange({ followUp: event.target.value })}
            type="date"
            value={draft.followUp}
          />
        </div>
        {draft.followUp === later(7) ? (
          <span className="quiet">{t('followUp.week')}</span>
        ) : (
          <Button look="link" onPress={() => onChange({ followUp: later(7) })}>
            {t('followUp.week')}
          </Button>
        )}
        {WEEKS.map((count) => (
          <Button key={count} look="link" onPress={() => onChange({ followUp: later(count * 7) })}>
            {t('followUp.weeks', { count })}
          </Button>
        ))}
        <Button look="link" onPress={() => onChange({ followUp: '' })}>
          {t('followUp.none')}
        </Button>
      </div>
      <FieldError error={wrong ? t('followUp.past') : undefined} id="visit-follow-up" />
    </VisitRow>
  );
}

export function TellRow({ draft, onChange }: RowProps) {
  const { t } = useTranslation('visit');
  return (
    <div className="visit-tell">
      <Tick
        checked={draft.tell}
        hint={t('tell.hint')}
        label={t('tell')}
        onChange={(tell) => onChange({ tell })}
      />
    </div>
  );
}
