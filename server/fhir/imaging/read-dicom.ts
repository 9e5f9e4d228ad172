// What a DICOM file says of itself: whose image, of which study and series, how its pixels lie. Only its beginning is read, however
// long it is. Whatever is wrong with a file is a word, never an exception.
import type { DataSet } from 'dicom-parser';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { firstBytes } from '../../storage/staged-files.ts';
import type { PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { decoderOf, headerJson, numberIn, textIn } from './dicom-json.ts';
import { representationOf } from './dictionary.ts';

export type DicomProblem =
  | 'not-dicom'
  | 'dicom-truncated'
  | 'dicom-damaged'
  | 'dicom-header-too-long'
  | 'dicom-deflated'
  | 'dicom-encrypted'
  | 'dicom-uid-missing'
  | 'dicom-directory';

export interface DicomFacts {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopUid: string;
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly modality: string;
  readonly header: JsonObject;
  readonly pixels: PixelsOfInstance | null;
}

const windows = [1 << 20, 1 << 24, 1 << 26];
const mostHeaderText = 400_000;
const implicitLittle = '1.2.840.10008.1.2';
const explicitLittle = '1.2.840.10008.1.2.1';
export const bigEndian = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';
const directoryClass = '1.2.840.10008.1.3.10';
const uid = /^[0-9]+(\.[0-9]+)+$/;

export const isUid = (text: string | undefined): text is string =>
  text !== undefined && text.length <= 64 && uid.test(text);

/** @param sizeBytes of the whole file */
export async function readDicom(path: string, sizeBytes: number): Promise<DicomFacts | DicomProblem> {
  const { default: parser } = await import('dicom-parser');
  for (const size of windows) {
    const bytes = await firstBytes(path, Math.min(size, sizeBytes));
    const whole = bytes.length >= sizeBytes;
    const found = parse(parser, bytes);
    if (typeof found === 'string') {
      if (whole || found !== 'dicom-truncated') return found;
      continue;
    }
    // Ended by chance between two elements: what follows is not known.
    if (!found.elements['x7fe00010'] && !whole) continue;
    try {
      return factsOf(found, sizeBytes);
    } catch {
      return 'dicom-damaged';
    }
  }
  return 'dicom-header-too-long';
}

function parse(parser: typeof import('dicom-parser'), bytes: Buffer): DataSet | DicomProblem {
  const hasPreamble = bytes.toString('latin1', 128, 132) === 'DICM';
  const explicit = /^[A-Z]{2}$/.test(bytes.toString('latin1', 4, 6));
  if (!hasPreamble && bytes[0] !== 2 && bytes[0] !== 8) return 'not-dicom';
  try {
    return parser.parseDicom(bytes, {
      untilTag: 'x7fe00010',
      vrCallback: (tag: string) => representationOf(tag.slice(1).toUpperCase()) as string,
      ...(hasPreamble ? {} : { TransferSyntaxUID: explicit ? explicitLittle : implicitLittle }),
    });
  } catch (error) {
    const said = String((error as { exception?: unknown }).exception ?? error);
    if (/inflate|deflate|zlib|pako/i.test(said)) return 'dicom-deflated';
    return /past end|past the end|buffer overrun|out of (range|bounds)/i.test(said)
      ? 'dicom-truncated'
      : 'dicom-damaged';
  }
}

function factsOf(dataSet: DataSet, sizeBytes: number): DicomFacts | DicomProblem {
  const plain = (tag: string) => dataSet.string(tag)?.replaceAll('\0', '').trim();
  const transferSyntax = plain('x00020010') ?? explicitLittle;
  if (transferSyntax === deflated) return 'dicom-deflated';
  if (plain('x00020002') === directoryClass || plain('x00080016') === directoryClass)
    return 'dicom-directory';
  const reading = {
    decoder: decoderOf(plain('x00080005')),
    littleEndian: transferSyntax !== bigEndian,
  };
  let header = headerJson(dataSet, reading);
  const uidIn = (tag: string) => textIn(header, tag);
  const [studyUid, seriesUid, sopUid, sopClass] = [
    uidIn('0020000D'),
    uidIn('0020000E'),
    uidIn('00080018'),
    uidIn('00080016'),
  ];
  // What is sealed for a receiver (PS3.15) has its identity inside, where nobody here can read it.
  const isSealed = dataSet.elements['x04000500'] !== undefined;
  if (!isUid(studyUid) || !isUid(seriesUid) || !isUid(sopUid) || !isUid(sopClass))
    return isSealed ? 'dicom-encrypted' : 'dicom-uid-missing';
  const pixels = pixelsOf(dataSet, header, transferSyntax, sizeBytes);
  if (pixels === 'dicom-truncated') return pixels;
  if (JSON.stringify(header).length > mostHeaderText) header = shortened(header);
  const stated = textIn(header, '00080060') ?? '';
  // A code string (PS3.5): whatever else stands there is no modality.
  const modality = /^[A-Z0-9_]{1,16}$/.test(stated) ? stated : 'OT';
  return { studyUid, seriesUid, sopUid, sopClass, transferSyntax, modality, header, pixels };
}

/** Only attributes with names of their own, and of those no sequences. */
function shortened(header: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(header).filter(
      ([tag, value]) =>
        representationOf(tag) !== undefined &&
        (value as JsonObject)['vr'] !== 'SQ' &&
        JSON.stringify(value).length < 4096,
    ),
  );
}

function pixelsOf(
  dataSet: DataSet,
  header: JsonObject,
  transferSyntax: string,
  sizeBytes: number,
): PixelsOfInstance | null | 'dicom-truncated' {
  const element = dataSet.elements['x7fe00010'];
  const rows = numberIn(header, '00280010') ?? 0;
  const columns = numberIn(header, '00280011') ?? 0;
  const encapsulated = element?.hadUndefinedLength === true;
  const wanted = element ? element.dataOffset + (encapsulated ? 0 : element.length) : 0;
  if (wanted > sizeBytes) return 'dicom-truncated';
  if (!element || rows === 0 || columns === 0) return null;
  const optional = (name: string, value: number | undefined) =>
    value === undefined ? {} : { [name]: value };
  return {
    transferSyntax,
    offset: element.dataOffset,
    length: encapsulated ? null : element.length,
    rows,
    columns,
    samples: numberIn(header, '00280002') ?? 1,
    photometric: textIn(header, '00280004') ?? 'MONOCHROME2',
    bitsAllocated: numberIn(header, '00280100') ?? 8,
    bitsStored: numberIn(header, '00280101') ?? numberIn(header, '00280100') ?? 8,
    signed: numberIn(header, '00280103') === 1,
    planar: numberIn(header, '00280006') === 1,
    frames: Math.max(1, Math.trunc(numberIn(header, '00280008') ?? 1)),
    slope: numberIn(header, '00281053') ?? 1,
    intercept: numberIn(header, '00281052') ?? 0,
    ...optional('center', numberIn(header, '00281050')),
    ...optional('width', numberIn(header, '00281051')),
  };
}
