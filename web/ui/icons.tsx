// The pictograms: 24-unit line drawings, always hidden from screen readers because a word stands beside each.
import type { ReactNode } from 'react';

const DRAWINGS = {
  home: <path d="M3.5 11 12 4l8.5 7M5.5 9.5V20h13V9.5M10 20v-5.5h4V20" />,
  record: <path d="M4 6h16M4 12h16M4 18h16" />,
  card: (
    <>
      <path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z" />
      <path d="M14 14h2.5v2.5H14zM20 14v3M17 20h3M14 19.5v.5" />
    </>
  ),
  eye: (
    <>
      <path d="M2 12c2.6-4.4 6-6.6 10-6.6S19.400 7.600 22 12c-2.600 4.400-6 6.600-10 6.600S4.600 16.400 2 12Z" />
      <circle cx="12" cy="12" r="3.200" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="16" r="4" />
      <path d="m11 13 8.500-8.500M16 8l2.500 2.500" />
    </>
  ),
  bell: <path d="M6 17V10.500a6 6 0 0 1 12 0V17l1.500 1.500h-15L6 17ZM10 21h4M12 4.500V3" />,
  search: (
    <>
      <circle cx="10.500" cy="10.500" r="6.500" />
      <path d="m15.500 15.500 5.500 5.500" />
    </>
  ),
  width: (
    <path d="M3.500 5v14M20.500 5v14M7 12h10M9.500 9.500 7 12l2.500 2.500M14.500 9.500 17 12l-2.500 2.500" />
  ),
  forward: <path d="m9 5 7 7-7 7" />,
  back: <path d="m15 5-7 7 7 7" />,
  down: <path d="m5 9 7 7 7-7" />,
  tick: <path d="m4.500 12.500 5 5L20 7" />,
  cross: <path d="M5.500 5.500l13 13M18.500 5.500l-13 13" />,
  plus: <path d="M12 4v16M4 12h16" />,
  minus: <path d="M4 12h16" />,
  print: <path d="M7 9V3.500h10V9M7 17H3.500V9h17v8H17M7 14h10v6.500H7z" />,
  lock: <path d="M5 10.500h14V20H5zM8.500 10.500V7a3.500 3.500 0 0 1 7 0v3.500" />,
  speech: <path d="M4 5h16v11H10l-4 4v-4H4z" />,
  flask: (
    <path d="M9 3.500h6M10 3.500V10l-5.500 9.500a.7.7 0 0 0 .6 1h13.800a.7.7 0 0 0 .6-1L14 10V3.500M7.500 15h9" />
  ),
  document: <path d="M6 3.500h8.500L19 8v12.500H6zM14 3.500V8.500h5M9 12.500h7M9 16.500h7" />,
  octagon: (
    <>
      <path d="M8.300 3h7.400L21 8.300v7.400L15.700 21H8.300L3 15.700V8.300z" />
      <path d="M12 7.500v5.500M12 15.800v.7" />
    </>
  ),
  triangle: (
    <>
      <path d="M12 3.500 22 20.500H2z" />
      <path d="M12 10v5M12 17.200v.7" />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v6M12 7.200v.7" />
    </>
  ),
  copy: <path d="M9 9h11.500v11.500H9zM6 15H3.500V3.500H15V6" />,
  download: <path d="M12 3.500V15M6.500 10l5.500 5.500L17.500 10M4 20.500h16" />,
  upload: <path d="M12 16V4M6.500 9.500 12 4l5.500 5.500M4 20.500h16" />,
  more: <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="3" />,
  help: <path d="M12 4v16M5 8l14 8M19 8 5 16" />,
  hospital: <path d="M5 20.500v-17h14v17M3 20.500h18M12 7v5M9.500 9.500h5M10 20.500V16h4v4.500" />,
  person: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.500 20.500c.6-4.300 3.200-6.500 7.500-6.500s6.900 2.200 7.500 6.500" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8.500" r="3.500" />
      <path d="M2.500 20c.5-3.800 2.700-5.700 6.500-5.700s6 1.900 6.500 5.700M15 5.300a3.500 3.500 0 0 1 0 6.400M17.500 14.800c2.300.7 3.600 2.400 4 5.200" />
    </>
  ),
  phone: (
    <path d="M5 3.500h4l1.500 5-2.300 1.700a12 12 0 0 0 5.600 5.600l1.700-2.300 5 1.500v4A1.500 1.500 0 0 1 19 20.500 15.500 15.500 0 0 1 3.500 5 1.500 1.500 0 0 1 5 3.500Z" />
  ),
  camera: (
    <>
      <path d="M3.500 7.500H8l1.500-3h5l1.500 3h4.500v12h-17z" />
      <circle cx="12" cy="13" r="3.500" />
    </>
  ),
  calendar: <path d="M4 5.500h16v15H4zM4 10h16M8 3v4M16 3v4" />,
  settings: <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5" />,
  pencil: <path d="m4 20 1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500l3.500 3.500" />,
  erase: <path d="M4 6.500h16M9 6.500V4h6v2.500M6 6.500 7 20.500h10L18 6.500M10 10.500v6M14 10.500v6" />,
  pill: (
    <path d="M5 19a4.600 4.600 0 0 1 0-6.500L12.500 5A4.600 4.600 0 0 1 19 11.500L11.500 19A4.600 4.600 0 0 1 5 19ZM8.700 8.700l6.600 6.600" />
  ),
  heart: (
    <path d="M12 20.500 4.400 12.700a4.700 4.700 0 0 1 0-6.700 4.700 4.700 0 0 1 6.700 0l.9.9.9-.9a4.700 4.700 0 0 1 6.700 6.700z" />
  ),
  syringe: <path d="m4 20 4.500-4.500M7 12l5 5 6.500-6.500-5-5zM15 4l5 5M11 8.500l2 2" />,
  drop: <path d="M12 3.500c4 4.800 6 8.300 6 10.500a6 6 0 0 1-12 0c0-2.200 2-5.700 6-10.500Z" />,
  pulse: <path d="M2.500 12.500H7L9.500 5l4.500 14 3-9 1.500 2.500h3" />,
  out: <path d="M14 4H5v16h9M10 12h11M17 8l4 4-4 4" />,
  globe: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M3 12h18M12 3c5 5.500 5 12.500 0 18M12 3c-5 5.500-5 12.500 0 18" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

export interface IconProps {
  readonly name: IconName;
  /** Edge length in CSS pixels at the normal text size. */
  readonly size?: number;
  readonly className?: string;
}

/** One pictogram in the colour of the text around it. */
export function Icon({ name, size = 24, className }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      className={className === undefined ? 'icon' : `icon ${className}`}
      fill="none"
      height={`${size / 16}rem`}
      stroke="currentColor"
      strokeLinecap="square"
      strokeWidth={size <= 18 ? 2 : 1.8}
      viewBox="0 0 24 24"
      width={`${size / 16}rem`}
    >
      {DRAWINGS[name]}
    </svg>
  );
}

/** The medal of the product: a ribbon, two rings and a dot. */
export function Logo({ size = 32 }: { readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      fill="none"
      height={`${size / 16}rem`}
      stroke="currentColor"
      strokeWidth="2.2"
      viewBox="0 0 32 32"
      width={`${size / 16}rem`}
    >
      <path d="M11.500 2.500h9v5h-9z" />
      <circle cx="16" cy="19" r="11" />
      <circle cx="16" cy="19" r="6" />
      <circle cx="16" cy="19" fill="currentColor" r="1.500" stroke="none" />
    </svg>
  );
}

/** The filled square with the tick cut out: a professional stands behind this. */
export function VerifiedMark({ size = 16 }: { readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon verified-mark"
      height={`${size / 16}rem`}
      viewBox="0 0 16 16"
      width={`${size / 16}rem`}
    >
      <path
        d="M2 1h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1Zm1.600 7.100 3.200 3.200 5.700-6-1.200-1.100-4.600 4.800L4.800 7z"
        fill="currentColor"
        fillRule="evenodd"
      />
    </svg>
  );
}
