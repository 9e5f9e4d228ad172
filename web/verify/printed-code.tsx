// The page behind the code on a printed document: the proof for anybody; to those who may see it, what it is and what stands now.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readSeenPlace } from '../api/ledger.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { recordBlocks, paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { EntryProof } from '../ui/entry-proof.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { checkPlace, readIndex, readPrintedHash } from './check-place.ts';
import { PlaceResult } from './place-result.tsx';
import { VersionBlocks } from './version-blocks.tsx';

export function PrintedCodePage() {
  const { t } = useTranslation('ledger');
  const params: { readonly index?: string; readonly hash?: string } = useParams({ strict: false });
  const index = readIndex(params.index ?? '');
  const hash = readPrintedHash(params.hash ?? '');
  if (index === undefined || hash === undefined) {
    return (
      <>
        <PageTitle>{t('place.title')}</PageTitle>
        <ErrorBand title={t('place.notChecked')}>{t('place.badCode')}</ErrorBand>
      </>
    );
  }
  return <CheckedPlace hash={hash} index={index} key={`${index}/${params.hash}`} />;
}

/** `hash` left out: only the place is asked about. */
export function CheckedPlace({ index, hash }: { readonly index: number; readonly hash?: Uint8Array }) {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const check = useQuery({
    queryKey: ['place', index, hash?.join()],
    queryFn: ({ signal }) => checkPlace(index, hash, signal),
    retry: false,
    staleTime: 0,
  });
  const again = (
    <div className="verify-again">
      <Button icon="tick" onPress={() => void check.refetch()}>
        {t('place.again')}
      </Button>
    </div>
  );
  if (check.error) {
    return (
      <>
        <PageTitle>{t('place.title')}</PageTitle>
        <ErrorBand title={t('place.notChecked')}>{problemWords(check.error)}</ErrorBand>
        {again}
      </>
    );
  }
  if (!check.data) {
    return (
      <>
        <PageTitle>{t('place.title')}</PageTitle>
        <Loading>{t('place.checking')}</Loading>
      </>
    );
  }
  return (
    <>
      <PlaceResult check={check.data}>
        {hash !== undefined && check.data.verdict === 'passed' ? <SeenPlaceOf index={index} /> : null}
      </PlaceResult>
      {again}
    </>
  );
}

/** Nothing at all for anybody who may not see it. */
function SeenPlaceOf({ index }: { readonly index: number }) {
  const { t } = useTranslation('ledger');
  const { data: entry } = useQuery({
    queryKey: ['seen-place', index],
    queryFn: async ({ signal }) => (await readSeenPlace(index, signal)) ?? null,
    retry: false,
    // Each answer is a look that the record keeps.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  if (entry === undefined || entry === null) return null;
  if (!entry.own) {
    return (
      <Section action={<EntryProof of={entry} />} title={t('place.theirs')}>
        <VersionBlocks id={entry.on.id} type={entry.on.type} />
      </Section>
    );
  }
  const { on } = entry;
  return (
    <>
      <Section
        action={<EntryProof href={`${paths.verify}/entry/${entry.entryId}`} of={entry} />}
        title={t('place.yours')}
      >
        <Rows>
          <NextRow href={`${paths.verify}/entry/${entry.entryId}`} icon="tick" title={t('place.check')} />
          {on === undefined ? null : (
            <NextRow href={recordBlocks(on)} icon="record" title={t('place.versions')} />
          )}
          <NextRow href={paths.record} icon="document" title={t('place.latest')} />
        </Rows>
      </Section>
      {on?.version === undefined ? null : (
        <Section title={t('place.versions')}>
          <VersionBlocks id={on.id} type={on.type} />
        </Section>
      )}
    </>
  );
}
