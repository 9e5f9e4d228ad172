// One entry with all its versions, destroyed for good: at the end of its history.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useForgetRecord } from '../../api/keeping.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { EraseSheet } from './erase-sheet.tsx';

export interface EraseEntryProps {
  readonly type: string;
  readonly id: string;
  readonly what: string;
  readonly onErased: () => void;
}

export function EraseEntry({ type, id, what, onErased }: EraseEntryProps) {
  const { t } = useTranslation('account');
  const forget = useForgetRecord();
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t('erase.oneSection')}>
      <div className="stack">
        <p>{t('erase.oneWhat')}</p>
        <Button look="danger" onPress={() => setOpen(true)}>
          {t('erase.oneOpen', { what })}
        </Button>
      </div>
      <EraseSheet
        consequences={[t('erase.oneGoes'), t('erase.oneStays')]}
        onClose={() => setOpen(false)}
        onErased={() => {
          forget();
          onErased();
        }}
        open={isOpen}
        target={{ scope: 'resource', type, id }}
        title={t('erase.oneTitle', { what })}
        word={t('erase.word')}
        wordLabel={t('erase.oneWord')}
      />
    </Section>
  );
}
