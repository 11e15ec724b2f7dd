import type { ReactNode } from 'react';

/** Drawn on a 16 × 16 grid in the colour of the text beside them; always beside words, so hidden from screen readers. */
function Icon({ children, size = 16 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

interface IconProps {
  readonly size?: number;
}

/** The mark of the program: a trace on a round screen. */
export function SondeMark({ size = 28 }: IconProps) {
  return (
    <Icon size={size}>
      <circle cx="8" cy="8" r="6.6" />
      <path d="M3.6 8.4h1.7l1.4-3.6 2.3 6.4 1.5-4.2.6 1.4h1.3" />
    </Icon>
  );
}

export function CheckIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m3 8.5 3.2 3.2L13 4.8" />
    </Icon>
  );
}

export function CrossIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
  );
}

export function ChevronIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m4 6 4 4 4-4" />
    </Icon>
  );
}

export function WarningIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 2.2 14.6 13.6H1.4ZM8 6.4v3.2M8 11.6v.1" />
    </Icon>
  );
}

export function FaultIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.8v3.8M8 11v.1" />
    </Icon>
  );
}

export function CopyIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M10.5 5.5v-3h-8v8h3" />
    </Icon>
  );
}

export function FolderIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M1.8 12.8V3.4h4.4l1.6 1.8h6.4v7.6Z" />
    </Icon>
  );
}

export function FileIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3.5 1.8h6l3 3v9.4h-9ZM9.2 2v3.2h3.1" />
    </Icon>
  );
}

export function DeviceIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="4" y="4" width="8" height="8" rx="1" />
      <path d="M6.2 1.6V4M9.8 1.6V4M6.2 12v2.4M9.8 12v2.4M1.6 6.2H4M1.6 9.8H4M12 6.2h2.4M12 9.8h2.4" />
    </Icon>
  );
}

export function KeyIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="5" cy="11" r="2.8" />
      <path d="m7 9 6-6M10.6 5.4l2 2" />
    </Icon>
  );
}

export function LockIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="3" y="7" width="10" height="7" rx="1" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </Icon>
  );
}

export function PauseIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5.5 3.5v9M10.5 3.5v9" />
    </Icon>
  );
}

export function PlayIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5 3.2v9.6l7.6-4.8Z" />
    </Icon>
  );
}

export function ExportIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 10V2.2M5 5l3-3 3 3M2.4 10v3.6h11.2V10" />
    </Icon>
  );
}

export function GearIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="2.1" />
      <path d="M8 1.6v2M8 12.4v2M1.6 8h2M12.4 8h2M3.5 3.5l1.4 1.4M11.1 11.1l1.4 1.4M12.5 3.5l-1.4 1.4M4.9 11.1l-1.4 1.4" />
      <circle cx="8" cy="8" r="4.3" />
    </Icon>
  );
}

export function EyeIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8Z" />
      <circle cx="8" cy="8" r="1.8" />
    </Icon>
  );
}

/** States of a step. The running one turns by a class, so that prefers-reduced-motion can hold it still. */
export function WaitingIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="2" />
    </Icon>
  );
}

export function RunningIcon(props: IconProps) {
  return (
    <span className="spin">
      <Icon {...props}>
        <path d="M8 2.2A5.8 5.8 0 1 1 2.2 8" />
      </Icon>
    </span>
  );
}

export function SkippedIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 8h8" />
    </Icon>
  );
}

export function FlagIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 14.5V2m0 .5h8.5L10 5.75 12.5 9H4" />
    </Icon>
  );
}

export function PlusIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 3v10M3 8h10" />
    </Icon>
  );
}

export function MinusIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 8h10" />
    </Icon>
  );
}

export function ClockIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.5 1.5" />
    </Icon>
  );
}

/** Both ends of a line: all of it. */
export function WholeIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2" />
    </Icon>
  );
}
