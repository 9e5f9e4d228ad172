// The foot of the visit: whether the draft is kept, what is left to settle, and the one button that signs.
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { Keeping } from './use-visit.ts';

export interface VisitFootProps {
  readonly keeping: Keeping;
  readonly openFindings: number;
  readonly wrongFields: number;
  readonly blank: boolean;
  /** Words of why nothing can be signed at all. */
  readonly closed: string | undefined;
  readonly signing: boolean;
  readonly onSign: () => void;
  readonly onDrop: () => void;
  readonly onTakeOther: () => void;
}

export function VisitFoot(props: VisitFootProps) {
  const { t } = useTranslation('visit');
  const { keeping, openFindings, wrongFields } = props;
  const missing =
    openFindings > 0
      ? t('settle', { count: openFindings })
      : wrongFields > 0
        ? t('wrong', { count: wrongFields })
        : (props.closed ?? (props.blank ? t('blank') : undefined));
  return (
    <div className="visit-foot">
      <div className="visit-foot-words">
        <p
          data-tone={keeping.kind === 'not-kept' || keeping.kind === 'elsewhere' ? 'caution' : undefined}
          role="status"
        >
          {keeping.kind === 'kept'
            ? t('draft.kept', { time: formatTime(new Date(keeping.at).toISOString()) })
            : t(
                {
                  new: 'draft.new' as const,
                  typing: 'draft.typing' as const,
                  'not-kept': 'draft.notKept' as const,
                  elsewhere: 'draft.elsewhere' as const,
                }[keeping.kind],
              )}
        </p>
        {keeping.kind === 'elsewhere' ? (
          <Button look="link" onPress={props.onTakeOther}>
            {t('draft.takeOther')}
          </Button>
        ) : keeping.kind === 'new' ? null : (
          <Button look="link" onPress={props.onDrop}>
            {t('draft.drop')}
          </Button>
        )}
      </div>
      <div className="visit-sign">
        {openFindings > 0 ? <Icon name="octagon" size={20} /> : null}
        <Button busy={props.signing && t('signing')} look="primary" missing={missing} onPress={props.onSign}>
          {t('sign')}
        </Button>
      </div>
    </div>
  );
}
