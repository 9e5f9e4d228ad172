// A question or a small form over the page: a sheet that rises on phones, a 480 px dialog from 768 px.
import type { ReactNode } from 'react';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import './sheet.css';

export interface SheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** A sentence: what is asked. */
  readonly title: string;
  readonly children: ReactNode;
}

/** Keeps the focus inside while open and gives it back after; Escape and a press beside it close it. */
export function Sheet({ open, onClose, title, children }: SheetProps) {
  const { t } = useTranslation('common');
  return (
    <ModalOverlay
      className="sheet-scrim"
      isDismissable
      isOpen={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="sheet">
        <Dialog className="sheet-dialog">
          <div className="sheet-head">
            <Heading level={2} slot="title">
              {title}
            </Heading>
            <IconButton icon="cross" label={t('act.close')} onPress={onClose} />
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
