// What speaks against one medicine, under its line: effect, what it is about, source. A grave one wants another medicine, or a reason.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleWords } from '../../../core/clinical/words.ts';
import type { Prescribed } from '../../../core/visit/draft.ts';
import type { LineFinding } from '../../../core/visit/findings.ts';
import { isKnownMedicine } from '../../../core/visit/findings.ts';
import type { ServerFinding } from '../../api/kept-visits.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { TextField } from '../../ui/text-field.tsx';

export interface FindingsProps {
  readonly of: Prescribed;
  readonly found: readonly LineFinding[];
  readonly server: readonly ServerFinding[];
  readonly onReason: (rule: string, reason: string) => void;
  readonly onRemove: () => void;
}

export function Findings({ of, found, server, onReason, onRemove }: FindingsProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const aboutOf = ({ about, joinedOn }: LineFinding): string | undefined => {
    const said = [
      about === undefined ? '' : t('finding.about', { name: about }),
      joinedOn === undefined ? '' : t('finding.joined', { when: formatDate(joinedOn, language) }),
    ].filter((one) => one !== '');
    return said.length === 0 ? undefined : said.join(' ');
  };
  const byRule = [...new Map(found.map((one) => [one.rule, one])).values()];
  const more = server.filter(({ rule }) => !byRule.some((one) => one.rule === rule));
  return (
    <>
      {of.text.trim() === '' || isKnownMedicine(of) ? null : (
        <p className="visit-unknown">{t('finding.unknown', { name: of.text })}</p>
      )}
      {byRule.map((one) => (
        <Finding
          grave={one.severity === 'severe'}
          key={one.rule}
          name={of.text}
          onReason={(reason) => onReason(one.rule, reason)}
          onRemove={onRemove}
          reason={of.reasons[one.rule] ?? ''}
          rule={one.rule}
          source={t('finding.source', { name: one.source.name, year: one.source.year })}
          words={ruleWords(one.rule, one.words, language)}
          about={aboutOf(one)}
        />
      ))}
      {more.map((one) => (
        <Finding
          about={t('finding.server')}
          grave
          key={one.rule}
          name={of.text}
          onReason={(reason) => onReason(one.rule, reason)}
          onRemove={onRemove}
          reason={of.reasons[one.rule] ?? ''}
          rule={one.rule}
          source=""
          words={ruleWords(one.rule, one.words, language)}
        />
      ))}
    </>
  );
}

interface FindingProps {
  readonly grave: boolean;
  readonly name: string;
  readonly rule: string;
  /** The rule's words in the language of the page. */
  readonly words: string;
  readonly about: string | undefined;
  readonly source: string;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onRemove: () => void;
}

/** Fewer letters give no reason, as on the server. */
export const isReason = (text: string): boolean => text.replace(/[^\p{L}\p{M}]/gu, '').length >= 5;

function Finding({ grave, name, rule, words, about, source, reason, onReason, onRemove }: FindingProps) {
  const { t } = useTranslation('visit');
  const [writing, setWriting] = useState(false);
  const wrote = useRef(false);
  const settled = isReason(reason);
  return (
    <div
      className="visit-finding"
      data-grave={grave ? '' : undefined}
      data-settled={settled ? '' : undefined}
    >
      <Icon name={grave ? 'octagon' : 'triangle'} size={20} />
      <div className="visit-finding-words">
        <p>
          {grave ? null : <strong>{t('finding.moderate')}: </strong>}
          <strong>{words}</strong> {about === undefined ? null : <span>{about} </span>}
          <span className="quiet small">{source}</span>
        </p>
        {grave && writing ? (
          <div className="visit-reason">
            <TextField
              hint={t('finding.reasonKept')}
              label={t('finding.reason', { name })}
              maxLength={300}
              onChange={onReason}
              value={reason}
            />
            <Button
              onPress={() => {
                wrote.current = true;
                setWriting(false);
              }}
            >
              {t('line.done')}
            </Button>
          </div>
        ) : null}
        {grave && settled && !writing ? <p>{t('finding.settled', { reason })}</p> : null}
        {grave && !writing ? (
          <div className="row visit-finding-acts">
            <Button label={t('finding.otherOf', { name })} onPress={onRemove}>
              {t('finding.other')}
            </Button>
            <Button
              label={t(settled ? 'finding.changeOf' : 'finding.keepOf', { name, rule })}
              look="link"
              onPress={() => setWriting(true)}
              ref={(button) => {
                // The hand stays where it was.
                if (wrote.current) button?.focus();
                wrote.current = false;
              }}
            >
              {t(settled ? 'finding.change' : 'finding.keep')}
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  );
}
