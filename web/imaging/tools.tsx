// What can be done with an image, by buttons and sliders too: nothing needs a drag.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import type { Slice, Window } from './slices.ts';
import type { Tool } from './use-gestures.ts';

const TOOLS: readonly Tool[] = ['scroll', 'window', 'move', 'measure'];

/** Windows that everybody who reads CT knows, in Hounsfield units. */
const PRESETS = {
  soft: { center: 40, width: 400 },
  lung: { center: -600, width: 1500 },
  bone: { center: 400, width: 1800 },
  brain: { center: 40, width: 80 },
} as const;

export interface ToolsProps {
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly place: number;
  readonly slices: number;
  readonly onPlace: (place: number) => void;
  readonly slice: Slice;
  readonly window: Window | undefined;
  readonly onWindow: (window: Window) => void;
  readonly onZoom: (factor: number) => void;
  readonly onReset: () => void;
  readonly measured: boolean;
  readonly onClear: () => void;
}

export function Tools(props: ToolsProps) {
  const { t } = useTranslation('imaging');
  const { tool, place, slices, slice, window } = props;
  return (
    <div className="stage-tools">
      {slices > 1 ? (
        <label className="stage-slider">
          <span>{t('image', { place: place + 1, of: slices })}</span>
          <input
            max={slices - 1}
            min={0}
            onChange={(event) => props.onPlace(Number(event.target.value))}
            step={1}
            type="range"
            value={place}
          />
        </label>
      ) : null}
      <fieldset className="stage-choice">
        <legend className="visually-hidden">{t('tool')}</legend>
        {TOOLS.filter((one) => (one !== 'scroll' || slices > 1) && (one !== 'window' || slice.grey)).map(
          (one) => (
            <label className="stage-tool" key={one}>
              <input
                checked={tool === one}
                name="stage-tool"
                onChange={() => props.onTool(one)}
                type="radio"
                value={one}
              />
              <span>{t(`tool.${one}`)}</span>
            </label>
          ),
        )}
      </fieldset>
      <p className="quiet small">{t(`how.${tool}`)}</p>
      {tool === 'window' && window !== undefined && slice.grey ? (
        <WindowSliders onWindow={props.onWindow} window={window} />
      ) : null}
      <div className="row stage-acts">
        <Button label={t('zoomIn')} onPress={() => props.onZoom(1.25)}>
          +
        </Button>
        <Button label={t('zoomOut')} onPress={() => props.onZoom(0.8)}>
          −
        </Button>
        <Button onPress={props.onReset}>{t('reset')}</Button>
        {props.measured ? <Button onPress={props.onClear}>{t('clear')}</Button> : null}
      </div>
    </div>
  );
}

function WindowSliders({
  window,
  onWindow,
}: {
  readonly window: Window;
  readonly onWindow: (window: Window) => void;
}) {
  const { t } = useTranslation('imaging');
  // The ends of a slider that move with it are no ends.
  const [reach] = useState(Math.max(2000, Math.abs(window.center) * 2, window.width * 2));
  return (
    <div className="stage-window">
      <label className="stage-slider">
        <span>{t('center', { value: Math.round(window.center) })}</span>
        <input
          max={reach}
          min={-reach}
          onChange={(event) => onWindow({ ...window, center: Number(event.target.value) })}
          type="range"
          value={window.center}
        />
      </label>
      <label className="stage-slider">
        <span>{t('width', { value: Math.round(window.width) })}</span>
        <input
          max={reach}
          min={1}
          onChange={(event) => onWindow({ ...window, width: Number(event.target.value) })}
          type="range"
          value={window.width}
        />
      </label>
      <div className="row stage-acts">
        {(Object.keys(PRESETS) as (keyof typeof PRESETS)[]).map((one) => (
          <Button key={one} onPress={() => onWindow(PRESETS[one])}>
            {t(`preset.${one}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
