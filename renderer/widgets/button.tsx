import type { ButtonHTMLAttributes } from 'react';

export type ButtonLook = 'plain' | 'primary' | 'danger' | 'quiet' | 'link';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'> {
  readonly look?: ButtonLook;
  readonly submits?: boolean;
}

export function Button({ look = 'plain', submits = false, ...rest }: ButtonProps) {
  return <button type={submits ? 'submit' : 'button'} className={`button button-${look}`} {...rest} />;
}
