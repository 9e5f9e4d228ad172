// A photo or scan as a picture, as wide as the frame, and larger.
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Band } from '../ui/band.tsx';
import { useFrame } from './use-frame.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export function PictureViewer({ address, name }: { readonly address: string; readonly name: string }) {
  const { t } = useTranslation('papers');
  const frame = useFrame();
  const [isBroken, setBroken] = useState(false);
  const { attach, onKeyDown, element, stood, goTo, zoom } = frame;
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const factor = zoom / before.current;
    before.current = zoom;
    if (element === null || factor === 1) return;
    const { clientWidth, clientHeight } = element;
    const { top, left } = stood();
    goTo({
      top: Math.max(0, (top + clientHeight / 2) * factor - clientHeight / 2),
      left: Math.max(0, (left + clientWidth / 2) * factor - clientWidth / 2),
    });
  }, [element, stood, goTo, zoom]);
  if (isBroken)
    return (
      <Band announce tone="caution" title={t('notShown')}>
        {t('picture.damaged')}
      </Band>
    );
  return (
    <div className="paper-viewer">
      <div className="paper-acts">
        <ZoomButtons frame={frame} of={name} />
      </div>
      <div
        aria-label={t('picture.of', { name })}
        className="paper-frame paper-frame-picture"
        onKeyDown={onKeyDown}
        ref={attach}
        role="region"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        tabIndex={0}
      >
        <img
          alt={name}
          className="paper-picture"
          onError={() => setBroken(true)}
          src={address}
          style={{ width: `${zoom * 100}%` }}
        />
      </div>
    </div>
  );
}
