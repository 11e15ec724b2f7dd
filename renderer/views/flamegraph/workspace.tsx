import type { FlameWorkspaceProps } from './props.ts';

export function FlameWorkspace(_props: FlameWorkspaceProps): React.JSX.Element {
  return <div className="flame-workspace" />;
}
