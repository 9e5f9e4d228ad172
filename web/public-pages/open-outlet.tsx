// The frame of everybody's pages around pages of another room.
import { Outlet } from '@tanstack/react-router';
import { OpenFrame } from './open-frame.tsx';

export function OpenOutlet() {
  return (
    <OpenFrame>
      <Outlet />
    </OpenFrame>
  );
}
