// What belongs to what one looks at, a line each: images of a report, reports of a study.
import { LinkButton } from './button.tsx';
import type { IconName } from './icons.tsx';
import { Section } from './section.tsx';

export interface LinkedLine {
  readonly key: string;
  readonly words: string;
  /** Where it is looked at; without it the words are all. */
  readonly href: string | undefined;
  readonly detail?: string | undefined;
}

export function LinkedEntries({
  title,
  icon,
  lines,
}: {
  readonly title: string;
  readonly icon: IconName;
  readonly lines: readonly LinkedLine[];
}) {
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      {lines.map(({ key, words, href, detail }) => (
        <div key={key}>
          {href === undefined ? (
            <p>{words}</p>
          ) : (
            <LinkButton href={href} icon={icon} look="link">
              {words}
            </LinkButton>
          )}
          {detail === undefined ? null : <p className="quiet">{detail}</p>}
        </div>
      ))}
    </Section>
  );
}
