// What a DocumentReference names of this server's files.
import { queryOptions } from '@tanstack/react-query';
import type { DocumentReference } from '@medplum/fhirtypes';
import { get } from './client.ts';
import { FHIR_BASE } from './fhir.ts';

export interface Paper {
  readonly title: string | undefined;
  readonly files: readonly {
    readonly address: string;
    readonly title: string;
    readonly contentType: string;
  }[];
}

const MOST_FILES = 20;

/** The path of a file of this server, whichever origin it was stored under. */
function ownPath(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url, location.href)) return undefined;
  const { pathname } = new URL(url, location.href);
  return pathname.startsWith('/api/files/') ? pathname : undefined;
}

export function paperQuery(id: string) {
  return queryOptions({
    queryKey: ['papers', id],
    queryFn: async ({ signal }): Promise<Paper> => {
      const document = await get<DocumentReference>(
        `${FHIR_BASE}/DocumentReference/${encodeURIComponent(id)}`,
        { signal },
      );
      const title = document.description ?? document.type?.text ?? document.type?.coding?.[0]?.display;
      return {
        title,
        files: document.content.slice(0, MOST_FILES).flatMap(({ attachment }) => {
          const address = ownPath(attachment.url);
          return address === undefined
            ? []
            : [
                {
                  address,
                  title: attachment.title ?? title ?? '',
                  contentType: attachment.contentType ?? '',
                },
              ];
        }),
      };
    },
    staleTime: Infinity,
  });
}
