// The ink of everything printed. Print and pictures are always light, so there is one set. Values from the look's colour table.

export const COLOUR = {
  white: '#FFFFFF',
  black: '#000000',
  ink: '#13201E',
  ink2: '#43514E',
  ink3: '#5A6763',
  sunk: '#E9EDE8',
  line: '#D5DCD6',
  edge: '#74817D',
  peacock: '#0B5C63',
  dangerBlock: '#8A0F14',
  night: '#0D1413',
  nightInk: '#E9EFEC',
  nightInk2: '#B6C2BE',
} as const;

export type Colour = (typeof COLOUR)[keyof typeof COLOUR];
