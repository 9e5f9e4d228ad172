// The holder's own card as it is drawn everywhere: what the server lets it say, in the parts of the shared drawing.
import { useTranslation } from 'react-i18next';
import type { OwnCard, OwnCardFace } from '../../api/card.ts';
import { codePictureHref } from '../../api/card.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { HealthCard, HealthCardBack } from '../../ui/health-card.tsx';
import { todayHere } from '../facts/today.ts';

export interface OwnFaceProps {
  readonly card: OwnCard;
  readonly face: OwnCardFace;
}

export function OwnCardFront({ card, face }: OwnFaceProps) {
  const { t } = useTranslation('card');
  const language = useLanguage();
  const { blood, dangersState } = face;
  const bloodText =
    blood === undefined || blood === 'withheld'
      ? undefined
      : {
          text:
            'differ' in blood
              ? t('face.bloodDiffers', { groups: blood.differ })
              : t('face.blood', { group: blood.text, source: blood.source }),
        };
  return (
    <HealthCard
      face={{
        name: face.name,
        nameSecond: face.nameSecond,
        sexAndBirth: face.birthLine,
        languages: face.languagesLine ?? '',
        bloodGroup: bloodText,
        uhid: face.uhid,
        photoUrl: face.photoUrl ?? undefined,
        qrUrl: codePictureHref(card),
        dangers: face.dangers,
        moreDangers: face.moreDangers,
        asOf: formatDate(todayHere(), language),
        silence: dangersState === 'withheld' ? t('face.dangersWithheld') : undefined,
      }}
    />
  );
}

export function OwnCardBack({ face }: { readonly face: OwnCardFace }) {
  const { doctor, contacts } = face;
  const named = doctor === undefined || doctor === 'withheld' ? undefined : doctor;
  return (
    <HealthCardBack
      back={{
        name: face.name,
        contacts:
          contacts === 'withheld'
            ? []
            : contacts
                .slice(0, 3)
                .map(({ name, relation, phone }) => ({ name, phone, relation: relation || undefined })),
        doctor: named && { name: named.name, detail: named.place, phone: named.phone },
      }}
    />
  );
}
