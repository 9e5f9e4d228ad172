// "Done, undo?" for ten seconds. Never for errors, never the only copy of anything. Waits while it is looked at.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import './toast.css';

const SHOWN_MS = 10_000;

interface Notice {
  readonly id: number;
  readonly words: string;
  readonly undo: (() => void) | undefined;
}

let notices: readonly Notice[] = [];
let nextId = 1;
const watchers = new Set<() => void>();

function change(next: readonly Notice[]): void {
  notices = next;
  for (const watcher of watchers) watcher();
}

/** Says what was done, in the words of the act, with a way back where there is one. */
export function announceDone(words: string, undo?: () => void): void {
  change([...notices.slice(-1), { id: nextId++, words, undo }]);
}

function close(id: number): void {
  change(notices.filter((notice) => notice.id !== id));
}

function Toast({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation('common');
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => close(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, notice.id]);
  return (
    <div
      className="toast"
      onBlur={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <p>{notice.words}</p>
      {notice.undo === undefined ? null : (
        <button
          className="toast-undo"
          onClick={() => {
            close(notice.id);
            notice.undo?.();
          }}
          type="button"
        >
          {t('act.undo')}
        </button>
      )}
      <button
        aria-label={t('act.close')}
        className="toast-close"
        onClick={() => close(notice.id)}
        type="button"
      >
        <Icon name="cross" size={18} />
      </button>
    </div>
  );
}

/** The place where they appear; once, in the shell. */
export function ToastPlace() {
  const { t } = useTranslation('common');
  const shown = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => notices,
  );
  return (
    <div aria-label={t('act.notices')} aria-live="polite" className="toasts" role="region">
      {shown.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
