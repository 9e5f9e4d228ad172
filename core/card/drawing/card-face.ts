// What is printed on a card, in the words that will be printed. Knows nothing of FHIR, of layout or of file formats.

/** One fixed phrase in the card's first language and, when the card is bilingual, in its second. */
export interface Phrase {
  readonly first: string;
  readonly second?: string;
}

/** One danger: the noun alone ("Penicillin"), printed in capitals, and the instruction under it. */
export interface CardDanger {
  readonly noun: string;
  readonly reason: string;
  /** Tried in turn where the reason does not fit: without whose record says so; what to do alone. */
  readonly shorter?: readonly string[];
}

export interface CardContact {
  readonly name: string;
  /** "husband"; empty when not known. */
  readonly relation: string;
  /** As it should be dialled and read: "+91 90000 41122". */
  readonly phone: string;
}

export interface CardDoctor {
  readonly name: string;
  readonly place?: string;
  readonly phone?: string;
}

export interface CardBloodGroup {
  /** "A+" */
  readonly text: string;
  /** Who says so: "lab, 2 May 2024" or "you said, not checked". A group without a source cannot be printed. */
  readonly source: string;
}

/** "A+, B+": none of them is chosen. */
export interface BloodGroupsThatDiffer {
  readonly differ: string;
}

/**
 * Why the danger block says what it says. With dangers present it is `recorded`; `noneRecordedAsOf` carries a date
 * text ("18 Nov 2026") and, in `detail`, a sentence that somebody vouches for ("No known allergies. Dr Iyer asked.").
 */
export type DangersState =
  'recorded' | 'withheld' | { readonly noneRecordedAsOf: string; readonly detail?: string };

/** Every fixed word on a card and its sheets. `{n}`, `{host}`, `{date}`, `{card}` and the like are filled in. */
export interface CardLabels {
  /** Language tags (BCP 47) of `first` and `second`. */
  readonly firstLanguage: string;
  readonly secondLanguage?: string;
  readonly emergencyCard: Phrase;
  readonly scanForMore: Phrase;
  readonly danger: Phrase;
  readonly andMoreScan: Phrase;
  readonly scanForReason: Phrase;
  readonly dangersTooLong: Phrase;
  readonly noDangersRecorded: Phrase;
  readonly notRecordedIsNotNone: Phrase;
  readonly dangersWithheld: Phrase;
  readonly nameGoesOn: Phrase;
  readonly blood: Phrase;
  readonly bloodNotRecorded: Phrase;
  readonly bloodWithheld: Phrase;
  readonly bloodDiffers: Phrase;
  readonly callFirst: Phrase;
  readonly noContactsRecorded: Phrase;
  readonly contactsWithheld: Phrase;
  readonly moreContactsScan: Phrase;
  readonly doctor: Phrase;
  readonly doctorNotRecorded: Phrase;
  readonly ifFound: Phrase;
  readonly ifFoundText: Phrase;
  readonly codeOpens: Phrase;
  readonly cardIssued: Phrase;
  readonly worksOffline: Phrase;
  readonly worksOfflineText: Phrase;
  readonly healthId: Phrase;
  readonly sheetTitle: Phrase;
  readonly sheetHow: Phrase;
  readonly cutHow: Phrase;
  readonly sheetFront: Phrase;
  readonly sheetBack: Phrase;
  readonly sheetFold: Phrase;
  readonly sheetRuler: Phrase;
  readonly sheetSizeText: Phrase;
  readonly sheetCode: Phrase;
  readonly sheetCodeText: Phrase;
  readonly sheetReplacedText: Phrase;
  readonly stickHere: Phrase;
  readonly born: Phrase;
  readonly fridgeTitle: Phrase;
  readonly conditions: Phrase;
  readonly medicines: Phrase;
  readonly notRecorded: Phrase;
  readonly withheld: Phrase;
  readonly printed: Phrase;
  readonly page: Phrase;
  readonly continued: Phrase;
  readonly checkPrint: Phrase;
  readonly blankTitle: Phrase;
  readonly blankHow: Phrase;
  readonly claimCode: Phrase;
}

/** Everything that one card says. Lines are finished sentences in the card's first language. */
export interface CardFace {
  readonly name: string;
  /** The same name in another script. */
  readonly nameSecond?: string;
  /** "Female, born 1 Feb 1980" */
  readonly birthLine: string;
  /** "Speaks Kannada, English, Hindi" */
  readonly languagesLine?: string;
  /** Absent means not recorded, and the card says so. */
  readonly blood?: CardBloodGroup | BloodGroupsThatDiffer | 'withheld';
  /** Fourteen digits, with or without spaces. */
  readonly uhid: string;
  /** JPEG bytes; without them the initials stand in. */
  readonly photoJpeg?: Uint8Array;
  readonly dangers: readonly CardDanger[];
  readonly dangersState: DangersState;
  readonly contacts: readonly CardContact[] | 'withheld';
  readonly doctor?: CardDoctor | 'withheld';
  /** The emergency address that the code opens. */
  readonly url: string;
  readonly cardNumber: number;
  /** Date text: "18 Nov 2026". */
  readonly issued: string;
  /** Plain text for the second code on the back, only if the holder chose it: anyone can read it without leaving a trace. */
  readonly offlineText?: string;
  readonly labels: CardLabels;
}

export type CardSide = 'front' | 'back';

/** One line of a list on the fridge sheet: a fact is never printed without its source. */
export interface SheetFact {
  /** "Warfarin 5 mg" */
  readonly text: string;
  /** "once a day" */
  readonly detail?: string;
  /** "Dr Meera Iyer, verified 18 Nov 2026" */
  readonly source: string;
  /** How the margin shows who says so. */
  readonly voice: 'verified' | 'lab' | 'self-reported';
}

/** A list of facts, or one of the three silences in words: a known absence carries its source. */
export type SheetList =
  | { readonly kind: 'facts'; readonly facts: readonly SheetFact[] }
  | { readonly kind: 'none-known'; readonly text: string; readonly source: string }
  | { readonly kind: 'not-recorded' }
  | { readonly kind: 'withheld' };

export interface FridgeLists {
  readonly conditions: SheetList;
  readonly medicines: SheetList;
  /** Date text printed at the foot: "20 Nov 2026, 09:30". */
  readonly printedAt: string;
  /** Where anybody can check that this print is in the log; every page carries it as a code. */
  readonly proofUrl?: string;
}

export interface WristbandFace {
  readonly face: CardFace;
  /** "1980" */
  readonly birthYear: string;
}

/** One pre-printed card that a desk will give to a person. */
export interface BlankCard {
  readonly url: string;
  /** Short and readable: "K7QM-2D4X". */
  readonly claimCode: string;
  /** The number of the card within its batch: "B12-0007". */
  readonly serial: string;
}
