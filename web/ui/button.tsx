// Buttons and links that look like buttons. One primary button a screen; it names the act.
import type { MouseEvent, ReactNode, Ref } from 'react';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import './button.css';

export type ButtonLook = 'primary' | 'plain' | 'danger' | 'link';

interface ButtonContent {
  readonly children: ReactNode;
  readonly look?: ButtonLook | undefined;
  readonly icon?: IconName | undefined;
  /** As wide as its container. */
  readonly wide?: boolean | undefined;
}

export interface ButtonProps extends ButtonContent {
  readonly onPress?: ((event: MouseEvent<HTMLButtonElement>) => void) | undefined;
  readonly type?: 'button' | 'submit' | undefined;
  /** Why it cannot be pressed; shown in place of the words. Stays focusable, so that the reason can be heard. */
  readonly missing?: string | undefined;
  /** Work is under way: the words to show meanwhile. */
  readonly busy?: string | false | undefined;
  readonly ref?: Ref<HTMLButtonElement> | undefined;
  readonly describedBy?: string | undefined;
  readonly expanded?: boolean | undefined;
  /** For those who hear it alone: "Remove Penicillin" where the button only says "Remove". */
  readonly label?: string | undefined;
}

function classes(look: ButtonLook, wide: boolean | undefined): string {
  const base = look === 'link' ? 'link-button' : `button button-${look}`;
  return wide === true ? `${base} button-wide` : base;
}

export function Button(props: ButtonProps) {
  const { children, look = 'plain', icon, wide, onPress, type = 'button', missing, busy, ref } = props;
  const held = missing !== undefined || (busy !== undefined && busy !== false);
  return (
    <button
      aria-describedby={props.describedBy}
      aria-disabled={held || undefined}
      aria-expanded={props.expanded}
      aria-label={props.label}
      className={classes(look, wide)}
      data-missing={missing === undefined ? undefined : ''}
      onClick={(event) => {
        if (held) event.preventDefault();
        else onPress?.(event);
      }}
      ref={ref}
      type={type}
    >
      {icon === undefined ? null : <Icon name={icon} size={look === 'link' ? 18 : 20} />}
      <span aria-live={busy === undefined ? undefined : 'polite'}>
        {busy !== undefined && busy !== false ? busy : (missing ?? children)}
      </span>
    </button>
  );
}

export interface LinkButtonProps extends ButtonContent {
  readonly href: string;
  /** Save under this name instead of opening. */
  readonly download?: string | undefined;
  /** Open beside this page, for instance to print. */
  readonly newTab?: boolean | undefined;
  /** Said instead of the words, where several links of a page have the same. */
  readonly label?: string | undefined;
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function LinkButton({
  children,
  look = 'plain',
  icon,
  wide,
  href,
  download,
  newTab,
  label,
}: LinkButtonProps) {
  return (
    <a
      aria-label={label}
      className={classes(look, wide)}
      download={download}
      href={href}
      rel={newTab === true ? 'noopener' : undefined}
      target={newTab === true ? '_blank' : undefined}
    >
      {icon === undefined ? null : <Icon name={icon} size={look === 'link' ? 18 : 20} />}
      <span>{children}</span>
    </a>
  );
}

export interface IconButtonProps {
  readonly icon: IconName;
  /** The words a screen reader says; also the tooltip. */
  readonly label: string;
  readonly onPress: () => void;
  readonly ref?: Ref<HTMLButtonElement> | undefined;
}

/** A square button with only a pictogram: for copy, close and the like, never for navigation. */
export function IconButton({ icon, label, onPress, ref }: IconButtonProps) {
  return (
    <button
      aria-label={label}
      className="icon-button"
      onClick={onPress}
      ref={ref}
      title={label}
      type="button"
    >
      <Icon name={icon} />
    </button>
  );
}
