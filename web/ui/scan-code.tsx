// Reading a printed code with the camera: which camera can be chosen, and what was read is handed on once. Where the browser reads codes itself,
// it does; elsewhere a small reader is fetched when the camera is first opened. Pictures stay in this page.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBand } from './band.tsx';
import { Button } from './button.tsx';
import { SelectField } from './choice.tsx';
import './scan-code.css';

const EVERY_MS = 150;
/** Enough for a code that fills a third of the picture, and quick on a small phone. */
const WIDEST = 800;

type ReadFrame = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

async function openReader(): Promise<ReadFrame> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (own !== undefined && (await own.getSupportedFormats()).includes('qr_code')) {
    const detector = new own({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { default: read } = await import('jsqr');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / Math.max(1, video.videoWidth));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (context === null || canvas.width === 0) return undefined;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = read(data, width, height)?.data;
    return found === undefined || found === '' ? undefined : found;
  };
}

export interface ScanCodeProps {
  readonly onRead: (text: string) => void;
}

export function ScanCode({ onRead }: ScanCodeProps) {
  const { t } = useTranslation('common');
  const [state, setState] = useState<'closed' | 'open' | 'read' | 'refused' | 'none'>('closed');
  const read = useCallback(
    (text: string) => {
      setState('read');
      onRead(text);
    },
    [onRead],
  );
  // An old browser, or a page that came without https.
  if ((navigator.mediaDevices as MediaDevices | undefined) === undefined) return null;
  if (state === 'open')
    return <Camera onClose={() => setState('closed')} onFailed={setState} onRead={read} />;
  return (
    <div className="stack">
      {state === 'refused' || state === 'none' ? <ErrorBand>{t(`scan.${state}`)}</ErrorBand> : null}
      <div className="row">
        <Button icon="camera" onPress={() => setState('open')}>
          {t(state === 'read' ? 'scan.again' : 'scan.act')}
        </Button>
        <span role="status">{state === 'read' ? t('scan.read') : ''}</span>
      </div>
    </div>
  );
}

interface CameraProps {
  readonly onRead: (text: string) => void;
  readonly onClose: () => void;
  readonly onFailed: (why: 'refused' | 'none') => void;
}

function Camera({ onRead, onClose, onFailed }: CameraProps) {
  const { t } = useTranslation('common');
  const video = useRef<HTMLVideoElement>(null);
  const [chosen, setChosen] = useState<string>();
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    const over = new AbortController();
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (reader: ReadFrame): Promise<void> => {
      const found = video.current === null ? undefined : await reader(video.current).catch(() => undefined);
      if (over.signal.aborted) return;
      if (found === undefined) timer = setTimeout(() => void look(reader), EVERY_MS);
      else onRead(found);
    };
    const begin = async (): Promise<void> => {
      const from = chosen === undefined ? { facingMode: 'environment' } : { deviceId: { exact: chosen } };
      stream = await navigator.mediaDevices.getUserMedia({ video: from });
      if (over.signal.aborted || video.current === null) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      video.current.srcObject = stream;
      await video.current.play().catch(() => undefined);
      const devices = await navigator.mediaDevices.enumerateDevices();
      setCameras(devices.filter(({ kind }) => kind === 'videoinput'));
      await look(await openReader());
    };
    begin().catch((error: unknown) => {
      const refused = error instanceof DOMException && error.name === 'NotAllowedError';
      if (!over.signal.aborted) onFailed(refused ? 'refused' : 'none');
    });
    return () => {
      over.abort();
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [chosen, onFailed, onRead]);
  return (
    <div className="scan stack">
      <video aria-label={t('scan.picture')} className="scan-picture" muted playsInline ref={video} />
      <p className="quiet">{t('scan.hint')}</p>
      {cameras.length > 1 ? (
        <SelectField
          label={t('scan.camera')}
          onChange={setChosen}
          options={cameras.map(({ deviceId, label }, at) => ({
            value: deviceId,
            label: label === '' ? t('scan.cameraNo', { number: at + 1 }) : label,
          }))}
          value={chosen ?? cameras[0]?.deviceId}
        />
      ) : null}
      <div className="row">
        <Button onPress={onClose}>{t('scan.close')}</Button>
      </div>
    </div>
  );
}
