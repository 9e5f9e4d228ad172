// The whole record, destroyed for good: at the end of the settings, with what it means in plain words.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../../api/session.ts';
import { formatUhid } from '../../i18n/format.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { EraseSheet } from '../erase/erase-sheet.tsx';

export function EraseAll() {
  const { t } = useTranslation('account');
  const { uhid } = useSignedIn().patient;
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t('erase.title')}>
      <div className="stack">
        <p>{t('erase.what')}</p>
        <p className="quiet">{t('erase.first')}</p>
        <Button look="danger" onPress={() => setOpen(true)}>
          {t('erase.open')}
        </Button>
      </div>
      <EraseSheet
        consequences={[t('erase.allGoes'), t('erase.allStays'), t('erase.allBackups')]}
        onClose={() => setOpen(false)}
        // Nothing of the account is left: a fresh page, without what this one remembers.
        onErased={() => window.location.assign(paths.landing)}
        open={isOpen}
        target={{ scope: 'person', uhid }}
        title={t('erase.allTitle')}
        word={formatUhid(uhid)}
        wordLabel={t('erase.allWord')}
      />
    </Section>
  );
}
