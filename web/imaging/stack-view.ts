// A stack of images on a canvas, by @cornerstonejs/core: the only file that knows it, fetched with the first image that is looked at.
import { cache, Enums, imageLoader, init, metaData, RenderingEngine, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { frameBytes } from '../api/images.ts';
import type { Slice } from './slices.ts';
import { valuesOf, windowOf } from './values.ts';
import type { View } from './view.ts';

/** Of images that were looked at; a phone has no more to give. */
const MOST_KEPT_BYTES = 128 * 1024 * 1024;
const SCHEME = 'medallion';
const slices = new Map<string, Slice>();
let begun = false;

const idOf = ({ study, series, instance, frame }: Slice): string =>
  `${SCHEME}:${study}/${series}/${instance}/${frame}`;

function begin(): void {
  if (begun) return;
  begun = true;
  init();
  cache.setMaxCacheSize(MOST_KEPT_BYTES);
  imageLoader.registerImageLoader(SCHEME, (imageId: string) => ({ promise: load(imageId) }));
  metaData.addProvider(describe, 10_000);
}

async function load(imageId: string): Promise<Types.IImage> {
  const slice = slices.get(imageId);
  if (slice === undefined) throw new TypeError('no such slice');
  const values = valuesOf(await frameBytes(slice), slice);
  const { data, least, greatest } = values;
  const { rows, columns, spacing } = slice;
  const window = windowOf(slice, values);
  return {
    imageId,
    minPixelValue: least,
    maxPixelValue: greatest,
    slope: 1,
    intercept: 0,
    windowCenter: window.center,
    windowWidth: window.width,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    preScale: { enabled: true, scaled: true },
    isPreScaled: true,
    getPixelData: () => data,
    getCanvas: () => document.createElement('canvas'),
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    rowPixelSpacing: spacing?.[0] ?? 1,
    columnPixelSpacing: spacing?.[1] ?? 1,
    invert: slice.inverted,
    photometricInterpretation: slice.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    sizeInBytes: data.byteLength,
    dataType: data instanceof Int16Array ? 'Int16Array' : 'Float32Array',
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      width: columns,
      height: rows,
      scalarData: data,
      numberOfComponents: 1,
    }) as Types.IVoxelManager<number>,
  };
}

/** Each image lies in a plane of its own: a stack is looked at one by one, never as a volume. */
function describe(type: string, imageId: string): object | undefined {
  const slice = slices.get(imageId);
  if (slice === undefined) return undefined;
  const { rows, columns, spacing = [1, 1], values } = slice;
  switch (type) {
    case 'imagePixelModule':
      return {
        bitsAllocated: values?.bits,
        bitsStored: values?.stored,
        highBit: (values?.stored ?? 16) - 1,
        pixelRepresentation: values?.signed === true ? 1 : 0,
        photometricInterpretation: slice.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
        samplesPerPixel: 1,
      };
    case 'generalSeriesModule':
      return { modality: 'OT' };
    case 'modalityLutModule':
      return { rescaleSlope: 1, rescaleIntercept: 0 };
    case 'imagePlaneModule':
      return {
        rows,
        columns,
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        imagePositionPatient: [0, 0, 0],
        rowPixelSpacing: spacing[0],
        columnPixelSpacing: spacing[1],
        pixelSpacing: [...spacing],
        frameOfReferenceUID: slice.series,
      };
    default:
      return undefined;
  }
}

let opened = 0;

export async function openStack(
  element: HTMLDivElement,
  shown: readonly Slice[],
  first: number,
): Promise<View> {
  begin();
  const name = `stack-${++opened}`;
  const ids = shown.map(idOf);
  for (const [at, id] of ids.entries()) {
    const slice = shown[at];
    if (slice) slices.set(id, slice);
  }
  const engine = new RenderingEngine(name);
  engine.enableElement({
    viewportId: name,
    type: Enums.ViewportType.STACK,
    element,
    defaultOptions: { background: [0, 0, 0] },
  });
  const viewport = engine.getViewport<Types.IStackViewport>(name);
  await imageLoader.loadAndCacheImage(ids[first] ?? '');
  await viewport.setStack([...ids], first);
  viewport.render();
  const watch = new ResizeObserver(() => engine.resize(true, true));
  watch.observe(element);
  return {
    async show(place) {
      // Asked for by itself: the viewport would swallow why it was refused.
      await imageLoader.loadAndCacheImage(ids[place] ?? '');
      await viewport.setImageIdIndex(place);
      viewport.render();
    },
    window() {
      const range = viewport.getProperties().voiRange;
      return range && { center: (range.lower + range.upper) / 2, width: range.upper - range.lower };
    },
    setWindow({ center, width }) {
      viewport.setProperties({ voiRange: { lower: center - width / 2, upper: center + width / 2 } });
      viewport.render();
    },
    zoomBy(factor) {
      viewport.setZoom(Math.min(40, Math.max(0.2, viewport.getZoom() * factor)));
      viewport.render();
    },
    panBy([x, y]) {
      const [left, top] = viewport.getPan();
      viewport.setPan([left + x, top + y]);
      viewport.render();
    },
    reset() {
      viewport.resetCamera();
      viewport.resetProperties();
      viewport.render();
    },
    toImage([x, y]) {
      const [across, down] = viewport.canvasToWorld([x, y]);
      return [across, down];
    },
    toCanvas([across, down]) {
      const [x, y] = viewport.worldToCanvas([across, down, 0]);
      return [x, y];
    },
    onDrawn(told) {
      element.addEventListener(Enums.Events.IMAGE_RENDERED, told);
      return () => element.removeEventListener(Enums.Events.IMAGE_RENDERED, told);
    },
    close() {
      watch.disconnect();
      engine.destroy();
      for (const id of ids) slices.delete(id);
      cache.purgeCache();
    },
  };
}
