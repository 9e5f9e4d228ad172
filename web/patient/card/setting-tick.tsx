// One thing to switch on or off about the card; shows the choice at once and follows what was stored.
import { Tick } from '../../ui/choice.tsx';
import type { TickProps } from '../../ui/choice.tsx';
import { useChosen } from './use-chosen.ts';

export function SettingTick({ checked, onChange, ...rest }: TickProps) {
  const [isOn, choose] = useChosen(checked, onChange);
  return <Tick {...rest} checked={isOn} onChange={choose} />;
}
