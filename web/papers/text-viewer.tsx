// A document that is plain text, as text: nothing in it is read as a page.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const MOST_SIGNS = 200_000;

export function TextViewer({ bytes, name }: { readonly bytes: Uint8Array; readonly name: string }) {
  const { t } = useTranslation('papers');
  const text = useMemo(() => decoded(bytes), [bytes]);
  return (
    <>
      <pre
        aria-label={name}
        className="paper-text"
        role="region"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        tabIndex={0}
      >
        {text.slice(0, MOST_SIGNS)}
      </pre>
      {text.length > MOST_SIGNS ? <p className="quiet">{t('text.first')}</p> : null}
    </>
  );
}

/** UTF-8, or what older systems wrote instead. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
