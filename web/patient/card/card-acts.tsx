// What ends a card: a new one, a lost one, none at all. Each opens a question that says what happens.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { CardActSheet } from './card-act-sheet.tsx';
import type { EndingAct } from './card-act-sheet.tsx';

const ACTS: readonly EndingAct[] = ['rotate', 'lost', 'revoke'];

export function CardActs({ number }: { readonly number: number }) {
  const { t } = useTranslation('card');
  const [asked, setAsked] = useState<EndingAct>();
  return (
    <Section id="acts" title={t('acts.title', { number })}>
      <ul className="rows">
        {ACTS.map((act) => (
          <li className="card-act" key={act}>
            <p>{t(`acts.${act}.when`)}</p>
            <Button look={act === 'rotate' ? 'plain' : 'danger'} onPress={() => setAsked(act)}>
              {t(`acts.${act}`)}
            </Button>
          </li>
        ))}
      </ul>
      <CardActSheet act={asked} onClose={() => setAsked(undefined)} />
    </Section>
  );
}
