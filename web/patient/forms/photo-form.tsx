// The photo of the card: chosen, looked at, then stored. The server keeps a small plain picture and nothing else of it.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSavePhoto } from '../../api/record.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { FileField } from './file-field.tsx';
import './forms.css';

const MOST_MEGABYTES = 15;

export interface PhotoFormProps {
  /** Address of the stored photo; absent while there is none. */
  readonly storedUrl: string | undefined;
  readonly onSaved?: (() => void) | undefined;
  /** The page goes on by itself. */
  readonly quiet?: boolean | undefined;
  readonly others?: ReactNode;
}

export function PhotoForm({ storedUrl, onSaved, quiet, others }: PhotoFormProps) {
  const { t } = useTranslation(['patient-forms', 'record-pages']);
  const problemWords = useProblemWords();
  const photo = useSavePhoto();
  const [chosen, setChosen] = useState<{ file: File; url: string } | undefined>();
  const [tooLarge, setTooLarge] = useState(false);
  useEffect(() => (chosen === undefined ? undefined : () => URL.revokeObjectURL(chosen.url)), [chosen]);
  const words = (error: Error): string =>
    error instanceof ApiError && error.code === 'not-a-picture'
      ? t('problem.notAPicture')
      : problemWords(error);
  const shown = chosen?.url ?? storedUrl;
  return (
    <div className="stack-wide record-form">
      {photo.error === null || photo.isPending ? null : (
        <ErrorBand title={t('form.failed')}>{words(photo.error)}</ErrorBand>
      )}
      {shown === undefined ? (
        <p className="quiet">{t('photo.none')}</p>
      ) : (
        <img
          alt={chosen === undefined ? t('photo.alt') : t('photo.preview')}
          className="photo-now"
          src={shown}
        />
      )}
      <FileField
        accept="image/jpeg,image/png,image/webp"
        error={tooLarge ? t('problem.fileTooLarge', { most: MOST_MEGABYTES }) : undefined}
        hint={t('photo.hint')}
        icon="camera"
        id="photo-file"
        label={t('photo.title')}
        onChoose={(file) => {
          photo.reset();
          const fits = file.size <= MOST_MEGABYTES * 1024 * 1024;
          setTooLarge(!fits);
          if (fits) setChosen({ file, url: URL.createObjectURL(file) });
        }}
        words={shown === undefined ? t('photo.choose') : t('photo.another')}
      />
      <p className="quiet small">{t('photo.kept')}</p>
      <div className="form-acts">
        {chosen === undefined ? null : (
          <Button
            busy={photo.isPending && t('form.saving')}
            look="primary"
            onPress={() =>
              photo.mutate(chosen.file, {
                onSuccess: () => {
                  setChosen(undefined);
                  if (quiet !== true) announceDone(t('photo.saved'));
                  onSaved?.();
                },
              })
            }
            wide
          >
            {t('photo.save')}
          </Button>
        )}
        {storedUrl === undefined || chosen !== undefined ? null : (
          <Button
            busy={photo.isPending && t('record-pages:remove.acting')}
            look="link"
            onPress={() => photo.mutate(null, { onSuccess: () => announceDone(t('photo.removed')) })}
          >
            {t('photo.remove')}
          </Button>
        )}
        {others}
      </div>
    </div>
  );
}
