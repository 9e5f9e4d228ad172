// Says when the device has no network, and what that means for what is seen and written.
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Band } from './band.tsx';

function watch(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

export function OfflineBand() {
  const { t } = useTranslation('common');
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  return (
    <div className="offline-place" role="status">
      {online ? null : (
        <Band title={t('offline.title')} tone="caution">
          {t('offline.text')}
        </Band>
      )}
    </div>
  );
}
