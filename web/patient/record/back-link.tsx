// One step back in the record, by name.
import { Icon } from '../../ui/icons.tsx';

export function BackLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a className="back-link" href={href}>
      <Icon name="back" size={18} />
      {children}
    </a>
  );
}
