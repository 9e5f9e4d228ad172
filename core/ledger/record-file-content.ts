// What a record file says of the person and of their files, against the texts that its entries committed to.
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64 } from './base64.ts';
import type { FileEntry, RecordFile, StoredBytes } from './record-file.ts';
import { equalBytes } from './tree.ts';
import type { RecordFileProblem } from './verify-record-file.ts';

const uhidSystem = 'urn:medallion:uhid';
const aliasSystem = 'urn:medallion:alias';
const digestExtension = 'urn:medallion:sha256';
const fileExtension = 'urn:medallion:file';

/** Number and name of the person are those of their Patient resource as it stands. */
export function checkPerson({ person, entries }: RecordFile): RecordFileProblem[] {
  const standing = entries.findLast(
    ({ version }) => version?.type === 'Patient' && version.id === person.patient && version.content !== null,
  );
  // The system's own chain is nobody's; of anybody else the record holds at least who they are.
  if (!standing?.version) return person.patient === '' ? [] : [{ code: 'person-differs', about: 'patient' }];
  const { identifier } = readJson(standing.version.content) as {
    identifier?: { system?: unknown; value?: unknown }[];
  };
  const given = (system: string) =>
    Array.isArray(identifier) ? identifier.find((one) => one.system === system)?.value : undefined;
  const problem = (about: string): RecordFileProblem => ({
    code: 'person-differs',
    entry: standing.entry,
    seq: standing.seq,
    about,
  });
  return [
    ...(given(uhidSystem) === (person.uhid ?? undefined) ? [] : [problem('uhid')]),
    ...(given(aliasSystem) === (person.alias ?? undefined) ? [] : [problem('alias')]),
  ];
}

type Named = { entry: FileEntry; sha256: unknown; size: unknown; contentType: unknown; title: unknown };

/** Each stored file is named by an entry with the same digest; each that an entry names is there; the bytes are those. */
export function checkFiles({ entries, files }: RecordFile): RecordFileProblem[] {
  const named = filesNamedBy(entries);
  const problems: RecordFileProblem[] = [];
  for (const file of files) {
    const by = named.get(file.id);
    if (!by) problems.push({ code: 'file-of-no-entry', about: file.id });
    else if (!isSame(by, file))
      problems.push({ code: 'file-differs', entry: by.entry.entry, seq: by.entry.seq, about: file.id });
  }
  const present = new Set(files.map(({ id }) => id));
  for (const [id, { entry }] of named)
    if (!present.has(id))
      problems.push({ code: 'file-missing', entry: entry.entry, seq: entry.seq, about: id });
  return problems;
}

function isSame(by: Named, file: StoredBytes): boolean {
  return (
    by.sha256 === encodeBase64(file.sha256) &&
    by.size === file.size &&
    by.contentType === file.contentType &&
    by.title === file.title &&
    (file.bytes === undefined ||
      (file.bytes.length === file.size && equalBytes(sha256(file.bytes), file.sha256)))
  );
}

/** By file id: what the first version that names it says of it. */
function filesNamedBy(entries: readonly FileEntry[]): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const entry of entries) {
    if (!entry.version?.content) continue;
    for (const attachment of attachmentsIn(entry.version.type, readJson(entry.version.content))) {
      const id = /\/api\/files\/([a-z0-9-]{20,64})$/.exec(String(attachment?.['url']))?.[1];
      const digest = digestOf(attachment?.['extension']);
      if (id === undefined || digest === undefined || named.has(id)) continue;
      const { size, contentType, title } = attachment;
      named.set(id, { entry, sha256: digest, size, contentType, title });
    }
  }
  return named;
}

/** Of a document what is in it; of a study what each image lies in. */
function attachmentsIn(type: string, resource: object): Record<string, unknown>[] {
  if (type === 'DocumentReference')
    return listOf(resource, 'content').flatMap(({ attachment }) =>
      isRecord(attachment) ? [attachment] : [],
    );
  if (type !== 'ImagingStudy') return [];
  return listOf(resource, 'series')
    .flatMap((series) => listOf(series, 'instance'))
    .flatMap((instance) => listOf(instance, 'extension'))
    .flatMap(({ url, valueAttachment }) =>
      url === fileExtension && isRecord(valueAttachment) ? [valueAttachment] : [],
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function listOf(of: object, name: string): Record<string, unknown>[] {
  const list = (of as Record<string, unknown>)[name];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function digestOf(extensions: unknown): unknown {
  if (!Array.isArray(extensions)) return undefined;
  return (extensions as ({ url?: unknown; valueBase64Binary?: unknown } | null)[]).find(
    (one) => one?.url === digestExtension,
  )?.valueBase64Binary;
}

function readJson(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
