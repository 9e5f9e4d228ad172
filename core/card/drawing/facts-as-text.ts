// The same facts as lines of text, in full and in the card's order: for screen readers, for search and for the picture's description.
import { formatUhid } from '../uhid.ts';
import type { CardContact, CardFace } from './card-face.ts';
import { fillIn, printable } from './printable-text.ts';

export function bloodLine(face: CardFace): string {
  if (face.blood === undefined) return face.labels.bloodNotRecorded.first;
  if (face.blood === 'withheld') return face.labels.bloodWithheld.first;
  if ('differ' in face.blood)
    return fillIn(face.labels.bloodDiffers.first, { groups: printable(face.blood.differ) });
  return `${face.labels.blood.first} ${printable(face.blood.text)} (${printable(face.blood.source)})`;
}

export function dangersSilence(face: CardFace): string {
  const { dangersState, labels } = face;
  if (dangersState === 'withheld') return labels.dangersWithheld.first;
  const date = typeof dangersState === 'object' ? dangersState.noneRecordedAsOf : face.issued;
  const detail = typeof dangersState === 'object' ? dangersState.detail : undefined;
  return [fillIn(labels.noDangersRecorded.first, { date }), detail ?? labels.notRecordedIsNotNone.first].join(
    '. ',
  );
}

export function contactLine(contact: CardContact): string {
  return [printable(contact.name), printable(contact.relation)].filter((part) => part !== '').join(', ');
}

export function contactsSilence(face: CardFace): string | undefined {
  if (face.contacts === 'withheld') return face.labels.contactsWithheld.first;
  return face.contacts.length === 0 ? face.labels.noContactsRecorded.first : undefined;
}

/** Lines of the front: who, danger, blood, number. */
export function frontFacts(face: CardFace): string[] {
  const dangers = face.dangers.map((danger) =>
    [printable(danger.noun), printable(danger.reason)].filter((part) => part !== '').join('. '),
  );
  return [
    printable(face.name),
    printable(face.nameSecond ?? ''),
    printable(face.birthLine),
    printable(face.languagesLine ?? ''),
    bloodLine(face),
    `${face.labels.healthId.first} ${formatUhid(face.uhid)}`,
    ...(dangers.length === 0
      ? [dangersSilence(face)]
      : dangers.map((line) => `${face.labels.danger.first}: ${line}`)),
  ].filter((line) => line !== '');
}

/** Lines of the back: whom to call, doctor, what to do with a found card. */
export function backFacts(face: CardFace): string[] {
  const { labels, doctor, contacts } = face;
  const silence = contactsSilence(face);
  const called =
    contacts === 'withheld'
      ? []
      : contacts.map((contact) => `${contactLine(contact)}: ${printable(contact.phone)}`);
  const doctorLine =
    doctor === undefined
      ? labels.doctorNotRecorded.first
      : doctor === 'withheld'
        ? fillIn(labels.withheld.first, { name: printable(face.name) })
        : [doctor.name, doctor.place ?? '', doctor.phone ?? '']
            .map(printable)
            .filter((part) => part !== '')
            .join(', ');
  return [
    ...(silence === undefined ? called.map((line) => `${labels.callFirst.first}: ${line}`) : [silence]),
    `${labels.doctor.first}: ${doctorLine}`,
    `${labels.ifFound.first}: ${labels.ifFoundText.first}`,
    fillIn(labels.cardIssued.first, { card: face.cardNumber, date: face.issued }),
  ];
}
