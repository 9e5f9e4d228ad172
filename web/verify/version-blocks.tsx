// The versions of one resource as a chain of blocks, newest first, each with what changed from the one before.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { authorTag } from '../../core/record/code-systems.ts';
import { objectAt, objectsAt, textAt } from '../../core/record/elements.ts';
import { useTypeWords } from '../api/entry-words.ts';
import { readVersionText } from '../api/evidence.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { logStatesQuery, versionsQuery } from '../api/record.ts';
import type { Version } from '../api/record.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Block } from '../ui/block.tsx';
import { EntryProof } from '../ui/entry-proof.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { differences } from './version-diff.ts';

export function VersionBlocksPage() {
  const { t } = useTranslation('ledger');
  const { type = '', id = '' } = useParams({ strict: false });
  const typeWords = useTypeWords();
  return (
    <>
      <PageTitle lead={t('versions.lead', { what: typeWords(type) })}>{t('versions.title')}</PageTitle>
      <Section>
        <VersionBlocks id={id} key={`${type}/${id}`} type={type} />
      </Section>
    </>
  );
}

export function VersionBlocks({ type, id }: { readonly type: string; readonly id: string }) {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const { data: versions, error } = useQuery(versionsQuery(type, id));
  if (error) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (versions === undefined) return <Loading>{t('blocks.loading')}</Loading>;
  return (
    <ol className="blocks">
      {versions.map((version, at) => (
        <VersionBlock before={versions[at + 1]} id={id} key={version.version} type={type} version={version} />
      ))}
    </ol>
  );
}

/** The stored text, which is what the log commits to, and its SHA-256; the block before is that of the former version. */
function useVersionText(type: string, id: string, version: string | undefined) {
  return useQuery({
    queryKey: ['version-text', type, id, version],
    queryFn: async ({ signal }) => (await readVersionText(type, id, version, signal)).text,
    enabled: version !== undefined,
    retry: false,
    staleTime: Infinity,
  }).data;
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : bytesToHex(sha256(new TextEncoder().encode(text)));
}

/** As the server tagged the version: a name, else in which role somebody wrote. */
function authorOf({ resource }: Version): { name: string | undefined; role: string | undefined } {
  const tags = objectsAt(objectAt(resource, 'meta'), 'tag');
  const tag = tags.find((one) => textAt(one, 'system') === authorTag);
  return { name: textAt(tag, 'display'), role: textAt(tag, 'code') };
}

const ROLES = ['patient', 'guardian', 'professional', 'organization', 'import'] as const;

interface VersionBlockProps {
  readonly type: string;
  readonly id: string;
  readonly version: Version;
  readonly before: Version | undefined;
}

function VersionBlock({ type, id, version, before }: VersionBlockProps) {
  const { t } = useTranslation('ledger');
  const language = useLanguage();
  const { data: states } = useQuery(logStatesQuery);
  const removed = version.resource === undefined;
  const text = useVersionText(type, id, removed ? undefined : version.version);
  const former = useVersionText(type, id, before?.resource === undefined ? undefined : before.version);
  const hash = hashOf(text);
  const prev = hashOf(former);
  const state = states?.states.get(`${type}/${id}/${version.version}`);
  const { name, role } = authorOf(version);
  const known = ROLES.find((one) => one === role);
  const author = name ?? (known === undefined ? undefined : t(`versions.role.${known}`));
  const changes = before === undefined || removed ? [] : differences(before.resource, version.resource);
  return (
    <Block
      level={2}
      lines={[
        formatDateTime(version.at, language),
        author === undefined ? undefined : t('versions.by', { who: author }),
        removed ? t('versions.removed') : undefined,
        before === undefined ? t('versions.first') : undefined,
        before !== undefined && !removed && changes.length === 0 ? t('versions.nothing') : undefined,
      ]}
      proof={state === undefined ? null : <EntryProof href={`${paths.verify}/${type}/${id}`} of={state} />}
      raw={text === undefined ? undefined : { label: t('versions.raw'), text }}
      title={t('block.version', { version: version.version })}
      values={[
        ...(hash === undefined ? [] : [{ label: t('block.hash'), value: hash }]),
        ...(prev === undefined ? [] : [{ label: t('block.prev'), value: prev }]),
      ]}
    >
      {changes.length === 0 ? null : (
        <details>
          <summary>{t('versions.changed', { count: changes.length })}</summary>
          <ul className="block-diff">
            {changes.map(({ path, was, now }) => (
              <li key={path}>
                {now === undefined ? (
                  <span className="was">{t('versions.gone', { path, value: was ?? '' })}</span>
                ) : (
                  <>
                    <strong>{t('versions.now', { path, value: now })}</strong>
                    {was === undefined ? null : (
                      <span className="was"> {t('versions.was', { value: was })}</span>
                    )}
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Block>
  );
}
