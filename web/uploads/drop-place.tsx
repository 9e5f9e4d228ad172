// Where files are chosen or dropped: several, or a folder with everything in it. The controls are the inputs, so every reader finds them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icons.tsx';
import type { Chosen } from './plan.ts';
import { fromDrop, fromInput } from './chosen-files.ts';

export interface DropPlaceProps {
  readonly onChosen: (chosen: readonly Chosen[]) => void;
}

export function DropPlace({ onChosen }: DropPlaceProps) {
  const { t } = useTranslation('uploads');
  const [over, setOver] = useState(false);
  return (
    <div
      className="drop-place"
      data-over={over ? '' : undefined}
      onDragLeave={() => setOver(false)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void fromDrop(event.dataTransfer).then(onChosen);
      }}
    >
      <div className="row drop-acts">
        <FileInput label={t('choose.files')} onChosen={onChosen} />
        {'webkitdirectory' in HTMLInputElement.prototype ? (
          <FileInput folder label={t('choose.folder')} onChosen={onChosen} />
        ) : null}
      </div>
      <p className="quiet small drop-words">{t('choose.drop')}</p>
      <p className="quiet small">{t('choose.what')}</p>
    </div>
  );
}

function FileInput({
  label,
  folder,
  onChosen,
}: DropPlaceProps & { readonly label: string; readonly folder?: boolean }) {
  return (
    <label className="button button-plain upload-choose">
      <Icon name={folder === true ? 'record' : 'document'} size={20} />
      <span aria-hidden="true">{label}</span>
      <input
        aria-label={label}
        multiple
        onChange={(event) => {
          const chosen = fromInput(event.target.files);
          // The same files may be chosen again.
          event.target.value = '';
          onChosen(chosen);
        }}
        ref={(input) => {
          if (input !== null && folder === true) input.webkitdirectory = true;
        }}
        type="file"
      />
    </label>
  );
}
