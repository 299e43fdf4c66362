import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './Icon';
import { KeyHint } from './KeyHint';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: IconName;
  variant?: 'primary' | 'secondary' | 'tertiary';
  color?: 'accent' | 'neutral' | 'danger';
  keys?: string[];
  small?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** Designsystemet's button, with our icon before and the key that does the same after. */
export function Button({ icon, variant = 'primary', color, keys, small, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button" className={`ds-button ${small ? 'small' : ''} ${className}`}
      data-variant={variant === 'primary' ? undefined : variant} data-color={color} {...rest}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {keys && <KeyHint keys={keys} />}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  icon: IconName;
  ref?: Ref<HTMLButtonElement>;
}

/** One of the few learnt icons that stand alone; it has a name and a tooltip. */
export function IconButton({ label, icon, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button" className={`ds-button ${className}`} data-variant="tertiary" data-color="neutral" data-icon
      aria-label={label} title={label} {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
