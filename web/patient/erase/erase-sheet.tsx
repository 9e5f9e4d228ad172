// Destroying for good: what goes and what stays, a typed word, the password once more, then the receipt. A legal hold says its reason.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import type { EraseTarget, SavedText } from '../../api/keeping.ts';
import { eraseForGood, saveAsFile, useKept } from '../../api/keeping.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';
import './erase.css';

export interface EraseSheetProps {
  readonly open: boolean;
  readonly target: EraseTarget;
  /** Title of the sheet: a question that names what goes. */
  readonly title: string;
  /** What is destroyed, and what stays. */
  readonly consequences: readonly string[];
  /** What must be typed; compared without spaces and case. */
  readonly word: string;
  readonly wordLabel: string;
  readonly onClose: () => void;
  /** After the receipt was shown and put away. */
  readonly onErased: () => void;
}

export function EraseSheet(props: EraseSheetProps) {
  const { open, target, title, consequences, word, wordLabel, onClose, onErased } = props;
  const { t } = useTranslation('account');
  const { prove, sheet } = useProof();
  const [typed, setTyped] = useState('');
  const erasing = useKept(() => prove(() => eraseForGood(target)));
  const receipt = erasing.data;
  const close = (): void => {
    if (erasing.isPending) return;
    setTyped('');
    erasing.reset();
    if (receipt === undefined) onClose();
    else onErased();
  };
  const isTyped = plain(typed) === plain(word);
  return (
    <>
      <Sheet onClose={close} open={open} title={receipt === undefined ? title : t('erase.doneTitle')}>
        {receipt === undefined ? (
          <form
            className="stack-wide"
            onSubmit={(event) => {
              event.preventDefault();
              if (isTyped && !erasing.isPending) erasing.mutate();
            }}
          >
            <Refusal error={erasing.error} />
            <ul className="erase-list">
              {consequences.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
            <TextField
              autoComplete="off"
              hint={t('erase.typeHint', { word })}
              label={wordLabel}
              name="confirm"
              onChange={setTyped}
              spellCheck={false}
              value={typed}
            />
            <Button
              busy={erasing.isPending && t('erase.busy')}
              look="danger"
              missing={isTyped ? undefined : t('erase.typeFirst')}
              type="submit"
              wide
            >
              {t('erase.act')}
            </Button>
          </form>
        ) : (
          <Receipt onClose={close} receipt={receipt} />
        )}
      </Sheet>
      {sheet}
    </>
  );
}

function Receipt({ receipt, onClose }: { readonly receipt: SavedText; readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  return (
    <div className="stack-wide">
      <Band announce tone="ok" title={t('erase.done')}>
        {t('erase.receipt')}
      </Band>
      <Button icon="download" onPress={() => saveAsFile(receipt)} wide>
        {t('erase.saveAgain')}
      </Button>
      <Button look="primary" onPress={onClose} wide>
        {t('erase.finish')}
      </Button>
    </div>
  );
}

function Refusal({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  if (error === null || error instanceof ProofRefusedError) return null;
  if (error instanceof ApiError && error.code === 'legal-hold')
    return (
      <Band announce tone="caution" title={t('erase.held')}>
        {t('erase.heldWhy', { reason: error.title.replace(/^.*legal hold on this record\.\s*/, '') })}
      </Band>
    );
  return <ErrorBand title={t('erase.failed')}>{problemWords(error)}</ErrorBand>;
}

function plain(text: string): string {
  return text.replace(/\s+/g, '').toLocaleLowerCase();
}
