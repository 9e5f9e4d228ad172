// Asks before a page with unsaved words is left. The words are kept nowhere else: nothing personal stays in the browser.
import type { RefObject } from 'react';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';

export function LeaveGuard({ unsavedRef }: { readonly unsavedRef: RefObject<boolean> }) {
  const { t } = useTranslation('patient-forms');
  const blocker = useBlocker({
    shouldBlockFn: () => unsavedRef.current,
    enableBeforeUnload: () => unsavedRef.current,
    withResolver: true,
  });
  return (
    <Sheet onClose={() => blocker.reset?.()} open={blocker.status === 'blocked'} title={t('leave.title')}>
      <p>{t('leave.text')}</p>
      <div className="row-even sheet-acts">
        <Button look="primary" onPress={() => blocker.reset?.()}>
          {t('leave.stay')}
        </Button>
        <Button
          onPress={() => {
            unsavedRef.current = false;
            blocker.proceed?.();
          }}
        >
          {t('leave.go')}
        </Button>
      </div>
    </Sheet>
  );
}
