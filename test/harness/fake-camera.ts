// What Chromium's camera is to see: a printed code on paper, as a film of a few frames in a file. Knows nothing of the page that reads it.
import { writeFileSync } from 'node:fs';
import { create } from 'qrcode';

const [width, height, frames] = [640, 480, 4];

/** Arguments of a browser whose only camera sees `text` as a code. */
export function cameraThatSees(text: string, file: string): string[] {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const scale = Math.floor((height * 0.7) / modules.size);
  const [left, top] = [width, height].map((side) => Math.floor((side - modules.size * scale) / 2));
  const light = Buffer.alloc(width * height, 235);
  for (let y = 0; y < modules.size * scale; y += 1)
    for (let x = 0; x < modules.size * scale; x += 1)
      if (modules.get(Math.floor(y / scale), Math.floor(x / scale)))
        light[((top ?? 0) + y) * width + (left ?? 0) + x] = 16;
  const grey = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, grey]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: frames }, () => frame)]));
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}
