// Larger, smaller, as wide as the frame: the same for pages and pictures, each saying of what, since a document may have several files.
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import type { Frame } from './use-frame.ts';
import { ZOOM_STEP } from './use-frame.ts';

export function ZoomButtons({ frame, of }: { readonly frame: Frame; readonly of: string }) {
  const { t } = useTranslation('papers');
  return (
    <>
      <IconButton icon="minus" label={t('zoomOut', { of })} onPress={() => frame.zoomBy(1 / ZOOM_STEP)} />
      <IconButton icon="plus" label={t('zoomIn', { of })} onPress={() => frame.zoomBy(ZOOM_STEP)} />
      <IconButton icon="width" label={t('fit', { of })} onPress={frame.fit} />
    </>
  );
}
