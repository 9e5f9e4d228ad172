// Says when the device has no network, and what that means for what is seen and written.
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Band } from './band.tsx';

export interface OfflineWords {
  readonly title: string;
  readonly text: string;
}

function watch(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

/** `words` where a page keeps what is written on the device, and the usual words would be wrong. */
export function OfflineBand({ words }: { readonly words?: OfflineWords | undefined }) {
  const { t } = useTranslation('common');
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  return (
    <div className="offline-place" role="status">
      {online ? null : (
        <Band title={words?.title ?? t('offline.title')} tone="caution">
          {words?.text ?? t('offline.text')}
        </Band>
      )}
    </div>
  );
}
