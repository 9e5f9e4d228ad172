// A searchset read to its end: what is cut off in silence would be taken for what is not there.
import type { Bundle, Resource } from '@medplum/fhirtypes';

/** At a thousand entries each, longer than any life's record. */
const MOST_PAGES = 50;

/**
 * The resources of all pages, without those that only say something about the search.
 * @param read one page by its path
 * @throws RangeError where it does not end
 */
export async function readAllPages(
  path: string,
  read: (path: string) => Promise<Bundle>,
): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined; page++) {
    if (page === MOST_PAGES) throw new RangeError('this search has no end');
    const bundle: Bundle = await read(next);
    for (const { resource, search } of bundle.entry ?? [])
      if (resource !== undefined && search?.mode !== 'outcome') found.push(resource);
    next = nextPath(bundle);
  }
  return found;
}

/** The server names its public address, which need not be the one that the page was loaded from. */
function nextPath({ link }: Bundle): string | undefined {
  const url = link?.find(({ relation }) => relation === 'next')?.url;
  if (url === undefined) return undefined;
  const { pathname, search } = new URL(url, 'https://record.example');
  return `${pathname}${search}`;
}
