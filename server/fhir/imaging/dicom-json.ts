// The header of a DICOM file as DICOM JSON (PS3.18, annex F), without pixels and other bulk data. Reads what dicom-parser found;
// whatever cannot be read is left out.
import type { DataSet, Element } from 'dicom-parser';
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import { representationOf } from './dictionary.ts';

const mostBinaryBytes = 1024;
const mostDepth = 8;
const mostValues = 4096;

const textual = new Set(['AE', 'AS', 'CS', 'DA', 'DT', 'LO', 'SH', 'TM', 'UC', 'UI', 'UR', 'LT', 'ST', 'UT']);
/** Text in which a backslash is a backslash. */
const undivided = new Set(['LT', 'ST', 'UT', 'UR']);
/** Text in the characters that the file names. */
const inCharacterSet = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const numeric: Readonly<
  Record<string, [size: number, read: (view: DataView, at: number, little: boolean) => number]>
> = {
  US: [2, (view, at, little) => view.getUint16(at, little)],
  SS: [2, (view, at, little) => view.getInt16(at, little)],
  UL: [4, (view, at, little) => view.getUint32(at, little)],
  SL: [4, (view, at, little) => view.getInt32(at, little)],
  FL: [4, (view, at, little) => view.getFloat32(at, little)],
  FD: [8, (view, at, little) => view.getFloat64(at, little)],
};

export interface HeaderReading {
  readonly decoder: TextDecoder;
  readonly littleEndian: boolean;
}

/** Defined terms of (0008,0005) by the names that TextDecoder has. */
const decoders: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
};

/** By the last of the named sets that is known: the first of several is plain ASCII more often than not. */
export function decoderOf(characterSets: string | undefined): TextDecoder {
  const known = (characterSets ?? '').split('\\').flatMap((name) => decoders[name.trim()] ?? []);
  return new TextDecoder(known.at(-1) ?? 'latin1');
}

export function headerJson(dataSet: DataSet, reading: HeaderReading, depth = 0): JsonObject {
  const json: JsonObject = {};
  for (const [key, element] of Object.entries(dataSet.elements)) {
    const tag = key.slice(1).toUpperCase();
    // Meta information is about the file and not of the image; pixels and what is beside them are fetched.
    if (
      !/^[0-9A-F]{8}$/.test(tag) ||
      tag.startsWith('0002') ||
      tag.startsWith('7FE0') ||
      tag.endsWith('0000')
    )
      continue;
    const vr = element.items ? 'SQ' : (element.vr ?? representationOf(tag) ?? 'UN');
    const value = valueOf(dataSet, element, vr, reading, depth);
    if (value !== undefined) json[tag] = { vr, ...value };
  }
  return json;
}

function valueOf(
  dataSet: DataSet,
  element: Element,
  vr: string,
  reading: HeaderReading,
  depth: number,
): JsonObject | undefined {
  if (vr === 'SQ') {
    if (depth >= mostDepth) return undefined;
    const items = (element.items ?? []).slice(0, mostValues);
    return { Value: items.map((item) => (item.dataSet ? headerJson(item.dataSet, reading, depth + 1) : {})) };
  }
  const { byteArray } = dataSet;
  const { dataOffset, length } = element;
  if (length === 0) return {};
  if (length < 0 || dataOffset + length > byteArray.length) return undefined;
  const bytes = byteArray.subarray(dataOffset, dataOffset + length);
  const numbers = numeric[vr];
  if (numbers) {
    const [size, read] = numbers;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.min(Math.floor(bytes.length / size), mostValues);
    const values = Array.from({ length: count }, (_, at) => read(view, at * size, reading.littleEndian));
    return { Value: values.map((one) => (Number.isFinite(one) ? one : null)) };
  }
  if (vr === 'AT') return undefined;
  if (textual.has(vr) || vr === 'PN' || vr === 'IS' || vr === 'DS')
    return { Value: textsOf(bytes, vr, reading).map((one) => valueOfText(one, vr)) };
  return length <= mostBinaryBytes ? { InlineBinary: Buffer.from(bytes).toString('base64') } : undefined;
}

function textsOf(bytes: Uint8Array, vr: string, { decoder }: HeaderReading): string[] {
  const text = inCharacterSet.has(vr) ? decoder.decode(bytes) : Buffer.from(bytes).toString('latin1');
  const whole = text.replaceAll('\0', '');
  return (undivided.has(vr) ? [whole] : whole.split('\\')).slice(0, mostValues).map((one) => one.trim());
}

function valueOfText(text: string, vr: string): JsonValue {
  if (text === '') return null;
  if (vr === 'PN') {
    const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=');
    return {
      Alphabetic: alphabetic,
      ...(ideographic === '' ? {} : { Ideographic: ideographic }),
      ...(phonetic === '' ? {} : { Phonetic: phonetic }),
    };
  }
  if (vr === 'IS' || vr === 'DS') {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }
  return text;
}

/** The first value of an attribute as text; undefined where there is none. */
export function textIn(header: JsonObject, tag: string): string | undefined {
  const values = (header[tag] as { Value?: JsonValue[] } | undefined)?.Value;
  const first = values?.find((one) => one !== null);
  if (first === undefined) return undefined;
  if (typeof first === 'object' && first !== null) {
    const name = (first as JsonObject)['Alphabetic'];
    return typeof name === 'string' ? name : undefined;
  }
  return String(first);
}

export function numberIn(header: JsonObject, tag: string): number | undefined {
  const text = textIn(header, tag);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}
