// Files out of what somebody chose or dropped: single ones, folders with everything in them, bounded. Knows nothing of sending.
import type { Chosen } from './plan.ts';

/** As many as an archive may hold. */
export const MOST_FILES = 10_000;

/** What systems leave in folders. */
const LEFT_OUT = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*|\._[^/]*)$/;

const isWanted = ({ path }: Chosen): boolean => !LEFT_OUT.test(path);

export function fromInput(files: FileList | null): readonly Chosen[] {
  return [...(files ?? [])]
    .map((file) => ({
      path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
      file,
    }))
    .filter(isWanted);
}

/** Must be called before the drop event ends: its items are gone afterwards. */
export function fromDrop(transfer: DataTransfer): Promise<readonly Chosen[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return Promise.resolve(fromInput(transfer.files));
  return walk(entries);
}

async function walk(entries: readonly FileSystemEntry[]): Promise<readonly Chosen[]> {
  const found: Chosen[] = [];
  const waiting = [...entries];
  for (
    let entry = waiting.shift();
    entry !== undefined && found.length <= MOST_FILES;
    entry = waiting.shift()
  ) {
    if (isFile(entry)) {
      const path = entry.fullPath.replace(/^\//, '');
      const one = entry;
      found.push({ path, file: await new Promise<File>((resolve, reject) => one.file(resolve, reject)) });
    } else if (isFolder(entry)) waiting.unshift(...(await childrenOf(entry)));
  }
  return found.filter(isWanted);
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader gives some at a time, and none when it is at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0 || all.length > MOST_FILES) return all;
    all.push(...some);
  }
}
