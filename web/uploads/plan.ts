// What is sent together: images of scans in packs, because a study takes many at once far better than one after another; every other file
// by itself. Reads only the first bytes of a file.
import type { NamedFile } from './zip-pack.ts';

const MOST_IN_PACK = 200;
const MOST_PACK_BYTES = 64 * 1024 * 1024;

export interface Chosen {
  /** With its folders, as the device names it. */
  readonly path: string;
  readonly file: File;
}

/** One upload: files by their place among what was chosen. */
export interface Planned {
  readonly title: string;
  /** Undefined: the file is the upload. */
  readonly packed: boolean;
  readonly places: readonly number[];
}

/** Like the server: by content, where the preamble is there; others go by themselves and are known there. */
export async function isScan(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 132).arrayBuffer());
  return head.length === 132 && String.fromCharCode(...head.subarray(128)) === 'DICM';
}

export function planOf(chosen: readonly Chosen[], scans: readonly boolean[]): readonly Planned[] {
  const images = chosen.flatMap((_, place) => (scans[place] === true ? [place] : []));
  const packs: number[][] = [];
  let bytes = 0;
  for (const place of images) {
    const size = chosen[place]?.file.size ?? 0;
    const last = packs.at(-1);
    if (last === undefined || last.length >= MOST_IN_PACK || bytes + size > MOST_PACK_BYTES) {
      packs.push([place]);
      bytes = size;
    } else {
      last.push(place);
      bytes += size;
    }
  }
  const alone = chosen.flatMap((_, place) => (scans[place] === true ? [] : [place]));
  return [
    ...packs.map((places) => ({
      title: folderOf(chosen[places[0] ?? 0]?.path ?? ''),
      packed: places.length > 1,
      places,
    })),
    ...alone.map((place) => ({
      title: nameOf(chosen[place]?.path ?? ''),
      packed: false,
      places: [place],
    })),
  ];
}

export const nameOf = (path: string): string => path.split('/').at(-1) ?? path;

function folderOf(path: string): string {
  const [first = '', ...rest] = path.split('/');
  return rest.length === 0 ? nameOf(path) : first;
}

/** Names inside a pack differ, whatever the device says. */
export function namedFiles(chosen: readonly Chosen[], places: readonly number[]): readonly NamedFile[] {
  const taken = new Set<string>();
  return places.flatMap((place) => {
    const one = chosen[place];
    if (one === undefined) return [];
    let name = one.path;
    for (let number = 2; taken.has(name); number++) name = `${number}-${one.path}`;
    taken.add(name);
    return [{ name, file: one.file }];
  });
}

/** The same for the same files into the same record by the same account, and nothing can be read from it. */
export async function fingerprintOf(about: readonly string[], files: readonly Chosen[]): Promise<string> {
  const lines = [
    ...about,
    ...files.map(({ path, file }) => `${path}\t${file.size}\t${file.lastModified}`),
  ].join('\n');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
