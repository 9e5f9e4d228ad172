// The code as large as the screen allows, dark on white in every theme, so that another phone reads it at once.
import { useEffect } from 'react';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import type { OwnCard, OwnCardFace } from '../../api/card.ts';
import { codePictureHref } from '../../api/card.ts';
import { formatUhid } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import './code-sheet.css';

export interface CodeSheetProps {
  readonly card: OwnCard;
  readonly face: OwnCardFace;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The screen must not go dark while somebody is aiming at it. */
function useScreenAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    // Not every browser has it, and a weak battery may refuse it: then the screen does as always.
    if ('wakeLock' in navigator) {
      navigator.wakeLock.request('screen').then(
        (held) => {
          if (over) void held.release();
          else lock = held;
        },
        () => undefined,
      );
    }
    return () => {
      over = true;
      void lock?.release();
    };
  }, []);
}

function Code({ card, face, onClose }: Omit<CodeSheetProps, 'open'>) {
  const { t } = useTranslation(['card', 'common']);
  useScreenAwake();
  return (
    <>
      <Heading className="code-sheet-name" level={2} slot="title">
        {t('code.title', { name: face.name })}
      </Heading>
      <img alt={t('common:card.code')} className="code-sheet-code" src={codePictureHref(card)} />
      <p>{t('code.how')}</p>
      <p className="code-sheet-uhid">{formatUhid(face.uhid)}</p>
      <Button icon="cross" onPress={onClose} wide>
        {t('common:act.close')}
      </Button>
    </>
  );
}

export function CodeSheet({ card, face, open, onClose }: CodeSheetProps) {
  return (
    <ModalOverlay
      className="code-sheet-scrim"
      isDismissable
      isOpen={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="code-sheet">
        <Dialog className="code-sheet-dialog">
          <Code card={card} face={face} onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
